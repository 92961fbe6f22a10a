//! What the decoder attends to while it translates a sentence.

use crate::math::attention::Memory;

/// A sentence that went through the encoder, with the keys and values of all its hypotheses so far.
///
/// Those lie in slots, one for each position of a hypothesis; hypotheses with a common beginning share its slots, so that
/// following another hypothesis copies a list of numbers and no keys or values.
pub(crate) struct Sentence {
    pub(super) layers: Vec<Memories>,
    /// Tokens of the source.
    pub(super) len: usize,
    slots: u32,
    free: Vec<u32>,
}

/// What a layer of the decoder attends to.
pub(super) struct Memories {
    /// The encoder's result, a slot for each token.
    pub(super) source: Memory,
    /// The hypotheses.
    pub(super) target: Memory,
}

impl Sentence {
    pub(super) fn new(layers: Vec<Memories>, len: usize) -> Self {
        Self { layers, len, slots: 0, free: Vec::new() }
    }

    /// A slot that no hypothesis points to.
    pub(crate) fn allocate(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.slots += 1;
            self.slots - 1
        })
    }

    /// Frees every slot that none of the hypotheses' histories names.
    pub(crate) fn keep<'a>(&mut self, histories: impl Iterator<Item = &'a [u32]>) {
        let mut used = vec![false; self.slots as usize];
        for slot in histories.flatten() {
            used[*slot as usize] = true;
        }
        self.free.clear();
        self.free.extend((0..self.slots).rev().filter(|slot| !used[*slot as usize]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_nobody_points_to_are_used_again() {
        let mut sentence = Sentence::new(Vec::new(), 1);
        let slots: Vec<u32> = (0..4).map(|_| sentence.allocate()).collect();
        sentence.keep([&slots[..2]].into_iter());
        let again = [sentence.allocate(), sentence.allocate()];
        assert!(again.iter().all(|slot| slots[2..].contains(slot)), "{again:?}");
        assert_eq!(sentence.allocate(), 4);
    }
}
