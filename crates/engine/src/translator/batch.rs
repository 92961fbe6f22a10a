//! Gives units to the decoder, equal ones once.

use super::Translator;
use super::unit::Unit;
use crate::decode::{Effort, Output, Source, decode};
use crate::model::Buffers;

/// No run of so many tokens may come twice in a careful translation.
const NO_REPEAT: usize = 3;

/// Fewest beams of a careful translation.
const CAREFUL_BEAMS: usize = 4;

impl Translator {
    /// Translates units and judges what comes out.
    pub(super) fn decode(&self, mut units: Vec<&mut Unit<'_>>) {
        units.sort_by(|a, b| a.work().cmp(&b.work()));
        let mut groups: Vec<&mut [&mut Unit<'_>]> = units.chunk_by_mut(|a, b| a.work() == b.work()).collect();
        let first: Vec<&Unit<'_>> = groups.iter().map(|group| &*group[0]).collect();
        let outputs = self.with_buffers(|buffers| self.decode_batch(&first, buffers));
        for (group, outputs) in groups.iter_mut().zip(outputs) {
            group.iter_mut().for_each(|unit| self.judge(unit, &outputs));
        }
    }

    /// Alternatives come from a search of their own: what is wanted besides must not change the translation.
    fn decode_batch(&self, batch: &[&Unit<'_>], buffers: &mut Buffers) -> Vec<Vec<Output>> {
        let wants_more = |unit: &Unit<'_>| unit.options.alternatives > 0;
        let usual = batch.iter().map(|unit| self.source(unit, self.beams(unit), Effort::Pruned));
        let more = batch
            .iter()
            .filter(|unit| wants_more(unit))
            .map(|unit| self.source(unit, self.beams(unit).max(unit.options.alternatives + 1), Effort::Full));
        let sources: Vec<Source<'_>> = usual.chain(more).collect();
        let mut outputs = decode(&self.model, &sources, buffers).into_iter();
        let mut found: Vec<Vec<Output>> = outputs.by_ref().take(batch.len()).collect();
        for (_, found) in batch.iter().zip(&mut found).filter(|(unit, _)| wants_more(unit)) {
            found.truncate(1);
            found.extend(outputs.next().into_iter().flatten());
        }
        found
    }

    fn beams(&self, unit: &Unit<'_>) -> usize {
        if unit.careful { self.beams.max(CAREFUL_BEAMS) } else { self.beams }
    }

    /// A translation may be twice as long as its source and a little more; what goes on longer has lost its way.
    fn source<'a>(&self, unit: &'a Unit<'_>, beams: usize, effort: Effort) -> Source<'a> {
        let limit = (2 * unit.tokens.len() + 16).min(self.max_length - 1);
        let no_repeat = if unit.careful { NO_REPEAT } else { 0 };
        Source { tokens: &unit.tokens, limit, beams, effort, no_repeat }
    }
}
