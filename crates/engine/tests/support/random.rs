//! Numbers that look random and are the same on every machine and in every language: the fixtures' models are made of
//! them, here and in `tests/fixtures/make.py`.

/// `len` numbers in `[0, 1)`: the top 24 bits of `SplitMix64` (Steele, Lea and Flood, 2014) over a counter.
pub(crate) fn uniform(seed: u64, len: usize) -> impl Iterator<Item = f32> {
    (0..len as u64).map(move |at| {
        let mut z = (seed << 40).wrapping_add(at + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 40) as f32 / (1u32 << 24) as f32
    })
}
