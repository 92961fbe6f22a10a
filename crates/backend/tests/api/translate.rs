//! What goes well.

use std::{fmt::Write as _, num::NonZero};

use api::{Doubt, LanguagesResponse, Model, Pair, SegmentResponse, StreamEvent, TranslateResponse};
use serde_json::json;
use testkit::engine::DOUBT;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::helpers::{Backend, events};

fn model() -> Model {
    Model { name: "fake-de-en".into(), starter: true }
}

#[tokio::test]
async fn a_text_comes_back_translated_with_all_that_lies_between_its_sentences() {
    let backend = Backend::start().await;
    let text = "Guten Morgen!\n\n  Wie geht es dir?\r\n\tGut.\n\n\n";
    let response = backend.begin(text).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    let answer: TranslateResponse = response.json().await.unwrap();
    assert_eq!(answer.text, text.to_uppercase());
    assert_eq!(answer.model, model());
}

#[tokio::test]
async fn the_first_versions_contract_is_answered() {
    let backend = Backend::start().await;
    let response = backend.post("/translate", r#"{"text_de":"Guten Morgen!"}"#).await;
    assert_eq!(response.status(), 200);
    let answer: serde_json::Value = response.json().await.unwrap();
    assert_eq!(answer, json!({ "text_en": "GUTEN MORGEN!" }));
}

#[tokio::test]
async fn languages_are_named_in_any_case() {
    let backend = Backend::start().await;
    let response = backend.post("/translate", r#"{"text":"Ja.","source":"DE","target":"En"}"#).await;
    assert_eq!(response.json::<TranslateResponse>().await.unwrap().text, "JA.");
}

#[tokio::test]
async fn a_text_without_sentences_comes_back_as_it_is() {
    let backend = Backend::start().await;
    for text in ["", " ", "\n\n \t\r\n"] {
        assert_eq!(backend.translate(text).await, text);
    }
    assert!(backend.batches().is_empty());
}

#[tokio::test]
async fn a_stream_gives_every_sentence_in_order_with_its_place() {
    let backend = Backend::start_with(|config| config.threads = NonZero::new(4)).await;
    let mut text = String::new();
    for number in 0..3000 {
        let long = "lang ".repeat(number % 17);
        write!(text, "Zeile {number} ist {long}da.\n\n").unwrap();
    }
    let response = backend.post("/translate/stream", json!({ "text": text }).to_string()).await;
    let mut events = events(response).await.into_iter();

    assert_eq!(events.next(), Some(StreamEvent::Start { model: model(), detected: None, terms: None }));
    assert!(matches!(events.next_back(), Some(StreamEvent::Done { .. })));
    let (mut whole, mut copied, mut sentences) = (String::new(), 0, 0);
    for event in events {
        let StreamEvent::Sentence(sentence) = event else { panic!("{event:?}") };
        let source = sentence.source;
        assert_eq!(text[source.start..source.end].to_uppercase(), sentence.text);
        whole.push_str(&text[copied..source.start]);
        whole.push_str(&sentence.text);
        copied = source.end;
        sentences += 1;
    }
    whole.push_str(&text[copied..]);
    assert_eq!(whole, text.to_uppercase());
    assert_eq!(sentences, 3000);
}

#[tokio::test]
async fn alternatives_and_alignment_come_when_they_are_asked_for() {
    let backend = Backend::start().await;
    let text = "Guten Morgen!\nWie geht es?";
    let body = json!({ "text": text, "alternatives": 2, "alignment": true }).to_string();
    let answer: TranslateResponse = backend.post("/translate", body.clone()).await.json().await.unwrap();
    let events = events(backend.post("/translate/stream", body).await).await;
    let streamed = events.into_iter().filter_map(|event| match event {
        StreamEvent::Sentence(sentence) => Some(sentence),
        _ => None,
    });
    assert!(streamed.eq(answer.sentences.iter().cloned()));
    let [first, second] = answer.sentences.as_slice() else { panic!("{answer:?}") };
    let others: Vec<_> = first.alternatives.iter().map(|other| other.text.as_str()).collect();
    assert_eq!(others, ["GUTEN MORGEN! (1)", "GUTEN MORGEN! (2)"]);
    assert_eq!(&text[second.source.start..second.source.end], "Wie geht es?");
    let link = &second.alignment[1];
    assert_eq!((link.source.start, link.source.end, link.target), (4, 8, link.source));
}

#[tokio::test]
async fn of_a_plain_request_only_the_sentences_in_doubt_are_told() {
    let backend = Backend::start().await;
    let body = json!({ "text": format!("Gut.\n{DOUBT}.\nGut.") }).to_string();
    let answer: TranslateResponse = backend.post("/translate", body).await.json().await.unwrap();
    let [sentence] = answer.sentences.as_slice() else { panic!("{answer:?}") };
    assert_eq!((sentence.source.start, sentence.doubt), (5, Some(Doubt::Length)));
}

#[tokio::test]
async fn a_stream_gives_a_sentence_while_the_next_is_still_in_work() {
    let backend = Backend::start().await;
    backend.engine.hold();
    let text = format!("Kurz.\nUnd {} lang.\n", "sehr ".repeat(50));
    let mut response = backend.post("/translate/stream", json!({ "text": text }).to_string()).await;
    backend.until_begun(1).await;
    backend.engine.allow(1);
    backend.until_begun(2).await;
    let mut got = Vec::new();
    while !got.ends_with(b"\"KURZ.\",\"score\":-0.25}\n") {
        got.extend(response.chunk().await.unwrap().expect("the stream goes on"));
    }
    backend.engine.release();
    while let Some(chunk) = response.chunk().await.unwrap() {
        got.extend(chunk);
    }
    let last = got.strip_suffix(b"\n").unwrap().rsplit(|byte| *byte == b'\n').next().unwrap();
    assert!(matches!(serde_json::from_slice(last).unwrap(), StreamEvent::Done { .. }));
}

#[tokio::test]
async fn the_languages_and_the_model_are_told() {
    let backend = Backend::start().await;
    let languages: LanguagesResponse = backend.get("/languages").await.json().await.unwrap();
    let hint = Some(api::STARTER_MODEL.to_owned());
    let pair = Pair { source: "de".into(), target: "en".into(), model: model(), hint, via: None };
    assert_eq!(
        languages,
        LanguagesResponse { pairs: vec![pair], auto: vec!["de".into()], broken: Vec::new() }
    );
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_request() {
    let backend = Backend::start().await;
    let mut connection = TcpStream::connect(backend.url("").trim_start_matches("http://")).await.unwrap();
    let request = b"POST /translate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
        content-length: 14\r\n\r\n{\"text\":\"Ja.\"}";
    for _ in 0..3 {
        connection.write_all(request).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"}") {
            assert_ne!(connection.read_buf(&mut answer).await.unwrap(), 0, "it was closed");
        }
        assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    }
}

#[tokio::test]
async fn the_sentences_of_a_text_are_told_without_translating_it() {
    let backend = Backend::start().await;
    let body = json!({ "text": "Grüße an Dr. Ott. Wie geht es?\n\n 12\n  Gut.", "source": "de" });
    let answer: SegmentResponse = backend.post("/segment", body.to_string()).await.json().await.unwrap();
    let text = body["text"].as_str().unwrap();
    let sentences: Vec<_> = answer.sentences.iter().map(|span| &text[span.start..span.end]).collect();
    assert_eq!(sentences, ["Grüße an Dr. Ott.", "Wie geht es?", "Gut."]);
    assert!(backend.batches().is_empty());
}

#[tokio::test]
async fn given_pieces_alone_are_translated_each_as_one_sentence() {
    let backend = Backend::start().await;
    let body = json!({
        "text": "Eins. Zwei. Drei. Vier.",
        "sentences": [{ "start": 6, "end": 17 }, { "start": 18, "end": 23 }],
    });
    let streamed = events(backend.post("/translate/stream", body.to_string()).await).await;
    let texts: Vec<_> = streamed
        .iter()
        .filter_map(|event| match event {
            StreamEvent::Sentence(sentence) => Some((sentence.source.start, sentence.text.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(texts, [(6, "ZWEI. DREI."), (18, "VIER.")]);
    let whole: TranslateResponse = backend.post("/translate", body.to_string()).await.json().await.unwrap();
    assert_eq!(whole.text, "Eins. ZWEI. DREI. VIER.");
}
