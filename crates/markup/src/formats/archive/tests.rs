use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::Format::{Docx, Epub, Odt};
use crate::testing::{texts, translate};
use crate::{Document, Error, Format, Limits, Options};

pub(crate) fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let method =
            if *name == "mimetype" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn file(archive: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut content = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut content).unwrap();
    content
}

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

fn word(body: &str) -> Vec<u8> {
    let document =
        format!("<?xml version=\"1.0\"?><w:document {W}><w:body>{body}<w:sectPr/></w:body></w:document>");
    zipped(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", &document)])
}

/// The body of a Word document after its translation.
fn word_translated(body: &str, known: &[(&str, &str, &str)]) -> String {
    let written = file(&translate(Docx, word(body), known), "word/document.xml");
    let start = written.find("<w:body>").unwrap() + "<w:body>".len();
    written[start..written.find("<w:sectPr/>").unwrap()].to_owned()
}

#[test]
fn runs_of_word_are_merged_and_formats_placed() {
    let body = "<w:p w:rsidR=\"1\"><w:pPr><w:jc/></w:pPr><w:r w:rsidR=\"2\"><w:t xml:space=\"preserve\">Ich habe das </w:t></w:r>\
        <w:proofErr w:type=\"spellStart\"/><w:r><w:rPr><w:b/><w:lang w:val=\"de-DE\"/></w:rPr><w:t>ro</w:t></w:r>\
        <w:r><w:rPr><w:b/></w:rPr><w:t>te</w:t></w:r><w:r><w:t xml:space=\"preserve\"> Buch &amp; Heft gelesen.</w:t></w:r></w:p>";
    let text = "Ich habe das rote Buch & Heft gelesen.";
    assert_eq!(texts(Docx, word(body)), [text]);
    let expected = "<w:p w:rsidR=\"1\"><w:pPr><w:jc/></w:pPr><w:r><w:t xml:space=\"preserve\">I read the </w:t></w:r>\
        <w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">red</w:t></w:r>\
        <w:r><w:t xml:space=\"preserve\"> book &amp; copybook.</w:t></w:r></w:p>";
    let known = [(text, "I read the red book & copybook.", "0-0 1-1 2-2 3-3 4-4 5-5 6-6 7-1")];
    assert_eq!(word_translated(body, &known), expected);
}

#[test]
fn notes_breaks_links_and_changes_of_word_stay() {
    let body = "<w:p><w:bookmarkStart w:id=\"0\"/><w:r><w:t>Name:</w:t></w:r><w:r><w:tab/><w:t>Das Haus</w:t></w:r>\
        <w:r><w:rPr><w:vertAlign/></w:rPr><w:footnoteReference w:id=\"2\"/></w:r><w:bookmarkEnd w:id=\"0\"/>\
        <w:hyperlink r:id=\"r1\"><w:r><w:rPr><w:u/></w:rPr><w:t xml:space=\"preserve\"> am See</w:t></w:r></w:hyperlink>\
        <w:del><w:r><w:delText>weg</w:delText></w:r></w:del><w:ins><w:r><w:t xml:space=\"preserve\"> ist</w:t></w:r></w:ins>\
        <w:r><w:t xml:space=\"preserve\"> alt.</w:t></w:r></w:p>";
    let text = "Name:\nDas Haus am See ist alt.";
    assert_eq!(texts(Docx, word(body)), [text]);
    let expected = "<w:p><w:bookmarkStart w:id=\"0\"/><w:r><w:t xml:space=\"preserve\">Name:</w:t></w:r><w:r><w:tab/></w:r>\
        <w:r><w:t xml:space=\"preserve\">The house</w:t></w:r>\
        <w:r><w:rPr><w:vertAlign/></w:rPr><w:footnoteReference w:id=\"2\"/></w:r><w:bookmarkEnd w:id=\"0\"/>\
        <w:r><w:t xml:space=\"preserve\"> </w:t></w:r>\
        <w:hyperlink r:id=\"r1\"><w:r><w:rPr><w:u/></w:rPr><w:t xml:space=\"preserve\">by the lake</w:t></w:r></w:hyperlink>\
        <w:del><w:r><w:delText>weg</w:delText></w:r></w:del><w:r><w:t xml:space=\"preserve\"> </w:t></w:r>\
        <w:ins><w:r><w:t xml:space=\"preserve\">is</w:t></w:r></w:ins><w:r><w:t xml:space=\"preserve\"> old.</w:t></w:r></w:p>";
    let known = [(text, "Name:\nThe house by the lake is old.", "0-0 1-1 2-2 3-3 3-4 4-5 5-6 6-7")];
    assert_eq!(word_translated(body, &known), expected);
}

#[test]
fn fields_of_word_are_left_alone_but_the_text_of_links_is_not() {
    let begin = |instruction: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> {instruction} </w:instrText></w:r>\
            <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>"
        )
    };
    let end = "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
    let run = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let (page, link) = (begin("PAGE"), begin("HYPERLINK \"x\""));
    let body = format!(
        "<w:p>{}{page}{}{end}{}{link}{}{end}{}</w:p><w:p>{}{}</w:p>",
        run("Seite "),
        run("7"),
        run(" und "),
        run("hier"),
        run(" weiter"),
        begin("TOC \\o"),
        run("Inhalt")
    );
    assert_eq!(texts(Docx, word(&body)), ["Seite {{1}} und hier weiter", "Inhalt"]);
    let known = [
        ("Seite {{1}} und hier weiter", "Here and on page {{1}} go on", "0-3 2-1 3-0 4-5"),
        ("Inhalt", "Contents", ""),
    ];
    let expected = format!(
        "<w:p>{link}{}{end}{}{page}{}{end}{}</w:p><w:p>{}{}</w:p>",
        run("Here"),
        run(" and on page "),
        run("7"),
        run(" go on"),
        begin("TOC \\o"),
        run("Contents")
    );
    assert_eq!(word_translated(&body, &known), expected);
}

