//! A model with its tokeniser: sentences in, sentences out.

use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use crate::decode::{Source, decode};
use crate::files::ModelFiles;
use crate::math::linear::Precision;
use crate::model::{Buffers, GenerationConfig, Marian};
use crate::tokenizer::Tokenizer;
use crate::{Engine, LoadError, ModelInfo, Translation, segment};

/// Longest piece that is given to the model at once, in tokens. Models are trained on sentences of up to some 150
/// tokens and lose the thread beyond; longer sentences are split at clauses.
const MAX_SOURCE_TOKENS: usize = 150;

/// Sentences that are decoded together.
const BATCH_SENTENCES: usize = 64;

/// Source tokens that are decoded together: bounds memory where sentences are long.
const BATCH_TOKENS: usize = 2048;

/// A run of characters without a blank that is longer than this, in bytes, is no word of any language: the longest
/// German ones in use have some 80 letters.
const MAX_WORD: usize = 120;

/// How a model is loaded and used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Numbers to calculate with.
    pub precision: Precision,
    /// Hypotheses that beam search keeps; 1 is greedy search. `None`: what the model's `generation_config.json` says.
    pub beams: Option<usize>,
}

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
    /// Buffers of earlier calls, one for each thread that called at the same time.
    buffers: Mutex<Vec<Buffers>>,
}

/// A sentence or a part of one, as the model takes it. A text of which the vocabulary knows no letter makes none: in
/// another script, or no language at all, it would only make the model rave.
struct Unit {
    sentence: usize,
    range: Range<usize>,
    tokens: Vec<u32>,
}

/// The languages in `tokenizer_config.json`.
#[derive(Deserialize)]
struct Languages {
    source_lang: String,
    target_lang: String,
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

    fn load_files(files: &ModelFiles, name: String, options: Options) -> Result<Self, LoadError> {
        let languages: Languages = serde_json::from_slice(&files.read("tokenizer_config.json")?)
            .map_err(|error| LoadError::invalid(files.path("tokenizer_config.json"), error))?;
        let generation = GenerationConfig::read(files)?;
        let model = Marian::load(files, options.precision)?;
        let config = model.config();
        let tokenizer = Tokenizer::load(files, config.vocab_size, config.eos_token_id)?;
        let max_length = generation.max_length.min(config.max_position_embeddings.max(2));
        let info = ModelInfo {
            name,
            source: languages.source_lang,
            target: languages.target_lang,
            starter: matches!(files, ModelFiles::Starter),
        };
        let beams = options.beams.unwrap_or(generation.num_beams).max(1);
        Ok(Self { info, model, tokenizer, beams, max_length, buffers: Mutex::default() })
    }

    /// Splits a sentence until every part is one that the model takes. What is not to be translated is left out.
    fn units(&self, sentence: usize, text: &str, range: Range<usize>, units: &mut Vec<Unit>) {
        let part = &text[range.clone()];
        let is_word = !part.contains(char::is_whitespace);
        if is_word && part.len() > MAX_WORD {
            return;
        }
        let tokens = self.tokenizer.encode(part);
        let most = MAX_SOURCE_TOKENS.min(self.model.config().max_position_embeddings);
        if tokens.len() > most {
            // At least two parts, or it would not get shorter; a single character is far below the limit.
            let max_bytes = (part.len() * most / tokens.len()).clamp(4, part.len().div_ceil(2).max(4));
            for clause in segment::clauses(part, max_bytes) {
                self.units(sentence, text, range.start + clause.start..range.start + clause.end, units);
            }
        } else if tokens.iter().any(|&token| self.tokenizer.has_letters(token)) {
            units.push(Unit { sentence, range, tokens });
        }
    }

    /// Translates units, those of similar length together, and returns their texts in the order of `units`.
    fn translate_units(&self, units: &[Unit]) -> Vec<String> {
        let mut order: Vec<usize> = (0..units.len()).collect();
        order.sort_by_key(|&at| units[at].tokens.len());
        let mut texts = vec![String::new(); units.len()];
        let mut buffers = self.take_buffers();
        let mut rest = order.as_slice();
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(batch_len(rest.iter().map(|&at| units[at].tokens.len())));
            rest = later;
            let sources: Vec<Source<'_>> = batch.iter().map(|&at| self.source(&units[at].tokens)).collect();
            let outputs = decode(&self.model, &sources, self.beams, &mut buffers);
            for (&at, output) in batch.iter().zip(outputs) {
                texts[at] = self.tokenizer.decode(&output.tokens);
            }
        }
        self.buffers.lock().unwrap_or_else(PoisonError::into_inner).push(buffers);
        texts
    }

    /// A translation may be twice as long as its source and a little more; what goes on longer has lost its way.
    fn source<'a>(&self, tokens: &'a [u32]) -> Source<'a> {
        Source { tokens, limit: (2 * tokens.len() + 16).min(self.max_length - 1) }
    }

    fn take_buffers(&self) -> Buffers {
        self.buffers.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }
}

/// How many of the units with these numbers of tokens fit into one batch; at least one.
fn batch_len(tokens: impl Iterator<Item = usize>) -> usize {
    let mut total = 0;
    let fitting = tokens.take(BATCH_SENTENCES).take_while(|tokens| {
        total += tokens;
        total <= BATCH_TOKENS
    });
    fitting.count().max(1)
}

impl Engine for Translator {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn translate_batch(&self, sentences: &[&str]) -> Vec<Translation> {
        let mut units = Vec::with_capacity(sentences.len());
        for (index, sentence) in sentences.iter().enumerate() {
            self.units(index, sentence, 0..sentence.len(), &mut units);
        }
        let texts = self.translate_units(&units);
        let mut translations = vec![Translation { text: String::new() }; sentences.len()];
        let mut ends = vec![0; sentences.len()];
        for (unit, text) in units.iter().zip(texts) {
            let (sentence, end) = (sentences[unit.sentence], &mut ends[unit.sentence]);
            let joined = &mut translations[unit.sentence].text;
            joined.push_str(&sentence[*end..unit.range.start]);
            // a model that says nothing has lost the sentence; the reader must not
            joined.push_str(if text.is_empty() { &sentence[unit.range.clone()] } else { &text });
            *end = unit.range.end;
        }
        for ((translation, sentence), end) in translations.iter_mut().zip(sentences).zip(ends) {
            translation.text.push_str(&sentence[end..]);
        }
        translations
    }
}

#[cfg(test)]
mod tests;
