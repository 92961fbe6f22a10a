//! Translations for tests, given by hand.

use crate::{Document, Format, Languages, Link, Options, Translated};

/// A translation with the words that go together by their numbers, as in `0-0 1-2`.
pub(crate) fn aligned(source: &str, target: &str, pairs: &str) -> Translated {
    let words = |text: &str| -> Vec<_> {
        let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        text.split_whitespace().map(|word| start(word)..start(word) + word.len()).collect()
    };
    let (from, to) = (words(source), words(target));
    let number = |digits: &str| digits.parse::<usize>().unwrap();
    let link = |pair: &str| {
        let (source, target) = pair.split_once('-').unwrap();
        Link { source: from[number(source)].clone(), target: to[number(target)].clone() }
    };
    Translated { text: target.to_owned(), alignment: pairs.split_whitespace().map(link).collect() }
}

pub(crate) fn parse(format: Format, source: impl AsRef<[u8]>) -> Document {
    Document::parse(format, source.as_ref().to_vec(), &Options::default()).unwrap()
}

pub(crate) fn texts(format: Format, source: impl AsRef<[u8]>) -> Vec<String> {
    parse(format, source).texts().map(str::to_owned).collect()
}

/// Translates from German to English by a list of texts, translations and links. Other texts stay.
pub(crate) fn translate(format: Format, source: impl AsRef<[u8]>, known: &[(&str, &str, &str)]) -> Vec<u8> {
    let document = parse(format, source);
    let texts: Vec<_> = document.texts().collect();
    for (text, ..) in known {
        assert!(texts.contains(text), "{text:?} is none of {texts:#?}");
    }
    let translation = |text: &&str| match known.iter().find(|(source, ..)| source == text) {
        Some((source, target, pairs)) => aligned(source, target, pairs),
        None => Translated { text: (*text).to_owned(), alignment: Vec::new() },
    };
    let translations: Vec<_> = texts.iter().map(translation).collect();
    document.render(&translations, &Languages::new("de", "en")).unwrap()
}

/// The same for documents that are text.
pub(crate) fn translate_text(format: Format, source: &str, known: &[(&str, &str, &str)]) -> String {
    String::from_utf8(translate(format, source, known)).unwrap()
}
