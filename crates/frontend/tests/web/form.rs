//! Texts that are translated.

use api::Model;
use testkit::backend::{Behaviour, FakeBackend};

use crate::helpers::{Frontend, until};

const URLENCODED: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_text_is_translated_stored_and_shown_on_its_own_page() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;

    let form = frontend.get("/").await;
    assert_eq!(form.status, 200);
    assert!(form.page.contains("<h1>Translate German to English</h1>"), "{}", form.page);
    assert!(form.page.contains("<title>Translate German to English"), "{}", form.page);
    assert_eq!((form.text().as_str(), form.has("output"), form.has("starter")), ("", false, false));

    let posted = frontend.post("Guten Morgen!").await;
    let permalink = posted.location().to_owned();
    assert!(permalink.starts_with("/translations/"), "{permalink}");
    for _ in 0..2 {
        let page = frontend.get(&permalink).await;
        assert_eq!(page.status, 200);
        assert_eq!((page.text().as_str(), page.output().as_str()), ("Guten Morgen!", "[en] Guten Morgen!"));
        assert!(page.page.contains("<code>fake-de-en</code>") && page.page.contains("13 characters"));
        assert!(page.links("/translations/").contains(&permalink));
        assert!(!page.has("alert") && !page.has("notice"));
    }
    assert_eq!(frontend.get("/history").await.links("/translations/"), [permalink]);
    assert_eq!(backend.received(), 1);
}

#[tokio::test]
async fn a_request_keeps_its_id_on_the_way_to_the_backend() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let answer = frontend.post("Hallo").await;
    assert_eq!(backend.request_ids(), [answer.header("x-request-id")]);
}

#[tokio::test]
async fn urlencoded_forms_are_taken_too() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let posted = frontend.post_raw(URLENCODED, "text=Gr%C3%BC%C3%9Fe+an%0D%0Aalle").await;
    let page = frontend.get(posted.location()).await;
    assert_eq!(
        (page.text().as_str(), page.output().as_str()),
        ("Grüße an\nalle", "[en] Grüße an\n[en] alle")
    );
}

#[tokio::test]
async fn line_breaks_are_kept_exactly_once() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let posted = frontend.post("\r\n\r\n  Eins.\r\n\r\n\r\n\tZwei.  \r\n").await;
    let page = frontend.get(posted.location()).await;
    assert_eq!(page.text(), "\n\n  Eins.\n\n\n\tZwei.  \n");
    assert_eq!(page.output(), "\n\n  [en] Eins.\n\n\n\t[en] Zwei.  \n");
    assert!(!page.page.contains('\r'));
}

#[tokio::test]
async fn odd_texts_come_back_as_they_were() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    for text in [
        "🦔",
        "日本語のテキスト、שלום, Привет",
        "Donaudampfschiff".repeat(600).as_str(),
        "<script>alert(1)</script> </textarea></div>\"'&amp;",
        "\\', (SELECT USER()))# C:\\new\\table %s {{ 7*7 }} {% raw %}",
    ] {
        let posted = frontend.post(text).await;
        let page = frontend.get(posted.location()).await;
        assert_eq!(page.text(), text);
        assert_eq!(page.output(), format!("[en] {text}"));
        assert!(!page.page.contains("<script>alert"));
    }
}

#[tokio::test]
async fn a_visitor_who_leaves_finds_the_translation_in_the_history() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    backend.behave(Behaviour::Hold);
    let (http, url) = (frontend.http.clone(), frontend.url.clone());
    let visitor = tokio::spawn(async move {
        let form = reqwest::multipart::Form::new().text("text", "Bin gleich weg.");
        http.post(url).multipart(form).send().await
    });
    backend.wait_until_received(1).await;
    visitor.abort();
    assert!(visitor.await.unwrap_err().is_cancelled());
    // the end of the visitor's connection reaches the frontend before this request does
    assert_eq!(frontend.get("/livez").await.status, 200);
    backend.behave(Behaviour::Translate);
    let history = until(&frontend, "/history", |page| page.page.contains("[en] Bin")).await;
    assert_eq!(history.links("/translations/").len(), 1);
    assert_eq!(backend.received(), 1);
}

#[tokio::test]
async fn a_stop_waits_for_what_runs() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    backend.behave(Behaviour::Hold);
    let (http, url) = (frontend.http.clone(), frontend.url.clone());
    let visitor = tokio::spawn(async move {
        let form = reqwest::multipart::Form::new().text("text", "Noch dies.");
        http.post(url).multipart(form).send().await.unwrap().status().as_u16()
    });
    backend.wait_until_received(1).await;
    let stopping = tokio::spawn(frontend.stop());
    backend.behave(Behaviour::Translate);
    assert_eq!(visitor.await.unwrap(), 303);
    let _data = stopping.await.unwrap();
}

#[tokio::test]
async fn the_starter_model_is_named_with_the_way_to_a_better_one() {
    let model = Model { name: "starter-de-en".to_owned(), starter: true };
    let backend = FakeBackend::with_model(model).await;
    let frontend = Frontend::start(&backend).await;
    let posted = frontend.post("Hallo").await;
    for path in ["/", posted.location()] {
        let page = frontend.get(path).await;
        assert!(page.has("starter") && page.page.contains("<code>starter-de-en</code>"), "{}", page.page);
        assert!(page.page.contains("model pull"), "{}", page.page);
    }
}
