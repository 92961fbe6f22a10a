//! Each browser sees its own history.

use clap::Parser as _;
use frontend::{App, Config};
use testkit::backend::{Behaviour, FakeBackend};

use crate::helpers::{Answer, Frontend, until};

/// A browser with its cookie.
struct Browser<'a> {
    frontend: &'a Frontend,
    cookie: String,
}

impl<'a> Browser<'a> {
    fn new(frontend: &'a Frontend) -> Self {
        Self { frontend, cookie: String::new() }
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let answer = Answer::of(request.header("cookie", &self.cookie).send().await.unwrap()).await;
        if let Some(pair) = answer.header("set-cookie").split(';').next().filter(|pair| !pair.is_empty()) {
            pair.clone_into(&mut self.cookie);
        }
        answer
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(self.frontend.http.get(format!("{}{path}", self.frontend.url))).await
    }

    async fn post(&mut self, path: &str, text: &str) -> Answer {
        let post = self.frontend.http.post(format!("{}{path}", self.frontend.url));
        self.send(post.form(&[("text", text)])).await
    }

    async fn history(&mut self) -> Vec<String> {
        let history = self.get("/history").await;
        [history.links("/jobs/"), history.links("/translations/")].concat()
    }
}

#[tokio::test]
async fn every_browser_lists_what_was_translated_with_it() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::with_sqlite(&["--backend-url", &backend.url(), "--history", "own"]).await;
    let (mut first, mut second) = (Browser::new(&frontend), Browser::new(&frontend));
    assert!(first.history().await.is_empty() && first.cookie.is_empty(), "reading sets no cookie");
    let posted = first.post("/", "Eins.").await;
    let cookie = posted.header("set-cookie").to_owned();
    assert!(cookie.contains("; HttpOnly; SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    let mut own = vec![posted.location().to_owned()];
    own.insert(0, first.post("/", "Zwei.").await.location().to_owned());
    assert!(second.history().await.is_empty());
    let others = second.post("/", "Drei.").await.location().to_owned();
    assert_eq!((first.history().await, second.history().await), (own.clone(), vec![others]));
    assert_eq!(second.get(&own[0]).await.status, 200, "who has the address can read it");
    second.cookie = first.cookie.replace("history=0", "history=1");
    assert!(second.history().await.is_empty(), "a forged cookie is nobody's");
    assert!(first.get("/history").await.page.contains("Only this browser sees this list"));
}

#[tokio::test]
async fn only_its_owner_can_cancel_or_delete_a_job() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::with_sqlite(&["--backend-url", &backend.url(), "--history", "own"]).await;
    let (mut owner, mut other) = (Browser::new(&frontend), Browser::new(&frontend));
    other.post("/", "Kurz.").await;
    backend.behave(Behaviour::Hold);
    let job = owner.post("/", &"Ein langer Text.\n".repeat(1000)).await.location().to_owned();
    assert_eq!(other.post(&format!("{job}/delete"), "").await.status, 404);
    other.post(&format!("{job}/cancel"), "").await;
    assert!(owner.get(&job).await.has("cancel"), "another browser's cancelling changes nothing");
    assert_eq!(owner.post(&format!("{job}/cancel"), "").await.location(), job);
    assert!(owner.get(&job).await.has("resume"));
    backend.behave(Behaviour::Translate);
    let permalink = owner.post("/", "Meins.").await.location().to_owned();
    assert_eq!(other.post(&format!("{permalink}/delete"), "").await.status, 404);
    other.post("/history/delete", "").await;
    assert!(other.history().await.is_empty());
    assert!(!other.get("/history/export?format=jsonl").await.page.contains("Meins"));
    assert_eq!(owner.history().await, [job.clone(), permalink.clone()]);
    owner.post(&format!("{permalink}/delete"), "").await;
    assert_eq!(owner.history().await, [job]);
}

#[tokio::test]
async fn a_shared_history_sets_no_cookie() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let (mut first, mut second) = (Browser::new(&frontend), Browser::new(&frontend));
    let posted = first.post("/", "Eins.").await.location().to_owned();
    assert!(first.cookie.is_empty());
    assert_eq!(second.history().await, [posted]);
    assert!(second.get("/history").await.page.contains("Everyone who can open this page sees the same"));
}

#[tokio::test]
async fn without_a_key_or_with_a_short_one_nothing_starts() {
    #[derive(clap::Parser)]
    struct Arguments {
        #[command(flatten)]
        config: Config,
    }
    let start = async |flags: &[&str]| {
        let fixed: &[&str] = &["frontend", "--listen", "127.0.0.1:0", "--db-user", "u", "--db-password", "p"];
        let error = App::build(Arguments::parse_from([fixed, flags].concat()).config).await.err();
        error.map(|error| format!("{error:#}")).unwrap_or_default()
    };
    assert!(start(&[]).await.contains("set COOKIE_KEY or COOKIE_KEY_FILE"));
    let short = start(&["--cookie-key", "kurz"]).await;
    assert!(short.contains("COOKIE_KEY is too short") && !short.contains("kurz"), "{short}");
    assert_eq!(start(&["--cookie-key", "0123456789abcdef"]).await, "");
    assert_eq!(start(&["--history", "shared"]).await, "");
}

#[tokio::test]
async fn only_its_owner_can_cancel_or_delete_a_file_and_whoever_has_the_address_reads_it() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::with_sqlite(&["--backend-url", &backend.url(), "--history", "own"]).await;
    let (mut owner, mut other) = (Browser::new(&frontend), Browser::new(&frontend));
    other.post("/", "Kurz.").await;
    backend.behave(Behaviour::Hold);
    let part = reqwest::multipart::Part::text("<p>Ein Wort.").file_name("a.html");
    let form = reqwest::multipart::Form::new().part("file", part).text("what", "file");
    let job = owner.send(frontend.http.post(&frontend.url).multipart(form)).await.location().to_owned();
    assert!(owner.cookie.starts_with("history="), "{}", owner.cookie);
    assert_eq!(other.post(&format!("{job}/delete"), "").await.status, 404);
    other.post(&format!("{job}/cancel"), "").await;
    assert!(other.get(&job).await.has("cancel"), "another browser's cancelling changes nothing");
    owner.post(&format!("{job}/cancel"), "").await;
    other.post(&format!("{job}/resume"), "").await;
    assert!(other.get(&job).await.has("resume"), "nor does its going on");
    assert_eq!(other.get(&format!("{job}/result")).await.page, "<p>Ein Wort.");

    backend.behave(Behaviour::Translate);
    owner.post(&format!("{job}/resume"), "").await;
    let permalink = until(&frontend, &job, |page| page.status == 303).await.location().to_owned();
    assert_eq!(other.post(&format!("{permalink}/delete"), "").await.status, 404);
    other.post("/history/delete", "").await;
    for file in ["file", "original"] {
        assert_eq!(other.get(&format!("{permalink}/{file}")).await.status, 200);
    }
    owner.post("/history/delete", "").await;
    assert_eq!(other.get(&format!("{permalink}/file")).await.status, 404);
    assert_eq!(other.get(&format!("{permalink}/original")).await.status, 404);
}
