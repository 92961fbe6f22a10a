//! Gives units to the decoder, equal ones once.

use super::Translator;
use super::unit::Unit;
use crate::decode::{Output, Source, decode};
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

    /// Where more alternatives are wanted than the usual search finds, a wider one finds them beside it: what is
    /// wanted besides must not change the translation.
    fn decode_batch(&self, batch: &[&Unit<'_>], buffers: &mut Buffers) -> Vec<Vec<Output>> {
        let beams = |unit: &Unit<'_>| if unit.careful { self.beams.max(CAREFUL_BEAMS) } else { self.beams };
        let needs_more = |unit: &Unit<'_>| unit.options.alternatives >= beams(unit);
        let usual = batch.iter().map(|unit| self.source(unit, beams(unit)));
        let wide = batch
            .iter()
            .filter(|unit| needs_more(unit))
            .map(|unit| self.source(unit, unit.options.alternatives + 1));
        let sources: Vec<Source<'_>> = usual.chain(wide).collect();
        let mut outputs = decode(&self.model, &sources, buffers).into_iter();
        let mut found: Vec<Vec<Output>> = outputs.by_ref().take(batch.len()).collect();
        for (_, found) in batch.iter().zip(&mut found).filter(|(unit, _)| needs_more(unit)) {
            found.truncate(1);
            found.extend(outputs.next().into_iter().flatten());
        }
        found
    }

    /// A translation may be twice as long as its source and a little more; what goes on longer has lost its way.
    fn source<'a>(&self, unit: &'a Unit<'_>, beams: usize) -> Source<'a> {
        let limit = (2 * unit.tokens.len() + 16).min(self.max_length - 1);
        Source { tokens: &unit.tokens, limit, beams, no_repeat: if unit.careful { NO_REPEAT } else { 0 } }
    }
}
