use std::sync::Arc;

use super::*;
use crate::decode::Output;
use crate::{Doubt, RequestOptions};

fn starter() -> Translator {
    Translator::starter(Options::default()).expect("the starter model is part of the program")
}

fn translate_with(translator: &Translator, sentences: &[&str], options: &RequestOptions) -> Vec<Translation> {
    let requests: Vec<_> = sentences.iter().map(|text| Request { text, options }).collect();
    translator.translate_batch(&requests)
}

fn translate(translator: &Translator, sentences: &[&str]) -> Vec<String> {
    let translations = translate_with(translator, sentences, &RequestOptions::default());
    translations.into_iter().map(|translation| translation.text).collect()
}

mod property;

#[test]
fn the_starter_model_translates() {
    let texts = translate(&starter(), &["Guten Morgen!", "Der Zug hat zwanzig Minuten Verspätung."]);
    assert_eq!(texts, ["Good morning.", "The train is twenty minutes late."]);
}

#[test]
fn a_sentence_does_not_depend_on_its_neighbours() {
    let translator = starter();
    let sentences = [
        "Ich habe heute keine Zeit.",
        "Wo ist der Bahnhof?",
        "Wir haben gestern Abend lange über die Bücher gesprochen, die du mir im letzten Sommer geliehen hast.",
        "Ja.",
    ];
    let together = translate(&translator, &sentences);
    for (sentence, expected) in sentences.iter().zip(&together) {
        assert_eq!(translate(&translator, &[sentence]), [expected.as_str()]);
    }
}

#[test]
fn text_in_another_script_comes_back_as_it_was() {
    for text in ["你好世界。", "🙂🚀", "Привет", ""] {
        assert_eq!(translate(&starter(), &[text]), [text]);
    }
}

#[test]
fn an_overlong_word_is_not_lost_and_does_not_hang() {
    let word = "x".repeat(10_000);
    let texts = translate(&starter(), &[&word]);
    assert!(!texts[0].is_empty());
}

#[test]
fn text_in_capitals_stays_in_capitals_and_makes_sense() {
    let translator = starter();
    let texts = translate(&translator, &["DAS IST SEHR WICHTIG FÜR UNS!", "WO IST DER BAHNHOF?"]);
    assert_eq!(texts[0], "THIS IS VERY IMPORTANT FOR US.");
    assert!(texts[1].starts_with("WHERE") && texts[1].ends_with("THE STATION?"), "{texts:?}");
}

#[test]
fn equal_sentences_are_translated_alike() {
    let translator = starter();
    let texts = translate(&translator, &["Ich habe Hunger.", "Wo bist du?", "Ich habe Hunger."]);
    assert_eq!(texts[0], texts[2]);
    assert_ne!(texts[0], texts[1]);
}

#[test]
fn what_no_way_makes_sound_is_flagged() {
    let translator = starter();
    let noise = "Blubber blubb blobb blabber blibb ".repeat(8);
    let found = &translate_with(&translator, &[noise.trim()], &RequestOptions::default())[0];
    let (tokens, output) = (translator.tokenizer.encode(&noise), translator.tokenizer.encode(&found.text));
    let loops = crate::check::doubt((&tokens, &noise), (&output, &found.text), false);
    assert!(found.doubt.is_some() || loops.is_none(), "{found:?}");
}

