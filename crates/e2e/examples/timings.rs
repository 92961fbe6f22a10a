//! Says what a visitor waits for in a real browser, and how heavy the page is: `cargo xtask bench web` runs it.
#![expect(clippy::print_stdout, reason = "a measurement prints")]

use std::time::Instant;

use anyhow::Result;
use e2e::{Browser, BrowserOptions, Program, ProgramOptions, text};
use serde_json::json;

/// How often each thing is done; the median counts.
const ROUNDS: usize = 7;
/// Size of the long text, in bytes.
const LONG: usize = 300_000;
/// What is typed.
const SENTENCE: &str = "Der Zug hat zwanzig Minuten Verspätung.";
/// How many sentences a paragraph has.
const PARAGRAPH: usize = 10;

/// Puts a text into the form and notes when its translation has as many sentences. The clock starts when the last
/// key is pressed.
const TYPE: &str = "const [value, count] = arguments; const text = document.getElementById('text'); \
    const began = performance.now(); \
    return new Promise((resolve) => { \
        const look = new MutationObserver(() => { \
            if (document.querySelectorAll('#output .sentence').length < count) return; \
            look.disconnect(); resolve(performance.now() - began); }); \
        look.observe(document.body, { childList: true, subtree: true }); \
        text.value = value; text.dispatchEvent(new Event('input')); });";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let program = Program::start(ProgramOptions::default()).await?;
    println!("The page in Chromium, the starter model, medians of {ROUNDS}:");
    paint(&program).await?;
    typing(&program).await?;
    long(&program).await
}

/// The form with nothing in the browser's cache, and again.
async fn paint(program: &Program) -> Result<()> {
    const PAINT: &str = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime";
    const SENT: &str = "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]\
                        .reduce((sum, { transferSize }) => sum + transferSize, 0)";
    let (mut first, mut again, mut weight) = (Vec::new(), Vec::new(), [0.0; 2]);
    for _ in 0..ROUNDS {
        let browser = Browser::start(BrowserOptions::default()).await?;
        // what the browser itself starts with is no matter of the page
        browser.open("about:blank").await?;
        for (times, weight) in [&mut first, &mut again].into_iter().zip(&mut weight) {
            browser.open(&program.url("/")).await?;
            browser.until(&format!("{PAINT} !== undefined")).await?;
            times.push(browser.eval(PAINT).await?);
            *weight = browser.eval(SENT).await?;
        }
    }
    println!("  first contentful paint: {} ms; from the cache {} ms", median(first), median(again));
    println!(
        "  page with all it loads: {:.1} kB; from the cache {:.1} kB",
        weight[0] / 1000.0,
        weight[1] / 1000.0
    );
    Ok(())
}

/// From the last key to the translation, with the pause after which the page asks.
async fn typing(program: &Program) -> Result<()> {
    let browser = Browser::start(BrowserOptions::default()).await?;
    browser.open(&program.url("/")).await?;
    let text = text::german(10_000);
    // two paragraphs of five
    let paragraph = text.split("\n\n").take(2).collect::<Vec<_>>().join(" ");
    let (mut one, mut ten, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // nothing is known of what is typed first
        browser.reload().await?;
        one.push(typed(&browser, SENTENCE, 1).await?);
        ten.push(typed(&browser, &paragraph, PARAGRAPH).await?);
        changed.push(typed(&browser, &format!("{paragraph} {SENTENCE}"), PARAGRAPH + 1).await?);
    }
    println!(
        "  from the last key to the translation: of one sentence {} ms, of a paragraph of {PARAGRAPH} {} ms, of \
         another sentence after it {} ms",
        median(one),
        median(ten),
        median(changed)
    );
    Ok(())
}

async fn typed(browser: &Browser, text: &str, sentences: usize) -> Result<f64> {
    browser.run(TYPE, vec![json!(text), json!(sentences)]).await
}

/// A long text, which becomes a job, and the same with one changed paragraph.
async fn long(program: &Program) -> Result<()> {
    let browser = Browser::start(BrowserOptions::default()).await?;
    let text = text::german(LONG);
    let (first, whole) = job(program, &browser, &text).await?;
    let (_, changed) = job(program, &browser, &text.replacen("Garten", "alten Garten", 1)).await?;
    println!(
        "  a text of {} kB: first sentences after {first:.1} s, all after {whole:.1} s; again with one paragraph \
         changed, all after {changed:.1} s",
        LONG / 1000
    );
    Ok(())
}

/// Seconds from sending a text to its first sentences on the page, and to the whole.
async fn job(program: &Program, browser: &Browser, text: &str) -> Result<(f64, f64)> {
    browser.open(&program.url("/")).await?;
    browser.paste("#text", text).await?;
    let began = Instant::now();
    browser.click("#form button[type=submit]").await?;
    browser
        .until("location.pathname !== '/' && Boolean(document.getElementById('output')?.textContent)")
        .await?;
    let first = began.elapsed().as_secs_f64();
    browser.until("location.pathname.startsWith('/translations/')").await?;
    Ok((first, began.elapsed().as_secs_f64()))
}

/// The middle of some milliseconds.
fn median(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    format!("{:.0}", times[times.len() / 2])
}
