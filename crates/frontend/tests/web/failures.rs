//! Texts that are not translated: each with its status, a sentence, and the text still in the box.

use testkit::backend::{Behaviour, ClosedPort, FakeBackend};

use crate::helpers::{Answer, Frontend};

const URLENCODED: &str = "application/x-www-form-urlencoded";
const TEXT: &str = "Erster Satz.\n\nZweiter <Satz>.";

/// Everything a failure of ours shows.
fn assert_ours(answer: &Answer, status: u16, sentence: &str) {
    assert_refused(answer, status, sentence);
    let id = answer.header("x-request-id");
    assert!(answer.words("alert").contains(&format!("Request number {id}")), "{}", answer.words("alert"));
    assert_eq!(answer.text(), TEXT);
}

fn assert_refused(answer: &Answer, status: u16, sentence: &str) {
    assert_eq!(answer.status, status, "{}", answer.page);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(answer.words("alert").contains(sentence), "{}", answer.words("alert"));
}

#[tokio::test]
async fn a_backend_that_is_down_leaves_the_text_in_the_box() {
    let port = ClosedPort::take();
    let frontend = Frontend::with_sqlite(&["--backend-url", &format!("http://{}", port.address())]).await;
    assert_eq!(frontend.get("/").await.status, 200);
    let answer = frontend.post(TEXT).await;
    assert_ours(&answer, 503, "The translation service cannot be reached");
    assert!(!answer.page.contains(&port.address().to_string()));
    assert_eq!(answer.header("retry-after"), "5");
    assert!(frontend.get("/history").await.page.contains("Nothing has been translated yet"));
}

#[tokio::test]
async fn backend_and_database_both_down_leave_the_text_in_the_box() {
    let (backend, database) = (ClosedPort::take(), ClosedPort::take());
    let url = format!("http://{}", backend.address());
    let frontend = Frontend::with_mysql(&url, database.address().port(), "translation", "u", "p").await;
    assert_eq!(frontend.get("/").await.status, 200);
    assert_ours(&frontend.post(TEXT).await, 503, "The translation service cannot be reached");
    assert_eq!(frontend.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn an_overloaded_backend_is_passed_on_with_its_time() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    backend.behave(Behaviour::Overloaded);
    let answer = frontend.post(TEXT).await;
    assert_ours(&answer, 503, "Too many translations at once");
    assert_eq!(answer.header("retry-after"), "7");
    backend.behave(Behaviour::Unavailable);
    assert_ours(&frontend.post(TEXT).await, 503, "The translation service cannot be reached");
}

#[tokio::test]
async fn a_backend_that_stays_silent_is_given_up() {
    for limit in ["--backend-read-timeout-s", "--backend-total-timeout-s"] {
        let backend = FakeBackend::start().await;
        let frontend = Frontend::with_sqlite(&["--backend-url", &backend.url(), limit, "1"]).await;
        backend.behave(Behaviour::Hold);
        assert_ours(&frontend.post(TEXT).await, 504, "The translation took too long");
    }
}

#[tokio::test]
async fn a_translation_that_breaks_off_shows_what_was_done() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    for behaviour in [Behaviour::BreakAfter(1), Behaviour::FailAfter(1), Behaviour::Babble(1)] {
        backend.behave(behaviour);
        let answer = frontend.post(TEXT).await;
        assert_ours(&answer, 502, "The translation broke off");
        assert_eq!(answer.output(), "[en] Erster Satz.", "{behaviour:?}");
        assert!(answer.page.contains("the part that was finished"), "{behaviour:?}");
    }
    backend.behave(Behaviour::BreakAfter(0));
    let answer = frontend.post(TEXT).await;
    assert_ours(&answer, 502, "The translation broke off");
    assert!(!answer.has("output"));
}

#[tokio::test]
async fn a_refusal_is_told_by_its_code() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    backend.behave(Behaviour::Refuse);
    let answer = frontend.post(TEXT).await;
    assert_refused(&answer, 400, "The translation service does not take it.");
    assert_eq!(answer.text(), TEXT);
}

#[tokio::test]
async fn a_blank_text_is_asked_for() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    for text in ["", "  \r\n\t\u{a0}"] {
        assert_refused(&frontend.post(text).await, 400, "Type or paste some text first.");
    }
    assert_eq!(backend.received(), 0);
}

#[tokio::test]
async fn a_form_without_the_field_is_told_its_name() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    for body in ["", "texts=Hallo", "text"] {
        assert_refused(&frontend.post_raw(URLENCODED, body).await, 400, "no field named “text”");
    }
}

#[tokio::test]
async fn what_is_no_form_is_told_so() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    assert_refused(&frontend.post_raw("application/json", "{}").await, 415, "takes forms of the type");
    let cut = "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nHal";
    assert_refused(
        &frontend.post_raw("multipart/form-data; boundary=b", cut).await,
        400,
        "ends in the middle",
    );
}

#[tokio::test]
async fn bytes_of_another_encoding_are_placed_and_the_rest_kept() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let answer = frontend.post_raw(URLENCODED, "text=Guten+Tag%0D%0AGr%FC%DFe").await;
    assert_refused(&answer, 400, "From line 2, character 3 on");
    assert_eq!(answer.text(), "Guten Tag\r\nGr\u{fffd}\u{fffd}e");
    assert_eq!(backend.received(), 0);
}

#[tokio::test]
async fn a_nul_is_placed_and_the_text_kept() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let answer = frontend.post("Guten Tag\r\nwie\0geht").await;
    assert_refused(&answer, 400, "There is one at line 2, character 4");
    assert!(answer.text().starts_with("Guten Tag"), "{}", answer.text());
    assert_eq!(backend.received(), 0);
}

#[tokio::test]
async fn a_text_that_is_too_long_names_the_limit() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::with_sqlite(&["--backend-url", &backend.url(), "--max-body-mb", "1"]).await;
    let somewhat = "Zu lang. ".repeat(130_000);
    let answer = frontend.post(&somewhat).await;
    assert_refused(&answer, 413, "At most 1 MB can be translated at a time.");
    assert!(answer.text() == somewhat, "a text somewhat too long was lost");
    let answer = frontend.post(&"a".repeat(100 << 20)).await;
    assert_refused(&answer, 413, "At most 1 MB can be translated at a time.");
    assert_eq!(answer.text(), "");
    assert_eq!(backend.received(), 0);
}
