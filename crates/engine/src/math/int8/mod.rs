//! The product of rows of numbers with a matrix of weights, in eight-bit integers.
//!
//! The weights are quantised once, symmetrically, with one scale for each output channel; every row of the other factor
//! is quantised on the way in with a scale of its own ([`Quantised`]). Sums are exact in 32 bits, so a row's result
//! depends neither on its neighbours nor on the instructions that calculated it (`kernels.rs`).
//!
//! Scaling the sums back to floats is left to the caller ([`Matrix::tiles`]), who does it while they are in
//! the cache.

mod kernels;

use super::rows::max_abs;
use super::simd::{round, vectorised};
use kernels::{Kernel, LINE, Line};

/// Output channels that are calculated together.
pub(crate) const PANEL: usize = 64;

/// Inputs that an instruction multiplies and adds at once.
const GROUP: usize = 4;

/// Lines of a panel for one group of inputs.
const LINES: usize = PANEL * GROUP / LINE;

/// Most rows that are calculated together: what the accumulators of the widest kernel hold.
const TILE_ROWS: usize = 6;

/// A number of a quantised row. Other processors than ARM's multiply unsigned bytes with signed ones.
#[cfg(not(target_arch = "aarch64"))]
type Value = u8;
/// A number of a quantised row. ARM's processors multiply signed bytes.
#[cfg(target_arch = "aarch64")]
type Value = i8;

/// Numbers of a row that an instruction multiplies and adds at once.
type Group = [Value; GROUP];

/// The number that stands for 0 in a quantised row: the middle of what it can be.
const ZERO_POINT: Value = Value::midpoint(Value::MIN + 1, Value::MAX);

/// The largest quantised weight.
const TOP: f32 = 127.0;

/// Sums of some rows for the channels of a panel.
pub(crate) type Sums = [i32; PANEL];

/// A quantised matrix of weights, laid out for the kernels.
///
/// The channels come in panels of [`PANEL`]. Within a panel, the weights of a group of inputs lie together, those of
/// one channel side by side. What is missing from the last panel or group is 0.
pub(crate) struct Matrix {
    inputs: usize,
    outputs: usize,
    lines: Vec<Line>,
    /// Of each channel, the sum that [`ZERO_POINT`] alone would give, negated: where its sums begin.
    starts: Vec<i32>,
    /// Of each channel, what one step of its weights is worth.
    scales: Vec<f32>,
}

impl Matrix {
    /// A matrix of no channels yet; they are added by [`Self::push`].
    pub(crate) fn with_capacity(inputs: usize, outputs: usize) -> Self {
        let panels = outputs.div_ceil(PANEL);
        Self {
            inputs,
            outputs: 0,
            lines: Vec::with_capacity(panels * inputs.div_ceil(GROUP) * LINES),
            starts: Vec::with_capacity(panels * PANEL),
            scales: Vec::with_capacity(panels * PANEL),
        }
    }

    /// Adds channels with these weights, a row of `inputs` for each.
    pub(crate) fn push(&mut self, weights: &[f32]) {
        let mut quantised = vec![0i8; self.inputs];
        for row in weights.chunks_exact(self.inputs) {
            let scale = step(max_abs(row), TOP);
            quantise_weights(row, 1.0 / scale, &mut quantised);
            self.push_quantised(&quantised, scale);
        }
    }

    /// Adds a channel whose weights are `row · scale`.
    pub(crate) fn push_quantised(&mut self, row: &[i8], scale: f32) {
        let place = self.outputs % PANEL;
        if place == 0 {
            self.lines.resize(self.lines.len() + self.panel_lines(), Line::ZERO);
            self.starts.resize(self.starts.len() + PANEL, 0);
            self.scales.resize(self.scales.len() + PANEL, 1.0);
        }
        let first = self.outputs / PANEL * self.panel_lines() + place / (LINE / GROUP);
        let at = place % (LINE / GROUP) * GROUP;
        let lines = self.lines[first..].iter_mut().step_by(LINES);
        for (line, group) in lines.zip(row.chunks(GROUP)) {
            line.0[at..at + group.len()].copy_from_slice(group);
        }
        let sum: i32 = row.iter().map(|weight| i32::from(*weight)).sum();
        self.starts[self.outputs] = -i32::from(ZERO_POINT) * sum;
        self.scales[self.outputs] = scale;
        self.outputs += 1;
    }

