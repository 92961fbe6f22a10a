//! Gettext message catalogues: untranslated messages are filled in and marked fuzzy, for someone to look at them.

use std::ops::Range;

use super::tags::{Kind, html_pieces};
use crate::Format;
use crate::builder::Builder;
use crate::segment::{Content, Skeleton, Slot};
use crate::style::Style;

/// The width at which gettext wraps.
const WIDTH: usize = 77;

/// A keyword with its string, over one line or several.
#[derive(Clone, Debug, Default)]
struct Field {
    /// The strings with their quotes, from the first to the last.
    range: Range<usize>,
    text: String,
    lines: usize,
}

/// A message in the making.
#[derive(Debug, Default)]
struct Entry {
    /// Where the flags can be written, and whether there is a line of them.
    flags: Option<(usize, bool)>,
    start: Option<usize>,
    fuzzy: bool,
    obsolete: bool,
    id: Option<Field>,
    plural: Option<Field>,
    translations: Vec<Field>,
}

/// The field that strings without a keyword go on with.
#[derive(Clone, Copy)]
enum Current {
    None,
    Id,
    Plural,
    Translation,
}

pub(crate) fn parse(source: String) -> Skeleton {
    let line_end = if source.contains("\r\n") { "\r\n" } else { "\n" };
    let mut slots = Vec::new();
    let mut entry = Entry::default();
    let mut current = Current::None;
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim();
        let quoted = || {
            let open = start + line.find('"')?;
            let close = start + line.rfind('"')?;
            (open < close).then(|| open..close + 1)
        };
        let keyword = content.split([' ', '\t', '"', '[']).next().unwrap_or_default();
        let comment = content.starts_with('#');
        // a comment or another message ends the last
        let begins = comment || matches!(keyword, "msgctxt" | "msgid");
        if (begins && !entry.translations.is_empty()) || content.is_empty() {
            entry.finish(&source, line_end, &mut slots);
            entry = Entry::default();
            current = Current::None;
        }
        if comment {
            entry.comment(content, start, line);
            continue;
        }
        if content.is_empty() {
            continue;
        }
        entry.start.get_or_insert(start);
        let Some(range) = quoted() else { continue };
        let field = Field { text: unquoted(&source[range.clone()]), range, lines: 1 };
        match keyword {
            "msgid" => (entry.id, current) = (Some(field), Current::Id),
            "msgid_plural" => (entry.plural, current) = (Some(field), Current::Plural),
            "msgstr" => {
                entry.translations.push(field);
                current = Current::Translation;
            }
            "" => {
                let last = match current {
                    Current::Id => entry.id.as_mut(),
                    Current::Plural => entry.plural.as_mut(),
                    Current::Translation => entry.translations.last_mut(),
                    Current::None => None,
                };
                if let Some(last) = last {
                    last.range.end = field.range.end;
                    last.text.push_str(&field.text);
                    last.lines += 1;
                }
            }
            _ => current = Current::None,
        }
    }
    entry.finish(&source, line_end, &mut slots);
    Skeleton::new(source, slots)
}

impl Entry {
    fn comment(&mut self, content: &str, start: usize, line: &str) {
        if content.starts_with("#~") {
            self.obsolete = true;
        } else if content.starts_with("#,") {
            self.fuzzy |= content.contains("fuzzy");
            let after = start + line.find("#,").map_or(0, |at| at + 2);
            self.flags = Some((after, true));
        }
        if content.starts_with("#|") {
            self.start.get_or_insert(start);
        }
    }

    fn finish(self, source: &str, line_end: &'static str, slots: &mut Vec<Slot>) {
        let Some(id) = self.id.filter(|_| !self.obsolete) else { return };
        if id.text.is_empty() {
            slots.extend(self.translations.first().and_then(|header| language(source, header)));
            return;
        }
        if self.translations.iter().any(|translation| !translation.text.is_empty()) {
            return;
        }
        let before = slots.len();
        for (number, translation) in self.translations.iter().enumerate() {
            let message = if number == 0 { Some(&id) } else { self.plural.as_ref() };
            slots.extend(
                message.and_then(|message| message_slot(message, translation.range.clone(), line_end)),
            );
        }
        if slots.len() > before && !self.fuzzy {
            let (at, note) = match (self.flags, self.start) {
                (Some((at, _)), _) => (at, " fuzzy,".to_owned()),
                (None, start) => (start.unwrap_or_default(), format!("#, fuzzy{line_end}")),
            };
            slots.push(Slot { range: at..at, content: Content::Note(note) });
        }
    }
}

