//! A small model of random weights, a hub that has it, and a store.

use indicatif::ProgressBar;
use models::{Error, Hub, ModelName, Pulled, Revision, Store};
use tempfile::TempDir;
use testkit::hub::FakeHub;

pub(crate) const SAFETENSORS: &[u8] = include_bytes!("../fixtures/model.safetensors");
pub(crate) const ARCHIVE: &[u8] = include_bytes!("../fixtures/archive.bin");
pub(crate) const LEGACY: &[u8] = include_bytes!("../fixtures/legacy.bin");
pub(crate) const HALF: &[u8] = include_bytes!("../fixtures/half.bin");

pub(crate) const NAME: &str = "Helsinki-NLP/opus-mt-de-en";

/// What every published model has, with its weights under a name.
pub(crate) fn files<'a>(weights: &'a str, bytes: &'a [u8]) -> Vec<(&'a str, &'a [u8])> {
    vec![
        ("config.json", br#"{"model_type": "marian"}"#),
        ("tokenizer_config.json", br#"{"source_lang": "de", "target_lang": "en"}"#),
        ("vocab.json", b"{}"),
        ("source.spm", b"source"),
        ("target.spm", b"target"),
        ("README.md", b"licence: apache-2.0"),
        ("tf_model.h5", b"not for us"),
        (weights, bytes),
    ]
}

/// A hub, a store, and how the one gets into the other.
pub(crate) struct Place {
    pub(crate) hub: FakeHub,
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
}

impl Place {
    /// A hub that has the model as safetensors.
    pub(crate) async fn new() -> Self {
        let hub = FakeHub::start().await;
        hub.publish(NAME, &files("model.safetensors", SAFETENSORS));
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("models"));
        Self { hub, store, folder }
    }

    pub(crate) async fn pull(&self) -> Result<Pulled, Error> {
        self.pull_from(&self.hub.url(), NAME, "main").await
    }

    pub(crate) async fn pull_from(&self, hub: &str, name: &str, revision: &str) -> Result<Pulled, Error> {
        let (hub, name): (Hub, ModelName) = (Hub::new(hub)?, name.parse()?);
        let revision: Revision = revision.parse()?;
        models::pull(&hub, &self.store, &name, &revision, &ProgressBar::hidden()).await
    }

    /// How often the hub was asked for bytes of a file.
    pub(crate) fn fetched(&self, file: &str) -> Vec<String> {
        let requests = self.hub.requests().into_iter();
        requests.filter(|request| request.starts_with("/cdn/") && request.contains(file)).collect()
    }
}
