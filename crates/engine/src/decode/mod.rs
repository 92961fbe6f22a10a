//! Searches for the best translation of token sequences: greedily or with a beam.
//!
//! The rules are those of the transformers library's `generate` with `early_stopping=False`, a length penalty of 1 and
//! renormalised logits, so that outputs can be compared token by token. Sentences share the model's steps; one that is
//! done makes room for the next.

mod beam;

use crate::math::best::Candidates;
use crate::model::{Buffers, Marian, Sentence, Step};

use beam::Beam;

/// A sentence to be translated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    /// Its tokens with the end token; not empty.
    pub(crate) tokens: &'a [u32],
    /// Most tokens that its translation may have, the end token included; at least 1.
    pub(crate) limit: usize,
    /// Hypotheses kept while searching; 1 is greedy search.
    pub(crate) beams: usize,
    /// What of the search is left out.
    pub(crate) effort: Effort,
    /// No run of so many tokens may come twice in the translation; 0 is no such rule.
    pub(crate) no_repeat: usize,
}

/// How much of a beam search is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// All of it, step by step what the transformers library does.
    Full,
    /// Hypotheses that hardly ever become the best translation are dropped.
    Pruned,
}

/// A translation found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Output {
    /// Its tokens, without the end token.
    pub(crate) tokens: Vec<u32>,
    /// Mean log-probability of its tokens, the end token included.
    pub(crate) score: f32,
    /// Whether it reached the limit before its end.
    pub(crate) cut: bool,
}

/// Hypotheses that go through the model together: enough that every weight is used often when it is fetched from
/// memory, few enough that their keys and values do not fill it.
const ROWS: usize = 64;

/// Tokens of the sources that are translated together: bounds memory where sentences are long.
const TOKENS: usize = 1024;

/// A sentence in translation.
struct Active {
    /// Its place among the sources.
    index: usize,
    search: Beam,
}

/// Translates a batch. Gives up to as many translations of each sentence as it has beams, at least one, best first.
///
/// As sentences end, waiting ones take their places, so that the model always has enough to do at once. Those with the
/// longest sources begin: they take longest.
pub(crate) fn decode(model: &Marian, sources: &[Source<'_>], buffers: &mut Buffers) -> Vec<Vec<Output>> {
    let mut waiting: Vec<usize> = (0..sources.len()).collect();
    waiting.sort_by_key(|&index| sources[index].tokens.len());
    let mut outputs = vec![Vec::new(); sources.len()];
    let (mut active, mut sentences) = (Vec::new(), Vec::new());
    loop {
        admit(model, sources, &mut waiting, &mut active, &mut sentences, buffers);
        if active.is_empty() {
            return outputs;
        }
        step(model, &mut active, &mut sentences, buffers);
        for at in (0..active.len()).rev().filter(|&at| active[at].search.is_done()).collect::<Vec<_>>() {
            let Active { index, search } = active.swap_remove(at);
            sentences.swap_remove(at);
            outputs[index] = search.finish();
        }
    }
}

/// What is free.
struct Room {
    rows: usize,
    tokens: usize,
}

impl Room {
    /// Gives a sentence its part if there is enough.
    fn take(&mut self, source: &Source<'_>) -> bool {
        let fits = source.beams <= self.rows && source.tokens.len() <= self.tokens;
        if fits {
            self.rows -= source.beams;
            self.tokens -= source.tokens.len();
        }
        fits
    }
}

/// Lets waiting sentences begin if enough places are free that encoding them together pays.
fn admit(
    model: &Marian,
    sources: &[Source<'_>],
    waiting: &mut Vec<usize>,
    active: &mut Vec<Active>,
    sentences: &mut Vec<Sentence>,
    buffers: &mut Buffers,
) {
    let taken: usize = active.iter().map(|active| active.search.places()).sum();
    if taken > ROWS * 3 / 4 {
        return;
    }
    let mut room = Room {
        rows: ROWS - taken,
        tokens: TOKENS.saturating_sub(active.iter().map(|active| sources[active.index].tokens.len()).sum()),
    };
    // the only one may take more than there is
    let is_only = active.is_empty();
    let count = waiting
        .iter()
        .rev()
        .take_while(|&&index| room.take(&sources[index]))
        .count()
        .max(usize::from(is_only));
    let first = waiting.len() - count.min(waiting.len());
    let admitted = waiting.split_off(first);
    let tokens: Vec<&[u32]> = admitted.iter().map(|&index| sources[index].tokens).collect();
    if tokens.is_empty() {
        return;
    }
    let config = model.config();
    sentences.extend(model.encode(&tokens, buffers));
    active.extend(admitted.into_iter().map(|index| {
        let search = Beam::new(&sources[index], config.decoder_start_token_id, config.eos_token_id);
        Active { index, search }
    }));
}

/// Takes all live hypotheses of all sentences one token further.
fn step(model: &Marian, active: &mut [Active], sentences: &mut [Sentence], buffers: &mut Buffers) {
    for (active, sentence) in active.iter_mut().zip(sentences.iter_mut()) {
        for hypothesis in active.search.live_mut() {
            hypothesis.history.push(sentence.allocate());
        }
    }
    let steps: Vec<Step<'_>> = active
        .iter()
        .enumerate()
        .flat_map(|(sentence, active)| {
            active.search.live().iter().map(move |hypothesis| Step {
                sentence,
                token: hypothesis.last_token(),
                history: &hypothesis.history,
            })
        })
        .collect();
    model.step(sentences, &steps, buffers);
    let counts: Vec<usize> = active.iter().flat_map(|active| active.search.candidates_needed()).collect();
    let mut candidates = model.best(&counts, buffers).into_iter();
    for (active, sentence) in active.iter_mut().zip(sentences) {
        let own: Vec<Candidates> = candidates.by_ref().take(active.search.live().len()).collect();
        active.search.advance(&own);
        sentence.keep(active.search.live().iter().map(|hypothesis| hypothesis.history.as_slice()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_bounded_by_rows_and_by_tokens() {
        let source = |tokens, beams| Source { tokens, limit: 1, beams, effort: Effort::Full, no_repeat: 0 };
        let mut room = Room { rows: 5, tokens: 10 };
        assert!(!room.take(&source(&[0; 11], 1)));
        assert!(room.take(&source(&[0; 4], 4)));
        assert!(!room.take(&source(&[0; 4], 2)));
        assert!(room.take(&source(&[0; 6], 1)));
        assert_eq!((room.rows, room.tokens), (0, 0));
    }
}
