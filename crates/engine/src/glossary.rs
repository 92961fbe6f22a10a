//! Terms that have one translation, or none: found in a sentence, in the forms that German gives them.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use crate::LoadError;

/// Longest term, in bytes.
const LONGEST_TERM: usize = 200;

/// Shortest word, in characters, whose inflected forms are looked for: shorter ones are too like others.
const SHORTEST_STEM: usize = 4;

/// What German adds to a word, or to its stem when it ends with one of these itself.
const ENDINGS: [&str; 9] = ["", "e", "en", "er", "em", "es", "n", "s", "ern"];

/// Terms and their translations.
///
/// A term is found as whole words, with a capital where it has one. The last letters of its words of four letters and more
/// may be another German ending, as in `des Vertrags` and `technischen Leitung`; a vowel that changes, as in
/// `Verträge`, makes another word, which needs its own entry. The translation is put in as it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glossary {
    terms: Vec<Term>,
    /// The terms that begin with a word, by the stem of that.
    by_stem: HashMap<String, Vec<usize>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    words: Vec<String>,
    target: String,
}

/// What is wrong with a term.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// It has no word.
    #[error("the term is empty")]
    Empty,
    /// It has a translation without a letter.
    #[error("the translation of `{0}` is empty; give none at all to keep the term as it is")]
    NoTarget(String),
    /// Term or translation is too long.
    #[error("a term may have {LONGEST_TERM} bytes at most")]
    TooLong,
    /// The term is there with another translation.
    #[error("`{0}` is there twice, with two translations")]
    Twice(String),
}

/// A term that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found<'g> {
    pub(crate) range: Range<usize>,
    pub(crate) target: &'g str,
}

impl Glossary {
    /// Reads a file of terms, one a line: `Vertrag = agreement`, or `Bundestag` for what is to be kept as it is. Empty lines
    /// and lines that begin with `#` are passed over.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| LoadError::Read { path: path.to_owned(), source })?;
        Self::parse(&text)
            .map_err(|(line, error)| LoadError::invalid(path.to_owned(), format!("line {line}: {error}")))
    }

    /// Reads the text of such a file. An error comes with the number of its line.
    pub fn parse(text: &str) -> Result<Self, (usize, TermError)> {
        let mut glossary = Self::default();
        for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (source, target) = match line.split_once('=') {
                Some((source, target)) => (source, Some(target)),
                None => (line, None),
            };
            glossary.add(source, target).map_err(|error| (number, error))?;
        }
        Ok(glossary)
    }

    /// Adds a term; without a translation it is kept as it is.
    pub fn add(&mut self, source: &str, target: Option<&str>) -> Result<(), TermError> {
        let (source, target) = (source.trim(), target.map(str::trim));
        let words: Vec<String> = words(source).map(|range| source[range].to_owned()).collect();
        let first = words.first().ok_or(TermError::Empty)?;
        if target == Some("") {
            return Err(TermError::NoTarget(source.to_owned()));
        }
        let target = target.unwrap_or(source);
        if source.len().max(target.len()) > LONGEST_TERM {
            return Err(TermError::TooLong);
        }
        let same = self.by_stem.entry(stem(first)).or_default();
        for &at in same.iter() {
            if self.terms[at].words == words {
                let known = self.terms[at].target == target;
                return if known { Ok(()) } else { Err(TermError::Twice(source.to_owned())) };
            }
        }
        same.push(self.terms.len());
        self.terms.push(Term { words, target: target.to_owned() });
        Ok(())
    }

    /// Whether it has no term.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The terms in `text`, the longest at each place, in order and apart from one another.
    pub(crate) fn find<'g>(&'g self, text: &str) -> Vec<Found<'g>> {
        let places: Vec<Range<usize>> = words(text).collect();
        let (mut found, mut at) = (Vec::new(), 0);
        while at < places.len() {
            let candidates =
                self.by_stem.get(&stem(&text[places[at].clone()])).map_or(&[][..], Vec::as_slice);
            let terms = candidates.iter().map(|&term| &self.terms[term]);
            let matching = terms.filter(|term| term.is_at(text, &places[at..]));
            // of equally long ones the one that is written so
            let exact =
                |term: &&Term| usize::from(text[places[at].start..].starts_with(term.words[0].as_str()));
            match matching.max_by_key(|term| (term.words.len(), exact(term))) {
                Some(term) => {
                    let last = at + term.words.len() - 1;
                    found.push(Found { range: places[at].start..places[last].end, target: &term.target });
                    at = last + 1;
                }
                None => at += 1,
            }
        }
        found
    }
}

