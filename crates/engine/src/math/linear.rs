//! `y = x·W + b`, in f32 or in int8.
//!
//! In int8 the weights are quantised once, symmetrically, with one scale for each output channel; every row of `x` is
//! quantised on the way in with a scale of its own, so that a row's result is exact in i32 and independent of its
//! neighbours.

use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix, QuantParams};
use rten_tensor::NdTensorView;

use super::rows::max_abs;
use super::simd::{round, vectorised};

/// The matrix products of one thread.
struct Products {
    f32: GemmExecutor,
    int8: GemmExecutor<u8, i8, i32>,
}

thread_local!(static PRODUCTS: Products = Products::on_this_thread());

impl Products {
    /// `rten-gemm` spreads a product over the current rayon pool. Here, parallelism lies in translating several
    /// batches at once, each on one thread: nothing waits for a sibling, and another process on the same core slows
    /// one batch instead of all. So the thread becomes a rayon pool of its own, of one thread, which does not spin.
    fn on_this_thread() -> Self {
        // It fails only where the thread already belongs to a pool; then that pool's owner decides.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
        Self { f32: GemmExecutor::new(), int8: GemmExecutor::new() }
    }
}

/// The u8 that stands for 0 in a quantised row of `x`.
const ZERO_POINT: u8 = 128;

/// In which numbers a model calculates its matrix products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// As the model was trained: the reference.
    F32,
    /// Eight-bit integers: four times smaller and several times faster.
    Int8,
}

/// A weight matrix, ready for multiplication.
pub(crate) struct Linear {
    inputs: usize,
    outputs: usize,
    bias: Vec<f32>,
    weights: Packed,
}

enum Packed {
    F32(PackedBMatrix<f32>),
    Int8 { matrix: PackedBMatrix<i8>, scales: Vec<f32> },
}

/// Buffers that are kept between calls.
#[derive(Default)]
pub(crate) struct Scratch {
    quantised: Vec<u8>,
    row_scales: Vec<f32>,
    zero_points: Vec<u8>,
    sums: Vec<i32>,
}

impl Linear {
    /// From `weights` of shape `[outputs, inputs]`, as they are published, and a bias for each output.
    pub(crate) fn new(weights: &[f32], bias: Vec<f32>, precision: Precision) -> Self {
        let outputs = bias.len();
        let inputs = weights.len() / outputs;
        let weights = match precision {
            Precision::F32 => {
                let view = NdTensorView::from_data([outputs, inputs], weights);
                Packed::F32(PRODUCTS.with(|products| products.f32.prepack_b(view.transposed())))
            }
            Precision::Int8 => {
                let QuantisedRows { values, scales } = QuantisedRows::new(weights, inputs);
                let view = NdTensorView::from_data([outputs, inputs], values.as_slice());
                let matrix = PRODUCTS.with(|products| products.int8.prepack_b(view.transposed()));
                Packed::Int8 { matrix, scales }
            }
        };
        Self { inputs, outputs, bias, weights }
    }

    /// Width of a row of the result.
    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }

    /// Multiplies every row of `x`. `y` is overwritten and gets `rows × outputs` values.
    pub(crate) fn apply(&self, x: &[f32], y: &mut Vec<f32>, scratch: &mut Scratch) {
        let rows = x.len() / self.inputs;
        y.resize(rows * self.outputs, 0.0);
        let shapes = "the shapes of x, y and the weights agree";
        match &self.weights {
            Packed::F32(matrix) => {
                let options =
                    GemmOptions { bias: Some(BiasVector::Row(&self.bias)), ..GemmOptions::default() };
                let x = NdTensorView::from_data([rows, self.inputs], x);
                let (x, weights) = (GemmInputA::Unpacked(x), GemmInputB::Packed(matrix));
                PRODUCTS.with(|products| products.f32.gemm(y, x, weights, options)).expect(shapes);
            }
            Packed::Int8 { matrix, scales } => {
                scratch.quantise(x, self.inputs);
                scratch.sums.resize(rows * self.outputs, 0);
                let options = GemmOptions {
                    a_quant: Some(QuantParams { zero_point: &scratch.zero_points }),
                    ..GemmOptions::default()
                };
                let x = NdTensorView::from_data([rows, self.inputs], scratch.quantised.as_slice());
                let (x, weights) = (GemmInputA::Unpacked(x), GemmInputB::Packed(matrix));
                PRODUCTS
                    .with(|products| products.int8.gemm(&mut scratch.sums, x, weights, options))
                    .expect(shapes);
                let rows = scratch.sums.chunks_exact(self.outputs).zip(y.chunks_exact_mut(self.outputs));
                for ((sums, y), &row_scale) in rows.zip(&scratch.row_scales) {
                    dequantise(sums, row_scale, scales, &self.bias, y);
                }
            }
        }
    }
}

