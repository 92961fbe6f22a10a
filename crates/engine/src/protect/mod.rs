//! What must come through a translation unchanged: numbers, addresses, code, placeholders, emoji.
//!
//! [`spans`] finds them in a text, [`survive`] tells whether a translation has them all, [`Masked`] lets others stand in
//! for them that a model copies more easily. What is done about a loss is the translator's business.

mod mask;
mod number;
mod scan;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::mapped::Mapped;

pub(crate) use mask::{FAMILIES, Masked};
pub(crate) use number::Locale;
pub(crate) use scan::spans;

/// A piece of a text that must come through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Where it stands, in bytes.
    pub(crate) range: Range<usize>,
    pub(crate) kind: Kind,
}

/// How a span may appear in the translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// As it is, and as often: an address, code, a placeholder, a word the model has no letters for.
    Literal,
    /// As it is, or in words: `%`, `€`, an emoji.
    Symbol,
    /// As it is, with the separators of the target language, or in words.
    Number,
    /// As the glossary says.
    Term(String),
}

impl Span {
    /// What is put into the translation for it.
    pub(crate) fn rendered<'t>(&self, text: &'t str, locale: Locale) -> Cow<'t, str> {
        let own = &text[self.range.clone()];
        match &self.kind {
            Kind::Term(target) => target.clone().into(),
            Kind::Literal | Kind::Symbol => own.into(),
            Kind::Number => locale.localised(own, &text[..self.range.start]).map_or(own.into(), Cow::Owned),
        }
    }

    /// Whether most models lose it, so that trying without a stand-in is a waste.
    pub(crate) fn is_fragile(&self, text: &str) -> bool {
        match &self.kind {
            Kind::Literal => true,
            Kind::Symbol => !text[self.range.clone()].is_ascii(),
            Kind::Number | Kind::Term(_) => false,
        }
    }
}

/// Whether every span of `text` is in its translation as often as in `text`.
pub(crate) fn survive(text: &str, spans: &[Span], translation: &str, locale: Locale) -> bool {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    if spans.iter().any(|span| span.kind == Kind::Number) {
        for number in number::find(translation) {
            *numbers.entry(&translation[number]).or_default() += 1;
        }
    }
    let mut take = |number: &str| match numbers.get_mut(number) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    spans.iter().all(|span| {
        let own = &text[span.range.clone()];
        match &span.kind {
            Kind::Term(target) => {
                let wanted = spans.iter().filter(|other| other.kind == span.kind).count();
                count(translation, target) + count(translation, &capitalised(target)) >= wanted
            }
            Kind::Literal => count(translation, own) == count(text, own),
            Kind::Symbol => {
                count(translation, own) >= count(text, own) || locale.says_symbol(own, translation)
            }
            Kind::Number => {
                locale.localised(own, &text[..span.range.start]).is_some_and(|local| take(&local))
                    || take(own)
                    || take(&own.replace('.', ":"))
                    || locale.says_number(own, translation)
            }
        }
    })
}

/// Puts terms among the spans of a text, in the place of what they overlap with.
pub(crate) fn add_terms(spans: &mut Vec<Span>, terms: impl Iterator<Item = (Range<usize>, String)>) {
    for (range, target) in terms {
        spans.retain(|span| span.range.end <= range.start || range.end <= span.range.start);
        spans.push(Span { range, kind: Kind::Term(target) });
    }
    spans.sort_by_key(|span| span.range.start);
}

/// `text` with a capital; nothing if it begins with one.
fn capitalised(text: &str) -> String {
    match text.chars().next() {
        Some(first) if first.is_lowercase() => first.to_uppercase().chain(text.chars().skip(1)).collect(),
        _ => "\u{0}".to_owned(),
    }
}

/// The translation with the separators of the target language in those numbers that came through as they were.
pub(crate) fn localised(text: &str, spans: &[Span], translation: &str, locale: Locale) -> Mapped {
    let mut mapped = Mapped::default();
    let mut copied = 0;
    let mut numbers: Vec<(&str, String)> = spans
        .iter()
        .filter(|span| span.kind == Kind::Number)
        .filter_map(|span| {
            let own = &text[span.range.clone()];
            locale.localised(own, &text[..span.range.start]).map(|local| (own, local))
        })
        .collect();
    if !numbers.is_empty() {
        for place in number::find(translation) {
            let Some(at) = numbers.iter().position(|(own, _)| *own == &translation[place.clone()]) else {
                continue;
            };
            mapped.copy(&translation[copied..place.start]);
            mapped.replace(place.len(), &numbers.swap_remove(at).1);
            copied = place.end;
        }
    }
    mapped.copy(&translation[copied..]);
    mapped
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN_TO_ENGLISH: Locale = Locale { comma_to_point: true, english: true };

    fn lost(text: &str, translation: &str) -> bool {
        let found = spans(text, |_| true);
        !survive(text, &found, translation, GERMAN_TO_ENGLISH)
    }

    #[test]
    fn a_loss_is_noticed() {
        for (text, good, bad) in [
            ("Raum 2 um 14:30", "room 2 at 14:30", "room 2 at 2:30"),
            ("1.234,56 Euro", "1,234.56 euros", "1,234,56 euros"),
            ("genau 12", "exactly twelve", "exactly 120"),
            ("am 3. Mai", "on the third of May", "in May"),
            ("{name} und {name}", "{name} and {name}", "{name} and name"),
            ("5 %", "5 percent", "5"),
            ("so 😀", "so 😀", "so"),
        ] {
            assert!(!lost(text, good), "{text} {good}");
            assert!(lost(text, bad), "{text} {bad}");
        }
    }
}
