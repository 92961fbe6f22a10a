//! The shape of a model, from `config.json` and `generation_config.json` of the published layout.
//!
//! Only what the graph of [`super::Marian`] can do is accepted: anything else is refused by name.

use serde::Deserialize;

use crate::LoadError;
use crate::files::ModelFiles;

/// Most numbers in the table of positions, which is calculated and in no file, so that only the configuration bounds
/// it. Published models have 512 positions of at most 1024 numbers.
const MAX_POSITION_VALUES: usize = 1 << 24;

/// The shape of a Marian model and the special tokens it decodes with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the published file has these fields")]
pub(crate) struct Config {
    /// Width of a hidden state.
    pub(crate) d_model: usize,
    /// Encoder layers.
    pub(crate) encoder_layers: usize,
    /// Decoder layers.
    pub(crate) decoder_layers: usize,
    /// Width of the encoder's feed-forward blocks.
    pub(crate) encoder_ffn_dim: usize,
    /// Width of the decoder's feed-forward blocks.
    pub(crate) decoder_ffn_dim: usize,
    /// Heads of the encoder's attention.
    pub(crate) encoder_attention_heads: usize,
    /// Heads of the decoder's attention.
    pub(crate) decoder_attention_heads: usize,
    /// Number of tokens.
    pub(crate) vocab_size: usize,
    /// Longest sequence that has position embeddings, in tokens.
    pub(crate) max_position_embeddings: usize,
    /// Padding; also never predicted.
    pub(crate) pad_token_id: u32,
    /// End of a sentence.
    pub(crate) eos_token_id: u32,
    /// What decoding starts from.
    pub(crate) decoder_start_token_id: u32,
    /// The decoder's layer whose attention shows which word became which, counted from 0, or from the end if negative:
    /// one trained for it, if the file names one as CTranslate2 does.
    #[serde(default)]
    alignment_layer: Option<isize>,
    /// Whether embeddings are scaled by √`d_model`.
    #[serde(default)]
    pub(crate) scale_embedding: bool,
    activation_function: String,
    #[serde(default)]
    normalize_before: bool,
    #[serde(default)]
    normalize_embedding: bool,
    #[serde(default)]
    add_final_layer_norm: bool,
    #[serde(default = "yes")]
    static_position_embeddings: bool,
    #[serde(default = "yes")]
    share_encoder_decoder_embeddings: bool,
    #[serde(default = "yes")]
    tie_word_embeddings: bool,
}

fn yes() -> bool {
    true
}

/// How the published model is meant to be decoded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct GenerationConfig {
    /// Hypotheses kept by beam search.
    #[serde(default = "one")]
    pub(crate) num_beams: usize,
    /// Longest output in tokens, the start token included.
    #[serde(default = "max_length")]
    pub(crate) max_length: usize,
}

fn one() -> usize {
    1
}

fn max_length() -> usize {
    512
}

impl Config {
    /// The decoder's layer whose attention shows which word became which. Where none is named, it is the last but one
    /// of deep decoders (Garg et al., *Jointly Learning to Align and Translate*, 2019), and the last of shallow ones.
    pub(crate) fn alignment_layer(&self) -> usize {
        const DEEP: usize = 3;
        let layers = self.decoder_layers;
        match self.alignment_layer {
            Some(layer) if layer < 0 => layers - layer.unsigned_abs(),
            Some(layer) => layer.unsigned_abs(),
            None if layers >= DEEP => layers - 2,
            None => layers - 1,
        }
    }

    pub(crate) fn read(files: &ModelFiles) -> Result<Self, LoadError> {
        let invalid = |fault: String| LoadError::invalid(files.path("config.json"), fault);
        let bytes = files.read("config.json")?;
        let config: Self = serde_json::from_slice(&bytes).map_err(|error| invalid(error.to_string()))?;
        config.check().map_err(invalid)?;
        Ok(config)
    }

    /// Refuses shapes that cannot be calculated with and variants of the graph that are not built.
    fn check(&self) -> Result<(), String> {
        for (name, value) in [
            ("normalize_before", self.normalize_before),
            ("normalize_embedding", self.normalize_embedding),
            ("add_final_layer_norm", self.add_final_layer_norm),
            ("static_position_embeddings", !self.static_position_embeddings),
            ("share_encoder_decoder_embeddings", !self.share_encoder_decoder_embeddings),
            ("tie_word_embeddings", !self.tie_word_embeddings),
        ] {
            if value {
                return Err(format!("`{name}` has a value that this engine does not support"));
            }
        }
        if !["swish", "silu"].contains(&self.activation_function.as_str()) {
            return Err(format!("activation function `{}` is not supported", self.activation_function));
        }
        for (name, heads) in [
            ("encoder_attention_heads", self.encoder_attention_heads),
            ("decoder_attention_heads", self.decoder_attention_heads),
        ] {
            if heads == 0 || !self.d_model.is_multiple_of(heads) {
                return Err(format!("`d_model` ({}) is not a multiple of `{name}` ({heads})", self.d_model));
            }
        }
        for (name, value, most) in [
            ("d_model", self.d_model, 1 << 14),
            ("encoder_layers", self.encoder_layers, 256),
            ("decoder_layers", self.decoder_layers, 256),
            ("encoder_ffn_dim", self.encoder_ffn_dim, 1 << 16),
            ("decoder_ffn_dim", self.decoder_ffn_dim, 1 << 16),
            ("vocab_size", self.vocab_size, 1 << 24),
            ("max_position_embeddings", self.max_position_embeddings, 1 << 16),
        ] {
            if value == 0 || value > most {
                return Err(format!("`{name}` is {value}; 1 to {most} is possible"));
            }
        }
        let (positions, width) = (self.max_position_embeddings, self.d_model);
        if positions * width > MAX_POSITION_VALUES {
            let most = MAX_POSITION_VALUES / width;
            return Err(format!(
                "`max_position_embeddings` is {positions}; at this `d_model` {most} is possible"
            ));
        }
        let layers = self.decoder_layers as isize;
        if let Some(layer) = self.alignment_layer.filter(|layer| !(-layers..layers).contains(layer)) {
            return Err(format!("`alignment_layer` is {layer}, but there are {layers} decoder layers"));
        }
        for (name, token) in [
            ("pad_token_id", self.pad_token_id),
            ("eos_token_id", self.eos_token_id),
            ("decoder_start_token_id", self.decoder_start_token_id),
        ] {
            if token as usize >= self.vocab_size {
                return Err(format!("`{name}` ({token}) is not below `vocab_size` ({})", self.vocab_size));
            }
        }
        Ok(())
    }
}

impl GenerationConfig {
    /// Reads the file; a model without one is decoded greedily.
    pub(crate) fn read(files: &ModelFiles) -> Result<Self, LoadError> {
        let bytes = files.read_if_there("generation_config.json")?;
        let config: Self = serde_json::from_slice(bytes.as_deref().unwrap_or(b"{}"))
            .map_err(|error| LoadError::invalid(files.path("generation_config.json"), error))?;
        // room for the start token and at least one more
        Ok(Self { num_beams: config.num_beams.clamp(1, 16), max_length: config.max_length.max(2) })
    }
}
