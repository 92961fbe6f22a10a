//! Kinds of characters and of words, as far as the cutting of sentences needs them.

/// Quotes and brackets that may stand before the first word of a sentence, and Markdown's emphasis.
pub(super) fn is_opener(c: char) -> bool {
    is_quote(c) || matches!(c, '(' | '[' | '{' | '*' | '_' | '`' | '¿' | '¡' | '（' | '「' | '『')
}

/// Quotes, brackets, emphasis and raised figures that may follow the stop at the end of a sentence.
pub(super) fn is_closer(c: char) -> bool {
    is_quote(c)
        || is_closing_bracket(c)
        || matches!(c, '*' | '_' | '`' | '」' | '』' | '¹' | '²' | '³' | '⁰'..='⁹')
}

/// Any quotation mark: most of them open in one language and close in another.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '„' | '“' | '”' | '‟' | '‚' | '‘' | '’' | '»' | '«' | '›' | '‹')
}

pub(super) fn is_opening_bracket(c: char) -> bool {
    matches!(c, '(' | '[' | '（')
}

pub(super) fn is_closing_bracket(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | '）')
}

pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—')
}

/// Stops of scripts that set no blank after a sentence.
pub(super) fn is_wide_stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '．')
}

/// A stop that no abbreviation ends with.
pub(super) fn is_strong_stop(c: char) -> bool {
    matches!(c, '!' | '?' | '‼' | '⁇' | '⁈' | '⁉' | '‽' | '؟' | '۔' | '।') || is_wide_stop(c)
}

pub(super) fn is_stop(c: char) -> bool {
    matches!(c, '.' | '…') || is_strong_stop(c)
}

/// Emoji, arrows, boxes and the like, with the invisible characters that build them.
pub(super) fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{27bf}' | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1faff}' | '\u{fe0f}' | '\u{20e3}' | '\u{200d}' | '\u{e0020}'..='\u{e007f}')
}

/// White space and what shows as nothing: control and format characters, byte order mark, direction marks.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether `text`, the start of a sentence, has no word yet. Looks at a few marks only.
pub(super) fn is_prelude(text: &str) -> bool {
    const LONGEST: usize = 32;
    text.len() <= LONGEST && !text.contains(char::is_alphanumeric)
}

/// What may stand between sentences.
pub(super) fn is_gap(c: char) -> bool {
    is_blank(c) || is_pictograph(c)
}

/// The letters that `text` starts with.
pub(super) fn leading_word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len())]
}

/// Whether a word starts with a capital letter and goes on in lower case.
pub(super) fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
}

/// Whether a word starts with a lower-case letter and goes on in upper case: "iPhone", "eBay", "pH-Wert".
pub(super) fn is_brand(word: &str) -> bool {
    word.starts_with(char::is_lowercase) && word.contains(char::is_uppercase)
}

/// Whether a word is a web or mail address or a file name, which no translation may change.
pub(super) fn is_address(word: &str) -> bool {
    let word = word.trim_matches(|c: char| {
        is_opener(c) || is_closer(c) || matches!(c, '<' | '>' | ',' | ';' | ':' | '.')
    });
    word.contains("://")
        || word.starts_with("www.")
        || word.starts_with("mailto:")
        || word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
        || is_host_or_file(word)
}

/// `example.de`, `sub.example.com`, `Datei.txt`: ASCII labels, the last of them short and in lower case.
fn is_host_or_file(word: &str) -> bool {
    let is_label = |label: &str| {
        label.len() >= 2 && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    word.rsplit_once('.').is_some_and(|(stem, last)| {
        (2..=5).contains(&last.len())
            && last.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            && last.starts_with(|c: char| c.is_ascii_lowercase())
            && stem.split('.').all(is_label)
    })
}

/// Whether there is anything in `text` that a translation would change: a letter outside of addresses.
pub(super) fn is_translatable(text: &str) -> bool {
    text.split_whitespace().any(|word| word.contains(char::is_alphabetic) && !is_address(word))
}

/// The first `limit` bytes of `text` at most, cut at a character boundary: a bound for looking ahead.
pub(super) fn head(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

/// The last `limit` bytes of `text` at most, cut at a character boundary: a bound for looking back.
pub(super) fn tail(text: &str, limit: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(limit))..]
}
