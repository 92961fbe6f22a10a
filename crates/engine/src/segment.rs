//! Finds the sentences of a text.

use std::ops::Range;

/// The byte ranges of `text` that are to be translated, in order and not overlapping. Whatever lies between them
/// is to be copied as it is.
pub fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at + (line.len() - line.trim_start().len());
        let end = at + line.trim_end().len();
        at += line.len();
        (start < end).then_some(start..end)
    })
}
