//! The visitor's terms, and the operator's as far as they decide what is translated anew.

use api::Term;
use testkit::backend::{Behaviour, FakeBackend};

use crate::helpers::{Answer, Frontend, until};

fn term(source: &str, target: Option<&str>) -> Term {
    Term { source: source.to_owned(), target: target.map(str::to_owned) }
}

async fn post(frontend: &Frontend, text: &str, glossary: &str) -> Answer {
    let post = frontend.http.post(&frontend.url).form(&[("text", text), ("glossary", glossary)]);
    Answer::of(post.send().await.unwrap()).await
}

fn long() -> String {
    let lines: Vec<_> =
        (0..1000).map(|n| format!("Das ist die Zeile mit der Nummer {n} und mehr.\n")).collect();
    lines.concat()
}

/// Has a long text translated; how many sentences of it the backend translated.
async fn translate(frontend: &Frontend, backend: &FakeBackend, glossary: &str) -> (usize, String) {
    let before = backend.sentences().len();
    let job = post(frontend, &long(), glossary).await.location().to_owned();
    let permalink = until(frontend, &job, |answer| answer.status == 303).await.location().to_owned();
    (backend.sentences().len() - before, permalink)
}

#[tokio::test]
async fn terms_of_the_form_reach_the_backend() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    post(&frontend, "Der Vertrag gilt.", "Vertrag = agreement\r\n\r\n# Amt\r\nBundestag").await.location();
    let expected = vec![term("Vertrag", Some("agreement")), term("Bundestag", None)];
    assert_eq!(backend.glossaries()[0], expected);

    let body = r#"{"text": "Der Vertrag.", "source": "de", "target": "en",
                   "glossary": "Vertrag = agreement\nBundestag"}"#;
    let ask = frontend.http.post(format!("{}/live", frontend.url)).header("content-type", "application/json");
    assert_eq!(ask.body(body).send().await.unwrap().status(), 200);
    assert_eq!(backend.glossaries()[1], expected);
}

#[tokio::test]
async fn a_mistake_is_named_and_nothing_that_was_typed_is_lost() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let glossary = "# <b>meine</b>\nVertrag = agreement\nVertrag = contract";
    for text in ["Kurz.", &long()] {
        let answer = post(&frontend, text, glossary).await;
        assert_eq!(answer.status, 400);
        let alert = answer.words("alert");
        assert!(alert.contains("Line 3: “Vertrag” is there already with another translation"), "{alert}");
        assert_eq!(answer.text(), text);
        assert!(answer.page.contains(
            "\n# &lt;b&gt;meine&lt;&#x2f;b&gt;\nVertrag = agreement\nVertrag = contract</textarea>"
        ));
        assert!(answer.page.contains("id=\"glossary-box\" open"), "{}", answer.page);
    }
    let body = r#"{"text": "Ja.", "source": "de", "target": "en", "glossary": "= x"}"#;
    let ask = frontend.http.post(format!("{}/live", frontend.url)).header("accept-language", "de");
    let answer = Answer::of(ask.body(body).send().await.unwrap()).await;
    assert_eq!(answer.status, 400);
    assert!(answer.page.contains("Im Glossar ist ein Fehler. In Zeile 1"), "{}", answer.page);
    assert_eq!(backend.received(), 0);

    // a failure of the backend keeps them, too
    backend.behave(Behaviour::Overloaded);
    let answer = post(&frontend, "Kurz.", "Vertrag = agreement").await;
    assert_eq!(answer.status, 503);
    assert!(answer.page.contains("Vertrag = agreement</textarea>"), "{}", answer.page);
}

#[tokio::test]
async fn remembered_sentences_are_of_the_same_terms_or_translated_again() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let sentences = async |glossary| translate(&frontend, &backend, glossary).await.0;
    assert_eq!(sentences("").await, 1000);
    assert_eq!(sentences("").await, 0);
    assert_eq!(sentences("Zeile = line\nNummer").await, 1000);
    // the order and comments make no difference
    assert_eq!(sentences("# x\nNummer\nZeile=line").await, 0);
    assert_eq!(sentences("Zeile = row\nNummer").await, 1000);
    assert_eq!(sentences("Zeile = line\nNummer = number").await, 1000);
    backend.set_terms("a1");
    assert_eq!(sentences("").await, 1000);
    assert_eq!(sentences("Zeile = line\nNummer").await, 1000);
    backend.set_terms("b2");
    assert_eq!(sentences("").await, 1000);
    assert_eq!(sentences("").await, 0);
}

#[tokio::test]
async fn a_deleted_translation_is_forgotten_under_all_terms() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    translate(&frontend, &backend, "").await;
    let (_, permalink) = translate(&frontend, &backend, "Zeile = line").await;
    assert_eq!(frontend.post_to(&format!("{permalink}/delete")).await.location(), "/history");
    assert_eq!(translate(&frontend, &backend, "Zeile = line").await.0, 1000);
    assert_eq!(translate(&frontend, &backend, "").await.0, 1000);
}

#[tokio::test]
async fn a_restart_goes_on_with_the_terms() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    backend.behave(Behaviour::BreakAfter(20));
    let job = post(&frontend, &long(), "Zeile = line\nNummer").await.location().to_owned();
    backend.wait_until_received(1).await;
    let data = frontend.stop().await.unwrap();
    let before = backend.glossaries().len();
    backend.behave(Behaviour::Translate);
    let frontend = Frontend::on(data, &["--backend-url", &backend.url()]).await;
    until(&frontend, &job, |answer| answer.status == 303).await;
    let glossaries = backend.glossaries();
    assert!(glossaries.len() > before);
    let expected = vec![term("Zeile", Some("line")), term("Nummer", None)];
    assert!(glossaries.iter().all(|glossary| *glossary == expected), "{glossaries:?}");
}
