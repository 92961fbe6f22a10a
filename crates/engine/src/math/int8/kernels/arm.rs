//! The kernels for 64-bit ARM: rows are signed, as the weights are.

use std::arch::{
    aarch64::{
        int8x16_t, int32x4_t, vaddq_s32, vcombine_s8, vcombine_s32, vcreate_s8, vdup_n_s32, vdupq_n_s32,
        vget_high_s8, vget_high_s32, vget_low_s8, vget_low_s32, vmull_s8, vpadalq_s16, vpaddq_s32,
        vreinterpret_s8_s32, vreinterpretq_s8_s32, vzip1q_s32, vzip2q_s32,
    },
    asm,
};

use super::registers::{Plain, cast};
use super::{LINE, LINES, Line, Panel, Rows, Sums, TILE_ROWS};

const _: () = assert!(cfg!(target_endian = "little"), "groups of four bytes are read as one number");

/// Registers of a line, and of the sums that belong to it.
const QUARTERS: usize = 4;

/// Registers of half a line.
const HALF: usize = QUARTERS / 2;

#[target_feature(enable = "neon")]
pub(super) fn neon<const ROWS: usize>(rows: Rows<'_, ROWS>, panel: &Panel, sums: &mut [Sums; ROWS]) {
    let rows = rows.map(|row| &row[..panel.len()]);
    for line in 0..LINES {
        for half in 0..2 {
            // of every channel two sums, side by side
            let mut totals = [[[vdupq_n_s32(0); 2]; HALF]; ROWS];
            for (at, lines) in panel.iter().enumerate() {
                let quarters: [int8x16_t; HALF] = cast(lines[line].half(half));
                for (row, totals) in rows.iter().zip(&mut totals) {
                    let x = vreinterpret_s8_s32(vdup_n_s32(cast(&row[at])));
                    for ([low, high], weights) in totals.iter_mut().zip(quarters) {
                        *low = vpadalq_s16(*low, vmull_s8(vget_low_s8(weights), x));
                        *high = vpadalq_s16(*high, vmull_s8(vget_high_s8(weights), x));
                    }
                }
            }
            for (sums, totals) in sums.iter_mut().zip(totals) {
                let totals = totals.map(|[low, high]| vpaddq_s32(low, high));
                add(sums, line * QUARTERS + half * HALF, &totals);
            }
        }
    }
}

#[target_feature(enable = "neon,dotprod")]
pub(super) fn dotprod<const ROWS: usize>(rows: Rows<'_, ROWS>, panel: &Panel, sums: &mut [Sums; ROWS]) {
    let rows = rows.map(|row| &row[..panel.len()]);
    // line by line, because 32 registers hold the sums of no more
    for line in 0..LINES {
        let mut totals = [[vdupq_n_s32(0); QUARTERS]; ROWS];
        for (at, lines) in panel.iter().enumerate() {
            let quarters: [int8x16_t; QUARTERS] = cast(&lines[line]);
            for (row, totals) in rows.iter().zip(&mut totals) {
                // a float, because that is loaded into the right register at once
                let x = f32::from_bits(cast(&row[at]));
                for (total, weights) in totals.iter_mut().zip(quarters) {
                    *total = dot(*total, weights, x);
                }
            }
        }
        for (sums, totals) in sums.iter_mut().zip(&totals) {
            add(sums, line * QUARTERS, totals);
        }
    }
}

#[target_feature(enable = "neon,dotprod,i8mm")]
pub(super) fn i8mm<const ROWS: usize>(rows: Rows<'_, ROWS>, panel: &Panel, sums: &mut [Sums; ROWS]) {
    if ROWS <= 2 {
        // to rearrange the weights would cost as much as it saves
        return dotprod(rows, panel, sums);
    }
    let (pairs, last) = panel.as_chunks::<2>();
    dotprod(rows.map(|row| &row[2 * pairs.len()..]), last, sums);
    let rows = rows.map(|row| &row.as_chunks::<2>().0[..pairs.len()]);
    // half a line at a time, because 32 registers hold the sums of a line, but hardly anything else
    for (line, half) in (0..LINES).flat_map(|line| [(line, 0), (line, 1)]) {
        // each of two rows, the last row being its own neighbour where there is none, and of two channels
        let mut totals = [[[vdupq_n_s32(0); 2]; HALF]; TILE_ROWS / 2];
        for (at, lines) in pairs.iter().enumerate() {
            let [first, second]: [[int32x4_t; HALF]; 2] =
                [0, 1].map(|group| cast(lines[group][line].half(half)));
            for (quarter, (first, second)) in first.into_iter().zip(second).enumerate() {
                let low = vreinterpretq_s8_s32(vzip1q_s32(first, second));
                let high = vreinterpretq_s8_s32(vzip2q_s32(first, second));
                for pair in 0..ROWS.div_ceil(2) {
                    let upper = vcreate_s8(cast(&rows[2 * pair][at]));
                    let lower = vcreate_s8(cast(&rows[(2 * pair + 1).min(ROWS - 1)][at]));
                    let x = vcombine_s8(upper, lower);
                    let totals = &mut totals[pair][quarter];
                    *totals = [matrix(totals[0], x, low), matrix(totals[1], x, high)];
                }
            }
        }
        for (row, sums) in sums.iter_mut().enumerate() {
            let totals = totals[row / 2].map(|[low, high]| match row % 2 {
                0 => vcombine_s32(vget_low_s32(low), vget_low_s32(high)),
                _ => vcombine_s32(vget_high_s32(low), vget_high_s32(high)),
            });
            add(sums, line * QUARTERS + half * HALF, &totals);
        }
    }
}

/// Adds to each of four sums the products of four weights with the bytes of `x`. The compiler's own name for it is not
/// stable.
#[inline]
#[target_feature(enable = "neon,dotprod")]
#[expect(unsafe_code, reason = "an instruction that only calculates, and that the caller may use")]
fn dot(mut total: int32x4_t, weights: int8x16_t, x: f32) -> int32x4_t {
    unsafe {
        asm!(
            "sdot {total:v}.4s, {weights:v}.16b, {x:v}.4b[0]",
            total = inout(vreg) total, weights = in(vreg) weights, x = in(vreg) x,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    total
}

/// Adds to four sums the products of eight bytes of each of two rows with eight bytes of each of two channels: first the
/// first row's. The compiler's own name for it is not stable.
#[inline]
#[target_feature(enable = "neon,i8mm")]
#[expect(unsafe_code, reason = "an instruction that only calculates, and that the caller may use")]
fn matrix(mut total: int32x4_t, rows: int8x16_t, channels: int8x16_t) -> int32x4_t {
    unsafe {
        asm!(
            "smmla {total:v}.4s, {rows:v}.16b, {channels:v}.16b",
            total = inout(vreg) total, rows = in(vreg) rows, channels = in(vreg) channels,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    total
}

impl Line {
    fn half(&self, number: usize) -> &[i8; LINE / 2] {
        &self.0.as_chunks().0[number]
    }
}

/// Adds registers to the sums, beginning with the register's worth of number `first`.
#[inline]
#[target_feature(enable = "neon")]
fn add(sums: &mut Sums, first: usize, totals: &[int32x4_t]) {
    const WIDTH: usize = size_of::<int32x4_t>() / size_of::<i32>();
    for (sums, total) in sums.as_chunks_mut::<WIDTH>().0[first..].iter_mut().zip(totals) {
        *sums = cast(&vaddq_s32(cast(sums), *total));
    }
}

impl Plain for int8x16_t {}
impl Plain for int32x4_t {}
