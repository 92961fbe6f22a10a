//! What a model knows of its tokens: the vector each comes in with, and how likely each comes next. Both use one
//! matrix, which is by far the largest of a model, so it is kept once.

use rten_gemm::PackedBMatrix;

use crate::LoadError;
use crate::math::best::{Candidates, best_of_product, best_of_row};
use crate::math::int8::{Matrix, PANEL, Quantised};
use crate::math::linear::{self, Precision};

use super::Config;
use super::weights::Weights;

pub(super) struct Vocabulary {
    tokens: Tokens,
    /// What a token's vector is multiplied by.
    scale: f32,
    /// A row for each position.
    positions: Vec<f32>,
    width: usize,
    /// What is added to the score of each token; −∞ for what is never predicted.
    bias: Vec<f32>,
}

enum Tokens {
    /// For the reference's sake, both layouts.
    F32 {
        values: Vec<f32>,
        packed: PackedBMatrix<f32>,
    },
    Int8(Matrix),
}

/// Rows of f32 logits that are calculated at once: enough to keep the matrix product busy, few enough for the cache.
const LOGIT_ROWS: usize = 32;

impl Vocabulary {
    pub(super) fn read(
        weights: &mut Weights,
        config: &Config,
        precision: Precision,
    ) -> Result<Self, LoadError> {
        let (width, tokens) = (config.d_model, config.vocab_size);
        let shared = weights.matrix(&["model.shared.weight"], [tokens, width], precision)?;
        let mut bias = weights.tensor("final_logits_bias", &[1, tokens])?;
        bias[config.pad_token_id as usize] = f32::NEG_INFINITY;
        let tokens = match shared {
            linear::Weights::F32 { values, .. } => {
                Tokens::F32 { packed: linear::pack(&values, tokens, width), values }
            }
            linear::Weights::Int8(matrix) => {
                bias.resize(bias.len().next_multiple_of(PANEL), f32::NEG_INFINITY);
                Tokens::Int8(matrix)
            }
        };
        let scale = if config.scale_embedding { (width as f32).sqrt() } else { 1.0 };
        let positions = sinusoids(config.max_position_embeddings, width);
        Ok(Self { tokens, scale, positions, width, bias })
    }

    /// Appends the vector of a token at a position. Positions past the last repeat it: callers keep within bounds.
    pub(super) fn append(&self, token: u32, position: usize, x: &mut Vec<f32>) {
        let token = token as usize;
        let last = self.positions.len() / self.width - 1;
        let start = x.len();
        x.extend_from_slice(&self.positions[position.min(last) * self.width..][..self.width]);
        match &self.tokens {
            Tokens::F32 { values, .. } => {
                for (x, value) in x[start..].iter_mut().zip(&values[token * self.width..]) {
                    *x += value * self.scale;
                }
            }
            Tokens::Int8(matrix) => matrix.add_channel(token, self.scale, &mut x[start..]),
        }
    }

    /// The most likely tokens after each row of `hidden`, as many as `counts` says.
    pub(super) fn best(&self, hidden: &[f32], counts: &[usize], scratch: &mut Quantised) -> Vec<Candidates> {
        match &self.tokens {
            Tokens::F32 { packed, .. } => {
                let mut logits = Vec::new();
                let mut best = Vec::with_capacity(counts.len());
                for (rows, counts) in hidden.chunks(LOGIT_ROWS * self.width).zip(counts.chunks(LOGIT_ROWS)) {
                    logits.resize(counts.len() * self.bias.len(), 0.0);
                    linear::multiply(packed, &self.bias, rows, &mut logits);
                    let rows = logits.chunks_exact(self.bias.len()).zip(counts);
                    best.extend(rows.map(|(logits, count)| best_of_row(logits, *count)));
                }
                best
            }
            Tokens::Int8(matrix) => {
                scratch.fill(hidden, self.width);
                best_of_product(matrix, &self.bias, scratch, counts)
            }
        }
    }

    /// The logits of all tokens after each row of `hidden`, in f32.
    #[cfg(test)]
    pub(super) fn logits(&self, hidden: &[f32]) -> Vec<f32> {
        let Tokens::F32 { packed, .. } = &self.tokens else { panic!("only the reference has logits") };
        let mut logits = vec![0.0; hidden.len() / self.width * self.bias.len()];
        linear::multiply(packed, &self.bias, hidden, &mut logits);
        logits
    }
}

/// Sines in the first half of a row and cosines in the second, as Marian lays them out.
fn sinusoids(positions: usize, width: usize) -> Vec<f32> {
    let angle =
        |position: usize, j: usize| position as f64 / 10000f64.powf(2.0 * (j / 2) as f64 / width as f64);
    let row = |position| {
        let sines = (0..width).step_by(2).map(move |j| angle(position, j).sin() as f32);
        sines.chain((1..width).step_by(2).map(move |j| angle(position, j).cos() as f32))
    };
    (0..positions).flat_map(row).collect()
}
