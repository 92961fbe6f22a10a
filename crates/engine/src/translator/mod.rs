//! A model with its tokeniser: sentences in, sentences out.

mod align;
mod batch;
mod sentence;
mod unit;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use crate::decode::{Effort, Source, decode};
use crate::files::ModelFiles;
use crate::math::linear::Precision;
use crate::model::{Buffers, GenerationConfig, Marian};
use crate::protect::Locale;
use crate::tokenizer::Tokenizer;
use crate::{Engine, Glossary, LoadError, ModelInfo, Request, Translation};
use sentence::Sentence;

/// How a model is loaded and used.
///
/// What beams and int8 cost: BLEU of the starter model on three whole sets (sacreBLEU), and time on one thread relative
/// to greedy search in int8.
///
/// | numbers, beams | Tatoeba | FLORES | WMT 16 | time |
/// |---|---|---|---|---|
/// | int8, 1 | 37.9 | 15.1 | 13.0 | 1.0 |
/// | int8, 2 | 39.3 | 16.0 | 13.7 | 1.2 |
/// | int8, 3 | 39.4 | 16.4 | 14.0 | 1.5 |
/// | int8, 4 | 39.7 | 16.6 | 14.0 | 1.7 |
/// | int8, 6 | 39.8 | 16.6 | 14.0 | 2.2 |
/// | f32, 1 | 38.0 | 15.1 | 13.0 | 2.7 |
/// | f32, 4 | 39.8 | 16.5 | 14.0 | 4.5 |
///
/// Hence [`DEFAULT_BEAMS`]. Hypotheses without hope are dropped on the way, which costs nothing here: with all of them
/// 4 beams have 39.6, 16.5 and 14.0, and take 2.8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Numbers to calculate with.
    pub precision: Precision,
    /// Hypotheses that beam search keeps; 1 is greedy search. `None`: what the model's `generation_config.json` says, but
    /// at most [`DEFAULT_BEAMS`].
    pub beams: Option<usize>,
}

/// More are slower and hardly better.
pub const DEFAULT_BEAMS: usize = 4;

impl Default for Options {
    fn default() -> Self {
        Self { precision: Precision::Int8, beams: None }
    }
}

/// A loaded translation model.
pub struct Translator {
    info: ModelInfo,
    model: Marian,
    tokenizer: Tokenizer,
    beams: usize,
    max_length: usize,
    locale: Locale,
    glossary: Option<Arc<Glossary>>,
    /// Buffers of earlier calls, one for each thread that called at the same time.
    buffers: Mutex<Vec<Buffers>>,
}

/// The languages in `tokenizer_config.json`.
#[derive(Deserialize)]
struct Languages {
    source_lang: Option<String>,
    target_lang: Option<String>,
}

impl Languages {
    /// Source and target; what the file leaves out is taken from the end of the model's name, as in `opus-mt-de-en`.
    fn of_model(self, name: &str) -> Option<(String, String)> {
        let mut parts = name.rsplit('-').map(str::to_owned);
        let (target, source) = (parts.next(), parts.next());
        let target = target.filter(|_| source.is_some());
        Some((self.source_lang.or(source)?, self.target_lang.or(target)?))
    }
}

impl Translator {
    /// Loads the model that comes with the engine, German to English.
    pub fn starter(options: Options) -> Result<Self, LoadError> {
        Self::load_files(&ModelFiles::Starter, "starter-de-en".to_owned(), options)
    }

    /// Loads a model from a folder in the layout in which OPUS-MT models are published: `config.json`,
    /// `model.safetensors`, `source.spm`, `vocab.json`, `tokenizer_config.json` and, if there is one,
    /// `generation_config.json`.
    pub fn load(folder: &Path, options: Options) -> Result<Self, LoadError> {
        let name = folder
            .file_name()
            .map_or_else(|| folder.display().to_string(), |name| name.display().to_string());
        Self::load_files(&ModelFiles::Folder(folder.to_owned()), name, options)
    }

    /// With terms for every sentence; those of a request go before.
    #[must_use]
    pub fn with_glossary(self, glossary: Arc<Glossary>) -> Self {
        Self { glossary: Some(glossary), ..self }
    }

    /// Translates rows of tokens, each ending with the end token, into at most `limit` tokens, and does none of what
    /// [`Engine::translate_batch`] does to text before and after: for measuring the same work beside other engines.
    pub fn translate_tokens(&self, sources: &[Vec<u32>], limit: usize) -> Vec<Vec<u32>> {
        let source = |tokens| Source { tokens, limit, beams: self.beams, effort: Effort::Full, no_repeat: 0 };
        let sources: Vec<Source<'_>> = sources.iter().map(|tokens| source(tokens.as_slice())).collect();
        let outputs = self.with_buffers(|buffers| decode(&self.model, &sources, buffers));
        outputs.into_iter().filter_map(|found| found.into_iter().next()).map(|best| best.tokens).collect()
    }

    /// Lends buffers of an earlier call.
    fn with_buffers<R>(&self, work: impl FnOnce(&mut Buffers) -> R) -> R {
        let pool = || self.buffers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffers = pool().pop().unwrap_or_default();
        let result = work(&mut buffers);
        pool().push(buffers);
        result
    }

    fn load_files(files: &ModelFiles, name: String, options: Options) -> Result<Self, LoadError> {
        let languages: Languages = serde_json::from_slice(&files.read("tokenizer_config.json")?)
            .map_err(|error| LoadError::invalid(files.path("tokenizer_config.json"), error))?;
        let (source, target) = languages.of_model(&name).ok_or_else(|| {
            let fault = "names no `source_lang` and `target_lang`, and the model's name does not end in two languages";
            LoadError::invalid(files.path("tokenizer_config.json"), fault)
        })?;
        let generation = GenerationConfig::read(files)?;
        let model = Marian::load(files, options.precision)?;
        let config = model.config();
        let tokenizer = Tokenizer::load(files, config.vocab_size, config.eos_token_id)?;
        let max_length = generation.max_length.min(config.max_position_embeddings.max(2));
        let info = ModelInfo { name, source, target, starter: matches!(files, ModelFiles::Starter) };
        let beams = options.beams.unwrap_or(generation.num_beams.min(DEFAULT_BEAMS)).max(1);
        let locale = Locale::of(&info.source, &info.target);
        Ok(Self {
            info,
            model,
            tokenizer,
            beams,
            max_length,
            locale,
            glossary: None,
            buffers: Mutex::default(),
        })
    }
}

impl Engine for Translator {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn translate_batch(&self, requests: &[Request<'_>]) -> Vec<Translation> {
        let mut sentences: Vec<Sentence<'_>> =
            requests.iter().map(|request| self.sentence(*request)).collect();
        loop {
            let pending: Vec<_> = sentences.iter_mut().flat_map(Sentence::pending).collect();
            if pending.is_empty() {
                break;
            }
            self.decode(pending);
            for sentence in &mut sentences {
                sentence.split(self);
            }
        }
        self.align(
            sentences
                .iter_mut()
                .filter(|sentence| sentence.wants_alignment())
                .flat_map(Sentence::units)
                .collect(),
        );
        sentences.into_iter().map(Sentence::join).collect()
    }
}

#[cfg(test)]
mod tests;
