//! `cargo xtask test`: everything that must hold before a change goes in.

use std::{process::Command, time::Instant};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;

use crate::{
    browser,
    command::{check_interrupt, command, run, succeeds, tee},
    mysql,
    report::{Outcome, Report, Tally, test_results},
    stack, tools,
};

/// What to test.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Leave out what takes long: the stack, and installing cargo-deny
    #[arg(long)]
    quick: bool,

    /// Do this step alone; may be given several times
    #[arg(long, value_name = "STEP")]
    only: Vec<Step>,

    /// MySQL server for the tests, with an account that may create databases [default: one in a container]
    #[arg(long, env = "TEST_MYSQL_URL", hide_env_values = true, value_name = "URL")]
    mysql_url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Formatting
    Fmt,
    /// Lints
    Clippy,
    /// Documentation of all items, private ones too
    Doc,
    /// Licences and sources of the dependencies, and which of our crates may have them
    Deny,
    /// Known vulnerabilities of the dependencies
    Advisories,
    /// All tests of the workspace but those in a browser, against a real MySQL server
    Test,
    /// The page in real Chromium
    Browser,
    /// The check that keeps evaluation sets out of training data
    Training,
    /// The images and the stack, on a real swarm
    Stack,
}

/// Does all steps, prints the report and returns whether everything passed.
pub(crate) fn run_steps(options: &Options) -> Result<bool> {
    let mut report = Report::default();
    for &step in Step::value_variants() {
        if !options.only.is_empty() && !options.only.contains(&step) {
            continue;
        }
        let name = step.to_possible_value().context("every step has a name")?.get_name().to_owned();
        eprintln!("\n== {name}");
        let began = Instant::now();
        let result = step.run(options);
        report.add(name, result, began.elapsed());
        check_interrupt()?;
    }
    report.print();
    Ok(report.total().failed == 0)
}

impl Step {
    fn run(self, options: &Options) -> Result<Outcome> {
        let cargo = |arguments: &[&str]| run(&mut command("cargo", arguments));
        match self {
            Self::Fmt => {
                cargo(&["fmt", "--all", "--check"])?;
                // no member of the workspace
                cargo(&["fmt", "--manifest-path", "crates/fuzz/Cargo.toml", "--check"])?;
            }
            Self::Clippy => {
                cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"])?;
            }
            Self::Doc => {
                let doc = ["doc", "--workspace", "--no-deps", "--document-private-items", "--locked"];
                run(command("cargo", &doc).env("RUSTDOCFLAGS", "--deny warnings"))?;
            }
            Self::Deny => return cargo_deny(options, &["bans", "licenses", "sources"]),
            Self::Advisories => return cargo_deny(options, &["advisories"]),
            Self::Test => return run_tests(options).map(Outcome::Done),
            Self::Browser => return browser::test().map(Outcome::Done),
            Self::Training => {
                tools::ensure_program("python3", "python3")?;
                // -B: no compiled copies in the folder of the sources.
                let folder = "crates/engine/training";
                run(&mut command("python3", &["-B", "-m", "unittest", "discover", "-s", folder]))?;
            }
            Self::Stack if options.quick && options.only.is_empty() => {
                return Ok(Outcome::NotRun("--quick leaves it out".to_owned()));
            }
            Self::Stack => return stack::test().map(Outcome::Done),
        }
        Ok(Outcome::Done(Tally::PASSED))
    }
}

fn cargo_deny(options: &Options, what: &[&str]) -> Result<Outcome> {
    let deny = match tools::cargo_deny() {
        Some(deny) => deny,
        None if options.quick => {
            return Ok(Outcome::NotRun(
                "cargo-deny is not installed; a run without --quick installs it".to_owned(),
            ));
        }
        None => tools::ensure_cargo_deny()?,
    };
    let deny = deny.to_str().context("the path of cargo-deny")?;
    if what.contains(&"advisories") && !succeeds(&mut command(deny, &["fetch", "db"])) {
        return Ok(Outcome::NotRun("the database of vulnerabilities cannot be fetched from here".to_owned()));
    }
    run(command(deny, &["--locked", "check"]).args(what))?;
    Ok(Outcome::Done(Tally::PASSED))
}

fn run_tests(options: &Options) -> Result<Tally> {
    let server = if options.mysql_url.is_none() { Some(mysql::Server::start()?) } else { None };
    let given = options.mysql_url.as_deref();
    let url = given.or(server.as_ref().map(|server| server.url.as_str())).context("no MySQL server")?;
    let mut tally = Tally::default();
    for runner in [test_runner(), &["test", "--doc"]] {
        let mut tests = command("cargo", runner);
        tests.args(["--workspace", "--exclude", "e2e"]).env("TEST_MYSQL_URL", url);
        tally = tally.plus(run_counted(&mut tests)?);
    }
    Ok(tally)
}

/// The arguments by which cargo runs tests other than those in documentation.
pub(crate) fn test_runner() -> &'static [&'static str] {
    let nextest = succeeds(&mut command("cargo", &["nextest", "--version"]));
    if nextest { &["nextest", "run"] } else { &["test", "--tests"] }
}

/// Runs a test command to its end. That it fails without a failed test, say because the tests do not compile, is an
/// error.
pub(crate) fn run_counted(tests: &mut Command) -> Result<Tally> {
    let (status, output) = tee(tests.args(["--locked", "--no-fail-fast"]))?;
    let tally = test_results(&output).with_context(|| format!("the tests did not run: {status}"))?;
    if !status.success() && tally.failed == 0 {
        bail!("the tests did not run to their end: {status}");
    }
    Ok(tally)
}
