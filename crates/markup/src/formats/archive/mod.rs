//! Documents that are archives of XML files.
//!
//! Nothing is unpacked to disk, entries are read within the limits only, archives inside the archive are not opened,
//! and everything that is not translated is copied as it is packed.

mod docx;
mod epub;
mod odt;
mod properties;
#[cfg(test)]
mod tests;

use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::tags::XmlFault;
use crate::encoding::{Encoded, decode};
use crate::render::render;
use crate::segment::{Skeleton, Slot};
use crate::{Error, Excess, Fault, Format, Languages, Limits, Translated, Trick};

/// The entry that tells the format of an `OpenDocument` file or an e-book. It comes first and is not compressed.
const MIMETYPE: &str = "mimetype";

/// How files begin that office programs wrote before, and now write around encrypted ones.
const COMPOUND_FILE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// An archive and those of its files that are translated.
#[derive(Debug)]
pub(crate) struct Archive {
    format: Format,
    bytes: Vec<u8>,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    /// Its index in the archive.
    entry: usize,
    skeleton: Skeleton,
    encoded: Encoded,
}

/// How a file of an archive is parsed.
type Parser = fn(&str, &Limits) -> Result<Vec<Slot>, XmlFault>;

impl Archive {
    pub(crate) fn parse(format: Format, bytes: Vec<u8>, limits: &Limits) -> Result<Self, Error> {
        let mut archive = open(format, &bytes)?;
        let names = check(format, &mut archive, bytes.len(), limits)?;
        let (find, main): (fn(&str) -> Option<Parser>, &'static str) = match format {
            Format::Docx => (docx::parser, "word/document.xml"),
            Format::Odt => (odt::parser, "content.xml"),
            _ => (epub::parser, "META-INF/container.xml"),
        };
        let mut left = limits.unpacked;
        if is_encrypted(format, &mut archive, &names, &mut left)? {
            return Err(invalid(format, Fault::Encrypted));
        }
        if !names.iter().any(|name| name == main) {
            return Err(invalid(format, Fault::Missing(main)));
        }
        let mut parts = Vec::new();
        let mut markup = limits.markup;
        for (entry, name) in names.iter().enumerate() {
            let Some(parser) = find(name) else { continue };
            let content = read(format, &mut archive, entry, &mut left)?;
            let (source, encoded) = decode(&content, None);
            limits.count_markup(format, &source, &mut markup)?;
            let slots = parser(&source, limits).map_err(|fault| match fault {
                XmlFault::Malformed { fault, at } => {
                    invalid(format, Fault::Xml { part: name.clone(), fault, at })
                }
                XmlFault::Entities => Error::Hostile(Trick::Entities(name.clone())),
                XmlFault::TooDeep => Error::Hostile(Trick::Depth(name.clone())),
            })?;
            parts.push(Part { entry, skeleton: Skeleton::new(source, slots), encoded });
        }
        Ok(Self { format, bytes, parts })
    }

    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().flat_map(|part| part.skeleton.texts())
    }

    pub(crate) fn render(
        &self,
        translations: &[Translated],
        languages: &Languages,
    ) -> Result<Vec<u8>, Error> {
        let failed = |error: &dyn std::fmt::Display| damaged(self.format, error);
        let mut archive = open(self.format, &self.bytes)?;
        let mut order: Vec<usize> = (0..archive.len()).collect();
        let mimetype = archive.index_for_name(MIMETYPE);
        order.sort_by_key(|&entry| mimetype != Some(entry));
        let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(self.bytes.len())));
        let mut used = vec![0; self.parts.len()];
        let mut first = 0;
        for (part, used) in self.parts.iter().zip(&mut used) {
            *used = first;
            first += part.skeleton.texts().count();
        }
        for entry in order {
            let part = self.parts.binary_search_by_key(&entry, |part| part.entry).ok();
            let written = part.and_then(|part| {
                let Part { skeleton, encoded, .. } = &self.parts[part];
                let text = render(skeleton, &translations[used[part]..], languages);
                (text != skeleton.source).then(|| encoded.encode(&text).unwrap_or_else(|| text.into_bytes()))
            });
            let packed_mimetype = mimetype == Some(entry)
                && archive
                    .by_index_raw(entry)
                    .is_ok_and(|file| file.compression() != CompressionMethod::Stored);
            let content = match written {
                None if packed_mimetype => {
                    Some(read(self.format, &mut archive, entry, &mut u64::from(u16::MAX))?)
                }
                written => written,
            };
            let file = archive.by_index_raw(entry).map_err(|error| failed(&error))?;
            let Some(content) = content else {
                writer.raw_copy_file(file).map_err(|error| failed(&error))?;
                continue;
            };
            let method = match file.compression() {
                _ if packed_mimetype => CompressionMethod::Stored,
                CompressionMethod::Stored => CompressionMethod::Stored,
                _ => CompressionMethod::Deflated,
            };
            let mut options = SimpleFileOptions::default().compression_method(method);
            if let Some(time) = file.last_modified() {
                options = options.last_modified_time(time);
            }
            let name = file.name().map_err(|error| failed(&error))?.into_owned();
            writer.start_file(name, options).map_err(|error| failed(&error))?;
            writer.write_all(&content).map_err(|error| failed(&error))?;
        }
        Ok(writer.finish().map_err(|error| failed(&error))?.into_inner())
    }
}

