//! Many requests, long requests, and requests whose client has gone.

use std::{num::NonZero, sync::Arc};

use api::ErrorCode;
use backend::{Route, Scheduler, Sentences};
use engine::RequestOptions;
use serde_json::json;
use testkit::engine::FakeEngine;
use tokio::time::{Duration, timeout};

use crate::helpers::{Backend, failure, translation};

fn lines(line: &str, count: usize) -> String {
    format!("{line}\n").repeat(count)
}

/// Puts what fits of the text into the queue, while the engine is held.
async fn enqueue(scheduler: &Scheduler, engine: &Arc<FakeEngine>, text: &str) -> Sentences {
    let route = Route::of(engine.clone());
    let place = scheduler.admit().expect("a place is free");
    let mut sentences = place.translate(route, text.into(), RequestOptions::default());
    assert!(timeout(Duration::ZERO, sentences.next()).await.is_err());
    sentences
}

#[tokio::test]
async fn sentences_of_different_requests_are_translated_together_and_none_waits_for_a_long_text() {
    let engine = FakeEngine::new();
    let scheduler = Scheduler::start(NonZero::<usize>::MIN, NonZero::new(9).unwrap()).unwrap();
    engine.hold();
    let first = enqueue(&scheduler, &engine, "Eins.").await;
    engine.until_begun(1).await;
    let long = enqueue(&scheduler, &engine, &lines("Lang.", 1000)).await;
    let short = enqueue(&scheduler, &engine, "Kurz.").await;
    let other = enqueue(&scheduler, &engine, "Auch.").await;
    engine.allow(2);
    assert_eq!(first.whole().await.unwrap().text, "EINS.");
    assert_eq!(short.whole().await.unwrap().text, "KURZ.");
    assert_eq!(other.whole().await.unwrap().text, "AUCH.");
    let together = &engine.begun()[1];
    assert_eq!(together.len(), 32);
    assert_eq!(together[..3], ["Lang.", "Kurz.", "Auch."]);
    engine.release();
    assert_eq!(long.whole().await.unwrap().text, lines("LANG.", 1000));
}

#[tokio::test]
async fn a_short_text_is_shared_among_idle_threads() {
    let engine = FakeEngine::new();
    let threads = NonZero::new(4).unwrap();
    let scheduler = Scheduler::start(threads, threads).unwrap();
    let text = lines("Ja.", 8);
    engine.hold();
    let sentences = enqueue(&scheduler, &engine, &text).await;
    engine.until_begun(4).await;
    engine.release();
    assert_eq!(sentences.whole().await.unwrap().text, text.to_uppercase());
    assert_eq!(engine.begun(), vec![vec!["Ja."; 2]; 4]);
}

#[tokio::test]
async fn when_every_place_is_taken_others_are_told_when_to_come_back() {
    let backend = Backend::start_with(|config| config.max_requests = NonZero::<usize>::MIN).await;
    backend.engine.hold();
    let first = backend.begin("Eins.");
    backend.until_begun(1).await;

    let refused = backend.begin("Zwei.").await.unwrap();
    assert_eq!(refused.headers()["retry-after"], "2");
    let (status, error) = failure(refused).await;
    assert_eq!((status, error.code), (503, ErrorCode::Overloaded));
    assert_eq!(error.message, "Every place for a translation is taken; try again in a few seconds.");
    assert_eq!(backend.get("/readyz").await.status(), 200, "it is busy, not broken");

    backend.engine.release();
    assert_eq!(translation(first.await.unwrap()).await, "EINS.");
    assert_eq!(backend.translate("Drei.").await, "DREI.");
}

#[tokio::test]
async fn the_work_of_a_client_that_went_away_is_dropped() {
    for path in ["/translate", "/translate/stream"] {
        let backend = Backend::start_with(|config| config.max_requests = NonZero::<usize>::MIN).await;
        backend.engine.hold();
        let body = json!({ "text": lines("Weg.", 1000) }).to_string();
        let request =
            backend.client.post(backend.url(path)).header("content-type", "application/json").body(body);
        let gone = tokio::spawn(async {
            let response = request.send().await.unwrap();
            let _never = response.text().await;
        });
        backend.until_begun(1).await;
        gone.abort();

        // its place is free only after its sentences have left the queue; blank text needs no engine
        while backend.post("/translate", r#"{"text":" "}"#).await.status() != 200 {}
        backend.engine.release();
        assert_eq!(backend.translate("Da.").await, "DA.", "{path}");
        assert_eq!(backend.batches()[1..], [["Da."]], "{path}");
    }
}

#[tokio::test]
async fn many_long_texts_at_once_all_come_back_whole() {
    let backend = Backend::start_with(|config| config.threads = NonZero::new(3)).await;
    let texts: Vec<String> = (0..20)
        .map(|number| {
            let lines =
                (0..500).map(|line| format!("Text {number}, {}Zeile {line}.", "x ".repeat(line % 50)));
            lines.collect::<Vec<_>>().join("\n")
        })
        .collect();
    let answers: Vec<_> = texts.iter().map(|text| backend.begin(text)).collect();
    for (answer, text) in answers.into_iter().zip(texts) {
        assert_eq!(translation(answer.await.unwrap()).await, text.to_uppercase());
    }
}
