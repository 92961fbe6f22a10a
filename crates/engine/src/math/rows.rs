//! What a Transformer does to each row between its matrix products.

use super::simd::{LANES, exp, sum, vectorised};

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
            add_and_normalise(x, update, &self.scale, &self.bias);
        }
    }
}

vectorised! {
    fn add_and_normalise(x: &mut [f32], update: &[f32], scale: &[f32], bias: &[f32]) {
        for (x, update) in x.iter_mut().zip(update) {
            *x += update;
        }
        let width = x.len() as f32;
        let mean = reduce(x, |value| value) / width;
        let variance = reduce(x, |value| (value - mean) * (value - mean)) / width;
        let factor = 1.0 / (variance + EPSILON).sqrt();
        for ((x, scale), bias) in x.iter_mut().zip(scale).zip(bias) {
            *x = (*x - mean) * factor * scale + bias;
        }
    }

    /// The activation of Marian's feed-forward blocks, `x · sigmoid(x)`.
    pub(crate) fn silu(x: &mut [f32]) {
        for x in x {
            *x /= 1.0 + exp(-*x);
        }
    }

    /// Most of the absolute values.
    pub(crate) fn max_abs(x: &[f32]) -> f32 {
        let mut lanes = [0f32; LANES];
        let chunks = x.chunks_exact(LANES);
        let rest = chunks.remainder().iter().fold(0f32, |most, x| most.max(x.abs()));
        for chunk in chunks {
            for (lane, x) in lanes.iter_mut().zip(chunk) {
                *lane = if x.abs() > *lane { x.abs() } else { *lane };
            }
        }
        lanes.into_iter().fold(rest, f32::max)
    }
}

/// `x = eˣ / Σ eˣ`.
#[inline(always)]
pub(super) fn softmax(x: &mut [f32]) {
    let most = max(x);
    for x in x.iter_mut() {
        *x = exp(*x - most);
    }
    let factor = 1.0 / reduce(x, |value| value);
    for x in x {
        *x *= factor;
    }
}

/// `Σ f(x)`.
#[inline(always)]
fn reduce(x: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0f32; LANES];
    let chunks = x.chunks_exact(LANES);
    let rest: f32 = chunks.remainder().iter().map(|x| f(*x)).sum();
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane += f(*x);
        }
    }
    sum(lanes) + rest
}

/// The largest element; −∞ if there is none.
#[inline(always)]
pub(super) fn max(x: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let chunks = x.chunks_exact(LANES);
    let rest = chunks.remainder().iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = if *x > *lane { *x } else { *lane };
        }
    }
    lanes.into_iter().fold(rest, f32::max)
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
    fn silu_and_softmax_are_those_of_the_formula() {
        let x: Vec<f32> = crate::random::uniform(4, 53).map(|value| value * 20.0 - 10.0).collect();
        let (mut activated, mut shares) = (x.clone(), x.clone());
        silu(&mut activated);
        softmax(&mut shares);
        let total: f64 = x.iter().map(|x| f64::from(*x).exp()).sum();
        for i in 0..x.len() {
            let x = f64::from(x[i]);
            assert!((f64::from(activated[i]) - x / (1.0 + (-x).exp())).abs() < 1e-5);
            assert!((f64::from(shares[i]) - x.exp() / total).abs() < 1e-6);
        }
    }

    #[test]
    fn the_largest_absolute_value_is_found() {
        let x: Vec<f32> = (0..40).map(|i| if i == 17 { -9.0 } else { i as f32 / 10.0 }).collect();
        assert!((max_abs(&x) - 9.0).abs() < f32::EPSILON);
    }
}
