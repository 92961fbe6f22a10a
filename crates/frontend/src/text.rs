//! What may be translated: text that is neither blank nor holds NUL, with line ends of one kind.

use std::fmt;

/// A text to translate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourceText(String);

/// Why a text is not translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TextError {
    /// There is nothing but white space.
    #[error("the text is empty")]
    Blank,
    /// A NUL character, which no text has; a file of another kind, most likely.
    #[error("the text has a NUL character at {0}")]
    Nul(Place),
}

/// A place in a text as people count: lines and characters from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) character: usize,
}

impl Place {
    /// The place just after `before`.
    pub(crate) fn after(before: &str) -> Self {
        let last_line = before.rsplit('\n').next().unwrap_or_default();
        Self { line: before.matches('\n').count() + 1, character: last_line.chars().count() + 1 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, character {}", self.line, self.character)
    }
}

impl SourceText {
    /// Checks a text that came from a form, and gives it the line ends it had before the browser sent it.
    pub(crate) fn parse(text: &str) -> Result<Self, TextError> {
        if let Some((before, _)) = text.split_once('\0') {
            return Err(TextError::Nul(Place::after(before)));
        }
        if text.trim().is_empty() {
            return Err(TextError::Blank);
        }
        // Browsers send every line end of a form as CR LF, whatever was typed or pasted (HTML standard, "constructing
        // the entry list"); kept like that it would come back as two line ends here and there.
        Ok(Self(text.replace("\r\n", "\n")))
    }

    /// The text itself.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself.
    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_a_form_become_plain_ones() {
        let text = SourceText::parse("eins\r\n\r\nzwei\nvier\rfünf").unwrap();
        assert_eq!(text.into_string(), "eins\n\nzwei\nvier\rfünf");
    }

    #[test]
    fn outer_white_space_is_kept() {
        assert_eq!(SourceText::parse("\r\n  eins \n").unwrap().into_string(), "\n  eins \n");
    }

    #[test]
    fn a_blank_text_is_refused() {
        for text in ["", " ", "\r\n\t ", "\u{a0}\u{2003}"] {
            assert_eq!(SourceText::parse(text), Err(TextError::Blank), "{text:?}");
        }
    }

    #[test]
    fn a_nul_is_refused_with_its_place() {
        let error = SourceText::parse("Grüße\r\nüber\0all").unwrap_err();
        assert_eq!(error.to_string(), "the text has a NUL character at line 2, character 5");
        assert!(matches!(SourceText::parse("\0"), Err(TextError::Nul(_))));
    }
}
