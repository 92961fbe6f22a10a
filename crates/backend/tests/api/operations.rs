//! What operators and orchestrators see.

use std::num::NonZero;

use reqwest::StatusCode;
use service::health::healthcheck;
use testkit::engine::FakeEngine;

use crate::helpers::{Backend, translation};

#[tokio::test]
async fn it_is_ready_only_when_a_sentence_has_been_translated() {
    let engine = FakeEngine::new();
    engine.hold();
    let backend = Backend::start_on(engine, |_| ()).await;
    backend.engine.until_begun(1).await;
    let response = backend.get("/readyz").await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.text().await.unwrap(), "not ready: the first sentence is not translated yet\n");
    assert_eq!(backend.get("/livez").await.status(), 200);
    assert!(healthcheck(&backend.url("/readyz")).await.is_err());

    backend.engine.release();
    while backend.get("/readyz").await.status() != StatusCode::OK {}
    healthcheck(&backend.url("/readyz")).await.unwrap();
}

#[tokio::test]
async fn a_stop_finishes_what_runs_and_takes_nothing_new() {
    let backend = Backend::start_with(|config| config.threads = NonZero::new(2)).await;
    backend.engine.hold();
    let running = backend.begin("Noch.");
    backend.until_begun(1).await;

    backend.shutdown.stop();
    while backend.client.get(backend.url("/livez")).send().await.is_ok() {}
    assert!(!backend.running.is_finished());

    backend.engine.release();
    assert_eq!(translation(running.await.unwrap()).await, "NOCH.");
    backend.running.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_hard_stop_does_not_wait() {
    let backend = Backend::start().await;
    backend.engine.hold();
    let text = backend.client.post(backend.url("/translate")).json(&serde_json::json!({ "text": "Nie." }));
    let running = tokio::spawn(text.send());
    backend.until_begun(1).await;
    backend.shutdown.abort();
    backend.running.await.unwrap().unwrap();
    assert!(running.await.unwrap().is_err());
    backend.engine.release();
}

#[tokio::test]
async fn metrics_count_requests_sentences_and_batches_but_show_no_text() {
    let backend = Backend::start().await;
    assert_eq!(backend.translate("Geheim.\nGanz geheim.").await, "GEHEIM.\nGANZ GEHEIM.");
    backend.get("/geheim").await;
    let page = backend.get("/metrics").await.text().await.unwrap();
    let value = |name: &str| -> f64 {
        let line =
            page.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')));
        line.unwrap_or_else(|| panic!("no {name} in {page}")).rsplit(' ').next().unwrap().parse().unwrap()
    };
    // other tests in the process count as well
    assert!(value("ut_translated_sentences_total") >= 3.0);
    assert!(value("ut_translated_source_bytes_total") >= 32.0);
    assert!(value("ut_batch_sentences_count") >= 2.0);
    assert!(value("ut_batch_seconds_count") >= 2.0);
    assert!(value("ut_queue_sentences") >= 0.0);
    let requests = r#"ut_http_requests_total{method="POST",route="/translate",status="200"}"#;
    assert!(value(requests) >= 1.0);
    assert!(value(r#"ut_http_request_seconds_count{route="unmatched"}"#) >= 1.0);
    let explained = |line: &&str| line.starts_with("# HELP ut_");
    let named = |line: &&str| line.starts_with("# TYPE ut_");
    assert_eq!(page.lines().filter(explained).count(), page.lines().filter(named).count(), "{page}");
    assert!(!page.to_lowercase().contains("geheim") && !page.contains("readyz"), "{page}");
}

#[tokio::test]
async fn requests_that_run_are_counted() {
    let backend = Backend::start().await;
    backend.engine.hold();
    let running = backend.begin("Ja.");
    backend.until_begun(1).await;
    let page = backend.get("/metrics").await.text().await.unwrap();
    assert!(page.contains("ut_running_requests "), "{page}");
    backend.engine.release();
    running.await.unwrap();
}
