//! What a format parser makes of a document: its source and the stretches of it that are replaced.

use std::collections::HashMap;
use std::ops::Range;

use crate::place::Tag;
use crate::style::Style;

/// A document, or one part of an archive, ready to be translated.
#[derive(Debug)]
pub(crate) struct Skeleton {
    pub(crate) source: String,
    /// Sorted by where they start, outer ones before those inside their marks.
    pub(crate) slots: Vec<Slot>,
}

/// A stretch of the source that is replaced.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) range: Range<usize>,
    pub(crate) content: Content,
}

/// What a stretch is replaced by.
#[derive(Debug)]
pub(crate) enum Content {
    /// A translation.
    Text(Segment),
    /// A language tag: by that of the target language where it names the source language.
    Language,
    /// The country that goes with a language tag, as `OpenDocument` has it: by `none` where that changes. With the tag.
    Country(String),
    /// This, where the document is translated at all.
    Note(String),
}

/// A text to translate, with its markup taken out.
#[derive(Debug)]
pub(crate) struct Segment {
    /// Its number among those of the skeleton.
    pub(crate) ordinal: usize,
    pub(crate) text: String,
    /// In the order of the text.
    pub(crate) marks: Vec<Mark>,
    /// Where a line of the source ends without meaning: at which blank of the text, and how the source writes it.
    pub(crate) wraps: Vec<(usize, Range<usize>)>,
    /// How the source writes characters that it writes in a special way.
    pub(crate) spellings: HashMap<char, String>,
    pub(crate) style: Style,
}

/// Markup inside a segment.
#[derive(Debug)]
pub(crate) struct Mark {
    pub(crate) tag: Tag,
    pub(crate) raw: Raw,
    /// For content that is not translated: the stand-in for it in the text.
    pub(crate) stand_in: Option<Range<usize>>,
    /// For a change of character format: which of the formats of the style.
    pub(crate) format: Option<usize>,
}

/// Markup as it is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Raw {
    pub(crate) before: String,
    /// Bytes of the source.
    pub(crate) range: Range<usize>,
    pub(crate) after: String,
}

impl From<Range<usize>> for Raw {
    fn from(range: Range<usize>) -> Self {
        Self { before: String::new(), range, after: String::new() }
    }
}

impl Skeleton {
    /// Puts the slots in order and numbers the texts.
    pub(crate) fn new(source: String, mut slots: Vec<Slot>) -> Self {
        slots.sort_by_key(|slot| (slot.range.start, std::cmp::Reverse(slot.range.end)));
        let segments = slots.iter_mut().filter_map(|slot| match &mut slot.content {
            Content::Text(segment) => Some(segment),
            _ => None,
        });
        for (ordinal, segment) in segments.enumerate() {
            segment.ordinal = ordinal;
        }
        Self { source, slots }
    }

    /// The texts to translate.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().filter_map(|slot| match &slot.content {
            Content::Text(segment) => Some(segment.text.as_str()),
            _ => None,
        })
    }
}

impl Slot {
    /// A text written as it is, without markup; `None` if it has no letter.
    pub(crate) fn plain(source: &str, range: Range<usize>) -> Option<Self> {
        let whole = &source[range.clone()];
        let text = whole.trim();
        let start = range.start + whole.len() - whole.trim_start().len();
        let segment = Segment {
            ordinal: 0,
            text: text.to_owned(),
            marks: Vec::new(),
            wraps: Vec::new(),
            spellings: HashMap::new(),
            style: Style::Plain,
        };
        let range = start..start + text.len();
        text.chars().any(char::is_alphabetic).then_some(Self { range, content: Content::Text(segment) })
    }
}
