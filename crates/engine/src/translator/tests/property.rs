//! What must hold for any sentence, with the real starter model.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static STARTER: LazyLock<Translator> = LazyLock::new(starter);

/// What must survive, by kind. Numbers that have a word of their own are left out, for that may stand for them.
const SPANS: [&[&str]; 10] = [
    &["47", "2024", "14:30", "31.12.2025", "1999"],
    &["https://example.org/pfad?a=1&b=2", "www.beispiel.de", "http://localhost:8000/x_y"],
    &["anna.meier@example.org", "info@firma.de"],
    &["`cargo test`", "`x = y`", "``a`b``"],
    &["%1$s", "%s", "%d", "%(name)s"],
    &["{{x}}", "{name}", "{0}", "${HOME}", "$VAR"],
    &["<b>", "</b>", "<br/>", "<a href=\"x.html\">", "&nbsp;"],
    &["😀", "👩‍👩‍👧", "🇩🇪", "❤️", "👍🏽"],
    &["→", "©", "™", "★", "½"],
    &["A4", "H2O", "mein_name", "/etc/hosts", "#42", "東京"],
];

const SENTENCES: [&str; 6] = [
    "Wir treffen uns morgen _ am Bahnhof.",
    "_ ist leider nicht mehr da.",
    "Bitte öffnen Sie die Datei _.",
    "Der Wert _ ist falsch, nehmen Sie _ dafür.",
    "Hallo _, wie geht es dir?",
    "Von _ bis _ dauert es mit _ nicht lange.",
];

/// A sentence with spans of one kind or of several, and the spans.
fn sentence() -> impl Strategy<Value = (String, Vec<&'static str>)> {
    let span = (0..SPANS.len()).prop_flat_map(|kind| prop::sample::select(SPANS[kind]));
    (prop::sample::select(&SENTENCES[..]), prop::collection::vec(span, 3)).prop_map(|(frame, spans)| {
        let mut text = frame.to_owned();
        let used = frame.matches('_').count();
        for span in &spans[..used] {
            text = text.replacen('_', &span.replace('_', "\u{1}"), 1);
        }
        (text.replace('\u{1}', "_"), spans[..used].to_vec())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_protected_span_survives((text, spans) in sentence()) {
        let wanted = RequestOptions { alignment: true, alternatives: 1, ..RequestOptions::default() };
        let Translation { text: translation, alignment, .. } = &translate_with(&STARTER, &[&text], &wanted)[0];
        for link in alignment {
            prop_assert!(text.get(link.source.clone()).is_some_and(|word| !word.is_empty()));
            prop_assert!(translation.get(link.target.clone()).is_some_and(|word| !word.is_empty()));
        }
        for span in &spans {
            let count = |text: &str| text.matches(span).count();
            prop_assert!(count(translation) >= count(&text), "{span} of {text:?} is lost in {translation:?}");
        }
        // and something else is there too
        prop_assert!(translation.chars().any(char::is_alphabetic));
    }
}

/// The sentences of many lengths in which nothing is special, and some in which something is.
const MIXED: [&str; 12] = [
    "Ja.",
    "Ich habe heute keine Zeit.",
    "Wo ist der Bahnhof?",
    "Der Wert %1$s ist falsch.",
    "DAS IST SEHR WICHTIG FÜR UNS!",
    "Wir haben gestern Abend lange über die Bücher gesprochen, die du mir im letzten Sommer geliehen hast.",
    "Ich liebe dich 😀 sehr.",
    "你好",
    "Um 14:30 Uhr kommen 25 Gäste.",
    "Das ist <b>wichtig</b> für uns.",
    "Blubber blubb blobb blabber blibb.",
    "Die Katze schläft auf dem Sofa.",
];

static ALONE: LazyLock<Vec<Translation>> = LazyLock::new(|| {
    let options = RequestOptions::default();
    MIXED.iter().flat_map(|text| STARTER.translate_batch(&[Request { text, options: &options }])).collect()
});

fn check_independence(order: &[usize]) -> Result<(), TestCaseError> {
    let sentences: Vec<&str> = order.iter().map(|&at| MIXED[at]).collect();
    let together = translate_with(&STARTER, &sentences, &RequestOptions::default());
    for (&at, translation) in order.iter().zip(&together) {
        prop_assert_eq!(translation, &ALONE[at]);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn neighbours_threads_and_the_moment_change_nothing(
        first in prop::collection::vec(0..MIXED.len(), 1..40),
        second in prop::collection::vec(0..MIXED.len(), 1..40),
    ) {
        std::thread::scope(|scope| {
            let other = scope.spawn(|| check_independence(&second));
            check_independence(&first)?;
            other.join().expect("the thread ends")
        })?;
    }
}