#[test]
fn every_part_of_a_word_document_is_translated() {
    let p = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let part = |text: &str| format!("<w:x {W}>{}</w:x>", p(text));
    let body = format!(
        "<w:x {W}><w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl><w:p><w:r><w:drawing><wp:docPr descr=\"Ein Bild\"/>\
        <w:txbxContent>{}</w:txbxContent></w:drawing></w:r><w:r><w:t>Außen</w:t></w:r></w:p></w:x>",
        p("Zelle"),
        p("Kasten")
    );
    let files = [
        ("word/document.xml", body),
        ("word/header1.xml", part("Kopf")),
        ("word/footnotes.xml", part("Fußnote")),
        ("word/comments.xml", part("Bemerkung")),
        (
            "word/styles.xml",
            format!("<w:styles {W}><w:lang w:val=\"de-DE\" w:eastAsia=\"zh-CN\"/></w:styles>"),
        ),
        ("word/theme/theme1.xml", part("Nein")),
        ("docProps/core.xml", "<c><dc:title>Titel</dc:title><dc:language>de</dc:language></c>".to_owned()),
    ];
    let files: Vec<_> = files.iter().map(|(name, content)| (*name, content.as_str())).collect();
    let archive = zipped(&files);
    let all = ["Zelle", "Außen", "Ein Bild", "Kasten", "Kopf", "Fußnote", "Bemerkung", "Titel"];
    assert_eq!(texts(Docx, &archive), all);
    let known: Vec<_> = all.iter().map(|text| (*text, "Translated", "")).collect();
    let written = translate(Docx, &archive, &known);
    let document = file(&written, "word/document.xml");
    assert_eq!(document.matches("Translated").count(), 4);
    assert!(document.contains("descr=\"Translated\""), "{document}");
    assert!(file(&written, "word/styles.xml").contains("w:val=\"en\" w:eastAsia=\"zh-CN\""));
    assert!(file(&written, "docProps/core.xml").contains("<dc:language>en<"));
    assert!(file(&written, "word/theme/theme1.xml").contains("Nein"));
}

#[test]
fn open_document_texts_are_translated() {
    let content = "<office:text><text:tracked-changes><text:p>weg</text:p></text:tracked-changes>\
        <text:p text:style-name=\"P1\">Das <text:span text:style-name=\"T1\">ro</text:span>\
        <text:span text:style-name=\"T1\">te</text:span> Haus<text:note><text:note-body><text:p>Notiz</text:p>\
        </text:note-body></text:note> ist<text:s text:c=\"2\"/>auf Seite <text:page-number>3</text:page-number>.</text:p></office:text>";
    let styles = "<s><style:text-properties fo:language=\"de\" fo:country=\"DE\" style:font-name=\"A\"/><text:p>Kopf</text:p></s>";
    let mime = "application/vnd.oasis.opendocument.text";
    let archive = zipped(&[("mimetype", mime), ("content.xml", content), ("styles.xml", styles)]);
    let text = "Das rote Haus ist auf Seite {{1}}.";
    assert_eq!(texts(Odt, &archive), [text, "Notiz", "Kopf"]);
    let known = [(text, "On page {{1}} is the red house.", "0-4 1-5 2-6 3-3 4-0 5-1"), ("Notiz", "Note", "")];
    let written = translate(Odt, &archive, &known);
    let expected = content.split("<text:p text:style-name=\"P1\">").next().unwrap().to_owned()
        + "<text:p text:style-name=\"P1\">On page <text:page-number>3</text:page-number> is<text:s text:c=\"2\"/> the \
        <text:span text:style-name=\"T1\">red</text:span> house<text:note><text:note-body><text:p>Note</text:p>\
        </text:note-body></text:note>.</text:p></office:text>";
    assert_eq!(file(&written, "content.xml"), expected);
    let expected = styles.replace("\"de\"", "\"en\"").replace("\"DE\"", "\"none\"");
    assert_eq!(file(&written, "styles.xml"), expected);
    assert_eq!(file(&written, "mimetype"), mime);
}