/// The language in the header: its tag, which is set if it names the source language.
fn language(source: &str, header: &Field) -> Option<Slot> {
    let written = &source[header.range.clone()];
    let start = header.range.start + written.find("Language:")? + "Language:".len();
    let value = source[start..header.range.end].split(['\\', '"']).next()?;
    let start = start + value.len() - value.trim_start().len();
    Some(Slot { range: start..start + value.trim().len(), content: Content::Language })
}

/// The translation of `message`, to be written at `range`. Elements of HTML in it are tags.
fn message_slot(message: &Field, range: Range<usize>, line_end: &'static str) -> Option<Slot> {
    let text = message.text.trim();
    let start = message.text.len() - message.text.trim_start().len();
    let around = (message.text[..start].to_owned(), message.text[start + text.len()..].to_owned());
    let style = Style::Catalogue { around, wrapped: message.lines > 1, line_end };
    let mut builder = Builder::new(style);
    for piece in html_pieces(text) {
        let raw = &text[piece.range.clone()];
        let written = crate::segment::Raw { before: raw.to_owned(), ..Default::default() };
        let at = piece.range.start..piece.range.end;
        match piece.kind {
            Kind::Open => builder.open(&piece.name, at, written),
            Kind::Close => builder.close(&piece.name, at, written),
            Kind::Empty if piece.name == "br" => builder.separator(at, written),
            Kind::Empty | Kind::Other => builder.single(at, written),
            Kind::Text => raw.char_indices().for_each(|(offset, character)| {
                let at = piece.range.start + offset;
                builder.exact(character, at..at + character.len_utf8());
            }),
        }
    }
    let slot = builder.finish()?;
    Some(Slot { range, ..slot })
}

/// The text of a string in quotes.
fn unquoted(string: &str) -> String {
    let mut text = String::with_capacity(string.len());
    let inner = string.strip_prefix('"').and_then(|string| string.strip_suffix('"')).unwrap_or(string);
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match (character, if character == '\\' { characters.next() } else { None }) {
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some('t')) => text.push('\t'),
            ('\\', Some('r')) => text.push('\r'),
            ('\\', Some('a')) => text.push('\u{7}'),
            ('\\', Some('b')) => text.push('\u{8}'),
            ('\\', Some('v')) => text.push('\u{b}'),
            ('\\', Some('f')) => text.push('\u{c}'),
            ('\\', Some(sign @ ('"' | '\\'))) => text.push(sign),
            ('\\', Some(other)) => text.extend(['\\', other]),
            _ => text.push(character),
        }
    }
    text
}

/// A text as strings in quotes; wrapped as gettext does it, with the first string empty.
pub(crate) fn quoted(text: &str, wrapped: bool, line_end: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive([' ', '\n']) {
        let word = word
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
            .replace('\t', "\\t")
            .replace('\r', "\\r")
            .replace('\u{7}', "\\a")
            .replace('\u{8}', "\\b")
            .replace('\u{b}', "\\v")
            .replace('\u{c}', "\\f");
        let last = lines.last_mut().filter(|line| {
            !wrapped || !line.ends_with("\\n") && line.chars().count() + word.chars().count() <= WIDTH
        });
        match last {
            Some(line) => line.push_str(&word),
            None => lines.push(word),
        }
    }
    if wrapped && !lines[0].is_empty() {
        lines.insert(0, String::new());
    }
    let lines: Vec<_> = lines.iter().map(|line| format!("\"{line}\"")).collect();
    lines.join(line_end)
}

/// The charset in the header.
pub(crate) fn declared_charset(bytes: &[u8]) -> Option<String> {
    super::html::declared_charset(bytes)
}

/// A text that its former encoding cannot hold, as UTF-8, with a catalogue's header saying so.
pub(crate) fn redeclare(format: Format, text: String) -> String {
    match declared_charset(text.as_bytes()).filter(|_| format == Format::Po) {
        Some(name) => {
            let at =
                text.to_ascii_lowercase().find(&format!("charset={name}")).map(|at| at + "charset=".len());
            at.map_or(text.clone(), |at| format!("{}UTF-8{}", &text[..at], &text[at + name.len()..]))
        }
        None => text,
    }
}

#[cfg(test)]
mod tests;
