//! Finds what stands before and after the words of a sentence and must stay as it is: white space, list markers,
//! quotation and heading marks, emoji.

use std::ops::Range;

use super::{chars, ordinals};

/// Where the words of the sentence start, once blanks and markers at the start of `range` are passed.
pub(super) fn skip(text: &str, range: Range<usize>) -> usize {
    let mut rest = &text[range.clone()];
    loop {
        let shorter = rest.trim_start_matches(chars::is_blank);
        let shorter = &shorter[marker(shorter)..];
        if shorter.len() == rest.len() {
            return range.end - rest.len();
        }
        rest = shorter;
    }
}

/// Where the sentence ends, without blanks and emoji at the end of `range`.
pub(super) fn trim_end(text: &str, range: Range<usize>) -> usize {
    range.start + text[range].trim_end_matches(chars::is_gap).len()
}

/// Whether there is nothing but blanks and markers in a line, such as a rule.
pub(super) fn is_all(line: &str) -> bool {
    skip(line, 0..line.len()) == line.len()
}

/// Whether a line starts something new, so that it does not continue the paragraph above.
pub(super) fn starts_item(line: &str) -> bool {
    let line = line.trim_start_matches(chars::is_blank);
    let width = marker(line);
    // a wrapped line may well start with a dash, or with "5. wichtigste"
    let may_continue = line.starts_with(chars::is_dash) && !line.starts_with('-')
        || line.starts_with(|c: char| c.is_ascii_digit()) && line[..width].ends_with('.');
    let rest = line[width..].trim_start();
    width > 0 && !(may_continue && rest.starts_with(char::is_lowercase))
}

/// The length of the marker at the start of `text`, or 0. Blanks after it do not count.
fn marker(text: &str) -> usize {
    let Some(first) = text.chars().next() else { return 0 };
    match first {
        '>' | '|' => 1,
        '#' | '-' | '*' | '+' | '=' | '_' | '·' | '–' | '—' => run(text, first),
        '•' | '‣' | '◦' | '▪' | '▸' | '●' | '○' | '■' | '□' | '☐' | '☑' | '☒' | '✓' | '✔' | '➤' | '►' => {
            first.len_utf8()
        }
        '[' if matches!(text.as_bytes(), [_, b' ' | b'x' | b'X', b']', ..]) => spaced(text, 3),
        '`' | '~' if text.starts_with("```") || text.starts_with("~~~") => run(text, first),
        '0'..='9' => number(text),
        _ if chars::is_pictograph(first) => pictographs(text),
        _ => parenthesised(text),
    }
}

/// `width`, if white space or nothing follows the marker of that length.
fn spaced(text: &str, width: usize) -> usize {
    let follows = text[width..].chars().next();
    if follows.is_none_or(chars::is_gap) { width } else { 0 }
}

/// The length of a run of `sign` that white space or nothing follows.
fn run(text: &str, sign: char) -> usize {
    spaced(text, text.len() - text.trim_start_matches(sign).len())
}

/// Emoji before a sentence, unless they take the place of its first word.
fn pictographs(text: &str) -> usize {
    let rest = text.trim_start_matches(chars::is_pictograph);
    let goes_on = rest.trim_start_matches([' ', '\u{a0}']).starts_with(char::is_lowercase);
    if goes_on { 0 } else { text.len() - rest.len() }
}

/// `1.`, `2)`, `2.)`, `3.1.` before some text: but not `3. Oktober`, `1. und 2. Klasse`, `10.000 Euro`, `14.30 Uhr`, `1990.`
fn number(text: &str) -> usize {
    const LONGEST: usize = 16;
    let head = chars::head(text, LONGEST);
    let digits = head.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(head.len());
    let closed = head[digits..].starts_with(')');
    let groups = head[..digits].strip_suffix('.');
    if groups.is_none() && !closed {
        return 0;
    }
    let width = digits + usize::from(closed);
    let well_formed = groups.unwrap_or(&head[..digits]).split('.').enumerate().all(|(i, group)| {
        let longest = if i == 0 { 3 } else { 2 };
        (1..=longest).contains(&group.len())
    });
    let rest = text[width..].trim_start_matches(chars::is_gap);
    let is_ordinal = text[..width].ends_with('.') && !ordinals::may_follow_item_number(rest);
    if well_formed && !is_ordinal && !rest.is_empty() { spaced(text, width) } else { 0 }
}

/// `a)`, `(a)`, `iv)`, `(12)`, `a.)`.
fn parenthesised(text: &str) -> usize {
    const LONGEST: usize = 6;
    let head = chars::head(text, LONGEST);
    let Some((label, _)) = head.split_once(')') else { return 0 };
    let width = label.len() + 1;
    let label = label.strip_prefix('(').unwrap_or(label);
    let label = label.strip_suffix('.').unwrap_or(label);
    let is_letter = label.len() == 1 && label.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_roman =
        !label.is_empty() && label.bytes().all(|b| matches!(b, b'i' | b'v' | b'x' | b'I' | b'V' | b'X'));
    let is_number = (1..=3).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_digit());
    if is_letter || is_roman || is_number { spaced(text, width) } else { 0 }
}
