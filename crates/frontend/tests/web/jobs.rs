//! Long texts: stored first, translated in the background, resumed after whatever happens.

use std::collections::HashSet;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use testkit::backend::{Behaviour, ClosedPort, FakeBackend, translated};

use crate::helpers::{Answer, Frontend, until};

/// So many lines, each another.
fn lines(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("Das ist die Zeile mit der Nummer {n} und mehr.\n")).collect()
}

/// Posts a long text and returns the address of its job.
async fn begin(frontend: &Frontend, text: &str) -> String {
    let address = frontend.post(text).await.location().to_owned();
    assert!(address.starts_with("/jobs/"), "{address}");
    address
}

/// Waits until a job has become a translation and returns its page.
async fn finished(frontend: &Frontend, job: &str) -> Answer {
    let permalink = until(frontend, job, |answer| answer.status == 303).await.location().to_owned();
    assert_eq!(permalink, job.replace("/jobs/", "/translations/"));
    frontend.get(&permalink).await
}

fn assert_whole(page: &Answer, lines: &[String]) {
    assert!(page.text() == lines.concat(), "the source changed");
    assert!(page.output() == lines.iter().map(|line| translated(line)).collect::<String>());
}

/// No sentence was sent by the backend twice.
fn assert_none_repeated(backend: &FakeBackend) {
    let sentences = backend.sentences();
    assert_eq!(sentences.iter().collect::<HashSet<_>>().len(), sentences.len());
}

#[tokio::test]
async fn a_megabyte_is_translated_line_by_line() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let lines = lines(20_000);
    assert!(lines.concat().len() > 950_000);
    let job = begin(&frontend, &lines.concat().replace('\n', "\r\n")).await;
    assert_whole(&finished(&frontend, &job).await, &lines);
    assert_none_repeated(&backend);
    assert_eq!(
        frontend.get("/history").await.links("/translations/"),
        [job.replace("/jobs/", "/translations/")]
    );
}

#[tokio::test]
async fn a_job_is_shown_on_its_page_and_in_the_history_while_it_runs() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    backend.behave(Behaviour::Hold);
    let job = begin(&frontend, &lines(1000).concat()).await;
    backend.wait_until_received(1).await;
    let page = frontend.get(&job).await;
    assert_eq!(page.status, 200);
    assert!(page.page.contains("http-equiv=\"refresh\"") && page.has("cancel") && page.has("progress"));
    let history = frontend.get("/history").await;
    assert_eq!(history.links("/jobs/"), std::slice::from_ref(&job));
    assert!(history.page.contains("0 % translated"), "{}", history.page);
    let progress = frontend.get(&format!("{job}/progress?from=0")).await;
    assert_eq!(progress.header("content-type"), "application/json");
    assert!(progress.page.contains("\"state\":\"open\"") && progress.page.contains("\"pieces\":[]"));
    backend.behave(Behaviour::Translate);
    finished(&frontend, &job).await;
    assert!(frontend.get("/history").await.links("/jobs/").is_empty());
    let script = frontend.get(&format!("{job}/progress?from=0")).await;
    assert_eq!(script.location(), job.replace("/jobs/", "/translations/"));
}

#[tokio::test]
async fn a_restart_of_the_frontend_goes_on_where_it_stopped() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let lines = lines(1000);
    backend.behave(Behaviour::BreakAfter(5));
    let job = begin(&frontend, &lines.concat()).await;
    backend.wait_until_received(2).await;
    backend.behave(Behaviour::Hold);
    backend.wait_until_received(3).await;
    let data = frontend.stop().await.unwrap();
    assert!(!backend.sentences().is_empty());

    let frontend = Frontend::on(data, &["--backend-url", &backend.url()]).await;
    backend.behave(Behaviour::Translate);
    assert_whole(&finished(&frontend, &job).await, &lines);
    assert_none_repeated(&backend);
}

#[tokio::test]
async fn a_backend_that_is_restarted_in_the_middle_is_waited_for() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    for (number, behaviour) in [Behaviour::BreakAfter(7), Behaviour::Unavailable].into_iter().enumerate() {
        let lines = lines(1000);
        let lines: Vec<_> = lines.into_iter().map(|line| format!("{number}: {line}")).collect();
        backend.behave(behaviour);
        let job = begin(&frontend, &lines.concat()).await;
        backend.wait_until_received(backend.received() + 1).await;
        backend.behave(Behaviour::Translate);
        assert_whole(&finished(&frontend, &job).await, &lines);
    }
    assert_none_repeated(&backend);
}

