//! Scaled dot-product attention of one query over keys and values.

use super::rows::softmax;
use super::simd::{LANES, vectorised};

/// The keys and values that queries attend to, in numbered slots.
///
/// The keys of [`LANES`] slots lie side by side, input by input, so that a query is compared with all of them
/// at once and nothing has to be summed across a register. The values of a slot lie in a row.
pub(crate) struct Memory {
    /// Width of a key and of a value, all heads together.
    width: usize,
    /// `[block][width][LANES]`
    keys: Vec<f32>,
    /// `[slot][width]`
    values: Vec<f32>,
}

/// Which slots a query sees, in order.
#[derive(Clone, Copy)]
pub(crate) enum Visible<'a> {
    /// So many, from the first on.
    First(usize),
    /// The slots named.
    Slots(&'a [u32]),
}

/// Buffers that are kept between calls.
#[derive(Default)]
pub(crate) struct Scratch {
    /// A weight for each slot.
    weights: Vec<f32>,
    /// 0 for slots that are seen, −∞ for others.
    mask: Vec<f32>,
}

impl Memory {
    /// A memory of no slots yet that is about to have some number of them.
    pub(crate) fn with_capacity(slots: usize, width: usize) -> Self {
        let keys = Vec::with_capacity(slots.next_multiple_of(LANES) * width);
        Self { width, keys, values: Vec::with_capacity(slots * width) }
    }

    /// A memory of as many slots as `rows` has rows of `stride` values, where `key` and `value` say at which place of a
    /// row they begin.
    pub(crate) fn of_rows(rows: &[f32], stride: usize, key: usize, value: usize, width: usize) -> Self {
        let slots = rows.len() / stride;
        let mut values = Vec::with_capacity(slots * width);
        for row in rows.chunks_exact(stride) {
            values.extend_from_slice(&row[value..value + width]);
        }
        let mut keys = vec![0.0; slots.div_ceil(LANES) * width * LANES];
        let blocks = keys.chunks_exact_mut(width * LANES).zip(rows.chunks(stride * LANES));
        for (block, rows) in blocks {
            for (input, lanes) in block.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                for (lane, row) in lanes.iter_mut().zip(rows.chunks_exact(stride)) {
                    *lane = row[key + input];
                }
            }
        }
        Self { width, keys, values }
    }

    /// Fills a slot; there are as many as the highest number needs.
    pub(crate) fn set(&mut self, slot: u32, key: &[f32], value: &[f32]) {
        let slot = slot as usize;
        let block = self.width * LANES;
        let (at, lane) = (slot / LANES * block, slot % LANES);
        if self.keys.len() < at + block {
            self.keys.resize(at + block, 0.0);
        }
        if self.values.len() < (slot + 1) * self.width {
            self.values.resize((slot + 1) * self.width, 0.0);
        }
        for (lanes, key) in self.keys[at..at + block].as_chunks_mut::<LANES>().0.iter_mut().zip(key) {
            lanes[lane] = *key;
        }
        self.values[slot * self.width..][..self.width].copy_from_slice(value);
    }
}

/// Attends with every head of `query` (one row) and writes the heads' results side by side into `output`.
pub(crate) fn attend(
    query: &[f32],
    memory: &Memory,
    visible: Visible<'_>,
    head_width: usize,
    scratch: &mut Scratch,
    output: &mut [f32],
) {
    let Scratch { weights, mask } = scratch;
    let slots = memory.keys.len() / memory.width;
    weights.resize(slots, 0.0);
    mask.clear();
    match visible {
        Visible::First(len) => {
            mask.resize(len, 0.0);
            mask.resize(slots, f32::NEG_INFINITY);
        }
        Visible::Slots(visible) => {
            mask.resize(slots, f32::NEG_INFINITY);
            for slot in visible {
                mask[*slot as usize] = 0.0;
            }
        }
    }
    heads(query, memory, visible, head_width, mask, weights, output);
}

/// What every head of `query` (one row) looks at among the first `len` slots: the mean of their weights.
pub(crate) fn mean_weights(query: &[f32], memory: &Memory, len: usize, head_width: usize) -> Vec<f32> {
    let slots = memory.keys.len() / memory.width;
    let mut mask = vec![0.0; len];
    mask.resize(slots, f32::NEG_INFINITY);
    let (mut mean, mut weights) = (vec![0.0; len], vec![0.0; slots]);
    let heads = query.len() / head_width;
    for (head, query) in query.chunks_exact(head_width).enumerate() {
        scores(query, memory, head * head_width, &mask, &mut weights);
        softmax(&mut weights);
        for (mean, weight) in mean.iter_mut().zip(&weights) {
            *mean += weight / heads as f32;
        }
    }
    mean
}

vectorised! {
    fn heads(
        query: &[f32], memory: &Memory, visible: Visible<'_>, head_width: usize, mask: &[f32],
        weights: &mut [f32], output: &mut [f32],
    ) {
        let heads = query.chunks_exact(head_width).zip(output.chunks_exact_mut(head_width));
        for (head, (query, output)) in heads.enumerate() {
            let offset = head * head_width;
            scores(query, memory, offset, mask, weights);
            softmax(weights);
            match visible {
                Visible::First(len) => weighted_sum(weights, memory, &(0..len), offset, output),
                Visible::Slots(slots) => {
                    let slots = slots.iter().map(|slot| *slot as usize);
                    weighted_sum(weights, memory, &slots, offset, output);
                }
            }
        }
    }
}

