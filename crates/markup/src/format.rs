//! The formats and how they are recognised.

use crate::Error;

/// A format of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown (`CommonMark`, with tables, footnotes, formulas and front matter).
    Markdown,
    /// HTML.
    Html,
    /// Subtitles in `SubRip`.
    Srt,
    /// Subtitles in `WebVTT`.
    Vtt,
    /// A gettext message catalogue.
    Po,
    /// A Word document (Office Open XML).
    Docx,
    /// An `OpenDocument` text.
    Odt,
    /// An e-book.
    Epub,
}

/// Each format with its extensions, the usual one first, and its media types, the registered one first.
const FORMATS: [(Format, &[&str], &[&str]); 9] = [
    (Format::Text, &[".txt", ".text"], &["text/plain"]),
    (Format::Markdown, &[".md", ".markdown"], &["text/markdown", "text/x-markdown"]),
    (Format::Html, &[".html", ".htm", ".xhtml"], &["text/html", "application/xhtml+xml"]),
    (Format::Srt, &[".srt"], &["application/x-subrip", "text/srt"]),
    (Format::Vtt, &[".vtt"], &["text/vtt"]),
    (Format::Po, &[".po", ".pot"], &["text/x-gettext-translation", "text/x-po"]),
    (Format::Docx, &[".docx"], &["application/vnd.openxmlformats-officedocument.wordprocessingml.document"]),
    (Format::Odt, &[".odt"], &["application/vnd.oasis.opendocument.text"]),
    (Format::Epub, &[".epub"], &["application/epub+zip"]),
];

impl Format {
    /// The usual extensions of all formats, for people.
    pub const NAMES: &'static str = ".txt, .md, .html, .srt, .vtt, .po, .docx, .odt, .epub";

    /// The format of a file with this name.
    pub fn from_file_name(name: &str) -> Result<Self, Error> {
        let lower = name.to_ascii_lowercase();
        let found =
            FORMATS.iter().find(|(_, extensions, _)| extensions.iter().any(|end| lower.ends_with(end)));
        found.map(|(format, ..)| *format).ok_or_else(|| match lower.rsplit_once('.') {
            Some((_, extension)) => unknown(format!(".{extension}")),
            None => unknown("a file without an extension".to_owned()),
        })
    }

    /// The format with this media type; parameters such as the charset do not matter.
    pub fn from_media_type(media_type: &str) -> Result<Self, Error> {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let found = FORMATS.iter().find(|(_, _, types)| types.contains(&essence.as_str()));
        found.map(|(format, ..)| *format).ok_or_else(|| unknown(format!("the media type {essence:?}")))
    }

    /// The extensions of all formats, with their dots.
    pub fn extensions() -> impl Iterator<Item = &'static str> {
        FORMATS.iter().flat_map(|(_, extensions, _)| extensions.iter().copied())
    }

    /// The usual extension, with its dot.
    pub fn extension(self) -> &'static str {
        self.entry().1[0]
    }

    /// The registered media type.
    pub fn media_type(self) -> &'static str {
        self.entry().2[0]
    }

    fn entry(self) -> &'static (Format, &'static [&'static str], &'static [&'static str]) {
        &FORMATS[self as usize]
    }
}

fn unknown(name: String) -> Error {
    Error::UnknownFormat { name }
}

#[cfg(test)]
mod tests {
    use super::{FORMATS, Format};

    #[test]
    fn formats_are_known_by_name_and_media_type() {
        for (index, (format, ..)) in FORMATS.iter().enumerate() {
            assert_eq!(*format as usize, index, "the table is in the order of the type");
            assert_eq!(Format::from_file_name(&format!("Brief.v2{}", format.extension())), Ok(*format));
            assert_eq!(Format::from_media_type(format.media_type()), Ok(*format));
        }
        assert_eq!(Format::from_file_name("INDEX.HTM"), Ok(Format::Html));
        assert_eq!(Format::from_media_type("text/html; charset=latin1"), Ok(Format::Html));
        let error = Format::from_file_name("scan.pdf").unwrap_err().to_string();
        assert!(error.starts_with(".pdf is not a format") && error.contains(".docx"), "{error}");
    }
}
