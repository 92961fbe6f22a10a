//! Splits normalised text into the pieces of a unigram model: of all ways to write the text as a row of pieces, the
//! one with the best sum of scores (Kudo, *Subword Regularization*, 2018; Viterbi's algorithm).

use std::collections::HashMap;
use std::ops::Range;

/// What a character outside the vocabulary scores below the worst piece, as in `sentencepiece`.
const UNKNOWN_PENALTY: f64 = 10.0;

pub(super) struct Unigram {
    scores: HashMap<Box<str>, f64>,
    /// Length of the longest piece, in bytes.
    longest: usize,
    unknown_score: f64,
}

/// The best way to write the text up to some place.
#[derive(Clone, Copy)]
struct Best {
    score: f64,
    /// Where its last piece starts.
    start: usize,
    is_known: bool,
}

impl Unigram {
    /// From pieces and their scores.
    pub(super) fn new(pieces: impl Iterator<Item = (Box<str>, f64)>) -> Self {
        let scores: HashMap<Box<str>, f64> = pieces.collect();
        let worst = scores.values().copied().fold(0.0, f64::min);
        let longest = scores.keys().map(|piece| piece.len()).max().unwrap_or(0);
        Self { scores, longest, unknown_score: worst - UNKNOWN_PENALTY }
    }

    /// The pieces of `text` in order; a run of characters that no piece covers is one of them.
    pub(super) fn split<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let ranges = self.best_path(text);
        ranges.into_iter().rev().map(|range| &text[range])
    }

    /// The sum of the scores of the pieces of `text`.
    pub(super) fn score(&self, text: &str) -> f64 {
        self.best_ends(text)[text.len()].map_or(0.0, |best| best.score)
    }

    /// The ranges of the pieces, last first.
    fn best_path(&self, text: &str) -> Vec<Range<usize>> {
        let best = self.best_ends(text);
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let (mut end, mut follows_unknown) = (text.len(), false);
        while end > 0 {
            let Best { start, is_known, .. } = best[end].expect("every place on the way back was reached");
            match ranges.last_mut() {
                Some(last) if follows_unknown && !is_known => last.start = start,
                _ => ranges.push(start..end),
            }
            follows_unknown = !is_known;
            end = start;
        }
        ranges
    }

    /// For each byte offset, the best way to get there; only character boundaries are reached.
    fn best_ends(&self, text: &str) -> Vec<Option<Best>> {
        let mut best: Vec<Option<Best>> = vec![None; text.len() + 1];
        for (start, first) in text.char_indices() {
            let so_far = best[start].map_or(0.0, |best| best.score);
            let mut offer = |end: usize, piece_score: f64, is_known: bool| {
                let score = so_far + piece_score;
                if best[end].is_none_or(|other| score > other.score) {
                    best[end] = Some(Best { score, start, is_known });
                }
            };
            let mut covers_first = false;
            let rest = &text[start..];
            let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
            for len in ends.take_while(|len| *len <= self.longest) {
                if let Some(score) = self.scores.get(&rest[..len]) {
                    covers_first |= len == first.len_utf8();
                    offer(start + len, *score, true);
                }
            }
            if !covers_first {
                offer(start + first.len_utf8(), self.unknown_score, false);
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        let pieces = [("a", -1.0), ("b", -1.5), ("ab", -2.0), ("abc", -4.0), ("c", -2.5), ("d", -3.0)];
        let unigram = Unigram::new(pieces.into_iter().map(|(piece, score)| (piece.into(), score)));
        unigram.split(text).collect()
    }

    #[test]
    fn the_best_sum_wins() {
        assert_eq!(split("abcd"), ["abc", "d"]);
        assert_eq!(split("abab"), ["ab", "ab"]);
        assert!(split("").is_empty());
    }

    #[test]
    fn unknown_characters_side_by_side_are_one_piece() {
        assert_eq!(split("aäöb🙂"), ["a", "äö", "b", "🙂"]);
    }
}
