//! The Marian encoder-decoder: tokens in, scores of the next token out.
//!
//! The graph is that of *Attention Is All You Need* (Vaswani et al., 2017) in Marian's variant, and of the
//! `MarianMTModel` of the transformers library, against which it is tested. Searching for the best output is the
//! business of [`crate::decode`].

mod config;
mod layers;
mod sentence;
mod vocabulary;
mod weights;

use crate::LoadError;
use crate::files::ModelFiles;
use crate::math::attention::Memory;
use crate::math::best::Candidates;
use crate::math::int8::Quantised;
use crate::math::linear::Precision;

pub(crate) use config::{Config, GenerationConfig};
use layers::{CrossAttention, FeedForward, LayerReader, SelfAttention, Workspace};
use sentence::Memories;
pub(crate) use sentence::Sentence;
use vocabulary::Vocabulary;
use weights::Weights;

/// A loaded model.
pub(crate) struct Marian {
    config: Config,
    vocabulary: Vocabulary,
    encoder: Vec<EncoderLayer>,
    decoder: Vec<DecoderLayer>,
}

struct EncoderLayer {
    attention: SelfAttention,
    feed_forward: FeedForward,
}

struct DecoderLayer {
    attention: SelfAttention,
    cross_attention: CrossAttention,
    feed_forward: FeedForward,
}

/// The newest position of one hypothesis.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    /// Which of the sentences it translates.
    pub(crate) sentence: usize,
    /// The token at this position.
    pub(crate) token: u32,
    /// The slots of all positions so far, this one's last.
    pub(crate) history: &'a [u32],
}

/// Buffers of a decoding thread.
#[derive(Default)]
pub(crate) struct Buffers {
    space: Workspace,
    quantised: Quantised,
    hidden: Vec<f32>,
}

impl Marian {
    pub(crate) fn load(files: &ModelFiles, precision: Precision) -> Result<Self, LoadError> {
        let config = Config::read(files)?;
        let mut weights = Weights::open(files)?;
        let width = config.d_model;
        let vocabulary = Vocabulary::read(&mut weights, &config, precision)?;
        let mut reader = LayerReader { weights: &mut weights, prefix: String::new(), width, precision };
        let mut encoder = Vec::with_capacity(config.encoder_layers);
        for layer in 0..config.encoder_layers {
            reader.prefix = format!("model.encoder.layers.{layer}");
            encoder.push(EncoderLayer {
                attention: SelfAttention::read(&mut reader, config.encoder_attention_heads)?,
                feed_forward: FeedForward::read(&mut reader, config.encoder_ffn_dim)?,
            });
        }
        let mut decoder = Vec::with_capacity(config.decoder_layers);
        for layer in 0..config.decoder_layers {
            reader.prefix = format!("model.decoder.layers.{layer}");
            decoder.push(DecoderLayer {
                attention: SelfAttention::read(&mut reader, config.decoder_attention_heads)?,
                cross_attention: CrossAttention::read(&mut reader, config.decoder_attention_heads)?,
                feed_forward: FeedForward::read(&mut reader, config.decoder_ffn_dim)?,
            });
        }
        Ok(Self { config, vocabulary, encoder, decoder })
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Runs the encoder over some sentences. Each is a non-empty run of tokens with its end token.
    pub(crate) fn encode(&self, sentences: &[&[u32]], buffers: &mut Buffers) -> Vec<Sentence> {
        let lengths: Vec<usize> = sentences.iter().map(|tokens| tokens.len()).collect();
        let mut x = Vec::with_capacity(lengths.iter().sum::<usize>() * self.config.d_model);
        for tokens in sentences {
            for (position, &token) in tokens.iter().enumerate() {
                self.vocabulary.append(token, position, &mut x);
            }
        }
        for layer in &self.encoder {
            layer.attention.within(&mut x, &lengths, &mut buffers.space);
            layer.feed_forward.apply(&mut x, &mut buffers.space);
        }
        let mut layers: Vec<Vec<Memories>> = lengths.iter().map(|_| Vec::new()).collect();
        for layer in &self.decoder {
            let memories = layer.cross_attention.memories(&x, &lengths, &mut buffers.space);
            for ((layers, source), len) in layers.iter_mut().zip(memories).zip(&lengths) {
                // a translation is about as long as its source
                let target = Memory::with_capacity(*len, self.config.d_model);
                layers.push(Memories { source, target });
            }
        }
        layers.into_iter().zip(lengths).map(|(layers, len)| Sentence::new(layers, len)).collect()
    }

    /// Runs the decoder one position further for every hypothesis of `sentences` that `steps` names. The hidden states
    /// stay in `buffers` for [`Self::best`].
    pub(crate) fn step(&self, sentences: &mut [Sentence], steps: &[Step<'_>], buffers: &mut Buffers) {
        let mut x = std::mem::take(&mut buffers.hidden);
        x.clear();
        for step in steps {
            self.vocabulary.append(step.token, step.history.len() - 1, &mut x);
        }
        for (number, layer) in self.decoder.iter().enumerate() {
            layer.attention.with_history(&mut x, number, sentences, steps, &mut buffers.space);
            layer.cross_attention.over(&mut x, number, sentences, steps, &mut buffers.space);
            layer.feed_forward.apply(&mut x, &mut buffers.space);
        }
        buffers.hidden = x;
    }

    /// What each row of `steps` looks at in its sentence: a weight for each token, the mean over the heads of the
    /// decoder's `layer`. Unlike in [`Self::step`], the rows may be several positions of one hypothesis.
    pub(crate) fn attention(
        &self,
        sentences: &mut [Sentence],
        steps: &[Step<'_>],
        layer: usize,
        buffers: &mut Buffers,
    ) -> Vec<Vec<f32>> {
        let mut x = Vec::with_capacity(steps.len() * self.config.d_model);
        for step in steps {
            self.vocabulary.append(step.token, step.history.len() - 1, &mut x);
        }
        for (number, block) in self.decoder.iter().enumerate() {
            block.attention.with_history(&mut x, number, sentences, steps, &mut buffers.space);
            if number == layer {
                return block.cross_attention.weights(&x, number, sentences, steps, &mut buffers.space);
            }
            block.cross_attention.over(&mut x, number, sentences, steps, &mut buffers.space);
            block.feed_forward.apply(&mut x, &mut buffers.space);
        }
        unreachable!("the configuration was checked to name a layer of the decoder")
    }

    /// The most likely next tokens of each hypothesis of the last step, as many as `counts` says. Padding is never
    /// among them.
    pub(crate) fn best(&self, counts: &[usize], buffers: &mut Buffers) -> Vec<Candidates> {
        self.vocabulary.best(&buffers.hidden, counts, &mut buffers.quantised)
    }

    /// The scores of every token for the hypotheses of the last step, a row each; for a model in f32.
    #[cfg(test)]
    pub(crate) fn logits(&self, buffers: &Buffers) -> Vec<f32> {
        self.vocabulary.logits(&buffers.hidden)
    }
}
