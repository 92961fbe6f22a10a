//! A unit: the same sentence in several languages, of which one is what was translated.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Tmx, Useless};

/// No code of a language is longer.
const MAX_CODE: usize = 35;
/// Nothing longer is a sentence, in bytes; nor are its copies together, of which there is one for each translation.
const MAX_TEXT: usize = 100_000;

/// A sentence and its translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// BCP 47, as in the file.
    pub(crate) source_language: String,
    /// Likewise.
    pub(crate) target_language: String,
    pub(crate) source: String,
    pub(crate) target: String,
    /// When it was last changed, if the file says so.
    pub(crate) changed: Option<Timestamp>,
}

/// A unit as it is read.
pub(super) struct OpenUnit {
    source_language: Option<String>,
    changed: Option<Timestamp>,
    pub(super) variants: Vec<Variant>,
}

/// A text of a unit.
pub(super) struct Variant {
    pub(super) language: Option<String>,
    pub(super) text: Option<String>,
}

impl OpenUnit {
    pub(super) fn new(source_language: Option<String>, changed: Option<&str>) -> Self {
        let changed = changed.and_then(|date| DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok());
        let changed = changed.and_then(|date| date.to_zoned(TimeZone::UTC).ok());
        Self { source_language, changed: changed.map(|date| date.timestamp()), variants: Vec::new() }
    }

    /// Adds a pair for each language beside the source's; or why there is none.
    pub(super) fn close(self, to: &mut Tmx) {
        match self.pairs() {
            Ok(units) => to.units.extend(units),
            Err(reason) => *to.useless.entry(reason).or_default() += 1,
        }
    }

    fn pairs(self) -> Result<Vec<Unit>, Useless> {
        let mut texts = Vec::new();
        for Variant { language, text } in self.variants {
            let language = language.as_deref().and_then(code).ok_or(Useless::NoLanguage)?;
            let text: String = text.unwrap_or_default().chars().filter(|&c| c != '\0').collect();
            if text.len() > MAX_TEXT {
                return Err(Useless::TooLong);
            }
            texts.push((language, text.trim().to_owned()));
        }
        // any language may be the source of "*all*"; then it is the first
        let wanted = self.source_language.filter(|language| !language.eq_ignore_ascii_case("*all*"));
        let source = match wanted.as_deref().map(base) {
            Some(wanted) => texts.iter().position(|(language, _)| base(language) == wanted),
            None => (!texts.is_empty()).then_some(0),
        };
        let (source_language, source) = texts.remove(source.ok_or(Useless::OneLanguage)?);
        texts.retain(|(language, _)| base(language) != base(&source_language));
        if texts.is_empty() {
            return Err(Useless::OneLanguage);
        }
        texts.retain(|(_, text)| !text.is_empty());
        if source.is_empty() || texts.is_empty() {
            return Err(Useless::Empty);
        }
        if source.len() * texts.len() > MAX_TEXT {
            return Err(Useless::TooLong);
        }
        let unit = |(target_language, target)| Unit {
            source_language: source_language.clone(),
            target_language,
            source: source.clone(),
            target,
            changed: self.changed,
        };
        Ok(texts.into_iter().map(unit).collect())
    }
}

/// As much of a source language as decides. Each unit has a copy of the header's, which may be as long as a file.
pub(super) fn shortened(language: Option<String>) -> Option<String> {
    language.map(|language| language.chars().take(MAX_CODE).collect())
}

fn code(language: &str) -> Option<String> {
    let language = language.replace('_', "-");
    let letters = language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let good = letters && language.len() <= MAX_CODE && base(&language).len() >= 2;
    good.then_some(language)
}

/// What decides whether a sentence fits: the language without its country, `de` of `de-CH`; but Chinese is written in
/// two ways.
pub(crate) fn base(language: &str) -> String {
    let language = language.to_ascii_lowercase();
    let mut parts = language.split(['-', '_']);
    let first = parts.next().unwrap_or_default();
    if first == "zh" && parts.any(|part| matches!(part, "hant" | "tw" | "hk" | "mo")) {
        return "zh-hant".to_owned();
    }
    first.to_owned()
}

/// The last of those with the same sentence and languages, for it is the latest.
pub(super) fn unique(found: Tmx) -> Tmx {
    let Tmx { units, mut useless } = found;
    let mut kept: Vec<Unit> = Vec::with_capacity(units.len());
    let mut places = HashMap::with_capacity(units.len());
    for unit in units {
        let key = (base(&unit.source_language), base(&unit.target_language), unit.source.clone());
        if let Some(&place) = places.get(&key) {
            kept[place] = unit;
            *useless.entry(Useless::Repeated).or_default() += 1;
        } else {
            places.insert(key, kept.len());
            kept.push(unit);
        }
    }
    Tmx { units: kept, useless }
}
