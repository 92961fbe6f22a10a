//! Scaled dot-product attention of one query over a sequence of keys and values.

use super::rows::softmax;
use super::simd::{LANES, sum, vectorised};

/// Keys and values, a row for each position. A row may hold more than the two, so it is said where they begin.
#[derive(Clone, Copy)]
pub(crate) struct KeysValues<'a> {
    pub(crate) rows: &'a [f32],
    /// Length of a row.
    pub(crate) stride: usize,
    /// Where the key begins in its row.
    pub(crate) key: usize,
    /// Where the value begins in its row.
    pub(crate) value: usize,
}

/// Which rows of [`KeysValues`] a query sees, in order.
#[derive(Clone, Copy)]
pub(crate) enum Positions<'a> {
    /// A run of rows.
    Run { start: usize, len: usize },
    /// The rows named.
    Rows(&'a [u32]),
}

impl Positions<'_> {
    fn len(self) -> usize {
        match self {
            Self::Run { len, .. } => len,
            Self::Rows(rows) => rows.len(),
        }
    }

    #[inline(always)]
    fn row(self, at: usize) -> usize {
        match self {
            Self::Run { start, .. } => start + at,
            Self::Rows(rows) => rows[at] as usize,
        }
    }
}

/// Attends with every head of `query` (one row) and writes the heads' results side by side into `output`.
/// `weights` is scratch.
pub(crate) fn attend(
    query: &[f32],
    memory: KeysValues<'_>,
    positions: Positions<'_>,
    head_width: usize,
    weights: &mut Vec<f32>,
    output: &mut [f32],
) {
    weights.resize(positions.len(), 0.0);
    let heads = query.chunks_exact(head_width).zip(output.chunks_exact_mut(head_width));
    for (head, (query, output)) in heads.enumerate() {
        let offset = head * head_width;
        scores(query, memory, positions, offset, weights);
        softmax(weights);
        weighted_sum(weights, memory, positions, offset, output);
    }
}

/// What every head of `query` (one row) looks at: the mean of their weights, one for each position.
pub(crate) fn mean_weights(
    query: &[f32],
    memory: KeysValues<'_>,
    positions: Positions<'_>,
    head_width: usize,
) -> Vec<f32> {
    let mut mean = vec![0.0; positions.len()];
    let mut weights = vec![0.0; positions.len()];
    let heads = query.len() / head_width;
    for (head, query) in query.chunks_exact(head_width).enumerate() {
        scores(query, memory, positions, head * head_width, &mut weights);
        softmax(&mut weights);
        for (mean, weight) in mean.iter_mut().zip(&weights) {
            *mean += weight / heads as f32;
        }
    }
    mean
}

vectorised! {
    /// `results[i] = query · key[i] / √width` for the head at `offset`.
    fn scores(query: &[f32], memory: KeysValues<'_>, positions: Positions<'_>, offset: usize, results: &mut [f32]) {
        let KeysValues { rows, stride, key, .. } = memory;
        let scale = 1.0 / (query.len() as f32).sqrt();
        for (at, result) in results.iter_mut().enumerate() {
            let start = positions.row(at) * stride + key + offset;
            *result = dot(query, &rows[start..start + query.len()]) * scale;
        }
    }

    /// `output = Σ weights[i] · value[i]` for the head at `offset`.
    fn weighted_sum(
        weights: &[f32], memory: KeysValues<'_>, positions: Positions<'_>, offset: usize, output: &mut [f32],
    ) {
        let KeysValues { rows, stride, value, .. } = memory;
        output.fill(0.0);
        for (at, &weight) in weights.iter().enumerate() {
            let start = positions.row(at) * stride + value + offset;
            let value = &rows[start..start + output.len()];
            for (output, value) in output.iter_mut().zip(value) {
                *output += weight * value;
            }
        }
    }
}

#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0f32; LANES];
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    sum(lanes) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attention_is_that_of_the_formula() {
        for (heads, head_width, len) in [(2, 8, 1), (4, 64, 9), (3, 5, 17)] {
            let width = heads * head_width;
            let (stride, key, value) = (2 * width + 3, 3, width + 3);
            let query: Vec<f32> = crate::random::uniform(1, width).collect();
            let rows: Vec<f32> = crate::random::uniform(2, stride * len).collect();
            let memory = KeysValues { rows: &rows, stride, key, value };
            let mut output = vec![0.0; width];
            let reversed: Vec<u32> = (0..len as u32).rev().collect();
            for positions in [Positions::Run { start: 0, len }, Positions::Rows(&reversed)] {
                attend(&query, memory, positions, head_width, &mut Vec::new(), &mut output);
                let mean = mean_weights(&query, memory, positions, head_width);
                assert!(mean.len() == len && (mean.iter().sum::<f32>() - 1.0).abs() < 1e-4);
                for h in 0..heads {
                    let at = |i: usize| h * head_width + i;
                    let score = |row: usize| -> f32 {
                        let products =
                            (0..head_width).map(|i| query[at(i)] * rows[row * stride + key + at(i)]);
                        (products.sum::<f32>() / (head_width as f32).sqrt()).exp()
                    };
                    let total: f32 = (0..len).map(score).sum();
                    for i in 0..head_width {
                        let values =
                            (0..len).map(|row| score(row) / total * rows[row * stride + value + at(i)]);
                        let (got, expected) = (output[at(i)], values.sum::<f32>());
                        assert!((got - expected).abs() < 1e-4, "head {h}, {i}: {got} instead of {expected}");
                    }
                }
            }
        }
    }
}