    /// Weights of a channel.
    pub(crate) fn inputs(&self) -> usize {
        self.inputs
    }

    /// What a step of the weights of each channel of a panel is worth; 1 where there is no channel.
    pub(crate) fn scales(&self, panel: usize) -> &[f32; PANEL] {
        self.scales[panel * PANEL..][..PANEL].try_into().expect("panels are whole")
    }

    /// Adds to `x` the weights of one channel times `factor`.
    pub(crate) fn add_channel(&self, channel: usize, factor: f32, x: &mut [f32]) {
        let place = channel % PANEL;
        let first = channel / PANEL * self.panel_lines() + place / (LINE / GROUP);
        let at = place % (LINE / GROUP) * GROUP;
        let factor = self.scales[channel] * factor;
        let lines = self.lines[first..].iter().step_by(LINES);
        for (x, line) in x.chunks_mut(GROUP).zip(lines) {
            for (x, weight) in x.iter_mut().zip(&line.0[at..at + GROUP]) {
                *x += f32::from(*weight) * factor;
            }
        }
    }

    /// Multiplies every row of `x` and hands over the sums tile by tile: the number of the panel, the number of the
    /// first row, and for each row the sums of the panel's channels. A sum counts in steps of the row's scale times the
    /// channel's.
    pub(crate) fn tiles(&self, x: &Quantised, mut each: impl FnMut(usize, usize, &[Sums])) {
        debug_assert_eq!(x.groups, self.groups(), "the rows are as long as the weights");
        let kernel = Kernel::detect();
        let rows = x.scales.len();
        let tiles = rows.div_ceil(TILE_ROWS);
        let mut sums = [[0; PANEL]; TILE_ROWS];
        for (panel, lines) in self.lines.chunks_exact(self.panel_lines()).enumerate() {
            let starts: &Sums = self.starts[panel * PANEL..][..PANEL].try_into().expect("panels are whole");
            for tile in 0..tiles {
                // tiles of equal height rather than a low one at the end
                let (first, end) = (tile * rows / tiles, (tile + 1) * rows / tiles);
                let tile = &x.values[first * x.groups..end * x.groups];
                let sums = &mut sums[..end - first];
                sums.fill(*starts);
                kernel.multiply(tile, lines, sums);
                each(panel, first, sums);
            }
        }
    }

    fn groups(&self) -> usize {
        self.inputs.div_ceil(GROUP)
    }

    fn panel_lines(&self) -> usize {
        self.groups() * LINES
    }
}

/// Rows of floats as bytes around [`ZERO_POINT`], each with its own scale.
#[derive(Default)]
pub(crate) struct Quantised {
    values: Vec<Group>,
    /// Groups of a row.
    groups: usize,
    /// Of each row, what a step is worth.
    pub(crate) scales: Vec<f32>,
}

impl Quantised {
    /// Replaces the rows by those of `x`, of `width` values each.
    pub(crate) fn fill(&mut self, x: &[f32], width: usize) {
        self.groups = width.div_ceil(GROUP);
        self.values.resize(x.len() / width * self.groups, [ZERO_POINT; GROUP]);
        self.scales.clear();
        for (row, quantised) in x.chunks_exact(width).zip(self.values.chunks_exact_mut(self.groups)) {
            let scale = step(max_abs(row), 127.0);
            quantise(row, 1.0 / scale, quantised.as_flattened_mut());
            self.scales.push(scale);
        }
    }
}

/// The step between two integers if `most` is to become `top`; never zero.
fn step(most: f32, top: f32) -> f32 {
    if most > 0.0 { most / top } else { 1.0 }
}

