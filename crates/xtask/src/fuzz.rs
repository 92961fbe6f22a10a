//! Feeds the parsers of untrusted input with what libFuzzer thinks up.
//!
//! The targets and their seeds are in `crates/fuzz`. What libFuzzer learns is kept in `target/fuzz/corpus`, so that the
//! next run goes on from there; an input that makes a target fail is kept in `crates/fuzz/artifacts`.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{
    command::{check_interrupt, command, root, run},
    tools,
};

const FOLDER: &str = "crates/fuzz";

/// The options of libFuzzer: no input may take more than ten seconds, or more memory than that in megabytes, at once or
/// together. The temporary folders and threads of a target live as long as it does, so leaks are not looked for.
const LIMITS: [&str; 4] = ["-timeout=10", "-malloc_limit_mb=256", "-rss_limit_mb=2048", "-detect_leaks=0"];

/// What to run.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Targets, such as weights [default: all]
    targets: Vec<String>,

    /// How long each target runs
    #[arg(long, default_value_t = 10, value_name = "NUMBER")]
    minutes: u64,
}

/// Runs the targets one after another; whether all of them held.
pub(crate) fn fuzz(options: &Options) -> Result<bool> {
    let known = targets()?;
    if let Some(unknown) = options.targets.iter().find(|target| !known.contains(target)) {
        bail!("there is no target `{unknown}`; there are {}", known.join(", "));
    }
    tools::ensure_program("c++", "g++")?;
    let fuzz = tools::ensure_cargo_fuzz()?;
    // The same versions of the dependencies as in the services.
    fs::copy(root().join("Cargo.lock"), root().join(FOLDER).join("Cargo.lock"))
        .context("copying Cargo.lock")?;
    let targets = if options.targets.is_empty() { &known } else { &options.targets };
    let mut failed = Vec::new();
    for target in targets {
        if let Err(error) = run(&mut session(&fuzz, target, options.minutes)?) {
            check_interrupt()?;
            eprintln!("cargo xtask: {error:#}");
            failed.push(target.as_str());
        }
    }
    println!("{}", verdict(targets, &failed, options.minutes));
    Ok(failed.is_empty())
}

/// The names of the targets: those of their files.
fn targets() -> Result<Vec<String>> {
    let folder = root().join(FOLDER).join("targets");
    let files = folder.read_dir().with_context(|| format!("reading {}", folder.display()))?;
    let name = |file: fs::DirEntry| Some(file.path().file_stem()?.to_str()?.to_owned());
    let mut names: Vec<String> = files.flatten().filter_map(name).collect();
    names.sort();
    Ok(names)
}

fn session(fuzz: &Path, target: &str, minutes: u64) -> Result<Command> {
    let corpus = root().join("target/fuzz/corpus").join(target);
    fs::create_dir_all(&corpus).with_context(|| format!("making {}", corpus.display()))?;
    let mut session = command(
        fuzz.to_str().context("the path of cargo-fuzz")?,
        &["run", "--fuzz-dir", FOLDER, "--target-dir", "target/fuzz", target],
    );
    session.arg(&corpus).arg(format!("{FOLDER}/seeds/{target}"));
    session.arg("--").arg(format!("-max_total_time={}", minutes * 60)).args(LIMITS);
    // The flags that instrument the code are not stable; everything else is built as ever.
    session.env("RUSTC_BOOTSTRAP", "1");
    Ok(session)
}

fn verdict(targets: &[String], failed: &[&str], minutes: u64) -> String {
    if failed.is_empty() {
        return format!("Nothing found in {minutes} min each: {}.", targets.join(", "));
    }
    format!(
        "Failed: {}. What failed, and how to see it again, is said above; the inputs are in {FOLDER}/artifacts.",
        failed.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_in_the_manifest_and_has_seeds() {
        let manifest = fs::read_to_string(root().join(FOLDER).join("Cargo.toml")).unwrap();
        let targets = targets().unwrap();
        assert_eq!(manifest.matches("[[bin]]").count(), targets.len());
        for target in targets {
            assert!(manifest.contains(&format!("path = \"targets/{target}.rs\"")), "{target}");
            assert!(
                root().join(FOLDER).join("seeds").join(&target).read_dir().unwrap().count() > 0,
                "{target}"
            );
        }
    }
}
