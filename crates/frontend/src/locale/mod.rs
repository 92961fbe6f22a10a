//! The languages that the pages speak: which one a visitor reads, and how it writes numbers, times and names. The
//! words themselves are in `locales/`, one file a language.

mod messages;
#[cfg(test)]
mod tests;

use fluent_bundle::FluentValue;
use jiff::Timestamp;

pub(crate) use messages::Arguments;

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Locale {
    /// For everybody who reads no other of ours.
    #[default]
    English,
    /// Addressing people as "Sie".
    German,
}

impl Locale {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::German];

    /// BCP 47.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The one with this code.
    pub(crate) fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.code() == code)
    }

    /// What it calls itself.
    pub(crate) fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The one that a header `Accept-Language` likes best.
    pub(crate) fn accepted(header: &str) -> Self {
        let mut best = (0.0, Self::default());
        for range in header.split(',') {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let language = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
            let weight: f32 =
                weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok()).unwrap_or(0.0);
            if let Some(locale) = Self::named(&language)
                && weight > best.0
            {
                best = (weight, locale);
            }
        }
        best.1
    }

    /// The message with this name, which may be one of its attributes: `theme.dark`.
    pub(crate) fn text(self, name: &str) -> String {
        self.text_with(name, &[])
    }

    /// Likewise, filled in.
    pub(crate) fn text_with(self, name: &str, arguments: Arguments<'_>) -> String {
        messages::format(self, name, arguments).unwrap_or_else(|| {
            // tests go through all names that are used
            tracing::error!(name, locale = self.code(), "a message is missing");
            name.to_owned()
        })
    }

    /// The message with this name; `None` if there is none.
    pub(crate) fn find(self, name: &str, arguments: Arguments<'_>) -> Option<String> {
        messages::format(self, name, arguments)
    }

    /// What the scripts say, as a JSON object: a string with `{name}` for what is to be filled in, or one for each
    /// plural category of `{count}`.
    pub(crate) fn script_messages(self) -> String {
        messages::for_scripts(self)
    }

    /// A number with its digits in groups, and one decimal if it is no integer.
    pub(crate) fn number(self, number: f64) -> String {
        let (group, point) = match self {
            Self::English => (',', '.'),
            Self::German => ('.', ','),
        };
        let decimals = usize::from(number.fract() != 0.0);
        let plain = format!("{number:.decimals$}");
        let (digits, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut text = String::with_capacity(plain.len() + plain.len() / 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(point);
            text.push_str(fraction);
        }
        text
    }

    /// How long something took.
    pub(crate) fn duration(self, milliseconds: u32) -> String {
        if milliseconds < 1000 {
            format!("{milliseconds} ms")
        } else {
            format!("{} s", self.number((f64::from(milliseconds) / 100.0).round() / 10.0))
        }
    }

    /// A day and the time of it, in UTC.
    pub(crate) fn time(self, timestamp: Timestamp) -> String {
        let time = timestamp.to_zoned(jiff::tz::TimeZone::UTC);
        self.text_with(
            "date-time",
            &[
                ("day", time.day().into()),
                ("month", time.month().into()),
                // a string, as years are not grouped
                ("year", time.year().to_string().into()),
                ("time", time.strftime("%H:%M").to_string().into()),
            ],
        )
    }

    /// The name of the language with this BCP 47 code; the code where there is none.
    pub(crate) fn language(self, code: &str) -> String {
        let language = code.split('-').next().unwrap_or_default().to_ascii_lowercase();
        self.find(&format!("language-{language}"), &[]).unwrap_or_else(|| code.to_owned())
    }

    /// From one language to another.
    pub(crate) fn direction(self, source: &str, target: &str) -> String {
        let [source, target] = [source, target].map(|code| FluentValue::from(self.language(code)));
        self.text_with("direction", &[("source", source), ("target", target)])
    }
}
