//! Any document comes back as it was where nothing is translated, and with any translation it can be written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use markup::{Document, Format, Languages, Options, Translated};

const FORMATS: [Format; 9] = [
    Format::Text,
    Format::Markdown,
    Format::Html,
    Format::Srt,
    Format::Vtt,
    Format::Po,
    Format::Docx,
    Format::Odt,
    Format::Epub,
];

fuzz_target!(|input: &[u8]| {
    let Some((format, bytes)) = input.split_first() else { return };
    // A letter, as an editor can write it: `a` is the first.
    let format = FORMATS[usize::from(format.wrapping_sub(b'a')) % FORMATS.len()];
    let Ok(document) = Document::parse(format, bytes.to_vec(), &Options::default()) else { return };
    let render = |translate: fn(&str) -> String, languages: &Languages| {
        let translated = |text| Translated { text: translate(text), alignment: Vec::new() };
        let translations: Vec<_> = document.texts().map(translated).collect();
        document.render(&translations, languages).expect("there are as many as asked for")
    };
    // archives are packed anew, and in a catalogue every message gets a translation, if only its own text
    if !matches!(format, Format::Docx | Format::Odt | Format::Epub | Format::Po) {
        // of a language that no tag names, so that none is changed
        let unnamed = Languages::new("no language", "no language");
        assert_eq!(render(|_| String::new(), &unnamed), bytes);
    }
    render(|text| text.chars().rev().collect(), &Languages::new("xx", "en"));
});
