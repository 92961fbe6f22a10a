//! Measurements, of the engine beside other programs of the field. They print what they see; nothing passes or fails by time.

mod web;

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::command::{command, root, run};
use crate::tools;
pub(crate) use web::{Options as WebOptions, web};

/// What the comparison needs from the Python package index.
const PEERS: [&str; 9] = [
    "ctranslate2==4.8.*",
    "numpy",
    "onnx",
    "onnxruntime",
    "onnxscript",
    "safetensors",
    "sentencepiece",
    "torch",
    "transformers==5.*",
];

/// The model that comes with the engine.
pub(crate) const MODEL: &str = "crates/engine/models/starter-de-en";

/// Where the comparison keeps its models and writes its figures, under the target directory.
const BENCH: &str = "bench";

/// The engine beside CTranslate2, ONNX Runtime and transformers. The peers are installed under `target/bench`, which
/// takes some gigabytes.
pub(crate) fn engine() -> Result<()> {
    let python = python("target/bench/venv", &PEERS)?;
    let (tokens, speed) = (example("tokens")?, example("speed")?);
    let folder = target().join(BENCH);
    let out = folder.join("engine.json");
    let mut script = command(&python, &["crates/xtask/bench/engine.py", &tokens, &speed, MODEL]);
    run(script.arg(folder.join("models")).arg(&out))?;
    eprintln!("The figures are in {}.", out.display());
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

/// Builds an example of the engine and returns where it is.
pub(crate) fn example(name: &str) -> Result<String> {
    run(&mut command(
        "cargo",
        &["build", "--release", "--locked", "--package", "engine", "--example", name],
    ))?;
    let program = target().join("release/examples").join(name);
    Ok(program.to_str().context("the path of the target directory")?.to_owned())
}

/// The target directory.
fn target() -> PathBuf {
    root().join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}
