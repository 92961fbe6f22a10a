//! A document between parsing and writing.

use crate::encoding::{Encoded, decode};
use crate::formats::{archive, html, markdown, po, subtitles, text};
use crate::render::render;
use crate::segment::Skeleton;
use crate::{Error, Excess, Format, Languages, Limits, Translated};

/// How a document is parsed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// How large it may be.
    pub limits: Limits,
    /// For plain text: takes a single line break for a blank, as in texts wrapped at a fixed width, and wraps the
    /// translation likewise.
    pub join_wrapped_lines: bool,
}

/// A document whose texts can be translated.
#[derive(Debug)]
pub struct Document {
    format: Format,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Text(Skeleton, Encoded),
    Archive(archive::Archive),
}

impl Document {
    /// Takes a document apart.
    pub fn parse(format: Format, bytes: Vec<u8>, options: &Options) -> Result<Self, Error> {
        let limits = &options.limits;
        if bytes.len() > limits.file {
            return Err(Error::TooLarge(Excess::File { size: bytes.len(), most: limits.file }));
        }
        if matches!(format, Format::Docx | Format::Odt | Format::Epub) {
            let archive = archive::Archive::parse(format, bytes, limits)?;
            limits.check_texts(format, archive.texts())?;
            return Ok(Self { format, body: Body::Archive(archive) });
        }
        let declared = match format {
            Format::Html => html::declared_charset(&bytes),
            Format::Po => po::declared_charset(&bytes),
            _ => None,
        };
        let (source, encoded) = decode(&bytes, declared.as_deref());
        let mut markup = limits.markup;
        limits.count_markup(format, &source, &mut markup)?;
        let skeleton = match format {
            Format::Markdown => markdown::parse(source),
            Format::Html => html::parse(source),
            Format::Srt => subtitles::parse(source, false),
            Format::Vtt => subtitles::parse(source, true),
            Format::Po => po::parse(source),
            _ => text::parse(source, options.join_wrapped_lines),
        };
        limits.check_texts(format, skeleton.texts())?;
        Ok(Self { format, body: Body::Text(skeleton, encoded) })
    }

    /// The texts to translate, in order. A text may hold several sentences; a line break in it ends one. Stand-ins for
    /// what is not translated look like `{{1}}` and are to be kept in the translation.
    pub fn texts(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match &self.body {
            Body::Text(skeleton, _) => Box::new(skeleton.texts()),
            Body::Archive(archive) => Box::new(archive.texts()),
        }
    }

    /// Writes the document with its translations, one for each of the [`texts`](Self::texts).
    ///
    /// The encoding stays; what it lacks is written as a character reference in HTML and makes other formats UTF-8.
    pub fn render(&self, translations: &[Translated], languages: &Languages) -> Result<Vec<u8>, Error> {
        let texts = self.texts().count();
        if texts != translations.len() {
            return Err(Error::Count { texts, translations: translations.len() });
        }
        match &self.body {
            Body::Archive(archive) => archive.render(translations, languages),
            Body::Text(skeleton, encoded) => {
                let text = render(skeleton, translations, languages);
                Ok(match self.format {
                    Format::Html => encoded.encode_html(&text),
                    _ => {
                        encoded.encode(&text).unwrap_or_else(|| po::redeclare(self.format, text).into_bytes())
                    }
                })
            }
        }
    }
}
