//! A stack for tests, by the operator's own scripts: its name, port, secrets and volume are its own, and all of it is
//! removed when dropped.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{self, Command},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::command::{capture, capture_with_input, check_interrupt, command, docker, root, run, succeeds};

const PREFIX: &str = "unlimited-test-";
/// Overlay that leaves the database out.
const LATE_DATABASE: &str = "services: { database: { deploy: { replicas: 0 } } }\n";
/// Reads SQL from its input; the password comes from where the server has it, by a pipe.
const SQL: &str = r#"mysql --defaults-extra-file=<(printf '[client]\npassword="%s"' "$(cat /run/secrets/db_root_password)") \
    --protocol=socket --user=root --database=translation --default-character-set=utf8mb4 --skip-column-names --batch"#;

/// The secrets, by the names that the services know them by.
pub(super) const SECRETS: [&str; 6] =
    ["db_user", "db_password", "db_root_password", "cookie_key", "db_reader_user", "db_reader_password"];

/// A stack of its own.
#[derive(Debug)]
pub(super) struct Trial {
    pub(super) name: String,
    pub(super) port: u16,
    made_swarm: bool,
}

impl Trial {
    /// Prepares names; nothing is started.
    pub(super) fn new() -> Result<Self> {
        remove_abandoned();
        let state = capture(&mut docker(&["info", "--format", "{{.Swarm.LocalNodeState}}"]))?;
        let made_swarm = state == "inactive";
        if made_swarm {
            run(&mut docker(&[
                "swarm",
                "init",
                "--advertise-addr",
                "127.0.0.1",
                "--listen-addr",
                "127.0.0.1:2377",
            ]))?;
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr())?.port();
        Ok(Self { name: format!("{PREFIX}{}", process::id()), port, made_swarm })
    }

    /// Creates a secret that ends as given, before `up` would generate one.
    pub(super) fn create_secret(&self, secret: &str, value: &str) -> Result<()> {
        let mut create = docker(&["secret", "create", &secret_name(&self.name, secret), "-"]);
        capture_with_input(&mut create, value).map(drop)
    }

    /// `deploy/up`, everything.
    pub(super) fn up(&self) -> Result<()> {
        run(&mut self.script("deploy/up"))
    }

    /// `deploy/up` with the SQL page.
    pub(super) fn up_with_sql_page(&self) -> Result<()> {
        run(self.script("deploy/up").arg("deploy/sql.yml").env("HISTORY", "shared"))
    }

    /// Whether `deploy/up` refuses the SQL page where each browser has a history of its own.
    pub(super) fn refuses_sql_page(&self) -> bool {
        !succeeds(self.script("deploy/up").arg("deploy/sql.yml").env("HISTORY", "own"))
    }

    /// `deploy/up` without the database.
    pub(super) fn up_without_database(&self) -> Result<()> {
        let overlay = root().join("target").join(format!("{}.yml", self.name));
        fs::write(&overlay, LATE_DATABASE).with_context(|| format!("writing {}", overlay.display()))?;
        let result = run(self.script("deploy/up").arg(&overlay));
        fs::remove_file(&overlay)?;
        result
    }

    /// `deploy/down`: the translations stay.
    pub(super) fn down(&self) -> Result<()> {
        run(&mut self.script("deploy/down"))
    }

    /// `deploy/down --purge`: nothing stays.
    pub(super) fn purge(&self) -> Result<()> {
        run(self.script("deploy/down").arg("--purge"))
    }

    fn script(&self, script: &str) -> Command {
        let mut script = command(script, &[]);
        with_names(&mut script, &self.name);
        script.env("PORT", self.port.to_string());
        script
    }

    /// Starts so many tasks of a service.
    pub(super) fn scale(&self, service: &str, tasks: usize) -> Result<()> {
        run(&mut docker(&["service", "scale", "--detach", &format!("{}_{service}={tasks}", self.name)]))
    }

    /// The container of a service's running task.
    pub(super) fn container(&self, service: &str) -> Result<String> {
        let service = format!("label=com.docker.swarm.service.name={}_{service}", self.name);
        let containers = capture(&mut docker(&["ps", "--quiet", "--no-trunc", "--filter", &service]))?;
        let mut containers = containers.lines();
        match (containers.next(), containers.next()) {
            (Some(container), None) => Ok(container.to_owned()),
            (None, _) => bail!("no task of {service} runs"),
            _ => bail!("several tasks of {service} run"),
        }
    }

    /// Waits until the running task of a service is another one than `old` and healthy.
    pub(super) fn wait_until_healthy(&self, service: &str, old: Option<&str>) -> Result<()> {
        wait_for(&format!("a healthy {service}"), Duration::from_mins(3), || {
            let container = self.container(service)?;
            let health = ["inspect", "--format", "{{.State.Health.Status}}", &container];
            Ok(old != Some(&*container) && capture(&mut docker(&health))? == "healthy")
        })
    }

    /// What the MySQL client in the database's container answers.
    pub(super) fn sql(&self, statement: &str) -> Result<String> {
        let container = self.container("database")?;
        capture_with_input(&mut docker(&["exec", "--interactive", &container, "bash", "-c", SQL]), statement)
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        eprintln!("Removing {}", self.name);
        succeeds(self.script("deploy/down").arg("--purge"));
        if self.made_swarm
            && capture(&mut docker(&["stack", "ls", "--format", "{{.Name}}"])).is_ok_and(|s| s.is_empty())
        {
            succeeds(&mut docker(&["swarm", "leave", "--force"]));
        }
    }
}

/// Waits until `condition` holds; while it is an error, it does not hold yet.
pub(super) fn wait_for(what: &str, limit: Duration, condition: impl Fn() -> Result<bool>) -> Result<()> {
    let began = Instant::now();
    loop {
        check_interrupt()?;
        let result = condition();
        if matches!(result, Ok(true)) {
            return Ok(());
        }
        if began.elapsed() > limit {
            result.with_context(|| format!("waiting for {what}"))?;
            bail!("waited in vain for {what}");
        }
        thread::sleep(Duration::from_millis(500));
    }
}

fn secret_name(stack: &str, secret: &str) -> String {
    format!("{stack}_{secret}")
}

fn with_names(script: &mut Command, stack: &str) {
    script.env("STACK", stack);
    for secret in SECRETS {
        script.env(format!("{}_SECRET", secret.to_uppercase()), secret_name(stack, secret));
    }
}

/// Removes the stacks of runs that were killed before they could do so.
fn remove_abandoned() {
    let stacks = capture(&mut docker(&["stack", "ls", "--format", "{{.Name}}"])).unwrap_or_default();
    for stack in stacks.lines() {
        let owner = stack.strip_prefix(PREFIX);
        if owner.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            let mut down = command("deploy/down", &["--purge"]);
            with_names(&mut down, stack);
            succeeds(&mut down);
        }
    }
}
