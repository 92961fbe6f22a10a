//! Markdown: paragraphs, headings, list items and cells. HTML in it is treated as in HTML files.
//!
//! Signs that would be markup in the translation get a backslash. Emphasis that no word is left for is dropped, the one
//! kind of tag that ever is: around nothing, it would be just asterisks.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::html;
use super::tags::{Kind, attributes, html_pieces};
use crate::builder::Builder;
use crate::segment::{Skeleton, Slot};
use crate::style::Style;

pub(crate) fn parse(source: String) -> Skeleton {
    let mut walker = Walker {
        source: &source,
        builder: Builder::new(BLOCK),
        at: 0,
        wrap: None,
        html: None,
        verbatim: 0,
        image: Vec::new(),
        slots: Vec::new(),
    };
    for (event, range) in Parser::new_ext(&source, options()).into_offset_iter() {
        walker.event(event, range);
    }
    walker.finish_block();
    let slots = walker.slots;
    Skeleton::new(source, slots)
}

const BLOCK: Style = Style::Markdown { table: false };

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_MATH
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
}

struct Walker<'s> {
    source: &'s str,
    builder: Builder,
    /// How far the source is taken up.
    at: usize,
    /// Where a line ended; what follows up to the next text belongs to the line end.
    wrap: Option<usize>,
    /// The block of HTML that is being collected.
    html: Option<Range<usize>>,
    /// How deep in blocks that are left alone.
    verbatim: usize,
    /// The images that are open: how the sentence around each goes on after it.
    image: Vec<(Builder, usize)>,
    slots: Vec<Slot>,
}

