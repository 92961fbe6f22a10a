//! Requests that leave it to the service to find out the language.

use api::{ErrorCode, NO_MODEL, StreamEvent, TranslateResponse};
use serde_json::json;

use crate::helpers::{Backend, events, failure};

async fn translate(backend: &Backend, text: &str) -> TranslateResponse {
    let body = json!({ "text": text, "source": "auto", "target": "en" }).to_string();
    let response = backend.post("/translate", body).await;
    assert_eq!(response.status(), 200);
    response.json().await.expect("it is a translation")
}

#[tokio::test]
async fn the_language_is_found_for_each_text_by_itself() {
    let backend = Backend::start().await;
    let (german, english) = tokio::join!(
        translate(&backend, "Wie geht es dir heute?\nMir geht es sehr gut."),
        translate(&backend, "How are you doing today?\nI am doing very well."),
    );
    let found = german.detected.unwrap();
    assert_eq!((found.language.as_str(), found.confidence > 0.9), ("de", true), "{found:?}");
    assert_eq!(german.text, "WIE GEHT ES DIR HEUTE?\nMIR GEHT ES SEHR GUT.");
    let found = english.detected.unwrap();
    assert_eq!((found.language.as_str(), found.confidence > 0.9), ("en", true), "{found:?}");
    assert_eq!(english.text, "How are you doing today?\nI am doing very well.", "it is left as it is");
    assert_eq!(english.model.name, NO_MODEL);
}

#[tokio::test]
async fn a_word_of_both_languages_is_translated_and_told_to_be_in_doubt() {
    let backend = Backend::start().await;
    for text in ["Test", "12345", ""] {
        let answer = translate(&backend, text).await;
        let found = answer.detected.unwrap();
        assert_eq!(found.language, "de");
        assert!(found.confidence < 0.9, "{text}: {found:?}");
        assert_eq!(answer.text, text.to_uppercase());
    }
}

#[tokio::test]
async fn a_stream_begins_with_what_was_found() {
    let backend = Backend::start().await;
    let body = json!({ "text": "The train is late again today.", "source": "auto" }).to_string();
    let events = events(backend.post("/translate/stream", body).await).await;
    let [StreamEvent::Start { model, detected: Some(found), .. }, StreamEvent::Sentence(same), ..] =
        events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!(same.text, "The train is late again today.");
    assert_eq!((model.name.as_str(), found.language.as_str()), (NO_MODEL, "en"));
}

#[tokio::test]
async fn a_target_that_no_model_has_is_refused_with_what_there_is() {
    let backend = Backend::start().await;
    let body = json!({ "text": "Ja.", "source": "auto", "target": "fr" }).to_string();
    let (status, error) = failure(backend.post("/translate", body).await).await;
    assert_eq!((status, error.code), (400, ErrorCode::UnsupportedPair));
    assert!(error.message.contains("de-en"), "{}", error.message);
}
