//! Text in capitals: models have hardly seen it, so it is translated in ordinary letters and set in capitals again.

/// Whether `text` is written in capitals altogether: several words, or one that is too long for an abbreviation.
pub(crate) fn are_all(text: &str) -> bool {
    const LONGEST_ABBREVIATION: usize = 5;
    if text.chars().any(|c| c.is_lowercase() && c != 'ß') {
        return false;
    }
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 1);
    let (mut count, mut longest) = (0, 0);
    for word in words {
        if !word.chars().all(|c| c.is_uppercase() || c == 'ß') {
            return false;
        }
        count += 1;
        longest = longest.max(word.chars().count());
    }
    longest > LONGEST_ABBREVIATION || count > 2 && longest > 2
}

/// `text` in ordinary letters: each word in the case that is the likeliest of those given to `likelihood`, the first one
/// with a capital. As long as `text`.
pub(crate) fn lowered(text: &str, likelihood: impl Fn(&str) -> f64) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let start = rest.find(char::is_alphabetic).unwrap_or(rest.len());
        let (between, from) = rest.split_at(start);
        let (word, later) = from.split_at(from.find(|c: char| !c.is_alphabetic()).unwrap_or(from.len()));
        let is_first = !out.contains(char::is_alphabetic);
        out.push_str(between);
        let lower: String = word.chars().map(lower).collect();
        let capitalised: String = word.chars().take(1).chain(lower.chars().skip(1)).collect();
        let best =
            if is_first || likelihood(&capitalised) > likelihood(&lower) { &capitalised } else { &lower };
        out.push_str(best);
        rest = later;
    }
    out
}

/// `text` in capitals. As long as `text`.
pub(crate) fn raised(text: &str) -> String {
    text.chars().map(|c| same_len(c, c.to_uppercase())).collect()
}

fn lower(c: char) -> char {
    same_len(c, c.to_lowercase())
}

/// The other form of `c`, if it is one character of the same length: places in the text stay what they are.
fn same_len(c: char, mut other: impl ExactSizeIterator<Item = char>) -> char {
    match (other.len(), other.next()) {
        (1, Some(other)) if other.len_utf8() == c.len_utf8() => other,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_texts_in_capitals_count() {
        for text in ["DAS IST WICHTIG!", "ACHTUNG", "DIE STRAßE IST GESPERRT.", "JA ODER NEIN? 5 KM"] {
            assert!(are_all(text), "{text}");
        }
        for text in ["NATO", "USA", "Das ist SEHR wichtig", "A B C", "", "12", "EU USA", "BMW X5"] {
            assert!(!are_all(text), "{text}");
        }
    }

    #[test]
    fn words_get_their_likely_case_and_keep_their_places() {
        let likely = |word: &str| if word == "Hund" || word == "ist" { 1.0 } else { 0.0 };
        let text = "DER HUND IST ÄLTER.";
        let lowered = lowered(text, likely);
        assert_eq!(lowered, "Der Hund ist älter.");
        assert_eq!(raised(&lowered), text);
    }
}
