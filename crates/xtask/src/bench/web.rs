//! What a visitor waits for: the page in a real browser, and pages and searches of a history of a million entries, on
//! SQLite and on a real MySQL server.

use std::process::Command;

use anyhow::Result;

use crate::browser;
use crate::command::{command, run};
use crate::mysql::Server;

/// What to measure with.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How many entries the history has
    #[arg(long, default_value_t = Self::default().entries)]
    entries: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { entries: 1_000_000 }
    }
}

/// Prints how long the pages take.
pub(crate) fn web(options: &Options) -> Result<()> {
    page()?;
    history(options.entries)
}

/// The page in Chromium.
fn page() -> Result<()> {
    browser::ensure_chromium()?;
    run(&mut example("e2e", "timings", &[]))
}

/// The store's part of the history's pages, on both databases.
fn history(entries: u64) -> Result<()> {
    let entries = entries.to_string();
    run(&mut example("frontend", "history", &["sqlite", &entries]))?;
    let server = Server::start()?;
    run(example("frontend", "history", &["mysql", &entries]).env("TEST_MYSQL_URL", &server.url))
}

/// An example of a crate, with optimisations.
fn example(package: &str, name: &str, arguments: &[&str]) -> Command {
    let cargo = ["run", "--release", "--locked", "--quiet", "--package", package, "--example", name, "--"];
    let mut example = command("cargo", &cargo);
    example.args(arguments);
    example
}
