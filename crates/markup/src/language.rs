//! The languages of a translation, for the language tags in documents.

/// From which language into which a document is translated, as BCP 47 tags such as `de` and `en-GB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Languages {
    source: String,
    target: String,
}

impl Languages {
    /// From `source` into `target`.
    pub fn new(source: impl Into<String>, target: impl Into<String>) -> Self {
        Self { source: source.into(), target: target.into() }
    }

    /// The name for the translation of a file: `brief.en.docx` for `brief.docx` and for `brief.de.docx`.
    pub fn rename(&self, name: &str) -> String {
        let (stem, extension) =
            name.rsplit_once('.').map_or((name, ""), |(stem, _)| (stem, &name[stem.len()..]));
        let named = stem.rsplit_once('.').filter(|(_, tag)| is_same(tag, &self.source));
        let stem = named.map_or(stem, |(stem, _)| stem);
        format!("{stem}.{}{extension}", self.target)
    }

    /// What to write for a language tag: the target language where it names the source language, with or without a
    /// region.
    pub(crate) fn retag<'t>(&'t self, tag: &'t str) -> &'t str {
        if is_same(tag, &self.source) { &self.target } else { tag }
    }
}

/// Whether two tags name the same language, with or without a region.
fn is_same(tag: &str, other: &str) -> bool {
    primary(tag).eq_ignore_ascii_case(primary(other))
}

fn primary(tag: &str) -> &str {
    tag.trim().split(['-', '_']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Languages;

    #[test]
    fn the_language_in_a_name_is_replaced_and_others_stay() {
        let languages = Languages::new("de", "en");
        for (name, translated) in [
            ("brief.docx", "brief.en.docx"),
            ("Brief 1.2.docx", "Brief 1.2.en.docx"),
            ("brief.de-AT.html", "brief.en.html"),
            ("brief.fr.po", "brief.fr.en.po"),
            ("de.po", "de.en.po"),
            ("LIESMICH", "LIESMICH.en"),
        ] {
            assert_eq!(languages.rename(name), translated);
        }
    }
}
