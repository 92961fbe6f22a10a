//! A sentence or a part of one as the model takes it, and what is tried with it until its translation is sound: with
//! stand-ins for what the model does not copy, more carefully, and at last in shorter pieces.

use std::ops::Range;

use super::Translator;
use crate::decode::Output;
use crate::mapped::Mapped;
use crate::protect::{self, FAMILIES, Masked, Span};
use crate::{Doubt, Link, RequestOptions, capitals, check, segment};

/// How often a sentence is split in search of pieces that the model can translate.
pub(super) const MAX_DEPTH: usize = 3;

/// Fewest words of what is split into clauses.
const MIN_WORDS: usize = 4;

/// A sentence or a part of one.
pub(super) struct Unit<'a> {
    pub(super) text: &'a str,
    pub(super) spans: Vec<Span>,
    /// Whether it is in capitals altogether.
    shouted: bool,
    /// Whether it is torn out of a sentence, so that neither a capital nor a full stop is to be added.
    pub(super) fragment: bool,
    /// How often its sentence was split so far.
    pub(super) depth: usize,
    pub(super) options: &'a RequestOptions,
    /// The stand-ins, if there are any: their family and the text with them.
    masked: Option<(usize, Masked)>,
    /// Whether repetitions are forbidden and the search is wide.
    pub(super) careful: bool,
    /// What the model is given.
    pub(super) tokens: Vec<u32>,
    pub(super) state: State,
    /// Its translations, best first, once it is done; none if the model says nothing.
    pub(super) found: Vec<Found>,
    /// What seems wrong with the first of them.
    pub(super) doubt: Option<Doubt>,
    /// Which of its words became which of the first of them, if that was asked for.
    pub(super) links: Vec<Link>,
}

/// How far a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It is to be translated.
    Pending,
    Done,
    /// It is to be split: around its spans, or into clauses.
    Split(Fault),
}

/// Why a translation is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A span is missing.
    Lost,
    Doubtful(Doubt),
}

/// A translation of a unit.
pub(super) struct Found {
    /// Made of what the model said.
    pub(super) text: Mapped,
    /// Mean log-probability of its tokens, the end included.
    pub(super) score: f32,
    /// What the model said, without the end.
    pub(super) tokens: Vec<u32>,
}

impl Unit<'_> {
    /// Equal units are translated once: how much work it is, and which.
    pub(super) fn work(&self) -> (usize, &[u32], bool, usize) {
        (self.tokens.len(), &self.tokens, self.careful, self.options.alternatives)
    }

    /// What the model is given, apart from its letters' case.
    pub(super) fn input(&self) -> &str {
        self.masked.as_ref().map_or(self.text, |(_, masked)| &masked.input.text)
    }

    /// Where a piece of the input stands in the unit.
    pub(super) fn to_source(&self, range: &Range<usize>) -> Range<usize> {
        self.masked.as_ref().map_or(range.clone(), |(_, masked)| masked.input.to_old(range))
    }
}

