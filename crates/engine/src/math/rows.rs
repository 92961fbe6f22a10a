//! What a Transformer does to each row between its matrix products.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp, SimdUnaryOp};
use rten_vecmath::{MaxNum, Normalize, NormalizeOptions, Silu, Sum, SumExpSub, SumSquareSub};

/// Added to the variance; the default of `torch.nn.LayerNorm`.
const EPSILON: f32 = 1e-5;

/// Layer normalisation with a learnt scale and bias.
pub(crate) struct LayerNorm {
    scale: Vec<f32>,
    bias: Vec<f32>,
}

impl LayerNorm {
    pub(crate) fn new(scale: Vec<f32>, bias: Vec<f32>) -> Self {
        Self { scale, bias }
    }

    /// `x = norm(x + update)`, row by row.
    pub(crate) fn add_and_normalise(&self, x: &mut [f32], update: &[f32]) {
        let width = self.scale.len();
        for (x, update) in x.chunks_exact_mut(width).zip(update.chunks_exact(width)) {
            Add { x, update }.dispatch();
            let mean = Sum::new(x).dispatch() / width as f32;
            let variance = SumSquareSub::new(x, mean).dispatch() / width as f32;
            let options = NormalizeOptions {
                pre_scale_bias: mean,
                scale: 1.0 / (variance + EPSILON).sqrt(),
                element_scale: Some(&self.scale),
                bias: 0.0,
                element_bias: Some(&self.bias),
            };
            Normalize::new_mut(x, options).dispatch();
        }
    }
}

/// The activation of Marian's feed-forward blocks, `x · sigmoid(x)`.
pub(crate) fn silu(x: &mut [f32]) {
    Silu {}.map_mut(x);
}

/// `ln Σ exp(x)`.
pub(crate) fn log_sum_exp(x: &[f32]) -> f32 {
    let max = MaxNum::new(x).dispatch();
    max + SumExpSub::new(x, max).dispatch().ln()
}

/// Calls `found` with the index and the value of each element of `x` above the threshold that `found` returns, which
/// may rise from call to call. Whole vectors below it are passed over.
pub(crate) fn for_each_above(x: &[f32], threshold: f32, found: impl FnMut(usize, f32) -> f32) {
    Above { x, threshold, found }.dispatch();
}

struct Add<'a> {
    x: &'a mut [f32],
    update: &'a [f32],
}

impl SimdOp for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let lanes = ops.len();
        let mut x = self.x.chunks_exact_mut(lanes);
        let mut update = self.update.chunks_exact(lanes);
        for (x, update) in x.by_ref().zip(update.by_ref()) {
            ops.store(ops.add(ops.load(x), ops.load(update)), x);
        }
        for (x, update) in x.into_remainder().iter_mut().zip(update.remainder()) {
            *x += update;
        }
    }
}

struct Above<'a, F> {
    x: &'a [f32],
    threshold: f32,
    found: F,
}

impl<F: FnMut(usize, f32) -> f32> SimdOp for Above<'_, F> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(mut self, isa: I) {
        const VECTORS: usize = 4;
        let ops = isa.f32();
        let block = ops.len() * VECTORS;
        for (index, chunk) in self.x.chunks(block).enumerate() {
            if chunk.len() == block {
                let [a, b, c, d] = ops.load_many::<VECTORS>(chunk);
                let most = ops.max(ops.max(a, b), ops.max(c, d));
                let most = ops.fold_splat(most, f32::NEG_INFINITY, f32::max);
                if !rten_simd::ops::MaskOps::any(isa.m32(), ops.gt(most, ops.splat(self.threshold))) {
                    continue;
                }
            }
            for (offset, &value) in chunk.iter().enumerate() {
                if value > self.threshold {
                    self.threshold = (self.found)(index * block + offset, value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layer_norm_is_that_of_the_formula() {
        let width = 37;
        let x: Vec<f32> = crate::random::uniform(1, width).collect();
        let update: Vec<f32> = crate::random::uniform(2, width).collect();
        let (scale, bias): (Vec<f32>, Vec<f32>) =
            (0..width).map(|i| (1.0 + i as f32, i as f32 / 7.0)).unzip();
        let mut y = x.clone();
        LayerNorm::new(scale.clone(), bias.clone()).add_and_normalise(&mut y, &update);
        let sum: Vec<f32> = x.iter().zip(&update).map(|(x, u)| x + u).collect();
        let mean = sum.iter().sum::<f32>() / width as f32;
        let variance = sum.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / width as f32;
        for i in 0..width {
            let expected = (sum[i] - mean) / (variance + EPSILON).sqrt() * scale[i] + bias[i];
            assert!((y[i] - expected).abs() < 1e-3, "{i}: {} instead of {expected}", y[i]);
        }
    }

    #[test]
    fn elements_above_a_rising_threshold_are_found() {
        let x: Vec<f32> = crate::random::uniform(3, 1003).collect();
        let mut most = f32::NEG_INFINITY;
        for_each_above(&x, most, |index, value| {
            assert!((value - x[index]).abs() < f32::EPSILON && value > most);
            most = value;
            most
        });
        assert!((most - x.iter().copied().fold(0.0, f32::max)).abs() < f32::EPSILON);
    }

    #[test]
    fn log_sum_exp_is_stable() {
        assert!((log_sum_exp(&[1000.0, 1000.0]) - (1000.0 + 2f32.ln())).abs() < 1e-3);
    }
}