impl Term {
    /// Whether the term stands at the first of `places`, its words parted by nothing but a blank or a hyphen.
    fn is_at(&self, text: &str, places: &[Range<usize>]) -> bool {
        let joined = places.windows(2).take(self.words.len() - 1).all(|pair| {
            let between = &text[pair[0].end..pair[1].start];
            between.chars().count() == 1 && between.starts_with(|c: char| c.is_whitespace() || c == '-')
        });
        joined
            && places.len() >= self.words.len()
            && self.words.iter().zip(places).all(|(word, place)| is_form(word, &text[place.clone()]))
    }
}

/// Whether `word` is a form of `term`.
fn is_form(term: &str, word: &str) -> bool {
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let shouted = word.chars().count() > 1 && word.chars().all(char::is_uppercase);
    let same_case = shouted || capital(word) || !capital(term);
    same_case && stem(term) == stem(word)
}

/// A word in lower case without its ending, if enough is left.
fn stem(word: &str) -> String {
    let word = word.to_lowercase();
    let without =
        |ending: &&str| word.strip_suffix(ending).filter(|stem| stem.chars().count() >= SHORTEST_STEM);
    let is_plain = word.chars().all(char::is_alphabetic);
    let stem = ENDINGS.iter().filter(|_| is_plain).filter_map(without).min_by_key(|stem| stem.len());
    stem.map_or(word.clone(), ToOwned::to_owned)
}

/// The words of a text: letters and figures.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(char::is_alphanumeric)?;
        let len = text[start..].find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len() - start);
        at = start + len;
        Some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(glossary: &str, text: &str) -> Vec<(String, String)> {
        let glossary = Glossary::parse(glossary).unwrap();
        let terms = glossary.find(text).into_iter();
        terms.map(|found| (text[found.range].to_owned(), found.target.to_owned())).collect()
    }

    #[test]
    fn terms_are_found_in_their_forms_and_nowhere_else() {
        let glossary = "# Recht\nVertrag = agreement\n\ntechnische Leitung = technical lead\nBundestag\nUhr = clock\nLeitung = pipe";
        for (text, expected) in [
            ("Der Vertrag gilt.", vec![("Vertrag", "agreement")]),
            ("Wegen des Vertrages und der Verträge", vec![("Vertrages", "agreement")]),
            ("mit der technischen Leitung", vec![("technischen Leitung", "technical lead")]),
            (
                "Technische Leitung: die Leitungen",
                vec![("Technische Leitung", "technical lead"), ("Leitungen", "pipe")],
            ),
            ("im Bundestag", vec![("Bundestag", "Bundestag")]),
            ("DER VERTRAG", vec![("VERTRAG", "agreement")]),
            ("Vertragspartner, Uhren, vertrag", vec![]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
            assert_eq!(found(glossary, text), expected, "{text}");
        }
    }

    #[test]
    fn a_fault_is_told_with_its_line() {
        for (text, line, fault) in [
            ("a = b\n= c", 2, "the term is empty"),
            ("Wort =", 1, "the translation of `Wort` is empty; give none at all to keep the term as it is"),
            ("Wort = word\n\nWort = term", 3, "`Wort` is there twice, with two translations"),
        ] {
            let (at, error) = Glossary::parse(text).unwrap_err();
            assert_eq!((at, error.to_string().as_str()), (line, fault));
        }
        let long = format!("Wort = {}", "x".repeat(300));
        assert_eq!(Glossary::parse(&long), Err((1, TermError::TooLong)));
    }
}
