//! Word documents: paragraphs wherever they are, with the runs inside them taken for text and formats.
//!
//! Runs with the same properties are one text. The commonest properties of a paragraph are its base; other stretches
//! are pairs that the alignment places. Marks of the spelling checker and remembered page breaks are dropped where the
//! text changes, for they describe the old one.

mod fields;

use std::collections::HashMap;
use std::ops::Range;

use super::Parser;
use super::properties::{element_texts, language_tags};
use crate::Limits;
use crate::builder::Builder;
use crate::formats::tags::{
    Kind, Piece, XmlFault, attribute_text, attributes, ends, push_characters, xml_pieces,
};
use crate::segment::{Raw, Slot};
use crate::style::Style;
use fields::Field;

/// Paragraphs with elements nested deeper stay as they are.
const MAX_DEPTH: usize = 60;

/// The parser for a file of the archive, if it is one to translate.
pub(super) fn parser(name: &str) -> Option<Parser> {
    if name == "docProps/core.xml" {
        return Some(properties);
    }
    let file = name.strip_prefix("word/")?.strip_suffix(".xml")?;
    match file.trim_end_matches(|sign: char| sign.is_ascii_digit()) {
        "document" | "header" | "footer" | "footnotes" | "endnotes" | "comments" | "styles" | "settings" => {
            Some(content)
        }
        _ => None,
    }
}

fn properties(source: &str, limits: &Limits) -> Result<Vec<Slot>, XmlFault> {
    let pieces = xml_pieces(source, limits.depth)?;
    Ok(element_texts(source, &pieces, &["dc:title", "dc:subject", "dc:description"]))
}

fn content(source: &str, limits: &Limits) -> Result<Vec<Slot>, XmlFault> {
    let pieces = xml_pieces(source, limits.depth)?;
    let ends = ends(&pieces);
    let mut slots = language_tags(source, &pieces, &[("w:lang", "w:val"), ("w:themeFontLang", "w:val")]);
    for (at, piece) in pieces.iter().enumerate() {
        match (piece.kind, piece.name.as_str()) {
            (Kind::Open, "w:p") => {
                let end = ends[at].unwrap_or(at);
                slots.extend(Paragraph::new(source, &pieces, &ends, at + 1..end).slot());
            }
            (Kind::Open | Kind::Empty, "wp:docPr") => {
                let attributes = attributes(source, &piece.range);
                let texts = attributes
                    .iter()
                    .filter(|attribute| matches!(attribute.name.as_str(), "descr" | "title"));
                slots.extend(texts.filter_map(|attribute| attribute_text(source, attribute)));
            }
            _ => {}
        }
    }
    Ok(slots)
}

/// A paragraph that cannot be taken apart without breaking it.
struct TooEntangled;

struct Paragraph<'s> {
    source: &'s str,
    pieces: &'s [Piece],
    ends: &'s [Option<usize>],
    /// The pieces of its content, without its properties.
    content: Range<usize>,
    builder: Builder,
    formats: Vec<String>,
    base: usize,
    /// The format of the text being added.
    format: usize,
    /// The last runs of the fields that are open.
    open_fields: Vec<usize>,
}

impl<'s> Paragraph<'s> {
    fn new(
        source: &'s str,
        pieces: &'s [Piece],
        ends: &'s [Option<usize>],
        mut content: Range<usize>,
    ) -> Self {
        // properties come first
        while let Some(first) = content.clone().next() {
            match pieces[first].name.as_str() {
                "w:pPr" => content.start = ends[first].unwrap_or(first) + 1,
                _ => break,
            }
        }
        let mut paragraph = Self {
            source,
            pieces,
            ends,
            content,
            builder: Builder::new(Style::Plain),
            formats: Vec::new(),
            base: 0,
            format: 0,
            open_fields: Vec::new(),
        };
        (paragraph.formats, paragraph.base) = paragraph.formats();
        paragraph.format = paragraph.base;
        let style = Style::Runs { formats: paragraph.formats.clone(), base: paragraph.base };
        paragraph.builder = Builder::new(style);
        paragraph
    }

