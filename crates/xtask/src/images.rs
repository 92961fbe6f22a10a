//! Makes sure that the base images are there: those of this machine, else from their registry, else a stand-in.
//!
//! A stand-in has the published image's tag and is made from Debian's packages. It lets the real Dockerfiles and the
//! real stack be tested on a machine that reaches no registry, and is used nowhere else.

use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    command::{capture, command, docker, root, run, run_within, show, succeeds},
    tools,
};

const PULL_LIMIT: Duration = Duration::from_mins(10);
const STAND_IN: &str = "unlimited.stand-in";
const DEBIAN: &str = "http://deb.debian.org/debian";

/// The base images of both Dockerfiles.
pub(crate) fn ensure_for_builds() -> Result<()> {
    for dockerfile in ["Dockerfile.frontend", "Dockerfile.backend"] {
        let text = fs::read_to_string(root().join(dockerfile)).context(dockerfile)?;
        for image in base_images(&text) {
            ensure(image)?;
        }
    }
    Ok(())
}

/// Makes sure that `image` is there and says so if it is a stand-in.
pub(crate) fn ensure(image: &str) -> Result<()> {
    tools::ensure_docker()?;
    if !succeeds(&mut docker(&["image", "inspect", image]))
        && let Err(error) = run_within(&mut docker(&["pull", "--quiet", image]), PULL_LIMIT)
    {
        eprintln!("{image} cannot be pulled ({error:#}), so a stand-in is made from Debian's packages.");
        return build_stand_in(image);
    }
    let label = format!("{{{{index .Config.Labels \"{STAND_IN}\"}}}}");
    let stand_in = capture(&mut docker(&["image", "inspect", "--format", &label, image]))?;
    if !stand_in.is_empty() {
        eprintln!("{image} is a stand-in for the published image: {stand_in}.");
        if image.starts_with("mysql:") {
            // It has a script of ours; from the build cache this takes a second.
            return build_stand_in(image);
        }
    }
    Ok(())
}

/// The images that a Dockerfile starts from, without its own stages.
fn base_images(dockerfile: &str) -> Vec<&str> {
    let mut stages = Vec::new();
    let mut images = Vec::new();
    for line in dockerfile.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["FROM", image, rest @ ..] = words.as_slice() else { continue };
        if !stages.contains(image) && !images.contains(image) {
            images.push(*image);
        }
        if let ["AS", stage] = rest {
            stages.push(*stage);
        }
    }
    images
}

fn build_stand_in(image: &str) -> Result<()> {
    match image.split_once(':').unwrap_or((image, "latest")) {
        ("debian", tag) => import_debian(tag.trim_end_matches("-slim"), image),
        ("mysql", _) => {
            ensure("debian:sid-slim")?;
            let label = format!("{STAND_IN}=the MySQL server of Debian sid with an entrypoint of ours");
            run(&mut docker(&["build", "--label", &label, "--tag", image, "crates/xtask/stand-in/mysql"]))
        }
        ("rust", _) => {
            ensure("debian:bookworm-slim")?;
            build_rust(image)
        }
        _ => bail!("there is no stand-in for {image}; pull it where a registry can be reached"),
    }
}

/// Debian's base system of `suite`, kept as an archive under `target/images`.
fn import_debian(suite: &str, image: &str) -> Result<()> {
    let archive = format!("target/images/{suite}.tar");
    if !root().join(&archive).exists() {
        if !tools::is_debian_root() {
            bail!(
                "stand-ins are made by debootstrap, which needs root on Debian; else pull {image} yourself"
            );
        }
        tools::ensure_program("debootstrap", "debootstrap")?;
        let folder = format!("target/images/{suite}");
        remove_folder(&folder)?;
        fs::create_dir_all(root().join("target/images"))?;
        run(command("debootstrap", &["--variant=minbase", suite, &folder, DEBIAN]).stdout(Stdio::null()))?;
        let unfinished = format!("{archive}.unfinished");
        let skip = ["--exclude=./var/cache/apt/archives/*.deb", "--exclude=./var/lib/apt/lists/*"];
        run(command("tar", &["--create", "--file", &unfinished, "--directory", &folder])
            .args(skip)
            .arg("."))?;
        fs::rename(root().join(unfinished), root().join(&archive))?;
        remove_folder(&folder)?;
    }
    let label = format!("LABEL {STAND_IN}=\"Debian's {suite}, by debootstrap\"");
    run(docker(&["import", "--change", &label, &archive, image]).stdout(Stdio::null()))
}

fn remove_folder(folder: &str) -> Result<()> {
    let path = root().join(folder);
    if path.exists() {
        fs::remove_dir_all(&path).with_context(|| format!("removing {}", path.display()))?;
    }
    Ok(())
}

/// The build context is sent as an archive, as the toolchain lies outside of this folder.
fn build_rust(image: &str) -> Result<()> {
    let toolchain = capture(&mut command("rustc", &["--print", "sysroot"]))?;
    let mut archive = command("tar", &["--create", "--exclude=lib/rustlib/src"]);
    archive.args(["--directory=crates/xtask/stand-in/rust", "Dockerfile"]);
    archive.args(["--directory=/etc/ssl/certs", "ca-certificates.crt"]);
    archive.args([&format!("--directory={toolchain}"), "bin", "lib"]);
    let label = format!("{STAND_IN}=Debian's C compiler and this machine's Rust toolchain");
    pipe(archive, docker(&["build", "--label", &label, "--tag", image, "-"]))
}

/// Runs `from | to`.
fn pipe(mut from: Command, mut to: Command) -> Result<()> {
    show(&from);
    let mut source = from.stdout(Stdio::piped()).spawn().context("starting tar")?;
    let output = source.stdout.take().context("tar has no output")?;
    run(to.stdin(output))?;
    if source.wait()?.success() { Ok(()) } else { bail!("tar failed") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_of_the_same_file_are_no_base_images() {
        let dockerfile =
            "FROM rust:1 AS build\nRUN true\nFROM build AS model\nFROM debian:slim\nCOPY --from=build a b\n";
        assert_eq!(base_images(dockerfile), ["rust:1", "debian:slim"]);
    }
}
