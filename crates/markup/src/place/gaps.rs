//! Where tags without words go.

use std::ops::Range;

use super::{Node, Placer, Role};

/// How many source tokens on either side of a tag have a say.
const WINDOW: usize = 12;

impl Placer<'_> {
    /// The gap of `range` for a node right inside `parent`, and whether it stays with the token before it.
    pub(super) fn gap(&self, node: &Node, parent: usize, range: &Range<usize>) -> (usize, bool) {
        let parent = &self.tree.nodes[parent];
        let next = self.source.tokens.get(node.first_token);
        let inside = next.is_some_and(|next| next.range.start < self.tags[node.tag].at);
        if node.first_token <= parent.first_token && !inside {
            return (range.start, false);
        }
        if node.first_token >= parent.first_token + parent.words {
            return (range.end, true);
        }
        let within = |gap: usize| gap.clamp(range.start, range.end);
        if self.tags[node.tag].role == Role::Separator {
            let gap = self.line_gap(node).unwrap_or_else(|| self.crossing_gap(node.first_token, range));
            // a line has words if there are enough
            let least = (range.start + 1).min(range.end);
            let most = range.end.saturating_sub(1).max(least);
            return (gap.clamp(least, most), false);
        }
        let (before, after) = self.touched(node);
        let last = before.and_then(|token| self.images.of(token).last());
        let first = after.and_then(|token| self.images.of(token).first());
        match (last, first) {
            (Some(&last), _) => (within(last + 1), true),
            (None, Some(&first)) => (within(first), false),
            _ => (self.crossing_gap(node.first_token, range), before.is_some()),
        }
    }

    /// The source token that a tag is attached to: the one before it or the one after it.
    fn touched(&self, node: &Node) -> (Option<usize>, Option<usize>) {
        let tokens = &self.source.tokens;
        let at = self.tags[node.tag].at;
        let next = tokens.get(node.first_token);
        if next.is_some_and(|next| next.range.start < at) {
            // inside a word: behind it
            return (Some(node.first_token), None);
        }
        let before = tokens[node.first_token - 1].range.end == at;
        let after = next.is_some_and(|next| next.range.start == at);
        let opening = !tokens[node.first_token - 1].word && next.is_some_and(|next| next.word);
        match (before, after) {
            (true, true) if opening => (None, Some(node.first_token)),
            (true, _) => (Some(node.first_token - 1), None),
            (false, true) => (None, Some(node.first_token)),
            (false, false) => (None, None),
        }
    }

    /// For a line break that is one in the text too: after as many lines of the translation, if it has as many.
    fn line_gap(&self, node: &Node) -> Option<usize> {
        let (source, target) = &self.lines;
        let nth = source.binary_search(&self.tags[node.tag].at).ok()?;
        let end = *target.get(nth).filter(|_| source.len() == target.len())?;
        Some(self.target.tokens.partition_point(|token| token.range.end <= end))
    }

    /// The gap of `range` that the fewest links of the tokens around the source token `at` cross.
    pub(super) fn crossing_gap(&self, at: usize, range: &Range<usize>) -> usize {
        let count = self.source.tokens.len();
        let window = at.saturating_sub(WINDOW)..(at + WINDOW).min(count);
        let links: Vec<_> = window
            .flat_map(|source| self.images.of(source).iter().map(move |&target| (source, target)))
            .collect();
        let before = links.iter().rev().filter(|(source, _)| *source < at).map(|(_, target)| target + 1);
        let after = links.iter().filter(|(source, _)| *source >= at).map(|(_, target)| *target);
        let gaps = before.chain(after).filter(|gap| (range.start..=range.end).contains(gap));
        let crossing =
            |gap: usize| links.iter().filter(|&&(source, target)| (source < at) != (target < gap)).count();
        gaps.min_by_key(|&gap| crossing(gap)).unwrap_or_else(|| {
            let proportional = at * self.target.tokens.len() / count.max(1);
            proportional.clamp(range.start, range.end)
        })
    }
}