impl Walker<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::MetadataBlock(_)) => {
                self.finish_block();
                self.verbatim += 1;
            }
            Event::End(TagEnd::CodeBlock | TagEnd::MetadataBlock(_)) => self.verbatim -= 1,
            _ if self.verbatim > 0 => {}
            Event::Start(Tag::HtmlBlock) => {
                self.finish_block();
                self.html = Some(range.start..range.start);
            }
            Event::Html(_) => {
                if let Some(html) = &mut self.html {
                    *html = html.start.min(range.start)..html.end.max(range.end);
                }
            }
            Event::End(TagEnd::HtmlBlock) => {
                let html = self.html.take().unwrap_or(range);
                self.slots.extend(html::slots_within(self.source, html));
            }
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.text(&text, range),
            Event::Code(_) | Event::InlineMath(_) => {
                self.line_start(range.start);
                self.builder.kept(range.clone(), range.clone());
                self.at = range.end;
            }
            // its own paragraph, mostly
            Event::DisplayMath(_) | Event::FootnoteReference(_) => self.single(range),
            Event::InlineHtml(_) => self.inline_html(range),
            Event::SoftBreak => {
                self.wrap = Some(range.start);
                self.at = range.end;
            }
            Event::HardBreak => {
                self.wrap = None;
                self.builder.separator(range.clone(), range.clone());
                self.at = range.end;
            }
            Event::Rule => self.finish_block(),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Emphasis => self.open("emphasis", &range, 1),
            Tag::Strong => self.open("strong", &range, 2),
            Tag::Strikethrough => {
                let double = self.source[range.clone()].starts_with("~~");
                self.open("strikethrough", &range, if double { 2 } else { 1 });
            }
            Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. } => {
                self.open("autolink", &range, 1);
            }
            Tag::Link { .. } => self.open("link", &range, 1),
            Tag::Image { .. } => {
                self.line_start(range.start);
                self.builder.single(range.clone(), range.clone());
                let description = Builder::new(BLOCK);
                let sentence = std::mem::replace(&mut self.builder, description);
                self.image.push((sentence, range.end));
                self.at = range.start + 2;
            }
            Tag::TableCell => {
                self.finish_block();
                self.builder = Builder::new(Style::Markdown { table: true });
            }
            _ => {
                self.finish_block();
                self.at = range.start;
            }
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Emphasis => self.close("emphasis", range.end - 1..range.end),
            TagEnd::Strong => self.close("strong", range.end - 2..range.end),
            TagEnd::Strikethrough => {
                let double = self.source[range.clone()].ends_with("~~");
                self.close("strikethrough", range.end - if double { 2 } else { 1 }..range.end);
            }
            TagEnd::Link => {
                let key = if self.builder.innermost() == Some("autolink") { "autolink" } else { "link" };
                self.close(key, self.at.min(range.end)..range.end);
            }
            TagEnd::Image => {
                if let Some((sentence, end)) = self.image.pop() {
                    let description = std::mem::replace(&mut self.builder, sentence);
                    self.slots.extend(description.finish());
                    self.wrap = None;
                    self.at = end;
                }
            }
            _ => self.finish_block(),
        }
    }

    fn open(&mut self, key: &str, range: &Range<usize>, length: usize) {
        self.line_start(range.start);
        let tag = range.start..range.start + length;
        self.builder.open(key, tag.clone(), tag.clone());
        self.at = tag.end;
    }

    fn close(&mut self, key: &str, tag: Range<usize>) {
        self.line_start(tag.start);
        self.builder.close(key, tag.clone(), tag.clone());
        self.at = tag.end;
    }

    fn single(&mut self, range: Range<usize>) {
        self.line_start(range.start);
        self.builder.single(range.clone(), range.clone());
        self.at = range.end;
    }

    /// Before a piece: the line end before it, with what stands at the start of the line, such as `> `.
    fn line_start(&mut self, start: usize) {
        if let Some(wrap) = self.wrap.take() {
            self.builder.wrap(wrap..start);
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        // a backslash before the text is how its first character is written
        let escaped = self.source[..range.start].ends_with('\\') && range.start > self.at;
        self.line_start(range.start - usize::from(escaped));
        let written = &self.source[range.clone()];
        let first = text.chars().next();
        if let Some(first) = first.filter(|_| escaped && written.starts_with(text)) {
            let length = first.len_utf8();
            let spelling = &self.source[range.start - 1..range.start + length];
            self.builder.character(first, Some(spelling), range.start - 1..range.start + length);
            self.words(range.start + length..range.end);
        } else if written == text {
            self.words(range.clone());
        } else if let Some(first) = first.filter(|first| first.len_utf8() == text.len()) {
            self.builder.character(first, Some(written), range.clone());
        } else {
            // a reference to several characters, or the like
            self.builder.kept(range.clone(), range.clone());
        }
        self.at = range.end;
    }

    /// Text as it is written. What would be a sign elsewhere is written the same way in the translation.
    fn words(&mut self, range: Range<usize>) {
        for (at, character) in self.source[range.clone()].char_indices() {
            let at = range.start + at;
            let range = at..at + character.len_utf8();
            let sign = matches!(character, '*' | '[' | ']' | '\\' | '~' | '$' | '_' | '<');
            let spelling = sign.then(|| &self.source[range.clone()]);
            self.builder.character(character, spelling, range.clone());
        }
    }

    fn inline_html(&mut self, range: Range<usize>) {
        self.line_start(range.start);
        self.at = range.end;
        let pieces = html_pieces(&self.source[range.clone()]);
        let [piece] = pieces.as_slice() else {
            self.builder.single(range.clone(), range);
            return;
        };
        match piece.kind {
            Kind::Open => self.builder.open(&piece.name, range.clone(), range.clone()),
            Kind::Close => self.builder.close(&piece.name, range.clone(), range.clone()),
            Kind::Empty if piece.name == "br" => self.builder.separator(range.clone(), range.clone()),
            _ => self.builder.single(range.clone(), range.clone()),
        }
        for attribute in attributes(self.source, &range) {
            if matches!(attribute.name.as_str(), "alt" | "title") {
                self.slots.extend(super::tags::attribute_text(self.source, &attribute));
            }
        }
    }

    fn finish_block(&mut self) {
        let builder = std::mem::replace(&mut self.builder, Builder::new(BLOCK));
        self.slots.extend(builder.finish());
        self.wrap = None;
    }
}

#[cfg(test)]
mod tests;
