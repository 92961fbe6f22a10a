//! Between text and the numbers a model knows.
//!
//! A published model has two files for it: `source.spm`, a unigram model of `sentencepiece`, splits normalised text into
//! pieces, and `vocab.json` numbers them. Decoding joins pieces; it needs no such model.

mod charsmap;
mod spm;
mod unigram;

use std::collections::{HashMap, HashSet};

use prost::Message as _;
use spm_precompiled::Precompiled;

use crate::LoadError;
use crate::files::ModelFiles;
use spm::{ModelProto, ModelType, PieceType};
use unigram::Unigram;

/// Stands for a blank within pieces.
const BLANK: char = '\u{2581}';

/// A model's vocabulary and the rules by which text is split into it.
pub(crate) struct Tokenizer {
    normaliser: Option<Precompiled>,
    unigram: Unigram,
    byte_fallback: bool,
    ids: HashMap<String, u32>,
    pieces: Vec<String>,
    /// For each piece, whether it stands for text with a letter in it.
    letters: Vec<bool>,
    /// Every character of the pieces of text.
    characters: HashSet<char>,
    unknown: u32,
    end: u32,
}

impl Tokenizer {
    /// Reads `source.spm` and `vocab.json`; `vocab_size` and the end token are those of the model.
    pub(crate) fn load(files: &ModelFiles, vocab_size: usize, end: u32) -> Result<Self, LoadError> {
        let (ids, pieces) = read_vocabulary(files, vocab_size)?;
        let unknown = *ids
            .get("<unk>")
            .ok_or_else(|| LoadError::invalid(files.path("vocab.json"), "has no entry `<unk>`"))?;
        let invalid = |fault: String| LoadError::invalid(files.path("source.spm"), fault);
        let spm = ModelProto::decode(&*files.read("source.spm")?)
            .map_err(|error| invalid(format!("not a `sentencepiece` model: {error}")))?;
        let trainer = spm.trainer_spec.unwrap_or_default();
        if trainer.model_type() != ModelType::Unigram {
            return Err(invalid("only unigram models are supported".to_owned()));
        }
        let byte_fallback = trainer.byte_fallback();
        // What a user types never becomes a control piece such as `</s>`, or a byte.
        let is_text = |r#type| matches!(r#type, PieceType::Normal | PieceType::UserDefined);
        let spoken = spm.pieces.iter().filter(|piece| is_text(piece.r#type()) && !is_language(piece.piece()));
        let unigram = Unigram::new(spoken.map(|piece| (piece.piece().into(), f64::from(piece.score()))));
        let normaliser = spm.normalizer_spec.unwrap_or_default();
        let charsmap = normaliser.precompiled_charsmap();
        let normaliser = match charsmap {
            [] => None,
            map => Some(charsmap::read(map).map_err(|fault| invalid(format!("bad normaliser: {fault}")))?),
        };
        let special = |piece: &str| piece.starts_with('<') && piece.ends_with('>') || is_language(piece);
        let letters =
            pieces.iter().map(|piece| !special(piece) && piece.contains(char::is_alphabetic)).collect();
        let characters =
            pieces.iter().filter(|piece| !special(piece)).flat_map(|piece| piece.chars()).collect();
        Ok(Self { normaliser, unigram, byte_fallback, ids, pieces, letters, characters, unknown, end })
    }

    /// The token by which a model of several target languages is told one of them.
    pub(crate) fn language(&self, code: &str) -> Option<u32> {
        self.ids.get(&format!(">>{code}<<")).copied()
    }

    /// The tokens of a sentence with the end token.
    pub(crate) fn encode(&self, sentence: &str) -> Vec<u32> {
        let normalised = self.normalise(sentence);
        let mut tokens = Vec::with_capacity(normalised.len() / 4 + 1);
        for piece in self.unigram.split(&normalised) {
            match self.ids.get(piece) {
                Some(id) => tokens.push(*id),
                None => self.encode_unknown(piece, &mut tokens),
            }
        }
        tokens.push(self.end);
        tokens
    }

    /// A piece outside the vocabulary: as its bytes where the model has them.
    fn encode_unknown(&self, piece: &str, tokens: &mut Vec<u32>) {
        let bytes: Option<Vec<u32>> = if self.byte_fallback {
            piece.bytes().map(|byte| self.ids.get(&byte_piece(byte)).copied()).collect()
        } else {
            None
        };
        match bytes {
            Some(bytes) => tokens.extend(bytes),
            None => tokens.push(self.unknown),
        }
    }

    /// Which word of the sentence each token of `tokens` belongs to; `None` for the end, blanks and a language.
    pub(crate) fn source_words(&self, tokens: &[u32]) -> Vec<Option<usize>> {
        self.words(tokens, |token| token == self.end || is_language(&self.pieces[token as usize]))
    }

    /// Which word of [`Self::decode`] each token belongs to; `None` for what is left out there.
    pub(crate) fn target_words(&self, tokens: &[u32]) -> Vec<Option<usize>> {
        self.words(tokens, |token| token == self.end || token == self.unknown)
    }

    fn words(&self, tokens: &[u32], is_left_out: impl Fn(u32) -> bool) -> Vec<Option<usize>> {
        let (mut count, mut begins) = (0, true);
        let word = |&token: &u32| {
            let piece = self.pieces[token as usize].as_str();
            begins |= piece.starts_with(BLANK);
            if is_left_out(token) || piece.trim_start_matches(BLANK).is_empty() {
                return None;
            }
            count += usize::from(std::mem::take(&mut begins));
            Some(count - 1)
        };
        tokens.iter().map(word).collect()
    }

    /// How many words a word of a sentence is for the model: one, unless normalising divides it or leaves it out.
    pub(crate) fn word_count(&self, word: &str) -> usize {
        self.normalise(word).matches(BLANK).count()
    }

    /// How likely a word is in the source language, as a logarithm.
    pub(crate) fn likelihood(&self, word: &str) -> f64 {
        self.unigram.score(&self.normalise(word))
    }

    /// Whether the vocabulary has a character; one that is written by others, such as `…`, counts by those.
    pub(crate) fn knows(&self, character: char) -> bool {
        let mut bytes = [0; 4];
        character.is_ascii()
            || self.characters.contains(&character)
            || self.normalise(character.encode_utf8(&mut bytes)).chars().all(|c| self.characters.contains(&c))
    }

    /// Whether a token stands for text with a letter in it.
    pub(crate) fn has_letters(&self, token: u32) -> bool {
        self.letters[token as usize]
    }

    /// The text of tokens; the end token and anything that is no piece of text is left out.
    pub(crate) fn decode(&self, tokens: &[u32]) -> String {
        let mut text = Vec::new();
        for &token in tokens {
            let piece = self.pieces[token as usize].as_str();
            if let Some(byte) = piece_byte(piece) {
                text.push(byte);
            } else if token != self.end && token != self.unknown && piece != "<pad>" {
                text.extend_from_slice(piece.replace(BLANK, " ").as_bytes());
            }
        }
        // A model may put together bytes that are no character, or a line break that the source does not have.
        let text = String::from_utf8_lossy(&text);
        let is_text = |c: &char| *c != char::REPLACEMENT_CHARACTER && !c.is_control();
        text.chars().filter(is_text).collect::<String>().trim().to_owned()
    }

    /// Normalises characters, folds runs of blanks and marks the beginnings of words.
    fn normalise(&self, sentence: &str) -> String {
        let mapped = self.normaliser.as_ref().map(|map| map.normalize_string(sentence));
        let text = mapped.as_deref().unwrap_or(sentence);
        let mut normalised = String::with_capacity(text.len() + 8);
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            normalised.push(BLANK);
            normalised.push_str(word);
        }
        normalised
    }
}

/// Whether a piece names a target language, as `>>fr<<` does.
fn is_language(piece: &str) -> bool {
    piece.starts_with(">>") && piece.ends_with("<<")
}

fn read_vocabulary(
    files: &ModelFiles,
    vocab_size: usize,
) -> Result<(HashMap<String, u32>, Vec<String>), LoadError> {
    let invalid = |fault: String| LoadError::invalid(files.path("vocab.json"), fault);
    let ids: HashMap<String, u32> =
        serde_json::from_slice(&files.read("vocab.json")?).map_err(|error| invalid(error.to_string()))?;
    let mut pieces = vec![String::new(); vocab_size];
    for (piece, id) in &ids {
        let place = pieces.get_mut(*id as usize).ok_or_else(|| {
            invalid(format!("`{piece}` has number {id}, but by config.json there are only {vocab_size}"))
        })?;
        if !place.is_empty() {
            return Err(invalid(format!("`{piece}` and `{place}` both have number {id}")));
        }
        place.clone_from(piece);
    }
    Ok((ids, pieces))
}

/// The piece by which `sentencepiece` writes a byte.
fn byte_piece(byte: u8) -> String {
    format!("<0x{byte:02X}>")
}

/// The byte that a piece of that form stands for.
fn piece_byte(piece: &str) -> Option<u8> {
    let digits = piece.strip_prefix("<0x")?.strip_suffix('>')?;
    if digits.len() == 2 { u8::from_str_radix(digits, 16).ok() } else { None }
}