#[tokio::test]
async fn a_cancelled_job_keeps_what_is_finished_and_can_go_on() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let lines = lines(20_000);
    let job = begin(&frontend, &lines.concat()).await;
    until(&frontend, &job, |page| page.page.contains("[en] ")).await;
    backend.behave(Behaviour::Hold);
    assert_eq!(frontend.post_to(&format!("{job}/cancel")).await.location(), job);
    let page = frontend.get(&job).await;
    assert!(page.page.contains("<h1>Cancelled</h1>") && page.has("resume"), "{}", page.page);
    let result = frontend.get(&format!("{job}/result")).await;
    assert_eq!(result.header("content-type"), "text/plain; charset=utf-8");
    assert!(result.header("content-disposition").contains("translation.txt"));
    let whole: String = lines.iter().map(|line| translated(line)).collect();
    assert!(whole.starts_with(&result.page) && result.page.len() > 1000);

    backend.behave(Behaviour::Translate);
    assert_eq!(frontend.post_to(&format!("{job}/resume")).await.location(), job);
    assert_whole(&finished(&frontend, &job).await, &lines);
}

#[tokio::test]
async fn a_deleted_job_is_gone() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    backend.behave(Behaviour::Hold);
    let job = begin(&frontend, &lines(1000).concat()).await;
    assert_eq!(frontend.post_to(&format!("{job}/delete")).await.location(), "/history");
    assert_eq!(frontend.get(&job).await.status, 404);
    assert_eq!(frontend.post_to(&format!("{job}/delete")).await.status, 404);
}

#[tokio::test]
async fn a_deleted_job_leaves_none_of_its_sentences_behind() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let text = lines(20_000).concat();
    let first = text.lines().next().unwrap();
    let job = begin(&frontend, &text).await;
    until(&frontend, &format!("{job}/progress?from=0"), |answer| answer.page.contains(first)).await;
    backend.behave(Behaviour::Hold);
    assert_eq!(frontend.post_to(&format!("{job}/delete")).await.location(), "/history");
    backend.behave(Behaviour::Translate);
    finished(&frontend, &begin(&frontend, &text).await).await;
    let times = backend.sentences().iter().filter(|sentence| *sentence == first).count();
    assert_eq!(times, 2, "it was remembered");
}

#[tokio::test]
async fn nothing_stays_of_what_was_under_way_when_a_job_was_deleted() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    backend.behave(Behaviour::BreakAfter(7));
    let job = begin(&frontend, &lines(1000).concat()).await;
    wait_for_remembered(&frontend, |sentences| sentences > 0).await;
    assert_eq!(frontend.post_to(&format!("{job}/delete")).await.location(), "/history");
    wait_for_remembered(&frontend, |sentences| sentences == 0).await;
}

/// Waits until so many sentences are remembered.
async fn wait_for_remembered(frontend: &Frontend, enough: impl Fn(i64) -> bool) {
    let options = SqliteConnectOptions::new().filename(frontend.sqlite_file()).read_only(true);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    for _ in 0..600 {
        let count = sqlx::query_scalar("SELECT count(*) FROM sentences");
        if enough(count.fetch_one(&mut database).await.unwrap()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the sentences remembered did not become what they should in 30 seconds");
}

#[tokio::test]
async fn a_refused_text_fails_and_says_why() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    backend.behave(Behaviour::Refuse);
    let job = begin(&frontend, &lines(1000).concat()).await;
    let page = until(&frontend, &job, |page| page.has("alert")).await;
    assert!(page.words("alert").contains("The translation service does not take it."), "{}", page.page);
    assert!(page.has("resume") && page.has("delete"));
}

#[tokio::test]
async fn of_a_changed_text_only_the_changed_sentence_is_translated_again() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let mut lines = lines(1000);
    let job = begin(&frontend, &lines.concat()).await;
    finished(&frontend, &job).await;
    assert_eq!(backend.sentences().len(), 1000);
    lines[500] = "Diese Zeile ist neu.\n".to_owned();
    let job = begin(&frontend, &lines.concat()).await;
    assert_whole(&finished(&frontend, &job).await, &lines);
    assert_eq!(backend.sentences()[1000..], ["Diese Zeile ist neu."]);
}

#[tokio::test]
async fn without_the_database_a_long_text_is_translated_at_once() {
    let (backend, database) = (FakeBackend::start().await, ClosedPort::take());
    let frontend =
        Frontend::with_mysql(&backend.url(), database.address().port(), "translation", "u", "p").await;
    let lines = lines(1000);
    let answer = frontend.post(&lines.concat()).await;
    assert_eq!(answer.status, 200);
    assert_whole(&answer, &lines);
    assert!(answer.page.contains("not stored yet"));
}
