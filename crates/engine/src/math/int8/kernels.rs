//! The innermost loops of the product, one for each set of instructions, chosen at run time.
//!
//! This is the one place, beside [`super::super::simd`], where the compiler is told what it cannot know: that the
//! processor has the instructions that a function is compiled for.

use super::{GROUP, LINES, Sums, TILE_ROWS};

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
}

impl Kernel {
    /// The fastest that this processor has.
    pub(super) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vnni") {
                return Self::Avx512Vnni;
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("avxvnni") {
                return Self::AvxVnni;
            }
            if is_x86_feature_detected!("avx2") {
                return Self::Avx2;
            }
        }
        Self::Portable
    }

    /// All that this processor has.
    #[cfg(test)]
    pub(super) fn all() -> Vec<Self> {
        let mut all = vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            let has_avx2 = is_x86_feature_detected!("avx2");
            all.extend(has_avx2.then_some(Self::Avx2));
            all.extend((has_avx2 && is_x86_feature_detected!("avxvnni")).then_some(Self::AvxVnni));
            let has_avx512 = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vnni");
            all.extend(has_avx512.then_some(Self::Avx512Vnni));
        }
        all
    }

    /// Adds to `sums` the products of a tile of rows with a panel: as many rows as `sums` has, at most [`TILE_ROWS`],
    /// of as many groups as the panel.
    pub(super) fn multiply(self, tile: &[[u8; GROUP]], panel: &[Line], sums: &mut [Sums]) {
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

    fn multiply_rows<const ROWS: usize>(self, tile: &[[u8; GROUP]], panel: &[Line], sums: &mut [Sums]) {
        let groups = panel.len() / LINES;
        let rows: [&[[u8; GROUP]]; ROWS] = std::array::from_fn(|row| &tile[row * groups..][..groups]);
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
        }
    }
}

/// The rows of a tile.
type Rows<'a, const ROWS: usize> = [&'a [[u8; GROUP]]; ROWS];

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

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, __m512i, _mm_set1_epi32, _mm256_add_epi32, _mm256_castsi256_si128, _mm256_cvtepi8_epi16,
        _mm256_cvtepu8_epi16, _mm256_dpbusd_avx_epi32, _mm256_extracti128_si256, _mm256_hadd_epi32,
        _mm256_madd_epi16, _mm256_permute4x64_epi64, _mm256_set1_epi32, _mm256_setzero_si256,
        _mm512_dpbusd_epi32, _mm512_set1_epi32,
    };

    use super::{LINES, Line, Panel, Rows, Sums};

    /// Halves of a line, and of the sums that belong to it.
    const HALVES: usize = 2;

    #[target_feature(enable = "avx512f,avx512vnni")]
    pub(super) fn avx512_vnni<const ROWS: usize>(
        rows: Rows<'_, ROWS>,
        panel: &Panel,
        sums: &mut [Sums; ROWS],
    ) {
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

    /// The same bytes as another type.
    #[inline(always)]
    #[expect(unsafe_code, reason = "integers and registers of one size; all bytes are valid in both")]
    fn cast<From, To>(from: &From) -> To
    where
        From: Plain,
        To: Plain,
    {
        const { assert!(size_of::<From>() == size_of::<To>()) }
        unsafe { std::mem::transmute_copy(from) }
    }

    /// Numbers without invalid values.
    trait Plain {}
    impl Plain for Line {}
    impl Plain for __m256i {}
    impl Plain for __m512i {}
    impl Plain for i32 {}
    impl<T: Plain, const LEN: usize> Plain for [T; LEN] {}
}
