//! The tests in a browser, the README's pictures, and what both need: Chromium, its driver and axe-core.

use anyhow::{Context as _, Result};

use crate::{
    bench,
    command::{command, root, run},
    report::Tally,
    test::{run_counted, test_runner},
    tools,
};

/// The package of the Python package index that brings axe-core 4.12.1, which is under a licence of its own (MPL-2.0)
/// and therefore no part of the repository.
const AXE: &str = "axe-playwright-python";
/// Its version.
const AXE_VERSION: &str = "0.1.8";
/// SHA-256 of its wheel.
const AXE_SHA256: &str = "fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8";

/// Where the README's pictures are.
const PICTURES: &str = "crates/frontend/screenshots";

/// Runs the tests of the crate `e2e`.
pub(crate) fn test() -> Result<Tally> {
    ensure_chromium()?;
    ensure_axe().context("fetching axe-core")?;
    run_counted(command("cargo", test_runner()).args(["--package", "e2e"]))
}

/// Makes the pictures of the README anew.
pub(crate) fn screenshots() -> Result<()> {
    ensure_chromium()?;
    tools::ensure_program("pngquant", "pngquant")?;
    let make =
        ["run", "--release", "--locked", "--package", "e2e", "--example", "screenshots", "--", PICTURES];
    run(&mut command("cargo", &make))?;
    for picture in std::fs::read_dir(root().join(PICTURES))? {
        let path = picture?.path();
        let name = path.to_str().context("the path of the repository")?;
        run(&mut command("pngquant", &["--force", "--strip", "--ext", ".png", "64", name]))?;
    }
    Ok(())
}

/// Makes sure that Chromium and its driver are there.
pub(crate) fn ensure_chromium() -> Result<()> {
    tools::ensure_program("chromium", "chromium")?;
    tools::ensure_program("chromedriver", "chromium-driver")
}

/// Puts axe-core where the tests look for it.
fn ensure_axe() -> Result<()> {
    let folder = root().join("target/e2e");
    let axe = folder.join("axe");
    // pip names it by the version
    if axe.join(format!("{}-{AXE_VERSION}.dist-info", AXE.replace('-', "_"))).exists() {
        return Ok(());
    }
    if axe.exists() {
        std::fs::remove_dir_all(&axe).context("removing another version")?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let pinned = folder.join("axe.txt");
    std::fs::write(&pinned, format!("{AXE}=={AXE_VERSION} --hash=sha256:{AXE_SHA256}\n"))?;
    let path =
        |path: &std::path::Path| path.to_str().map(str::to_owned).context("the path of the repository");
    let (axe, pinned) = (path(&axe)?, path(&pinned)?);
    // what it is made for, another client of browsers, is not needed
    let only = ["--no-deps", "--require-hashes", "--target", &axe, "--requirement", &pinned];
    bench::python("target/e2e/venv", &only).map(drop)
}
