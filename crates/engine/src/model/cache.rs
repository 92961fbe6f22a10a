//! Keys and values of the decoder's self-attention.

/// Slots that hypotheses point to, one for each of their positions: hypotheses with a common beginning share its
/// slots, so that following another hypothesis copies a list of numbers and no keys or values.
pub(crate) struct Cache {
    layers: Vec<Vec<f32>>,
    /// Values in a slot of a layer.
    slot_len: usize,
    slots: u32,
    free: Vec<u32>,
}

impl Cache {
    pub(super) fn new(layers: usize, slot_len: usize) -> Self {
        Self { layers: vec![Vec::new(); layers], slot_len, slots: 0, free: Vec::new() }
    }

    /// A slot that no hypothesis points to.
    pub(crate) fn allocate(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.slots += 1;
            self.slots - 1
        })
    }

    /// Frees every slot that none of the histories names.
    pub(crate) fn keep<'a>(&mut self, histories: impl Iterator<Item = &'a [u32]>) {
        let mut used = vec![false; self.slots as usize];
        for slot in histories.flatten() {
            used[*slot as usize] = true;
        }
        self.free.clear();
        self.free.extend((0..self.slots).rev().filter(|slot| !used[*slot as usize]));
    }

    /// The slots of each layer, one after the other.
    pub(super) fn layers(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let len = self.slots as usize * self.slot_len;
        self.layers.iter_mut().map(move |layer| {
            if layer.len() < len {
                layer.resize(len, 0.0);
            }
            layer.as_mut_slice()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_nobody_points_to_are_used_again() {
        let mut cache = Cache::new(1, 4);
        let slots: Vec<u32> = (0..4).map(|_| cache.allocate()).collect();
        cache.keep([&slots[..2]].into_iter());
        let again = [cache.allocate(), cache.allocate()];
        assert!(again.iter().all(|slot| slots[2..].contains(slot)), "{again:?}");
        assert_eq!(cache.allocate(), 4);
        assert_eq!(cache.layers().next().unwrap().len(), 5 * 4);
    }
}
