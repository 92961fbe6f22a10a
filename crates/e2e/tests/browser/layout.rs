//! Narrow and wide, light and dark.

use anyhow::Result;
use e2e::{Browser, BrowserOptions, ProgramOptions, axe};

use crate::stage::Stage;

/// The narrowest page that WCAG 2.2 asks for (1.4.10), in CSS pixels.
const PHONE: (u32, u32) = (320, 640);

async fn fits(browser: &Browser, state: &str) -> Result<()> {
    // what is wider than the page, and not cut or scrolled by something within it
    let wide = "const wide = []; for (const element of document.querySelectorAll('body *')) { \
                const { right, width } = element.getBoundingClientRect(); \
                if (width > 0 && right > innerWidth + 1 && element.checkVisibility()) wide.push(element.outerHTML.slice(0, 200)); } \
                return { wide, scroll: document.documentElement.scrollWidth }";
    let found: serde_json::Value = browser.run(wide, Vec::new()).await?;
    let scroll = found["scroll"].as_u64().unwrap();
    assert!(scroll <= u64::from(PHONE.0), "{state} is {scroll} pixels wide: {:#}", found["wide"]);
    Ok(())
}

#[tokio::test]
async fn every_page_fits_a_telephone_and_has_no_barriers_there_in_the_dark() -> Result<()> {
    let program = ProgramOptions { both_directions: true, ..ProgramOptions::default() };
    let options = BrowserOptions { size: PHONE, ..BrowserOptions::default() };
    let stage = Stage::with(program, options).await?;
    let Stage { browser, .. } = &stage;
    browser.set_dark(true).await?;
    stage.open("/?source=de&target=en").await?;
    assert_ne!(background(browser).await?, "rgb(245, 246, 248)", "it is dark");
    fits(browser, "the empty form").await?;
    let long = format!("Guten Morgen! {}", "Donaudampfschifffahrtsgesellschaft".repeat(4));
    browser.type_into("#text", long).await?;
    browser.until_text("#output", "Good morning.").await?;
    browser.click("#output .sentence").await?;
    browser.until("!document.getElementById('alternatives').hidden").await?;
    fits(browser, "the form with other translations").await?;
    axe::check(browser, "the form in the dark").await?;
    browser.click("#form button[type=submit]").await?;
    browser.until("location.pathname.startsWith('/translations/')").await?;
    fits(browser, "a translation").await?;
    axe::check(browser, "a translation in the dark").await?;
    for path in ["/history", "/history/delete", "/nowhere"] {
        stage.open(path).await?;
        fits(browser, path).await?;
        axe::check(browser, &format!("{path} in the dark")).await?;
    }
    Ok(())
}

async fn background(browser: &Browser) -> Result<String> {
    browser.eval("getComputedStyle(document.body).backgroundColor").await
}

#[tokio::test]
async fn panes_are_side_by_side_on_wide_pages_and_one_below_the_other_on_narrow_ones() -> Result<()> {
    let stage = Stage::set().await?;
    let Stage { browser, .. } = &stage;
    stage.open("/").await?;
    let tops = "(() => { const [a, b] = [...document.querySelectorAll('.pane')].map((pane) => \
                pane.getBoundingClientRect()); return a.top === b.top && a.right <= b.left; })()";
    assert!(browser.eval(tops).await?, "side by side");
    browser.resize(PHONE).await?;
    let below =
        tops.replace("a.top === b.top && a.right <= b.left", "a.bottom <= b.top && a.left === b.left");
    browser.until(&below).await
}
