//! Tells ordinal numbers ("am 3. Oktober") from numbers that end a sentence ("Er wurde 3. Danach …").

use super::{chars, stops::Next, words};

/// The highest number taken for an ordinal without a word before it that shows so.
const HIGHEST_DAY: u32 = 31;
/// The highest number taken for an ordinal after an article: beyond are years.
const HIGHEST_ORDINAL: u32 = 999;

/// Whether the stop after `number`, digits with signs but no letters between, ends the sentence. `before` is the
/// sentence up to the number.
pub(super) fn number_ends(number: &str, before: &str, next: &Next<'_>) -> bool {
    // "1./2. Oktober", "3.-5. Oktober"
    let number = number.rsplit(['/', '-']).next().unwrap_or(number);
    let value = number.parse::<u32>().ok();
    if next.first.is_ascii_digit() {
        return value.is_some_and(|value| value > HIGHEST_DAY);
    }
    if words::is_counted(next.word) {
        return false;
    }
    if words::is_starter(next.word) {
        return true;
    }
    let is_ordinal = match (value, number.split_once('.')) {
        (Some(value), _) => value <= HIGHEST_ORDINAL,
        // "am 3.10." and "der 10.000." may go on; a date with its year, a version or a decimal number may not
        (None, Some((_, rest))) => rest.bytes().all(|b| b.is_ascii_digit()),
        (None, None) => false,
    };
    // the "am" of "am 3. Oktober" stands after an "I" in English only
    let is_english = before.trim_end().strip_suffix(" am").is_some_and(|before| last_word(before) == "I");
    let after_article = is_ordinal && !is_english && words::is_determiner(last_word(before));
    !chars::is_prelude(before) && !after_article
}

/// Whether `rest` may be the text of a list's item, `rest` following a number with a stop.
pub(super) fn may_follow_item_number(rest: &str) -> bool {
    const LONGEST_WORD: usize = 32;
    let head = chars::head(rest, LONGEST_WORD);
    let word = &head[..head.find(|c: char| !c.is_alphanumeric()).unwrap_or(head.len())];
    let is_connector = matches!(word, "und" | "oder" | "bis" | "sowie" | "bzw" | "and" | "or");
    let is_number = rest.starts_with(|c: char| c.is_ascii_digit() || chars::is_dash(c));
    !is_connector && !is_number && !words::is_counted(word)
}

/// The word at the end of `text`, if nothing but blanks and opening marks follow it.
pub(super) fn last_word(text: &str) -> &str {
    const FARTHEST: usize = 40;
    let tail =
        chars::tail(text, FARTHEST).trim_end_matches(|c: char| c.is_whitespace() || chars::is_opener(c));
    &tail[tail.rfind(|c: char| !c.is_alphabetic()).map_or(0, |at| tail.ceil_char_boundary(at + 1))..]
}
