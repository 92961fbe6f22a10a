//! Files: chosen, translated, downloaded in the same format.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use e2e::axe;
use tempfile::TempDir;
use thirtyfour::Key;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::stage::Stage;

/// What the starter model makes of the sentence that every file here has: part of it.
const GERMAN: &str = "Der Zug hat zwanzig Minuten Verspätung.";
const ENGLISH: &str = "twenty minutes late";

/// Chooses a file on the page, has it translated and returns the download.
async fn translate(stage: &Stage, folder: &TempDir, name: &str, content: &[u8]) -> Result<Vec<u8>> {
    let Stage { browser, .. } = stage;
    let path: PathBuf = folder.path().join(name);
    fs::write(&path, content)?;
    stage.open("/").await?;
    browser.type_into("#file", path.to_str().context("the path")?).await?;
    browser.click("#translate-file").await?;
    browser.until("Boolean(document.getElementById('file')?.matches('a'))").await?;
    assert!(browser.text("h1").await?.contains(name));
    browser.click("#file").await?;
    browser.downloaded(&name.replace('.', ".en.")).await
}

#[tokio::test]
async fn every_text_format_comes_back_with_everything_but_its_words() -> Result<()> {
    let stage = Stage::set().await?;
    let folder = TempDir::new()?;
    // what stands around the sentence, before and behind
    let formats = [
        ("a.txt", "\t", "\r\n\r\n"),
        ("a.md", "---\ntitle: Bleibt\n---\n\n> ", "\n\n```\nbleibt\n```\n"),
        ("a.html", "<!doctype html><!-- bleibt --><p class='x'>", "<p translate=\"no\">Bleibt"),
        ("a.srt", "1\r\n00:00:01,000 --> 00:00:02,500\r\n", "\r\n"),
        ("a.vtt", "WEBVTT\n\nNOTE bleibt\n\n00:01.000 --> 00:02.000 line:0\n", "\n"),
    ];
    for (name, before, behind) in formats {
        let source = format!("{before}{GERMAN}{behind}");
        let translated = String::from_utf8(translate(&stage, &folder, name, source.as_bytes()).await?)?;
        let words = translated.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
        assert!(words.is_some_and(|words| words.contains(ENGLISH)), "{name}: {translated}");
    }
    axe::check(&stage.browser, "the page of a file").await?;

    let source = format!("# bleibt\nmsgid \"{GERMAN}\"\nmsgstr \"\"\n");
    let translated = String::from_utf8(translate(&stage, &folder, "a.po", source.as_bytes()).await?)?;
    let original = format!("# bleibt\n#, fuzzy\nmsgid \"{GERMAN}\"\nmsgstr \"");
    assert!(translated.strip_prefix(&original).is_some_and(|rest| rest.contains(ENGLISH)), "{translated}");
    Ok(())
}

#[tokio::test]
async fn every_archive_comes_back_with_everything_but_its_words() -> Result<()> {
    let stage = Stage::set().await?;
    let folder = TempDir::new()?;
    // the part with the words comes last; the second word of its sentence is marked
    let formats: [(&str, &[(&str, &str)]); 3] = [
        (
            "a.docx",
            &[
                ("[Content_Types].xml", "<Types/>"),
                ("word/media/a.png", "Bild"),
                (
                    "word/document.xml",
                    "<w:document><w:body><w:p><w:r><w:t xml:space=\"preserve\">Der </w:t></w:r><w:r><w:rPr><w:b/></w:rPr>\
                     <w:t>Zug</w:t></w:r><w:r><w:t xml:space=\"preserve\"> hat zwanzig Minuten Verspätung.</w:t></w:r>\
                     </w:p></w:body></w:document>",
                ),
            ],
        ),
        (
            "a.odt",
            &[
                ("mimetype", "application/vnd.oasis.opendocument.text"),
                ("Bild.svg", "<x/>"),
                (
                    "content.xml",
                    "<office:document-content><office:body><office:text><text:p>Der <text:span \
                     text:style-name=\"T1\">Zug</text:span> hat zwanzig Minuten Verspätung.</text:p></office:text>\
                     </office:body></office:document-content>",
                ),
            ],
        ),
        (
            "a.epub",
            &[
                ("mimetype", "application/epub+zip"),
                ("META-INF/container.xml", "<c/>"),
                (
                    "a.xhtml",
                    "<html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>Der <i>Zug</i> hat zwanzig Minuten \
                     Verspätung.</p></body></html>",
                ),
            ],
        ),
    ];
    for (name, files) in formats {
        let translated = translate(&stage, &folder, name, &zipped(files)?).await?;
        let mut parts = unzipped(&translated)?;
        let (part, words) = parts.pop().unwrap();
        let (main, others) = files.split_last().unwrap();
        assert_eq!(part, main.0);
        assert_eq!(tags(&words), tags(main.1), "{name}: {words}");
        assert!(words.contains("train") && words.contains(ENGLISH), "{name}: {words}");
        for ((part, content), other) in parts.iter().zip(others) {
            assert_eq!((part.as_str(), content.as_str()), *other, "{name}");
        }
        assert_eq!(parts.len(), others.len());
    }
    Ok(())
}

