//! Which sentence of a translation belongs to which of its source: a list of lengths, so that the list of a whole
//! text is that of its pieces one after the other.

use std::fmt::Write as _;

/// For each sentence `GAP,SOURCE,TARGET;` in bytes: what lies between it and the one before, which is the same in
/// both texts, then the sentence and its translation. What follows the last sentence is a gap with an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment(String);

/// One sentence, and what lies before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Bytes since the sentence before.
    pub(crate) gap: usize,
    /// Bytes of the sentence.
    pub(crate) source: usize,
    /// Bytes of its translation.
    pub(crate) target: usize,
}

impl Alignment {
    /// Adds a sentence.
    pub(crate) fn push(&mut self, gap: usize, source: usize, target: usize) {
        write!(self.0, "{gap},{source},{target};").expect("a string takes everything");
    }

    /// Adds what follows the last sentence.
    pub(crate) fn end(&mut self, gap: usize) {
        if gap > 0 {
            self.push(gap, 0, 0);
        }
    }

    /// As it is stored.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Every sentence in order; ends early at what is no alignment.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        self.0.split_terminator(';').map_while(|entry| {
            let mut numbers = entry.split(',').map(|number| number.parse().ok());
            Some(Entry { gap: numbers.next()??, source: numbers.next()??, target: numbers.next()?? })
        })
    }

    /// Every sentence with its translation; `None` if it does not fit the texts.
    pub(crate) fn sentences<'t>(&self, source: &'t str, target: &'t str) -> Option<Vec<(&'t str, &'t str)>> {
        let (mut at_source, mut at_target) = (0, 0);
        let mut pairs = Vec::new();
        for Entry { gap, source: length, target: translated } in self.entries() {
            at_source += gap;
            at_target += gap;
            let pair =
                (source.get(at_source..at_source + length)?, target.get(at_target..at_target + translated)?);
            if length > 0 {
                pairs.push(pair);
            }
            at_source += length;
            at_target += translated;
        }
        Some(pairs)
    }

    /// The same in UTF-16 code units, by which browsers count; `None` if it does not fit the texts.
    pub(crate) fn in_utf16(&self, source: &str, target: &str) -> Option<Vec<[usize; 3]>> {
        let (mut at_source, mut at_target) = (0, 0);
        let units = |text: &str| text.encode_utf16().count();
        let entries = self.entries().map(|entry| {
            let gap = source.get(at_source..at_source + entry.gap)?;
            at_source += entry.gap;
            at_target += entry.gap;
            let sentence = source.get(at_source..at_source + entry.source)?;
            let translation = target.get(at_target..at_target + entry.target)?;
            at_source += entry.source;
            at_target += entry.target;
            Some([units(gap), units(sentence), units(translation)])
        });
        entries.collect()
    }
}

impl From<String> for Alignment {
    /// One that was stored.
    fn from(stored: String) -> Self {
        Self(stored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alignment(entries: &[[usize; 3]], rest: usize) -> Alignment {
        let mut alignment = Alignment::default();
        for &[gap, source, target] in entries {
            alignment.push(gap, source, target);
        }
        alignment.end(rest);
        alignment
    }

    #[test]
    fn the_alignment_of_a_text_is_that_of_its_pieces_together() {
        let (first, second) = (alignment(&[[0, 5, 4]], 2), alignment(&[[1, 3, 3]], 0));
        let whole = Alignment::from(format!("{}{}", first.as_str(), second.as_str()));
        let entries: Vec<_> = whole.entries().map(|entry| [entry.gap, entry.source, entry.target]).collect();
        assert_eq!(entries, [[0, 5, 4], [2, 0, 0], [1, 3, 3]]);
    }

    #[test]
    fn browsers_get_utf16_units() {
        let alignment = alignment(&[[0, "Grüße 🦔".len(), "Hi 🦔".len()], [1, 3, 2]], 1);
        let units = alignment.in_utf16("Grüße 🦔\tÜb\n", "Hi 🦔\tOk\n").unwrap();
        assert_eq!(units, [[0, 8, 5], [1, 2, 2], [1, 0, 0]]);
        assert_eq!(alignment.in_utf16("Grüße", "Hi"), None);
        let pairs = alignment.sentences("Grüße 🦔\tÜb\n", "Hi 🦔\tOk\n").unwrap();
        assert_eq!(pairs, [("Grüße 🦔", "Hi 🦔"), ("Üb", "Ok")]);
        assert_eq!(alignment.sentences("Grüße", "Hi"), None);
    }
}
