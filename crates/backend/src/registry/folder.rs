//! The folder of models, as models come and go. What its files are like is told by their names, sizes and times alone:
//! a model is pulled or removed by renaming its folder.

use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::sync::Arc;

use api::BrokenModel;
use engine::{Glossary, ModelInfo};
use models::{Installed, Pair, State, Store};

use super::discover::{bytes, loader};
use super::{Candidate, Entry, List};

/// The folder, and the models that there are besides.
pub(super) struct Folder {
    store: Store,
    glossary: Option<Arc<Glossary>>,
    /// Preferred to those of the folder.
    before: Vec<Arc<Entry>>,
    /// The last choice.
    starter: Arc<Entry>,
}

impl Folder {
    pub(super) fn new(
        path: &Path,
        glossary: Option<Arc<Glossary>>,
        before: &[Arc<Entry>],
        starter: &Arc<Entry>,
    ) -> Self {
        Self { store: Store::new(path), glossary, before: before.to_vec(), starter: Arc::clone(starter) }
    }

    /// What all the files are like.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut models: Vec<u64> = fs::read_dir(self.store.folder())
            .into_iter()
            .flatten()
            .filter_map(Result::ok)
            // what is hidden is not finished
            .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
            .map(|entry| fingerprint(&entry.path()))
            .collect();
        models.sort_unstable();
        let mut hasher = DefaultHasher::new();
        models.hash(&mut hasher);
        hasher.finish()
    }

    /// The models that there are now. Those that were there before and are the same still, are the same.
    pub(super) fn list(&self, before: &List) -> List {
        let mut list = List { models: self.before.clone(), unusable: Vec::new() };
        match self.store.list() {
            Ok(models) => {
                for model in models {
                    self.sort_in(model, before, &mut list);
                }
            }
            Err(error) => {
                let name = self.store.folder().display().to_string();
                list.unusable.push(BrokenModel { name, fault: error.to_string() });
            }
        }
        list.models.push(Arc::clone(&self.starter));
        tell(before, &list);
        list
    }

    fn sort_in(&self, model: Installed, before: &List, list: &mut List) {
        match model.state {
            State::Complete | State::ByHand => {
                let fingerprint = fingerprint(&model.folder);
                let known = before
                    .models
                    .iter()
                    .find(|known| known.fingerprint == fingerprint && known.info().name == model.name);
                list.models.push(known.cloned().unwrap_or_else(|| {
                    let Pair { source, target } = model.pairs[0].pair.clone();
                    let info = ModelInfo { name: model.name, source, target, starter: false };
                    let bytes = bytes(&model.folder);
                    let load = loader(model.folder, self.glossary.clone());
                    Entry::new(Candidate { info, pairs: model.pairs, bytes, load }, fingerprint)
                }));
            }
            State::Broken(fault) => list.unusable.push(BrokenModel { name: model.name, fault }),
            // the rest of a pull, which nobody takes for a model
            State::Interrupted => {}
        }
    }
}

/// What has changed, for the log.
fn tell(before: &List, now: &List) {
    let had = |list: &List, id| list.models.iter().any(|model| model.id == id);
    for model in now.models.iter().filter(|model| !had(before, model.id)) {
        let info = model.info();
        tracing::info!(model = info.name, source = info.source, target = info.target, "there is a model");
    }
    for model in before.models.iter().filter(|model| !had(now, model.id)) {
        tracing::info!(model = model.info().name, "a model is gone");
    }
    for BrokenModel { name, fault } in now.unusable.iter().filter(|it| !before.unusable.contains(it)) {
        tracing::warn!(model = name, fault, "a model cannot be used");
    }
}

/// What the files of a model are like.
fn fingerprint(folder: &Path) -> u64 {
    let mut files: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        // as links lead to them
        .map(|entry| (entry.file_name(), fs::metadata(entry.path()).ok().as_ref().map(look)))
        .collect();
    files.sort_unstable();
    let mut hasher = DefaultHasher::new();
    (folder, fs::metadata(folder).ok().as_ref().map(look), files).hash(&mut hasher);
    hasher.finish()
}

