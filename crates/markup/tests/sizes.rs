//! Documents made to be slow are not: time grows with the size.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::{Duration, Instant};

use markup::{Document, Format, Languages, Options, Translated};

/// Far more than needed, far less than anything that grows with the square of the size takes.
const MOST: Duration = Duration::from_secs(20);

fn upper(format: Format, source: &str) -> String {
    let document = Document::parse(format, source.as_bytes().to_vec(), &Options::default()).unwrap();
    let translated = |text: &str| Translated { text: text.to_uppercase(), alignment: Vec::new() };
    let translations: Vec<_> = document.texts().map(translated).collect();
    String::from_utf8(document.render(&translations, &Languages::new("de", "en")).unwrap()).unwrap()
}

#[test]
fn large_and_tangled_documents_take_their_time_and_no_more() {
    const COUNT: usize = 10_000;
    let cases = [
        (Format::Html, format!("<p>{}", "ein <b>wort</b> ".repeat(COUNT))),
        (Format::Html, format!("<p>{}", "ein wort<br> ".repeat(COUNT))),
        (Format::Html, format!("<p>{}wort", "<b>".repeat(COUNT))),
        (Format::Html, format!("<p>{}", "<b>ein ".repeat(COUNT))),
        (Format::Html, format!("<p>{}", "<code>x</code> ein ".repeat(COUNT))),
        (Format::Html, format!("{}ein", "<code>".repeat(COUNT))),
        (Format::Html, format!("{}ein{}", "<div>".repeat(COUNT), "</p>".repeat(COUNT))),
        (Format::Html, format!("<p>{}", "ein&nbsp;wort &uuml;&unbekannt; ".repeat(COUNT))),
        (Format::Html, format!("<p title='{}", "ein ".repeat(COUNT))),
        (Format::Text, "ein wort ".repeat(COUNT)),
        (Format::Markdown, "ein *wort* ".repeat(COUNT)),
        (Format::Markdown, format!("{}ein", "> ".repeat(COUNT))),
        (Format::Markdown, "ein [".repeat(COUNT)),
        (Format::Markdown, "ein wort\n".repeat(COUNT)),
        (Format::Srt, "1\n00:00:01,000 --> 00:00:02,000\nein <i>wort\n\n".repeat(COUNT)),
        (Format::Po, "msgid \"ein wort\"\nmsgstr \"\"\n\n".repeat(COUNT)),
        (Format::Po, format!("msgid \"\"\n{}msgstr \"\"\n", "\"ein wort \"\n".repeat(COUNT))),
    ];
    for (format, source) in cases {
        let name: String = source.chars().take(40).collect();
        let start = Instant::now();
        let written = upper(format, &source);
        let taken = start.elapsed();
        println!("{format:?} {name:?}: {taken:.1?}");
        assert!(taken < MOST, "{format:?} {name:?} took {taken:?}");
        let words = source.matches("ein").count();
        let found = written.to_uppercase().matches("EIN").count();
        assert!(found >= words, "{format:?} {name:?}: {found} of {words} words");
    }
}
