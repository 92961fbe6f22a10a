//! The innermost loops of the product, one for each set of instructions, chosen at run time.
//!
//! This is the one place, beside [`super::super::simd`], where the compiler is told what it cannot know: that the
//! processor has the instructions that a function is compiled for.

#[cfg(target_arch = "aarch64")]
mod arm;
#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
mod registers;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(target_arch = "aarch64")]
use std::arch::is_aarch64_feature_detected;

use super::{GROUP, Group, LINES, Sums, TILE_ROWS};

/// Bytes of a line of the cache, and of the widest register.
pub(super) const LINE: usize = 64;

/// The weights of a group of inputs for 16 channels.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Line(pub(super) [i8; LINE]);

impl Line {
    pub(super) const ZERO: Self = Self([0; LINE]);
}

/// A way to calculate the sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kernel {
    /// Plain Rust, for every processor.
    Portable,
    /// Products of 16-bit numbers, two at a time.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Products of bytes, four at a time, in registers of 256 bits.
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    /// Products of bytes, four at a time, in registers of 512 bits.
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni,
    /// Products of bytes in 16 bits, for every 64-bit ARM.
    #[cfg(target_arch = "aarch64")]
    Neon,
    /// Products of bytes, four at a time.
    #[cfg(target_arch = "aarch64")]
    Dotprod,
    /// Products of two rows with two channels, eight bytes at a time.
    #[cfg(target_arch = "aarch64")]
    I8mm,
}

impl Kernel {
    /// The fastest that this processor has.
    pub(super) fn detect() -> Self {
        Self::fastest_first().next().unwrap_or(Self::Portable)
    }

    /// All that this processor has.
    #[cfg(test)]
    pub(super) fn all() -> Vec<Self> {
        Self::fastest_first().chain([Self::Portable]).collect()
    }

    /// Those that this processor has instructions for, beside the portable one.
    #[inline]
    fn fastest_first() -> impl Iterator<Item = Self> {
        #[cfg(target_arch = "x86_64")]
        let known = {
            let has_avx2 = is_x86_feature_detected!("avx2");
            let has_avx512 = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vnni");
            [
                has_avx512.then_some(Self::Avx512Vnni),
                (has_avx2 && is_x86_feature_detected!("avxvnni")).then_some(Self::AvxVnni),
                has_avx2.then_some(Self::Avx2),
            ]
        };
        #[cfg(target_arch = "aarch64")]
        let known = {
            let has_dotprod = is_aarch64_feature_detected!("dotprod");
            [
                (has_dotprod && is_aarch64_feature_detected!("i8mm")).then_some(Self::I8mm),
                has_dotprod.then_some(Self::Dotprod),
                Some(Self::Neon),
            ]
        };
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        let known: [Option<Self>; 0] = [];
        known.into_iter().flatten()
    }

    /// Adds to `sums` the products of a tile of rows with a panel: as many rows as `sums` has, at most [`TILE_ROWS`],
    /// of as many groups as the panel.
    pub(super) fn multiply(self, tile: &[Group], panel: &[Line], sums: &mut [Sums]) {
        assert_eq!(tile.len() * LINES, panel.len() * sums.len(), "the rows are as long as the panel");
        match sums.len() {
            1 => self.multiply_rows::<1>(tile, panel, sums),
            2 => self.multiply_rows::<2>(tile, panel, sums),
            3 => self.multiply_rows::<3>(tile, panel, sums),
            4 => self.multiply_rows::<4>(tile, panel, sums),
            5 => self.multiply_rows::<5>(tile, panel, sums),
            TILE_ROWS => self.multiply_rows::<TILE_ROWS>(tile, panel, sums),
            rows => unreachable!("a tile has {rows} rows"),
        }
    }

    fn multiply_rows<const ROWS: usize>(self, tile: &[Group], panel: &[Line], sums: &mut [Sums]) {
        let groups = panel.len() / LINES;
        let rows: [&[Group]; ROWS] = std::array::from_fn(|row| &tile[row * groups..][..groups]);
        let panel = panel.as_chunks().0;
        let sums = sums.try_into().expect("there are as many sums as rows");
        match self {
            Self::Portable => portable(rows, panel, sums),
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "`detect` found these instructions on this processor")]
            Self::Avx2 => unsafe { x86::avx2(rows, panel, sums) },
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "`detect` found these instructions on this processor")]
            Self::AvxVnni => unsafe { x86::avx_vnni(rows, panel, sums) },
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "`detect` found these instructions on this processor")]
            Self::Avx512Vnni => unsafe { x86::avx512_vnni(rows, panel, sums) },
            #[cfg(target_arch = "aarch64")]
            #[expect(unsafe_code, reason = "every 64-bit ARM has these instructions")]
            Self::Neon => unsafe { arm::neon(rows, panel, sums) },
            #[cfg(target_arch = "aarch64")]
            #[expect(unsafe_code, reason = "`detect` found these instructions on this processor")]
            Self::Dotprod => unsafe { arm::dotprod(rows, panel, sums) },
            #[cfg(target_arch = "aarch64")]
            #[expect(unsafe_code, reason = "`detect` found these instructions on this processor")]
            Self::I8mm => unsafe { arm::i8mm(rows, panel, sums) },
        }
    }
}

/// The rows of a tile.
type Rows<'a, const ROWS: usize> = [&'a [Group]; ROWS];

/// The weights of a panel, a group of inputs after the other.
type Panel = [[Line; LINES]];

fn portable<const ROWS: usize>(rows: Rows<'_, ROWS>, panel: &Panel, sums: &mut [Sums; ROWS]) {
    for (row, sums) in rows.into_iter().zip(sums) {
        for (x, lines) in row.iter().zip(panel) {
            let x = x.map(i32::from);
            let weights = lines.iter().flat_map(|line| line.0.as_chunks::<GROUP>().0);
            for (sum, weights) in sums.iter_mut().zip(weights) {
                for (x, weight) in x.iter().zip(weights) {
                    *sum += x * i32::from(*weight);
                }
            }
        }
    }
}
