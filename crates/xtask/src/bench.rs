//! Measurements beside other programs of the field. They print what they see; nothing passes or fails by time.

use anyhow::{Context as _, Result};

use crate::command::{command, root, run};
use crate::tools;

/// What the comparison needs from the Python package index.
const PEERS: [&str; 5] = ["ctranslate2==4.8.*", "sentencepiece", "transformers==5.*", "torch", "safetensors"];

/// The model that comes with the engine.
pub(crate) const MODEL: &str = "crates/engine/models/starter-de-en";
const SENTENCES: &str = "crates/engine/tests/fixtures/starter.json";

/// The engine beside CTranslate2. The peers are installed under `target/bench`, which takes some gigabytes.
pub(crate) fn engine() -> Result<()> {
    let python = python("target/bench/venv", &PEERS)?;
    let program = speed_program()?;
    let (script, out) = ("crates/xtask/bench/engine.py", "target/bench/engine.json");
    run(&mut command(&python, &[script, MODEL, &program, SENTENCES, out]))?;
    eprintln!("The figures are in {out}.");
    Ok(())
}

/// Python with packages from the Python package index, in a folder below the repository's root.
pub(crate) fn python(venv: &str, packages: &[&str]) -> Result<String> {
    tools::ensure_program("python3", "python3-venv")?;
    let venv = root().join(venv);
    let python = venv.join("bin/python");
    if !python.exists() {
        run(&mut command("python3", &["-m", "venv", venv.to_str().context("the path of the repository")?]))?;
    }
    let python = python.to_str().context("the path of the repository")?;
    run(command(python, &["-m", "pip", "install", "--quiet"]).args(packages))?;
    Ok(python.to_owned())
}

/// Builds the engine's example `speed` and returns where it is.
pub(crate) fn speed_program() -> Result<String> {
    run(&mut command(
        "cargo",
        &["build", "--release", "--locked", "--package", "engine", "--example", "speed"],
    ))?;
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    Ok(format!("{target}/release/examples/speed"))
}
