//! What a visitor waits for: pages and searches of a history of a million entries, on SQLite and on a real MySQL server.

use anyhow::Result;

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
    history(options.entries)
}

/// The store's part of the history's pages, on both databases.
fn history(entries: u64) -> Result<()> {
    let entries = entries.to_string();
    let measure = |database: &str| {
        let example = [
            "run",
            "--release",
            "--locked",
            "--quiet",
            "--package",
            "frontend",
            "--example",
            "history",
            "--",
        ];
        let mut measure = command("cargo", &example);
        measure.args([database, &entries]);
        measure
    };
    run(&mut measure("sqlite"))?;
    let server = Server::start()?;
    run(measure("mysql").env("TEST_MYSQL_URL", &server.url))
}
