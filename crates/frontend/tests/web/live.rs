//! Translation while typing, as the page's script asks for it.

use serde_json::{Value, json};
use testkit::backend::{Behaviour, ClosedPort, FakeBackend};

use crate::helpers::{Answer, Frontend};

async fn ask(frontend: &Frontend, body: &Value) -> Answer {
    Answer::of(frontend.http.post(format!("{}/live", frontend.url)).json(body).send().await.unwrap()).await
}

fn events(answer: &Answer) -> Vec<Value> {
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/x-ndjson"),
        "{}",
        answer.page
    );
    answer.page.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn sentences_come_with_their_places_as_browsers_count() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let text = "Grüße 🦔!\n\n  Zwei.\n";
    let events = events(&ask(&frontend, &json!({ "text": text, "source": "de", "target": "en" })).await);
    assert_eq!(
        events,
        [
            json!({ "event": "sentence", "gap": 0, "length": 9, "text": "[en] Grüße 🦔!" }),
            json!({ "event": "sentence", "gap": 4, "length": 5, "text": "[en] Zwei." }),
            json!({ "event": "done" }),
        ]
    );
    assert!(frontend.get("/history").await.page.contains("Nothing has been translated yet"));
}

#[tokio::test]
async fn known_sentences_are_not_translated_again() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let mut body =
        json!({ "text": "Eins.\nZwei.\nDrei.", "source": "de", "target": "en", "known": ["Eins.", "Drei."] });
    let first = events(&ask(&frontend, &body).await);
    assert_eq!(backend.sentences(), ["Zwei."]);
    assert_eq!(first[0], json!({ "event": "sentence", "gap": 0, "length": 5 }));
    assert_eq!(first[1]["text"], "[en] Zwei.");
    assert_eq!(first[3], json!({ "event": "done" }));
    body["text"] = "Drei.\nEins.".into();
    assert_eq!(events(&ask(&frontend, &body).await).len(), 3);
    assert_eq!(backend.received(), 1);
}

#[tokio::test]
async fn failures_are_told_in_words() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let body = |text: &str| json!({ "text": text, "source": "de", "target": "en" });
    for (text, status, sentence) in [
        (" \n", 400, "There is nothing to translate"),
        ("a\0b", 400, "NUL character"),
        ("lang ".repeat(4000).as_str(), 413, "The text is too long. It cannot be translated while you type."),
        (
            "lang ".repeat(40_000).as_str(),
            413,
            "The text is too long. It cannot be translated while you type.",
        ),
    ] {
        let answer = ask(&frontend, &body(text)).await;
        assert_eq!(answer.status, status);
        assert!(answer.page.contains(sentence), "{}", answer.page);
    }
    let answer = ask(&frontend, &json!({ "text": 5 })).await;
    assert_eq!(answer.status, 400);
    assert_eq!(backend.received(), 0);

    backend.behave(Behaviour::BreakAfter(1));
    let broken = events(&ask(&frontend, &body("Eins.\nZwei.")).await);
    assert_eq!((broken.len(), &broken[0]["text"]), (2, &json!("[en] Eins.")));
    assert_eq!(
        broken[1]["message"],
        "The translation broke off. The translation service stopped in the middle."
    );

    let port = ClosedPort::take();
    let frontend = Frontend::with_sqlite(&["--backend-url", &format!("http://{}", port.address())]).await;
    let answer = ask(&frontend, &body("Eins.")).await;
    assert_eq!(answer.status, 503);
    assert!(answer.page.contains("The translation service cannot be reached"), "{}", answer.page);
}
