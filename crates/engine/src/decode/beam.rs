//! The search for one sentence's translation. Knows nothing of models: candidates in, hypotheses out.

use super::{Effort, Output, Source};
use crate::math::best::Candidates;

/// A translation that is not finished.
#[derive(Clone, Debug)]
pub(super) struct Hypothesis {
    /// The start token and what follows.
    tokens: Vec<u32>,
    /// Sum of the tokens' log-probabilities.
    score: f32,
    /// The cache slot of each position that went through the model.
    pub(super) history: Vec<u32>,
}

impl Hypothesis {
    pub(super) fn last_token(&self) -> u32 {
        *self.tokens.last().expect("a hypothesis begins with the start token")
    }

    /// The tokens that would make a run of `len` tokens come a second time.
    fn repeats(&self, len: usize) -> impl Iterator<Item = u32> + '_ {
        // the start token is no part of the translation
        let tokens = &self.tokens[1..];
        let last = if len == 0 { None } else { tokens.len().checked_sub(len - 1).map(|at| &tokens[at..]) };
        let runs = last.map(|last| tokens.windows(len).filter(move |run| run.starts_with(last)));
        runs.into_iter().flatten().map(move |run| run[len - 1])
    }
}

/// A hypothesis whose log-probability is so far below the best one's hardly ever wins (relative threshold pruning: M.
/// Freitag and Y. Al-Onaizan, *Beam Search Strategies for Neural Machine Translation*, 2017). Chosen on WMT 15 and
/// Multi30k among 1, 1.2, 1.5 and 2: none of them was worse than the whole search by more than 0.13 BLEU, this one better.
const HOPELESS: f32 = 1.5;

/// Beam search; with one beam, greedy search.
pub(super) struct Beam {
    beams: usize,
    end: u32,
    limit: usize,
    no_repeat: usize,
    effort: Effort,
    live: Vec<Hypothesis>,
    /// Finished translations, best first, at most `beams`.
    finished: Vec<Output>,
}

/// A hypothesis and a token that may follow.
#[derive(Clone, Copy)]
struct Continuation {
    parent: usize,
    token: u32,
    score: f32,
}

impl Beam {
    pub(super) fn new(source: &Source<'_>, start: u32, end: u32) -> Self {
        let &Source { beams, limit, no_repeat, effort, .. } = source;
        let first = Hypothesis { tokens: vec![start], score: 0.0, history: Vec::new() };
        Self { beams, end, limit, no_repeat, effort, live: vec![first], finished: Vec::new() }
    }

