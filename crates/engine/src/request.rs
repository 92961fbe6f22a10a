//! What an engine is asked for, and what it answers. Data only.

use std::ops::Range;
use std::sync::Arc;

use crate::Glossary;

/// Most alternatives that one sentence can have.
pub const MAX_ALTERNATIVES: usize = 8;

/// A sentence to be translated.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The sentence.
    pub text: &'a str,
    /// What is wanted besides its translation.
    pub options: &'a RequestOptions,
}

/// What is wanted besides the plain translation, mostly the same for all sentences of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestOptions {
    /// Number of other translations, at most [`MAX_ALTERNATIVES`]; there may be fewer.
    pub alternatives: usize,
    /// Whether to tell which word became which.
    pub alignment: bool,
    /// Terms and their translations, before those of the engine. They alone change the translation.
    pub glossary: Option<Arc<Glossary>>,
    /// Language to translate into, by the code that a model of several target languages knows it by: `fr` if it has a
    /// token `>>fr<<`. `None` for models of one.
    pub target: Option<Arc<str>>,
}

/// One sentence, translated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Translation {
    /// The translation.
    pub text: String,
    /// Mean log-probability of its tokens: 0 is certain, below -1 is poor. 0 where nothing was to be translated.
    pub score: f32,
    /// Other translations, best first; none is equal to another or to `text`.
    pub alternatives: Vec<Alternative>,
    /// Which word became which, in the order of the translation. Words without a counterpart are in no link.
    pub alignment: Vec<Link>,
    /// What seems wrong with it although everything was tried.
    pub doubt: Option<Doubt>,
}

/// Another translation of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// The translation.
    pub text: String,
    /// As in [`Translation`].
    pub score: f32,
}

/// A word of the sentence and a word of its translation that mean the same: byte ranges without the punctuation around
/// the words. A word may be in several links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// In the sentence.
    pub source: Range<usize>,
    /// In the translation.
    pub target: Range<usize>,
}

/// What seems wrong with a translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// It is far longer or shorter than its source.
    Length,
    /// It says the same over and over where the source does not.
    Repetition,
    /// It has no end: what should follow is missing.
    Cut,
}
