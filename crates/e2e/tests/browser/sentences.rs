//! A sentence, its counterpart and other translations of it.

use anyhow::Result;
use thirtyfour::Key;

use crate::stage::Stage;

const TEXT: &str = "Guten Morgen! Der Zug hat zwanzig Minuten Verspätung.";
const SECOND: &str = "#output .sentence:nth-of-type(2)";

async fn translated() -> Result<Stage> {
    let stage = Stage::set().await?;
    stage.open("/").await?;
    stage.browser.type_into("#text", TEXT).await?;
    stage.browser.until_text("#output", "Good morning. The train is twenty minutes late.").await?;
    Ok(stage)
}

#[tokio::test]
async fn a_click_on_a_sentence_shows_its_counterpart_and_other_translations_to_choose_from() -> Result<()> {
    let Stage { browser, program: _program } = translated().await?;
    browser.click(SECOND).await?;
    let selected = "const { value, selectionStart, selectionEnd } = document.getElementById('text'); \
                    return value.slice(selectionStart, selectionEnd)";
    let original: String = browser.run(selected, Vec::new()).await?;
    assert_eq!(original, "Der Zug hat zwanzig Minuten Verspätung.");
    browser.until(&format!("document.querySelector('{SECOND}').matches('.current')")).await?;

    browser.until("document.querySelector('#alternatives button').checkVisibility()").await?;
    let other = browser.text("#alternatives button").await?;
    assert_ne!(other, "The train is twenty minutes late.");
    browser.click("#alternatives button").await?;
    assert_eq!(browser.text("#output").await?, format!("Good morning. {other}"));
    assert!(!browser.sees("#alternatives").await?, "the choice is made");

    // it stays chosen when the text goes on
    browser.click("#text").await?;
    browser.press(Key::Control + Key::End).await?;
    browser.press(" Danke!").await?;
    browser.until_text("#output", "Thank").await?;
    assert!(browser.text("#output").await?.starts_with(&format!("Good morning. {other}")));
    Ok(())
}

#[tokio::test]
async fn the_counterpart_follows_the_cursor() -> Result<()> {
    let Stage { browser, program: _program } = translated().await?;
    browser.until(&format!("document.querySelector('{SECOND}').matches('.current')")).await?;
    browser.press(Key::Control + Key::Home).await?;
    browser.until("document.querySelector('#output .sentence').matches('.current')").await?;
    assert!(browser.eval(&format!("!document.querySelector('{SECOND}').matches('.current')")).await?);
    Ok(())
}

#[tokio::test]
async fn escape_closes_the_other_translations() -> Result<()> {
    let Stage { browser, program: _program } = translated().await?;
    browser.click(SECOND).await?;
    browser.until("!document.getElementById('alternatives').hidden").await?;
    browser.press(Key::Escape).await?;
    assert!(!browser.sees("#alternatives").await?);
    Ok(())
}
