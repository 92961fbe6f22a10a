//! Sentence pairs of other translation programs, from TMX files (1.1 to 1.4b). Reads strictly as to the form, so that a
//! broken file is not half taken, and leniently as to the units: one that is of no use is counted and left out. Markup
//! within a sentence is left out, as texts have none. Nothing outside the file is read, and no entities are expanded.

mod encoding;
#[cfg(test)]
mod tests;
mod unit;

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use unit::{OpenUnit, Variant};
pub(crate) use unit::{Unit, base};

/// Deeper markup within a sentence has no meaning.
const MAX_DEPTH: usize = 100;
/// Elements that hold codes of another program instead of words.
const CODES: [&str; 5] = ["bpt", "ept", "it", "ph", "ut"];

/// Why a file is not taken at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TmxError {
    pub(crate) fault: Fault,
    /// Where, from 1.
    pub(crate) line: usize,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Its characters are not those of its encoding.
    Encoding(&'static str),
    /// It names an encoding that is unknown.
    UnknownEncoding(String),
    /// It is no XML, as the reader says.
    Malformed(String),
    /// It ends before its end.
    BrokenOff,
    /// It is something else than TMX: its first element is this one.
    NoTmx(String),
    /// It defines entities.
    Entities,
    /// It uses an entity that XML does not have.
    UnknownEntity(String),
    /// Elements within elements within elements.
    TooDeep,
}

impl Fault {
    /// The name of the message that says so, and what it is filled in with.
    pub(crate) fn message(&self) -> (&'static str, &str) {
        match self {
            Self::Encoding(name) => ("import-encoding", name),
            Self::UnknownEncoding(name) => ("import-unknown-encoding", name),
            Self::Malformed(fault) => ("import-malformed", fault),
            Self::BrokenOff => ("import-broken-off", ""),
            Self::NoTmx(element) => ("import-no-tmx", element),
            Self::Entities => ("import-entities", ""),
            Self::UnknownEntity(name) => ("import-unknown-entity", name),
            Self::TooDeep => ("import-too-deep", ""),
        }
    }
}

/// Why a unit is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Useless {
    /// One of its texts has no language, or none that could be one.
    NoLanguage,
    /// It has no other language than its source's, or not that.
    OneLanguage,
    /// One of its texts is empty.
    Empty,
    /// One of its texts is too long for a sentence.
    TooLong,
    /// A later one has the same sentence in the same languages.
    Repeated,
}

/// What a file has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tmx {
    /// In the order of the file; no two have the same sentence in the same languages.
    pub(crate) units: Vec<Unit>,
    /// How many were of no use, and why.
    pub(crate) useless: BTreeMap<Useless, usize>,
}

/// The units of a file.
pub(crate) fn read(bytes: &[u8]) -> Result<Tmx, TmxError> {
    let text = encoding::decode(bytes)?;
    let mut reader = Reader::from_str(&text);
    reader.config_mut().expand_empty_elements = true;
    let mut parser = Parser::default();
    loop {
        let line =
            |at: u64| 1 + text.as_bytes().iter().take(at as usize).filter(|&&byte| byte == b'\n').count();
        let event = reader.read_event().map_err(|error| TmxError {
            fault: Fault::Malformed(error.to_string()),
            line: line(reader.error_position()),
        })?;
        let ended = matches!(event, Event::Eof);
        parser.take(event).map_err(|fault| TmxError { fault, line: line(reader.buffer_position()) })?;
        if ended {
            return Ok(unit::unique(parser.found));
        }
    }
}

/// Where the reader stands.
#[derive(Default)]
struct Parser {
    /// The first element has been seen.
    begun: bool,
    depth: usize,
    /// Of the header: the language of all sources, unless a unit says otherwise.
    source_language: Option<String>,
    unit: Option<OpenUnit>,
    variant: Option<Variant>,
    in_text: bool,
    /// How many elements with codes are open.
    codes: usize,
    found: Tmx,
}

impl Parser {
    fn take(&mut self, event: Event<'_>) -> Result<(), Fault> {
        match event {
            Event::Start(element) => self.open(&element)?,
            Event::End(element) => self.close(element.name().as_ref()),
            Event::Text(text) => self.add(&text.xml10_content()),
            Event::CData(text) => self.add(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let resolved = resolve(&reference)?;
                self.add(resolved.encode_utf8(&mut [0; 4]));
            }
            // its name is usual, and what it names is never read
            Event::DocType(declaration) if declaration.contains('[') => return Err(Fault::Entities),
            Event::Eof if self.depth > 0 => return Err(Fault::BrokenOff),
            Event::Eof if !self.begun => return Err(Fault::NoTmx(String::new())),
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, element: &BytesStart<'_>) -> Result<(), Fault> {
        let name = element.name();
        let name: &str = name.as_ref();
        self.depth += 1;
        if !std::mem::replace(&mut self.begun, true) && name != "tmx" {
            return Err(Fault::NoTmx(name.to_owned()));
        }
        match name {
            _ if self.depth > MAX_DEPTH => return Err(Fault::TooDeep),
            "header" => self.source_language = unit::shortened(attribute(element, &["srclang"])?),
            "tu" => {
                let source = unit::shortened(attribute(element, &["srclang"])?);
                let source = source.or_else(|| self.source_language.clone());
                let date = attribute(element, &["changedate"])?;
                let date =
                    date.map_or_else(|| attribute(element, &["creationdate"]), |date| Ok(Some(date)))?;
                self.unit = Some(OpenUnit::new(source, date.as_deref()));
            }
            "tuv" => {
                self.variant =
                    Some(Variant { language: attribute(element, &["xml:lang", "lang"])?, text: None });
            }
            "seg" => {
                if let Some(variant) = &mut self.variant {
                    variant.text = Some(String::new());
                    self.in_text = true;
                }
            }
            _ if CODES.contains(&name) => self.codes += 1,
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        match name {
            "seg" => self.in_text = false,
            "tuv" => {
                if let (Some(unit), Some(variant)) = (&mut self.unit, self.variant.take()) {
                    unit.variants.push(variant);
                }
            }
            "tu" => {
                if let Some(unit) = self.unit.take() {
                    unit.close(&mut self.found);
                }
            }
            _ if CODES.contains(&name) => self.codes -= 1,
            _ => {}
        }
    }

    fn add(&mut self, text: &str) {
        let open = self.variant.as_mut().filter(|_| self.in_text && self.codes == 0);
        if let Some(to) = open.and_then(|variant| variant.text.as_mut()) {
            to.push_str(text);
        }
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<char, Fault> {
    let unknown = || Fault::UnknownEntity(reference.xml10_content().into_owned());
    match reference.resolve_char_ref() {
        Ok(Some(c)) => Ok(c),
        Err(_) => Err(unknown()),
        Ok(None) => match reference.xml10_content().as_ref() {
            "amp" => Ok('&'),
            "lt" => Ok('<'),
            "gt" => Ok('>'),
            "quot" => Ok('"'),
            "apos" => Ok('\''),
            _ => Err(unknown()),
        },
    }
}

/// The first of these attributes that an element has.
fn attribute(element: &BytesStart<'_>, names: &[&str]) -> Result<Option<String>, Fault> {
    for name in names {
        let found = element.try_get_attribute(name).map_err(|fault| Fault::Malformed(fault.to_string()))?;
        if let Some(found) = found {
            return Ok(Some(found.value.trim().to_owned()));
        }
    }
    Ok(None)
}
