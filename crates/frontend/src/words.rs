//! The words of a text as a search compares them: in small letters, without accents, `ß` as `ss`. A word with an umlaut
//! has a second form, as German is written without one: `käse` is both `kase` and `kaese`.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Longer words are compared by so many characters alone.
const MAX_CHARS: usize = 64;

/// A word and where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    /// As it is written.
    pub(crate) text: &'a str,
    /// First byte in the text.
    pub(crate) start: usize,
}

impl Word<'_> {
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// What it is compared by: one form, or two.
    pub(crate) fn forms(&self) -> Vec<String> {
        forms(self.text)
    }
}

/// The words of a text: runs of letters and digits, and each character of scripts that put nothing between words.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = rest.find(|&(_, c)| c.is_alphanumeric())?;
        let mut end = start + first.len_utf8();
        let goes_on = |c: char| {
            if stands_alone(first) {
                return is_combining_mark(c);
            }
            (c.is_alphanumeric() || is_combining_mark(c) || is_invisible(c)) && !stands_alone(c)
        };
        while let Some((at, c)) = rest.next_if(|&(_, c)| goes_on(c)) {
            end = at + c.len_utf8();
        }
        Some(Word { text: &text[start..end], start })
    })
}

/// Han characters and kana.
pub(crate) fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Soft hyphens and the like, which no reader sees.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn forms(word: &str) -> Vec<String> {
    if word.is_ascii() {
        return vec![word.to_ascii_lowercase().chars().take(MAX_CHARS).collect()];
    }
    let (mut plain, mut spelled) = (String::new(), String::new());
    for c in word.nfkd() {
        match c {
            // two dots over one of these letters are an umlaut
            '\u{308}' if spelled.ends_with(['a', 'o', 'u']) => spelled.push('e'),
            _ if is_combining_mark(c) || is_invisible(c) => {}
            _ => {
                small(c, &mut plain);
                small(c, &mut spelled);
            }
        }
    }
    let mut forms = vec![plain, spelled];
    for form in &mut forms {
        if let Some((end, _)) = form.char_indices().nth(MAX_CHARS) {
            form.truncate(end);
        }
    }
    forms.dedup();
    forms
}

/// Appends a letter in its small form, those that no normalisation takes apart as people type them without.
fn small(c: char, to: &mut String) {
    match c {
        'ø' | 'Ø' => to.push('o'),
        'ł' | 'Ł' => to.push('l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => to.push('d'),
        'æ' | 'Æ' => to.push_str("ae"),
        'œ' | 'Œ' => to.push_str("oe"),
        'þ' | 'Þ' => to.push_str("th"),
        'ẞ' => to.push_str("ss"),
        // by way of the capital, which for ß is SS
        _ => to.extend(c.to_uppercase().flat_map(char::to_lowercase)),
    }
}

/// Every word of a translation with its first place: twice the characters before it, and one more if it is in the
/// translation alone.
pub(crate) fn index(source: &str, target: &str) -> HashMap<String, u32> {
    let mut index = HashMap::new();
    for (side, text) in [source, target].into_iter().enumerate() {
        let (mut chars, mut counted) = (0, 0);
        for word in words(text) {
            chars += text[counted..word.start].chars().count();
            counted = word.start;
            let place = u32::try_from(2 * chars + side).unwrap_or(u32::MAX);
            for form in word.forms() {
                index.entry(form).or_insert(place);
            }
        }
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<Vec<String>> {
        words(text).map(|word| word.forms()).collect()
    }

    #[test]
    fn words_are_the_same_however_they_are_written() {
        for same in ["Straße", "STRASSE", "strasse", "STRAẞE", "Stra\u{ad}ße"] {
            assert_eq!(folded(same), [["strasse"]], "{same}");
        }
        for same in ["Käse", "KÄSE", "ka\u{308}se"] {
            assert_eq!(folded(same), [["kase", "kaese"]], "{same}");
        }
        assert_eq!(folded("Übergröße"), [["ubergrosse", "uebergroesse"]]);
        assert_eq!(
            folded("café Œuvre Łódź smørrebrød İstanbul ﬁn"),
            [["cafe"], ["oeuvre"], ["lodz"], ["smorrebrod"], ["istanbul"], ["fin"]]
        );
        assert_eq!(folded("neue Treue"), [["neue"], ["treue"]]);
    }

    #[test]
    fn words_end_where_readers_see_them_end() {
        let texts = |text| words(text).map(|word: Word<'_>| (word.start, word.text)).collect::<Vec<_>>();
        assert_eq!(
            texts("E-Mail: 1.234,5 (§3)"),
            [(0, "E"), (2, "Mail"), (8, "1"), (10, "234"), (14, "5"), (19, "3")]
        );
        assert_eq!(
            texts("日本abcカナ 한국어"),
            [(0, "日"), (3, "本"), (6, "abc"), (9, "カ"), (12, "ナ"), (16, "한국어")]
        );
        assert!(texts(" -_%'\"\u{301} ").is_empty());
    }

    #[test]
    fn long_words_are_cut_between_characters() {
        assert_eq!(folded(&"ß".repeat(100)), [["s".repeat(64)]]);
        assert_eq!(folded(&"a".repeat(100)), [["a".repeat(64)]]);
    }

    #[test]
    fn an_index_has_the_first_place_of_each_word() {
        let index = index("Der Käse, der", "The cheese: Käse");
        let mut places: Vec<_> = index.iter().map(|(word, place)| (word.as_str(), *place)).collect();
        places.sort_unstable();
        assert_eq!(places, [("cheese", 9), ("der", 0), ("kaese", 8), ("kase", 8), ("the", 1)]);
    }
}