impl Translator {
    /// A unit for `text`, whose tokens are known; `whole` is the unit that it is torn out of, if it is.
    pub(super) fn unit<'a>(
        &self,
        text: &'a str,
        tokens: Vec<u32>,
        options: &'a RequestOptions,
        whole: Option<&Unit<'_>>,
    ) -> Unit<'a> {
        let mut spans = protect::spans(text, |c| self.tokenizer.knows(c));
        for glossary in self.glossary.as_deref().into_iter().chain(options.glossary.as_deref()) {
            let terms = glossary.find(text).into_iter();
            protect::add_terms(&mut spans, terms.map(|found| (found.range, found.target.to_owned())));
        }
        let mut unit = Unit {
            text,
            shouted: whole.map_or_else(|| capitals::are_all(text), |whole| whole.shouted),
            fragment: whole.is_some(),
            depth: whole.map_or(0, |whole| whole.depth + 1),
            options,
            masked: None,
            careful: false,
            tokens,
            state: State::Pending,
            found: Vec::new(),
            doubt: None,
            links: Vec::new(),
            spans,
        };
        let fragile = unit.spans.iter().any(|span| span.is_fragile(text));
        if fragile || unit.shouted && !unit.spans.is_empty() {
            self.mask(&mut unit, 0);
        } else if unit.shouted {
            self.tokenize(&mut unit);
        }
        unit
    }

    /// Takes the stand-ins of this family.
    fn mask(&self, unit: &mut Unit<'_>, family: usize) {
        unit.masked = Some((family, Masked::new(unit.text, &unit.spans, family, self.locale)));
        self.tokenize(unit);
    }

    fn tokenize(&self, unit: &mut Unit<'_>) {
        let input = unit.input();
        unit.tokens = if unit.shouted {
            let lowered = capitals::lowered(input, |word| self.tokenizer.likelihood(word));
            self.encode(&lowered, unit.options)
        } else {
            self.encode(input, unit.options)
        };
    }

    /// The tokens of a text, before them that of the target language if one is to be told.
    pub(super) fn encode(&self, text: &str, options: &RequestOptions) -> Vec<u32> {
        let language = options.target.as_deref().and_then(|code| self.tokenizer.language(code));
        language.into_iter().chain(self.tokenizer.encode(text)).collect()
    }

    /// Takes the translations found, or sees to it that something else is tried.
    pub(super) fn judge(&self, unit: &mut Unit<'_>, outputs: &[Output]) {
        let fault = match self.read(unit, &outputs[0]) {
            Ok(best) => {
                let others = if unit.options.alternatives > 0 { &outputs[1..] } else { &[] };
                let others = others.iter().filter_map(|output| self.read(unit, output).ok());
                unit.found = std::iter::once(best).chain(others).collect();
                unit.state = State::Done;
                return;
            }
            Err(fault) => fault,
        };
        if self.try_another_way(unit, fault) {
            return;
        }
        let can_split = !unit.spans.is_empty() || unit.depth < MAX_DEPTH && clauses(unit.text).len() > 1;
        if can_split {
            unit.state = State::Split(fault);
            return;
        }
        let Fault::Doubtful(doubt) = fault else { unreachable!("what is lost is in a span") };
        unit.state = State::Done;
        unit.doubt = Some(doubt);
        let text = self.worded(unit, &outputs[0]);
        if !text.is_empty() {
            let text = if unit.shouted { capitals::raised(&text) } else { text };
            unit.found.push(Found::new(Mapped::of(&text), &outputs[0]));
        }
    }

    /// Whether there is another way to translate the unit as a whole.
    fn try_another_way(&self, unit: &mut Unit<'_>, fault: Fault) -> bool {
        match fault {
            Fault::Doubtful(_) if unit.careful => return false,
            Fault::Doubtful(_) => unit.careful = true,
            Fault::Lost => {
                let family = unit.masked.as_ref().map_or(0, |(family, _)| family + 1);
                if family == FAMILIES {
                    return false;
                }
                self.mask(unit, family);
            }
        }
        true
    }

    /// The text of an output with everything in its place, or what is wrong with it.
    fn read(&self, unit: &Unit<'_>, output: &Output) -> Result<Found, Fault> {
        let text = self.worded(unit, output);
        let input = unit.input();
        if let Some(doubt) = check::doubt((&unit.tokens, input), (&output.tokens, &text), output.cut) {
            return Err(Fault::Doubtful(doubt));
        }
        let as_is = |text: &str| if unit.shouted { capitals::raised(text) } else { text.to_owned() };
        let text = match &unit.masked {
            Some((_, masked)) => masked.restored(&text, as_is).ok_or(Fault::Lost)?,
            None if unit.spans.is_empty() => Mapped::of(&as_is(&text)),
            None if !protect::survive(unit.text, &unit.spans, &text, self.locale) => return Err(Fault::Lost),
            None => protect::localised(unit.text, &unit.spans, &as_is(&text), self.locale),
        };
        Ok(Found::new(text, output))
    }

    /// The text of tokens. Models say two blanks where they mean one.
    pub(super) fn said(&self, tokens: &[u32]) -> String {
        let text = self.tokenizer.decode(tokens);
        text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The text of an output, as a part of a sentence if it is one.
    fn worded(&self, unit: &Unit<'_>, output: &Output) -> String {
        let mut text = self.said(&output.tokens);
        if !unit.fragment {
            return text;
        }
        if text.ends_with('.') && !unit.text.ends_with(['.', '!', '?', '…', ':']) {
            text.pop();
            // there may be one before the stop
            text.truncate(text.trim_end().len());
        }
        let mut letters = text.chars();
        let (first, second) = (letters.next(), letters.next());
        if let (Some(first), Some(second)) = (first, second)
            && unit.text.starts_with(char::is_lowercase)
            && first.is_ascii_uppercase()
            && second.is_lowercase()
        {
            text.replace_range(..1, &first.to_ascii_lowercase().to_string());
        }
        text
    }
}

impl Found {
    fn new(text: Mapped, output: &Output) -> Self {
        Self { text, score: output.score, tokens: output.tokens.clone() }
    }
}

/// The clauses of a text that is to be translated in shorter pieces.
pub(super) fn clauses(text: &str) -> Vec<Range<usize>> {
    if text.split_whitespace().count() < MIN_WORDS {
        Vec::new()
    } else {
        segment::clauses(text, text.len() * 2 / 3)
    }
}
