//! The languages of a translation, for the language tags in documents.

/// From which language into which a document is translated, as BCP 47 tags such as `de` and `en-GB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Languages {
    source: String,
    target: String,
}

impl Languages {
    /// From `source` into `target`.
    pub fn new(source: impl Into<String>, target: impl Into<String>) -> Self {
        Self { source: source.into(), target: target.into() }
    }

    /// What to write for a language tag: the target language where it names the source language, with or without a
    /// region.
    pub(crate) fn retag<'t>(&'t self, tag: &'t str) -> &'t str {
        if primary(tag).eq_ignore_ascii_case(primary(&self.source)) { &self.target } else { tag }
    }
}

fn primary(tag: &str) -> &str {
    tag.trim().split(['-', '_']).next().unwrap_or_default()
}
