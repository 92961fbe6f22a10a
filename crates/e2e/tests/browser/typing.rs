//! Translation while typing.

use anyhow::Result;
use e2e::axe;
use serde_json::Value;

use crate::stage::Stage;

/// How many sentences the server has translated, not taken from what the page knew.
fn translated(request: &Value) -> usize {
    let events = request["events"].as_array().unwrap();
    events.iter().filter(|event| event["event"] == "sentence" && event["text"].is_string()).count()
}

#[tokio::test]
async fn what_is_typed_is_translated_and_only_changed_sentences_are_asked_for_again() -> Result<()> {
    let stage = Stage::set().await?;
    let Stage { browser, .. } = &stage;
    stage.open("/").await?;
    stage.listen().await?;
    browser.type_into("#text", "Guten Morgen! Der Zug hat zwanzig Minuten Verspätung.").await?;
    browser.until_text("#output", "Good morning. The train is twenty minutes late.").await?;
    browser.until("live.length > 0").await?;
    stage.live().await?;

    browser.type_into("#text", " Die Kinder spielen im Garten.").await?;
    browser.until_text("#output", "late. The children").await?;
    browser.until("live.length > 0").await?;
    let requests = stage.live().await?;
    let last = requests.last().unwrap();
    let known = last["asked"]["known"].as_array().unwrap();
    assert!(known.iter().any(|sentence| sentence == "Guten Morgen!"), "{last}");
    let count: usize = requests.iter().map(translated).sum();
    assert!(count <= requests.len(), "more than the new sentence was translated: {requests:#?}");
    Ok(())
}

#[tokio::test]
async fn a_term_of_the_glossary_is_used_while_typing_and_remembered() -> Result<()> {
    let stage = Stage::set().await?;
    let Stage { browser, .. } = &stage;
    stage.open("/").await?;
    browser.click("#glossary-box summary").await?;
    browser.type_into("#glossary", "Zug = locomotive").await?;
    axe::check(browser, "the glossary").await?;
    browser.type_into("#text", "Der Zug hat zwanzig Minuten Verspätung.").await?;
    browser.until_text("#output", "locomotive").await?;
    stage.open("/").await?;
    assert_eq!(browser.value("#glossary").await?, "Zug = locomotive", "this browser remembers it");
    Ok(())
}
