//! A real MySQL server for the tests, in a container on a free port of loopback, removed when dropped.

use std::{
    fs::File,
    io::Read as _,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    command::{capture, check_interrupt, docker, show, succeeds},
    images,
};

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    container: String,
    /// Where it listens, with root's name and password.
    pub(crate) url: String,
}

impl Server {
    /// Starts a server with a throw-away password and waits until it answers.
    pub(crate) fn start() -> Result<Self> {
        images::ensure("mysql:8.4")?;
        let password = password()?;
        let mut start = docker(&["run", "--detach", "--rm", "--publish", "127.0.0.1::3306"]);
        start.args(["--env", "MYSQL_ROOT_PASSWORD", "--env", "MYSQL_DATABASE=translation"]);
        // Its files are thrown away anyway.
        start.args(["--tmpfs", "/var/lib/mysql", "mysql:8.4"]).env("MYSQL_ROOT_PASSWORD", &password);
        show(&start);
        let mut server = Self { container: capture(&mut start)?, url: String::new() };
        let address = capture(&mut docker(&["port", &server.container, "3306/tcp"]))?;
        let address = address.lines().next().context("docker port names no address")?;
        server.url = format!("mysql://root:{password}@{address}/translation");
        server.wait()?;
        Ok(server)
    }

    /// The server that initialises the data has no network port, so an answer by TCP comes from the final one.
    fn wait(&self) -> Result<()> {
        let began = Instant::now();
        let ping = ["exec", &self.container, "mysqladmin", "--host=127.0.0.1", "--silent", "ping"];
        while !succeeds(&mut docker(&ping)) {
            check_interrupt()?;
            if began.elapsed() > Duration::from_mins(2) {
                bail!("the MySQL server did not start; see: docker logs {}", self.container);
            }
            thread::sleep(Duration::from_millis(300));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        succeeds(&mut docker(&["rm", "--force", "--volumes", &self.container]));
    }
}

fn password() -> Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .context("reading /dev/urandom")?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}
