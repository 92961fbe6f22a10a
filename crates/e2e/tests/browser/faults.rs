//! What people see when something is away or refused.

use anyhow::Result;
use e2e::axe;

use crate::stage::Stage;

#[tokio::test]
async fn without_a_backend_the_text_stays_and_is_translated_when_it_is_back() -> Result<()> {
    let mut stage = Stage::set().await?;
    stage.open("/").await?;
    stage.program.stop_backend();
    stage.browser.type_into("#text", "Guten Morgen!").await?;
    // while typing one is told, too
    stage
        .browser
        .until("/translat|answer|reach/i.test(document.getElementById('status').textContent)")
        .await?;
    stage.browser.click("#form button[type=submit]").await?;
    stage.browser.until("Boolean(document.getElementById('alert'))").await?;
    assert_eq!(stage.browser.value("#text").await?, "Guten Morgen!");
    axe::check(&stage.browser, "the form with an alert").await?;

    stage.program.start_backend().await?;
    stage.browser.click("#form button[type=submit]").await?;
    stage.browser.until("location.pathname.startsWith('/translations/')").await?;
    assert_eq!(stage.browser.text("#output").await?, "Good morning.");
    Ok(())
}

#[tokio::test]
async fn an_unknown_page_says_so() -> Result<()> {
    let stage = Stage::set().await?;
    stage.open("/nowhere").await?;
    assert!(stage.browser.sees("main a[href='/']").await?, "there is a way on");
    axe::check(&stage.browser, "an unknown page").await
}
