//! The language of the page, and light and dark.

use anyhow::Result;
use e2e::{Browser, BrowserOptions, ProgramOptions, axe};

use crate::stage::Stage;

const LIGHT: &str = "rgb(245, 246, 248)";

async fn in_german(scripts: bool) -> Result<Stage> {
    let options = BrowserOptions { languages: "de-AT,de,en", scripts, ..BrowserOptions::default() };
    Stage::with(ProgramOptions::default(), options).await
}

async fn background(browser: &Browser) -> Result<String> {
    browser.eval("getComputedStyle(document.body).backgroundColor").await
}

async fn language(browser: &Browser) -> Result<String> {
    browser.eval("document.documentElement.lang").await
}

#[tokio::test]
async fn whoever_prefers_german_reads_german_and_can_switch_without_losing_the_text() -> Result<()> {
    let stage = in_german(true).await?;
    let Stage { browser, .. } = &stage;
    stage.open("/").await?;
    assert_eq!(language(browser).await?, "de");
    browser.type_into("#text", "Guten Morgen!").await?;
    browser.until_text("#output", "Good morning.").await?;
    browser.until_text("#count", "13 Zeichen, 2 Wörter").await?;
    axe::check(browser, "the form in German").await?;

    browser.click("button[name=language][value=en]").await?;
    browser.until("document.documentElement.lang === 'en'").await?;
    assert_eq!(browser.value("#text").await?, "Guten Morgen!");
    stage.open("/history").await?;
    assert_eq!(language(browser).await?, "en", "the choice holds on other pages");
    browser.click("button[name=language][value=de]").await?;
    browser.until("document.documentElement.lang === 'de' && location.pathname === '/history'").await
}

#[tokio::test]
async fn every_page_in_german_has_no_barriers_and_no_english() -> Result<()> {
    let stage = in_german(true).await?;
    let Stage { browser, .. } = &stage;
    stage.open("/").await?;
    browser.type_into("#text", "Guten Morgen!").await?;
    browser.click("#form button.primary").await?;
    browser.until("location.pathname.startsWith('/translations/')").await?;
    let permalink = browser.address().await?.replace(&stage.program.url(""), "");
    for path in [
        "/",
        &permalink,
        "/history",
        "/history?q=Morgen",
        "/history?q=nichts",
        "/history/delete",
        "/nirgends",
    ] {
        stage.open(path).await?;
        axe::check(browser, &format!("{path} in German")).await?;
        let said: String = browser.eval("document.body.innerText").await?;
        let words = ["Skip", "Translate", "Delete", "Search", "History", "characters", "nothing", "Page not"];
        let english = words.into_iter().find(|word| said.contains(word));
        assert!(english.is_none(), "{path} says {english:?}: {said}");
    }
    Ok(())
}

#[tokio::test]
async fn dark_and_light_are_switched_at_once_and_stay() -> Result<()> {
    let stage = Stage::set().await?;
    let Stage { browser, .. } = &stage;
    stage.open("/").await?;
    assert_eq!(background(browser).await?, LIGHT);
    browser.type_into("#text", "Guten Morgen!").await?;
    browser.click("button[name=theme][value=dark]").await?;
    assert_ne!(background(browser).await?, LIGHT);
    assert_eq!(browser.value("#text").await?, "Guten Morgen!", "the page is the same");
    // the cookie comes with an answer that nobody waits for
    browser.until("fetch('/history').then((page) => page.text()).then((page) => page.includes('data-theme=\"dark\"'))").await?;
    stage.open("/history").await?;
    assert_ne!(background(browser).await?, LIGHT);
    axe::check(browser, "the history, dark by choice").await?;
    browser.click("button[name=theme][value=system]").await?;
    assert_eq!(background(browser).await?, LIGHT);
    browser.set_dark(true).await?;
    browser.until(&format!("getComputedStyle(document.body).backgroundColor !== '{LIGHT}'")).await?;
    browser.click("button[name=theme][value=light]").await?;
    browser.until(&format!("getComputedStyle(document.body).backgroundColor === '{LIGHT}'")).await
}

#[tokio::test]
async fn without_scripts_language_and_theme_are_switched_and_the_text_is_kept() -> Result<()> {
    let stage = in_german(false).await?;
    let Stage { browser, .. } = &stage;
    stage.open("/").await?;
    browser.type_into("#text", "Guten Morgen!").await?;
    browser.click("button[name=theme][value=dark]").await?;
    browser.until("document.documentElement.dataset.theme === 'dark'").await?;
    assert_eq!(browser.value("#text").await?, "Guten Morgen!");
    browser.click("button[name=language][value=en]").await?;
    browser.until("document.documentElement.lang === 'en'").await?;
    assert_eq!(browser.value("#text").await?, "Guten Morgen!");
    Ok(())
}
