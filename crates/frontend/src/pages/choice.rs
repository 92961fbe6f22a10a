//! The choice of languages, and what is said of a language that was found out.

use std::collections::BTreeMap;

use api::{AUTO, Detected};
use serde::Serialize;

use super::language;
use crate::translator::Direction;

/// Below it, a visitor should look whether the language is the right one.
const LIKELY: f32 = 0.8;

/// The languages that can be chosen.
#[derive(Debug, Serialize)]
pub(crate) struct ChoiceView {
    sources: Vec<LanguageView>,
    targets: Vec<LanguageView>,
    /// For each source what it is translated to, as JSON for the script.
    pairs: String,
}

#[derive(Debug, Serialize)]
struct LanguageView {
    code: String,
    name: String,
    selected: bool,
}

impl ChoiceView {
    /// A language that is chosen is listed even if it is not there: what is selected is what will be sent.
    pub(crate) fn new(
        chosen: &Direction,
        sources: &[&str],
        targets: &[&str],
        pairs: &BTreeMap<&str, Vec<&str>>,
    ) -> Self {
        Self {
            sources: list(sources, &chosen.source),
            targets: list(targets, &chosen.target),
            pairs: serde_json::to_string(pairs).unwrap_or_default(),
        }
    }
}

fn list(languages: &[&str], chosen: &str) -> Vec<LanguageView> {
    let absent = (!languages.contains(&chosen)).then_some(chosen);
    let view = |code: &str| LanguageView {
        code: code.to_owned(),
        name: if code == AUTO { "Detect language".to_owned() } else { language::name(code) },
        selected: code == chosen,
    };
    languages.iter().copied().chain(absent).map(view).collect()
}

/// What a visitor reads of a language that was found out; how sure that is only where it is not.
pub(crate) fn detected(detected: &Detected) -> String {
    let name = language::name(&detected.language);
    if detected.confidence >= LIKELY {
        return format!("Detected: {name}");
    }
    format!("Probably {name} ({:.0} % sure)", detected.confidence.clamp(0.0, 1.0) * 100.0)
}

/// How the address of a translation tells that its source language was found out.
pub(crate) fn detected_query(detected: Option<&Detected>) -> String {
    detected.map(|found| format!("?detected={:.3}", found.confidence)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_sure_a_language_is_is_told_where_it_is_not() {
        let found = |confidence| Detected { language: "de".to_owned(), confidence };
        assert_eq!(detected(&found(0.8)), "Detected: German");
        assert_eq!(detected(&found(0.426)), "Probably German (43 % sure)");
        assert_eq!(detected_query(Some(&found(0.426))), "?detected=0.426");
        assert_eq!(detected_query(None), "");
    }
}
