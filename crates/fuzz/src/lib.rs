//! What the fuzz targets share: a tiny model in a folder, some files of which are the input, and what must hold for
//! every translation.

use std::fs;
use std::path::Path;

use engine::{Engine, LoadError, Options, Precision, Request, RequestOptions, Translator};
use tempfile::TempDir;

/// Between the parts of an input.
const SEPARATOR: &[u8] = b"\n====\n";

/// The files of a model of one layer, of width 4 and with 24 tokens; `make.py` writes them.
const MODEL: [(&str, &[u8]); 6] = [
    ("config.json", include_bytes!("../model/config.json")),
    ("generation_config.json", include_bytes!("../model/generation_config.json")),
    ("model.safetensors", include_bytes!("../model/model.safetensors")),
    ("source.spm", include_bytes!("../model/source.spm")),
    ("tokenizer_config.json", include_bytes!("../model/tokenizer_config.json")),
    ("vocab.json", include_bytes!("../model/vocab.json")),
];

/// An input as `N` parts; what it has too few of is empty.
pub fn parts<const N: usize>(input: &[u8]) -> [&[u8]; N] {
    let mut rest = input;
    std::array::from_fn(|part| {
        let end = rest.windows(SEPARATOR.len()).position(|window| window == SEPARATOR);
        match end.filter(|_| part + 1 < N) {
            Some(end) => {
                let found = &rest[..end];
                rest = &rest[end + SEPARATOR.len()..];
                found
            }
            None => std::mem::take(&mut rest),
        }
    })
}

/// A folder with the tiny model.
pub struct ModelFolder(TempDir);

impl Default for ModelFolder {
    fn default() -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        for (name, bytes) in MODEL {
            fs::write(folder.path().join(name), bytes).expect("there is room for a file");
        }
        Self(folder)
    }
}

impl ModelFolder {
    /// Loads the model with `files` in the place of its own.
    pub fn load(&self, files: &[(&str, &[u8])], precision: Precision) -> Result<Translator, LoadError> {
        for (name, bytes) in files {
            fs::write(self.path().join(name), bytes).expect("there is room for a file");
        }
        Translator::load(self.path(), Options { precision, beams: None })
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Translates `text` as one sentence and checks that what is said of it lies within it.
pub fn translate(translator: &Translator, text: &str) {
    let options = RequestOptions { alternatives: 2, alignment: true, glossary: None, target: None };
    let translations = translator.translate_batch(&[Request { text, options: &options }]);
    assert_eq!(translations.len(), 1);
    let translation = &translations[0];
    for link in &translation.alignment {
        assert!(text.get(link.source.clone()).is_some_and(|word| !word.is_empty()), "{link:?} of {text:?}");
        let target = translation.text.get(link.target.clone());
        assert!(target.is_some_and(|word| !word.is_empty()), "{link:?} of {:?}", translation.text);
    }
    assert!(!translation.score.is_nan() && translation.score <= 0.0, "{}", translation.score);
}
