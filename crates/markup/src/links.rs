//! From the engine's word alignment to links between tokens, with the gaps filled where that is safe.

use std::collections::HashMap;
use std::ops::Range;

use crate::Link;
use crate::tokens::Token;

/// A text and its tokens.
pub(crate) struct Side<'t> {
    pub(crate) text: &'t str,
    pub(crate) tokens: Vec<Token>,
}

impl Side<'_> {
    fn overlapping(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.tokens.partition_point(|token| token.range.end <= range.start);
        let end = self.tokens.partition_point(|token| token.range.start < range.end);
        start..end.max(start)
    }

    fn string(&self, token: usize) -> &str {
        &self.text[self.tokens[token].range.clone()]
    }

    /// Whether nothing is between a token and the next.
    pub(crate) fn touches_next(&self, token: usize) -> bool {
        self.tokens.get(token + 1).is_some_and(|next| next.range.start == self.tokens[token].range.end)
    }
}

/// The target tokens of each source token, each list in order.
pub(crate) struct Images(Vec<Vec<usize>>);

impl Images {
    /// The target tokens of a source token.
    pub(crate) fn of(&self, source: usize) -> &[usize] {
        self.0.get(source).map_or(&[], Vec::as_slice)
    }
}

struct Connector<'t> {
    source: &'t Side<'t>,
    target: &'t Side<'t>,
    images: Vec<Vec<usize>>,
    linked: Vec<bool>,
}

/// Links the tokens of `source` with those of `target`. Alignments are often incomplete: equal words, punctuation
/// that follows linked words, and runs of unlinked words between linked ones are linked too. Without any alignment,
/// that makes a diagonal.
pub(crate) fn connect(source: &Side<'_>, target: &Side<'_>, links: &[Link]) -> Images {
    let images = vec![Vec::new(); source.tokens.len()];
    let linked = vec![false; target.tokens.len()];
    let mut connector = Connector { source, target, images, linked };
    for link in links {
        connector.link(link);
    }
    connector.link_equal_words();
    connector.link_punctuation();
    connector.fill_gaps();
    for image in &mut connector.images {
        image.sort_unstable();
        image.dedup();
    }
    Images(connector.images)
}

impl Connector<'_> {
    fn join(&mut self, source: usize, target: usize) {
        self.images[source].push(target);
        self.linked[target] = true;
    }

    /// Words are linked with words and signs with signs, unless one side has only the one or the other.
    fn link(&mut self, link: &Link) {
        let of = |side: &Side<'_>, range: &Range<usize>, word: bool| -> Vec<usize> {
            side.overlapping(range).filter(|&token| side.tokens[token].word == word).collect()
        };
        let (source, target) = (self.source, self.target);
        let words = (of(source, &link.source, true), of(target, &link.target, true));
        let signs = (of(source, &link.source, false), of(target, &link.target, false));
        if words.0.is_empty() != words.1.is_empty() {
            let all = |side: &Side<'_>, range| side.overlapping(range).collect::<Vec<_>>();
            self.diagonal(&all(source, &link.source), &all(target, &link.target));
            return;
        }
        self.diagonal(&words.0, &words.1);
        self.diagonal(&signs.0, &signs.1);
    }

    fn diagonal(&mut self, source: &[usize], target: &[usize]) {
        if source.is_empty() || target.is_empty() {
            return;
        }
        let steps = source.len().max(target.len());
        for step in 0..steps {
            self.join(source[step * source.len() / steps], target[step * target.len() / steps]);
        }
    }

    /// Names, numbers and placeholders that appear once on each side.
    fn link_equal_words(&mut self) {
        let mut seen: HashMap<&str, (Vec<usize>, Vec<usize>)> = HashMap::new();
        let (source, target) = (self.source, self.target);
        for token in (0..source.tokens.len()).filter(|&token| self.images[token].is_empty()) {
            seen.entry(source.string(token)).or_default().0.push(token);
        }
        for token in (0..target.tokens.len()).filter(|&token| !self.linked[token]) {
            if let Some(entry) = seen.get_mut(target.string(token)) {
                entry.1.push(token);
            }
        }
        for (source, target) in seen.values() {
            if let ([source], [target]) = (source.as_slice(), target.as_slice()) {
                self.join(*source, *target);
            }
        }
    }

    /// A sign right after a word goes with a sign right after the word's counterpart.
    fn link_punctuation(&mut self) {
        for sign in 1..self.source.tokens.len() {
            let unlinked = self.images[sign].is_empty() && !self.source.tokens[sign].word;
            if !unlinked || !self.source.touches_next(sign - 1) {
                continue;
            }
            let last = self.images[sign - 1].iter().copied().max();
            if let Some(last) = last.filter(|&last| self.target.touches_next(last))
                && !self.linked[last + 1]
                && !self.target.tokens[last + 1].word
            {
                self.join(sign, last + 1);
            }
        }
    }

    /// Unlinked words between linked ones go with the unlinked words between the counterparts of those.
    fn fill_gaps(&mut self) {
        let count = self.source.tokens.len();
        let mut at = 0;
        while at < count {
            if !self.images[at].is_empty() {
                at += 1;
                continue;
            }
            let start = at;
            while at < count && self.images[at].is_empty() {
                at += 1;
            }
            let left = match start {
                0 => Some(0),
                _ => self.images[start - 1].iter().max().map(|&target| target + 1),
            };
            let right = match at {
                _ if at == count => Some(self.target.tokens.len()),
                _ => self.images[at].iter().min().copied(),
            };
            if let (Some(left), Some(right)) = (left, right) {
                self.fill(start..at, left..right.max(left));
            }
        }
    }

    fn fill(&mut self, source: Range<usize>, target: Range<usize>) {
        // what is far longer is no counterpart, and need not be looked through again and again
        let most = target.start + 4 * source.len() + 8;
        let target: Vec<_> =
            (target.start..target.end.min(most)).filter(|&token| !self.linked[token]).collect();
        for word in [true, false] {
            let source: Vec<_> =
                source.clone().filter(|&token| self.source.tokens[token].word == word).collect();
            let target: Vec<_> =
                target.iter().copied().filter(|&token| self.target.tokens[token].word == word).collect();
            self.diagonal(&source, &target);
        }
    }
}
