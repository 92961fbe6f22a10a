//! The kernels for x86-64: rows are unsigned, as its instructions for products of bytes want one factor to be.

use std::arch::x86_64::{
    __m256i, __m512i, _mm_set1_epi32, _mm256_add_epi32, _mm256_castsi256_si128, _mm256_cvtepi8_epi16,
    _mm256_cvtepu8_epi16, _mm256_dpbusd_avx_epi32, _mm256_extracti128_si256, _mm256_hadd_epi32,
    _mm256_madd_epi16, _mm256_permute4x64_epi64, _mm256_set1_epi32, _mm256_setzero_si256,
    _mm512_dpbusd_epi32, _mm512_set1_epi32,
};

use super::registers::{Plain, cast};
use super::{LINES, Panel, Rows, Sums};

/// Halves of a line, and of the sums that belong to it.
const HALVES: usize = 2;

#[target_feature(enable = "avx512f,avx512vnni")]
pub(super) fn avx512_vnni<const ROWS: usize>(rows: Rows<'_, ROWS>, panel: &Panel, sums: &mut [Sums; ROWS]) {
    let mut totals: [[__m512i; LINES]; ROWS] = std::array::from_fn(|row| cast(&sums[row]));
    for (at, lines) in panel.iter().enumerate() {
        let lines: [__m512i; LINES] = cast(lines);
        for (row, totals) in rows.iter().zip(&mut totals) {
            let x = _mm512_set1_epi32(i32::from_ne_bytes(row[at]));
            for (total, line) in totals.iter_mut().zip(lines) {
                *total = _mm512_dpbusd_epi32(*total, x, line);
            }
        }
    }
    for (sums, totals) in sums.iter_mut().zip(&totals) {
        *sums = cast(totals);
    }
}

#[target_feature(enable = "avx2,avxvnni")]
pub(super) fn avx_vnni<const ROWS: usize>(rows: Rows<'_, ROWS>, panel: &Panel, sums: &mut [Sums; ROWS]) {
    // line by line, because 16 registers hold the sums of no more
    for line in 0..LINES {
        let mut totals = [[_mm256_setzero_si256(); HALVES]; ROWS];
        for (at, lines) in panel.iter().enumerate() {
            let halves: [__m256i; HALVES] = cast(&lines[line]);
            for (row, totals) in rows.iter().zip(&mut totals) {
                let x = _mm256_set1_epi32(i32::from_ne_bytes(row[at]));
                for (total, half) in totals.iter_mut().zip(halves) {
                    *total = _mm256_dpbusd_avx_epi32(*total, x, half);
                }
            }
        }
        for (sums, totals) in sums.iter_mut().zip(&totals) {
            add(sums, line * HALVES, totals);
        }
    }
}

#[target_feature(enable = "avx2")]
pub(super) fn avx2<const ROWS: usize>(rows: Rows<'_, ROWS>, panel: &Panel, sums: &mut [Sums; ROWS]) {
    for line in 0..LINES {
        for half in 0..HALVES {
            // of every channel two sums, side by side
            let mut totals = [[_mm256_setzero_si256(); 2]; ROWS];
            for (at, lines) in panel.iter().enumerate() {
                let halves: [__m256i; HALVES] = cast(&lines[line]);
                let weights = [
                    _mm256_cvtepi8_epi16(_mm256_castsi256_si128(halves[half])),
                    _mm256_cvtepi8_epi16(_mm256_extracti128_si256::<1>(halves[half])),
                ];
                for (row, totals) in rows.iter().zip(&mut totals) {
                    let x = _mm256_cvtepu8_epi16(_mm_set1_epi32(i32::from_ne_bytes(row[at])));
                    for (total, weights) in totals.iter_mut().zip(weights) {
                        *total = _mm256_add_epi32(*total, _mm256_madd_epi16(x, weights));
                    }
                }
            }
            for (sums, totals) in sums.iter_mut().zip(&totals) {
                let pairs = _mm256_hadd_epi32(totals[0], totals[1]);
                add(sums, line * HALVES + half, &[_mm256_permute4x64_epi64::<0b11_01_10_00>(pairs)]);
            }
        }
    }
}

/// Adds registers to the sums, beginning with the register's worth of number `first`.
#[inline]
#[target_feature(enable = "avx2")]
fn add(sums: &mut Sums, first: usize, totals: &[__m256i]) {
    const NARROW: usize = size_of::<__m256i>() / size_of::<i32>();
    for (sums, total) in sums.as_chunks_mut::<NARROW>().0[first..].iter_mut().zip(totals) {
        *sums = cast(&_mm256_add_epi32(cast(sums), *total));
    }
}

impl Plain for __m256i {}
impl Plain for __m512i {}
