//! Finds the models that the configuration names.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::{Engine, Glossary, LoadError, ModelInfo, Options, Translator};
use models::Manifest;
use sha2::{Digest as _, Sha256};

use super::{Candidate, Entry, Folder, List, Loader, Registry, only_pair};
use crate::Config;

/// What a loaded model takes besides its weights: vocabulary, buffers.
const OVERHEAD: u64 = 24 << 20;
/// What the starter model takes.
const STARTER_BYTES: u64 = 32 << 20;

impl Registry {
    /// The model of `MODEL_DIR`, those of `MODELS_DIR`, and the starter model, in this order of preference. The first
    /// must be whole; others that are not are told of and left out.
    pub fn discover(config: &Config) -> Result<Self, LoadError> {
        let given = |folder: &Option<PathBuf>| folder.clone().filter(|folder| !folder.as_os_str().is_empty());
        let glossary_file = given(&config.glossary_file);
        let glossary = glossary_file.as_deref().map(Glossary::read).transpose()?.map(Arc::new);
        let terms = glossary_file.as_deref().map(fingerprint).transpose()?;
        let mut fixed = Vec::new();
        if let Some(folder) = given(&config.model_dir) {
            fixed.push(Entry::new(single(&folder, glossary.clone())?, 0));
        }
        let starter = Entry::new(starter(glossary.clone()), 0);
        let folder = given(&config.models_dir).map(|path| Folder::new(&path, glossary, &fixed, &starter));
        let list = match &folder {
            Some(folder) => folder.list(&List::default()),
            None => List { models: [fixed, vec![starter]].concat(), unusable: Vec::new() },
        };
        Ok(Self::with_folder(list, config.model_memory_bytes(), folder, terms))
    }
}

/// The first half of the SHA-256 of a file, in hexadecimal digits.
fn fingerprint(file: &Path) -> Result<String, LoadError> {
    let content = fs::read(file).map_err(|source| LoadError::Read { path: file.to_owned(), source })?;
    let digest: [u8; 32] = Sha256::digest(content).into();
    Ok(digest[..16].iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}

/// The model in a folder of its own, loaded to see that it is whole.
fn single(folder: &Path, glossary: Option<Arc<Glossary>>) -> Result<Candidate, LoadError> {
    let name = Manifest::read(folder).ok().flatten().map(|manifest| manifest.name);
    let loaded = Translator::load(folder, Options::default())?;
    let mut info = loaded.info().clone();
    info.name = name.unwrap_or(info.name);
    info.source = models::normalise(&info.source);
    info.target = models::normalise(&info.target);
    let pairs = models::pairs_of(folder, &info.name).unwrap_or_else(|_| vec![only_pair(&info)]);
    Ok(Candidate { info, pairs, bytes: bytes(folder), load: loader(folder.to_owned(), glossary) })
}

fn starter(glossary: Option<Arc<Glossary>>) -> Candidate {
    let info =
        ModelInfo { name: "starter-de-en".into(), source: "de".into(), target: "en".into(), starter: true };
    let load = move || shared(Translator::starter(Options::default()), glossary.as_ref());
    Candidate { pairs: vec![only_pair(&info)], info, bytes: STARTER_BYTES, load: Box::new(load) }
}

pub(super) fn loader(folder: PathBuf, glossary: Option<Arc<Glossary>>) -> Loader {
    Box::new(move || shared(Translator::load(&folder, Options::default()), glossary.as_ref()))
}

/// A loaded model with the operator's terms.
fn shared(
    loaded: Result<Translator, LoadError>,
    glossary: Option<&Arc<Glossary>>,
) -> Result<Arc<dyn Engine>, String> {
    let model = loaded.map_err(|error| error.to_string())?;
    Ok(match glossary {
        Some(glossary) => Arc::new(model.with_glossary(Arc::clone(glossary))),
        None => Arc::new(model),
    })
}

/// In memory a weight takes a byte. A file that cannot be read counts as nothing; loading it will tell.
pub(super) fn bytes(folder: &Path) -> u64 {
    models::weights_of(folder).unwrap_or(0) + OVERHEAD
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Puts the starter model into a folder.
    fn put(folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        let starter = concat!(env!("CARGO_MANIFEST_DIR"), "/../engine/models/starter-de-en");
        for entry in fs::read_dir(starter).unwrap() {
            let from = entry.unwrap().path();
            fs::copy(&from, folder.join(from.file_name().unwrap())).unwrap();
        }
    }

    fn names(registry: &Registry) -> Vec<String> {
        registry.pairs().into_iter().map(|pair| pair.model.name).collect()
    }

    #[tokio::test]
    async fn a_broken_folder_is_named_and_the_others_serve() {
        let folder = tempfile::tempdir().unwrap();
        put(&folder.path().join("opus-mt-de-en"));
        put(&folder.path().join("opus-mt-fr-en"));
        let languages = r#"{"source_lang": "fra", "target_lang": "eng"}"#;
        fs::write(folder.path().join("opus-mt-fr-en/tokenizer_config.json"), languages).unwrap();
        put(&folder.path().join("without-weights"));
        fs::remove_file(folder.path().join("without-weights/model.safetensors")).unwrap();
        let config = Config { models_dir: Some(folder.path().to_owned()), ..Config::default() };
        let registry = Registry::discover(&config).unwrap();
        assert_eq!(names(&registry), ["opus-mt-de-en", "opus-mt-fr-en"]);
        let broken = registry.broken();
        assert_eq!(broken.len(), 1);
        assert_eq!(broken[0].name, "without-weights");
        assert!(broken[0].fault.contains("model.safetensors is missing"), "{:?}", broken[0]);

        // damage that shows only when it is loaded
        fs::write(folder.path().join("opus-mt-de-en/source.spm"), "nonsense").unwrap();
        assert_eq!(registry.route("de", "en").await.unwrap().model().name, "starter-de-en");
        assert!(
            registry.broken().iter().any(|it| it.name == "opus-mt-de-en" && it.fault.contains("source.spm"))
        );
        assert_eq!(registry.route("fr", "en").await.unwrap().model().name, "opus-mt-fr-en");
    }

    #[test]
    fn a_model_named_by_itself_is_preferred_and_must_be_whole() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("own");
        put(&own);
        let config = Config { model_dir: Some(own.clone()), ..Config::default() };
        assert_eq!(names(&Registry::discover(&config).unwrap()), ["own"]);
        fs::write(own.join("vocab.json"), "nonsense").unwrap();
        let error = Registry::discover(&config).err().expect("it is broken").to_string();
        assert!(error.contains("vocab.json"), "{error}");
        let empty = Config { model_dir: Some(PathBuf::new()), ..Config::default() };
        assert_eq!(names(&Registry::discover(&empty).unwrap()), ["starter-de-en"]);
    }

    #[test]
    fn the_fingerprint_of_terms_changes_with_them() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("terms.txt");
        let terms = |content: Option<&str>| {
            if let Some(content) = content {
                fs::write(&file, content).unwrap();
            }
            let glossary_file = content.map(|_| file.clone());
            Registry::discover(&Config { glossary_file, ..Config::default() }).unwrap().terms()
        };
        let (first, second) = (terms(Some("Vertrag = agreement")), terms(Some("Vertrag = contract")));
        assert_eq!(first.as_ref().map(String::len), Some(32));
        assert_ne!(first, second);
        assert_eq!(terms(Some("Vertrag = agreement")), first);
        assert_eq!(terms(None), None);
    }
}
