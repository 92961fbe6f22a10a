//! What can be wrong with a document.

/// Why a document cannot be translated. Every message says what is wrong and, where something helps, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The format is not one of ours.
    #[error("{name} is not a format that can be translated; these are: {}", crate::Format::NAMES)]
    UnknownFormat {
        /// What it was called.
        name: String,
    },
    /// The document is not of the format it is said to be, or is damaged.
    #[error("this is no valid {format} file: {fault}")]
    Invalid {
        /// The format, such as `.docx`.
        format: &'static str,
        /// What is wrong with it.
        fault: String,
    },
    /// The document is larger than the limits allow, or made to become so.
    #[error("the file is too large: {0}")]
    TooLarge(String),
    /// The document contains what no honest one does.
    #[error("the file is refused: {0}")]
    Hostile(String),
    /// There are more or fewer translations than texts.
    #[error("the document has {texts} texts, but {translations} translations were given")]
    Count {
        /// How many texts the document has.
        texts: usize,
        /// How many translations came.
        translations: usize,
    },
}
