//! In which language and how bright pages are.

use reqwest::header::{ACCEPT_LANGUAGE, COOKIE};
use testkit::backend::FakeBackend;

use crate::helpers::{Answer, Frontend};

async fn get(frontend: &Frontend, path: &str, headers: &[(&str, &str)]) -> Answer {
    let get = frontend.http.get(format!("{}{path}", frontend.url));
    let get = headers.iter().fold(get, |get, (name, value)| get.header(*name, *value));
    Answer::of(get.send().await.unwrap()).await
}

async fn choose(frontend: &Frontend, fields: &[(&str, &str)]) -> Answer {
    let post = frontend.http.post(format!("{}/settings", frontend.url)).form(fields);
    Answer::of(post.send().await.unwrap()).await
}

#[tokio::test]
async fn the_language_follows_the_browser_until_another_is_chosen() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let german = (ACCEPT_LANGUAGE.as_str(), "de-DE,de;q=0.9,en;q=0.5");
    for path in ["/", "/history", "/nothing", "/history/delete"] {
        let page = get(&frontend, path, &[german]).await;
        assert!(page.page.contains("<html lang=\"de\">") && page.page.contains(">Verlauf</a>"), "{path}");
        assert_eq!(page.header("vary"), "accept-language, cookie");
        let page = get(&frontend, path, &[]).await;
        assert!(page.page.contains("<html lang=\"en\">") && page.page.contains(">History</a>"), "{path}");
    }

    let chosen = choose(&frontend, &[("language", "en"), ("to", "/history?before=1.2")]).await;
    assert_eq!(chosen.location(), "/history?before=1.2");
    let cookie = chosen.header("set-cookie");
    assert_eq!(cookie, "language=en; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax");
    let page = get(&frontend, "/", &[german, (COOKIE.as_str(), "a=b; language=en")]).await;
    assert!(page.page.contains("<html lang=\"en\">"), "{}", page.page);
    let page = get(&frontend, "/", &[german, (COOKIE.as_str(), "language=xx")]).await;
    assert!(page.page.contains("<html lang=\"de\">"), "{}", page.page);
}

#[tokio::test]
async fn light_or_dark_is_in_the_page_itself_once_it_is_chosen() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let chosen = choose(&frontend, &[("theme", "dark"), ("to", "https://evil.example/")]).await;
    assert_eq!(chosen.location(), "/");
    assert!(chosen.header("set-cookie").starts_with("theme=dark; "));
    let page = get(&frontend, "/history", &[(COOKIE.as_str(), "theme=dark")]).await;
    assert!(page.page.contains("<html lang=\"en\" data-theme=\"dark\">"), "{}", page.page);
    assert!(page.page.contains("<meta name=\"color-scheme\" content=\"dark\">"));
    let page = get(&frontend, "/history", &[(COOKIE.as_str(), "theme=\"><script>")]).await;
    assert!(page.page.contains("<html lang=\"en\">"), "{}", page.page);
}

#[tokio::test]
async fn what_was_typed_survives_a_change_of_the_language() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let typed = "Schon viel getippt.\nUnd <b>mehr</b>.";
    let fields = [("text", typed), ("language", "de"), ("source", "de"), ("target", "en"), ("to", "/")];
    let page = choose(&frontend, &fields).await;
    assert_eq!((page.status, page.text().as_str()), (200, typed));
    assert!(page.page.contains("<html lang=\"de\">"), "{}", page.page);
    assert!(page.header("set-cookie").starts_with("language=de; "));
    assert_eq!(backend.received(), 0);
    // a translation is shown again if its text was not touched
    let permalink = frontend.post("Guten\nMorgen").await.location().to_owned();
    let fields = |text| [("text", text), ("language", "de"), ("to", permalink.as_str())];
    assert_eq!(choose(&frontend, &fields("Guten\r\nMorgen")).await.location(), permalink);
    assert_eq!(choose(&frontend, &fields("Guten Abend")).await.text(), "Guten Abend");
    // whoever reloads that page later is not stranded
    assert_eq!(frontend.get("/settings").await.location(), "/");
    assert_eq!(
        choose(&frontend, &[("text", ""), ("theme", "light"), ("to", "/?source=de")]).await.location(),
        "/?source=de"
    );
}

#[tokio::test]
async fn failures_are_told_in_the_language_of_the_visitor() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let post = |path: &str| {
        let post = frontend.http.post(format!("{}{path}", frontend.url));
        post.header(ACCEPT_LANGUAGE, "de").header("content-type", "application/x-www-form-urlencoded")
    };
    let answer = Answer::of(post("/").body("text=+").send().await.unwrap()).await;
    assert_eq!(answer.status, 400);
    assert!(answer.words("alert").starts_with("Es gibt nichts zu übersetzen"), "{}", answer.page);
    let answer = Answer::of(post("/live").body("{}").send().await.unwrap()).await;
    assert!(answer.page.contains("Das war kein Text"), "{}", answer.page);
    let answer =
        Answer::of(post("/").header("origin", "http://evil.example").body("").send().await.unwrap()).await;
    assert_eq!(answer.status, 403);
    assert!(answer.page.contains("<h1>Abgelehnt</h1>"), "{}", answer.page);
}
