//! Compiles a loop several times, for the instruction sets a processor may have, and picks one at run time.
//!
//! The loops themselves are plain Rust over lanes of [`LANES`] values, which the compiler turns into vector
//! instructions. None of them fuses a multiplication with an addition, so every instruction set gives the same
//! result to the last bit.

/// Values that are worked on side by side. Sums are kept in that many parts, whatever the width of a register is.
pub(super) const LANES: usize = 16;

/// Instruction sets beyond the one the program is compiled for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// What every processor of the target has.
    Baseline,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// The best that this processor has.
    #[inline]
    pub(super) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
            {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") {
                return Self::Avx2;
            }
        }
        Self::Baseline
    }
}

/// Defines functions whose bodies are compiled for each [`Level`].
macro_rules! vectorised {
    ($($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)? $body:block)*) => {$(
        $(#[$meta])*
        $vis fn $name($($arg: $type),*) $(-> $result)? {
            #[inline(always)]
            fn body($($arg: $type),*) $(-> $result)? $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2")]
            fn avx2($($arg: $type),*) $(-> $result)? {
                body($($arg),*)
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            fn avx512($($arg: $type),*) $(-> $result)? {
                body($($arg),*)
            }

            match $crate::math::simd::Level::detect() {
                #[cfg(target_arch = "x86_64")]
                #[expect(unsafe_code, reason = "`Level::detect` found these instructions on this processor")]
                $crate::math::simd::Level::Avx512 => unsafe { avx512($($arg),*) },
                #[cfg(target_arch = "x86_64")]
                #[expect(unsafe_code, reason = "`Level::detect` found these instructions on this processor")]
                $crate::math::simd::Level::Avx2 => unsafe { avx2($($arg),*) },
                $crate::math::simd::Level::Baseline => body($($arg),*),
            }
        }
    )*};
}
pub(super) use vectorised;

/// The sum of all lanes, always added in the same order.
#[inline(always)]
pub(super) fn sum(mut lanes: [f32; LANES]) -> f32 {
    let mut width = LANES;
    while width > 1 {
        width /= 2;
        for i in 0..width {
            lanes[i] += lanes[i + width];
        }
    }
    lanes[0]
}

/// Adding and subtracting it rounds a small float to an integer, ties to even: 1.5 · 2²³.
const ROUNDER: f32 = 12_582_912.0;

/// `x` rounded to an integer; |x| must be below 2²².
#[inline(always)]
pub(super) fn round(x: f32) -> i32 {
    (x + ROUNDER).to_bits().cast_signed().wrapping_sub(ROUNDER.to_bits().cast_signed())
}

/// `eˣ` to within some 2 units in the last place; what is too small becomes 0, what is too large some 10³⁸.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    // Minimax polynomial for eʳ on |r| ≤ ln 2 / 2 (S. Moshier, Cephes, expf).
    const P: [f32; 6] = [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];
    let clamped = x.clamp(-87.3, 88.0);
    let n = round(clamped * std::f32::consts::LOG2_E);
    let r = clamped - n as f32 * LN2_HIGH - n as f32 * LN2_LOW;
    let polynomial = ((((P[0] * r + P[1]) * r + P[2]) * r + P[3]) * r + P[4]) * r + P[5];
    let value = (polynomial * r * r + r + 1.0) * f32::from_bits(((n + 127) << 23).cast_unsigned());
    if x < -87.3 { 0.0 } else { value }
}

/// `eˣ` for `x` up to 0, to within 10⁻⁵ of it, in half the instructions of [`exp`]; what is too small becomes some
/// 10⁻³⁸.
#[inline(always)]
pub(super) fn exp_roughly(x: f32) -> f32 {
    // 2ᶠ on |f| ≤ ½: least largest relative error among polynomials that are 1 at 0
    const P: [f32; 4] = [9.582_853e-3, 5.590_642_6e-2, 0.240_240_99, 0.693_124_2];
    let exponent = x.max(-86.0) * std::f32::consts::LOG2_E;
    let rounded = exponent + ROUNDER;
    let f = exponent - (rounded - ROUNDER);
    let power = (((P[0] * f + P[1]) * f + P[2]) * f + P[3]) * f + 1.0;
    // the lowest bits of `rounded` are the integer; those above it are shifted out
    f32::from_bits(power.to_bits().wrapping_add(rounded.to_bits() << 23))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_exact_enough() {
        for i in -8700..=8700 {
            let x = i as f32 / 100.0;
            let expected = f64::from(x).exp();
            let error = ((f64::from(exp(x)) - expected) / expected).abs();
            assert!(error < 3e-7, "exp({x}): {error:e}");
        }
        assert!(exp(f32::NEG_INFINITY).abs() < f32::MIN_POSITIVE);
    }

    #[test]
    fn a_rough_exp_is_exact_enough_to_add_up() {
        for i in 0..=8600 {
            let x = -(i as f32) / 100.0;
            let expected = f64::from(x).exp();
            let error = ((f64::from(exp_roughly(x)) - expected) / expected).abs();
            assert!(error < 1e-5, "exp({x}): {error:e}");
        }
        assert!(exp_roughly(f32::NEG_INFINITY) < 1e-37);
    }

    #[test]
    fn rounding_goes_to_the_nearest_and_ties_to_even() {
        for (x, expected) in [(0.5, 0), (1.5, 2), (-0.5, 0), (-1.5, -2), (126.6, 127), (-127.0, -127)] {
            assert_eq!(round(x), expected, "{x}");
        }
    }
}
