//! Scaled dot-product attention of one query over a sequence of keys and values.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};
use rten_vecmath::Softmax;

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
    let scale = 1.0 / (head_width as f32).sqrt();
    weights.resize(positions.len(), 0.0);
    let heads = query.chunks_exact(head_width).zip(output.chunks_exact_mut(head_width));
    for (head, (query, output)) in heads.enumerate() {
        let offset = head * head_width;
        Scores { query, memory, positions, offset, scale, results: weights }.dispatch();
        Softmax::new_mut(weights).dispatch();
        WeightedSum { weights, memory, positions, offset, output }.dispatch();
    }
}

/// `results[i] = scale · query · key[i]` for one head.
struct Scores<'a> {
    query: &'a [f32],
    memory: KeysValues<'a>,
    positions: Positions<'a>,
    offset: usize,
    scale: f32,
    results: &'a mut [f32],
}

impl SimdOp for Scores<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let lanes = ops.len();
        let KeysValues { rows, stride, key, .. } = self.memory;
        for (at, result) in self.results.iter_mut().enumerate() {
            let start = self.positions.row(at) * stride + key + self.offset;
            let key = &rows[start..start + self.query.len()];
            let (mut query, mut key) = (self.query.chunks_exact(lanes), key.chunks_exact(lanes));
            let mut sum = ops.zero();
            for (query, key) in query.by_ref().zip(key.by_ref()) {
                sum = ops.mul_add(ops.load(query), ops.load(key), sum);
            }
            let rest: f32 = query.remainder().iter().zip(key.remainder()).map(|(q, k)| q * k).sum();
            *result = (ops.sum(sum) + rest) * self.scale;
        }
    }
}

/// `output = Σ weights[i] · value[i]` for one head.
struct WeightedSum<'a> {
    weights: &'a [f32],
    memory: KeysValues<'a>,
    positions: Positions<'a>,
    offset: usize,
    output: &'a mut [f32],
}

impl SimdOp for WeightedSum<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let lanes = ops.len();
        let KeysValues { rows, stride, value, .. } = self.memory;
        let base = value + self.offset;
        let whole = self.output.len() / lanes * lanes;
        for at in (0..whole).step_by(lanes) {
            let mut sum = ops.zero();
            for (position, &weight) in self.weights.iter().enumerate() {
                let start = self.positions.row(position) * stride + base + at;
                sum = ops.mul_add(ops.splat(weight), ops.load(&rows[start..start + lanes]), sum);
            }
            ops.store(sum, &mut self.output[at..at + lanes]);
        }
        for at in whole..self.output.len() {
            let value = |position| rows[self.positions.row(position) * stride + base + at];
            self.output[at] = self.weights.iter().enumerate().map(|(i, weight)| weight * value(i)).sum();
        }
    }
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
