//! What can be done with a text and its translation: clear, copy, download, swap, send.

use anyhow::Result;
use e2e::{BrowserOptions, ProgramOptions};
use thirtyfour::Key;

use crate::stage::Stage;

async fn translated() -> Result<Stage> {
    let stage = Stage::set().await?;
    stage.open("/").await?;
    stage.browser.type_into("#text", "Guten Morgen!").await?;
    stage.browser.until_text("#output", "Good morning.").await?;
    Ok(stage)
}

#[tokio::test]
async fn characters_and_words_are_counted_and_a_click_clears_the_text() -> Result<()> {
    let Stage { browser, program: _program } = translated().await?;
    browser.until_text("#count", "13 characters, 2 words").await?;
    browser.click("#clear").await?;
    browser.until("document.getElementById('output').textContent === ''").await?;
    assert_eq!(browser.value("#text").await?, "");
    assert!(browser.eval("document.activeElement.id === 'text'").await?, "one can go on typing");
    assert!(!browser.sees("#copy").await? && !browser.sees("#download").await?, "there is nothing to take");
    Ok(())
}

#[tokio::test]
async fn the_translation_is_copied_with_and_without_the_clipboard_interface() -> Result<()> {
    for remove_interface in [false, true] {
        let Stage { browser, program: _program } = translated().await?;
        if remove_interface {
            let script = "Object.defineProperty(navigator, 'clipboard', { value: undefined }); return true";
            let _: bool = browser.run(script, Vec::new()).await?;
        }
        browser.click("#copy").await?;
        browser.until_text("#copy", "Copied").await?;
        browser.click("#clear").await?;
        browser.press(Key::Control + "v").await?;
        browser.until("document.getElementById('text').value === 'Good morning.'").await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_translation_is_downloaded() -> Result<()> {
    let Stage { browser, program: _program } = translated().await?;
    browser.click("#download").await?;
    assert_eq!(browser.downloaded("translation.txt").await?, b"Good morning.");
    Ok(())
}

#[tokio::test]
async fn ctrl_enter_keeps_the_translation_in_the_history() -> Result<()> {
    let Stage { browser, program } = translated().await?;
    browser.press(Key::Control + Key::Enter).await?;
    browser.until("location.pathname.startsWith('/translations/')").await?;
    assert_eq!(browser.text("#output").await?, "Good morning.");
    browser.open(&program.url("/history")).await?;
    assert!(browser.text(".entries").await?.contains("Guten Morgen!"));
    Ok(())
}

#[tokio::test]
async fn languages_and_texts_are_swapped() -> Result<()> {
    let program = ProgramOptions { both_directions: true, ..ProgramOptions::default() };
    let stage = Stage::with(program, BrowserOptions::default()).await?;
    let Stage { browser, .. } = &stage;
    stage.open("/?source=de&target=en").await?;
    browser.type_into("#text", "Guten Morgen!").await?;
    browser.until_text("#output", "Good morning.").await?;
    stage.listen().await?;
    browser.click("#swap").await?;
    assert_eq!(browser.value("#from").await?, "en");
    assert_eq!(browser.value("#to").await?, "de");
    assert_eq!(browser.value("#text").await?, "Good morning.");
    browser.until("live.length > 0").await?;
    let asked = &stage.live().await?[0]["asked"];
    assert_eq!((asked["source"].as_str(), asked["target"].as_str()), (Some("en"), Some("de")));
    assert!(
        browser.address().await?.ends_with("/?source=en&target=de"),
        "the choice is kept, the text is not"
    );
    Ok(())
}

#[tokio::test]
async fn the_language_of_a_text_is_found_out() -> Result<()> {
    let program = ProgramOptions { both_directions: true, ..ProgramOptions::default() };
    let stage = Stage::with(program, BrowserOptions::default()).await?;
    let Stage { browser, .. } = &stage;
    stage.open("/?source=auto&target=en").await?;
    browser.type_into("#text", "Der Zug hat zwanzig Minuten Verspätung.").await?;
    browser.until_text("#output", "The train is twenty minutes late.").await?;
    browser.until_text("#detected", "German").await?;
    Ok(())
}
