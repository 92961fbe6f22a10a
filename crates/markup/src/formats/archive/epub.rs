//! E-books: their pages, the table of contents and the title.

use super::Parser;
use super::properties::{element_texts, language_tags};
use crate::Limits;
use crate::formats::html;
use crate::formats::tags::{XmlFault, html_pieces, xml_pieces};
use crate::segment::Slot;

/// The parser for a file of the archive, if it is one to translate.
pub(super) fn parser(name: &str) -> Option<Parser> {
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("meta-inf/") {
        return None;
    }
    match lower.rsplit_once('.')?.1 {
        "xhtml" | "html" | "htm" => Some(page),
        "ncx" => Some(contents),
        "opf" => Some(package),
        _ => None,
    }
}

/// A page; one that is no XML is read as browsers would.
fn page(source: &str, limits: &Limits) -> Result<Vec<Slot>, XmlFault> {
    let pieces = match xml_pieces(source, limits.depth) {
        Err(XmlFault::Malformed { .. }) => html_pieces(source),
        pieces => pieces?,
    };
    Ok(html::slots(source, &pieces))
}

fn contents(source: &str, limits: &Limits) -> Result<Vec<Slot>, XmlFault> {
    let pieces = xml_pieces(source, limits.depth)?;
    let mut slots = element_texts(source, &pieces, &["text", "ncx:text"]);
    slots.extend(language_tags(source, &pieces, &[("*", "xml:lang")]));
    Ok(slots)
}

fn package(source: &str, limits: &Limits) -> Result<Vec<Slot>, XmlFault> {
    let pieces = xml_pieces(source, limits.depth)?;
    let mut slots = element_texts(source, &pieces, &["dc:title", "dc:description", "dc:subject"]);
    slots.extend(language_tags(source, &pieces, &[("*", "xml:lang")]));
    Ok(slots)
}
