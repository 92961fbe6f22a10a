//! Makes sure that the programs the tests need are there: installs them where that is possible without asking, else
//! says what to install.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::command::{capture, command, docker, root, run, succeeds};

/// Version of cargo-deny that is installed if there is none.
const CARGO_DENY: &str = "0.20.2";

/// Version of cargo-fuzz, likewise.
const CARGO_FUZZ: &str = "0.13.2";

/// Whether this is root on a system with apt-get.
pub(crate) fn is_debian_root() -> bool {
    capture(&mut command("id", &["-u"])).is_ok_and(|uid| uid == "0") && on_path("apt-get")
}

fn on_path(program: &str) -> bool {
    succeeds(&mut command("sh", &["-c", "command -v \"$0\"", program]))
}

/// Makes sure that `program` is there, from Debian's `package` if it must be installed.
pub(crate) fn ensure_program(program: &str, package: &str) -> Result<()> {
    if on_path(program) {
        return Ok(());
    }
    if !is_debian_root() {
        bail!("{program} is missing. Install it, on Debian or Ubuntu with: sudo apt-get install {package}");
    }
    // Something else may be installing packages at this moment.
    let lock = "DPkg::Lock::Timeout=300";
    run(&mut command("apt-get", &["--option", lock, "--quiet=2", "update"]))?;
    let install = ["--option", lock, "--quiet=2", "--yes", "--no-install-recommends", "install", package];
    run(command("apt-get", &install).env("DEBIAN_FRONTEND", "noninteractive"))
        .with_context(|| format!("installing {package} for {program}"))
}

/// Makes sure that Docker is there and its engine answers.
pub(crate) fn ensure_docker() -> Result<()> {
    ensure_program("docker", "docker.io")?;
    if succeeds(&mut docker(&["version"])) {
        return Ok(());
    }
    bail!(
        "Docker is installed, but its engine does not answer. Start it (for example: sudo systemctl start docker) \
         and make sure that you may use it: docker version"
    )
}

/// cargo-deny of this machine or of an earlier run.
pub(crate) fn cargo_deny() -> Option<PathBuf> {
    cargo_tool("cargo-deny")
}

/// cargo-deny, installed under `target/tools` if there is none, which takes minutes.
pub(crate) fn ensure_cargo_deny() -> Result<PathBuf> {
    ensure_cargo_tool("cargo-deny", CARGO_DENY)
}

/// cargo-fuzz, likewise.
pub(crate) fn ensure_cargo_fuzz() -> Result<PathBuf> {
    ensure_cargo_tool("cargo-fuzz", CARGO_FUZZ)
}

fn cargo_tool(name: &str) -> Option<PathBuf> {
    let ours = root().join("target/tools/bin").join(name);
    if ours.exists() { Some(ours) } else { on_path(name).then(|| PathBuf::from(name)) }
}

fn ensure_cargo_tool(name: &str, version: &str) -> Result<PathBuf> {
    if cargo_tool(name).is_none() {
        let install = ["install", name, "--version", version, "--locked", "--root", "target/tools"];
        run(&mut command("cargo", &install))?;
    }
    cargo_tool(name).with_context(|| format!("{name} was installed, but is not there"))
}
