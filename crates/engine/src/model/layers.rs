//! The blocks of a Transformer layer as Marian builds them: each adds its result to its input and normalises
//! afterwards ("post-norm"). Rows of all sentences lie one after the other; there is no padding.

use crate::LoadError;
use crate::math::attention::{self, Memory, Visible, attend, mean_weights};
use crate::math::int8::Quantised;
use crate::math::linear::{Linear, Precision};
use crate::math::rows::{LayerNorm, silu};

use super::Step;
use super::sentence::Sentence;
use super::weights::Weights;

/// Buffers that the blocks share and keep between calls.
#[derive(Default)]
pub(super) struct Workspace {
    quantised: Quantised,
    attention: attention::Scratch,
    projected: Vec<f32>,
    attended: Vec<f32>,
    result: Vec<f32>,
}

/// Reads the parts of one layer.
pub(super) struct LayerReader<'a> {
    pub(super) weights: &'a mut Weights,
    pub(super) prefix: String,
    pub(super) width: usize,
    pub(super) precision: Precision,
}

impl LayerReader<'_> {
    /// One matrix out of several that share their input, stacked output upon output.
    fn linear(&mut self, names: &[&str], inputs: usize, outputs: usize) -> Result<Linear, LoadError> {
        let full = |part: &str| names.iter().map(|name| format!("{}.{name}.{part}", self.prefix)).collect();
        let (weights, biases): (Vec<String>, Vec<String>) = (full("weight"), full("bias"));
        let matrix = self.weights.matrix(&weights, [outputs, inputs], self.precision)?;
        let mut bias = Vec::new();
        for name in &biases {
            bias.extend(self.weights.tensor(name, &[outputs])?);
        }
        Ok(Linear::new(matrix, bias))
    }

    fn norm(&mut self, name: &str) -> Result<LayerNorm, LoadError> {
        let name = format!("{}.{name}", self.prefix);
        let scale = self.weights.tensor(&format!("{name}.weight"), &[self.width])?;
        let bias = self.weights.tensor(&format!("{name}.bias"), &[self.width])?;
        Ok(LayerNorm::new(scale, bias))
    }
}

/// Self-attention: queries, keys and values of one projection.
pub(super) struct SelfAttention {
    qkv: Linear,
    out: Linear,
    norm: LayerNorm,
    width: usize,
    head_width: usize,
}

