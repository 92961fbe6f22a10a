//! Token and position embeddings.

use crate::math::linear::{Precision, QuantisedRows};

use super::Config;

pub(super) struct Embeddings {
    tokens: Tokens,
    /// What a token's vector is multiplied by.
    scale: f32,
    /// A row for each position.
    positions: Vec<f32>,
    width: usize,
}

enum Tokens {
    F32(Vec<f32>),
    Int8(QuantisedRows),
}

impl Embeddings {
    /// From the shared matrix of shape `[vocab_size, d_model]`.
    pub(super) fn new(shared: Vec<f32>, config: &Config, precision: Precision) -> Self {
        let width = config.d_model;
        let tokens = match precision {
            Precision::F32 => Tokens::F32(shared),
            Precision::Int8 => Tokens::Int8(QuantisedRows::new(&shared, width)),
        };
        let scale = if config.scale_embedding { (width as f32).sqrt() } else { 1.0 };
        Self { tokens, scale, positions: sinusoids(config.max_position_embeddings, width), width }
    }

    /// Appends the vector of a token at a position. Positions past the last repeat it: callers keep within bounds.
    pub(super) fn append(&self, token: u32, position: usize, x: &mut Vec<f32>) {
        let row = token as usize * self.width..(token as usize + 1) * self.width;
        let last = self.positions.len() / self.width - 1;
        let positions = &self.positions[position.min(last) * self.width..][..self.width];
        match &self.tokens {
            Tokens::F32(values) => {
                x.extend(
                    values[row].iter().zip(positions).map(|(value, position)| value * self.scale + position),
                );
            }
            Tokens::Int8(QuantisedRows { values, scales }) => {
                let scale = scales[token as usize] * self.scale;
                x.extend(
                    values[row]
                        .iter()
                        .zip(positions)
                        .map(|(value, position)| f32::from(*value) * scale + position),
                );
            }
        }
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
