//! Finds the sentences of a text, without losing a byte of it.
//!
//! What is returned are byte ranges of the text. Whatever lies between them (white space, line breaks, list markers,
//! table borders, numbers and addresses standing alone) needs no translation and is copied as it is.
//! The rules know German and English; other languages are split where their punctuation leaves no doubt.

mod abbreviations;
mod boundary;
mod chars;
mod clauses;
mod lines;
mod markers;
mod ordinals;
mod stops;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

pub use clauses::clauses;

/// How a text is cut into sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Takes a single line break inside a paragraph for a blank, as in texts wrapped at a fixed width. Ranges may
    /// then contain line breaks and indentation. Off: a line break always ends a sentence.
    pub join_wrapped_lines: bool,
}

/// The sentences of `text`, one line at a time: [`sentences_with`] the default [`Options`].
pub fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    sentences_with(text, Options::default())
}

/// The byte ranges of `text` that are to be translated: not empty, in order, not overlapping, on character
/// boundaries, each with a letter in it and without white space at its ends.
///
/// The iterator is lazy; its own memory does not grow with the text, and its time grows in proportion.
pub fn sentences_with(text: &str, options: Options) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut blocks = lines::Blocks::new(text, options.join_wrapped_lines);
    let mut block = 0..0;
    std::iter::from_fn(move || {
        loop {
            if block.is_empty() {
                block = blocks.next()?;
            }
            let start = markers::skip(text, block.clone());
            let end = boundary::sentence_end(&text[..block.end], start);
            block.start = end;
            let sentence = start..markers::trim_end(text, start..end);
            if chars::is_translatable(&text[sentence.clone()]) {
                return Some(sentence);
            }
        }
    })
}
