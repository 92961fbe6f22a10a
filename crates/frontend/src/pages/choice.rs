//! The choice of languages, and what is said of a language that was found out.

use std::collections::BTreeMap;

use api::AUTO;
use serde::Serialize;

use crate::locale::Locale;
use crate::translator::Direction;

/// Below it, in thousandths, a visitor should look whether the language is the right one.
const LIKELY: u32 = 800;

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
    let locale = Locale::current();
    let view = |code: &str| LanguageView {
        code: code.to_owned(),
        name: if code == AUTO { locale.text("detect") } else { locale.language(code) },
        selected: code == chosen,
    };
    languages.iter().copied().chain(absent).map(view).collect()
}

/// What a visitor reads of a language that was found out; how sure that is, in thousandths, only where it is not.
pub(crate) fn detected(language: &str, sure: u32) -> String {
    let locale = Locale::current();
    let language = ("language", locale.language(language).into());
    if sure >= LIKELY {
        return locale.text_with("detected", &[language]);
    }
    locale.text_with("detected-unsure", &[language, ("percent", ((sure + 5) / 10).into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_sure_a_language_is_is_told_where_it_is_not() {
        assert_eq!(detected("de", 800), "Detected: German");
        assert_eq!(detected("de", 426), "Probably German (43 % sure)");
    }
}