vectorised! {
    /// `quantised = round(row · inverse)`, for weights whose products lie within ±127.
    fn quantise_weights(row: &[f32], inverse: f32, quantised: &mut [i8]) {
        for (quantised, value) in quantised.iter_mut().zip(row) {
            *quantised = round(value * inverse) as i8;
        }
    }

    /// `quantised = round(row · inverse)` around the zero point, for one row whose products lie within ±127.
    fn quantise(row: &[f32], inverse: f32, quantised: &mut [Value]) {
        for (quantised, value) in quantised.iter_mut().zip(row) {
            *quantised = (round(value * inverse) + i32::from(ZERO_POINT)) as Value;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The sums by the definition, from the quantised numbers.
    fn expected(x: &Quantised, rows: usize, weights: &[Vec<i8>]) -> Vec<Vec<i32>> {
        let row = |row: usize| {
            let values = x.values[row * x.groups..][..x.groups].as_flattened();
            let sum = |weights: &Vec<i8>| {
                let products = weights.iter().zip(values);
                products.map(|(w, v)| i32::from(*w) * (i32::from(*v) - i32::from(ZERO_POINT))).sum()
            };
            weights.iter().map(sum).collect()
        };
        (0..rows).map(row).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Every kernel that this processor has gives the exact sums, at extreme values too.
        #[test]
        fn sums_are_exact_whatever_the_kernel(
            inputs in 1..150_usize, outputs in 1..150_usize, rows in 1..20_usize, extreme in any::<bool>(), seed in 0..1000_u64
        ) {
            let weight = |value: f32| match extreme {
                true if value < 0.5 => i8::MIN,
                true => i8::MAX,
                false => (value * 254.0 - 127.0) as i8,
            };
            let x: Vec<f32> = crate::random::uniform(seed, rows * inputs).map(|value| value - 0.5).collect();
            let weights: Vec<Vec<i8>> = (0..outputs)
                .map(|output| crate::random::uniform(seed + 1000 + output as u64, inputs).map(weight).collect())
                .collect();
            let mut matrix = Matrix::with_capacity(inputs, outputs);
            for row in &weights {
                matrix.push_quantised(row, 1.0);
            }
            let mut quantised = Quantised::default();
            quantised.fill(&x, inputs);
            if extreme {
                for value in quantised.values.as_flattened_mut() {
                    *value = if *value < ZERO_POINT { Value::MIN } else { Value::MAX };
                }
            }
            let expected = expected(&quantised, rows, &weights);
            for kernel in Kernel::all() {
                for row in 0..rows {
                    let tile = &quantised.values[row * quantised.groups..];
                    for height in 1..=TILE_ROWS.min(rows - row) {
                        for (panel, lines) in matrix.lines.chunks_exact(matrix.panel_lines()).enumerate() {
                            let starts: Sums = matrix.starts[panel * PANEL..][..PANEL].try_into().unwrap();
                            let mut sums = vec![starts; height];
                            kernel.multiply(&tile[..height * quantised.groups], lines, &mut sums);
                            for (sums, expected) in sums.iter().zip(&expected[row..]) {
                                for (sum, expected) in sums.iter().zip(&expected[panel * PANEL..]) {
                                    prop_assert_eq!(sum, expected, "{:?}", kernel);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn every_row_and_channel_is_handed_over_once() {
        let (inputs, outputs) = (10, 2 * PANEL + 3);
        let mut matrix = Matrix::with_capacity(inputs, outputs);
        matrix.push(&crate::random::uniform(1, inputs * outputs).collect::<Vec<_>>());
        for rows in 1..=20 {
            let x: Vec<f32> = crate::random::uniform(2, rows * inputs).collect();
            let mut quantised = Quantised::default();
            quantised.fill(&x, inputs);
            let mut seen = vec![0; rows * 3];
            matrix.tiles(&quantised, |panel, first, sums| {
                for row in first..first + sums.len() {
                    seen[row * 3 + panel] += 1;
                }
            });
            assert_eq!(seen, vec![1; rows * 3]);
        }
    }

    #[test]
    fn a_channel_can_be_read_back() {
        let (inputs, outputs) = (13, 130);
        let weights: Vec<f32> =
            crate::random::uniform(1, inputs * outputs).map(|value| value - 0.5).collect();
        let mut matrix = Matrix::with_capacity(inputs, outputs);
        matrix.push(&weights);
        assert_eq!(matrix.outputs, outputs);
        for channel in [0, 1, 63, 64, 129] {
            let mut x = vec![1.0; inputs];
            matrix.add_channel(channel, 2.0, &mut x);
            for (x, expected) in x.iter().zip(&weights[channel * inputs..]) {
                assert!((x - 1.0 - 2.0 * expected).abs() < 0.01, "{channel}: {x} {expected}");
            }
        }
    }
}
