//! `unlimited model` with a hub that imitates the real one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use testkit::hub::FakeHub;

const NAME: &str = "Helsinki-NLP/opus-mt-de-en";

/// A hub that has the starter model under the name of a published one.
async fn hub() -> FakeHub {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../engine/models/starter-de-en"));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        files.push((path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()));
    }
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let hub = FakeHub::start().await;
    hub.publish(NAME, &files);
    hub
}

fn unlimited(models: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unlimited"));
    command.args(arguments).env("MODELS_DIR", models).stdin(Stdio::null());
    for proxy in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(proxy);
    }
    command
}

/// Runs it while the hub answers.
async fn run(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_pulled_used_verified_and_removed() {
    let (hub, folder) = (hub().await, tempfile::tempdir().unwrap());
    let pull = ["model", "pull", "opus-mt-de-en", "--hf-endpoint", &hub.url()];
    assert!(said(&run(unlimited(folder.path(), &pull)).await).contains("is pulled"));
    assert!(said(&run(unlimited(folder.path(), &pull)).await).contains("was there already"));
    let list = said(&run(unlimited(folder.path(), &["model", "list"])).await);
    assert!(list.contains(NAME) && list.contains("de-en") && list.contains("complete"), "{list}");
    let model = folder.path().join("opus-mt-de-en");
    let translated = run(unlimited(folder.path(), &["translate", "Guten Morgen!"])).await;
    assert_eq!(said(&translated), "Good morning.\n");
    assert!(translated.stderr.is_empty(), "it is not the starter model that translates");
    let verify = ["model", "verify"];
    assert!(said(&run(unlimited(folder.path(), &verify)).await).contains("every file is as it was pulled"));
    std::fs::write(model.join("vocab.json"), "{}").unwrap();
    let damaged = run(unlimited(folder.path(), &verify)).await;
    assert_eq!(damaged.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&damaged.stdout).contains("vocab.json has 2 bytes"));
    said(&run(unlimited(folder.path(), &["model", "remove", NAME])).await);
    assert!(!model.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_is_used() {
    let (proxy, folder) = (hub().await, tempfile::tempdir().unwrap());
    let mut pull = unlimited(folder.path(), &["model", "pull", NAME]);
    pull.env("HTTP_PROXY", proxy.url())
        .env("HF_ENDPOINT", "http://hub.invalid")
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    assert!(said(&run(pull).await).contains("is pulled"));
}

#[tokio::test]
async fn a_hub_that_cannot_be_found_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        run(unlimited(folder.path(), &["model", "pull", NAME, "--hf-endpoint", "http://127.0.0.1:9"])).await;
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.contains("cannot reach http://127.0.0.1:9") && message.contains("HF_ENDPOINT"),
        "{message}"
    );
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["../x", "a/../b", "/etc"] {
        let output = unlimited(folder.path(), &["model", "pull", name]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
    }
}