/// The model answers everything in the same faulty way: as a whole, carefully, and in pieces.
#[test]
fn what_fails_in_every_way_is_flagged_with_the_fault_and_nothing_is_lost() {
    let translator = starter();
    let text =
        "Wir haben gestern lange über die Bücher gesprochen, die du mir geliehen hast, und nichts gegessen.";
    let house = translator.tokenizer.encode("Haus")[0];
    let options = RequestOptions::default();
    let answer = |tokens, cut| Output { tokens, score: -1.0, cut };
    for (answer, doubt) in [
        (answer(vec![house; 30], false), Doubt::Repetition),
        (answer(vec![house], true), Doubt::Cut),
        (answer(Vec::new(), false), Doubt::Length),
    ] {
        let mut sentence = translator.sentence(Request { text, options: &options });
        let mut ways = Vec::new();
        while sentence.pending().next().is_some() {
            for unit in sentence.pending() {
                ways.push((unit.depth, unit.careful));
                translator.judge(unit, std::slice::from_ref(&answer));
            }
            sentence.split(&translator);
        }
        assert!(ways.starts_with(&[(0, false), (0, true), (1, false)]), "{ways:?}");
        assert!(ways[3..].contains(&(1, true)), "{ways:?}");
        let found = sentence.join();
        assert_eq!(found.doubt, Some(doubt), "{found:?}");
        assert!(!answer.tokens.is_empty() || found.text == text, "{found:?}");
    }
}

#[test]
fn words_are_linked_across_stand_ins_and_capitals() {
    let translator = starter();
    let wanted = RequestOptions { alignment: true, ..RequestOptions::default() };
    for (text, expected) in [
        (
            "Ich habe gestern ein rotes Buch gekauft.",
            vec![("gestern", "yesterday"), ("rotes", "red"), ("Buch", "book")],
        ),
        (
            "Der Wert {name} ist um 14:30 Uhr falsch.",
            vec![("Wert", "value"), ("{name}", "{name}"), ("14:30", "14:30")],
        ),
        ("DAS IST SEHR WICHTIG FÜR UNS!", vec![("SEHR", "VERY"), ("WICHTIG", "IMPORTANT"), ("UNS", "US")]),
    ] {
        let found = &translate_with(&translator, &[text], &wanted)[0];
        let links: Vec<_> = found.alignment.iter().collect();
        assert!(links.is_sorted_by_key(|link| link.target.start));
        let words: Vec<_> =
            links.iter().map(|link| (&text[link.source.clone()], &found.text[link.target.clone()])).collect();
        for pair in expected {
            assert!(words.contains(&pair), "{pair:?} is not in {words:?} of {found:?}");
        }
    }
    assert!(translate_with(&translator, &["Ja."], &RequestOptions::default())[0].alignment.is_empty());
}

#[test]
fn a_glossary_is_honoured_whatever_the_model_would_say() {
    let own = Glossary::parse("Katze = feline\nBahnhof = terminus\nSofa").unwrap();
    let request = Glossary::parse("Katze = kitty").unwrap();
    let translator = starter().with_glossary(Arc::new(own));
    let wanted = RequestOptions { glossary: Some(Arc::new(request)), ..RequestOptions::default() };
    for (text, operators, requests) in [
        ("Die Katze schläft auf dem Sofa.", ["feline", "Sofa"], ["kitty", "Sofa"]),
        ("Wo ist der Bahnhof, und wo sind die Katzen?", ["terminus", "feline"], ["terminus", "kitty"]),
    ] {
        let has = |options: &RequestOptions, words: [&str; 2]| {
            let found = &translate_with(&translator, &[text], options)[0].text;
            assert!(words.iter().all(|word| found.contains(word)), "{found}");
        };
        has(&RequestOptions::default(), operators);
        has(&wanted, requests);
    }
}

#[test]
fn alternatives_differ_are_in_order_and_change_nothing() {
    for beams in [1, 4] {
        let options = Options { beams: Some(beams), ..Options::default() };
        let translator = Translator::starter(options).expect("the starter model is part of the program");
        let sentences = ["Ich habe heute keine Zeit.", "Die Katze schläft auf dem Sofa."];
        let usual = translate_with(&translator, &sentences, &RequestOptions::default());
        let wanted = RequestOptions { alternatives: 5, ..RequestOptions::default() };
        let all = translate_with(&translator, &sentences, &wanted);
        for (usual, with) in usual.iter().zip(&all) {
            assert_eq!((&usual.text, usual.score), (&with.text, with.score));
            assert!(usual.alternatives.is_empty() && usual.score < 0.0);
            assert!((3..=5).contains(&with.alternatives.len()), "{with:?}");
            assert!(with.alternatives.is_sorted_by(|a, b| a.score >= b.score), "{with:?}");
            assert!(with.alternatives.iter().all(|other| other.text != with.text && !other.text.is_empty()));
        }
    }
}

