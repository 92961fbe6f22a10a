//! `y = x·W + b`, in f32 or in int8.

use std::ops::Range;

use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_tensor::NdTensorView;

use super::int8::{Matrix, PANEL, Quantised, Sums};
use super::simd::vectorised;

thread_local!(static F32: GemmExecutor = on_this_thread());

/// `rten-gemm` spreads a product over the current rayon pool. Here, parallelism lies in translating several batches at
/// once, each on one thread: nothing waits for a sibling, and another process on the same core slows one batch instead
/// of all. So the thread becomes a rayon pool of its own, of one thread, which does not spin.
fn on_this_thread() -> GemmExecutor {
    // It fails only where the thread already belongs to a pool; then that pool's owner decides.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
    GemmExecutor::new()
}

/// In which numbers a model calculates its matrix products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// As the model was trained: the reference.
    F32,
    /// Eight-bit integers: four times smaller and several times faster.
    Int8,
}

/// Rows of weights as a file has them: each row the weights of one output.
#[derive(Clone, Copy)]
pub(crate) enum Rows<'a> {
    F32(&'a [f32]),
    /// Integers, and for each row what a step is worth.
    Int8 {
        values: &'a [i8],
        scales: &'a [f32],
    },
}

/// A matrix of weights that is being read.
pub(crate) enum Weights {
    F32 { values: Vec<f32>, inputs: usize },
    Int8(Matrix),
}

impl Weights {
    /// Room for a matrix of shape `[outputs, inputs]`.
    pub(crate) fn with_capacity(outputs: usize, inputs: usize, precision: Precision) -> Self {
        match precision {
            Precision::F32 => Self::F32 { values: Vec::with_capacity(outputs * inputs), inputs },
            Precision::Int8 => Self::Int8(Matrix::with_capacity(inputs, outputs)),
        }
    }

    /// Adds rows in the form that the file has to those read so far.
    pub(crate) fn push(&mut self, rows: Rows<'_>) {
        match (self, rows) {
            (Self::F32 { values, .. }, Rows::F32(rows)) => values.extend_from_slice(rows),
            (Self::F32 { values, inputs }, Rows::Int8 { values: rows, scales }) => {
                for (row, scale) in rows.chunks_exact(*inputs).zip(scales) {
                    values.extend(row.iter().map(|value| f32::from(*value) * scale));
                }
            }
            (Self::Int8(matrix), Rows::F32(rows)) => matrix.push(rows),
            (Self::Int8(matrix), Rows::Int8 { values, scales }) => {
                for (row, scale) in values.chunks_exact(matrix.inputs()).zip(scales) {
                    matrix.push_quantised(row, *scale);
                }
            }
        }
    }
}

/// A weight matrix, ready for multiplication.
pub(crate) struct Linear {
    inputs: usize,
    outputs: usize,
    /// In int8, as long as whole panels.
    bias: Vec<f32>,
    weights: Packed,
}

enum Packed {
    F32(PackedBMatrix<f32>),
    Int8(Matrix),
}

impl Linear {
    /// From weights that are read completely, and a bias for each output.
    pub(crate) fn new(weights: Weights, mut bias: Vec<f32>) -> Self {
        let outputs = bias.len();
        match weights {
            Weights::F32 { values, inputs } => {
                let weights = Packed::F32(pack(&values, outputs, inputs));
                Self { inputs, outputs, bias, weights }
            }
            Weights::Int8(matrix) => {
                bias.resize(outputs.next_multiple_of(PANEL), 0.0);
                Self { inputs: matrix.inputs(), outputs, bias, weights: Packed::Int8(matrix) }
            }
        }
    }

    /// Multiplies every row of `x`. `y` is overwritten and gets `rows × outputs` values. `quantised` is scratch.
    pub(crate) fn apply(&self, x: &[f32], y: &mut Vec<f32>, quantised: &mut Quantised) {
        y.resize(x.len() / self.inputs * self.outputs, 0.0);
        match &self.weights {
            Packed::F32(matrix) => multiply(matrix, &self.bias, x, y),
            Packed::Int8(matrix) => {
                quantised.fill(x, self.inputs);
                let row_scales = &quantised.scales;
                matrix.tiles(quantised, |panel, first, sums| {
                    let row_scales = &row_scales[first..first + sums.len()];
                    let bias = &self.bias[panel * PANEL..][..PANEL];
                    let rows = &mut y[first * self.outputs..][..sums.len() * self.outputs];
                    let outputs = panel * PANEL..self.outputs.min((panel + 1) * PANEL);
                    let y = Part { rows, width: self.outputs, outputs };
                    dequantise(sums, row_scales, matrix.scales(panel), bias, y);
                });
            }
        }
    }
}

/// Lays out weights of shape `[outputs, inputs]` for [`multiply`].
pub(crate) fn pack(weights: &[f32], outputs: usize, inputs: usize) -> PackedBMatrix<f32> {
    let view = NdTensorView::from_data([outputs, inputs], weights);
    F32.with(|executor| executor.prepack_b(view.transposed()))
}

