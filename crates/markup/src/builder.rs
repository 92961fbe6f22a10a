//! Builds a segment from the pieces of a block, in the order of the source.

use std::collections::HashMap;
use std::ops::Range;

use crate::place::{Role, Tag};
use crate::segment::{Content, Mark, Raw, Segment, Slot};
use crate::style::Style;

/// Pairs nested deeper are taken for single tags.
const MAX_DEPTH: usize = 64;

/// How many open pairs are looked through for the one that a tag closes.
const FAR: usize = 1000;

/// A line of at least so many characters may go on after a line break.
const LONG_LINE: usize = 40;

/// White space that may become a blank.
struct White {
    range: Range<usize>,
    newline: bool,
    /// Whether a closing tag was inside it; then its range says nothing.
    moved: bool,
}

/// A segment in the making.
pub(crate) struct Builder {
    style: Style,
    text: String,
    marks: Vec<Mark>,
    wraps: Vec<(usize, Range<usize>)>,
    spellings: HashMap<char, String>,
    start: Option<usize>,
    end: usize,
    /// White space that is not written yet.
    pending: Option<White>,
    /// Pairs that are not closed yet: what they go by and their mark.
    open: Vec<(String, Option<usize>)>,
    /// A line break in the text of which it is not decided whether the sentence goes on after it: its place and mark.
    undecided: Option<(usize, usize)>,
    /// The separator that white space and further separators still join.
    joining: Option<usize>,
    letters: bool,
    /// Whether the text itself has braces.
    braces: bool,
    /// How many stand-ins were named.
    stand_ins: usize,
}

impl Builder {
    pub(crate) fn new(style: Style) -> Self {
        Self {
            style,
            text: String::new(),
            marks: Vec::new(),
            wraps: Vec::new(),
            spellings: HashMap::new(),
            start: None,
            end: 0,
            pending: None,
            open: Vec::new(),
            undecided: None,
            joining: None,
            letters: false,
            braces: false,
            stand_ins: 0,
        }
    }

