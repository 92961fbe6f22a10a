//! A sentence on its way through the model: cut into what is translated and what is copied, then put together again.

use std::ops::Range;

use super::Translator;
use super::align::{bare, words};
use super::unit::{Fault, MAX_DEPTH, State, Unit, clauses};
use crate::{Alternative, Doubt, Link, Request, RequestOptions, Translation, segment};

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
    /// A span, and how the translation has it.
    Span(&'a str, String),
    Translate(Unit<'a>),
}

impl Translator {
    /// Cuts a sentence into parts that the model takes.
    pub(super) fn sentence<'a>(&self, request: Request<'a>) -> Sentence<'a> {
        let mut parts = Vec::new();
        self.parts(request.text, request.options, None, &mut parts);
        Sentence { options: request.options, parts }
    }

    /// Appends the parts of a text; `whole` is the unit that it is torn out of, if it is.
    fn parts<'a>(
        &self,
        text: &'a str,
        options: &'a RequestOptions,
        whole: Option<&Unit<'_>>,
        parts: &mut Vec<Part<'a>>,
    ) {
        let mut units = Vec::new();
        self.cut(text, 0..text.len(), options, &mut units);
        // what is cut for its length is translated as if it were whole sentences
        let mut copied = 0;
        for (range, tokens) in units {
            parts.push(Part::Copy(&text[copied..range.start]));
            copied = range.end;
            parts.push(Part::Translate(self.unit(&text[range], tokens, options, whole)));
        }
        parts.push(Part::Copy(&text[copied..]));
    }

    /// Appends the parts of a unit that could not be translated as a whole.
    fn split<'a>(&self, unit: &Unit<'a>, fault: Fault, parts: &mut Vec<Part<'a>>) {
        let text = unit.text;
        let clauses =
            if fault == Fault::Lost || unit.depth >= MAX_DEPTH { Vec::new() } else { clauses(text) };
        let mut copied = 0;
        if clauses.len() > 1 {
            for clause in clauses {
                parts.push(Part::Copy(&text[copied..clause.start]));
                copied = clause.end;
                self.parts(&text[clause], unit.options, Some(unit), parts);
            }
        } else {
            for span in &unit.spans {
                self.trimmed(&text[copied..span.range.start], unit, parts);
                copied = span.range.end;
                let rendered = span.rendered(text, self.locale).into_owned();
                parts.push(Part::Span(&text[span.range.clone()], rendered));
            }
        }
        self.trimmed(&text[copied..], unit, parts);
    }

    /// Appends the parts of a text that may have blanks at its ends.
    fn trimmed<'a>(&self, text: &'a str, whole: &Unit<'a>, parts: &mut Vec<Part<'a>>) {
        let start = text.len() - text.trim_start().len();
        let end = text.trim_end().len().max(start);
        parts.push(Part::Copy(&text[..start]));
        self.parts(&text[start..end], whole.options, Some(whole), parts);
        parts.push(Part::Copy(&text[end..]));
    }

    /// Splits a part of a sentence until every part is one that the model takes. What is not to be translated is left
    /// out.
    fn cut(
        &self,
        text: &str,
        range: Range<usize>,
        options: &RequestOptions,
        units: &mut Vec<(Range<usize>, Vec<u32>)>,
    ) {
        let part = &text[range.clone()];
        let is_word = !part.contains(char::is_whitespace);
        if is_word && part.len() > MAX_WORD {
            return;
        }
        let tokens = self.encode(part, options);
        let most = MAX_SOURCE_TOKENS.min(self.model.config().max_position_embeddings);
        if tokens.len() > most {
            // At least two parts, or it would not get shorter; a single character is far below the limit.
            let max_bytes = (part.len() * most / tokens.len()).clamp(4, part.len().div_ceil(2).max(4));
            for clause in segment::clauses(part, max_bytes) {
                self.cut(text, range.start + clause.start..range.start + clause.end, options, units);
            }
        } else if tokens.iter().any(|&token| self.tokenizer.has_letters(token)) {
            units.push((range, tokens));
        }
    }
}

impl<'a> Sentence<'a> {
    /// What the model is to translate now.
    pub(super) fn pending(&mut self) -> impl Iterator<Item = &mut Unit<'a>> {
        self.parts.iter_mut().filter_map(|part| match part {
            Part::Translate(unit) if unit.state == State::Pending => Some(unit),
            _ => None,
        })
    }

    pub(super) fn wants_alignment(&self) -> bool {
        self.options.alignment
    }

    /// Everything that the model translated.
    pub(super) fn units(&mut self) -> impl Iterator<Item = &mut Unit<'a>> {
        self.parts
            .iter_mut()
            .filter_map(|part| if let Part::Translate(unit) = part { Some(unit) } else { None })
    }

    /// Puts the pieces of units that could not be translated as a whole in their place.
    pub(super) fn split(&mut self, translator: &Translator) {
        let is_split = |part: &Part<'_>| matches!(part, Part::Translate(Unit { state: State::Split(_), .. }));
        if !self.parts.iter().any(is_split) {
            return;
        }
        for part in std::mem::take(&mut self.parts) {
            match &part {
                Part::Translate(unit @ Unit { state: State::Split(fault), .. }) => {
                    translator.split(unit, *fault, &mut self.parts);
                }
                _ => self.parts.push(part),
            }
        }
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
            alignment: if self.options.alignment { self.links() } else { Vec::new() },
            doubt: best.doubt,
        }
    }

    /// The largest number of translations that a unit has.
    fn found(&self) -> usize {
        let found = |part: &Part<'_>| if let Part::Translate(unit) = part { unit.found.len() } else { 0 };
        self.parts.iter().map(found).max().unwrap_or(0)
    }

    /// Which word became which in the best translation.
    fn links(&self) -> Vec<Link> {
        let (mut links, mut source, mut target) = (Vec::new(), 0, 0);
        for part in &self.parts {
            let (from, to, own) = match part {
                Part::Copy(copied) => (*copied, *copied, copied_links(copied)),
                Part::Span(span, rendered) => (
                    *span,
                    rendered.as_str(),
                    vec![Link { source: 0..span.len(), target: 0..rendered.len() }],
                ),
                Part::Translate(unit) => match unit.found.first() {
                    Some(found) => (unit.text, found.text.text.as_str(), unit.links.clone()),
                    None => (unit.text, unit.text, copied_links(unit.text)),
                },
            };
            links.extend(own.into_iter().map(|link| Link {
                source: link.source.start + source..link.source.end + source,
                target: link.target.start + target..link.target.end + target,
            }));
            source += from.len();
            target += to.len();
        }
        links
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
                Part::Span(_, rendered) => {
                    text.push_str(rendered);
                    continue;
                }
                Part::Translate(unit) => unit,
            };
            doubt = doubt.max(unit.doubt);
            // a model that says nothing has lost the sentence; the reader must not
            let Some(found) = unit.found.get(rank).or(unit.found.last()) else {
                text.push_str(unit.text);
                continue;
            };
            text.push_str(&found.text.text);
            let count = found.tokens.len() + 1;
            score += found.score * count as f32;
            tokens += count;
        }
        Joined { text, score: score / tokens.max(1) as f32, doubt }
    }
}

/// Every word of what is copied is its own translation.
fn copied_links(text: &str) -> Vec<Link> {
    let words = words(text).into_iter().filter_map(|word| bare(text, &word));
    words.map(|word| Link { source: word.clone(), target: word }).collect()
}

struct Joined {
    text: String,
    score: f32,
    doubt: Option<Doubt>,
}
