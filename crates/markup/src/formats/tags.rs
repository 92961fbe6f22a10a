//! Tags, attributes and character references: what HTML and XML have in common.

use std::collections::HashMap;
use std::ops::Range;

use html5gum::{DefaultEmitter, Token, Tokenizer};
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::builder::Builder;
use crate::segment::Slot;
use crate::style::Style;

/// What a piece of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A start tag.
    Open,
    /// An end tag.
    Close,
    /// A tag without content.
    Empty,
    /// Text between tags.
    Text,
    /// A comment, an instruction or a declaration.
    Other,
}

/// A piece of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) kind: Kind,
    /// The name of a tag.
    pub(crate) name: String,
    pub(crate) range: Range<usize>,
}

/// Elements of HTML that never have content.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// The pieces of HTML; names are in lower case. There is no HTML that is not valid.
pub(crate) fn html_pieces(source: &str) -> Vec<Piece> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut pieces = Vec::new();
    let mut at = 0;
    for Ok(token) in Tokenizer::new_with_emitter(source, emitter) {
        let (kind, name, span) = match token {
            Token::StartTag(tag) => (Kind::Open, tag.name, tag.span),
            Token::EndTag(tag) => (Kind::Close, tag.name, tag.span),
            Token::Comment(comment) => (Kind::Other, html5gum::HtmlString::default(), comment.span),
            Token::Doctype(doctype) => (Kind::Other, html5gum::HtmlString::default(), doctype.span),
            Token::String(_) | Token::Error(_) => continue,
        };
        let name = String::from_utf8_lossy(&name).into_owned();
        let kind = if kind == Kind::Open && VOID.contains(&name.as_str()) { Kind::Empty } else { kind };
        let range = span.start.max(at)..span.end.min(source.len());
        let tag = source.get(range.clone()).is_some_and(|raw| raw.starts_with('<'));
        if !tag {
            continue;
        }
        push_text(&mut pieces, at..range.start);
        at = range.end;
        pieces.push(Piece { kind, name, range });
    }
    push_text(&mut pieces, at..source.len());
    pieces
}

fn push_text(pieces: &mut Vec<Piece>, range: Range<usize>) {
    if !range.is_empty() {
        pieces.push(Piece { kind: Kind::Text, name: String::new(), range });
    }
}

/// The pieces of XML, or what is wrong with it. Entities are not defined, let alone expanded.
pub(crate) fn xml_pieces(source: &str, depth: usize) -> Result<Vec<Piece>, XmlFault> {
    let mut reader = Reader::from_str(source);
    let config = reader.config_mut();
    config.check_end_names = true;
    config.allow_dangling_amp = true;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open = 0_usize;
    let mut at = 0;
    loop {
        let event = reader
            .read_event()
            .map_err(|fault| XmlFault::Malformed { fault: fault.to_string(), at: reader.error_position() })?;
        let range = at..usize::try_from(reader.buffer_position()).unwrap_or(source.len()).min(source.len());
        at = range.end;
        let (kind, name) = match &event {
            Event::Start(tag) => (Kind::Open, tag.name().as_ref().to_owned()),
            Event::End(tag) => (Kind::Close, tag.name().as_ref().to_owned()),
            Event::Empty(tag) => (Kind::Empty, tag.name().as_ref().to_owned()),
            Event::Text(_) | Event::GeneralRef(_) => (Kind::Text, String::new()),
            Event::DocType(declaration) if declaration.contains('[') => return Err(XmlFault::Entities),
            Event::Eof => break,
            _ => (Kind::Other, String::new()),
        };
        match kind {
            Kind::Open => open += 1,
            Kind::Close => open = open.saturating_sub(1),
            _ => {}
        }
        if open > depth {
            return Err(XmlFault::TooDeep);
        }
        match pieces.last_mut() {
            Some(last) if kind == Kind::Text && last.kind == Kind::Text => last.range.end = range.end,
            _ if range.is_empty() => {}
            _ => pieces.push(Piece { kind, name, range }),
        }
    }
    if open > 0 {
        return Err(XmlFault::Malformed {
            fault: "elements are not closed".to_owned(),
            at: source.len() as u64,
        });
    }
    Ok(pieces)
}

/// For each start tag, the end tag that belongs to it.
pub(crate) fn ends(pieces: &[Piece]) -> Vec<Option<usize>> {
    let mut ends = vec![None; pieces.len()];
    let mut open: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        match piece.kind {
            Kind::Open => open.entry(&piece.name).or_default().push(index),
            Kind::Close => {
                if let Some(start) = open.get_mut(piece.name.as_str()).and_then(Vec::pop) {
                    ends[start] = Some(index);
                }
            }
            _ => {}
        }
    }
    ends
}