/// The starter model, for which two rare pieces name languages.
fn of_several_languages() -> (tempfile::TempDir, Translator) {
    let folder = tempfile::tempdir().unwrap();
    let starter = concat!(env!("CARGO_MANIFEST_DIR"), "/models/starter-de-en");
    for entry in std::fs::read_dir(starter).unwrap() {
        let from = entry.unwrap().path();
        std::fs::copy(&from, folder.path().join(from.file_name().unwrap())).unwrap();
    }
    let vocabulary = folder.path().join("vocab.json");
    let pieces: std::collections::BTreeMap<String, u32> =
        serde_json::from_slice(&std::fs::read(&vocabulary).unwrap()).unwrap();
    let last = pieces.len() as u32 - 1;
    let renamed = pieces.into_iter().map(|(piece, id)| match last - id {
        0 => (">>fr<<".to_owned(), id),
        1 => (">>es<<".to_owned(), id),
        _ => (piece, id),
    });
    let renamed: std::collections::BTreeMap<String, u32> = renamed.collect();
    std::fs::write(&vocabulary, serde_json::to_vec(&renamed).unwrap()).unwrap();
    let translator = Translator::load(folder.path(), Options::default()).unwrap();
    (folder, translator)
}

#[test]
fn a_model_of_several_languages_is_told_one_with_every_piece() {
    let (_folder, translator) = of_several_languages();
    let to = |code: &str| RequestOptions { target: Some(code.into()), alignment: true, ..Default::default() };
    let plain = translator.tokenizer.encode("Guten Morgen!");
    for code in ["fr", "es"] {
        let tokens = translator.encode("Guten Morgen!", &to(code));
        assert_eq!(Some(tokens[0]), translator.tokenizer.language(code));
        assert_eq!(tokens[1..], plain);
        let words = translator.tokenizer.source_words(&tokens);
        assert_eq!(words[0], None, "it is no word of the sentence");
        assert_eq!(words[1..], translator.tokenizer.source_words(&plain));
    }
    assert_eq!(translator.encode("Guten Morgen!", &to("de")), plain, "it knows no such language");
    // a long sentence, one in capitals and one with a stand-in
    let long = "Wir haben gestern lange über die Bücher gesprochen, die du mir geliehen hast, ".repeat(12);
    for text in [long.as_str(), "GUTEN MORGEN, LIEBE LEUTE!", "Das Haus `a.b()` kostet 12 Euro."] {
        let request = Request { text, options: &to("fr") };
        let mut sentence = translator.sentence(request);
        let first = translator.tokenizer.language("fr").unwrap();
        let units: Vec<_> = sentence.units().collect();
        assert!(!units.is_empty() && units.iter().all(|unit| unit.tokens[0] == first), "{text}");
    }
    // nothing but the language is nothing to translate, and nobody types one
    assert_eq!(translate_with(&translator, &["…", ""], &to("fr"))[0].text, "…");
    let typed = translator.tokenizer.encode(">>es<< Guten Morgen!");
    assert!(!typed.contains(&translator.tokenizer.language("es").unwrap()));
    let found = translate_with(&translator, &["Guten Morgen!"], &to("fr")).remove(0);
    assert!(!found.text.is_empty() && !found.text.contains(">>"), "{}", found.text);
    assert!(found.alignment.iter().all(|link| link.source.end <= "Guten Morgen!".len()), "{found:?}");
}

#[test]
fn no_blanks_are_added_around_what_is_copied() {
    let text = "Der Befehl `ls -la` zeigt alles.";
    let found = &translate_with(&starter(), &[text], &RequestOptions::default())[0].text;
    assert!(found.contains(" `ls -la` ") && !found.contains("  "), "{found}");
}
