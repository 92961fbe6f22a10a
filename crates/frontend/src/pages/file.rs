//! The page of a translated file, and files in the history.

use serde::Serialize;

use super::{DirectionView, Output, Page, permalink};
use crate::locale::Locale;
use crate::store::{StoredFile, Translation};

/// How many characters of the texts are shown.
const SHOWN: usize = 5_000;

/// A translated file.
#[derive(Debug, Serialize)]
pub(crate) struct FilePage {
    direction: DirectionView,
    /// What was found out of the source language, in words.
    detected: Option<String>,
    file: FileView,
    /// The beginning of its text.
    source: String,
    /// The beginning of its translation; how it came about goes with it.
    output: Output,
    /// There is more than that.
    cut: bool,
}

impl Page for FilePage {
    const TEMPLATE: &'static str = "file.html";
}

impl FilePage {
    pub(crate) fn of(translation: &Translation, file: &StoredFile) -> Self {
        let Translation { source_text, target_text, source_language, detected, .. } = translation;
        let (source, source_cut) = beginning(source_text);
        let (text, target_cut) = beginning(target_text);
        Self {
            direction: DirectionView::from(translation),
            detected: detected.map(|sure| super::detected(source_language, sure)),
            file: FileView::of(file),
            source,
            output: Output { text, alignment: None, ..Output::whole(translation) },
            cut: source_cut || target_cut,
        }
    }
}

fn beginning(text: &str) -> (String, bool) {
    let shown: String = text.chars().take(SHOWN).collect();
    let cut = shown.len() < text.len();
    (shown, cut)
}

/// A file as pages tell of it.
#[derive(Debug, Serialize)]
pub(crate) struct FileView {
    name: String,
    size: String,
    original: String,
    translated: Option<TranslatedView>,
}

/// Its translation.
#[derive(Debug, Serialize)]
struct TranslatedView {
    name: String,
    size: String,
    address: String,
}

impl FileView {
    pub(crate) fn of(file: &StoredFile) -> Self {
        let address = permalink(file.id);
        Self {
            name: file.source.name.clone(),
            size: size(file.source.bytes),
            original: format!("{address}/original"),
            translated: file.target.as_ref().map(|target| TranslatedView {
                name: target.name.clone(),
                size: size(target.bytes),
                address: format!("{address}/file"),
            }),
        }
    }
}

/// A number of bytes for people, in units of 1024 as systems show files.
fn size(bytes: i64) -> String {
    let locale = Locale::current();
    match bytes {
        ..1024 => locale.text_with("file-bytes", &[("count", bytes.into())]),
        1024..1_048_576 => format!("{} kB", bytes.div_euclid(1024)),
        _ => format!("{} MB", locale.number((bytes as f64 / f64::from(1 << 20) * 10.0).round() / 10.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        assert_eq!([12, 2048, 3 << 19].map(size), ["12 bytes", "2 kB", "1.5 MB"]);
    }

    #[test]
    fn the_beginning_of_a_text_is_cut_between_characters() {
        assert_eq!(beginning("Grüße"), ("Grüße".to_owned(), false));
        let (shown, cut) = beginning(&"ü".repeat(SHOWN + 1));
        assert_eq!((shown.chars().count(), cut), (SHOWN, true));
    }
}