/// What is wrong with XML.
#[derive(Debug, thiserror::Error)]
pub(crate) enum XmlFault {
    #[error("it is not well-formed XML ({fault}, byte {at})")]
    Malformed { fault: String, at: u64 },
    #[error("it defines entities of its own, which are not expanded")]
    Entities,
    #[error("its elements are nested too deep")]
    TooDeep,
}

/// An attribute of a tag.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    /// In lower case.
    pub(crate) name: String,
    /// Its value, without quotes.
    pub(crate) value: Range<usize>,
    pub(crate) quote: Option<char>,
}

/// The attributes of a tag that have values.
pub(crate) fn attributes(source: &str, tag: &Range<usize>) -> Vec<Attribute> {
    let bytes = &source.as_bytes()[..tag.end];
    let is = |at: usize, set: &[u8]| bytes.get(at).is_some_and(|byte| set.contains(byte));
    let while_not = |mut at: usize, set: &[u8]| {
        while at < bytes.len() && !is(at, set) {
            at += 1;
        }
        at
    };
    let blanks = |mut at: usize| {
        while is(at, b" \t\r\n\x0c") {
            at += 1;
        }
        at
    };
    let mut attributes = Vec::new();
    let mut at = while_not(tag.start, b" \t\r\n\x0c/>");
    while at < bytes.len() {
        at = blanks(at);
        let start = at;
        at = while_not(at, b" \t\r\n\x0c/>=");
        if at == start {
            at += 1;
            continue;
        }
        let name = source[start..at].to_ascii_lowercase();
        let equals = blanks(at);
        if !is(equals, b"=") {
            continue;
        }
        let first = blanks(equals + 1);
        let quote = bytes.get(first).copied().filter(|byte| matches!(byte, b'"' | b'\''));
        let value = match quote {
            Some(quote) => first + 1..while_not(first + 1, &[quote]),
            None => first..while_not(first, b" \t\r\n\x0c>"),
        };
        at = value.end + usize::from(quote.is_some());
        attributes.push(Attribute { name, value, quote: quote.map(char::from) });
    }
    attributes
}

/// Adds the text of a range to a segment, with its character references resolved. Those nobody knows stay as they are.
pub(crate) fn push_characters(builder: &mut Builder, source: &str, range: Range<usize>) {
    let mut at = range.start;
    while at < range.end {
        let rest = &source[at..range.end];
        let plain = rest.find(['&', '>']).unwrap_or(rest.len());
        builder.literal(source, at..at + plain);
        at += plain;
        let rest = &source[at..range.end];
        if rest.starts_with('>') {
            builder.character('>', Some(">"), at..at + 1);
            at += 1;
        } else if let Some((reference, character)) = character_reference(rest) {
            builder.character(character, Some(reference), at..at + reference.len());
            at += reference.len();
        } else if let Some(body) = rest.strip_prefix('&') {
            let name = body.find(|sign: char| !sign.is_ascii_alphanumeric()).map_or(0, |end| end + 1);
            if name > 1 && rest[name..].starts_with(';') {
                builder.single(at..at + name + 1, at..at + name + 1);
                at += name + 1;
            } else {
                builder.literal(source, at..at + 1);
                at += 1;
            }
        }
    }
}

/// The character reference that a text starts with, if it stands for one character.
fn character_reference(text: &str) -> Option<(&str, char)> {
    let body = text.strip_prefix('&')?;
    let length = body.find(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '#')).unwrap_or(body.len());
    let semicolon = usize::from(body[length..].starts_with(';'));
    let reference = &text[..1 + length + semicolon];
    // none is longer
    if length == 0 || length > 32 {
        return None;
    }
    let mut decoded = String::new();
    for Ok(token) in Tokenizer::new(reference) {
        if let Token::String(text) = token {
            decoded.push_str(&String::from_utf8_lossy(&text));
        }
    }
    let mut characters = decoded.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) if reference.len() > 1 => Some((reference, character)),
        _ => None,
    }
}

/// The text of an attribute.
pub(crate) fn attribute_text(source: &str, attribute: &Attribute) -> Option<Slot> {
    let mut builder = Builder::new(Style::Attribute(attribute.quote));
    push_characters(&mut builder, source, attribute.value.clone());
    builder.finish()
}