    /// How deep in pairs the next piece is.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether nothing but white space has come yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.start.is_none()
    }

    /// Text written as it is.
    pub(crate) fn literal(&mut self, source: &str, range: Range<usize>) {
        for (at, character) in source[range.clone()].char_indices() {
            let at = range.start + at;
            self.character(character, None, at..at + character.len_utf8());
        }
    }

    /// A character, and how the source writes it if not as itself.
    pub(crate) fn character(&mut self, character: char, spelling: Option<&str>, range: Range<usize>) {
        if spelling.is_none() && character.is_ascii_whitespace() {
            self.white(range, character == '\n');
            return;
        }
        self.flush(&range);
        if let Some(spelling) = spelling {
            self.spellings.entry(character).or_insert_with(|| spelling.to_owned());
        }
        // soft hyphens only show where the words of the source may be cut
        if character == '\u{ad}' {
            return;
        }
        if let Some((at, mark)) = self.undecided.take()
            && goes_on(&self.text[..at], character)
        {
            self.text.replace_range(at..=at, " ");
            debug_assert_eq!(self.marks[mark].tag.at, at, "the break has not moved");
        }
        self.letters |= character.is_alphabetic();
        self.braces |= character == '{';
        self.text.push(character);
    }

    /// A character that stays as it is, even white space.
    pub(crate) fn exact(&mut self, character: char, range: Range<usize>) {
        self.flush(&range);
        self.undecided = None;
        self.letters |= character.is_alphabetic();
        self.braces |= character == '{';
        self.text.push(character);
    }

    /// White space that comes from markup.
    pub(crate) fn space(&mut self, at: usize) {
        self.pending.get_or_insert(White { range: at..at, newline: false, moved: true });
    }

    /// White space without a meaning of its own; runs of it count as one blank.
    fn white(&mut self, range: Range<usize>, newline: bool) {
        match &mut self.pending {
            Some(white) => {
                white.range.end = range.end;
                white.newline |= newline;
            }
            None => self.pending = Some(White { range, newline, moved: false }),
        }
    }

    /// A line break of the source without meaning; written where the translation is wrapped.
    pub(crate) fn wrap(&mut self, range: Range<usize>) {
        self.flush_white();
        if self.text.is_empty() || self.text.ends_with([' ', '\n']) {
            return;
        }
        self.wraps.push((self.text.len(), range));
        self.text.push(' ');
    }

    /// Writes pending white space; a piece of this range follows.
    fn flush(&mut self, range: &Range<usize>) {
        self.flush_white();
        self.joining = None;
        self.start.get_or_insert(range.start);
        self.end = range.end;
    }

    fn flush_white(&mut self) {
        let Some(white) = self.pending.take() else { return };
        if let Some(mark) = self.joining {
            self.marks[mark].raw.range.end = white.range.end;
        } else if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            if white.newline && !white.moved {
                self.wraps.push((self.text.len(), white.range));
            }
            self.text.push(' ');
        } else {
            self.keep_apart(&white);
        }
    }

    /// White space after a tag that stands alone, where the text has a blank before it already, belongs to the tag: so
    /// an image does not stick to the next word.
    fn keep_apart(&mut self, white: &White) {
        let opened = self.open.last().and_then(|(_, mark)| *mark);
        let last = self.marks.len().checked_sub(1).filter(|last| opened != Some(*last));
        let Some(Mark { tag, raw, stand_in: None, .. }) = last.and_then(|last| self.marks.get_mut(last))
        else {
            return;
        };
        let touches = !white.moved && raw.after.is_empty() && raw.range.end == white.range.start;
        if touches && tag.role == Role::Single && tag.at == self.text.len() {
            raw.range.end = white.range.end;
        }
    }

    fn mark(&mut self, role: Role, raw: Raw) -> usize {
        let tag = Tag { at: self.text.len(), role };
        self.marks.push(Mark { tag, raw, stand_in: None, format: None });
        self.marks.len() - 1
    }

    /// A tag that stands alone.
    pub(crate) fn single(&mut self, range: Range<usize>, raw: impl Into<Raw>) {
        self.flush(&range);
        self.mark(Role::Single, raw.into());
    }

    /// Opens a pair that goes by `key`.
    pub(crate) fn open(&mut self, key: &str, range: Range<usize>, raw: impl Into<Raw>) {
        self.flush(&range);
        let mark = self.mark(Role::Single, raw.into());
        let known = (self.open.len() < MAX_DEPTH).then_some(mark);
        self.open.push((key.to_owned(), known));
    }

    /// Opens a pair that only changes the character format.
    pub(crate) fn open_format(&mut self, key: &str, format: usize, at: usize) {
        self.open(key, at..at, Raw::default());
        if let Some(mark) = self.marks.last_mut() {
            mark.format = Some(format);
        }
    }

    /// Closes the last pair that goes by `key`; pairs opened since then stay open for good. Without one, the tag stands
    /// alone.
    pub(crate) fn close(&mut self, key: &str, range: Range<usize>, raw: impl Into<Raw>) {
        // white space before a closing tag comes after it, where a blank does no harm
        if self.joining.is_some() {
            self.flush_white();
        }
        let white = self.pending.take();
        self.flush(&range);
        let mark = self.mark(Role::Single, raw.into());
        self.pending = white.map(|white| White { moved: true, ..white });
        let found = self.open.iter().rev().take(FAR).position(|(open, _)| open == key);
        let Some(found) = found.map(|back| self.open.len() - 1 - back) else { return };
        let opened = self.open[found].1;
        self.open.truncate(found);
        if let Some(opened) = opened {
            self.marks[opened].tag.role = Role::Open(mark);
            self.marks[mark].tag.role = Role::Close;
        }
    }

    /// The key of the innermost open pair.
    pub(crate) fn innermost(&self) -> Option<&str> {
        self.open.last().map(|(key, _)| key.as_str())
    }

    /// A line break or tab with a meaning. White space around it is part of it.
    pub(crate) fn separator(&mut self, range: Range<usize>, raw: impl Into<Raw>) {
        let white = self.pending.take();
        let mut raw = raw.into();
        if let Some(mark) = self.joining
            && raw.before.is_empty()
        {
            self.marks[mark].raw.range.end = range.end;
            self.end = range.end;
            return;
        }
        if self.text.is_empty() {
            self.pending = white;
            self.single(range, raw);
            return;
        }
        if let Some(white) = white
            && raw.before.is_empty()
            && !white.moved
        {
            raw.range.start = white.range.start;
        }
        self.flush(&range);
        let joins = raw.before.is_empty();
        if self.text.ends_with([' ', '\n']) {
            self.mark(Role::Single, raw);
            return;
        }
        let mark = self.mark(Role::Separator, raw);
        self.undecided = Some((self.text.len(), mark));
        self.joining = joins.then_some(mark);
        self.text.push('\n');
    }

    /// Content that is not translated but part of the sentence: a stand-in takes its place in the text.
    pub(crate) fn kept(&mut self, range: Range<usize>, raw: impl Into<Raw>) {
        self.flush(&range);
        self.undecided = None;
        let mark = self.mark(Role::Single, raw.into());
        let name = self.stand_in();
        let start = self.text.len();
        self.text.push_str(&name);
        self.marks[mark].stand_in = Some(start..self.text.len());
    }

    /// A name that the text does not have.
    fn stand_in(&mut self) -> String {
        loop {
            self.stand_ins += 1;
            let name = format!("{{{{{}}}}}", self.stand_ins);
            if !self.braces || !self.text.contains(&name) {
                return name;
            }
        }
    }

    /// The finished segment; `None` if there is nothing to translate.
    pub(crate) fn finish(mut self) -> Option<Slot> {
        let start = self.start.filter(|_| self.letters)?;
        self.text.truncate(self.text.trim_end_matches([' ', '\n']).len());
        let length = self.text.len();
        for mark in &mut self.marks {
            mark.tag.at = mark.tag.at.min(length);
            if mark.tag.role == Role::Separator && mark.tag.at == length {
                mark.tag.role = Role::Single;
            }
        }
        self.wraps.retain(|(at, _)| *at < length);
        let segment = Segment {
            ordinal: 0,
            text: self.text,
            marks: self.marks,
            wraps: self.wraps,
            spellings: self.spellings,
            style: self.style,
        };
        Some(Slot { range: start..self.end, content: Content::Text(segment) })
    }
}

/// Whether a sentence goes on after a line break: what follows starts small, or the line is full and does not end.
fn goes_on(before: &str, next: char) -> bool {
    // no more of it is looked at, however long it is
    let tail = &before[before.floor_char_boundary(before.len().saturating_sub(8 * LONG_LINE))..];
    let line = tail.rsplit('\n').next().unwrap_or_default().trim_end();
    let ended = line.ends_with(['.', '!', '?', ':', ';', '…']);
    let full = line.chars().count() >= LONG_LINE
        && line.ends_with(|last: char| last.is_alphanumeric() || last == ',');
    !ended && (next.is_lowercase() || full && next.is_alphabetic())
}
