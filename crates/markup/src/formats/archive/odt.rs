//! `OpenDocument` texts: paragraphs and headings wherever they are.

use std::ops::Range;

use super::Parser;
use super::properties::element_texts;
use crate::Limits;
use crate::builder::Builder;
use crate::formats::tags::{Kind, Piece, XmlFault, attributes, ends, push_characters, xml_pieces};
use crate::segment::{Content, Slot};
use crate::style::Style;

/// Paragraphs with elements nested deeper stay as they are.
const MAX_DEPTH: usize = 60;

/// The parser for a file of the archive, if it is one to translate.
pub(super) fn parser(name: &str) -> Option<Parser> {
    match name {
        "content.xml" | "styles.xml" => Some(content),
        "meta.xml" => Some(meta),
        _ => None,
    }
}

fn meta(source: &str, limits: &Limits) -> Result<Vec<Slot>, XmlFault> {
    let pieces = xml_pieces(source, limits.depth)?;
    Ok(element_texts(source, &pieces, &["dc:title", "dc:subject", "dc:description"]))
}

fn content(source: &str, limits: &Limits) -> Result<Vec<Slot>, XmlFault> {
    let pieces = xml_pieces(source, limits.depth)?;
    let ends = ends(&pieces);
    let mut slots = element_texts(source, &pieces, &["svg:title", "svg:desc"]);
    let walker = Walker { source, pieces: &pieces, ends: &ends };
    let mut at = 0;
    while at < pieces.len() {
        let piece = &pieces[at];
        match (piece.kind, piece.name.as_str()) {
            // deleted text
            (Kind::Open, "text:tracked-changes") => at = ends[at].unwrap_or(at),
            (Kind::Open, "text:p" | "text:h") => slots.extend(walker.paragraph(at)),
            (Kind::Empty | Kind::Open, "style:text-properties") => slots.extend(walker.language(piece)),
            _ => {}
        }
        at += 1;
    }
    Ok(slots)
}

/// What an element inside a paragraph is.
enum Role {
    Pair,
    Break,
    Space,
    Single,
    /// A field: part of the sentence, not translated.
    Field,
}

fn role(name: &str) -> Role {
    match name {
        "text:span" | "text:a" | "text:meta" | "text:ruby" | "text:ruby-base" => Role::Pair,
        "text:tab" | "text:line-break" => Role::Break,
        "text:s" => Role::Space,
        "text:note"
        | "text:ruby-text"
        | "text:soft-page-break"
        | "office:annotation"
        | "office:annotation-end" => Role::Single,
        _ if name.starts_with("text:bookmark-ref") || name.starts_with("text:reference-ref") => Role::Field,
        _ if name.starts_with("text:bookmark")
            || name.starts_with("text:reference-mark")
            || name.starts_with("text:change")
            || name.contains("-mark")
            || name.starts_with("draw:") =>
        {
            Role::Single
        }
        _ if name.starts_with("text:") => Role::Field,
        _ => Role::Single,
    }
}

struct Walker<'s> {
    source: &'s str,
    pieces: &'s [Piece],
    ends: &'s [Option<usize>],
}

impl Walker<'_> {
    fn raw(&self, piece: usize) -> &str {
        &self.source[self.pieces[piece].range.clone()]
    }

    fn paragraph(&self, start: usize) -> Option<Slot> {
        let end = self.ends[start]?;
        let mut builder = Builder::new(Style::Markup);
        // the start tags of the open pairs
        let mut open: Vec<usize> = Vec::new();
        let mut at = start + 1;
        while at < end {
            let piece = &self.pieces[at];
            let range = piece.range.clone();
            match (piece.kind, role(&piece.name)) {
                (Kind::Text, _) => push_characters(&mut builder, self.source, range),
                (Kind::Open, Role::Pair) => {
                    open.push(at);
                    builder.open(&piece.name, range.clone(), range);
                }
                // a span goes on in one of the same style: editors split them without need
                (Kind::Close, _) if self.goes_on(at, &open) => at += 1,
                (Kind::Close, _) => {
                    open.pop();
                    builder.close(&piece.name, range.clone(), range);
                }
                (_, role) => {
                    let last = self.ends[at].unwrap_or(at);
                    Self::element(&mut builder, range.start..self.pieces[last].range.end, &role, last > at);
                    at = last;
                }
            }
            if builder.depth() > MAX_DEPTH {
                return None;
            }
            at += 1;
        }
        builder.finish()
    }

    fn goes_on(&self, close: usize, open: &[usize]) -> bool {
        let next = &self.pieces[close + 1];
        let last = open.last().copied();
        next.kind == Kind::Open
            && next.name == "text:span"
            && last.is_some_and(|last| self.raw(last) == self.raw(close + 1))
    }

    fn element(builder: &mut Builder, whole: Range<usize>, role: &Role, full: bool) {
        match role {
            Role::Break => builder.separator(whole.clone(), whole),
            Role::Field if full => builder.kept(whole.clone(), whole),
            Role::Space => {
                builder.single(whole.clone(), whole.clone());
                builder.space(whole.end);
            }
            _ => builder.single(whole.clone(), whole),
        }
    }

    /// The language of a style, and its country.
    fn language(&self, piece: &Piece) -> Vec<Slot> {
        let attributes = attributes(self.source, &piece.range);
        let find = |name: &str| attributes.iter().find(|attribute| attribute.name == name);
        let Some(language) = find("fo:language") else { return Vec::new() };
        let tag = self.source[language.value.clone()].to_owned();
        let mut slots = vec![Slot { range: language.value.clone(), content: Content::Language }];
        if let Some(country) = find("fo:country") {
            slots.push(Slot { range: country.value.clone(), content: Content::Country(tag) });
        }
        slots
    }
}
