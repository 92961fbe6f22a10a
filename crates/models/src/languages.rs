//! Which pair a model translates, and what its languages are called.

use std::fs;
use std::path::Path;

use isolang::Language;
use serde::Deserialize;

/// One direction of translation, in BCP 47 codes such as `de`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    /// From.
    pub source: String,
    /// To.
    pub target: String,
}

#[derive(Default, Deserialize)]
struct TokenizerConfig {
    source_lang: Option<String>,
    target_lang: Option<String>,
}

/// The pair of the model in a folder: from its `tokenizer_config.json`, or else from the end of its name, as in
/// `opus-mt-de-en`. The error says what is wrong, for people.
pub fn pair_of(folder: &Path, name: &str) -> Result<Pair, String> {
    let path = folder.join("tokenizer_config.json");
    let bytes = fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let config: TokenizerConfig =
        serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut from_name = name.rsplit('-');
    let (last, before) = (from_name.next(), from_name.next());
    let target = config.target_lang.as_deref().or(last.filter(|_| before.is_some()));
    let source = config.source_lang.as_deref().or(before);
    let (Some(source), Some(target)) = (source, target) else {
        return Err(format!("{} names no languages, and `{name}` does not end in two", path.display()));
    };
    let pair = Pair { source: language(source)?, target: language(target)? };
    if pair.source == pair.target {
        return Err(format!("{} names `{source}` twice", path.display()));
    }
    Ok(pair)
}

/// A code as it is compared: `DE`, `deu` and `de` are all `de`; a region or script stays, as in `pt-br`. What is no
/// code of a language is only put into lower case.
pub fn normalise(code: &str) -> String {
    let code = code.trim().to_ascii_lowercase().replace('_', "-");
    let (language, rest) =
        code.split_once('-').map_or((code.as_str(), ""), |(language, rest)| (language, rest));
    let short = Language::from_639_3(language).and_then(|language| language.to_639_1());
    match (short, rest) {
        (Some(short), "") => short.to_owned(),
        (Some(short), rest) => format!("{short}-{rest}"),
        (None, _) => code,
    }
}

/// The code of one language. Published models also have groups of them, such as `ROMANCE` or `gmw`, which need to be
/// told the language with every sentence.
fn language(code: &str) -> Result<String, String> {
    let code = normalise(code);
    let language = code.split('-').next().unwrap_or_default();
    let known = Language::from_639_1(language).or_else(|| Language::from_639_3(language));
    if known.is_some() && !["mul", "und"].contains(&language) {
        Ok(code)
    } else {
        Err(format!("translates the group of languages `{code}`, and only single ones are supported"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(config: &str, name: &str) -> Result<(String, String), String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tokenizer_config.json"), config).unwrap();
        pair_of(folder.path(), name).map(|pair| (pair.source, pair.target))
    }

    #[test]
    fn languages_come_from_the_configuration_in_any_form() {
        let expected = Ok(("de".to_owned(), "en".to_owned()));
        assert_eq!(pair(r#"{"source_lang": "de", "target_lang": "en"}"#, "x"), expected);
        assert_eq!(
            pair(r#"{"source_lang": "deu", "target_lang": "ENG", "more": 1}"#, "opus-mt-fr-es"),
            expected
        );
    }

    #[test]
    fn languages_come_from_the_name_where_the_configuration_has_none() {
        assert_eq!(pair("{}", "opus-mt-tc-big-fra-de"), Ok(("fr".to_owned(), "de".to_owned())));
        assert_eq!(pair(r#"{"target_lang": "en"}"#, "opus-mt-de-x"), Ok(("de".to_owned(), "en".to_owned())));
    }

    #[test]
    fn groups_and_nonsense_are_refused() {
        for (config, name, part) in [
            (r#"{"source_lang": "ROMANCE", "target_lang": "en"}"#, "x", "group of languages `romance`"),
            (r#"{"source_lang": "gmw", "target_lang": "en"}"#, "x", "group of languages `gmw`"),
            (r#"{"source_lang": "en", "target_lang": "mul"}"#, "x", "group of languages `mul`"),
            (r#"{"source_lang": "de", "target_lang": "deu"}"#, "x", "twice"),
            ("{}", "model", "names no languages"),
            ("[]", "opus-mt-de-en", "tokenizer_config.json"),
        ] {
            let message = pair(config, name).unwrap_err();
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn codes_are_compared_in_their_shortest_form() {
        for (code, expected) in [
            ("DE", "de"),
            ("deu", "de"),
            ("pt_BR", "pt-br"),
            ("por-BR", "pt-br"),
            ("gsw", "gsw"),
            ("auto", "auto"),
            ("zh-Hans", "zh-hans"),
        ] {
            assert_eq!(normalise(code), expected);
        }
    }
}
