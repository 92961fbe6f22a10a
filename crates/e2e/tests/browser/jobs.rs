//! Long texts, which are translated in the background.

use anyhow::Result;
use e2e::{Browser, BrowserOptions, ProgramOptions, axe, text};

use crate::stage::Stage;

/// How many sentences the page of a job says are finished.
const SENTENCES: &str =
    "(Number(document.getElementById('sentences')?.textContent.replaceAll(',', '')) || 0)";

/// With one thread, so that there is time to look on.
async fn stage() -> Result<Stage> {
    let program = ProgramOptions { threads: 1.try_into().ok(), ..ProgramOptions::default() };
    let stage = Stage::with(program, BrowserOptions::default()).await?;
    stage.open("/").await?;
    Ok(stage)
}

/// Sends a text and waits until some of it is translated.
async fn begin(browser: &Browser, text: &str) -> Result<()> {
    browser.paste("#text", text).await?;
    browser.click("#form button[type=submit]").await?;
    until_more(browser, 0).await
}

/// Waits until the page shows more than this many finished sentences.
async fn until_more(browser: &Browser, sentences: usize) -> Result<()> {
    browser.until("location.pathname.startsWith('/jobs/')").await?;
    browser.until(&format!("{SENTENCES} > {sentences}")).await
}

async fn sentences(browser: &Browser) -> Result<usize> {
    browser.eval(SENTENCES).await
}

#[tokio::test]
async fn a_long_text_shows_progress_and_keeps_its_result_when_it_is_cancelled() -> Result<()> {
    let Stage { browser, program: _program } = stage().await?;
    begin(&browser, &text::german(300_000)).await?;
    let job = browser.address().await?;
    browser.until("Number(document.getElementById('progress').value) > 0").await?;
    browser.until_text("#status", "left.").await?;
    browser.until_text("#output", "trees").await?;
    axe::check(&browser, "a running job").await?;
    browser.click("#cancel").await?;
    browser.until_text("h1", "Cancelled").await?;
    assert_eq!(browser.address().await?, job, "it stays at its address");
    let shown = browser.text("#output").await?;
    assert!(shown.contains("trees"), "{shown:.200}");
    axe::check(&browser, "a cancelled job").await?;

    let finished = sentences(&browser).await?;
    browser.click("#resume").await?;
    until_more(&browser, finished).await?;
    browser
        .until(&format!("document.getElementById('output').textContent.startsWith({:?})", &shown[..500]))
        .await
}

#[tokio::test]
async fn a_long_text_goes_on_at_its_address_whatever_is_reloaded_or_restarted() -> Result<()> {
    let Stage { browser, mut program } = stage().await?;
    let text = text::german(100_000);
    begin(&browser, &text).await?;
    let job = browser.address().await?;
    let before = sentences(&browser).await?;
    browser.reload().await?;
    until_more_or_all(&browser, before).await?;

    program.restart().await?;
    // the page notices by itself
    until_more_or_all(&browser, sentences(&browser).await?).await?;

    browser.until("location.pathname.startsWith('/translations/')").await?;
    let translation = browser.address().await?;
    assert_eq!(browser.value("#text").await?, text);
    let sent = "const page = new DOMParser().parseFromString(await (await fetch(location)).text(), 'text/html'); \
                return page.getElementById('output').textContent";
    let sent: String = browser.run(sent, Vec::new()).await?;
    assert_eq!(browser.text("#output").await?, sent, "the script shows another translation than was stored");
    assert_eq!(sent.matches(".\n\n").count(), text.matches(".\n\n").count(), "{sent}");
    browser.open(&job).await?;
    assert_eq!(browser.address().await?, translation, "a bookmark of the job leads to its translation");
    Ok(())
}

/// As [`until_more`], or until the translation is there.
async fn until_more_or_all(browser: &Browser, sentences: usize) -> Result<()> {
    browser
        .until(&format!("location.pathname.startsWith('/translations/') || {SENTENCES} > {sentences}"))
        .await
}
