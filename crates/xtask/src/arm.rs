//! Tests the engine for 64-bit ARM on any machine: compiled for it, and run by QEMU as several processors.

use anyhow::{Context as _, Result};

use crate::{
    command::{command, run},
    tools,
};

const TARGET: &str = "aarch64-unknown-linux-gnu";

/// QEMU's names of processors: with i8mm and dotprod, with dotprod alone, with neither.
const PROCESSORS: [&str; 3] = ["max", "neoverse-n1", "cortex-a57"];

/// What may depend on the processor: all calculations, and what comes of them. The rest takes QEMU hours.
const TESTS: [&str; 3] = ["math::", "decode::", "translator::tests::the_starter_model_translates"];

/// Checks and tests the engine.
pub(crate) fn arm() -> Result<()> {
    run(&mut command("rustup", &["target", "add", TARGET])).context("getting Rust's library for ARM")?;
    // The package of the C++ compiler is the one that comes with the C library.
    tools::ensure_program("aarch64-linux-gnu-gcc", "g++-aarch64-linux-gnu")?;
    tools::ensure_program("qemu-aarch64", "qemu-user")?;
    let engine = ["--package", "engine", "--locked", "--target", TARGET];
    let lints = ["--all-targets", "--", "--deny", "warnings"];
    run(command("cargo", &["clippy"]).args(engine).args(lints))?;
    for processor in PROCESSORS {
        let emulator = format!("qemu-aarch64 -L /usr/aarch64-linux-gnu -cpu {processor}");
        println!("{emulator}");
        run(command("cargo", &["test", "--lib"])
            .args(engine)
            .arg("--")
            .args(TESTS)
            .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc")
            .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", emulator))?;
    }
    Ok(())
}