/// `y = x·W + b` in f32; `y` has as many rows as `x`.
pub(crate) fn multiply(weights: &PackedBMatrix<f32>, bias: &[f32], x: &[f32], y: &mut [f32]) {
    let rows = y.len() / bias.len();
    let options = GemmOptions { bias: Some(BiasVector::Row(bias)), ..GemmOptions::default() };
    let x = NdTensorView::from_data([rows, x.len() / rows.max(1)], x);
    let (x, weights) = (GemmInputA::Unpacked(x), GemmInputB::Packed(weights));
    F32.with(|executor| executor.gemm(y, x, weights, options))
        .expect("the shapes of x, y and the weights agree");
}

/// Some outputs of some rows.
struct Part<'a> {
    rows: &'a mut [f32],
    width: usize,
    outputs: Range<usize>,
}

vectorised! {
    /// `y = sums · row_scale · scale + bias`.
    fn dequantise(sums: &[Sums], row_scales: &[f32], scales: &[f32; PANEL], bias: &[f32], y: Part<'_>) {
        let Part { rows, width, outputs } = y;
        for ((sums, row_scale), y) in sums.iter().zip(row_scales).zip(rows.chunks_exact_mut(width)) {
            for (((y, sum), scale), bias) in y[outputs.clone()].iter_mut().zip(sums).zip(scales).zip(bias) {
                *y = *sum as f32 * (row_scale * scale) + bias;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that look random and are the same everywhere.
    fn noise(len: usize, seed: u64) -> Vec<f32> {
        crate::random::uniform(seed, len).map(|value| value - 0.5).collect()
    }

    fn linear(weights: &[f32], bias: Vec<f32>, precision: Precision) -> Linear {
        let outputs = bias.len();
        let mut read = Weights::with_capacity(outputs, weights.len() / outputs, precision);
        read.push(Rows::F32(weights));
        Linear::new(read, bias)
    }

    fn product(x: &[f32], weights: &[f32], bias: &[f32], inputs: usize) -> Vec<f32> {
        let row = |x: &[f32]| -> Vec<f32> {
            let dot = |w: &[f32]| w.iter().zip(x).map(|(w, x)| f64::from(w * x)).sum::<f64>() as f32;
            weights.chunks_exact(inputs).zip(bias).map(|(w, b)| dot(w) + b).collect()
        };
        x.chunks_exact(inputs).flat_map(row).collect()
    }

    fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
        assert_eq!(a.len(), b.len());
        a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn both_precisions_multiply() {
        for (inputs, outputs, rows) in [(8, 3, 1), (64, 50, 4), (100, 33, 7), (512, 129, 33)] {
            let (weights, bias) = (noise(inputs * outputs, 1), noise(outputs, 2));
            let x = noise(rows * inputs, 3);
            let expected = product(&x, &weights, &bias, inputs);
            for (precision, tolerance) in [(Precision::F32, 1e-4), (Precision::Int8, 0.1)] {
                let mut y = Vec::new();
                linear(&weights, bias.clone(), precision).apply(&x, &mut y, &mut Quantised::default());
                let difference = largest_difference(&y, &expected);
                assert!(
                    difference < tolerance,
                    "{precision:?} {inputs}×{outputs}, {rows} rows: {difference}"
                );
            }
        }
    }

    #[test]
    fn weights_in_integers_are_those_they_stand_for() {
        let (values, scales) = ([1i8, -2, 127, 0, 3, -127], [0.5, 0.25]);
        for precision in [Precision::F32, Precision::Int8] {
            let mut read = Weights::with_capacity(2, 3, precision);
            read.push(Rows::Int8 { values: &values, scales: &scales });
            let mut y = Vec::new();
            Linear::new(read, vec![0.0, 1.0]).apply(&[1.0, 1.0, 1.0], &mut y, &mut Quantised::default());
            assert!(largest_difference(&y, &[63.0, -30.0]) < 1e-3, "{precision:?}: {y:?}");
        }
    }

    #[test]
    fn a_row_in_int8_does_not_depend_on_its_neighbours() {
        let (inputs, outputs) = (96, 70);
        let linear = linear(&noise(inputs * outputs, 1), noise(outputs, 2), Precision::Int8);
        let x = noise(20 * inputs, 3);
        let (mut together, mut alone) = (Vec::new(), Vec::new());
        linear.apply(&x, &mut together, &mut Quantised::default());
        for (row, expected) in x.chunks_exact(inputs).zip(together.chunks_exact(outputs)) {
            linear.apply(row, &mut alone, &mut Quantised::default());
            assert_eq!(alone, expected);
        }
    }

    #[test]
    fn a_row_of_zeros_gives_the_bias() {
        let bias = noise(5, 2);
        let linear = linear(&noise(5 * 16, 1), bias.clone(), Precision::Int8);
        let mut y = Vec::new();
        linear.apply(&[0.0; 16], &mut y, &mut Quantised::default());
        assert_eq!(y, bias);
    }
}
