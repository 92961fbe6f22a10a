//! `cargo xtask stack`: the operator's scripts, and the test of the stack that they make.

mod drill;
mod isolation;
mod lint;
mod secrecy;
mod trial;
mod web;

use std::{ffi::OsStr, path::PathBuf};

use anyhow::Result;

use crate::{
    command::{command, run},
    images,
    report::Tally,
    tools,
};

/// Builds the images and starts or updates the stack of this machine.
pub(crate) fn up(overlays: &[PathBuf]) -> Result<()> {
    images::ensure_for_builds()?;
    images::ensure("mysql:8.4")?;
    run(command("deploy/up", &[]).args(overlays.iter().map(AsRef::<OsStr>::as_ref)))
}

/// Stops the stack of this machine.
pub(crate) fn down(purge: bool) -> Result<()> {
    run(&mut command("deploy/down", if purge { &["--purge"] } else { &[] }))
}

/// Tests the files, the images and a stack with a name, a port and secrets of its own.
pub(crate) fn test() -> Result<Tally> {
    tools::ensure_docker()?;
    let mut checks = Checks::default();
    lint::check_files(&mut checks)?;
    images::ensure_for_builds()?;
    images::ensure("mysql:8.4")?;
    drill::run(&mut checks)?;
    Ok(checks.tally)
}

/// Named checks, each printed when it is made.
#[derive(Debug, Default)]
struct Checks {
    tally: Tally,
}

impl Checks {
    fn check(&mut self, what: &str, result: Result<()>) {
        match result {
            Ok(()) => {
                eprintln!("ok      {what}");
                self.tally = self.tally.plus(Tally::PASSED);
            }
            Err(error) => {
                eprintln!("FAILED  {what}: {error:#}");
                self.tally = self.tally.plus(Tally::FAILED);
            }
        }
    }
}
