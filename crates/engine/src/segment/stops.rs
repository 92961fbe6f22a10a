//! What stands at a possible end of a sentence: the stops themselves, and what follows them.

use super::chars::{self, leading_word};

/// How far ahead what follows is looked at, in bytes.
const LONGEST_WORD: usize = 64;

/// How surely a stop ends a sentence, rising.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Force {
    /// One full stop, which may belong to an abbreviation or a number.
    FullStop,
    Ellipsis,
    /// An exclamation or question mark.
    Strong,
    /// A stop that needs no blank behind it.
    Wide,
}

/// Stops that belong together, with the quotes and brackets they close: `?!`, `.“`, `!).`
pub(super) struct StopGroup {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) force: Force,
    /// Nothing is closed, and there is no emphasis.
    pub(super) bare: bool,
    pub(super) closed_quotes: usize,
    pub(super) closed_brackets: usize,
    pub(super) backticks: usize,
}

impl StopGroup {
    pub(super) fn read(block: &str, start: usize) -> Self {
        let force = Force::FullStop;
        let mut group =
            Self { start, end: start, force, bare: true, closed_quotes: 0, closed_brackets: 0, backticks: 0 };
        while let Some(c) = block[group.end..].chars().next() {
            let is_next_dot = group.bare && c == '.' && group.end > start;
            let (force, width) = match c {
                _ if chars::is_wide_stop(c) => (Force::Wide, c.len_utf8()),
                _ if chars::is_strong_stop(c) => (Force::Strong, c.len_utf8()),
                '…' => (Force::Ellipsis, c.len_utf8()),
                '.' if is_next_dot => (Force::Ellipsis, 1),
                '.' => (Force::FullStop, 1),
                _ => (Force::FullStop, group.closing(c, &block[group.end..])),
            };
            if width == 0 {
                break;
            }
            group.force = group.force.max(force);
            group.end += width;
        }
        group
    }

    /// Takes note of what is closed by `c`, at the start of `text`. Returns its length, or 0 if it belongs to what
    /// follows.
    fn closing(&mut self, c: char, text: &str) -> usize {
        let width = if chars::is_closer(c) { c.len_utf8() } else { annotation(text) };
        self.bare &= width == 0;
        self.closed_quotes += usize::from(chars::is_quote(c));
        self.closed_brackets += usize::from(chars::is_closing_bracket(c));
        self.backticks += usize::from(c == '`');
        width
    }
}

/// The length of a reference such as `[12]`, or of a closing tag such as `</b>`, that `text` starts with, or 0.
fn annotation(text: &str) -> usize {
    const LONGEST: usize = 16;
    let head = chars::head(text, LONGEST);
    let is_tag = |inner: &str| !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_reference = |inner: &str| !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_digit());
    let tag =
        head.strip_prefix("</").and_then(|rest| rest.split_once('>')).filter(|(inner, _)| is_tag(inner));
    let reference =
        head.strip_prefix('[').and_then(|rest| rest.split_once(']')).filter(|(inner, _)| is_reference(inner));
    tag.or(reference).map_or(0, |(_, rest)| head.len() - rest.len())
}

/// What follows a stop.
pub(super) struct Next<'t> {
    /// The first character that is no blank, emoji, opening mark or dash; NUL if there is none.
    pub(super) first: char,
    /// The letters that `first` begins, or none.
    pub(super) word: &'t str,
    /// Whether a dash stands before it.
    pub(super) dash: bool,
}

impl<'t> Next<'t> {
    pub(super) fn read(text: &'t str) -> Self {
        let mut rest = text.trim_start_matches(chars::is_gap);
        let undashed = rest.trim_start_matches(chars::is_dash);
        let dash = undashed.len() < rest.len() && undashed.starts_with(char::is_whitespace);
        if dash {
            rest = undashed.trim_start_matches(chars::is_gap);
        }
        let inner = chars::head(rest, LONGEST_WORD);
        let opened = inner.trim_start_matches(chars::is_opener);
        let dotless = opened.trim_start_matches(['…', '.']);
        let stands_free = dotless.is_empty() || dotless.starts_with(chars::is_gap);
        let inner = if stands_free { opened } else { dotless };
        Self { first: inner.chars().next().unwrap_or('\0'), word: leading_word(inner), dash }
    }
}