    /// How many candidates of each live hypothesis the search has to see: as many as it keeps, and those that would
    /// repeat something.
    pub(super) fn candidates_needed(&self) -> impl Iterator<Item = usize> + '_ {
        self.live.iter().map(|hypothesis| self.kept() + hypothesis.repeats(self.no_repeat).count())
    }

    /// How many continuations are looked at in each step: as many as could be kept if every hypothesis also offered
    /// the end of the sentence.
    fn kept(&self) -> usize {
        if self.beams == 1 { 1 } else { 2 * self.beams }
    }

    /// Most hypotheses that may go on at once.
    pub(super) fn places(&self) -> usize {
        self.beams
    }

    pub(super) fn is_done(&self) -> bool {
        self.live.is_empty()
    }

    pub(super) fn live(&self) -> &[Hypothesis] {
        &self.live
    }

    pub(super) fn live_mut(&mut self) -> &mut [Hypothesis] {
        &mut self.live
    }

    /// Goes one token further: `candidates` are those of each live hypothesis.
    pub(super) fn advance(&mut self, candidates: &[Candidates]) {
        let len = self.live[0].tokens.len();
        let continuations = if len < self.limit { self.best(candidates) } else { Vec::new() };
        // nothing may follow at the limit; nor where a small vocabulary would repeat itself, or numbers overflowed
        let cut = continuations.is_empty();
        let continuations = if cut { self.ends() } else { continuations };
        let (mut ended, mut going_on) = (Vec::new(), Vec::new());
        for (rank, continuation) in continuations.into_iter().enumerate() {
            if continuation.token != self.end {
                going_on.push(continuation);
            } else if rank < self.beams {
                ended.push(continuation);
            }
        }
        for continuation in ended {
            let tokens = self.live[continuation.parent].tokens[1..].to_vec();
            self.finished.push(Output { tokens, score: continuation.score / len as f32, cut });
        }
        self.finished.sort_by(|a, b| b.score.total_cmp(&a.score));
        self.finished.truncate(self.beams);
        going_on.truncate(self.beams);
        if self.should_stop(going_on.first(), len) {
            self.live.clear();
        } else {
            self.live = going_on.into_iter().map(|continuation| self.follow(continuation)).collect();
        }
    }

    /// The best continuations of all hypotheses together, best first.
    fn best(&self, candidates: &[Candidates]) -> Vec<Continuation> {
        let mut all: Vec<Continuation> = Vec::new();
        for (parent, (hypothesis, candidates)) in self.live.iter().zip(candidates).enumerate() {
            let score = hypothesis.score;
            let repeats = |token| hypothesis.repeats(self.no_repeat).any(|repeat| repeat == token);
            let new = candidates.best.iter().filter(|(token, value)| value.is_finite() && !repeats(*token));
            all.extend(new.map(|(token, log_probability)| Continuation {
                parent,
                token: *token,
                score: score + log_probability,
            }));
        }
        all.sort_by(|a, b| b.score.total_cmp(&a.score));
        all.truncate(self.kept());
        if self.effort == Effort::Pruned
            && let Some(best) = all.first().map(|best| best.score)
        {
            all.retain(|continuation| continuation.score > best - HOPELESS);
        }
        all
    }

    /// Where nothing may follow, every hypothesis has to end.
    fn ends(&self) -> Vec<Continuation> {
        let end = |(parent, hypothesis): (usize, &Hypothesis)| Continuation {
            parent,
            token: self.end,
            score: hypothesis.score,
        };
        self.live.iter().enumerate().map(end).collect()
    }

    /// Whether nothing better can be expected: greedy search stops at the first end, beam search when as many
    /// translations as beams are finished and the best live one, taken at its present length, is no better.
    fn should_stop(&self, best_live: Option<&Continuation>, len: usize) -> bool {
        let Some(best_live) = best_live else { return true };
        if self.beams == 1 {
            return !self.finished.is_empty();
        }
        let worst = self.finished.last().filter(|_| self.finished.len() == self.beams);
        worst.is_some_and(|worst| best_live.score / len as f32 <= worst.score)
    }

    fn follow(&self, continuation: Continuation) -> Hypothesis {
        let parent = &self.live[continuation.parent];
        let mut tokens = parent.tokens.clone();
        tokens.push(continuation.token);
        Hypothesis { tokens, score: continuation.score, history: parent.history.clone() }
    }

    /// The translations found, best first; a search is done only when one is finished.
    pub(super) fn finish(self) -> Vec<Output> {
        self.finished
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: u32 = 0;

    fn source(beams: usize, limit: usize, no_repeat: usize) -> Source<'static> {
        Source { tokens: &[], limit, beams, no_repeat, effort: Effort::Full }
    }

    fn beam(beams: usize, limit: usize, no_repeat: usize) -> Beam {
        Beam::new(&source(beams, limit, no_repeat), 9, END)
    }

    fn candidates(best: &[(u32, f32)]) -> Candidates {
        Candidates { best: best.to_vec() }
    }

    #[test]
    fn greedy_search_stops_at_the_first_end() {
        let mut beam = beam(1, 10, 0);
        beam.advance(&[candidates(&[(5, -0.1)])]);
        beam.advance(&[candidates(&[(END, -0.3)])]);
        assert!(beam.is_done());
        let output = &beam.finish()[0];
        assert_eq!(output.tokens, [5]);
        assert!(!output.cut && (output.score + 0.2).abs() < 1e-6);
    }

    #[test]
    fn a_search_ends_at_its_limit() {
        for beams in [1, 2] {
            let mut beam = beam(beams, 3, 0);
            for _ in 0..3 {
                assert!(!beam.is_done());
                let live = vec![candidates(&[(5, -0.1), (6, -0.2), (7, -0.3), (8, -0.4)]); beam.live().len()];
                beam.advance(&live);
            }
            assert!(beam.is_done());
            let found = beam.finish();
            assert_eq!(found.len(), beams);
            assert_eq!(found[0].tokens, [5, 5]);
            assert!(found.iter().all(|output| output.cut));
        }
    }

    #[test]
    fn a_search_ends_where_nothing_may_follow() {
        for beams in [1, 2] {
            for nothing in [&[][..], &[(5, f32::NAN), (6, f32::NEG_INFINITY)]] {
                let mut beam = beam(beams, 10, 0);
                beam.advance(&[candidates(&[(5, -0.5)])]);
                beam.advance(&[candidates(nothing)]);
                assert!(beam.is_done());
                let found = beam.finish();
                assert_eq!(found, [Output { tokens: vec![5], score: -0.25, cut: true }]);
            }
        }
    }

    #[test]
    fn a_worse_beginning_can_win() {
        let mut beam = beam(2, 10, 0);
        beam.advance(&[candidates(&[(1, -0.5), (2, -0.7), (3, -3.0), (4, -4.0)])]);
        // the better beginning goes on badly, the other one well
        let bad = candidates(&[(1, -3.0), (2, -3.1), (3, -3.2), (END, -3.3)]);
        let good = candidates(&[(END, -0.1), (2, -3.0), (3, -4.0), (4, -5.0)]);
        beam.advance(&[bad, good]);
        let rest = candidates(&[(END, -1.0), (2, -5.0), (3, -6.0), (4, -7.0)]);
        while !beam.is_done() {
            let live = vec![rest.clone(); beam.live().len()];
            beam.advance(&live);
        }
        let output = &beam.finish()[0];
        assert_eq!(output.tokens, [2]);
        assert!((output.score + 0.4).abs() < 1e-6);
    }

    #[test]
    fn only_a_pruned_search_drops_what_has_no_hope() {
        for (effort, live) in [(Effort::Full, 2), (Effort::Pruned, 1)] {
            let mut beam = Beam::new(&Source { effort, ..source(2, 10, 0) }, 9, END);
            beam.advance(&[candidates(&[(1, -0.1), (2, -0.2), (3, -0.3), (4, -0.4)])]);
            assert_eq!(beam.live().len(), 2);
            let far = candidates(&[(1, -0.1), (2, -0.2 - HOPELESS), (3, -3.0), (4, -4.0)]);
            beam.advance(&[far, candidates(&[(1, -2.0), (2, -2.1), (3, -2.2), (4, -2.3)])]);
            assert_eq!(beam.live().len(), live);
        }
    }

    #[test]
    fn a_run_that_came_before_is_passed_over() {
        for (no_repeat, expected) in [(0, [5, 5, 5, 5]), (1, [5, 6, 7, 8]), (2, [5, 5, 6, 5])] {
            let mut beam = beam(1, 5, no_repeat);
            while !beam.is_done() {
                let needed = beam.candidates_needed().next().unwrap();
                let best = [(5, -0.1), (6, -0.2), (7, -0.3), (8, -0.4), (9, -0.5)];
                beam.advance(&[candidates(&best[..needed])]);
            }
            assert_eq!(beam.finish()[0].tokens, expected);
        }
    }
}
