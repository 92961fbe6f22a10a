//! A file as a visitor sends it.

use bytes::Bytes;

/// No name is longer, in characters.
const MAX_NAME: usize = 200;

/// A file as a visitor sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upload {
    /// Without folders and without what no name should have.
    pub(crate) name: String,
    pub(crate) content: Bytes,
}

impl Upload {
    /// A file with the name that the visitor's computer gave it.
    pub(crate) fn new(name: &str, content: Bytes) -> Self {
        Self { name: cleaned(name), content }
    }
}

/// The last part of a path, without control characters. Of one that is too long the extension is kept.
fn cleaned(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim();
    let (length, extension) = (name.chars().count(), name.rfind('.').map_or("", |dot| &name[dot..]));
    let kept = extension.chars().count();
    if length <= MAX_NAME {
        name.to_owned()
    } else if kept < MAX_NAME {
        name.chars().take(MAX_NAME - kept).chain(extension.chars()).collect()
    } else {
        name.chars().take(MAX_NAME).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn names_are_without_folders_and_controls_and_not_too_long() {
        for (path, name) in [
            ("Brief an Müller.docx", "Brief an Müller.docx"),
            ("C:\\Users\\me\\brief.docx", "brief.docx"),
            ("../../etc/brief.odt", "brief.odt"),
            (" a\r\nb\u{0}.txt ", "ab.txt"),
            ("ordner/", ""),
        ] {
            assert_eq!(cleaned(path), name);
        }
        let long = cleaned(&format!("{}.docx", "ü".repeat(300)));
        assert!(long.chars().count() == 200 && long.ends_with("üü.docx"), "{long}");
        assert_eq!(cleaned(&format!("a.{}", "x".repeat(300))).len(), 200);
    }
}
