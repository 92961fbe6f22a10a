//! From sentences back to texts: for translators that take one long text and give its sentences.

use std::ops::Range;

use crate::{Link, Translated};

/// What stands between two texts. No sentence runs across it.
const BETWEEN: &str = "\n\n";

/// The texts of a document as one text, and the translations of its sentences put together again.
///
/// ```
/// let mut assembly = markup::Assembly::new(["Ja. Nein.", "12"].into_iter());
/// assert_eq!(assembly.text(), "Ja. Nein.\n\n12");
/// assembly.push(0..3, "Yes.", &[]);
/// assembly.push(4..9, "No.", &[]);
/// let texts: Vec<_> = assembly.finish().into_iter().map(|translated| translated.text).collect();
/// assert_eq!(texts, ["Yes. No.", "12"]);
/// ```
#[derive(Debug)]
pub struct Assembly {
    text: String,
    /// Where each of the texts is in `text`.
    ranges: Vec<Range<usize>>,
    done: Vec<Translated>,
    /// The translation of the text that is not done.
    current: Translated,
    /// How far `text` is taken up.
    copied: usize,
}

impl Assembly {
    /// Of these texts.
    pub fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let (mut text, mut ranges) = (String::new(), Vec::new());
        for next in texts {
            if !ranges.is_empty() {
                text.push_str(BETWEEN);
            }
            ranges.push(text.len()..text.len() + next.len());
            text.push_str(next);
        }
        Self { text, ranges, done: Vec::new(), current: Translated::default(), copied: 0 }
    }

    /// All texts as one.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes up the translation of a sentence, which is at `source` in the whole text and after those before it. The
    /// links are those of the sentence alone.
    pub fn push(&mut self, source: Range<usize>, translation: &str, links: &[Link]) {
        while self.ranges.get(self.done.len()).is_some_and(|range| range.end <= source.start) {
            self.end_text();
        }
        let Some(range) = self.ranges.get(self.done.len()) else { return };
        let (start, at) = (range.start, source.start.max(self.copied));
        self.current.text.push_str(&self.text[self.copied..at]);
        let written = self.current.text.len();
        let shifted = |range: &Range<usize>, by: usize| range.start + by..range.end + by;
        self.current.alignment.extend(links.iter().map(|link| Link {
            source: shifted(&link.source, source.start.saturating_sub(start)),
            target: shifted(&link.target, written),
        }));
        self.current.text.push_str(translation);
        self.copied = source.end;
    }

    /// What is between and after the sentences stays as it is.
    fn end_text(&mut self) {
        let number = self.done.len();
        let end = self.ranges[number].end;
        self.current.text.push_str(&self.text[self.copied.min(end)..end]);
        self.done.push(std::mem::take(&mut self.current));
        self.copied = self.ranges.get(number + 1).map_or(end, |next| next.start);
    }

    /// The translations, one for each text.
    pub fn finish(mut self) -> Vec<Translated> {
        while self.done.len() < self.ranges.len() {
            self.end_text();
        }
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::Assembly;
    use crate::Link;

    #[test]
    fn links_are_counted_from_the_start_of_their_text() {
        let mut assembly = Assembly::new(["", "Ah, so. Ja!", "–"].into_iter());
        assembly.push(2..9, "I see.", &[Link { source: 4..6, target: 2..5 }]);
        assembly.push(10..13, "Yes!", &[Link { source: 0..2, target: 0..3 }]);
        let done = assembly.finish();
        assert_eq!(done.iter().map(|text| text.text.as_str()).collect::<Vec<_>>(), ["", "I see. Yes!", "–"]);
        let links = [Link { source: 4..6, target: 2..5 }, Link { source: 8..10, target: 7..10 }];
        assert_eq!(done[1].alignment, links);
    }
}
