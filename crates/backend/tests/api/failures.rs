//! An engine that fails, and one that takes its thread with it.

use api::{ErrorCode, StreamEvent};
use backend::RunError;
use serde_json::json;
use testkit::engine::{DIE, FakeEngine, PANIC};

use crate::helpers::{Backend, events, failure};

#[tokio::test]
async fn a_panic_of_the_engine_fails_that_request_and_no_other() {
    let backend = Backend::start().await;
    let (status, error) = failure(backend.begin(PANIC).await.unwrap()).await;
    assert_eq!((status, error.code), (500, ErrorCode::Internal));
    assert_eq!(
        error.message,
        "The translation failed, and that is a fault of this service. Its log has the cause."
    );
    assert_eq!(backend.translate("Weiter.").await, "WEITER.");
    assert_eq!(backend.get("/readyz").await.status(), 200);
}

#[tokio::test]
async fn a_stream_keeps_what_was_good_before_a_panic() {
    let backend = Backend::start().await;
    let text = format!("Gut.\n{PANIC} {}\n", "schlecht ".repeat(20));
    let response = backend.post("/translate/stream", json!({ "text": text }).to_string()).await;
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let events = events(response).await;
    assert_eq!(events.len(), 3, "{events:?}");
    assert!(matches!(&events[1], StreamEvent::Sentence(sentence) if sentence.text == "GUT."));
    let StreamEvent::Error(error) = &events[2] else { panic!("{events:?}") };
    assert_eq!((error.code, error.request_id.as_deref()), (ErrorCode::Internal, Some(id.as_str())));
}

#[tokio::test]
async fn a_thread_that_dies_ends_the_service_with_an_error_after_its_requests_are_answered() {
    let backend = Backend::start().await;
    let (status, error) = failure(backend.begin(&format!("{DIE}\nUnd mehr.")).await.unwrap()).await;
    assert_eq!((status, error.code), (500, ErrorCode::Internal));
    assert!(matches!(backend.running.await.unwrap(), Err(RunError::WorkerDied)));
}

#[tokio::test]
async fn an_engine_that_cannot_translate_at_all_ends_the_service_with_an_error() {
    let backend = Backend::start_on(FakeEngine::broken(), |_| ()).await;
    assert!(matches!(backend.running.await.unwrap(), Err(RunError::WarmUp(_))));
}
