//! Which word of a sentence became which of its translation, by which tags are placed in translated documents. As text,
//! so that the links of a whole document are those of its pieces one after the other.

use std::fmt::Write as _;

use api::{Link, Span};

/// For each sentence `FROM,TO,FROM,TO FROM,TO,FROM,TO;`: byte ranges in the sentence and in its translation for each
/// pair of words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links(String);

impl Links {
    /// Of one sentence.
    pub(crate) fn of(links: &[Link]) -> Self {
        let mut text = String::new();
        for (index, Link { source, target }) in links.iter().enumerate() {
            let blank = if index > 0 { " " } else { "" };
            write!(text, "{blank}{},{},{},{}", source.start, source.end, target.start, target.end)
                .expect("a string takes everything");
        }
        text.push(';');
        Self(text)
    }

    /// Adds those of the next sentences.
    pub(crate) fn push(&mut self, next: &Self) {
        self.0.push_str(&next.0);
    }

    /// As they are stored.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The pairs of words of each sentence; leaves out what is none.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = Vec<Link>> + '_ {
        self.0.split_terminator(';').map(|sentence| sentence.split(' ').filter_map(link).collect())
    }
}

fn link(text: &str) -> Option<Link> {
    let mut numbers = text.split(',').map(|number| number.parse().ok());
    let mut span = || Some(Span { start: numbers.next()??, end: numbers.next()?? });
    Some(Link { source: span()?, target: span()? })
}

impl From<String> for Links {
    /// Some that were stored.
    fn from(stored: String) -> Self {
        Self(stored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_links_of_sentences_come_back_in_their_order() {
        let link = |source: (usize, usize), target: (usize, usize)| Link {
            source: Span { start: source.0, end: source.1 },
            target: Span { start: target.0, end: target.1 },
        };
        let sentences =
            [vec![link((0, 3), (4, 9)), link((4, 8), (0, 3))], vec![], vec![link((0, 2), (0, 3))]];
        let mut links = Links::default();
        for sentence in &sentences {
            links.push(&Links::of(sentence));
        }
        assert_eq!(links.as_str(), "0,3,4,9 4,8,0,3;;0,2,0,3;");
        assert_eq!(links.sentences().collect::<Vec<_>>(), sentences);
        assert_eq!(
            Links::from("0,1;x 1,2,3,4;".to_owned()).sentences().map(|links| links.len()).sum::<usize>(),
            1
        );
    }
}
