//! What a visitor looks for: words that a text has or that its words begin with, and, in quotation marks, words just so
//! one after the other. Nothing in it is an operator; whatever is neither a letter nor a digit only separates words.

use std::collections::VecDeque;
use std::ops::Range;

use crate::words::{Word, stands_alone, words};

/// More words make a search slower and hardly narrower.
pub(crate) const MAX_WORDS: usize = 12;

/// All quotation marks that people type, wherever they are meant to stand.
const QUOTES: [char; 7] = ['"', '„', '“', '”', '«', '»', '‟'];

/// One word of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Any of these will do.
    pub forms: Vec<String>,
    /// It may be the beginning of a longer word.
    pub prefix: bool,
}

impl Term {
    fn matches(&self, forms: &[String]) -> bool {
        let same = |form: &String, wanted: &String| {
            if self.prefix { form.starts_with(wanted.as_str()) } else { form == wanted }
        };
        forms.iter().any(|form| self.forms.iter().any(|wanted| same(form, wanted)))
    }
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words in any order.
    pub terms: Vec<Term>,
    /// Whole words that follow each other.
    pub phrases: Vec<Vec<Term>>,
}

/// Too much is looked for at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {MAX_WORDS} words to search for")]
pub struct TooManyWords;

impl Query {
    /// What these words ask for; an empty query if there are none.
    pub fn parse(text: &str) -> Result<Self, TooManyWords> {
        let mut query = Self::default();
        for (number, part) in text.split(QUOTES).enumerate() {
            if number % 2 == 1 {
                let phrase = words(part).map(|word| Term { forms: word.forms(), prefix: false });
                query.add(phrase.collect());
                continue;
            }
            // without blanks between them, characters that are words of their own belong together
            let mut together: Vec<Word<'_>> = Vec::new();
            for word in words(part) {
                let joined = together.last().is_some_and(|last| last.end() == word.start);
                if !joined {
                    query.add_words(&std::mem::take(&mut together));
                }
                together.push(word);
            }
            query.add_words(&together);
        }
        if query.all().count() > MAX_WORDS { Err(TooManyWords) } else { Ok(query) }
    }

    fn add_words(&mut self, words: &[Word<'_>]) {
        let prefix = words.len() == 1 && !words[0].text.starts_with(stands_alone);
        let terms = words.iter().map(|word| Term { forms: word.forms(), prefix });
        if prefix { self.terms.extend(terms) } else { self.add(terms.collect()) }
    }

    fn add(&mut self, phrase: Vec<Term>) {
        if !phrase.is_empty() {
            self.phrases.push(phrase);
        }
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// Every word that a text must have.
    pub fn all(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter().chain(self.phrases.iter().flatten())
    }

    /// Whether words alone do not decide what is found.
    pub(crate) fn has_phrases(&self) -> bool {
        self.phrases.iter().any(|phrase| phrase.len() > 1)
    }

    /// The first place of a phrase among these texts: which text, and how many of its bytes lie before. None unless each
    /// phrase is in one of them.
    pub(crate) fn phrases_in(&self, texts: [&str; 2]) -> Option<(usize, usize)> {
        let mut first = None;
        for phrase in &self.phrases {
            let found = texts
                .iter()
                .enumerate()
                .find_map(|(side, text)| sequences(text, phrase).next().map(|span| (side, span.start)))?;
            first = first.or(Some(found));
        }
        first
    }

    /// Where in a text lies what is looked for, in order and apart from each other.
    pub(crate) fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let single = words(text).filter_map(|word| {
            let forms = word.forms();
            self.terms.iter().any(|term| term.matches(&forms)).then(|| word.start..word.end())
        });
        let mut marks: Vec<_> =
            single.chain(self.phrases.iter().flat_map(|phrase| sequences(text, phrase))).collect();
        marks.sort_unstable_by_key(|mark| mark.start);
        let mut apart: Vec<Range<usize>> = Vec::with_capacity(marks.len());
        for mark in marks {
            match apart.last_mut() {
                Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
                _ => apart.push(mark),
            }
        }
        apart
    }
}

/// Where a text has these words one after the other.
fn sequences<'a>(text: &'a str, phrase: &'a [Term]) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut last: VecDeque<(usize, Vec<String>)> = VecDeque::with_capacity(phrase.len());
    words(text).filter_map(move |word| {
        if last.len() == phrase.len() {
            last.pop_front();
        }
        last.push_back((word.start, word.forms()));
        let found = last.len() == phrase.len()
            && last.iter().zip(phrase).all(|((_, forms), term)| term.matches(forms));
        found.then(|| last[0].0..word.end())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(query: &str, text: &str) -> Vec<String> {
        let marks = Query::parse(query).unwrap().marks(text);
        marks.into_iter().map(|mark| text[mark].to_owned()).collect()
    }

    #[test]
    fn words_find_what_begins_with_them_and_quotes_find_them_whole() {
        let text = "Die Hausordnung im Haus: Häuser, Straßen.";
        assert_eq!(marked("haus", text), ["Hausordnung", "Haus", "Häuser"]);
        assert_eq!(marked("\"haus\"", text), ["Haus"]);
        assert_eq!(marked("STRASSE haeuser", text), ["Häuser", "Straßen"]);
        assert_eq!(marked("hauser*", text), ["Häuser"]);
    }

    #[test]
    fn phrases_are_found_whatever_stands_between_their_words() {
        let text = "Guten Morgen! guten – MORGEN, Morgen guten";
        for query in
            ["\"guten morgen\"", "„guten morgen“", "«guten, morgen", "guten-morgen x \"guten morgen\""]
        {
            assert_eq!(marked(query, text)[..2], ["Guten Morgen", "guten – MORGEN"], "{query}");
        }
        let query = Query::parse("\"morgen guten\" x").unwrap();
        assert_eq!(query.phrases_in(["nichts", "Guten Morgen guten"]), Some((1, 6)));
        assert_eq!(query.phrases_in(["Morgen", "guten"]), None);
    }

    #[test]
    fn scripts_without_blanks_are_searched_by_their_characters() {
        assert_eq!(marked("東京", "京東と東京タワー"), ["東京"]);
        assert_eq!(Query::parse("東京").unwrap().all().count(), 2);
    }

    #[test]
    fn what_overlaps_is_marked_once() {
        assert_eq!(marked("a \"a b\" \"b a\"", "x a b a"), ["a b a"]);
    }

    #[test]
    fn nothing_is_an_operator_and_nothing_is_an_error() {
        for nothing in ["", "   ", "\"\"", "*", "+-<>()~@%_\\';--", "\u{301}\0"] {
            assert!(Query::parse(nothing).unwrap().is_empty(), "{nothing:?}");
        }
        let query = Query::parse("NOT a OR b:c NEAR/2 \"x").unwrap();
        assert_eq!(query.all().count(), 8);
        assert_eq!(Query::parse(&"a ".repeat(MAX_WORDS + 1)), Err(TooManyWords));
        assert!(Query::parse(&"a ".repeat(MAX_WORDS)).is_ok());
    }
}
