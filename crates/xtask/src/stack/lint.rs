//! What `docker stack config` lets pass and a deployment then suffers from. Works on its output; nothing runs.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, anyhow};
use serde_json::Value;

use super::Checks;
use crate::command::{capture, docker};

/// Keys that Swarm ignores without a word.
const IGNORED: [&str; 15] = [
    "build",
    "container_name",
    "depends_on",
    "devices",
    "expose",
    "ipc",
    "links",
    "network_mode",
    "pid",
    "privileged",
    "restart",
    "security_opt",
    "shm_size",
    "tmpfs",
    "userns_mode",
];

/// What every service must set, as JSON pointers.
const REQUIRED: [&str; 9] = [
    "/user",
    "/read_only",
    "/cap_drop/0",
    "/healthcheck/test",
    "/stop_grace_period",
    "/logging/options/max-size",
    "/deploy/restart_policy/condition",
    "/deploy/resources/limits/memory",
    "/deploy/resources/limits/pids",
];

/// Renders stack.yml, alone and with its overlay, and checks both.
pub(super) fn check_files(checks: &mut Checks) -> Result<()> {
    let stack = ["stack", "config", "--compose-file", "stack.yml"];
    for (name, overlay) in [
        ("stack.yml", None),
        ("stack.yml with deploy/ingress.yml", Some("deploy/ingress.yml")),
        ("stack.yml with deploy/models.yml", Some("deploy/models.yml")),
        ("stack.yml with deploy/sql.yml", Some("deploy/sql.yml")),
    ] {
        let mut render = docker(&stack);
        render.args(overlay.iter().flat_map(|overlay| ["--compose-file", overlay]));
        let rendered = capture(&mut render).context("docker stack config")?;
        let config = serde_saphyr::from_str(&rendered).context("reading what docker stack config prints")?;
        let faults = faults(&config);
        let result = if faults.is_empty() { Ok(()) } else { Err(anyhow!(faults.join("; "))) };
        checks.check(&format!("{name} is complete and has nothing that Swarm ignores"), result);
    }
    Ok(())
}

/// Everything that is wrong with a rendered stack, a phrase each.
fn faults(config: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let services = config["services"].as_object().into_iter().flatten();
    for (name, service) in services {
        let keys = IGNORED.iter().filter(|key| service.get(key).is_some());
        faults.extend(keys.map(|key| format!("{name} has {key}, which Swarm ignores")));
        let missing = REQUIRED.iter().filter(|pointer| service.pointer(pointer).is_none_or(Value::is_null));
        faults.extend(missing.map(|pointer| format!("{name} does not set {pointer}")));
        if !is_pinned(service["image"].as_str().unwrap_or_default()) {
            faults.push(format!("{name} does not pin its image"));
        }
    }
    for kind in ["secrets", "configs", "networks", "volumes"] {
        let used = used(config, kind);
        let defined: BTreeSet<&str> = keys(&config[kind]).collect();
        let undefined = used.iter().filter(|(_, source)| !defined.contains(source));
        faults.extend(
            undefined.map(|(name, source)| format!("{name} uses {source}, which is not among the {kind}")),
        );
        let unused = defined.iter().filter(|name| !used.iter().any(|(_, source)| source == *name));
        faults.extend(unused.map(|name| format!("nothing uses {name} of the {kind}")));
    }
    faults
}

/// A tag other than `latest`, or a digest.
fn is_pinned(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or_default();
    name.contains('@') || name.split_once(':').is_some_and(|(_, tag)| tag != "latest")
}

/// Which service uses what of `kind`.
fn used<'a>(config: &'a Value, kind: &str) -> Vec<(&'a str, &'a str)> {
    let services = config["services"].as_object().into_iter().flatten();
    services
        .flat_map(|(name, service)| {
            let mapped = keys(&service[kind]);
            let listed =
                service[kind].as_array().into_iter().flatten().filter_map(|entry| entry["source"].as_str());
            mapped.chain(listed).map(|source| (name.as_str(), source)).collect::<Vec<_>>()
        })
        .collect()
}

fn keys(map: &Value) -> impl Iterator<Item = &str> {
    map.as_object().into_iter().flatten().map(|(key, _)| key.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_used_must_be_defined_and_what_is_defined_must_be_used() {
        let config = json!({
            "services": { "a": { "networks": { "x": null }, "configs": [{ "source": "schema" }] } },
            "configs": { "schema": {}, "old": {} },
        });
        let faults = faults(&config);
        assert!(faults.contains(&"a uses x, which is not among the networks".to_owned()), "{faults:?}");
        assert!(faults.contains(&"nothing uses old of the configs".to_owned()), "{faults:?}");
        assert!(!faults.iter().any(|fault| fault.contains("schema")), "{faults:?}");
    }

    #[test]
    fn keys_that_swarm_ignores_are_found() {
        let config = json!({ "services": { "a": { "image": "a:1", "restart": "always" } } });
        assert!(faults(&config).contains(&"a has restart, which Swarm ignores".to_owned()));
    }

    #[test]
    fn an_image_is_pinned_by_a_tag_or_a_digest() {
        assert!(is_pinned("mysql:8.4"));
        assert!(is_pinned("host:5000/mysql:8.4"));
        assert!(is_pinned("mysql@sha256:00"));
        assert!(!is_pinned("mysql"));
        assert!(!is_pinned("mysql:latest"));
        assert!(!is_pinned("host:5000/mysql"));
    }
}