fn look(file: &Metadata) -> (u64, Option<std::time::SystemTime>) {
    (file.len(), file.modified().ok())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use engine::{Request, RequestOptions};

    use super::*;
    use crate::Config;
    use crate::registry::{Registry, Route};

    /// The files of the starter model in a folder, for a pair.
    fn put(folder: &Path, source: &str, target: &str) {
        fs::create_dir_all(folder).unwrap();
        let starter = concat!(env!("CARGO_MANIFEST_DIR"), "/../engine/models/starter-de-en");
        for entry in fs::read_dir(starter).unwrap() {
            let from = entry.unwrap().path();
            fs::copy(&from, folder.join(from.file_name().unwrap())).unwrap();
        }
        let languages = format!(r#"{{"source_lang": "{source}", "target_lang": "{target}"}}"#);
        fs::write(folder.join("tokenizer_config.json"), languages).unwrap();
    }

    fn names(registry: &Registry) -> Vec<String> {
        registry.pairs().into_iter().map(|pair| pair.model.name).collect()
    }

    fn translation(route: &Route) -> String {
        let options = RequestOptions::default();
        let request = Request { text: "Guten Morgen!", options: &options };
        route.engine.translate_batch(&[request]).swap_remove(0).text
    }

    #[tokio::test]
    async fn models_come_and_go_while_others_stay_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let models = folder.path().join("models");
        let config = Config { models_dir: Some(models.clone()), ..Config::default() };
        // a folder that is not there yet
        let registry = Registry::discover(&config).unwrap();
        assert_eq!(names(&registry), ["starter-de-en"]);
        let seen = registry.look_again(None);

        put(&models.join("opus-mt-de-en"), "de", "en");
        let seen = {
            let now = registry.look_again(seen);
            assert_ne!(now, seen);
            now
        };
        assert_eq!(names(&registry), ["opus-mt-de-en"]);
        let kept = registry.route("de", "en").await.unwrap();

        // one that is put together out of sight, as a pull does
        put(&models.join(".opus-mt-fr-en.part"), "fr", "en");
        assert_eq!(registry.look_again(seen), seen);
        fs::rename(models.join(".opus-mt-fr-en.part"), models.join("opus-mt-fr-en")).unwrap();
        let seen = registry.look_again(seen);
        assert_eq!(names(&registry), ["opus-mt-de-en", "opus-mt-fr-en"]);
        let again = registry.route("de", "en").await.unwrap();
        assert!(again.id == kept.id && Arc::ptr_eq(&again.engine, &kept.engine), "it was not loaded twice");
        let french = registry.route("fr", "en").await.unwrap();
        assert_ne!(french.id, kept.id);

        fs::remove_dir_all(models.join("opus-mt-de-en")).unwrap();
        let seen = registry.look_again(seen);
        assert_eq!(names(&registry), ["opus-mt-fr-en", "starter-de-en"]);
        assert_eq!(registry.route("de", "en").await.unwrap().model().name, "starter-de-en");
        drop(again);
        assert_eq!(translation(&kept), "Good morning.", "who uses it may go on");
        assert_eq!(Arc::strong_count(&kept.engine), 1, "nothing else holds it");

        // another one by the same name, whose texts never share a batch with the old one's
        put(&models.join("opus-mt-de-en"), "de", "en");
        registry.look_again(seen);
        let new = registry.route("de", "en").await.unwrap();
        assert_eq!(new.model().name, "opus-mt-de-en");
        assert_ne!(new.id, kept.id);
    }

    #[tokio::test]
    async fn a_model_that_is_mended_serves_again() {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("opus-mt-fr-en");
        put(&model, "fr", "en");
        fs::write(model.join("source.spm"), "half of it").unwrap();
        let config = Config { models_dir: Some(folder.path().to_owned()), ..Config::default() };
        let registry = Registry::discover(&config).unwrap();
        let seen = registry.look_again(None);
        assert!(registry.route("fr", "en").await.is_err());
        assert_eq!(registry.broken().len(), 1);
        registry.look_again(seen);
        assert_eq!(registry.broken().len(), 1, "it is the same still");
        put(&model, "fr", "en");
        registry.look_again(seen);
        assert_eq!(registry.broken(), []);
        assert!(registry.route("fr", "en").await.is_ok());
    }

    #[tokio::test]
    async fn a_model_of_a_group_serves_each_of_its_languages() {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("opus-mt-de-ROMANCE");
        put(&model, "de", "ROMANCE");
        // two rare pieces name languages
        let vocabulary = fs::read_to_string(model.join("vocab.json")).unwrap();
        let mut pieces: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&vocabulary).unwrap();
        let last = pieces.len() - 1;
        for (id, name) in [(last, ">>fr<<"), (last - 1, ">>ita<<")] {
            let piece = pieces.iter().find(|(_, number)| **number == id).unwrap().0.clone();
            let number = pieces.remove(&piece).unwrap();
            pieces.insert(name.to_owned(), number);
        }
        fs::write(model.join("vocab.json"), serde_json::to_vec(&pieces).unwrap()).unwrap();
        let config = Config { models_dir: Some(folder.path().to_owned()), ..Config::default() };
        let registry = Registry::discover(&config).unwrap();
        let pairs: Vec<_> = registry.pairs().into_iter().map(|pair| (pair.source, pair.target)).collect();
        assert_eq!(
            pairs,
            [("de", "fr"), ("de", "it"), ("de", "en")].map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
        for target in ["fr", "it"] {
            let route = registry.route("de", target).await.unwrap();
            assert_eq!(
                (route.model().name.as_str(), &*route.engine.info().target),
                ("opus-mt-de-ROMANCE", target)
            );
            assert!(!translation(&route).is_empty());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_finds_them_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { models_dir: Some(folder.path().to_owned()), ..Config::default() };
        let registry = Registry::discover(&config).unwrap();
        let watching = tokio::spawn({
            let registry = registry.clone();
            async move { registry.watch().await }
        });
        tokio::time::sleep(Duration::from_secs(3)).await;
        put(&folder.path().join("opus-mt-fr-en"), "fr", "en");
        while names(&registry) != ["opus-mt-fr-en", "starter-de-en"] {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        watching.abort();
    }
}
