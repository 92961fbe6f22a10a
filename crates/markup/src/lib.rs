//! Translates documents and gives them back as they were, all but the words.
//!
//! A [`Document`] is parsed into texts without markup; whoever calls translates them; [`Document::render`] writes the
//! document again. Tags inside a text are placed in its translation by the word alignment. What is not translated is
//! copied byte for byte: code, formulas, link targets, time codes, comments, styles, and every text that comes back
//! unchanged.
//!
//! No HTTP, no threads, no engine: a pure library that takes bytes and gives bytes. Documents are not trusted:
//! malformed ones survive or are refused with a clear [`Error`], as are archives that grow beyond the [`Limits`].
//!
//! | format | translated | left alone |
//! |---|---|---|
//! | text | lines, or paragraphs if lines are joined | |
//! | Markdown | paragraphs, headings, list items, cells, image descriptions, HTML | code, link targets, front matter, formulas |
//! | HTML | text, `alt`, `title`, `placeholder`, labels, descriptions | `code`, `pre`, `script`, `style`, `math`, `translate="no"` |
//! | subtitles | cues; sentences over several cues of one speaker | time codes, numbers, notes, styles |
//! | message catalogues | untranslated messages, which become fuzzy | `msgid`, comments, translated and obsolete messages |
//! | .docx, .odt | paragraphs wherever they are, descriptions, title | fields, deleted text, styles |
//! | .epub | the pages, the table of contents, title and description | everything else |

mod assembly;
mod builder;
mod document;
mod encoding;
mod error;
mod format;
mod formats;
mod language;
mod limits;
mod links;
mod place;
mod render;
mod segment;
mod style;
#[cfg(test)]
mod testing;
mod tokens;

use std::ops::Range;

pub use assembly::Assembly;
pub use document::{Document, Options};
pub use error::{Error, Excess, Fault, Trick};
pub use format::Format;
pub use language::Languages;
pub use limits::Limits;

pub(crate) use formats::po;

/// A text, translated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translated {
    /// The translation. If it is empty, the text stays as it is.
    pub text: String,
    /// Which words go together; may be incomplete or empty.
    pub alignment: Vec<Link>,
}

/// Words that go together: byte ranges of a text and of its translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// In the text.
    pub source: Range<usize>,
    /// In the translation.
    pub target: Range<usize>,
}
