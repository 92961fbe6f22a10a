//! How translated text is written in each format.

/// The way of writing a segment's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// As it is.
    Plain,
    /// HTML, XML or `WebVTT` text.
    Markup,
    /// The value of an attribute in these quotes; without quotes it gets some.
    Attribute(Option<char>),
    /// Markdown; in a table, pipes are signs too.
    Markdown {
        /// Whether the text is a cell.
        table: bool,
    },
    /// Text in runs, as Word has it.
    Runs {
        /// The character formats: the `w:rPr` element of each run, or nothing.
        formats: Vec<String>,
        /// The format of text without another.
        base: usize,
    },
    /// Strings in quotes, as in message catalogues; the source is elsewhere.
    Catalogue {
        /// White space around the text, which is written as it was.
        around: (String, String),
        /// Whether lines end after line breaks and at a certain width.
        wrapped: bool,
        /// How lines end.
        line_end: &'static str,
    },
}

impl Style {
    /// Appends a character of a text in this style, given what is before and after it.
    pub(crate) fn push(&self, out: &mut String, character: char, before: &str, after: &str) {
        match (self, character) {
            (Self::Plain | Self::Catalogue { .. }, _) => out.push(character),
            (Self::Markdown { .. }, '\n') => out.push(' '),
            (Self::Markdown { table }, _) => {
                if needs_backslash(*table, character, before, after) {
                    out.push('\\');
                }
                out.push(character);
            }
            (_, '\n' | '\r' | '\t') => out.push(' '),
            // what XML cannot contain
            (_, '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}') => {}
            (_, '&') => out.push_str("&amp;"),
            (_, '<') => out.push_str("&lt;"),
            (_, '>') => out.push_str("&gt;"),
            (Self::Attribute(Some('\'')), '\'') => out.push_str("&#39;"),
            (Self::Attribute(_), '"') => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }

    /// Whether a character may be written as the source has it, between these texts: a sign that Markdown takes for
    /// text in one place is markup in another.
    pub(crate) fn may_stay(&self, spelling: &str, before: &str, after: &str) -> bool {
        if !matches!(self, Self::Markdown { .. }) {
            return true;
        }
        let free = before.ends_with(char::is_whitespace) && after.starts_with(char::is_whitespace);
        match spelling {
            "*" | "~" | "_" | "$" | "<" => free,
            "[" => !after.starts_with('^'),
            "]" => !after.starts_with(['(', '[', ':']),
            "\\" => after.starts_with(char::is_alphanumeric),
            _ => true,
        }
    }

    /// Whether a line may start with this text without another meaning.
    pub(crate) fn may_start_line(&self, rest: &str) -> bool {
        !matches!(self, Self::Markdown { .. }) || rest.starts_with(char::is_alphabetic)
    }
}

fn needs_backslash(table: bool, character: char, before: &str, after: &str) -> bool {
    match character {
        '*' | '`' | '[' | ']' | '\\' | '<' | '~' | '$' => true,
        '_' => !(before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)),
        '|' => table,
        '&' => after.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '#'),
        // these mean something at the start of a block
        '#' | '>' | '+' | '-' | '=' | ':' => before.is_empty(),
        '.' | ')' => !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}
