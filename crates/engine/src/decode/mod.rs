//! Searches for the best translation of token sequences: greedily or with a beam.
//!
//! The rules are those of the transformers library's `generate` with `early_stopping=False`, a length penalty of 1 and
//! renormalised logits, so that outputs can be compared token by token. Sentences share the model's steps; one that is
//! done takes no further part.

mod beam;

use crate::math::best::Candidates;
use crate::model::{Buffers, Cache, Marian, Step};

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
    /// No run of so many tokens may come twice in the translation; 0 is no such rule.
    pub(crate) no_repeat: usize,
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

/// Translates a batch. Gives up to as many translations of each sentence as it has beams, at least one, best first.
pub(crate) fn decode(model: &Marian, sources: &[Source<'_>], buffers: &mut Buffers) -> Vec<Vec<Output>> {
    let tokens: Vec<&[u32]> = sources.iter().map(|source| source.tokens).collect();
    let encoded = model.encode(&tokens, buffers);
    let start = model.config().decoder_start_token_id;
    let end = model.config().eos_token_id;
    let mut searches: Vec<Beam> = sources.iter().map(|source| Beam::new(source, start, end)).collect();
    let mut cache = model.cache();
    while searches.iter().any(|search| !search.is_done()) {
        step(model, &encoded, &mut cache, &mut searches, buffers);
        let counts: Vec<usize> = searches.iter().flat_map(Beam::candidates_needed).collect();
        let candidates = model.best(&counts, buffers);
        advance(&mut searches, candidates);
        cache.keep(searches.iter().flat_map(Beam::live).map(|hypothesis| hypothesis.history.as_slice()));
    }
    searches.into_iter().map(Beam::finish).collect()
}

/// Runs the decoder for all live hypotheses of all sentences.
fn step(
    model: &Marian,
    encoded: &crate::model::Encoded,
    cache: &mut Cache,
    searches: &mut [Beam],
    buffers: &mut Buffers,
) {
    for hypothesis in searches.iter_mut().flat_map(Beam::live_mut) {
        hypothesis.history.push(cache.allocate());
    }
    let steps: Vec<Step<'_>> = searches
        .iter()
        .enumerate()
        .flat_map(|(sentence, search)| {
            search.live().iter().map(move |hypothesis| Step {
                sentence,
                token: hypothesis.last_token(),
                history: &hypothesis.history,
            })
        })
        .collect();
    model.step(encoded, cache, &steps, buffers);
}

/// Hands each search the candidates of its hypotheses.
fn advance(searches: &mut [Beam], candidates: Vec<Candidates>) {
    let mut candidates = candidates.into_iter();
    for search in searches.iter_mut().filter(|search| !search.is_done()) {
        let own: Vec<Candidates> = candidates.by_ref().take(search.live().len()).collect();
        search.advance(&own);
    }
}
