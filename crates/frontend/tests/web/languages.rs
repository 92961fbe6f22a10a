//! Several pairs: the choice of languages, and languages that are found out.

use serde_json::{Value, json};
use testkit::backend::FakeBackend;

use crate::helpers::{Answer, Frontend, until};

const PAIRS: [(&str, &str); 4] = [("de", "en"), ("en", "de"), ("fr", "en"), ("de", "fr")];

async fn start() -> (FakeBackend, Frontend) {
    let backend = FakeBackend::with_pairs(&PAIRS).await;
    let frontend = Frontend::start(&backend).await;
    (backend, frontend)
}

fn pair(source: &str, target: &str) -> (String, String) {
    (source.to_owned(), target.to_owned())
}

/// A text that is a job.
fn long(first: &str) -> String {
    format!("{first}\n{}", "Noch eine Zeile mit Worten.\n".repeat(1000))
}

#[tokio::test]
async fn a_single_pair_is_named_and_not_chosen() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let posted = frontend.post("Hallo").await;
    for path in ["/", posted.location()] {
        let page = frontend.get(path).await;
        assert!(page.page.contains("<h1>Translate German to English</h1>"), "{}", page.page);
        assert!(!page.page.contains("<select") && !page.has("swap") && !page.has("detected"));
    }
    assert!(!frontend.get("/?source=auto&target=en").await.page.contains("<select"));
}

#[tokio::test]
async fn the_languages_there_are_can_be_chosen() {
    let (_backend, frontend) = start().await;
    let page = frontend.get("/").await;
    let sources = ["auto", "de", "en", "fr"].map(str::to_owned).to_vec();
    let targets = ["en", "de", "fr"].map(str::to_owned).to_vec();
    assert_eq!(page.choice("from"), ("auto".to_owned(), sources.clone()));
    assert_eq!(page.choice("to"), ("en".to_owned(), targets.clone()));
    assert!(page.page.contains("Detect language") && page.has("swap"));
    let offered = page.page.split_once("data-pairs=\"").unwrap().1.split_once('"').unwrap().0;
    let offered: Value = serde_json::from_str(&offered.replace("&quot;", "\"")).unwrap();
    let expected = json!({ "auto": ["en", "de", "fr"], "de": ["en", "fr"], "en": ["de"], "fr": ["en"] });
    assert_eq!(offered, expected);

    let page = frontend.get("/?source=de&target=fr").await;
    assert_eq!((page.choice("from"), page.choice("to")), (("de".into(), sources), ("fr".into(), targets)));
}

#[tokio::test]
async fn a_text_is_translated_in_the_chosen_pair_and_its_page_keeps_the_choice() {
    let (backend, frontend) = start().await;
    let posted = frontend.post_in("Bonjour", "fr", "en").await;
    assert!(!posted.location().contains('?'), "{}", posted.location());
    let page = frontend.get(posted.location()).await;
    assert_eq!((page.choice("from").0.as_str(), page.choice("to").0.as_str()), ("fr", "en"));
    assert!(page.page.contains("<code>fake-fr-en</code>") && page.page.contains("French to English"));
    assert_eq!(page.words("detected").split(' ').next(), Some("⇄"), "nothing was found out");
    assert_eq!(page.links("/?source"), ["/?source=fr&amp;target=en"]);

    let page = frontend.get(frontend.post_in("Hallo", "de", "fr").await.location()).await;
    assert_eq!((page.output().as_str(), page.choice("to").0.as_str()), ("[fr] Hallo", "fr"));
    let page = frontend.get(frontend.post("Ohne Wahl").await.location()).await;
    assert_eq!(page.output(), "[en] Ohne Wahl");
    assert_eq!(backend.directions(), [pair("fr", "en"), pair("de", "fr"), pair("de", "en")]);
}

#[tokio::test]
async fn a_pair_that_is_not_there_is_told_and_the_text_kept() {
    let (backend, frontend) = start().await;
    let long = long("Lang.");
    for text in ["Bonjour\n<à> tous", &long] {
        let answer = frontend.post_in(text, "fr", "de").await;
        assert_eq!(answer.status, 400);
        let words = answer.words("alert");
        assert!(words.contains("No model here translates French to German."), "{words}");
        assert!(words.contains("French can be translated to English"), "{words}");
        assert_eq!(answer.text(), text);
        assert_eq!((answer.choice("from").0.as_str(), answer.choice("to").0.as_str()), ("fr", "de"));
    }
    let answer = frontend.post_in("Hallo", "<i>", "en").await;
    assert_eq!((answer.status, answer.text().as_str()), (400, "Hallo"));
    assert_eq!(answer.choice("from").0, "&lt;i&gt;");
    assert!(answer.words("alert").contains("No model here translates <i> to English."));
    let answer = frontend.post_in("Hallo", "auto", "ja").await;
    assert!(answer.words("alert").contains("Nothing is translated to Japanese here."));
    assert_eq!(backend.received(), 0);

    let single = FakeBackend::start().await;
    let frontend = Frontend::start(&single).await;
    let answer = frontend.post_in("Hallo", "auto", "en").await;
    assert!(answer.words("alert").contains("Languages cannot be detected here."), "{}", answer.page);
    assert_eq!((answer.status, answer.text().as_str(), single.received()), (400, "Hallo", 0));
}

