use super::*;

fn starter() -> Translator {
    Translator::starter(Options::default()).expect("the starter model is part of the program")
}

fn translate(translator: &Translator, sentences: &[&str]) -> Vec<String> {
    translator.translate_batch(sentences).into_iter().map(|translation| translation.text).collect()
}

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
fn batches_are_bounded() {
    assert_eq!(batch_len([10_000].into_iter()), 1);
    assert_eq!(batch_len([BATCH_TOKENS / 2, BATCH_TOKENS / 2, 1].into_iter()), 2);
    assert_eq!(batch_len(std::iter::repeat_n(1, 1000)), BATCH_SENTENCES);
}