    fn slot(mut self) -> Option<Slot> {
        if self.formats.is_empty() {
            return None;
        }
        let mut at = self.content.start;
        while at < self.content.end {
            at = self.child(at).ok()?;
        }
        self.set_format(self.base, self.bytes(self.content.end..self.content.end).start);
        let range = self.bytes(self.content.clone());
        let slot = self.builder.finish()?;
        Some(Slot { range, ..slot })
    }

    /// The bytes of some pieces.
    fn bytes(&self, pieces: Range<usize>) -> Range<usize> {
        let start = self.pieces[pieces.start].range.start;
        start..if pieces.is_empty() { start } else { self.pieces[pieces.end - 1].range.end }
    }

    fn end(&self, at: usize) -> usize {
        self.ends[at].unwrap_or(at)
    }

    /// The formats of the text, and which of them most of it has.
    fn formats(&self) -> (Vec<String>, usize) {
        let mut formats: Vec<String> = Vec::new();
        let mut lengths: HashMap<usize, usize> = HashMap::new();
        let mut format = 0;
        let mut at = self.content.start;
        while at < self.content.end {
            let piece = &self.pieces[at];
            match (piece.kind, piece.name.as_str()) {
                (Kind::Open, "w:r") => {
                    let properties = self.properties(at);
                    format = formats.iter().position(|known| *known == properties).unwrap_or_else(|| {
                        formats.push(properties);
                        formats.len() - 1
                    });
                }
                (Kind::Open, "w:t") => {
                    *lengths.entry(format).or_default() += self.bytes(at..self.end(at)).len();
                }
                (Kind::Open, name) if is_apart(name) => at = self.end(at),
                _ => {}
            }
            at += 1;
        }
        let base = lengths.iter().max_by_key(|&(&format, &length)| (length, std::cmp::Reverse(format)));
        let base = base.map_or(0, |(format, _)| *format);
        (formats, base)
    }

    /// The properties of a run as they are written, without its language and what spelling checkers leave.
    fn properties(&self, run: usize) -> String {
        let first = run + 1;
        if self.pieces[first].name != "w:rPr" || self.pieces[first].kind != Kind::Open {
            return String::new();
        }
        let mut properties = String::new();
        for piece in &self.pieces[first..=self.end(first)] {
            if !matches!(piece.name.as_str(), "w:lang" | "w:noProof") {
                properties.push_str(&self.source[piece.range.clone()]);
            }
        }
        if properties == "<w:rPr></w:rPr>" { String::new() } else { properties }
    }

    /// Opens or closes pairs so that text at this byte has the format.
    fn set_format(&mut self, format: usize, at: usize) {
        if format == self.format {
            return;
        }
        if self.format != self.base {
            self.builder.close("format", at..at, Raw::default());
        }
        if format != self.base {
            self.builder.open_format("format", format, at);
        }
        self.format = format;
    }

