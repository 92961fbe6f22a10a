//! The map by which a tokeniser normalises characters, checked before it is used: the crate that walks through it
//! trusts it, and would panic or fill the memory where it is corrupt.
//!
//! Its form is that of `sentencepiece`: the length of a trie in bytes, the trie as a double array of units of 32 bits
//! (<https://github.com/s-yata/darts-clone>), and the texts that its values point to.

use spm_precompiled::Precompiled;

/// Units of the trie that belong together: a step from one of them leads to a place within such a block.
const BLOCK: usize = 256;

/// The map, or what is wrong with it.
pub(super) fn read(map: &[u8]) -> Result<Precompiled, &'static str> {
    let (length, rest) = map.split_first_chunk().ok_or("it has no trie")?;
    let length = u32::from_le_bytes(*length) as usize;
    let (trie, texts) = rest.split_at_checked(length).ok_or("its trie is cut off")?;
    let (units, left) = trie.as_chunks::<4>();
    let units: Vec<usize> = units.iter().map(|unit| u32::from_le_bytes(*unit) as usize).collect();
    if units.is_empty() || !left.is_empty() {
        return Err("its trie is not made of whole units");
    }
    let texts = str::from_utf8(texts).map_err(|_| "its texts are not UTF-8")?;
    if units.iter().enumerate().any(|(place, unit)| !is_sound(&units, place, *unit, texts)) {
        return Err("its trie points out of itself");
    }
    Precompiled::from(map).map_err(|_| "it cannot be read")
}

/// Whether the steps from a unit end within the trie, and its value, if it has one, at a text.
fn is_sound(units: &[usize], place: usize, unit: usize, texts: &str) -> bool {
    let is_value = place > 0 && unit >> 31 == 1;
    if is_value {
        return true;
    }
    let offset = (unit >> 10) << ((unit & (1 << 9)) >> 6);
    let next = place ^ offset;
    let has_value = (unit >> 8) & 1 == 1;
    (next | (BLOCK - 1)) < units.len() && (!has_value || texts.is_char_boundary(units[next] & 0x7FFF_FFFF))
}

#[cfg(test)]
mod tests {
    use super::read;

    /// Makes `ß` to `ss`.
    fn map() -> Vec<u8> {
        let mut units = [0u32; 256];
        units[0xC3] = 0xC3 | 0x10 << 10;
        units[0xC3 ^ 0x10 ^ 0x9F] = 0x9F | 1 << 8 | 0x20 << 10;
        units[0xC3 ^ 0x10 ^ 0x9F ^ 0x20] = 1 << 31;
        let bytes = units.iter().flat_map(|unit| unit.to_le_bytes());
        1024u32.to_le_bytes().into_iter().chain(bytes).chain(*b"ss\0").collect()
    }

    fn fault(change: impl FnOnce(&mut Vec<u8>)) -> &'static str {
        let mut map = map();
        change(&mut map);
        read(&map).expect_err("it is spoilt")
    }

    #[test]
    fn a_sound_map_is_used() {
        assert_eq!(read(&map()).unwrap().normalize_string("Straße"), "Strasse");
    }

    #[test]
    fn a_corrupt_map_is_refused() {
        assert_eq!(fault(|map| map.truncate(3)), "it has no trie");
        assert_eq!(fault(|map| map[3] = 0xFF), "its trie is cut off");
        assert_eq!(fault(|map| map[..4].fill(0)), "its trie is not made of whole units");
        assert_eq!(fault(|map| map[4 + 1024] = 0xFF), "its texts are not UTF-8");
        // The root's step leads to the next block, of which there is none.
        assert_eq!(fault(|map| map[4 + 2] = 4), "its trie points out of itself");
        // The value is beyond the texts.
        let value = 4 + 4 * (0xC3 ^ 0x10 ^ 0x9F ^ 0x20);
        assert_eq!(fault(|map| map[value] = 4), "its trie points out of itself");
    }
}
