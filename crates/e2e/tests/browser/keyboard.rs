//! Everything by the keyboard alone.

use anyhow::{Result, bail};
use e2e::{Browser, BrowserOptions, ProgramOptions};
use serde_json::Value;
use thirtyfour::Key;

use crate::stage::Stage;

/// What has the focus, and whether one sees that it does: it has an outline and nothing lies above its middle.
const FOCUS: &str = "const now = document.activeElement; \
    const { outlineStyle, outlineWidth } = getComputedStyle(now); \
    const { top, left, width, height } = now.getBoundingClientRect(); \
    const above = document.elementFromPoint(left + width / 2, top + height / 2); \
    return { name: now.id || now.textContent.trim(), place: [...document.body.querySelectorAll('*')].indexOf(now) + 1, \
    outlined: outlineStyle !== 'none' && outlineWidth !== '0px', covered: !now.contains(above) }";

#[tokio::test]
async fn the_tab_key_reaches_everything_in_order_and_shows_where_it_is() -> Result<()> {
    for size in [(1280, 900), (320, 480)] {
        let options = BrowserOptions { size, ..BrowserOptions::default() };
        let stage = Stage::with(ProgramOptions::default(), options).await?;
        walk(&stage).await?;
    }
    Ok(())
}

async fn walk(stage: &Stage) -> Result<()> {
    let Stage { browser, .. } = stage;
    stage.open("/").await?;
    browser.type_into("#text", "Guten Morgen!").await?;
    browser.until_text("#output", "Good morning.").await?;
    let _: bool = browser.run("document.querySelector('.skip').focus(); return true", Vec::new()).await?;
    let (mut names, mut places) = (Vec::new(), Vec::new());
    loop {
        let focus: Value = browser.run(FOCUS, Vec::new()).await?;
        // after the last comes the browser itself, or the first again
        if focus["place"] == 0 || places.contains(&focus["place"]) {
            break;
        }
        let name = focus["name"].as_str().unwrap().to_owned();
        assert!(focus["outlined"] == true, "one does not see that {name} has the focus");
        assert!(focus["covered"] == false, "{name} has the focus, but something lies above it");
        names.push(name);
        places.push(focus["place"].clone());
        browser.tab().await?;
    }
    let at = |name: &str| {
        names.iter().position(|other| other == name).unwrap_or_else(|| panic!("{name} in {names:?}"))
    };
    let order = [
        "Skip to the content",
        "unlimited",
        "Translate",
        "History",
        "clear",
        "text",
        "copy",
        "download",
        "others",
    ];
    assert!(order.map(at).is_sorted(), "{names:?}");
    Ok(())
}

#[tokio::test]
async fn the_skip_link_leads_past_the_navigation() -> Result<()> {
    let stage = Stage::set().await?;
    let Stage { browser, .. } = &stage;
    stage.open("/history").await?;
    browser.tab().await?;
    assert!(browser.eval("document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().top >= 0").await?);
    browser.press(Key::Enter).await?;
    browser.until("location.hash === '#main'").await?;
    browser.tab().await?;
    assert!(browser.eval("document.getElementById('main').contains(document.activeElement)").await?);
    Ok(())
}

/// Presses the tab key until the element with this id has the focus.
async fn tab_to(browser: &Browser, id: &str) -> Result<()> {
    for _ in 0..40 {
        browser.tab().await?;
        if browser.eval(&format!("document.activeElement.id === '{id}'")).await? {
            return Ok(());
        }
    }
    bail!("the tab key does not lead to {id}")
}

#[tokio::test]
async fn other_translations_are_chosen_by_the_keyboard() -> Result<()> {
    let stage = Stage::set().await?;
    let Stage { browser, .. } = &stage;
    stage.open("/").await?;
    browser.type_into("#text", "Guten Morgen! Der Zug hat zwanzig Minuten Verspätung.").await?;
    browser.until_text("#output", "The train is twenty minutes late.").await?;
    tab_to(browser, "others").await?;
    browser.press(Key::Enter).await?;
    browser.until("document.activeElement.matches('#alternatives button')").await?;
    let other = browser.text("#alternatives button").await?;
    browser.press(Key::Enter).await?;
    browser.until("document.activeElement.id === 'text'").await?;
    assert_eq!(browser.text("#output").await?, format!("Good morning. {other}"));

    tab_to(browser, "others").await?;
    browser.press(Key::Enter).await?;
    browser.until("document.activeElement.matches('#alternatives button')").await?;
    browser.press(Key::Escape).await?;
    browser
        .until("document.activeElement.id === 'text' && document.getElementById('alternatives').hidden")
        .await
}
