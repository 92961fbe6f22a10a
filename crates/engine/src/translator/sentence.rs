//! A sentence on its way through the model: cut into what is translated and what is copied, then put together again.

use std::ops::Range;

use super::Translator;
use super::batch::Unit;
use crate::{Alternative, Doubt, Request, RequestOptions, Translation, segment};

/// Longest piece that is given to the model at once, in tokens. Models are trained on sentences of up to some 150
/// tokens and lose the thread beyond; longer sentences are split at clauses.
const MAX_SOURCE_TOKENS: usize = 150;

/// A run of characters without a blank that is longer than this, in bytes, is no word of any language: the longest
/// German ones in use have some 80 letters.
const MAX_WORD: usize = 120;

/// A sentence and its parts, which follow one another without a gap.
pub(super) struct Sentence<'a> {
    options: &'a RequestOptions,
    parts: Vec<Part<'a>>,
}

enum Part<'a> {
    /// Stays as it is: blanks between clauses, and whatever the vocabulary knows no letter of. In another script, or
    /// no language at all, it would only make the model rave.
    Copy(&'a str),
    Translate(Unit<'a>),
}

impl Translator {
    /// Cuts a sentence into parts that the model takes.
    pub(super) fn sentence<'a>(&self, request: Request<'a>) -> Sentence<'a> {
        let mut units = Vec::new();
        self.cut(request.text, 0..request.text.len(), &mut units);
        let (mut parts, mut copied) = (Vec::with_capacity(units.len()), 0);
        let copy = |range: Range<usize>, parts: &mut Vec<Part<'a>>| {
            if !range.is_empty() {
                parts.push(Part::Copy(&request.text[range]));
            }
        };
        for (range, tokens) in units {
            copy(copied..range.start, &mut parts);
            copied = range.end;
            let text = &request.text[range];
            parts.push(Part::Translate(Unit::new(text, tokens, request.options.alternatives)));
        }
        copy(copied..request.text.len(), &mut parts);
        Sentence { options: request.options, parts }
    }

    /// Splits a part of a sentence until every part is one that the model takes. What is not to be translated is left
    /// out.
    fn cut(&self, text: &str, range: Range<usize>, units: &mut Vec<(Range<usize>, Vec<u32>)>) {
        let part = &text[range.clone()];
        let is_word = !part.contains(char::is_whitespace);
        if is_word && part.len() > MAX_WORD {
            return;
        }
        let tokens = self.tokenizer.encode(part);
        let most = MAX_SOURCE_TOKENS.min(self.model.config().max_position_embeddings);
        if tokens.len() > most {
            // At least two parts, or it would not get shorter; a single character is far below the limit.
            let max_bytes = (part.len() * most / tokens.len()).clamp(4, part.len().div_ceil(2).max(4));
            for clause in segment::clauses(part, max_bytes) {
                self.cut(text, range.start + clause.start..range.start + clause.end, units);
            }
        } else if tokens.iter().any(|&token| self.tokenizer.has_letters(token)) {
            units.push((range, tokens));
        }
    }
}

impl<'a> Sentence<'a> {
    /// What the model is to translate.
    pub(super) fn units(&mut self) -> impl Iterator<Item = &mut Unit<'a>> {
        self.parts.iter_mut().filter_map(|part| match part {
            Part::Copy(_) => None,
            Part::Translate(unit) => Some(unit),
        })
    }

    /// Puts the translations of the parts together.
    pub(super) fn join(self) -> Translation {
        let best = self.joined(0);
        let mut alternatives: Vec<Alternative> = Vec::new();
        let mut rank = 1;
        while alternatives.len() < self.options.alternatives && rank < self.found() {
            let Joined { text, score, .. } = self.joined(rank);
            if text != best.text && alternatives.iter().all(|other| other.text != text) {
                alternatives.push(Alternative { text, score });
            }
            rank += 1;
        }
        Translation {
            text: best.text,
            score: best.score,
            alternatives,
            alignment: Vec::new(),
            doubt: best.doubt,
        }
    }

    /// The largest number of translations that a unit has.
    fn found(&self) -> usize {
        let found = |part: &Part<'_>| if let Part::Translate(unit) = part { unit.found.len() } else { 0 };
        self.parts.iter().map(found).max().unwrap_or(0)
    }

    /// The translation that takes the part with this rank of each unit, or its last if it has not so many.
    fn joined(&self, rank: usize) -> Joined {
        let (mut text, mut score, mut tokens, mut doubt) = (String::new(), 0.0, 0, None);
        for part in &self.parts {
            let unit = match part {
                Part::Copy(copied) => {
                    text.push_str(copied);
                    continue;
                }
                Part::Translate(unit) => unit,
            };
            let Some(found) = unit.found.get(rank).or(unit.found.last()) else {
                text.push_str(unit.text);
                continue;
            };
            // a model that says nothing has lost the sentence; the reader must not
            text.push_str(if found.text.is_empty() { unit.text } else { &found.text });
            score += found.score * found.tokens as f32;
            tokens += found.tokens;
            doubt = doubt.max(found.cut.then_some(Doubt::Cut));
        }
        Joined { text, score: score / tokens.max(1) as f32, doubt }
    }
}

struct Joined {
    text: String,
    score: f32,
    doubt: Option<Doubt>,
}
