//! The SQL page: what a query shows, and what it cannot do.

use anyhow::Result;
use e2e::{BrowserOptions, ProgramOptions, axe};

use crate::stage::Stage;

const MARKUP: &str = "<img src=x onerror=\"document.title='attacked'\"> Guten Morgen!";

/// With one translation in the history.
async fn stage() -> Result<Stage> {
    let program = ProgramOptions { frontend: &["--sql-page"], ..ProgramOptions::default() };
    let stage = Stage::with(program, BrowserOptions::default()).await?;
    stage.open("/").await?;
    stage.browser.paste("#text", MARKUP).await?;
    stage.browser.click("#form button[type=submit]").await?;
    stage.browser.until("location.pathname.startsWith('/translations/')").await?;
    Ok(stage)
}

async fn ask(stage: &Stage, query: &str) -> Result<()> {
    let Stage { browser, .. } = stage;
    stage.open("/sql").await?;
    browser.paste("#query", query).await?;
    browser.click("main form button.primary").await?;
    browser.until("Boolean(document.querySelector('#alert, #result'))").await
}

#[tokio::test]
async fn a_query_shows_its_result_as_text_whatever_that_is() -> Result<()> {
    let stage = stage().await?;
    let Stage { browser, .. } = &stage;
    stage.open("/sql").await?;
    axe::check(browser, "the SQL page").await?;
    ask(&stage, "SELECT * FROM history").await?;
    assert!(browser.text("table").await?.contains(MARKUP), "{}", browser.text("table").await?);
    assert!(!browser.sees("table img").await?);
    axe::check(browser, "the result of a query").await?;
    ask(&stage, "SELECT '<script>document.title = 1</script>' AS \"<b>name</b>\"").await?;
    assert_eq!(browser.text("th").await?, "<b>name</b>");
    assert_eq!(browser.text("td").await?, "<script>document.title = 1</script>");
    assert!(browser.eval("document.title.startsWith('SQL')").await?);
    Ok(())
}

#[tokio::test]
async fn attacks_are_refused_and_the_history_is_as_it_was() -> Result<()> {
    let stage = stage().await?;
    let Stage { browser, .. } = &stage;
    let attacks = [
        "DELETE FROM translations",
        "DROP TABLE translations",
        "UPDATE translations SET target_text = ''",
        "SELECT 1; DELETE FROM translations",
        "WITH x AS (SELECT 1) DELETE FROM translations",
        "SELECT * FROM translations",
        "SELECT * FROM jobs",
        "SELECT sql FROM sqlite_master",
        "ATTACH DATABASE '/tmp/attack.sqlite' AS attack",
        "PRAGMA writable_schema = 1",
        "SELECT load_extension('attack')",
        "SELECT readfile('/etc/passwd')",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    ];
    for attack in attacks {
        ask(&stage, attack).await?;
        assert!(browser.sees("#alert").await?, "{attack} has a result");
        assert_eq!(browser.value("#query").await?, attack, "it stays to be mended");
    }
    axe::check(browser, "a refused query").await?;
    stage.open("/history").await?;
    assert!(browser.text(".entries").await?.contains("Guten Morgen!"));
    Ok(())
}

#[tokio::test]
async fn without_the_operators_word_there_is_no_such_page() -> Result<()> {
    let stage = Stage::set().await?;
    stage.open("/sql").await?;
    assert!(!stage.browser.sees("#query").await?);
    assert_eq!(stage.browser.text("h1").await?, "Page not found");
    Ok(())
}
