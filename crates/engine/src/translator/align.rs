//! Which word became which: read from the attention of the decoder over the source, when it is led over a translation
//! that is known already.

use std::collections::HashMap;
use std::ops::Range;

use super::Translator;
use super::unit::{State, Unit};
use crate::Link;
use crate::model::{Buffers, Step};

/// A word that none became is linked to the word that looks at it most, if that is as much as this.
const LEAST_WEIGHT: f32 = 0.2;

/// More than any weight.
const SURE: f32 = 2.0;

/// Units that go through the model together; without search there is little to gain from more.
const BATCH: usize = 16;

impl Translator {
    /// Finds the links of every unit that is translated.
    pub(super) fn align(&self, mut units: Vec<&mut Unit<'_>>) {
        units.retain(|unit| unit.state == State::Done && !unit.found.is_empty());
        self.with_buffers(|buffers| {
            for batch in units.chunks_mut(BATCH) {
                let weights = self.weights(batch, self.model.config().alignment_layer(), buffers);
                for (unit, weights) in batch.iter_mut().zip(weights) {
                    unit.links = self.links(unit, &weights);
                }
            }
        });
    }

    /// For each unit and each token of its translation, the weights of the tokens of its source.
    fn weights(&self, units: &[&mut Unit<'_>], layer: usize, buffers: &mut Buffers) -> Vec<Vec<Vec<f32>>> {
        let sources: Vec<&[u32]> = units.iter().map(|unit| unit.tokens.as_slice()).collect();
        let mut sentences = self.model.encode(&sources, buffers);
        let start = self.model.config().decoder_start_token_id;
        let targets: Vec<&[u32]> = units.iter().map(|unit| unit.found[0].tokens.as_slice()).collect();
        let slots: Vec<Vec<u32>> = targets
            .iter()
            .zip(&mut sentences)
            .map(|(tokens, sentence)| tokens.iter().map(|_| sentence.allocate()).collect())
            .collect();
        let mut steps = Vec::new();
        for (sentence, (tokens, slots)) in targets.iter().zip(&slots).enumerate() {
            let given = std::iter::once(&start).chain(*tokens);
            let steps_of_sentence = given.zip(1..=slots.len());
            steps.extend(steps_of_sentence.map(|(&token, len)| Step {
                sentence,
                token,
                history: &slots[..len],
            }));
        }
        let mut rows = self.model.attention(&mut sentences, &steps, layer, buffers).into_iter();
        targets.iter().map(|tokens| rows.by_ref().take(tokens.len()).collect()).collect()
    }

    /// The links between the words of a unit and of its translation.
    fn links(&self, unit: &Unit<'_>, weights: &[Vec<f32>]) -> Vec<Link> {
        let said = self.said(&unit.found[0].tokens);
        let (source_words, target_words) = (self.words(unit.input()), words(&said));
        let source_of = self.tokenizer.source_words(&unit.tokens);
        let target_of = self.tokenizer.target_words(&unit.found[0].tokens);
        let mut matrix = vec![vec![0.0; source_words.len()]; target_words.len()];
        let mut lengths = vec![0f32; target_words.len()];
        for (row, target) in weights.iter().zip(target_of) {
            let Some(target) = target.filter(|&word| word < target_words.len()) else { continue };
            lengths[target] += 1.0;
            for (weight, source) in row.iter().zip(&source_of) {
                if let Some(source) = source.filter(|&word| word < source_words.len()) {
                    matrix[target][source] += weight;
                }
            }
        }
        for (row, len) in matrix.iter_mut().zip(lengths) {
            for weight in row {
                *weight /= len.max(1.0);
            }
        }
        let input = unit.input();
        for (source, target) in same_names((input, &source_words), (&said, &target_words)) {
            matrix[target][source] = SURE;
        }
        let place = |(source, target): (usize, usize)| {
            let (source, target) = (bare(input, &source_words[source])?, bare(&said, &target_words[target])?);
            Some(Link { source: unit.to_source(&source), target: unit.found[0].text.to_new(&target) })
        };
        let has_text = |text: &str, words: &[Range<usize>]| -> Vec<bool> {
            words.iter().map(|word| bare(text, word).is_some()).collect()
        };
        let pairs = pairs(&matrix, &has_text(input, &source_words), &has_text(&said, &target_words));
        pairs.into_iter().filter_map(place).collect()
    }

    /// The words of what the model was given, as it counts them.
    fn words(&self, text: &str) -> Vec<Range<usize>> {
        let counted = |word: Range<usize>| {
            let count = self.tokenizer.word_count(&text[word.clone()]);
            std::iter::repeat_n(word, count)
        };
        words(text).into_iter().flat_map(counted).collect()
    }
}

/// Names and numbers that are the same on both sides and come once only: their places among the words. Attention is
/// right about some 93 % of these; that they are the same says more.
fn same_names(source: (&str, &[Range<usize>]), target: (&str, &[Range<usize>])) -> Vec<(usize, usize)> {
    let by_name = |(text, words): (&str, &[Range<usize>])| {
        let mut places: HashMap<String, Option<usize>> = HashMap::new();
        for (at, word) in words.iter().enumerate() {
            let Some(name) = bare(text, word).map(|range| &text[range]) else { continue };
            if name.starts_with(char::is_uppercase) || name.contains(|c: char| c.is_ascii_digit()) {
                places.entry(name.to_owned()).and_modify(|place| *place = None).or_insert(Some(at));
            }
        }
        places
    };
    let (sources, targets) = (by_name(source), by_name(target));
    let both = sources.iter().filter_map(|(name, source)| Some(((*source)?, (*targets.get(name)?)?)));
    both.collect()
}

/// Source and target words that belong together, in the order of the target, going by the weights of each target word
/// (rows) for each source word. Words without text, such as dashes, belong to none.
fn pairs(matrix: &[Vec<f32>], sources: &[bool], targets: &[bool]) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (target, row) in matrix.iter().enumerate().filter(|(target, _)| targets[*target]) {
        let words = row.iter().enumerate().filter(|(source, _)| sources[*source]);
        if let Some((source, _)) = words.max_by(|a, b| a.1.total_cmp(b.1)) {
            pairs.push((source, target));
        }
    }
    for source in (0..sources.len()).filter(|&source| sources[source]) {
        if pairs.iter().any(|(linked, _)| *linked == source) {
            continue;
        }
        let words = matrix.iter().enumerate().filter(|(target, _)| targets[*target]);
        if let Some((target, row)) = words.max_by(|a, b| a.1[source].total_cmp(&b.1[source]))
            && row[source] >= LEAST_WEIGHT
        {
            pairs.push((source, target));
        }
    }
    pairs.sort_unstable_by_key(|&(source, target)| (target, source));
    pairs
}

/// The places of the words of a text, with the punctuation that touches them.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    // a word points into `text`
    let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split_whitespace().map(|word| place(word)..place(word) + word.len()).collect()
}

/// The word without the punctuation around it; `None` if there is nothing else.
pub(super) fn bare(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let whole = &text[word.clone()];
    let start = whole.find(char::is_alphanumeric)?;
    let kept = whole.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    Some(word.start + start..word.start + kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_goes_to_what_it_looks_at_most() {
        let matrix = [vec![0.8, 0.1, 0.0], vec![0.1, 0.1, 0.7], vec![0.0, 0.3, 0.5]];
        assert_eq!(pairs(&matrix, &[true; 3], &[true; 3]), [(0, 0), (2, 1), (1, 2), (2, 2)]);
        assert_eq!(pairs(&matrix, &[true, true, false], &[true, true, false]), [(0, 0), (1, 1)]);
    }

    #[test]
    fn punctuation_is_no_part_of_a_word() {
        let text = "„Ja“, sagte er – 3,5-mal!";
        let found: Vec<_> =
            words(text).iter().filter_map(|word| bare(text, word)).map(|word| &text[word]).collect();
        assert_eq!(found, ["Ja", "sagte", "er", "3,5-mal"]);
    }
}