fn invalid(format: Format, fault: Fault) -> Error {
    Error::Invalid { format: format.extension(), fault }
}

fn damaged(format: Format, error: &dyn std::fmt::Display) -> Error {
    invalid(format, Fault::Damaged(error.to_string()))
}

fn open(format: Format, bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, Error> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
        let encrypted = bytes.starts_with(COMPOUND_FILE);
        let fault = if encrypted { Fault::OldOrEncrypted } else { Fault::NoArchive(error.to_string()) };
        invalid(format, fault)
    })
}

/// Whether the files of the archive are encrypted one by one, as these formats do it. Fonts alone may be, by methods of
/// their own, in e-books that anyone can read.
fn is_encrypted(
    format: Format,
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    names: &[String],
    left: &mut u64,
) -> Result<bool, Error> {
    let (list, mark) = match format {
        Format::Odt => ("META-INF/manifest.xml", "encryption-data"),
        Format::Epub => ("META-INF/encryption.xml", "http://www.w3.org/2001/04/xmlenc#aes"),
        _ => return Ok(false),
    };
    let Some(entry) = names.iter().position(|name| name == list) else { return Ok(false) };
    let content = read(format, archive, entry, left)?;
    Ok(content.windows(mark.len()).any(|window| window == mark.as_bytes()))
}

/// The names of the entries, if the archive is an honest one within the limits.
fn check(
    format: Format,
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    size: usize,
    limits: &Limits,
) -> Result<Vec<String>, Error> {
    if archive.len() > limits.entries {
        return Err(Error::TooLarge(Excess::Entries { count: archive.len(), most: limits.entries }));
    }
    if archive.has_overlapping_files().map_err(|error| damaged(format, &error))? {
        return Err(Error::Hostile(Trick::SharedBytes));
    }
    let (mut packed, mut unpacked) = (0_u64, 0_u64);
    let mut names = Vec::with_capacity(archive.len());
    for entry in 0..archive.len() {
        let file = archive.by_index_raw(entry).map_err(|error| damaged(format, &error))?;
        let name = file.name().map_err(|error| damaged(format, &error))?.into_owned();
        let backwards = name.contains('\\') || name.contains('\0');
        if backwards
            || name.starts_with('/')
            || file.enclosed_name().is_none()
            || name.split('/').any(|part| part == "..")
        {
            return Err(Error::Hostile(Trick::Outside(name)));
        }
        if file.encrypted() {
            return Err(invalid(format, Fault::Encrypted));
        }
        packed = packed.saturating_add(file.compressed_size());
        unpacked = unpacked.saturating_add(file.size());
        if file.size() > 1 << 20 && file.size() / file.compressed_size().max(1) > limits.ratio {
            return Err(Error::TooLarge(Excess::Ratio { part: name, most: limits.ratio }));
        }
        names.push(name);
    }
    if unpacked > limits.unpacked {
        return Err(Error::TooLarge(Excess::Unpacked { size: unpacked, most: limits.unpacked }));
    }
    if packed > size as u64 {
        return Err(Error::Hostile(Trick::SharedBytes));
    }
    if archive.has_duplicate_names() {
        return Err(Error::Hostile(Trick::SameName));
    }
    Ok(names)
}

/// Reads an entry, of which no more may come than it says it has and than is `left`.
fn read(
    format: Format,
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    entry: usize,
    left: &mut u64,
) -> Result<Vec<u8>, Error> {
    let file = archive.by_index(entry).map_err(|error| damaged(format, &error))?;
    let declared = file.size();
    let most = declared.min(*left);
    let mut content = Vec::new();
    file.take(most + 1).read_to_end(&mut content).map_err(|error| damaged(format, &error))?;
    if content.len() as u64 > most {
        return Err(Error::TooLarge(Excess::Undeclared));
    }
    *left -= content.len() as u64;
    Ok(content)
}