#[test]
fn books_are_translated_page_by_page() {
    let page = "<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns=\"x\" xml:lang=\"de\"><body><p>Ein <i>Wort</i>&nbsp;<br/></p></body></html>";
    let opf = "<package xml:lang=\"de\"><dc:title id=\"t\">Titel</dc:title><dc:language>de</dc:language><dc:creator>Wort</dc:creator></package>";
    let ncx = "<ncx><navLabel><text>Kapitel</text></navLabel></ncx>";
    // the mimetype is last here and packed
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let files = [
        ("META-INF/container.xml", "<container/>"),
        ("OEBPS/a.xhtml", page),
        ("OEBPS/b.html", "<p>Kaputt<br>ist"),
        ("OEBPS/c.opf", opf),
        ("OEBPS/d.ncx", ncx),
        ("mimetype", "application/epub+zip"),
    ];
    for (name, content) in files {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    let archive = writer.finish().unwrap().into_inner();
    assert_eq!(texts(Epub, &archive), ["Ein Wort\u{a0}", "Kaputt ist", "Titel", "Kapitel"]);
    let known = [
        ("Ein Wort\u{a0}", "A word\u{a0}", "0-0 1-1"),
        ("Kaputt ist", "Broken", ""),
        ("Titel", "Title", ""),
        ("Kapitel", "Chapter", ""),
    ];
    let written = translate(Epub, &archive, &known);
    let expected =
        page.replace("\"de\"", "\"en\"").replace("Ein <i>Wort</i>&nbsp;<br/>", "A <i>word</i><br/>&nbsp;");
    assert_eq!(file(&written, "OEBPS/a.xhtml"), expected);
    assert_eq!(file(&written, "OEBPS/b.html"), "<p>Broken<br>");
    assert_eq!(
        file(&written, "OEBPS/c.opf"),
        opf.replace("\"de\"", "\"en\"").replace(">de<", ">en<").replace("Titel", "Title")
    );
    assert_eq!(file(&written, "OEBPS/d.ncx"), ncx.replace("Kapitel", "Chapter"));
    let mut reader = ZipArchive::new(Cursor::new(&written)).unwrap();
    let first = reader.by_index(0).unwrap();
    assert_eq!(
        (first.name().unwrap().as_ref(), first.compression()),
        ("mimetype", CompressionMethod::Stored)
    );
    assert_eq!(&written[30..38], b"mimetype", "readers look for it at this place");
}

fn refused(format: Format, bytes: Vec<u8>, limits: Limits) -> Error {
    Document::parse(format, bytes, &Options { limits, ..Options::default() }).unwrap_err()
}

#[test]
fn hostile_archives_are_refused() {
    let limits = Limits { file: 1 << 20, unpacked: 4 << 20, entries: 20, ..Limits::default() };
    let body = |text: &str| format!("<w:x {W}><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:x>");
    let check = |bytes: Vec<u8>, expected: &str| {
        let error = refused(Docx, bytes, limits).to_string();
        assert!(error.contains(expected), "{error:?} does not say {expected:?}");
    };
    // a bomb, in one file or in many
    check(zipped(&[("word/document.xml", &body(&"0".repeat(3 << 20)))]), "grows more than 250 times");
    let many: Vec<_> = (0..5).map(|number| format!("word/header{number}.xml")).collect();
    let random: String =
        (0..900_000_u32).map(|n| char::from(b'a' + (n.wrapping_mul(2_654_435_761) >> 28) as u8)).collect();
    let mut files: Vec<_> = many.iter().map(|name| (name.as_str(), random.as_str())).collect();
    files.push(("word/document.xml", "<w:x/>"));
    let loose = Limits { file: 64 << 20, ..limits };
    let error = refused(Docx, zipped(&files), loose).to_string();
    assert!(error.contains("unpacked"), "{error}");
    check(vec![0; 2 << 20], "1048576 are the most");
    let names: Vec<_> = (0..30).map(|number| format!("{number}.xml")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    check(zipped(&files), "30 files");
    // paths
    for name in ["../evil.xml", "/etc/passwd", "a\\b.xml", "word/../../x"] {
        check(zipped(&[("word/document.xml", "<w:x/>"), (name, "")]), "outside");
    }
    // entities
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><w:x>&b;</w:x>";
    check(zipped(&[("word/document.xml", laughs)]), "entities");
    let book = zipped(&[("META-INF/container.xml", "<c/>"), ("a.xhtml", laughs)]);
    assert!(refused(Epub, book, limits).to_string().contains("entities"));
    // depth
    let deep = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
    check(zipped(&[("word/document.xml", &deep)]), "nested too deep");
    // not what it says
    check(b"PK\x03\x04 no".to_vec(), "no zip archive");
    check(zipped(&[("content.xml", "<a/>")]), "no word/document.xml");
    check(zipped(&[("word/document.xml", "<w:x><w:p></w:x>")]), "word/document.xml: it is not well-formed");
    check(zipped(&[("word/document.xml", "<w:x><w:p>")]), "word/document.xml: it is not well-formed");
}

#[test]
fn documents_of_markup_alone_are_refused() {
    let limits = Limits { markup: 1000, paragraph: 10_000, ..Limits::default() };
    for (format, sign) in [
        (Format::Text, "a\n"),
        (Format::Markdown, "*a* "),
        (Format::Html, "<b>"),
        (Format::Srt, "\n<i>"),
        (Format::Po, "\n"),
    ] {
        let error = refused(format, sign.repeat(1001).into_bytes(), limits).to_string();
        assert!(error.contains("more than 1000 tags or lines"), "{format:?}: {error}");
    }
    let part = format!("<w:x {W}>{}</w:x>", "<w:p/>".repeat(700));
    let bytes = zipped(&[("word/document.xml", &part), ("word/header1.xml", &part)]);
    assert!(refused(Docx, bytes, limits).to_string().contains("more than 1000 tags or lines"));
    let long = "ein wort ".repeat(2000);
    let error = refused(Format::Html, long.clone().into_bytes(), limits).to_string();
    assert!(error.contains("a paragraph in it has more than 10000 bytes"), "{error}");
    let options = Options { limits, ..Options::default() };
    assert!(Document::parse(Format::Text, long.clone().into_bytes(), &options).is_ok());
    let limits = Limits { text: 10_000, ..limits };
    let error = refused(Format::Text, long.into_bytes(), limits).to_string();
    assert!(error.contains("it has 17999 bytes of text"), "{error}");
}

#[test]
fn encrypted_documents_are_told_from_broken_ones() {
    let refused = |format, bytes| refused(format, bytes, Limits::default()).to_string();
    let compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0".to_vec();
    assert!(refused(Docx, compound).contains("has a password or is of an older version"));
    let manifest = "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    for content in ["content.xml", "encrypted-package"] {
        let bytes = zipped(&[("META-INF/manifest.xml", manifest), (content, "\u{1}\u{2}\u{3}")]);
        assert!(refused(Odt, bytes).contains("it is encrypted"));
    }
    let epub = |method: &str| {
        let list = format!("<encryption><EncryptionMethod Algorithm=\"{method}\"/></encryption>");
        zipped(&[
            ("META-INF/encryption.xml", &list),
            ("META-INF/container.xml", "<c/>"),
            ("a.xhtml", "<html><p>Ein Wort</p></html>"),
        ])
    };
    assert!(refused(Epub, epub("http://www.w3.org/2001/04/xmlenc#aes128-cbc")).contains("it is encrypted"));
    let fonts = epub("http://www.idpf.org/2008/embedding");
    assert_eq!(
        Document::parse(Epub, fonts, &Options::default()).unwrap().texts().collect::<Vec<_>>(),
        ["Ein Wort"]
    );
}

#[test]
fn an_entry_larger_than_it_says_is_refused() {
    let mut bytes = zipped(&[("word/document.xml", &" ".repeat(5000))]);
    let size = 5000_u32.to_le_bytes();
    let places: Vec<_> =
        bytes.windows(4).enumerate().filter(|(_, window)| *window == size).map(|(at, _)| at).collect();
    assert_eq!(places.len(), 2, "the local header and the directory");
    for at in places {
        bytes[at..at + 4].copy_from_slice(&50_u32.to_le_bytes());
    }
    let error = refused(Docx, bytes, Limits::default());
    assert!(matches!(error, Error::TooLarge(_) | Error::Invalid { .. }), "{error}");
}
