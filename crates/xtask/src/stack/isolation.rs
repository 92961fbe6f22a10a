//! Who reaches whom: connections are tried from within the services' own networks, by containers that join them, as
//! the images have no tools for it. Each attempt that must fail has one beside it that must succeed.

use std::net::TcpListener;

use anyhow::{Result, bail};

use super::{Checks, trial::Trial};
use crate::command::{capture, docker, succeeds};

/// Fails unless a connection opens within three seconds. `timeout` does not work as a container's first process, which
/// it would be without something left to do after it.
const CONNECT: &str = r#"timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$0" "$1" || exit 1"#;

/// Checks the networks of a stack in which everything runs.
pub(super) fn check(checks: &mut Checks, trial: &Trial) -> Result<()> {
    let frontend = trial.container("frontend")?;
    let backend = trial.container("backend")?;
    let database = trial.container("database")?;
    let address = address_on(&database, &format!("{}_database", trial.name))?;
    checks.check("the frontend reaches the database", connects(&frontend, "database", 3306));
    checks.check("the frontend reaches the backend", connects(&frontend, "backend", 8000));
    checks.check("the backend cannot open a connection to the database", refuses(&backend, &address, 3306));
    checks.check("the backend does not even find the database's name", refuses(&backend, "database", 3306));

    // Stands for everything outside: an open port of this machine.
    let gateway = capture(&mut docker(&[
        "network",
        "inspect",
        "docker_gwbridge",
        "--format",
        "{{(index .IPAM.Config 0).Gateway}}",
    ]))?;
    let outside = TcpListener::bind((gateway.as_str(), 0))?;
    let port = outside.local_addr()?.port();
    checks.check("the network with the published port leads outside", connects(&frontend, &gateway, port));
    checks.check("the backend has no way out", refuses(&backend, &gateway, port));
    checks.check("the database has no way out", refuses(&database, &gateway, port));
    Ok(())
}

fn address_on(container: &str, network: &str) -> Result<String> {
    let format = format!("{{{{(index .NetworkSettings.Networks \"{network}\").IPAddress}}}}");
    capture(&mut docker(&["inspect", "--format", &format, container]))
}

fn opens(container: &str, host: &str, port: u16) -> bool {
    let (network, port) = (format!("container:{container}"), port.to_string());
    let probe = [
        "run",
        "--rm",
        "--network",
        &network,
        "--entrypoint",
        "bash",
        "mysql:8.4",
        "-c",
        CONNECT,
        host,
        &port,
    ];
    succeeds(&mut docker(&probe))
}

fn connects(container: &str, host: &str, port: u16) -> Result<()> {
    if opens(container, host, port) { Ok(()) } else { bail!("no connection to {host}:{port}") }
}

fn refuses(container: &str, host: &str, port: u16) -> Result<()> {
    if opens(container, host, port) {
        bail!("{host}:{port} accepted a connection")
    }
    Ok(())
}
