//! Files that cannot be translated: each fault is named, and what the visitor chose and typed stays.

use testkit::backend::{ClosedPort, FakeBackend};

use crate::files::zipped;
use crate::helpers::{Answer, Frontend};

const WORD: &str = "<w:document><w:body><w:p><w:r><w:t>Ein Wort.</w:t></w:r></w:p></w:body></w:document>";

/// Posts a file that is refused; returns what is said about it.
async fn refused(frontend: &Frontend, name: &str, content: impl Into<Vec<u8>>, status: u16) -> String {
    let answer = frontend.post_file(name, content, "fr").await;
    assert_eq!(answer.status, status, "{name}: {}", answer.page);
    assert_kept(&answer);
    answer.words("alert")
}

fn assert_kept(answer: &Answer) {
    assert_eq!(answer.text(), "Noch im Feld.");
    assert_eq!((answer.choice("from").0.as_str(), answer.choice("to").0.as_str()), ("fr", "en"));
}

async fn start(flags: &[&str]) -> (FakeBackend, Frontend) {
    let backend = FakeBackend::with_pairs(&[("de", "en"), ("fr", "en")]).await;
    let url = backend.url();
    let frontend = Frontend::with_sqlite(&[&["--backend-url", &url], flags].concat()).await;
    (backend, frontend)
}

#[tokio::test]
async fn what_is_no_such_document_is_named() {
    let (backend, frontend) = start(&[]).await;
    let odt = zipped(&[("content.xml", "<a/>")]);
    let locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0".to_vec();
    let encrypted = zipped(&[("META-INF/manifest.xml", "<m:encryption-data/>"), ("content.xml", "?")]);
    let broken = zipped(&[("word/document.xml", "<w:x><w:p></w:x>")]);
    for (name, content, status, expected) in [
        (
            "scan.pdf",
            b"%PDF-1.7".to_vec(),
            415,
            "scan.pdf is of no format that can be translated. These can: .txt, .md",
        ),
        ("LIESMICH", b"Text".to_vec(), 415, "LIESMICH is of no format"),
        ("a.docx", b"Nur Text".to_vec(), 400, "a.docx is no valid .docx file: it is no zip archive"),
        ("a.docx", odt, 400, "it has no word/document.xml"),
        ("a.docx", locked, 400, "has a password or is of an older version"),
        ("a.odt", encrypted, 400, "Save it anew, without a password"),
        ("a.docx", broken, 400, "word/document.xml is no well-formed XML, from byte 10 on"),
        ("bild.txt", b"GIF89a\0\0\x01".to_vec(), 400, "NUL characters"),
        ("leer.txt", Vec::new(), 400, "has no text"),
        ("leer.html", b"<pre>x = 1</pre>".to_vec(), 400, "has no text"),
    ] {
        let alert = refused(&frontend, name, content, status).await;
        assert!(alert.contains(expected), "{name}: {alert}");
    }
    assert_eq!(backend.received(), 0);
    assert!(frontend.get("/history").await.links("/jobs/").is_empty(), "nothing was stored");
}

#[tokio::test]
async fn hostile_archives_are_refused_without_taking_memory() {
    let (_backend, frontend) = start(&[]).await;
    let bomb = zipped(&[("word/document.xml", &format!("<w:x>{}</w:x>", " ".repeat(64 << 20)))]);
    assert!(bomb.len() < 1 << 20);
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><w:x>&b;</w:x>";
    let deep = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
    for (content, status, expected) in [
        (bomb, 413, "grows more than 250 times when unpacked"),
        (zipped(&[("word/document.xml", laughs)]), 400, "word/document.xml defines entities of its own"),
        (zipped(&[("word/document.xml", &deep)]), 400, "nested too deep"),
        (
            zipped(&[("word/document.xml", &"<a/>".repeat(1_000_001))]),
            413,
            "more than 1,000,000 tags or lines",
        ),
        (
            zipped(&[("word/document.xml", WORD), ("../../evil", "")]),
            400,
            "it holds ../../evil, which would lie outside of it",
        ),
    ] {
        let alert = refused(&frontend, "a.docx", content, status).await;
        assert!(alert.contains(expected), "{alert}");
    }
    // markup in the name of a file is only text
    let page = frontend.post_file("<b>x.docx", "no", "fr").await.page;
    assert!(page.contains("&lt;b&gt;x.docx") && !page.contains("<b>x.docx"), "{page}");
}

#[tokio::test]
async fn a_file_above_the_limit_is_refused_with_the_limit() {
    let (_backend, frontend) = start(&["--max-body-mb", "1"]).await;
    let largest = "Wort ".repeat(200_000);
    let answer = frontend.post_file("a.txt", largest, "fr").await;
    assert!(answer.location().starts_with("/jobs/"));
    for megabytes in [1, 3] {
        let alert = refused_for_size(&frontend, vec![b'a'; (megabytes << 20) + 100]).await;
        assert!(alert.contains("The file is too large") && alert.contains("At most 1 MB"), "{alert}");
    }
}

/// The text stands behind a file that was not read to its end.
async fn refused_for_size(frontend: &Frontend, content: Vec<u8>) -> String {
    let answer = frontend.post_file("a.txt", content, "fr").await;
    assert_eq!(answer.status, 413, "{}", answer.page);
    assert_eq!((answer.choice("from").0.as_str(), answer.choice("to").0.as_str()), ("fr", "en"));
    answer.words("alert")
}

#[tokio::test]
async fn what_is_missing_is_said() {
    let (_backend, frontend) = start(&[]).await;
    let form = reqwest::multipart::Form::new()
        .text("source", "fr")
        .text("text", "Noch im Feld.")
        .text("what", "file");
    let answer = Answer::of(frontend.http.post(&frontend.url).multipart(form).send().await.unwrap()).await;
    assert_eq!(answer.status, 400);
    assert!(answer.words("alert").contains("Choose a file first"), "{}", answer.page);
    assert_kept(&answer);
    let pair = frontend.post_file("a.txt", "Ja.", "pl").await;
    assert_eq!(pair.status, 400);
    assert!(pair.words("alert").contains("This pair of languages is not there"), "{}", pair.page);
}

#[tokio::test]
async fn without_a_database_a_file_is_not_taken() {
    let (backend, database) = (FakeBackend::start().await, ClosedPort::take());
    let frontend =
        Frontend::with_mysql(&backend.url(), database.address().port(), "translation", "u", "p").await;
    let answer = frontend.post_file("a.txt", "Ja.", "de").await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
    assert!(answer.words("alert").contains("The database does not answer"), "{}", answer.page);
    assert_eq!(answer.text(), "Noch im Feld.");
}

#[tokio::test]
async fn faults_are_named_in_german_too() {
    let (_backend, frontend) = start(&[]).await;
    let part = reqwest::multipart::Part::text("Nur Text").file_name("a.docx");
    let form = reqwest::multipart::Form::new().part("file", part).text("what", "file").text("target", "en");
    let post = frontend.http.post(&frontend.url).header("accept-language", "de").multipart(form);
    let answer = Answer::of(post.send().await.unwrap()).await;
    let alert = answer.words("alert");
    assert!(alert.contains("a.docx ist keine gültige .docx-Datei: Sie ist kein Zip-Archiv"), "{alert}");
}
