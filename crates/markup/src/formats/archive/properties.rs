//! Texts of single elements, such as a document's title, and language tags.

use crate::builder::Builder;
use crate::formats::tags::{Kind, Piece, attributes, push_characters};
use crate::segment::{Content, Slot};
use crate::style::Style;

/// The text of the elements with these names, which contain nothing but text.
pub(super) fn element_texts(source: &str, pieces: &[Piece], names: &[&str]) -> Vec<Slot> {
    let mut slots = Vec::new();
    for piece in pieces.windows(2).filter(|pair| pair[1].kind == Kind::Text) {
        let [tag, text] = piece else { continue };
        if tag.kind != Kind::Open {
            continue;
        }
        if names.contains(&tag.name.as_str()) {
            let mut builder = Builder::new(Style::Markup);
            push_characters(&mut builder, source, text.range.clone());
            slots.extend(builder.finish());
        } else if tag.name == "dc:language" {
            slots.push(Slot { range: text.range.clone(), content: Content::Language });
        }
    }
    slots
}

/// The language tags in attributes of these names, given with the elements that have them (`*` is any).
pub(super) fn language_tags(source: &str, pieces: &[Piece], names: &[(&str, &str)]) -> Vec<Slot> {
    let mut slots = Vec::new();
    for piece in pieces.iter().filter(|piece| matches!(piece.kind, Kind::Open | Kind::Empty)) {
        if !names.iter().any(|(element, _)| *element == "*" || *element == piece.name) {
            continue;
        }
        for attribute in attributes(source, &piece.range) {
            let wanted = |(element, name): &(&str, &str)| {
                (*element == "*" || *element == piece.name) && *name == attribute.name
            };
            if names.iter().any(wanted) {
                slots.push(Slot { range: attribute.value, content: Content::Language });
            }
        }
    }
    slots
}
