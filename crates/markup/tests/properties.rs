//! What holds for every document: nothing panics, and what is not translated comes back to the byte.

#![expect(clippy::unwrap_used, reason = "these are tests, helpers and all")]

use std::io::{Cursor, Read as _, Write as _};

use markup::{Document, Format, Languages, Options, Translated};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const TEXT_FORMATS: [Format; 6] =
    [Format::Text, Format::Markdown, Format::Html, Format::Srt, Format::Vtt, Format::Po];
const ARCHIVES: [(Format, &str, &str); 3] = [
    (Format::Docx, "word/document.xml", ""),
    (Format::Odt, "content.xml", ""),
    (Format::Epub, "META-INF/container.xml", "page.xhtml"),
];

fn render(format: Format, bytes: &[u8], translate: impl Fn(&str) -> String) -> Option<Vec<u8>> {
    let document = Document::parse(format, bytes.to_vec(), &Options::default()).ok()?;
    let translations: Vec<_> =
        document.texts().map(|text| Translated { text: translate(text), alignment: Vec::new() }).collect();
    // a language that no document names
    Some(document.render(&translations, &Languages::new("xx", "en")).unwrap())
}

fn zipped(name: &str, extra: &str, content: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for name in [name, extra].into_iter().filter(|name| !name.is_empty()) {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn unzipped(archive: &[u8], name: &str) -> String {
    let mut content = String::new();
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    archive.by_name(name).unwrap().read_to_string(&mut content).unwrap();
    content
}

/// Pieces of markup of every format, in any order.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zäß ]{0,8}",
        "[ \n\t]{0,3}",
        prop::sample::select(vec![
            "<b>",
            "</b>",
            "<i class=a>",
            "</i>",
            "<br>",
            "<p>",
            "</p>",
            "<code>",
            "</code>",
            "<pre>",
            "</pre>",
            "<img alt='Ein Bild'>",
            "<!-- c -->",
            "&amp;",
            "&uuml",
            "&x;",
            "&#65;",
            "<",
            ">",
            "&",
            "<div translate=no>",
            "</div>",
            "**",
            "*",
            "_",
            "`",
            "[",
            "](x)",
            "![",
            "> ",
            "- ",
            "1. ",
            "# ",
            "| ",
            "|-|\n",
            "```\n",
            "---\n",
            "$",
            "\\",
            "~~",
            "[^1]",
            "\r\n",
            "  \n",
            "1\n00:00:01,000 --> 00:00:02,000\n",
            "\n\n",
            "{\\an8}",
            "<v A>",
            "msgid \"Eins\"\n",
            "msgstr \"\"\n",
            "msgstr \"Zwei\"\n",
            "\"\\n\"\n",
            "#, fuzzy\n",
            "<title>",
            "\u{ad}",
            "\u{a0}",
            "<script>",
            "</script>",
            "{{1}}",
            "<svg>",
            "'",
            "\"",
            "=",
            "</",
            "<a href=\"",
            "<!",
            "<?x?>",
            "<![CDATA[",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Well-formed XML of Word's and `OpenDocument`'s elements.
fn xml() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-zäß ]{0,8}",
        prop::sample::select(vec![
            "<w:r><w:t>Ein Wort</w:t></w:r>",
            "<w:r><w:rPr><w:b/></w:rPr><w:t>fett </w:t></w:r>",
            "<w:br/>",
            "<w:tab/>",
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>",
            "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>",
            "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
            "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>",
            "<w:rPr><w:i/></w:rPr>",
            "<w:bookmarkStart/>",
            "<text:s/>",
            "<text:tab/>",
            "<w:sdtPr/>",
            "<br/>",
            "&amp;",
            "<img alt=\"Bild\"/>",
            "<!-- c -->",
            "<code>x</code>",
            "<w:noBreakHyphen/>",
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(6, 60, 8, |inner| {
        let name = prop::sample::select(vec![
            "w:p",
            "w:r",
            "w:t",
            "w:hyperlink",
            "w:ins",
            "w:del",
            "w:sdt",
            "w:sdtContent",
            "w:drawing",
            "w:fldSimple",
            "text:p",
            "text:span",
            "text:note",
            "text:a",
            "p",
            "b",
            "i",
            "div",
            "a",
            "math",
            "pre",
            "w:pPr",
        ]);
        (name, prop::collection::vec(inner, 0..8))
            .prop_map(|(name, inner)| format!("<{name}>{}</{name}>", inner.concat()))
    })
    .prop_map(|inner| format!("<root>{inner}</root>"))
}

/// The tags of XML, sorted; those that make up Word's runs and those that are dropped on purpose left out.
fn tags(xml: &str) -> Vec<String> {
    let mut tags: Vec<_> = xml
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .map(|(tag, _)| tag.to_owned())
        .collect();
    tags.retain(|tag| {
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        !matches!(name, "w:r" | "w:t" | "w:rPr" | "w:b" | "w:i" | "w:noBreakHyphen" | "text:span")
    });
    tags.sort();
    tags
}

fn well_formed(xml: &str) -> bool {
    let mut reader = quick_xml::Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

proptest! {
    #[test]
    fn text_that_is_not_translated_comes_back_to_the_byte(source in soup(), bom in any::<bool>()) {
        let source = if bom { format!("\u{feff}{source}") } else { source };
        for format in TEXT_FORMATS.into_iter().filter(|format| *format != Format::Po) {
            let written = render(format, source.as_bytes(), str::to_owned).unwrap();
            prop_assert_eq!(String::from_utf8(written).unwrap(), source.clone(), "{:?}", format);
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300), source in soup()) {
        for format in TEXT_FORMATS {
            let written = render(format, &bytes, str::to_owned).unwrap();
            prop_assert!(format == Format::Po || written == bytes, "{:?}", format);
            render(format, source.as_bytes(), |text| text.to_uppercase().replace(' ', "  ")).unwrap();
            render(format, source.as_bytes(), |_| "* Ünlike & <b>\n1. it".to_owned()).unwrap();
        }
        for (format, name, extra) in ARCHIVES {
            render(format, &bytes, str::to_owned);
            render(format, &zipped(name, extra, &source), str::to_uppercase);
            let mut damaged = zipped(name, extra, &source);
            for (at, byte) in bytes.iter().enumerate() {
                let place = (at * 37 + usize::from(*byte)) % damaged.len();
                if at % 16 == 0 { damaged[place] ^= byte; }
            }
            render(format, &damaged, str::to_uppercase);
        }
    }

    #[test]
    fn translated_pages_keep_their_tags_and_get_the_words(source in soup()) {
        let strip = |html: &str| {
            let mut tags: Vec<_> = html5gum::Tokenizer::new(html).map(|Ok(token)| token).filter(|token| {
                matches!(token, html5gum::Token::StartTag(_) | html5gum::Token::EndTag(_) | html5gum::Token::Comment(_))
            }).map(|token| format!("{token:?}").replace("ein bild", "Ein Bild").replace("EIN BILD", "Ein Bild")).collect();
            tags.sort();
            tags
        };
        // inside elements whose text is no markup, text that looks like a tag is text
        let source = ["<title", "<script", "<!", "<a "].iter().fold(source, |source, raw| source.replace(raw, ""));
        let written = render(Format::Html, source.as_bytes(), str::to_uppercase).unwrap();
        prop_assert_eq!(strip(&String::from_utf8(written).unwrap()), strip(&source));
    }

    #[test]
    fn archives_stay_well_formed_and_keep_their_elements(xml in xml()) {
        for (format, name, extra) in ARCHIVES {
            let archive = zipped(name, extra, &xml);
            let part = if extra.is_empty() { name } else { extra };
            let same = render(format, &archive, str::to_owned).unwrap();
            prop_assert_eq!(unzipped(&same, part), xml.clone());
            let written = unzipped(&render(format, &archive, |text| text.split(' ').rev().collect::<Vec<_>>().join(" ").to_uppercase()).unwrap(), part);
            prop_assert!(well_formed(&written), "{:?} made of {} this: {}", format, xml, written);
            prop_assert_eq!(tags(&written.replace("BILD", "Bild")), tags(&xml), "{:?}: {}", format, written);
        }
    }
}

/// Markdown of honest writers, with signs in odd places.
fn markdown() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zäß]{1,6}",
        2 => Just(" ".to_owned()),
        3 => prop::sample::select(vec![
            " **fett** ", " *schräg* ", " `code` ", " [Verweis](ziel \"x\") ", "![Bild](b.png)", "\n", "  \n", "\n\n", "\n\n- ",
            "\n\n> ", "\n\n1. ", "\n\n## ", "\n\n| a | b |\n|---|---|\n| c | d |\n\n", "\\*", " * ", " _ ", "snake_case",
            " & ", "&uuml;", " < ", " <b>x</b> ", "<br>", " ~~weg~~ ", " $x$ ", "\n\n```\ncode\n```\n\n", "\n> ", "\n  ", ". ", "5. ",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..25).prop_map(|pieces| pieces.concat())
}

/// The blocks and pairs of Markdown, without their words.
fn outline(markdown: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Options, Parser};
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH;
    let events = Parser::new_ext(markdown, options).filter_map(|event| match event {
        Event::Start(tag) => Some(format!("{:?}", tag.to_end())),
        Event::Code(code) => Some(code.into_string()),
        Event::InlineHtml(html) | Event::InlineMath(html) => Some(html.into_string()),
        Event::HardBreak => Some("break".to_owned()),
        _ => None,
    });
    let mut outline: Vec<_> = events.collect();
    outline.sort();
    outline
}

proptest! {
    #[test]
    fn translated_markdown_has_the_same_blocks_and_pairs(source in markdown()) {
        let other = |text: &str| text.replace(|letter: char| letter.is_lowercase(), "x");
        let written = render(Format::Markdown, source.as_bytes(), other).unwrap();
        let written = String::from_utf8(written).unwrap();
        prop_assert_eq!(outline(&written), outline(&source), "{:?} became {:?}", source, written);
    }
}