/// Keys that are compared with their part of the query independently, so that additions need not wait for one another.
const CHAINS: usize = 4;

/// `weights[slot] = query · key[slot] / √width + mask[slot]` for the head at `offset`.
#[inline(always)]
fn scores(query: &[f32], memory: &Memory, offset: usize, mask: &[f32], weights: &mut [f32]) {
    let scale = 1.0 / (query.len() as f32).sqrt();
    let blocks = memory.keys.chunks_exact(memory.width * LANES);
    let lanes = weights.as_chunks_mut::<LANES>().0.iter_mut().zip(mask.as_chunks::<LANES>().0);
    for (block, (weights, mask)) in blocks.zip(lanes) {
        let keys = block[offset * LANES..(offset + query.len()) * LANES].as_chunks::<LANES>().0;
        let (query_parts, query_rest) = query.as_chunks::<CHAINS>();
        let (key_parts, key_rest) = keys.as_chunks::<CHAINS>();
        let (mut a, mut b, mut c, mut d) = ([0f32; LANES], [0f32; LANES], [0f32; LANES], [0f32; LANES]);
        for (query, keys) in query_parts.iter().zip(key_parts) {
            add_scaled(&mut a, query[0], &keys[0]);
            add_scaled(&mut b, query[1], &keys[1]);
            add_scaled(&mut c, query[2], &keys[2]);
            add_scaled(&mut d, query[3], &keys[3]);
        }
        for (query, keys) in query_rest.iter().zip(key_rest) {
            add_scaled(&mut a, *query, keys);
        }
        for lane in 0..LANES {
            let sum = (a[lane] + b[lane]) + (c[lane] + d[lane]);
            weights[lane] = sum * scale + mask[lane];
        }
    }
}

#[inline(always)]
fn add_scaled(sums: &mut [f32; LANES], factor: f32, values: &[f32; LANES]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

/// `output = Σ weights[slot] · value[slot]` for the head at `offset`.
#[inline(always)]
fn weighted_sum(
    weights: &[f32],
    memory: &Memory,
    slots: &(impl Iterator<Item = usize> + Clone),
    offset: usize,
    output: &mut [f32],
) {
    // as many columns at a time as registers hold, so that each is written once
    let (wide, rest) = output.as_chunks_mut::<{ 4 * LANES }>();
    let wide_width = wide.len() * 4 * LANES;
    for (at, output) in wide.iter_mut().enumerate() {
        sum_columns(weights, memory, slots.clone(), offset + at * 4 * LANES, output);
    }
    let (narrow, rest) = rest.as_chunks_mut::<LANES>();
    let narrow_width = narrow.len() * LANES;
    for (at, output) in narrow.iter_mut().enumerate() {
        sum_columns(weights, memory, slots.clone(), offset + wide_width + at * LANES, output);
    }
    for (at, output) in rest.iter_mut().enumerate() {
        let at = offset + wide_width + narrow_width + at;
        sum_columns(weights, memory, slots.clone(), at, std::array::from_mut(output));
    }
}

#[inline(always)]
fn sum_columns<const COLUMNS: usize>(
    weights: &[f32],
    memory: &Memory,
    slots: impl Iterator<Item = usize>,
    first: usize,
    output: &mut [f32; COLUMNS],
) {
    let mut sums = [0f32; COLUMNS];
    for slot in slots {
        let weight = weights[slot];
        let start = slot * memory.width + first;
        let values: &[f32; COLUMNS] =
            memory.values[start..start + COLUMNS].try_into().expect("the range has that length");
        for column in 0..COLUMNS {
            sums[column] += weight * values[column];
        }
    }
    *output = sums;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attention_is_that_of_the_formula() {
        for (heads, head_width, len) in [(2, 8, 1), (4, 64, 9), (3, 5, 17), (1, 100, 40)] {
            let width = heads * head_width;
            let (stride, key, value) = (2 * width + 3, 3, width + 3);
            let query: Vec<f32> = crate::random::uniform(1, width).collect();
            let rows: Vec<f32> = crate::random::uniform(2, stride * len).collect();
            let whole = Memory::of_rows(&rows, stride, key, value, width);
            // the same rows in every second slot, from the last to the first
            let slots: Vec<u32> = (0..len as u32).map(|at| 2 * (len as u32 - at)).collect();
            let mut scattered = Memory::with_capacity(len, width);
            for (slot, row) in slots.iter().zip(rows.chunks_exact(stride)) {
                scattered.set(*slot, &row[key..][..width], &row[value..][..width]);
            }
            let cases = [(&whole, Visible::First(len)), (&scattered, Visible::Slots(&slots))];
            for (memory, visible) in cases {
                let mut output = vec![0.0; width];
                attend(&query, memory, visible, head_width, &mut Scratch::default(), &mut output);
                let mean = mean_weights(&query, &whole, len, head_width);
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