#[tokio::test]
async fn a_file_is_taken_that_is_dropped_on_the_page() -> Result<()> {
    const DROP: &str = "const dropped = new DataTransfer();
        for (const name of arguments[0]) dropped.items.add(new File([arguments[1]], name));
        const event = (name) => new DragEvent(name, { dataTransfer: dropped, bubbles: true, cancelable: true });
        document.querySelector('h1').dispatchEvent(event('dragover'));
        const shown = document.body.classList.contains('dropping');
        document.querySelector('h1').dispatchEvent(event('drop'));
        return shown && !document.body.classList.contains('dropping');";
    let stage = Stage::set().await?;
    let Stage { browser, .. } = &stage;
    stage.open("/").await?;
    let content = format!("<p>{GERMAN}");
    let drop =
        async |names: &[&str]| browser.run::<bool>(DROP, vec![names.into(), content.as_str().into()]).await;
    assert!(drop(&["a.html", "b.html"]).await?, "the page shows that it takes files");
    browser.until_text("#status", "One file at a time").await?;
    drop(&["a.pdf"]).await?;
    browser.until_text("#status", "a.pdf is of no format").await?;
    drop(&["a.html"]).await?;
    browser.until_text("#status", "a.html is chosen").await?;
    axe::check(browser, "a chosen file").await?;
    // the button has the focus
    browser.press(Key::Enter).await?;
    browser.until("Boolean(document.getElementById('file')?.matches('a'))").await?;
    browser.click("#file").await?;
    let translated = String::from_utf8(browser.downloaded("a.en.html").await?)?;
    assert!(translated.starts_with("<p>") && translated.contains(ENGLISH), "{translated}");
    Ok(())
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_with_what_to_do() -> Result<()> {
    let stage = Stage::set().await?;
    let Stage { browser, .. } = &stage;
    let folder = TempDir::new()?;
    let path = folder.path().join("kaputt.docx");
    fs::write(&path, b"PK\x03\x04 is no archive")?;
    stage.open("/").await?;
    browser.type_into("#text", "Guten Morgen!").await?;
    browser.type_into("#file", path.to_str().unwrap()).await?;
    browser.click("#translate-file").await?;
    browser.until_text("#alert", "kaputt.docx").await?;
    assert_eq!(browser.value("#text").await?, "Guten Morgen!", "what was typed is still there");
    axe::check(browser, "a refused file").await
}

/// Names of the tags in order.
fn tags(xml: &str) -> Vec<&str> {
    xml.split('<').skip(1).map(|tag| &tag[..tag.find(['>', ' ']).unwrap_or(tag.len())]).collect()
}

fn zipped(files: &[(&str, &str)]) -> Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default())?;
        writer.write_all(content.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}

fn unzipped(archive: &[u8]) -> Result<Vec<(String, String)>> {
    let mut archive = ZipArchive::new(Cursor::new(archive))?;
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        let mut content = String::new();
        file.read_to_string(&mut content)?;
        files.push((file.name()?.into_owned(), content));
    }
    Ok(files)
}
