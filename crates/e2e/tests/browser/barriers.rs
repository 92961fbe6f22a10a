//! axe-core finds no barrier on any page, in any state of it.

use anyhow::Result;
use e2e::{BrowserOptions, ProgramOptions, axe};

use crate::stage::Stage;

#[tokio::test]
async fn the_form_has_no_barriers_empty_or_with_a_translation() -> Result<()> {
    let stage = Stage::set().await?;
    let Stage { browser, .. } = &stage;
    stage.open("/").await?;
    axe::check(browser, "the empty form").await?;
    browser.type_into("#text", "Guten Morgen! Der Zug hat zwanzig Minuten Verspätung.").await?;
    browser.until_text("#output", "Good morning. The train is twenty minutes late.").await?;
    axe::check(browser, "the form with a live translation").await?;
    browser.click("#output .sentence").await?;
    browser.until("!document.getElementById('alternatives').hidden").await?;
    axe::check(browser, "the form with other translations").await
}

#[tokio::test]
async fn the_choice_of_languages_has_no_barriers() -> Result<()> {
    let program = ProgramOptions { both_directions: true, ..ProgramOptions::default() };
    let stage = Stage::with(program, BrowserOptions::default()).await?;
    stage.open("/").await?;
    axe::check(&stage.browser, "the form with a choice of languages").await
}

#[tokio::test]
async fn a_barrier_is_found() -> Result<()> {
    let stage = Stage::set().await?;
    stage.open("/").await?;
    let script = "document.querySelector('label[for=text]').removeAttribute('for'); return true";
    let _: bool = stage.browser.run(script, Vec::new()).await?;
    let error = axe::check(&stage.browser, "a form without a label").await.unwrap_err().to_string();
    assert!(error.contains("label") && error.contains("textarea"), "{error}");
    Ok(())
}