#[tokio::test]
async fn a_language_that_was_found_out_is_shown() {
    let (backend, frontend) = start().await;
    for (text, language, label) in
        [("fr: Bonjour", "fr", "Detected: French"), ("Hallo", "de", "Probably German (50 % sure)")]
    {
        let posted = frontend.post_in(text, "auto", "en").await;
        let page = frontend.get(posted.location()).await;
        assert_eq!(page.output(), format!("[en] {text}"));
        assert_eq!(page.links("/translations/"), [posted.location()]);
        assert!(page.words("detected").starts_with(label), "{}", page.page);
        assert_eq!((page.choice("from").0.as_str(), page.choice("to").0.as_str()), ("auto", "en"));
        assert!(page.page.contains(&format!("lang=\"{language}\"")), "{}", page.page);
    }
    assert!(frontend.get("/history").await.page.contains("French to English"));
    assert_eq!(backend.received(), 2);
}

#[tokio::test]
async fn a_text_in_the_target_language_is_left_as_it_is() {
    let (_backend, frontend) = start().await;
    for text in ["en: Hello".to_owned(), long("en: Hello")] {
        let posted = frontend.post_in(&text, "auto", "en").await;
        assert!(posted.location().starts_with("/translations/"), "{}", posted.location());
        let page = frontend.get(posted.location()).await;
        assert!(page.output() == text && page.choice("from").0 == "auto");
        assert!(page.page.contains("Left as it is, as it is in English already"));
    }
}

#[tokio::test]
async fn the_language_of_a_long_text_is_found_out_once() {
    let (backend, frontend) = start().await;
    backend.behave(testkit::backend::Behaviour::Hold);
    let text = long("fr: Bonjour");
    let (http, url) = (frontend.http.clone(), frontend.url.clone());
    let form = reqwest::multipart::Form::new()
        .text("source", "auto")
        .text("target", "en")
        .text("text", text.clone());
    let posting =
        tokio::spawn(async move { Answer::of(http.post(url).multipart(form).send().await.unwrap()).await });
    backend.wait_until_received(1).await;
    backend.behave(testkit::backend::Behaviour::Translate);
    let job = posting.await.unwrap().location().to_owned();
    assert!(job.starts_with("/jobs/"), "{job}");
    let done = until(&frontend, &job, |answer| {
        assert!(answer.status == 303 || answer.words("detected").starts_with("Detected: French"));
        answer.status == 303
    });
    let page = frontend.get(done.await.location()).await;
    assert!(page.text() == text && page.words("detected").starts_with("Detected: French"));
    assert_eq!(page.choice("from").0, "auto");
    let directions = backend.directions();
    assert_eq!(directions[0], pair("auto", "en"));
    assert!(
        directions.len() > 2 && directions[1..].iter().all(|one| *one == pair("fr", "en")),
        "{directions:?}"
    );
}

#[tokio::test]
async fn live_translation_tells_the_language_first_and_forgets_what_was_of_another() {
    let (backend, frontend) = start().await;
    let ask = async |body: Value| {
        let post = frontend.http.post(format!("{}/live", frontend.url)).json(&body);
        let answer = Answer::of(post.send().await.unwrap()).await;
        answer.page.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    let mut body = json!({ "text": "fr: Un\nDeux", "source": "auto", "target": "en", "known": ["Deux"] });
    let detected = json!({ "event": "detected", "language": "fr", "label": "Detected: French" });
    for (known_source, last) in [("de", json!("[en] Deux")), ("fr", Value::Null)] {
        body["known_source"] = known_source.into();
        let events = ask(body.clone()).await;
        assert_eq!((events.len(), &events[0]), (4, &detected));
        assert_eq!((&events[1]["text"], &events[2]["text"]), (&json!("[en] fr: Un"), &last));
    }
    assert_eq!(backend.directions()[1], pair("fr", "en"));
    let events = ask(json!({ "text": "en: Same", "source": "auto", "target": "en" })).await;
    assert_eq!((&events[0]["language"], &events[1]["text"]), (&json!("en"), &json!("en: Same")));
}
