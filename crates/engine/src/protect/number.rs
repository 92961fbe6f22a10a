//! Numbers: where they are, and how the target language writes them.
//!
//! German `1.234,56` becomes English `1,234.56`, and `3,5` becomes `3.5`. Where a comma or full stop may mean something
//! else, such as in a version, a date or an address, the number stays as it is.

use std::ops::Range;

/// What is known of the two languages about numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Locale {
    /// The source writes decimals with a comma and the target with a full stop.
    pub(crate) comma_to_point: bool,
    /// The target is English, whose words for numbers and symbols are known here.
    pub(crate) english: bool,
}

/// Languages that write decimals with a comma and thousands with a full stop.
const COMMA: [&str; 12] = ["de", "nl", "da", "es", "it", "pt", "id", "tr", "el", "ro", "hr", "sl"];

/// Cardinal and ordinal of 0 to 20.
const WORDS: [[&str; 2]; 21] = [
    ["zero", "no"],
    ["one", "first"],
    ["two", "second"],
    ["three", "third"],
    ["four", "fourth"],
    ["five", "fifth"],
    ["six", "sixth"],
    ["seven", "seventh"],
    ["eight", "eighth"],
    ["nine", "ninth"],
    ["ten", "tenth"],
    ["eleven", "eleventh"],
    ["twelve", "twelfth"],
    ["thirteen", "thirteenth"],
    ["fourteen", "fourteenth"],
    ["fifteen", "fifteenth"],
    ["sixteen", "sixteenth"],
    ["seventeen", "seventeenth"],
    ["eighteen", "eighteenth"],
    ["nineteen", "nineteenth"],
    ["twenty", "twentieth"],
];

impl Locale {
    /// That of a pair of BCP 47 codes.
    pub(crate) fn of(source: &str, target: &str) -> Self {
        let english = target.eq_ignore_ascii_case("en") || target.to_ascii_lowercase().starts_with("en-");
        Self { comma_to_point: english && COMMA.contains(&source), english }
    }

    /// The number as the target writes it, if that differs and there is no doubt what the number is. `before` is what
    /// stands before it.
    pub(crate) fn localised(self, number: &str, before: &str) -> Option<String> {
        if !self.comma_to_point || number.contains(':') || is_label(before) {
            return None;
        }
        let (whole, fraction) = match number.split_once(',') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (number, None),
        };
        let grouped = whole.contains('.');
        if fraction.is_some_and(|fraction| fraction.contains([',', '.'])) || grouped && !is_grouped(whole) {
            return None;
        }
        let swapped = |c| match c {
            '.' => ',',
            ',' => '.',
            digit => digit,
        };
        (grouped || fraction.is_some()).then(|| number.chars().map(swapped).collect())
    }

    /// Whether the translation has the number in words.
    pub(super) fn says_number(self, number: &str, translation: &str) -> bool {
        let words = number.parse().ok().and_then(|number: usize| WORDS.get(number));
        self.english && words.is_some_and(|words| has_word(translation, words))
    }

    /// Whether the translation has the symbol in words.
    pub(super) fn says_symbol(self, symbol: &str, translation: &str) -> bool {
        let words: &[&str] = match symbol {
            "%" => &["percent", "per", "percentage"],
            "&" => &["and"],
            "€" => &["euro", "euros", "EUR"],
            "$" => &["dollar", "dollars", "USD"],
            "£" => &["pound", "pounds", "GBP"],
            "§" | "§§" => &["section", "sections", "article", "articles", "paragraph", "paragraphs"],
            "+" => &["plus", "and"],
            "=" => &["equals", "is"],
            "×" => &["times", "by", "x"],
            "°" => &["degree", "degrees"],
            _ => &[],
        };
        self.english && has_word(translation, words)
    }
}

fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .any(|word| words.iter().any(|one| word.eq_ignore_ascii_case(one)))
}

/// Whether `1.234` after `before` is no number of thousands: a version, a paragraph.
fn is_label(before: &str) -> bool {
    let last = before.trim_end().rsplit(char::is_whitespace).next().unwrap_or("");
    ["version", "v", "v.", "ver.", "nr.", "kapitel", "abschnitt", "ziffer", "abs.", "§", "punkt"]
        .contains(&last.to_lowercase().as_str())
}

/// Whether the full stops part groups of three digits, as in `1.234.567`, and not the parts of an address.
fn is_grouped(whole: &str) -> bool {
    let groups: Vec<&str> = whole.split('.').collect();
    let is_address =
        groups.len() == 4 && groups.iter().all(|group| group.parse().is_ok_and(|part: u16| part < 256));
    let (first, rest) = (groups[0], &groups[1..]);
    !is_address
        && (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && rest.iter().all(|group| group.len() == 3)
}

/// The numbers of a text: digits, with a full stop, comma or colon between them.
pub(super) fn find(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.as_bytes()[at..].iter().position(u8::is_ascii_digit)?;
        at = end(text, start);
        Some(start..at)
    })
}

/// Where the number that starts at `start` ends.
pub(super) fn end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = start;
    while is_digit(at) || matches!(bytes.get(at), Some(b'.' | b',' | b':')) && is_digit(at + 1) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_localised_where_there_is_no_doubt() {
        let locale = Locale::of("de", "en");
        for (number, expected) in [
            ("1.234,56", "1,234.56"),
            ("3,5", "3.5"),
            ("10.000", "10,000"),
            ("1.234.567", "1,234,567"),
            ("0,75", "0.75"),
        ] {
            assert_eq!(locale.localised(number, "").as_deref(), Some(expected));
            assert_eq!(Locale::of("en", "de").localised(number, ""), None);
        }
        for number in ["12", "14:30", "14.30", "3.10.2024", "1,2,3", "192.168.100.200", "0.500", "1.2.3"] {
            assert_eq!(locale.localised(number, ""), None, "{number}");
        }
        assert_eq!(locale.localised("1.234", "in Version "), None);
    }

    #[test]
    fn numbers_are_found_whole() {
        let text = "1.234,56 Euro, 3. Mai, 14:30, B2B: 5.";
        let found: Vec<&str> = find(text).map(|range| &text[range]).collect();
        assert_eq!(found, ["1.234,56", "3", "14:30", "2", "5"]);
    }
}
