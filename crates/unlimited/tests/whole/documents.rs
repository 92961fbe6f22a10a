//! `unlimited translate --file`: a document in, the same document in English out.

use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

fn translate(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unlimited"));
    command.arg("translate").args(arguments).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

fn message(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_page_comes_back_with_everything_but_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let page = "<!doctype html>\r\n<html lang=\"de-DE\"><title>Guten Morgen!</title>\r\n<!-- Guten Morgen! -->\
        <p class=a>Guten Morgen!<br>Guten <b id='b'>Morgen</b>!</p><pre>Guten Morgen!</pre>";
    std::fs::write(folder.path().join("page.html"), page).unwrap();
    let output = translate(folder.path(), &["--file", "page.html", "--quiet"]);
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let written = std::fs::read_to_string(folder.path().join("page.en.html")).unwrap();
    let (head, rest) = written.split_once("<br>").unwrap();
    assert_eq!(
        head,
        "<!doctype html>\r\n<html lang=\"en\"><title>Good morning.</title>\r\n<!-- Guten Morgen! --><p class=a>Good morning."
    );
    let (bold, rest) = rest.split_once("</b>").unwrap();
    assert!(["Good <b id='b'>morning", "<b id='b'>Good morning"].contains(&bold), "{bold}");
    assert!(rest.ends_with("</p><pre>Guten Morgen!</pre>"), "{rest}");

    let again = translate(folder.path(), &["--file", "page.html"]);
    assert!(message(&again).contains("page.en.html is there already"));
    let stdout = translate(folder.path(), &["--file", "page.html", "--output", "-"]);
    assert_eq!(String::from_utf8(stdout.stdout).unwrap(), written);
}

#[test]
fn a_word_document_comes_back_with_everything_but_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let body = "<w:document><w:body><w:p><w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr><w:r><w:t xml:space=\"preserve\">Guten \
        </w:t></w:r><w:r><w:t>Morgen!</w:t></w:r></w:p><w:p/></w:body></w:document>";
    let files = [
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", body),
        ("word/media/a.png", "\u{1}Guten Morgen!"),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    std::fs::write(folder.path().join("brief.docx"), archive.finish().unwrap().into_inner()).unwrap();
    let output = translate(folder.path(), &["--file", "brief.docx", "--output", "letter.docx"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("starter model"));
    let mut archive =
        ZipArchive::new(std::fs::File::open(folder.path().join("letter.docx")).unwrap()).unwrap();
    let mut content = |name: &str| {
        let mut content = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut content).unwrap();
        content
    };
    let expected = "<w:document><w:body><w:p><w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr><w:r><w:t xml:space=\"preserve\">Good \
        morning.</w:t></w:r></w:p><w:p/></w:body></w:document>";
    assert_eq!(content("word/document.xml"), expected);
    assert_eq!(content("word/media/a.png"), files[2].1);
}

#[test]
fn what_cannot_be_translated_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["scan.pdf", "broken.docx"] {
        std::fs::write(folder.path().join(name), "no").unwrap();
    }
    let refused = |name: &str| message(&translate(folder.path(), &["--file", name]));
    let unknown = refused("scan.pdf");
    assert!(unknown.contains(".pdf is not a format") && unknown.contains(".odt"), "{unknown}");
    let broken = refused("broken.docx");
    assert!(broken.contains("broken.docx: this is no valid .docx file"), "{broken}");
    assert!(refused("missing.md").contains("cannot read missing.md"));
}
