//! What an address asks for of a history: words, a pair of languages, dates. Every part is a field of a plain form.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::form;
use crate::locale::Locale;
use crate::search::{MAX_WORDS, Query, TooManyWords};
use crate::store::{Filter, Owner};

/// Nobody searches for more.
const MAX_CHARS: usize = 1000;

/// The fields as they were typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) words: String,
    /// Source and target language with a blank between.
    pub(crate) pair: String,
    /// The first day, and the last.
    pub(crate) from: String,
    pub(crate) to: String,
}

/// What cannot be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WantedError {
    TooManyWords,
    /// This is none.
    NoDate(String),
    /// The first day lies after the last.
    NoDays,
}

impl From<TooManyWords> for WantedError {
    fn from(_: TooManyWords) -> Self {
        Self::TooManyWords
    }
}

impl WantedError {
    /// What visitors read of it.
    pub(crate) fn text(&self, locale: Locale) -> String {
        match self {
            Self::TooManyWords => locale.text_with("search-too-many-words", &[("most", MAX_WORDS.into())]),
            Self::NoDate(date) => locale.text_with("search-no-date", &[("date", date.as_str().into())]),
            Self::NoDays => locale.text("search-no-days"),
        }
    }
}

impl Wanted {
    /// What the query of an address asks for.
    pub(crate) fn of(query: &str) -> Self {
        let field = |name| {
            let value = form::field_in_query(query, name).unwrap_or_default();
            value.trim().chars().take(MAX_CHARS).collect()
        };
        Self { words: field("q"), pair: field("pair"), from: field("from"), to: field("to") }
    }

    /// Whether it is the whole history.
    pub(crate) fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// The part of an owner's history, and what is looked for in it.
    pub(crate) fn parse(&self, owner: Owner) -> Result<(Filter, Query), WantedError> {
        let (from, to) = (date(&self.from)?, date(&self.to)?);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(WantedError::NoDays);
        }
        let until = match to {
            // the last day belongs to it
            Some(to) => Some(to.checked_add(1.day()).map_err(|_| WantedError::NoDate(self.to.clone()))?),
            None => None,
        };
        let midnight =
            |day: Option<Date>| -> Option<Timestamp> { Some(day?.to_zoned(TimeZone::UTC).ok()?.timestamp()) };
        let pair = Some(self.pair.clone()).filter(|pair| !pair.is_empty());
        let filter = Filter { owner, pair, from: midnight(from), until: midnight(until) };
        Ok((filter, Query::parse(&self.words)?))
    }

    /// The same as the query of an address, to follow other fields: each behind a `&amp;`, as HTML has it.
    pub(crate) fn fields(&self) -> String {
        let fields = [("q", &self.words), ("pair", &self.pair), ("from", &self.from), ("to", &self.to)];
        let fields = fields.iter().filter(|(_, value)| !value.is_empty());
        fields.fold(String::new(), |query, (name, value)| {
            query + "&amp;" + name + "=" + &utf8_percent_encode(value, NON_ALPHANUMERIC).to_string()
        })
    }
}

fn date(text: &str) -> Result<Option<Date>, WantedError> {
    if text.is_empty() {
        return Ok(None);
    }
    let date = text.parse::<Date>().ok().filter(|date| (1..=9998).contains(&date.year()));
    date.map(Some).ok_or_else(|| WantedError::NoDate(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(query: &str) -> Result<(Filter, Query), WantedError> {
        Wanted::of(query).parse(Owner::EVERYBODY)
    }

    #[test]
    fn an_address_says_what_is_wanted_and_is_written_again() {
        let query = "before=1&q=K%C3%A4se+%22%26%22&pair=de+en&from=2026-11-01&to=2026-11-20";
        let (filter, looked_for) = wanted(query).unwrap();
        assert_eq!((filter.pair.as_deref(), looked_for.terms.len()), (Some("de en"), 1));
        assert_eq!(filter.from.unwrap().to_string(), "2026-11-01T00:00:00Z");
        assert_eq!(filter.until.unwrap().to_string(), "2026-11-21T00:00:00Z");
        let fields = Wanted::of(query).fields();
        assert_eq!(
            fields,
            "&amp;q=K%C3%A4se%20%22%26%22&amp;pair=de%20en&amp;from=2026%2D11%2D01&amp;to=2026%2D11%2D20"
        );
        assert_eq!(Wanted::of(&fields.replace("&amp;", "&")), Wanted::of(query));
    }

    #[test]
    fn empty_fields_want_everything() {
        for query in ["", "q=&pair=&from=&to=", "q=++&utm=x"] {
            assert!(Wanted::of(query).is_all(), "{query}");
            assert_eq!(wanted(query).unwrap(), (Filter::from(Owner::EVERYBODY), Query::default()));
        }
    }

    #[test]
    fn what_cannot_be_wanted_is_said() {
        assert_eq!(wanted("from=x'"), Err(WantedError::NoDate("x'".to_owned())));
        assert_eq!(wanted("to=99999-01-01"), Err(WantedError::NoDate("99999-01-01".to_owned())));
        assert_eq!(wanted("from=2026-02-30"), Err(WantedError::NoDate("2026-02-30".to_owned())));
        assert_eq!(wanted("from=2026-02-02&to=2026-02-01"), Err(WantedError::NoDays));
        assert_eq!(wanted(&format!("q={}", "a+".repeat(20))), Err(WantedError::TooManyWords));
    }
}
