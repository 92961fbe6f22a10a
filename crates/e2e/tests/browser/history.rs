//! The history: kept, shown, taken along, deleted.

use anyhow::Result;
use e2e::axe;

use crate::stage::Stage;

/// Has texts translated one after the other.
async fn stage(texts: &[&str]) -> Result<Stage> {
    let stage = Stage::set().await?;
    for text in texts {
        stage.open("/").await?;
        stage.browser.paste("#text", text).await?;
        stage.browser.click("#form button[type=submit]").await?;
        stage.browser.until("location.pathname.startsWith('/translations/')").await?;
    }
    stage.open("/history").await?;
    Ok(stage)
}

#[tokio::test]
async fn translations_are_listed_and_deleted_one_by_one_or_all() -> Result<()> {
    let Stage { browser, program } = stage(&["Guten Morgen!", "<b>Danke</b>!", "Der Zug ist da."]).await?;
    assert_eq!(browser.eval::<usize>("document.querySelectorAll('.entry').length").await?, 3);
    assert!(browser.text(".entries").await?.contains("<b>Danke</b>!"), "markup is text");
    axe::check(&browser, "the history").await?;
    browser.click(".entries li:nth-child(2) .entry-delete button").await?;
    browser.until("document.querySelectorAll('.entry').length === 2").await?;
    assert!(!browser.text(".entries").await?.contains("Danke"));

    browser.open(&program.url("/history/delete")).await?;
    axe::check(&browser, "the question whether to delete all").await?;
    browser.click("#delete").await?;
    browser.until("location.pathname === '/history' && !document.querySelector('.entry')").await?;
    axe::check(&browser, "the empty history").await
}
