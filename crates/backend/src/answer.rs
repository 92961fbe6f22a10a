//! Puts what the engine says of a sentence into the form of the API.

use std::ops::Range;

use api::Span;

use crate::Sentence;

/// A sentence as the API gives it.
pub(crate) fn sentence(sentence: Sentence) -> api::Sentence {
    let engine::Translation { text, score, alternatives, alignment, doubt } = sentence.translation;
    let alternative =
        |other: engine::Alternative| api::Alternative { text: other.text, score: rounded(other.score) };
    let link = |link: engine::Link| api::Link { source: span(&link.source), target: span(&link.target) };
    api::Sentence {
        source: span(&sentence.source),
        text,
        score: rounded(score),
        alternatives: alternatives.into_iter().map(alternative).collect(),
        alignment: alignment.into_iter().map(link).collect(),
        doubt: doubt.map(self::doubt),
    }
}

fn span(range: &Range<usize>) -> Span {
    Span { start: range.start, end: range.end }
}

/// To four places: more would only lengthen the answer. JSON knows no infinity.
fn rounded(score: f32) -> f32 {
    const LEAST: f32 = -1e4;
    (score.max(LEAST) * 1e4).round() / 1e4
}

fn doubt(doubt: engine::Doubt) -> api::Doubt {
    match doubt {
        engine::Doubt::Length => api::Doubt::Length,
        engine::Doubt::Repetition => api::Doubt::Repetition,
        engine::Doubt::Cut => api::Doubt::Cut,
    }
}
