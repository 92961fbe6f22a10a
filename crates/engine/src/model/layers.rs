//! The blocks of a Transformer layer as Marian builds them: each adds its result to its input and normalises
//! afterwards ("post-norm"). Rows of all sentences lie one after the other; there is no padding.

use crate::LoadError;
use crate::math::attention::{KeysValues, Positions, attend, mean_weights};
use crate::math::int8::Quantised;
use crate::math::linear::{self, Linear, Precision};
use crate::math::rows::{LayerNorm, silu};

use super::weights::Weights;

/// Buffers that the blocks share and keep between calls.
#[derive(Default)]
pub(super) struct Workspace {
    scratch: Quantised,
    projected: Vec<f32>,
    attended: Vec<f32>,
    result: Vec<f32>,
    weights: Vec<f32>,
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
        let mut matrix = linear::Weights::with_capacity(names.len() * outputs, inputs, self.precision);
        let mut bias = Vec::new();
        for name in names {
            let name = format!("{}.{name}", self.prefix);
            self.weights.matrix(&format!("{name}.weight"), [outputs, inputs], &mut matrix)?;
            bias.extend(self.weights.tensor(&format!("{name}.bias"), &[outputs])?);
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
        self.qkv.apply(x, &mut space.projected, &mut space.scratch);
        space.attended.resize(x.len(), 0.0);
        let memory = KeysValues { rows: &space.projected, stride: 3 * width, key: width, value: 2 * width };
        let mut start = 0;
        for &len in lengths {
            for row in start..start + len {
                let query = &space.projected[row * 3 * width..][..width];
                let output = &mut space.attended[row * width..][..width];
                let positions = Positions::Run { start, len };
                attend(query, memory, positions, self.head_width, &mut space.weights, output);
            }
            start += len;
        }
        self.finish(x, space);
    }

    /// Every row is the newest position of a hypothesis: its key and value go into `cache` at the last slot of its
    /// history, and it sees all slots of its history.
    pub(super) fn with_cache(
        &self,
        x: &mut [f32],
        histories: &[&[u32]],
        cache: &mut [f32],
        space: &mut Workspace,
    ) {
        let width = self.width;
        self.qkv.apply(x, &mut space.projected, &mut space.scratch);
        for (qkv, history) in space.projected.chunks_exact(3 * width).zip(histories) {
            let slot = *history.last().expect("a history ends with the row's own slot") as usize;
            cache[slot * 2 * width..][..2 * width].copy_from_slice(&qkv[width..]);
        }
        space.attended.resize(x.len(), 0.0);
        let memory = KeysValues { rows: cache, stride: 2 * width, key: 0, value: width };
        let rows = space.projected.chunks_exact(3 * width).zip(space.attended.chunks_exact_mut(width));
        for ((qkv, output), history) in rows.zip(histories) {
            attend(
                &qkv[..width],
                memory,
                Positions::Rows(history),
                self.head_width,
                &mut space.weights,
                output,
            );
        }
        self.finish(x, space);
    }

    fn finish(&self, x: &mut [f32], space: &mut Workspace) {
        self.out.apply(&space.attended, &mut space.result, &mut space.scratch);
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

    /// Keys and values of the encoder's result, a row of both for each position; they stay the same for all steps.
    pub(super) fn keys_values(&self, encoded: &[f32], space: &mut Workspace) -> Vec<f32> {
        let mut rows = Vec::new();
        self.keys_values.apply(encoded, &mut rows, &mut space.scratch);
        rows
    }

    /// Every row sees the positions of its sentence, `(start, len)`.
    pub(super) fn over(
        &self,
        x: &mut [f32],
        keys_values: &[f32],
        sentences: &[(usize, usize)],
        space: &mut Workspace,
    ) {
        let width = self.width;
        self.query.apply(x, &mut space.projected, &mut space.scratch);
        space.attended.resize(x.len(), 0.0);
        let memory = KeysValues { rows: keys_values, stride: 2 * width, key: 0, value: width };
        let rows = space.projected.chunks_exact(width).zip(space.attended.chunks_exact_mut(width));
        for ((query, output), &(start, len)) in rows.zip(sentences) {
            let positions = Positions::Run { start, len };
            attend(query, memory, positions, self.head_width, &mut space.weights, output);
        }
        self.out.apply(&space.attended, &mut space.result, &mut space.scratch);
        self.norm.add_and_normalise(x, &space.result);
    }

    /// What every row looks at: a weight for each position of its sentence, the mean over the heads.
    pub(super) fn weights(
        &self,
        x: &[f32],
        keys_values: &[f32],
        sentences: &[(usize, usize)],
        space: &mut Workspace,
    ) -> Vec<Vec<f32>> {
        let width = self.width;
        self.query.apply(x, &mut space.projected, &mut space.scratch);
        let memory = KeysValues { rows: keys_values, stride: 2 * width, key: 0, value: width };
        let rows = space.projected.chunks_exact(width).zip(sentences);
        let weights = |(query, &(start, len))| {
            mean_weights(query, memory, Positions::Run { start, len }, self.head_width)
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
        self.inner.apply(x, &mut space.projected, &mut space.scratch);
        silu(&mut space.projected);
        self.outer.apply(&space.projected, &mut space.result, &mut space.scratch);
        self.norm.add_and_normalise(x, &space.result);
    }
}
