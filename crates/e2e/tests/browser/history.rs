//! The history: kept, shown, taken along, deleted.

use anyhow::Result;
use e2e::{Browser, axe};
use tempfile::TempDir;

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

/// Searches for words and returns how many entries are found.
async fn search(browser: &Browser, words: &str) -> Result<usize> {
    browser.find("#words").await?.clear().await?;
    browser.type_into("#words", words).await?;
    browser.click(".search button").await?;
    let searched = format!(
        "new URLSearchParams(location.search).get('q') === {words:?} && document.readyState === 'complete'"
    );
    browser.until(&searched).await?;
    browser.eval("document.querySelectorAll('.entry').length").await
}

#[tokio::test]
async fn words_of_both_languages_are_found_and_marked() -> Result<()> {
    let Stage { browser, program } =
        stage(&["Guten Morgen!", "Der Zug hat zwanzig Minuten Verspätung."]).await?;
    // what is new is indexed in the background
    browser.until("fetch('/history?q=Verspätung').then((page) => page.text()).then((page) => page.includes('<mark>'))").await?;
    assert_eq!(search(&browser, "Verspätung").await?, 1);
    assert_eq!(browser.text("mark").await?, "Verspätung");
    axe::check(&browser, "what was found").await?;
    assert_eq!(search(&browser, "morning").await?, 1);
    assert_eq!(browser.text("mark").await?, "morning");
    assert_eq!(search(&browser, "Elefant").await?, 0);
    assert!(browser.sees("#nothing").await?);
    axe::check(&browser, "nothing found").await?;

    // dates, in the time that the page shows
    browser.open(&program.url("/history?from=2001-01-01&to=2001-12-31")).await?;
    assert_eq!(browser.eval::<usize>("document.querySelectorAll('.entry').length").await?, 0);
    browser.open(&program.url("/history?from=2001-01-01")).await?;
    assert_eq!(browser.eval::<usize>("document.querySelectorAll('.entry').length").await?, 2);
    Ok(())
}

#[tokio::test]
async fn the_history_is_taken_along_as_files() -> Result<()> {
    let Stage { browser, program: _program } =
        stage(&["Guten Morgen!", "Der Zug hat zwanzig Minuten Verspätung."]).await?;
    for format in ["csv", "jsonl", "tmx"] {
        browser.click(&format!("#take-along a[href*='format={format}']")).await?;
        let file = String::from_utf8(browser.downloaded(&format!("translations.{format}")).await?)?;
        for part in ["Guten Morgen!", "Good morning.", "The train is twenty minutes late."] {
            assert!(file.contains(part), "{format}: {file}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_export_is_taken_in_elsewhere_and_its_sentences_are_not_translated_again() -> Result<()> {
    let here = stage(&["Guten Morgen!"]).await?;
    here.browser.click("#take-along a[href*='format=tmx']").await?;
    let exported = String::from_utf8(here.browser.downloaded("translations.tmx").await?)?;
    // what comes out can only be from the file
    let ours = exported.replace("Good morning.", "Top of the morning!");
    assert_ne!(ours, exported, "{exported}");
    let folder = TempDir::new()?;
    let file = folder.path().join("ours.tmx");
    std::fs::write(&file, ours)?;

    let elsewhere = Stage::set().await?;
    let Stage { browser, .. } = &elsewhere;
    elsewhere.open("/history/import").await?;
    axe::check(browser, "the import").await?;
    browser.type_into("#file", file.to_str().unwrap()).await?;
    browser.click("main form button.primary").await?;
    browser.until("Boolean(document.getElementById('report'))").await?;
    axe::check(browser, "the report of an import").await?;
    elsewhere.open("/").await?;
    browser.type_into("#text", "Guten Morgen!").await?;
    browser.until_text("#output", "Top of the morning!").await
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
