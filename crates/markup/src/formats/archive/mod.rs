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
use crate::{Error, Format, Languages, Limits, Translated};

/// The entry that tells the format of an `OpenDocument` file or an e-book. It comes first and is not compressed.
const MIMETYPE: &str = "mimetype";

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
        let (find, main): (fn(&str) -> Option<Parser>, &str) = match format {
            Format::Docx => (docx::parser, "word/document.xml"),
            Format::Odt => (odt::parser, "content.xml"),
            _ => (epub::parser, "META-INF/container.xml"),
        };
        if !names.iter().any(|name| name == main) {
            return Err(invalid(format, format!("it has no {main}")));
        }
        let mut parts = Vec::new();
        let mut left = limits.unpacked;
        for (entry, name) in names.iter().enumerate() {
            let Some(parser) = find(name) else { continue };
            let content = read(format, &mut archive, entry, &mut left)?;
            let (source, encoded) = decode(&content, None);
            let slots = parser(&source, limits).map_err(|fault| match fault {
                XmlFault::Malformed { .. } => invalid(format, format!("{name}: {fault}")),
                _ => Error::Hostile(format!("{name}: {fault}")),
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
        let failed = |error: &dyn std::fmt::Display| invalid(self.format, error.to_string());
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

fn invalid(format: Format, fault: String) -> Error {
    Error::Invalid { format: format.extension(), fault }
}

fn open(format: Format, bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, Error> {
    ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| invalid(format, format!("it is no zip archive ({error})")))
}

/// The names of the entries, if the archive is an honest one within the limits.
fn check(
    format: Format,
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    size: usize,
    limits: &Limits,
) -> Result<Vec<String>, Error> {
    if archive.len() > limits.entries {
        let (count, most) = (archive.len(), limits.entries);
        return Err(Error::TooLarge(format!(
            "it holds {count} files, and {most} are the most that is taken"
        )));
    }
    if archive.has_overlapping_files().map_err(|error| invalid(format, error.to_string()))? {
        return Err(Error::Hostile("files in it share their bytes".to_owned()));
    }
    let (mut packed, mut unpacked) = (0_u64, 0_u64);
    let mut names = Vec::with_capacity(archive.len());
    for entry in 0..archive.len() {
        let file = archive.by_index_raw(entry).map_err(|error| invalid(format, error.to_string()))?;
        let name = file.name().map_err(|error| invalid(format, error.to_string()))?.into_owned();
        let backwards = name.contains('\\') || name.contains('\0');
        if backwards
            || name.starts_with('/')
            || file.enclosed_name().is_none()
            || name.split('/').any(|part| part == "..")
        {
            return Err(Error::Hostile(format!("it holds a file outside of it: {name:?}")));
        }
        if file.encrypted() {
            return Err(invalid(format, "it is encrypted; save it without a password".to_owned()));
        }
        packed = packed.saturating_add(file.compressed_size());
        unpacked = unpacked.saturating_add(file.size());
        if file.size() > 1 << 20 && file.size() / file.compressed_size().max(1) > limits.ratio {
            return Err(Error::TooLarge(format!(
                "{name} grows more than {} times when unpacked",
                limits.ratio
            )));
        }
        names.push(name);
    }
    if unpacked > limits.unpacked {
        let most = limits.unpacked;
        return Err(Error::TooLarge(format!(
            "it has {unpacked} bytes unpacked, and {most} are the most that is taken"
        )));
    }
    if packed > size as u64 {
        return Err(Error::Hostile("files in it share their bytes".to_owned()));
    }
    if archive.has_duplicate_names() {
        return Err(Error::Hostile("two files in it have the same name".to_owned()));
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
    let file = archive.by_index(entry).map_err(|error| invalid(format, error.to_string()))?;
    let declared = file.size();
    let most = declared.min(*left);
    let mut content = Vec::new();
    file.take(most + 1).read_to_end(&mut content).map_err(|error| invalid(format, error.to_string()))?;
    if content.len() as u64 > most {
        return Err(Error::TooLarge("a file in it is larger than it says".to_owned()));
    }
    *left -= content.len() as u64;
    Ok(content)
}
