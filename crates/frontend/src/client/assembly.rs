//! Puts a translation together: the source with every sentence's span replaced, all between kept.

use api::Span;

use super::ClientError;
use crate::alignment::Alignment;

/// A translation under way.
#[derive(Debug)]
pub(crate) struct Assembly<'a> {
    source: &'a str,
    /// The translation up to the last sentence.
    target: String,
    alignment: Alignment,
    /// How many bytes of the source that covers.
    covered: usize,
}

impl<'a> Assembly<'a> {
    pub(crate) fn of(source: &'a str) -> Self {
        Self { source, target: String::new(), alignment: Alignment::default(), covered: 0 }
    }

    /// Replaces the next sentence. Spans come in the order of the source and lie within it.
    pub(crate) fn replace(&mut self, span: Span, translation: &str) -> Result<(), ClientError> {
        let between = self.source.get(self.covered..span.start);
        let (Some(between), Some(_)) = (between, self.source.get(span.start..span.end)) else {
            return Err(ClientError::broken("a sentence lies where none can be"));
        };
        self.target.push_str(between);
        self.target.push_str(translation);
        self.alignment.push(between.len(), span.end - span.start, translation.len());
        self.covered = span.end;
        Ok(())
    }

    /// The whole translation, and which sentence belongs to which.
    pub(crate) fn whole(mut self) -> (String, Alignment) {
        let rest = &self.source[self.covered..];
        self.target.push_str(rest);
        self.alignment.end(rest.len());
        (self.target, self.alignment)
    }

    /// What is translated so far, if anything.
    pub(super) fn partial(self) -> Option<String> {
        (!self.target.is_empty()).then_some(self.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_between_sentences_is_kept() {
        let mut assembly = Assembly::of("\n Eins.  Zwei.\n\n");
        assembly.replace(Span { start: 2, end: 7 }, "One.").unwrap();
        assembly.replace(Span { start: 9, end: 14 }, "Two.").unwrap();
        let (text, alignment) = assembly.whole();
        assert_eq!((text.as_str(), alignment.as_str()), ("\n One.  Two.\n\n", "2,5,4;2,5,4;2,0,0;"));
    }

    #[test]
    fn what_is_done_so_far_ends_with_the_last_sentence() {
        assert_eq!(Assembly::of("Eins.").partial(), None);
        let mut assembly = Assembly::of("Eins. Zwei.");
        assembly.replace(Span { start: 0, end: 5 }, "One.").unwrap();
        assert_eq!(assembly.partial().as_deref(), Some("One."));
    }

    #[test]
    fn spans_that_cannot_be_are_errors() {
        for (start, end) in [(0, 2), (3, 99), (5, 4), (1, 3)] {
            let mut assembly = Assembly::of("aü bc de");
            assembly.replace(Span { start: 0, end: 1 }, "a").unwrap();
            let result = assembly.replace(Span { start, end }, "x");
            assert_eq!(result.is_err(), (start, end) != (1, 3), "{start}..{end}");
        }
    }
}
