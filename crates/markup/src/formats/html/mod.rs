//! HTML, and XHTML in e-books: blocks of text, with the elements inside a line as their tags.

mod elements;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::tags::{Kind, Piece, attribute_text, attributes, ends, html_pieces, push_characters};
use crate::builder::Builder;
use crate::segment::{Content, Skeleton, Slot};
use crate::style::Style;
use elements::{Role, role};

/// HTML as it is found on the web: everything is valid.
pub(crate) fn parse(source: String) -> Skeleton {
    let pieces = html_pieces(&source);
    let slots = slots(&source, &pieces);
    Skeleton::new(source, slots)
}

/// The slots of HTML or XHTML, given its pieces.
pub(crate) fn slots(source: &str, pieces: &[Piece]) -> Vec<Slot> {
    let builder = Builder::new(Style::Markup);
    let ends = ends(pieces);
    let mut walker = Walker { source, pieces, ends, builder, blocks: Vec::new(), slots: Vec::new() };
    let mut at = 0;
    while at < pieces.len() {
        at = walker.step(at);
    }
    walker.finish_block();
    walker.slots
}

/// The charset that a page declares, in the part of it that browsers look at too.
pub(crate) fn declared_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let name = rest.trim_start_matches(['"', '\'', ' ']);
    Some(name.chars().take_while(|sign| sign.is_ascii_alphanumeric() || "-_:.".contains(*sign)).collect())
}

/// How many open blocks are looked through for the one that a tag closes.
const FAR: usize = 1000;

struct Walker<'s> {
    source: &'s str,
    pieces: &'s [Piece],
    /// The end tag of each start tag.
    ends: Vec<Option<usize>>,
    builder: Builder,
    /// The open blocks, and whether each is translated.
    blocks: Vec<(String, bool)>,
    slots: Vec<Slot>,
}

impl Walker<'_> {
    /// Takes up one piece, or an element that is left alone; returns the next piece.
    fn step(&mut self, at: usize) -> usize {
        let piece = &self.pieces[at];
        let range = piece.range.clone();
        let translated = self.translated();
        match piece.kind {
            Kind::Text if translated => push_characters(&mut self.builder, self.source, range),
            Kind::Other if translated && !self.builder.is_empty() => {
                self.builder.single(range.clone(), range);
            }
            Kind::Open | Kind::Empty => return self.element(at),
            Kind::Close if role(&piece.name) == Role::Block => {
                self.finish_block();
                let open = self.blocks.iter().rev().take(FAR).position(|(name, _)| *name == piece.name);
                if let Some(back) = open {
                    self.blocks.truncate(self.blocks.len() - 1 - back);
                }
            }
            Kind::Close if translated => self.builder.close(&piece.name, range.clone(), range),
            Kind::Text | Kind::Other | Kind::Close => {}
        }
        at + 1
    }

    fn translated(&self) -> bool {
        self.blocks.last().is_none_or(|(_, translated)| *translated)
    }

    fn finish_block(&mut self) {
        let builder = std::mem::replace(&mut self.builder, Builder::new(Style::Markup));
        self.slots.extend(builder.finish());
    }

    fn element(&mut self, at: usize) -> usize {
        let piece = &self.pieces[at];
        let wish = self.attributes(piece);
        let translated = wish.unwrap_or(self.translated());
        let range = piece.range.clone();
        let empty = piece.kind == Kind::Empty;
        match role(&piece.name) {
            Role::Block => {
                self.finish_block();
                if !empty {
                    self.close_implied(&piece.name);
                    self.blocks.push((piece.name.clone(), translated));
                }
            }
            Role::Skipped => {
                self.finish_block();
                return self.end_of(at) + 1;
            }
            _ if !self.translated() => {}
            Role::LineBreak => self.builder.separator(range.clone(), range),
            _ if empty => self.builder.single(range.clone(), range),
            Role::Inline if translated => self.builder.open(&piece.name, range.clone(), range),
            role => {
                let end = self.end_of(at);
                let whole = range.start..self.pieces[end].range.end;
                let only_tag = end == at;
                if role == Role::Silent || only_tag {
                    self.builder.single(whole.clone(), whole);
                } else {
                    self.builder.kept(whole.clone(), whole);
                }
                return end + 1;
            }
        }
        at + 1
    }

    /// A block closes those that HTML does not require to be closed.
    fn close_implied(&mut self, name: &str) {
        let closes = self.blocks.last().is_some_and(|(open, _)| {
            open == "p" || open == name && matches!(name, "li" | "dt" | "dd" | "option" | "tr" | "td" | "th")
        });
        if closes {
            self.blocks.pop();
        }
    }

    /// The piece that ends an element. If nothing does: the last piece for elements whose content is no markup, the
    /// start tag itself for others.
    fn end_of(&self, at: usize) -> usize {
        let start = &self.pieces[at];
        let rest_is_content =
            role(&start.name) == Role::Skipped || matches!(start.name.as_str(), "script" | "style");
        match self.ends[at] {
            Some(end) => end,
            None if start.kind == Kind::Open && rest_is_content => self.pieces.len() - 1,
            None => at,
        }
    }

    /// Takes up the attributes of a tag. Returns whether the element asks to be translated or not to be.
    fn attributes(&mut self, piece: &Piece) -> Option<bool> {
        let attributes = attributes(self.source, &piece.range);
        let value = |name: &str| {
            let found = attributes.iter().find(|attribute| attribute.name == name);
            found.map(|attribute| &self.source[attribute.value.clone()])
        };
        let no_class = value("class")
            .is_some_and(|class| class.split_ascii_whitespace().any(|name| name == "notranslate"));
        let wish = match value("translate").map(str::to_ascii_lowercase).as_deref() {
            Some("no") => Some(false),
            Some("yes" | "") => Some(true),
            _ => no_class.then_some(false),
        };
        let kind = value("type").unwrap_or_default().to_ascii_lowercase();
        let meta = value("name").or(value("property")).unwrap_or_default().to_ascii_lowercase();
        let translated = wish.unwrap_or(self.translated());
        for attribute in &attributes {
            if matches!(attribute.name.as_str(), "lang" | "xml:lang") {
                self.slots.push(Slot { range: attribute.value.clone(), content: Content::Language });
            } else if translated && elements::is_text(&piece.name, &attribute.name, &kind, &meta) {
                self.slots.extend(attribute_text(self.source, attribute));
            }
        }
        wish
    }
}

/// The slots of a stretch of HTML inside a document of another format.
pub(crate) fn slots_within(source: &str, range: Range<usize>) -> Vec<Slot> {
    let mut pieces = html_pieces(&source[range.clone()]);
    for piece in &mut pieces {
        piece.range = piece.range.start + range.start..piece.range.end + range.start;
    }
    slots(source, &pieces)
}
