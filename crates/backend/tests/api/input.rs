//! Input that is odd, and input that is wrong.

use std::num::NonZero;

use api::ErrorCode;
use futures_util::stream;
use reqwest::Body;
use serde_json::json;

use crate::helpers::{Backend, failure};

#[tokio::test]
async fn odd_texts_are_translated_like_any_other() {
    let backend = Backend::start().await;
    let word = "ä".repeat(10_000);
    for text in ["😀 👩‍👩‍👧‍👦🏳️‍🌈", "Привет, мир. 你好。 שלום", word.as_str(), "\u{feff}Ja.\u{2028}Nein.", "e\u{301}"]
    {
        assert_eq!(backend.translate(text).await, text.to_uppercase());
    }
}

#[tokio::test]
async fn every_wrong_body_is_refused_with_what_is_wrong_and_where() {
    let backend = Backend::start().await;
    let cases: [(&[u8], &str); 23] = [
        (b"", "The request is not valid JSON: EOF while parsing a value at line 1 column 0."),
        (b"{", "The request is not valid JSON: EOF while parsing an object at line 1 column 1."),
        (b"{}", "The field \"text\" is missing; put the text to translate there."),
        (br#"{"text":null}"#, "The field \"text\" is missing; put the text to translate there."),
        (br#"{"text":5}"#, "The field \"text\" must be a string (line 1, column 9)."),
        (br#"{"text":["a"]}"#, "The field \"text\" must be a string (line 1, column 8)."),
        (br#"{"text_de":5}"#, "The field \"text_de\" must be a string (line 1, column 12)."),
        (br#"{"text":"a","source":1}"#, "The field \"source\" must be a string (line 1, column 22)."),
        (
            br#"{"text":"a","alternatives":-1}"#,
            "The field \"alternatives\" must be a whole number from 0 (line 1, column 29).",
        ),
        (br#"{"text":"a","alternatives":9}"#, "The field \"alternatives\" may be 8 at most."),
        (
            br#"{"text":"a","alignment":"yes"}"#,
            "The field \"alignment\" must be true or false (line 1, column 29).",
        ),
        (
            br#"{"text":"a","glossary":["b"]}"#,
            "The field \"glossary[0]\" is wrong (line 1, column 27); \"glossary\" is a list such as \
             [{\"source\":\"Vertrag\",\"target\":\"agreement\"}].",
        ),
        (
            br#"{"text":"a","glossary":[{"source":"b"},{"source":" "}]}"#,
            "The field \"glossary[1]\" is wrong: the term is empty.",
        ),
        (
            br#"{"text":"a","glossary":[{"source":"b","target":""}]}"#,
            "The field \"glossary[0]\" is wrong: the translation of `b` is empty; give none at all to keep the term as it is.",
        ),
        (br#"{"text":"a","text_de":"b"}"#, "Send either the field \"text\" or \"text_de\", not both."),
        (br#""Hallo""#, "The request must be a JSON object with the field \"text\" (line 1, column 7)."),
        (br#"{"text":"a"} x"#, "The request is not valid JSON: trailing characters at line 1 column 14."),
        (
            b"{\"text\":\"a\nb\"}",
            "The request is not valid JSON: control character (\\u0000-\\u001F) found while parsing a string at line 2 column 0.",
        ),
        (
            br#"{"text":"\ud800"}"#,
            "The request is not valid JSON: unexpected end of hex escape at line 1 column 16.",
        ),
        (
            br#"{"text":"\udc00!"}"#,
            "The request is not valid JSON: lone leading surrogate in hex escape at line 1 column 15.",
        ),
        (b"{\"text\":\"Gr\xfc\xdfe\"}", "The request is not UTF-8: its byte 11 is wrong."),
        (
            br#"{"text":"ab\u0000c"}"#,
            "The field \"text\" has a NUL character at byte 2, which no text should have; remove it.",
        ),
        (
            br#"{"text_de":"\u0000"}"#,
            "The field \"text_de\" has a NUL character at byte 0, which no text should have; remove it.",
        ),
    ];
    for (body, message) in cases {
        for path in ["/translate", "/translate/stream"] {
            let (status, error) = failure(backend.post(path, body.to_vec()).await).await;
            let shown = String::from_utf8_lossy(body);
            assert_eq!((status, error.code), (400, ErrorCode::InvalidRequest), "{shown}");
            assert_eq!(error.message, message, "{shown}");
        }
    }
    assert!(backend.batches().is_empty());
}

#[tokio::test]
async fn a_pair_without_a_model_is_refused_with_the_pairs_that_have_one() {
    let backend = Backend::start().await;
    for (source, target) in [("fr", "en"), ("de", "fr"), ("en", "de")] {
        let body = json!({ "text": "a", "source": source, "target": target }).to_string();
        let (status, error) = failure(backend.post("/translate", body).await).await;
        assert_eq!((status, error.code), (400, ErrorCode::UnsupportedPair));
        let message =
            format!("No model translates from \"{source}\" to \"{target}\" here; there are: de-en.");
        assert_eq!(error.message, message);
    }
    let body = json!({ "text": "a", "source": "x".repeat(1_000_000) }).to_string();
    let (_, error) = failure(backend.post("/translate", body).await).await;
    assert!(error.message.len() < 200);
}

#[tokio::test]
async fn the_first_versions_contract_is_not_streamed() {
    let backend = Backend::start().await;
    let (status, error) = failure(backend.post("/translate/stream", r#"{"text_de":"Ja."}"#).await).await;
    assert_eq!((status, error.code), (400, ErrorCode::InvalidRequest));
    assert!(error.message.contains("text_de"), "{}", error.message);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_even_if_it_is_sent_to_the_end() {
    let backend = Backend::start().await;
    let message = "The request is larger than 64 MB, the most that is taken here; send the text in parts.";
    let announced = Body::from(vec![b'a'; 100 << 20]);
    let chunks = (0..100).map(|_| Ok::<_, std::io::Error>(vec![b'a'; 1 << 20]));
    let unannounced = Body::wrap_stream(stream::iter(chunks));
    for body in [announced, unannounced] {
        let (status, error) = failure(backend.post("/translate", body).await).await;
        assert_eq!((status, error.code, error.message.as_str()), (413, ErrorCode::TooLarge, message));
    }
    assert_eq!(backend.translate("Ja.").await, "JA.");
}

#[tokio::test]
async fn a_body_right_at_the_limit_is_taken() {
    let backend = Backend::start_with(|config| config.max_body_mb = NonZero::<usize>::MIN).await;
    let around = r#"{"text":""}"#.len();
    let body = |bytes: usize| format!(r#"{{"text":"{}"}}"#, " ".repeat(bytes - around));
    assert_eq!(backend.post("/translate", body(1 << 20)).await.status(), 200);
    assert_eq!(backend.post("/translate", body((1 << 20) + 1)).await.status(), 413);
}

#[tokio::test]
async fn only_json_is_taken() {
    let backend = Backend::start().await;
    let send = async |media_type: Option<&str>| {
        let mut request = backend.client.post(backend.url("/translate")).body(r#"{"text":"Ja."}"#);
        if let Some(media_type) = media_type {
            request = request.header("content-type", media_type);
        }
        request.send().await.unwrap()
    };
    for media_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("")] {
        let (status, error) = failure(send(media_type).await).await;
        assert_eq!((status, error.code), (415, ErrorCode::InvalidRequest), "{media_type:?}");
        assert!(error.message.contains("Content-Type: application/json"), "{}", error.message);
    }
    assert_eq!(send(Some("Application/JSON; charset=utf-8")).await.status(), 200);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_the_same_form() {
    let backend = Backend::start().await;
    let (status, error) = failure(backend.get("/translation").await).await;
    assert_eq!((status, error.code), (404, ErrorCode::NotFound));
    let response = backend.get("/translate").await;
    assert_eq!(response.headers()["allow"], "POST");
    let (status, error) = failure(response).await;
    assert_eq!((status, error.code), (405, ErrorCode::MethodNotAllowed));
}

#[tokio::test]
async fn pieces_that_do_not_lie_in_the_text_in_order_are_refused_by_name() {
    let backend = Backend::start().await;
    for (sentences, name) in [
        ("[\"Gü\"]", "sentences[0]"),
        (r#"[{"start":0,"end":3},{"start":2,"end":5}]"#, "sentences[1]"),
        (r#"[{"start":3,"end":3}]"#, "sentences[0]"),
        (r#"[{"start":0,"end":2}]"#, "sentences[0]"),
        (r#"[{"start":4,"end":99}]"#, "sentences[0]"),
        (r#"[{"start":4,"end":2}]"#, "sentences[0]"),
    ] {
        let body = format!(r#"{{"text":"Gü ab.","sentences":{sentences}}}"#);
        let (status, error) = failure(backend.post("/translate", body).await).await;
        assert_eq!((status, error.code), (400, ErrorCode::InvalidRequest), "{sentences}");
        assert!(error.message.contains(&format!("\"{name}")), "{}", error.message);
    }
}
