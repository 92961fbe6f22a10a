//! What must not be found in the running containers: passwords where others see them, visitors' texts in logs, and
//! rights that the services do not need.

use anyhow::{Result, anyhow, bail};
use serde_json::Value;

use super::{Checks, trial::Trial};
use crate::command::{capture, docker};

/// The services; which files of their processes are searched; and what is found there if the search works. The MySQL
/// image itself leaves the passwords in the environment of its server, where its user and root can read them.
const SERVICES: [(&str, &str, &str); 3] = [
    ("frontend", "environ,cmdline", "DB_PASSWORD_FILE"),
    ("backend", "environ,cmdline", "LOG_FORMAT"),
    ("database", "cmdline,status", "mysqld"),
];

/// Checks the containers of a stack in which everything runs. `secrets` and `text` are what must not be found.
pub(super) fn check(checks: &mut Checks, trial: &Trial, secrets: &[&str], text: &str) -> Result<()> {
    for (service, files, marker) in SERVICES {
        let container = trial.container(service)?;
        let service_name = format!("{}_{service}", trial.name);
        let inspected = capture(&mut docker(&["inspect", &container, &service_name]))?;
        checks
            .check(&format!("docker inspect of the {service} shows no secret"), absent(&inspected, secrets));
        checks.check(&format!("the {service} runs without privileges"), unprivileged(&inspected));

        let processes = processes(&container, files)?;
        let found = if processes.contains(marker) {
            absent(&processes, secrets)
        } else {
            Err(anyhow!("they cannot be read"))
        };
        checks.check(&format!("no process of the {service} shows a secret in its {files}"), found);

        let logs = logs(&service_name)?;
        let result = absent(&logs, secrets).and_then(|()| absent(&logs, &[text]));
        checks.check(&format!("the log of the {service} has neither a secret nor a visitor's text"), result);
    }
    for service in ["frontend", "backend"] {
        checks.check(&format!("the image of the {service} has no setuid file"), no_setuid(trial, service));
    }
    Ok(())
}

fn absent(haystack: &str, needles: &[&str]) -> Result<()> {
    let found = needles.iter().position(|needle| haystack.contains(needle.trim_end()));
    found.map_or(Ok(()), |place| bail!("number {} of what must not be there was found", place + 1))
}

fn unprivileged(inspected: &str) -> Result<()> {
    let container = &serde_json::from_str::<Value>(inspected)?[0];
    let user = container["Config"]["User"].as_str().unwrap_or_default();
    if user.is_empty() || user.starts_with('0') || user.starts_with("root") {
        bail!("its user is {user:?}");
    }
    let host = &container["HostConfig"];
    if host["ReadonlyRootfs"] != true
        || host["CapDrop"] != serde_json::json!(["ALL"])
        || !host["CapAdd"].is_null()
    {
        bail!(
            "read-only: {}, dropped: {}, added: {}",
            host["ReadonlyRootfs"],
            host["CapDrop"],
            host["CapAdd"]
        );
    }
    if host["Memory"] == 0 || host["PidsLimit"].as_u64().unwrap_or(0) == 0 {
        bail!("memory limit: {}, process limit: {}", host["Memory"], host["PidsLimit"]);
    }
    Ok(())
}

/// Files of all processes in a container, read by another one that sees them.
fn processes(container: &str, files: &str) -> Result<String> {
    let script = format!("cat /proc/[0-9]*/{{{files}}} 2>/dev/null | tr '\\0' '\\n'");
    let mut read = docker(&["run", "--rm", "--user", "0", "--cap-add", "SYS_PTRACE", "--entrypoint", "bash"]);
    read.args(["--pid", &format!("container:{container}"), "mysql:8.4", "-c", &script]);
    capture(&mut read)
}

/// Both streams of a service's log.
fn logs(service: &str) -> Result<String> {
    let output = docker(&["service", "logs", "--raw", service]).output()?;
    let text = [output.stdout, output.stderr].concat();
    if !output.status.success() || text.is_empty() {
        bail!("the log of {service} cannot be read");
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn no_setuid(trial: &Trial, service: &str) -> Result<()> {
    let image = capture(&mut docker(&["inspect", "--format", "{{.Image}}", &trial.container(service)?]))?;
    let find = [
        "run",
        "--rm",
        "--user",
        "0",
        "--entrypoint",
        "find",
        &image,
        "/",
        "-xdev",
        "-type",
        "f",
        "-perm",
        "/6000",
    ];
    let found = capture(&mut docker(&find))?;
    if found.is_empty() { Ok(()) } else { bail!("{found}") }
}
