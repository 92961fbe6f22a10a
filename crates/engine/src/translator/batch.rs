//! Gives units to the decoder in batches of similar length.

use std::sync::PoisonError;

use super::Translator;
use crate::decode::{Output, Source, decode};
use crate::model::Buffers;

/// Sentences that are decoded together.
const BATCH_SENTENCES: usize = 64;

/// Source tokens that are decoded together: bounds memory where sentences are long.
const BATCH_TOKENS: usize = 2048;

/// A sentence or a part of one, as the model takes it.
pub(super) struct Unit<'a> {
    pub(super) text: &'a str,
    tokens: Vec<u32>,
    alternatives: usize,
    /// Its translations, best first; none before it went through the decoder.
    pub(super) found: Vec<Found>,
}

/// A translation of a unit.
pub(super) struct Found {
    pub(super) text: String,
    /// Mean log-probability of its tokens, the end included.
    pub(super) score: f32,
    /// Number of its tokens, the end included.
    pub(super) tokens: usize,
    /// Whether it has no end.
    pub(super) cut: bool,
}

impl<'a> Unit<'a> {
    /// `tokens` are those of `text`, with the end token.
    pub(super) fn new(text: &'a str, tokens: Vec<u32>, alternatives: usize) -> Self {
        Self { text, tokens, alternatives, found: Vec::new() }
    }
}

impl Translator {
    /// Translates units, those of similar length together.
    pub(super) fn decode(&self, mut units: Vec<&mut Unit<'_>>) {
        units.sort_by_key(|unit| unit.tokens.len());
        let mut buffers = self.take_buffers();
        let mut rest = units.as_mut_slice();
        while !rest.is_empty() {
            let (batch, later) = rest.split_at_mut(batch_len(rest.iter().map(|unit| unit.tokens.len())));
            rest = later;
            self.decode_batch(batch, &mut buffers);
        }
        self.buffers.lock().unwrap_or_else(PoisonError::into_inner).push(buffers);
    }

    /// Where more alternatives are wanted than the usual search finds, a wider one finds them beside it: what is
    /// wanted besides must not change the translation.
    fn decode_batch(&self, batch: &mut [&mut Unit<'_>], buffers: &mut Buffers) {
        let usual = batch.iter().map(|unit| self.source(unit, self.beams));
        let wide = batch.iter().filter(|unit| unit.alternatives >= self.beams);
        let wide = wide.map(|unit| self.source(unit, unit.alternatives + 1));
        let sources: Vec<Source<'_>> = usual.chain(wide).collect();
        let mut outputs = decode(&self.model, &sources, buffers).into_iter();
        let usual: Vec<Vec<Output>> = outputs.by_ref().take(batch.len()).collect();
        for (unit, mut found) in batch.iter_mut().zip(usual) {
            if unit.alternatives >= self.beams {
                found.truncate(1);
                found.extend(outputs.next().into_iter().flatten());
            }
            let wanted = if unit.alternatives == 0 { 1 } else { found.len() };
            unit.found = found[..wanted].iter().map(|output| self.found(output)).collect();
        }
    }

    fn found(&self, output: &Output) -> Found {
        let text = self.tokenizer.decode(&output.tokens);
        Found { text, score: output.score, tokens: output.tokens.len() + 1, cut: output.cut }
    }

    /// A translation may be twice as long as its source and a little more; what goes on longer has lost its way.
    fn source<'a>(&self, unit: &'a Unit<'_>, beams: usize) -> Source<'a> {
        let limit = (2 * unit.tokens.len() + 16).min(self.max_length - 1);
        Source { tokens: &unit.tokens, limit, beams, no_repeat: 0 }
    }

    fn take_buffers(&self) -> Buffers {
        self.buffers.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }
}

/// How many of the units with these numbers of tokens fit into one batch; at least one.
fn batch_len(tokens: impl Iterator<Item = usize>) -> usize {
    let mut total = 0;
    let fitting = tokens.take(BATCH_SENTENCES).take_while(|tokens| {
        total += tokens;
        total <= BATCH_TOKENS
    });
    fitting.count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_bounded() {
        assert_eq!(batch_len([10_000].into_iter()), 1);
        assert_eq!(batch_len([BATCH_TOKENS / 2, BATCH_TOKENS / 2, 1].into_iter()), 2);
        assert_eq!(batch_len(std::iter::repeat_n(1, 1000)), BATCH_SENTENCES);
    }
}
