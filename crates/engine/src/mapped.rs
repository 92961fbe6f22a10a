//! A text made from another one, with the way back.

use std::ops::Range;

/// A text made of copied and replaced pieces of an older one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mapped {
    /// The new text.
    pub(crate) text: String,
    /// Length of the older text so far.
    old_len: usize,
    /// What was replaced, in order: places in the older and the new text.
    replaced: Vec<(Range<usize>, Range<usize>)>,
}

impl Mapped {
    /// A text that is what it was.
    pub(crate) fn of(text: &str) -> Self {
        Self { text: text.to_owned(), old_len: text.len(), replaced: Vec::new() }
    }

    /// Goes on with a piece that both have.
    pub(crate) fn copy(&mut self, piece: &str) {
        self.text.push_str(piece);
        self.old_len += piece.len();
    }

    /// Goes on with `new` in the place of `old_len` bytes.
    pub(crate) fn replace(&mut self, old_len: usize, new: &str) {
        let start = self.text.len();
        self.text.push_str(new);
        self.replaced.push((self.old_len..self.old_len + old_len, start..self.text.len()));
        self.old_len += old_len;
    }

    /// Where a range of the new text comes from; a part of a replaced piece counts as the whole.
    pub(crate) fn to_old(&self, range: &Range<usize>) -> Range<usize> {
        let sides = |(old, new): &(Range<usize>, Range<usize>)| (new.clone(), old.clone());
        moved(self.replaced.iter().map(sides), range)
    }

    /// Where a range of the older text went, likewise.
    pub(crate) fn to_new(&self, range: &Range<usize>) -> Range<usize> {
        moved(self.replaced.iter().cloned(), range)
    }
}

/// `range`, whose text was replaced in places `(from, to)`.
fn moved(replaced: impl Iterator<Item = (Range<usize>, Range<usize>)>, range: &Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (range.start, range.end);
    for (from, to) in replaced {
        if range.start >= from.end {
            start = range.start - from.end + to.end;
        } else if range.start >= from.start {
            start = to.start;
        }
        if range.end >= from.end {
            end = range.end - from.end + to.end;
        } else if range.end > from.start {
            end = to.end;
        }
    }
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_go_there_and_back() {
        let mut mapped = Mapped::default();
        mapped.copy("Wert ");
        mapped.replace(4, "X1");
        mapped.copy(" ist ");
        mapped.replace(2, "25");
        mapped.copy(".");
        assert_eq!(mapped.text, "Wert X1 ist 25.");
        for (new, old) in [(0..4, 0..4), (5..7, 5..9), (8..11, 10..13), (12..14, 14..16), (14..15, 16..17)] {
            assert_eq!(mapped.to_old(&new), old);
            assert_eq!(mapped.to_new(&old), new);
        }
    }
}
