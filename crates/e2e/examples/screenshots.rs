//! Makes the pictures of the README: `cargo xtask screenshots` runs it. `screenshots FOLDER`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use e2e::{Browser, BrowserOptions, Program, ProgramOptions, text};

/// A letter with a sentence that can be said in several ways.
const LETTER: &str = "Guten Morgen!\n\nDer Zug hat zwanzig Minuten Verspätung. Wir kommen am Nachmittag an. Können Sie \
                      uns bitte vom Bahnhof abholen?\n\nVielen Dank für Ihre Hilfe!";
/// Its place among the sentences, from 1.
const SENTENCE: usize = 4;
/// When the job is taken, in percent.
const UNDER_WAY: u32 = 35;
/// Width and height in pixels.
const LIVE: (u32, u32) = (1280, 860);
const JOB: (u32, u32) = (1280, 700);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let folder: PathBuf = std::env::args_os().nth(1).context("usage: screenshots FOLDER")?.into();
    fs::create_dir_all(&folder)?;
    let program = Program::start(ProgramOptions::default()).await?;
    let browser = Browser::start(BrowserOptions::default()).await?;
    live(&program, &browser, &folder.join("live.png")).await?;
    browser.set_dark(true).await?;
    job(&program, &browser, &folder.join("job.png")).await
}

/// The form while one types, with other translations of a sentence.
async fn live(program: &Program, browser: &Browser, file: &Path) -> Result<()> {
    browser.resize(LIVE).await?;
    browser.open(&program.url("/")).await?;
    browser.paste("#text", LETTER).await?;
    browser.until("document.querySelectorAll('#output .sentence').length > 4").await?;
    browser.click(&format!("#output .sentence:nth-of-type({SENTENCE})")).await?;
    browser.until("document.querySelector('#alternatives button').checkVisibility()").await?;
    take(browser, file).await
}

/// A long text under way.
async fn job(program: &Program, browser: &Browser, file: &Path) -> Result<()> {
    browser.resize(JOB).await?;
    browser.open(&program.url("/")).await?;
    browser.paste("#text", &text::german(300_000)).await?;
    browser.click("#form button.primary").await?;
    browser.until("location.pathname.startsWith('/jobs/')").await?;
    browser.until(&format!("document.getElementById('progress').value >= {UNDER_WAY}")).await?;
    take(browser, file).await
}

async fn take(browser: &Browser, file: &Path) -> Result<()> {
    let _: bool = browser.run("scrollTo(0, 0); return true", Vec::new()).await?;
    fs::write(file, browser.picture().await?).with_context(|| format!("writing {}", file.display()))
}
