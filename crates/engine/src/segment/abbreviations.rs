//! Tells what a full stop means after an abbreviation, initials or a Roman number.

use super::{
    chars, ordinals,
    stops::Next,
    words::{self, Stop},
};

/// How far initials are followed back, in bytes.
const LONGEST_CHAIN: usize = 32;

/// A Roman number or a single letter, as in "Bd. II" and "Anh. A".
pub(super) fn is_label(word: &str) -> bool {
    word.len() == 1 || is_roman(word)
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'))
}

/// Whether `word` after `before` is a unit: "1,60 m."
pub(super) fn is_unit(word: &str, before: &str) -> bool {
    matches!(word, "g" | "h" | "l" | "m" | "s" | "t")
        && before.trim_end().ends_with(|c: char| c.is_ascii_digit())
}

/// Whether `word` after `before` is the letter of a thing that has one: "Vitamin C."
pub(super) fn is_lettered(word: &str, before: &str) -> bool {
    word.chars().count() == 1 && words::has_letter(ordinals::last_word(before))
}

/// The single letters with stops that `text` ends with, in lower case and without blanks, the last stop being taken
/// off already: `z.b`, `u.s.a`, `j`.
pub(super) fn single_letters(text: &str) -> Option<String> {
    const MOST: usize = 4;
    let mut chain = Vec::new();
    let mut rest = chars::tail(text, LONGEST_CHAIN);
    while chain.len() < MOST {
        let Some(letter) = rest.chars().next_back().filter(|c| c.is_alphabetic()) else { break };
        let before = &rest[..rest.len() - letter.len_utf8()];
        if before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’' | '/' | '@' | '_'))
        {
            break;
        }
        chain.extend(letter.to_lowercase());
        chain.push('.');
        let Some(shorter) = before.trim_end_matches(char::is_whitespace).strip_suffix('.') else { break };
        rest = shorter;
    }
    chain.pop()?;
    Some(chain.into_iter().rev().collect())
}

/// What the stop after `word` means, if it is an abbreviation. `is_first`: it starts the sentence and may owe its
/// capital letter to that.
pub(super) fn abbreviated(word: &str, is_first: bool) -> Option<Stop> {
    let part = word.rsplit(['.', '-', '/']).next().unwrap_or(word);
    let known = words::abbreviation(part);
    let known = known.or_else(|| is_first.then(|| words::abbreviation(&part.to_lowercase())).flatten());
    if known.is_some() {
        return known;
    }
    let is_street = part.ends_with("str") && part.len() > "str".len();
    let is_unspeakable = part.len() == word.len()
        && (2..=5).contains(&part.len())
        && part.chars().all(char::is_alphabetic)
        && part.chars().skip(1).all(char::is_lowercase)
        && !part.contains(|c: char| {
            "aeiouyäöüáéíóúàèêâAEIOUYÄÖÜ".contains(c) || !c.is_lowercase() && !c.is_uppercase()
        });
    (is_street || is_unspeakable || is_roman(part)).then_some(Stop::Either)
}

/// What the stop after an abbreviation in a text of capitals means: "DR. MÜLLER", "NR. 5".
pub(super) fn shouted(word: &str, next: &Next<'_>) -> Option<Stop> {
    let is_shouted = |word: &str| word.len() > 1 && word.chars().all(char::is_uppercase);
    if !is_shouted(word) || !(is_shouted(next.word) || next.first.is_ascii_digit()) {
        return None;
    }
    let mut letters = word.chars();
    let first: String = letters.next().into_iter().collect();
    words::abbreviation(&(first + &letters.as_str().to_lowercase()))
        .or_else(|| words::abbreviation(&word.to_lowercase()))
}
