use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_syntax::ast::{Entry, Pattern};

use super::messages::{FOR_SCRIPTS, source, variables};
use super::*;

/// Every message and attribute, with what is filled into it.
fn messages(locale: Locale) -> BTreeMap<String, Vec<&'static str>> {
    let resource =
        fluent_syntax::parser::parse(source(locale)).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let mut found = BTreeMap::new();
    let mut add = |name: String, pattern: &Pattern<&'static str>| {
        assert!(found.insert(name.clone(), variables(pattern)).is_none(), "{name} is there twice");
    };
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                add(message.id.name.to_owned(), message.value.as_ref().expect("each has words of its own"));
                for attribute in &message.attributes {
                    add(format!("{}.{}", message.id.name, attribute.id.name), &attribute.value);
                }
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            other => panic!("{other:?}"),
        }
    }
    found
}

/// Everything in files with these endings below a folder of this crate, but for tests.
fn code(folder: &str, ending: &str) -> String {
    fn read(folder: &Path, ending: &str, code: &mut String) {
        for entry in folder.read_dir().unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                read(&path, ending, code);
            } else if path.extension().is_some_and(|found| found == ending) && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(path).unwrap();
                code.push_str(text.split("#[cfg(test)]\nmod tests {").next().unwrap());
            }
        }
    }
    let mut code = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), ending, &mut code);
    code
}

/// What stands in quotes right after `start`.
fn quoted_after<'a>(code: &'a str, start: &str) -> BTreeSet<&'a str> {
    code.split(start).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn both_languages_have_the_same_messages_filled_in_with_the_same() {
    let (english, german) = (messages(Locale::English), messages(Locale::German));
    for (name, variables) in &english {
        assert_eq!(german.get(name), Some(variables), "{name} in German");
    }
    for name in german.keys() {
        assert!(english.contains_key(name), "{name} in English");
    }
    assert!(english.len() > 100);
}

#[test]
fn every_message_that_is_used_exists_and_every_other_is_gone() {
    let known = messages(Locale::English);
    let (templates, scripts, code) = (code("templates", "html"), code("static", "js"), code("src", "rs"));
    let mut used = BTreeSet::new();
    for start in [" t(\"", " html(\""] {
        used.extend(quoted_after(&templates, start));
    }
    let of_scripts = quoted_after(&scripts, "message(\"");
    assert!(of_scripts.len() > 5);
    for name in used.union(&of_scripts) {
        // those that a template puts together end in a dash or a dot
        let put_together = name.ends_with(['-', '.']) && known.keys().any(|known| known.starts_with(name));
        assert!(put_together || known.contains_key(*name), "there is no message {name}");
    }
    for name in of_scripts {
        assert!(
            FOR_SCRIPTS.iter().any(|start| name.starts_with(start)),
            "{name} is not given to the scripts"
        );
    }
    let everything = [templates, scripts, code].concat();
    for name in known.keys() {
        let put_together = ["job-open", "job-cancelled", "job-failed"].contains(&name.as_str())
            || ["language-", "theme."].iter().any(|start| name.starts_with(start))
            || [".message", ".next"].iter().any(|end| name.ends_with(end));
        assert!(put_together || everything.contains(&format!("\"{name}\"")), "nobody says {name}");
    }
}

#[test]
fn what_goes_wrong_has_a_title_and_a_sentence() {
    let known = messages(Locale::English);
    for name in quoted_after(&code("src", "rs"), "\"failure-").into_iter().chain(["not-found"]) {
        let name = if name == "not-found" { "error-not-found".to_owned() } else { format!("failure-{name}") };
        // of jobs, the name of the message alone is stored
        assert!(known.contains_key(&format!("{name}.message")) || name.starts_with("failure-job-"), "{name}");
    }
}

#[test]
fn one_is_told_from_many() {
    let count = |locale: Locale, name, count: u32| locale.text_with(name, &[("count", count.into())]);
    assert_eq!(count(Locale::English, "count-words", 1), "1 word");
    assert_eq!(count(Locale::English, "count-words", 0), "0 words");
    assert_eq!(count(Locale::English, "count-characters", 12_345), "12,345 characters");
    assert_eq!(count(Locale::German, "count-words", 1), "1 Wort");
    assert_eq!(count(Locale::German, "count-words", 12_345), "12.345 Wörter");
}

#[test]
fn scripts_get_patterns_to_fill_in() {
    let messages: serde_json::Value = serde_json::from_str(&Locale::English.script_messages()).unwrap();
    assert_eq!(messages["count-words"], serde_json::json!({ "one": "1 word", "other": "{count} words" }));
    assert_eq!(messages["script-copied"], "Copied");
    assert!(messages.get("skip").is_none());
}

#[test]
fn numbers_and_times_are_written_as_the_language_does() {
    let numbers = [0.0, 999.0, 1000.0, 1_234_567.0, 1234.5];
    assert_eq!(numbers.map(|n| Locale::English.number(n)), ["0", "999", "1,000", "1,234,567", "1,234.5"]);
    assert_eq!(numbers.map(|n| Locale::German.number(n)), ["0", "999", "1.000", "1.234.567", "1.234,5"]);
    assert_eq!([25, 1234, 3_600_000].map(|ms| Locale::English.duration(ms)), ["25 ms", "1.2 s", "3,600 s"]);
    assert_eq!(Locale::German.duration(1234), "1,2 s");
    let time = Timestamp::from_microsecond(1_795_196_640_123_456).unwrap();
    assert_eq!(Locale::English.time(time), "20 November 2026, 17:44 UTC");
    assert_eq!(Locale::German.time(time), "20. November 2026, 17:44 Uhr UTC");
    assert_eq!(Locale::German.time(Timestamp::UNIX_EPOCH), "1. Januar 1970, 00:00 Uhr UTC");
}

#[test]
fn known_languages_have_names_and_others_show_their_code() {
    assert_eq!(Locale::English.language("de"), "German");
    assert_eq!(Locale::German.language("pt-BR"), "Portugiesisch");
    assert_eq!(Locale::English.language("gsw"), "gsw");
    assert_eq!(Locale::German.direction("de", "fr"), "Deutsch – Französisch");
}

#[test]
fn the_language_that_a_browser_likes_best_is_taken() {
    for (header, expected) in [
        ("", Locale::English),
        ("de", Locale::German),
        ("de-AT,de;q=0.9,en;q=0.8", Locale::German),
        ("en-GB,en;q=0.9,de;q=0.8", Locale::English),
        ("fr-CH, fr;q=0.9, de;q=0.7, en;q=0.5", Locale::German),
        ("en;q=0.5, de;q=0.6", Locale::German),
        ("de;q=0, en;q=0.1", Locale::English),
        ("fr, *;q=0.5", Locale::English),
        ("de;q=nonsense", Locale::English),
    ] {
        assert_eq!(Locale::accepted(header), expected, "{header}");
    }
}
