//! How large a document may be.

use crate::{Error, Excess, Format};

/// Limits on what a document may make us read. They guard against documents made to fill the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of the file itself.
    pub file: usize,
    /// The most bytes that everything in an archive may have unpacked.
    pub unpacked: u64,
    /// The most files in an archive.
    pub entries: usize,
    /// How many times larger than packed a file of more than a megabyte may be. Office documents reach 50.
    pub ratio: u64,
    /// How deep elements may be nested in XML.
    pub depth: usize,
    /// The most tags; lines and signs of markup in other formats. Each may take 600 bytes of memory at some time.
    pub markup: usize,
    /// The most bytes of all texts together.
    pub text: usize,
    /// The most bytes of a paragraph with markup in it. Each may take 75 bytes of memory at some time.
    pub paragraph: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 64 << 20,
            unpacked: 256 << 20,
            entries: 10_000,
            ratio: 250,
            depth: 256,
            markup: 4_000_000,
            text: 128 << 20,
            paragraph: 4 << 20,
        }
    }
}

impl Limits {
    /// Counts the markup of a document, or of a part of one, off what is `left`.
    pub(crate) fn count_markup(&self, format: Format, source: &str, left: &mut usize) -> Result<(), Error> {
        let signs: &[u8] = match format {
            Format::Text | Format::Po => b"\n",
            Format::Srt | Format::Vtt => b"\n<",
            Format::Markdown => b"\n<*_~`[|$",
            Format::Html | Format::Docx | Format::Odt | Format::Epub => b"<",
        };
        let count = source.bytes().filter(|byte| signs.contains(byte)).count();
        *left = left.checked_sub(count).ok_or(Error::TooLarge(Excess::Markup { most: self.markup }))?;
        Ok(())
    }

    /// Refuses a document with too much text, or with a text that is too long for tags to be placed in it.
    pub(crate) fn check_texts<'t>(
        &self,
        format: Format,
        texts: impl Iterator<Item = &'t str>,
    ) -> Result<(), Error> {
        let mut all = 0;
        for text in texts {
            all += text.len();
            // in plain text there is nothing to place
            if text.len() > self.paragraph && format != Format::Text {
                return Err(Error::TooLarge(Excess::Paragraph { most: self.paragraph }));
            }
        }
        if all > self.text {
            return Err(Error::TooLarge(Excess::Text { size: all, most: self.text }));
        }
        Ok(())
    }
}