impl Scratch {
    /// Quantises every row of `x` to u8 around [`ZERO_POINT`].
    fn quantise(&mut self, x: &[f32], width: usize) {
        self.quantised.resize(x.len(), 0);
        self.row_scales.clear();
        for (row, quantised) in x.chunks_exact(width).zip(self.quantised.chunks_exact_mut(width)) {
            let scale = scale_of(max_abs(row), 127.0);
            quantise(row, 1.0 / scale, quantised);
            self.row_scales.push(scale);
        }
        self.zero_points.resize(self.row_scales.len(), ZERO_POINT);
    }
}

/// The step between two integers if `most` is to become `top`; never zero.
fn scale_of(most: f32, top: f32) -> f32 {
    if most > 0.0 { most / top } else { 1.0 }
}

/// Rows of i8, each with its own scale: output channels of a matrix, or embeddings.
pub(crate) struct QuantisedRows {
    pub(crate) values: Vec<i8>,
    pub(crate) scales: Vec<f32>,
}

impl QuantisedRows {
    /// Quantises `weights`, rows of `width` values. Kernels that add products in 16 bits get one bit less, so that
    /// no sum overflows there.
    pub(crate) fn new(weights: &[f32], width: usize) -> Self {
        let may_saturate = PRODUCTS.with(|products| products.int8.may_saturate());
        let top = if may_saturate { 63.0 } else { 127.0 };
        let mut values = Vec::with_capacity(weights.len());
        let mut scales = Vec::with_capacity(weights.len() / width);
        for row in weights.chunks_exact(width) {
            let scale = scale_of(row.iter().fold(0.0, |most: f32, w| most.max(w.abs())), top);
            values.extend(row.iter().map(|w| (w / scale).round() as i8));
            scales.push(scale);
        }
        Self { values, scales }
    }
}

vectorised! {
    /// `y = sums · row_scale · scales + bias`, for one row.
    fn dequantise(sums: &[i32], row_scale: f32, scales: &[f32], bias: &[f32], y: &mut [f32]) {
        for (((y, sum), scale), bias) in y.iter_mut().zip(sums).zip(scales).zip(bias) {
            *y = *sum as f32 * (row_scale * scale) + bias;
        }
    }

    /// `quantised = round(row · inverse_scale) + 128`, for one row whose products lie within ±127.
    fn quantise(row: &[f32], inverse_scale: f32, quantised: &mut [u8]) {
        for (quantised, value) in quantised.iter_mut().zip(row) {
            *quantised = (round(value * inverse_scale) + i32::from(ZERO_POINT)) as u8;
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
                let linear = Linear::new(&weights, bias.clone(), precision);
                linear.apply(&x, &mut y, &mut Scratch::default());
                let difference = largest_difference(&y, &expected);
                assert!(
                    difference < tolerance,
                    "{precision:?} {inputs}×{outputs}, {rows} rows: {difference}"
                );
            }
        }
    }

    #[test]
    fn a_row_in_int8_does_not_depend_on_its_neighbours() {
        let (inputs, outputs) = (96, 70);
        let linear = Linear::new(&noise(inputs * outputs, 1), noise(outputs, 2), Precision::Int8);
        let x = noise(20 * inputs, 3);
        let (mut together, mut alone) = (Vec::new(), Vec::new());
        linear.apply(&x, &mut together, &mut Scratch::default());
        for (row, expected) in x.chunks_exact(inputs).zip(together.chunks_exact(outputs)) {
            linear.apply(row, &mut alone, &mut Scratch::default());
            assert_eq!(alone, expected);
        }
    }

    #[test]
    fn a_row_of_zeros_gives_the_bias() {
        let bias = noise(5, 2);
        let linear = Linear::new(&noise(5 * 16, 1), bias.clone(), Precision::Int8);
        let mut y = Vec::new();
        linear.apply(&[0.0; 16], &mut y, &mut Scratch::default());
        assert_eq!(y, bias);
    }
}