impl SelfAttention {
    pub(super) fn read(reader: &mut LayerReader<'_>, heads: usize) -> Result<Self, LoadError> {
        let width = reader.width;
        Ok(Self {
            qkv: reader.linear(
                &["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
                width,
                width,
            )?,
            out: reader.linear(&["self_attn.out_proj"], width, width)?,
            norm: reader.norm("self_attn_layer_norm")?,
            width,
            head_width: width / heads,
        })
    }

    /// Every position of a sentence sees every other. `lengths` are the sentences' numbers of rows.
    pub(super) fn within(&self, x: &mut [f32], lengths: &[usize], space: &mut Workspace) {
        let width = self.width;
        self.qkv.apply(x, &mut space.projected, &mut space.quantised);
        space.attended.resize(x.len(), 0.0);
        let (mut rows, mut outputs) = (space.projected.as_slice(), space.attended.as_mut_slice());
        for &len in lengths {
            let (own, output);
            (own, rows) = rows.split_at(len * 3 * width);
            (output, outputs) = outputs.split_at_mut(len * width);
            let memory = Memory::of_rows(own, 3 * width, width, 2 * width, width);
            for (row, output) in own.chunks_exact(3 * width).zip(output.chunks_exact_mut(width)) {
                let query = &row[..width];
                attend(query, &memory, Visible::First(len), self.head_width, &mut space.attention, output);
            }
        }
        self.finish(x, space);
    }

    /// Every row is the newest position of a hypothesis: its key and value go into the last slot of its history, and it
    /// sees all slots of its history.
    pub(super) fn with_history(
        &self,
        x: &mut [f32],
        layer: usize,
        sentences: &mut [Sentence],
        steps: &[Step<'_>],
        space: &mut Workspace,
    ) {
        let width = self.width;
        self.qkv.apply(x, &mut space.projected, &mut space.quantised);
        for (qkv, step) in space.projected.chunks_exact(3 * width).zip(steps) {
            let slot = *step.history.last().expect("a history ends with the row's own slot");
            let (key, value) = qkv[width..].split_at(width);
            sentences[step.sentence].layers[layer].target.set(slot, key, value);
        }
        space.attended.resize(x.len(), 0.0);
        let rows = space.projected.chunks_exact(3 * width).zip(space.attended.chunks_exact_mut(width));
        for ((qkv, output), step) in rows.zip(steps) {
            let memory = &sentences[step.sentence].layers[layer].target;
            let visible = Visible::Slots(step.history);
            attend(&qkv[..width], memory, visible, self.head_width, &mut space.attention, output);
        }
        self.finish(x, space);
    }

    fn finish(&self, x: &mut [f32], space: &mut Workspace) {
        self.out.apply(&space.attended, &mut space.result, &mut space.quantised);
        self.norm.add_and_normalise(x, &space.result);
    }
}

/// Attention of the decoder over the encoder's result.
pub(super) struct CrossAttention {
    query: Linear,
    keys_values: Linear,
    out: Linear,
    norm: LayerNorm,
    width: usize,
    head_width: usize,
}

impl CrossAttention {
    pub(super) fn read(reader: &mut LayerReader<'_>, heads: usize) -> Result<Self, LoadError> {
        let width = reader.width;
        Ok(Self {
            query: reader.linear(&["encoder_attn.q_proj"], width, width)?,
            keys_values: reader.linear(&["encoder_attn.k_proj", "encoder_attn.v_proj"], width, width)?,
            out: reader.linear(&["encoder_attn.out_proj"], width, width)?,
            norm: reader.norm("encoder_attn_layer_norm")?,
            width,
            head_width: width / heads,
        })
    }

    /// What each sentence's hypotheses attend to, from the encoder's result for all of them; it stays the same for all
    /// steps.
    pub(super) fn memories(&self, encoded: &[f32], lengths: &[usize], space: &mut Workspace) -> Vec<Memory> {
        let width = self.width;
        self.keys_values.apply(encoded, &mut space.projected, &mut space.quantised);
        let mut rows = space.projected.as_slice();
        let memory = |len: &usize| {
            let own;
            (own, rows) = rows.split_at(len * 2 * width);
            Memory::of_rows(own, 2 * width, 0, width, width)
        };
        lengths.iter().map(memory).collect()
    }

    /// Every row sees the positions of its sentence.
    pub(super) fn over(
        &self,
        x: &mut [f32],
        layer: usize,
        sentences: &[Sentence],
        steps: &[Step<'_>],
        space: &mut Workspace,
    ) {
        let width = self.width;
        self.query.apply(x, &mut space.projected, &mut space.quantised);
        space.attended.resize(x.len(), 0.0);
        let rows = space.projected.chunks_exact(width).zip(space.attended.chunks_exact_mut(width));
        for ((query, output), step) in rows.zip(steps) {
            let sentence = &sentences[step.sentence];
            let (memory, visible) = (&sentence.layers[layer].source, Visible::First(sentence.len));
            attend(query, memory, visible, self.head_width, &mut space.attention, output);
        }
        self.out.apply(&space.attended, &mut space.result, &mut space.quantised);
        self.norm.add_and_normalise(x, &space.result);
    }

    /// What every row looks at: a weight for each position of its sentence, the mean over the heads.
    pub(super) fn weights(
        &self,
        x: &[f32],
        layer: usize,
        sentences: &[Sentence],
        steps: &[Step<'_>],
        space: &mut Workspace,
    ) -> Vec<Vec<f32>> {
        self.query.apply(x, &mut space.projected, &mut space.quantised);
        let rows = space.projected.chunks_exact(self.width).zip(steps);
        let weights = |(query, step): (&[f32], &Step<'_>)| {
            let sentence = &sentences[step.sentence];
            mean_weights(query, &sentence.layers[layer].source, sentence.len, self.head_width)
        };
        rows.map(weights).collect()
    }
}

/// Two matrices with an activation between them.
pub(super) struct FeedForward {
    inner: Linear,
    outer: Linear,
    norm: LayerNorm,
}

impl FeedForward {
    pub(super) fn read(reader: &mut LayerReader<'_>, inner_width: usize) -> Result<Self, LoadError> {
        let width = reader.width;
        Ok(Self {
            inner: reader.linear(&["fc1"], width, inner_width)?,
            outer: reader.linear(&["fc2"], inner_width, width)?,
            norm: reader.norm("final_layer_norm")?,
        })
    }

    pub(super) fn apply(&self, x: &mut [f32], space: &mut Workspace) {
        self.inner.apply(x, &mut space.projected, &mut space.quantised);
        silu(&mut space.projected);
        self.outer.apply(&space.projected, &mut space.result, &mut space.quantised);
        self.norm.add_and_normalise(x, &space.result);
    }
}