    /// Takes up a child of the paragraph, or of an element around runs; returns the next.
    fn child(&mut self, at: usize) -> Result<usize, TooEntangled> {
        let piece = &self.pieces[at];
        let end = self.end(at);
        let whole = self.bytes(at..end + 1);
        let range = piece.range.clone();
        if self.builder.depth() > MAX_DEPTH {
            return Err(TooEntangled);
        }
        match (piece.kind, piece.name.as_str()) {
            (Kind::Open, "w:r") => return self.run(at),
            (
                Kind::Open,
                name @ ("w:hyperlink" | "w:ins" | "w:moveTo" | "w:smartTag" | "w:dir" | "w:bdo"),
            ) => {
                self.set_format(self.base, range.start);
                self.builder.open(name, range.clone(), range);
                return Ok(at + 1);
            }
            // its content is one of its children, and comes with it
            (Kind::Open, "w:sdt") => {
                let content = (at..end).find(|&piece| self.pieces[piece].name == "w:sdtContent");
                let content = content.filter(|&content| self.pieces[content].kind == Kind::Open);
                let Some(content) = content else {
                    self.builder.single(whole.clone(), whole);
                    return Ok(end + 1);
                };
                self.set_format(self.base, range.start);
                let tag = self.bytes(at..content + 1);
                self.builder.open("w:sdt", tag.clone(), tag);
                return Ok(content + 1);
            }
            (Kind::Close, "w:sdtContent") => {
                self.set_format(self.base, range.start);
                let close = (at..self.content.end).find(|&piece| {
                    self.pieces[piece].kind == Kind::Close && self.pieces[piece].name == "w:sdt"
                });
                let close = close.ok_or(TooEntangled)?;
                let tag = self.bytes(at..close + 1);
                self.builder.close("w:sdt", tag.clone(), tag);
                return Ok(close + 1);
            }
            (Kind::Close, name) => {
                self.set_format(self.base, range.start);
                self.builder.close(name, range.clone(), range);
                return Ok(at + 1);
            }
            (_, "w:proofErr") | (Kind::Text, _) => {}
            (Kind::Open, "w:fldSimple" | "m:oMath" | "m:oMathPara") => {
                self.builder.kept(whole.clone(), whole);
            }
            _ => self.builder.single(whole.clone(), whole),
        }
        Ok(end + 1)
    }

    /// Takes up a run, or the field that starts with it; returns what comes next.
    fn run(&mut self, at: usize) -> Result<usize, TooEntangled> {
        let end = self.end(at);
        if let Some(field) = self.field(at)? {
            return Ok(self.take_field(at, &field));
        }
        if self.open_fields.last() == Some(&at) {
            self.open_fields.pop();
            let whole = self.bytes(at..end + 1);
            self.set_format(self.base, whole.start);
            self.builder.close("field", whole.clone(), whole);
            return Ok(end + 1);
        }
        let properties = self.properties(at);
        let format = self.formats.iter().position(|known| *known == properties).unwrap_or(self.base);
        let mut child = at + 1;
        while child < end {
            let last = self.end(child);
            self.run_child(child, last, format, &properties);
            child = last + 1;
        }
        Ok(end + 1)
    }

    fn take_field(&mut self, at: usize, field: &Field) -> usize {
        match *field {
            Field::Link { separator_end, last_run } => {
                let tag = self.bytes(at..separator_end);
                self.set_format(self.base, tag.start);
                self.builder.open("field", tag.clone(), tag);
                self.open_fields.push(last_run);
                separator_end
            }
            Field::Result { next } => {
                let whole = self.bytes(at..next);
                self.builder.kept(whole.clone(), whole);
                next
            }
            Field::Start { next } => {
                let whole = self.bytes(at..next);
                self.builder.single(whole.clone(), whole);
                next
            }
        }
    }

    fn run_child(&mut self, child: usize, last: usize, format: usize, properties: &str) {
        let range = self.bytes(child..last + 1);
        // whatever is no text stays in a run of its own
        let raw =
            Raw { before: format!("<w:r>{properties}"), range: range.clone(), after: "</w:r>".to_owned() };
        match (self.pieces[child].kind, self.pieces[child].name.as_str()) {
            (Kind::Text, _)
            | (Kind::Empty, "w:t")
            | (_, "w:rPr" | "w:lastRenderedPageBreak" | "w:softHyphen") => {}
            (Kind::Open, "w:t") => {
                self.set_format(format, range.start);
                for text in child + 1..last {
                    push_characters(&mut self.builder, self.source, self.pieces[text].range.clone());
                }
            }
            (_, "w:noBreakHyphen") => {
                self.set_format(format, range.start);
                self.builder.character('\u{2011}', None, range);
            }
            (_, "w:tab" | "w:br" | "w:cr" | "w:ptab") => self.builder.separator(range, raw),
            _ => self.builder.single(range, raw),
        }
    }
}

/// Whether the text in an element is no part of the paragraph around it.
fn is_apart(name: &str) -> bool {
    matches!(
        name,
        "w:del" | "w:moveFrom" | "w:drawing" | "w:pict" | "w:object" | "mc:AlternateContent" | "w:p"
    )
}
