//! The terms that a visitor gives: one a line, `Fachausdruck = technical term`, or a word alone for what is not
//! translated. The same form as the operator's file; the backend finds the terms in sentences.

use std::collections::HashMap;

use api::Term;

/// The backend takes no more.
pub(crate) const MAX_TERMS: usize = 1000;
/// Longest term, in bytes; the backend takes no longer ones.
pub(crate) const MAX_TERM_BYTES: usize = 200;

/// Terms, and the text that they were given as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Glossary {
    text: String,
    terms: Vec<Term>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the glossary: {fault:?}")]
pub(crate) struct GlossaryError {
    /// From 1.
    pub(crate) line: usize,
    /// What stands there before the sign, shortened.
    pub(crate) term: String,
    pub(crate) fault: TermFault,
}

/// Why a line is no term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TermFault {
    /// There is no word before the sign.
    NoWord,
    /// There is nothing after it.
    NoTarget,
    TooLong,
    /// It is there twice, with two translations.
    Twice,
    /// There are too many terms.
    TooMany,
}

impl Glossary {
    /// Reads what was typed. Empty lines, and those that begin with `#`, are passed over.
    pub(crate) fn parse(text: &str) -> Result<Self, GlossaryError> {
        let text = text.replace("\r\n", "\n");
        let mut terms: Vec<Term> = Vec::new();
        let mut places = HashMap::new();
        for (line, content) in (1..).zip(text.lines().map(str::trim)) {
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let term =
                term(content).and_then(|term| fits(&term, &terms, &places).map(|new| new.then_some(term)));
            match term {
                Ok(Some(new)) => {
                    places.insert(new.source.clone(), terms.len());
                    terms.push(new);
                }
                Ok(None) => {}
                Err(fault) => {
                    let term =
                        content.split('=').next().unwrap_or_default().trim().chars().take(60).collect();
                    return Err(GlossaryError { line, term, fault });
                }
            }
        }
        Ok(Self { text, terms })
    }

    /// As it was given.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// For the backend.
    pub(crate) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The terms alone, to be read again.
    pub(crate) fn lines(&self) -> String {
        let line = |term: &Term| match &term.target {
            Some(target) => format!("{} = {target}\n", term.source),
            None => format!("{}\n", term.source),
        };
        self.terms.iter().map(line).collect()
    }

    /// The terms in an order that does not depend on how they were given.
    pub(crate) fn sorted(&self) -> Vec<(&str, Option<&str>)> {
        let mut sorted: Vec<_> =
            self.terms.iter().map(|term| (term.source.as_str(), term.target.as_deref())).collect();
        sorted.sort_unstable();
        sorted
    }
}

fn term(line: &str) -> Result<Term, TermFault> {
    let (source, target) = match line.split_once('=') {
        Some((source, target)) => (source.trim(), Some(target.trim())),
        None => (line, None),
    };
    if !source.contains(char::is_alphanumeric) {
        return Err(TermFault::NoWord);
    }
    if target == Some("") {
        return Err(TermFault::NoTarget);
    }
    if source.len().max(target.map_or(0, str::len)) > MAX_TERM_BYTES {
        return Err(TermFault::TooLong);
    }
    Ok(Term { source: source.to_owned(), target: target.map(str::to_owned) })
}

/// Whether the term is not among the `terms` yet, which lie at these `places`.
fn fits(term: &Term, terms: &[Term], places: &HashMap<String, usize>) -> Result<bool, TermFault> {
    match places.get(&term.source).map(|&place| &terms[place]) {
        Some(known) if known.target == term.target => Ok(false),
        Some(_) => Err(TermFault::Twice),
        None if terms.len() == MAX_TERMS => Err(TermFault::TooMany),
        None => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_come_one_a_line_with_or_without_a_translation() {
        let text = "# Recht\r\nVertrag = agreement\r\n\r\n  Bundestag \r\na = b = c\nVertrag=agreement";
        let glossary = Glossary::parse(text).unwrap();
        let terms = [("Bundestag", None), ("Vertrag", Some("agreement")), ("a", Some("b = c"))];
        assert_eq!(glossary.sorted(), terms);
        assert_eq!(glossary.text(), text.replace("\r\n", "\n"));
        let again = Glossary::parse(&glossary.lines()).unwrap();
        assert_eq!(again.terms(), glossary.terms());
        assert_eq!(Glossary::parse(" \n").unwrap().terms(), []);
    }

    #[test]
    fn a_form_full_of_the_same_terms_is_read_at_once() {
        let many: Vec<_> = (0..MAX_TERMS).map(|number| format!("Wort{number}\n")).collect();
        let began = std::time::Instant::now();
        let glossary = Glossary::parse(&(many.concat() + &"Wort999\n".repeat(500_000))).unwrap();
        assert_eq!(glossary.terms().len(), MAX_TERMS);
        // comparing each line with each term takes far longer
        assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
    }

    #[test]
    fn what_is_no_term_is_named_with_its_line() {
        let many: Vec<_> = (0..=MAX_TERMS).map(|number| format!("Wort{number}")).collect();
        let many = many.join("\n");
        let long = format!("a = {}", "b".repeat(MAX_TERM_BYTES + 1));
        for (text, line, term, fault) in [
            ("Vertrag = agreement\n = x", 2, "", TermFault::NoWord),
            ("\n\n-- = x", 3, "--", TermFault::NoWord),
            ("Vertrag =", 1, "Vertrag", TermFault::NoTarget),
            ("Vertrag = a\nVertrag = b", 2, "Vertrag", TermFault::Twice),
            ("Vertrag = a\nVertrag", 2, "Vertrag", TermFault::Twice),
            (long.as_str(), 1, "a", TermFault::TooLong),
            (many.as_str(), MAX_TERMS + 1, "Wort1000", TermFault::TooMany),
        ] {
            let expected = GlossaryError { line, term: term.to_owned(), fault };
            assert_eq!(Glossary::parse(text), Err(expected), "{text:.40}");
        }
    }
}
