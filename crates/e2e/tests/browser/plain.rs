//! The page without JavaScript.

use anyhow::Result;
use e2e::{BrowserOptions, ProgramOptions, text};

use crate::stage::Stage;

async fn stage() -> Result<Stage> {
    let program = ProgramOptions { threads: 1.try_into().ok(), ..ProgramOptions::default() };
    Stage::with(program, BrowserOptions { scripts: false, ..BrowserOptions::default() }).await
}

#[tokio::test]
async fn the_form_works_without_scripts() -> Result<()> {
    let stage = stage().await?;
    let Stage { browser, .. } = &stage;
    stage.open("/").await?;
    for hidden in ["#copy", "#download", "#clear"] {
        assert!(!browser.sees(hidden).await?, "{hidden} would do nothing");
    }
    browser.type_into("#text", "Der Zug hat zwanzig Minuten Verspätung.").await?;
    browser.click("#form button[type=submit]").await?;
    browser.until("location.pathname.startsWith('/translations/')").await?;
    assert_eq!(browser.text("#output").await?, "The train is twenty minutes late.");
    assert_eq!(browser.value("#text").await?, "Der Zug hat zwanzig Minuten Verspätung.");
    Ok(())
}

#[tokio::test]
async fn the_page_of_a_job_reloads_itself_without_scripts_until_the_translation_is_there() -> Result<()> {
    let stage = stage().await?;
    let Stage { browser, .. } = &stage;
    stage.open("/").await?;
    browser.paste("#text", &text::german(12_000)).await?;
    browser.click("#form button[type=submit]").await?;
    browser.until("location.pathname.startsWith('/translations/')").await?;
    assert!(browser.text("#output").await?.contains("trees"));
    Ok(())
}
