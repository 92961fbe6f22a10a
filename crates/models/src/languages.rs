//! Which pairs a model translates, and what its languages are called.

use std::collections::BTreeMap;
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

/// A pair that a model serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// The pair.
    pub pair: Pair,
    /// What the model calls the target language, if it has to be told it: `fr` where its vocabulary has `>>fr<<`.
    pub told: Option<String>,
}

/// The pairs that the model in a folder serves. Its languages are those of its `tokenizer_config.json`, or else of the end
/// of its name, as in `opus-mt-de-en`. Where one of them is a group, such as `ROMANCE`, its members are those that the
/// vocabulary has a token for, or, on the source's side, those that the model's `README.md` lists. The error says what is
/// wrong, for people.
pub fn pairs_of(folder: &Path, name: &str) -> Result<Vec<Served>, String> {
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
    let sources = match language(source) {
        Some(source) => vec![source],
        None => members(folder, source)?.into_iter().map(|(language, _)| language).collect(),
    };
    let targets = match language(target) {
        Some(target) => vec![(target, None)],
        None => told(folder, target)?.into_iter().map(|(language, told)| (language, Some(told))).collect(),
    };
    let mut pairs = Vec::new();
    for source in &sources {
        let others = targets.iter().filter(|(target, _)| target != source);
        pairs.extend(others.map(|(target, told)| Served {
            pair: Pair { source: source.clone(), target: target.clone() },
            told: told.clone(),
        }));
    }
    if pairs.is_empty() { Err(format!("{} names `{source}` twice", path.display())) } else { Ok(pairs) }
}

/// The languages that a model can be told to translate into, and what it calls them.
fn told(folder: &Path, group: &str) -> Result<Vec<(String, String)>, String> {
    let path = folder.join("vocab.json");
    let bytes = fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let pieces: BTreeMap<String, u32> =
        serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    let codes = pieces.keys().filter_map(|piece| piece.strip_prefix(">>")?.strip_suffix("<<"));
    let members = without_dialects(codes);
    if members.is_empty() {
        return Err(format!(
            "translates into the group of languages `{group}`, and {} has no token such as `>>fr<<` to choose one",
            path.display()
        ));
    }
    Ok(members)
}

/// The languages that a model's card lists as its sources.
fn members(folder: &Path, group: &str) -> Result<Vec<(String, String)>, String> {
    let path = folder.join("README.md");
    let card = fs::read_to_string(&path).unwrap_or_default();
    let line = card.lines().find_map(|line| {
        let line = line.trim_start_matches(['*', '-', ' ']);
        let (head, list) = line.split_once(':')?;
        ["source languages", "source language(s)"].contains(&head.trim()).then_some(list)
    });
    let codes = line.unwrap_or_default().split([',', ' ']).filter(|code| !code.is_empty());
    let members = without_dialects(codes);
    if members.is_empty() {
        return Err(format!(
            "translates from the group of languages `{group}`, and {} does not list them",
            path.display()
        ));
    }
    Ok(members)
}

/// Languages with the codes that they were given by, in order; of several forms of one (`fr`, `fr_BE`) the shortest.
fn without_dialects<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    let mut languages: BTreeMap<String, String> = BTreeMap::new();
    for code in codes {
        let Some(language) = language(code) else { continue };
        let language = language.split('-').next().unwrap_or_default().to_owned();
        let known = languages.entry(language).or_insert_with(|| code.to_owned());
        if code.len() < known.len() {
            code.clone_into(known);
        }
    }
    languages.into_iter().collect()
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

/// The code of a language; `None` for groups of them, such as `ROMANCE` or `gmw`.
fn language(code: &str) -> Option<String> {
    let code = normalise(code);
    let language = code.split('-').next().unwrap_or_default();
    let known = Language::from_639_1(language).or_else(|| Language::from_639_3(language));
    (known.is_some() && !["mul", "und"].contains(&language)).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(config: &str, name: &str) -> Result<(String, String), String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tokenizer_config.json"), config).unwrap();
        let pairs = pairs_of(folder.path(), name)?;
        assert!(pairs.len() == 1 && pairs[0].told.is_none(), "{pairs:?}");
        Ok((pairs[0].pair.source.clone(), pairs[0].pair.target.clone()))
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
    fn nonsense_is_refused() {
        for (config, name, part) in [
            (r#"{"source_lang": "ROMANCE", "target_lang": "en"}"#, "x", "README.md does not list them"),
            (r#"{"source_lang": "en", "target_lang": "mul"}"#, "x", "cannot read"),
            (r#"{"source_lang": "de", "target_lang": "deu"}"#, "x", "twice"),
            ("{}", "model", "names no languages"),
            ("[]", "opus-mt-de-en", "tokenizer_config.json"),
        ] {
            let message = pair(config, name).unwrap_err();
            assert!(message.contains(part), "{message}");
        }
    }

    /// The pairs of a model with these files, as `SOURCE-TARGET`, and what it is told.
    fn pairs(config: &str, vocabulary: &str, card: &str) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        for (file, content) in
            [("tokenizer_config.json", config), ("vocab.json", vocabulary), ("README.md", card)]
        {
            fs::write(folder.path().join(file), content).unwrap();
        }
        let written = |served: Served| {
            let told = served.told.map(|told| format!(" {told}")).unwrap_or_default();
            format!("{}-{}{told}", served.pair.source, served.pair.target)
        };
        Ok(pairs_of(folder.path(), "x")?.into_iter().map(written).collect())
    }

    #[test]
    fn the_targets_of_a_group_are_those_that_the_vocabulary_has_tokens_for() {
        let config = r#"{"source_lang": "en", "target_lang": "ROMANCE"}"#;
        let vocabulary = r#"{"</s>": 0, ">>fr_BE<<": 1, ">>fr<<": 2, ">>por<<": 3, ">>zho_Hans<<": 4, ">>en<<": 5,
                             ">>xx<<": 6, ">>": 7, "<<": 8, "a": 9}"#;
        let expected = ["en-fr fr", "en-pt por", "en-zh zho_Hans"];
        assert_eq!(pairs(config, vocabulary, "").unwrap(), expected);
        let message = pairs(config, r#"{"a": 0}"#, "").unwrap_err();
        assert!(message.contains("group of languages `ROMANCE`") && message.contains(">>fr<<"), "{message}");
    }

    #[test]
    fn the_sources_of_a_group_are_those_of_the_card() {
        let config = r#"{"source_lang": "ROMANCE", "target_lang": "en"}"#;
        let card = "---\nlicense: apache-2.0\n---\n### opus-mt-ROMANCE-en\n\n* source languages: fr,fr_BE,it,la,en\n";
        assert_eq!(pairs(config, "{}", card).unwrap(), ["fr-en", "it-en", "la-en"]);
        let card = "* source group: Romance \n* source language(s): fra ita pms\n* target language(s): eng\n";
        assert_eq!(pairs(config, "{}", card).unwrap(), ["fr-en", "it-en", "pms-en"]);
        let both = r#"{"source_lang": "roa", "target_lang": "gmw"}"#;
        let vocabulary = r#"{">>deu<<": 0, ">>nld<<": 1}"#;
        assert_eq!(
            pairs(both, vocabulary, "- source languages: fr, it").unwrap(),
            ["fr-de deu", "fr-nl nld", "it-de deu", "it-nl nld"]
        );
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
