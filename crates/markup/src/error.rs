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
        fault: Fault,
    },
    /// The document is larger than the limits allow, or made to become so.
    #[error("the file is too large: {0}")]
    TooLarge(Excess),
    /// The document contains what no honest one does.
    #[error("the file is refused: {0}")]
    Hostile(Trick),
    /// There are more or fewer translations than texts.
    #[error("the document has {texts} texts, but {translations} translations were given")]
    Count {
        /// How many texts the document has.
        texts: usize,
        /// How many translations came.
        translations: usize,
    },
}

/// What is wrong with a document that is an archive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is another kind of file.
    #[error("it is no zip archive ({0})")]
    NoArchive(String),
    /// It is in the format that office programs used before, or in that of encrypted documents.
    #[error("it has a password or is of an older version; save it anew, without a password")]
    OldOrEncrypted,
    /// Its content is encrypted.
    #[error("it is encrypted; save it without a password")]
    Encrypted,
    /// The archive cannot be read or written.
    #[error("{0}")]
    Damaged(String),
    /// A file that it must have is not there.
    #[error("it has no {0}")]
    Missing(&'static str),
    /// A file in it is no XML.
    #[error("{part}: it is not well-formed XML ({fault}, byte {at})")]
    Xml {
        /// The file.
        part: String,
        /// What the parser says.
        fault: String,
        /// Where, in bytes.
        at: u64,
    },
}

/// What is larger than allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Excess {
    /// The file itself.
    #[error("it has {size} bytes, and {most} are the most that is taken")]
    File {
        /// Its size in bytes.
        size: usize,
        /// The most that is taken.
        most: usize,
    },
    /// The number of files in it.
    #[error("it holds {count} files, and {most} are the most that is taken")]
    Entries {
        /// Their number.
        count: usize,
        /// The most that is taken.
        most: usize,
    },
    /// All that is in it, unpacked.
    #[error("it has {size} bytes unpacked, and {most} are the most that is taken")]
    Unpacked {
        /// The size in bytes.
        size: u64,
        /// The most that is taken.
        most: u64,
    },
    /// What becomes of a file in it.
    #[error("{part} grows more than {most} times when unpacked")]
    Ratio {
        /// The file.
        part: String,
        /// How many times a file may grow.
        most: u64,
    },
    /// Its markup.
    #[error("it has more than {most} tags or lines; divide it")]
    Markup {
        /// The most that is taken.
        most: usize,
    },
    /// All its texts together.
    #[error("it has {size} bytes of text, and {most} are the most that is taken")]
    Text {
        /// Their size in bytes.
        size: usize,
        /// The most that is taken.
        most: usize,
    },
    /// A paragraph.
    #[error("a paragraph in it has more than {most} bytes; divide it")]
    Paragraph {
        /// The most that is taken.
        most: usize,
    },
    /// A file in it, against what the archive says.
    #[error("a file in it is larger than it says")]
    Undeclared,
}

/// What no honest document contains.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trick {
    /// The same bytes are in several files.
    #[error("files in it share their bytes")]
    SharedBytes,
    /// A file that would be unpacked elsewhere.
    #[error("it holds a file outside of it: {0:?}")]
    Outside(String),
    /// Two files of one name.
    #[error("two files in it have the same name")]
    SameName,
    /// Entities that may grow when they are expanded.
    #[error("{0}: it defines entities of its own, which are not expanded")]
    Entities(String),
    /// Elements in elements without end.
    #[error("{0}: its elements are nested too deep")]
    Depth(String),
}
