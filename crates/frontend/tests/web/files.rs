//! Files: the same format comes back, in the background, whatever happens meanwhile.

use std::collections::HashSet;
use std::io::{Cursor, Read as _, Write as _};
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use testkit::backend::{Behaviour, FakeBackend};
use testkit::mysql::Database;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::helpers::{Answer, Frontend, until};

/// An archive of these files.
pub(crate) fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn unzipped(archive: &[u8]) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    let count = archive.len();
    let read = |index| {
        let mut file = archive.by_index(index).unwrap();
        let mut content = String::new();
        file.read_to_string(&mut content).unwrap();
        (file.name().unwrap().into_owned(), content)
    };
    (0..count).map(read).collect()
}

/// Posts a file and returns the address of its job.
async fn begin(frontend: &Frontend, name: &str, content: impl Into<Vec<u8>>) -> String {
    let job = frontend.post_file(name, content, "de").await.location().to_owned();
    assert!(job.starts_with("/jobs/"), "{job}");
    job
}

/// Waits until a job has become a translation, and returns its address.
async fn finished(frontend: &Frontend, job: &str) -> String {
    let permalink = until(frontend, job, |answer| answer.status == 303).await.location().to_owned();
    assert_eq!(permalink, job.replace("/jobs/", "/translations/"));
    permalink
}

/// Translates a file and downloads it.
async fn translate(frontend: &Frontend, name: &str, content: impl Into<Vec<u8>>) -> (String, Vec<u8>) {
    let job = begin(frontend, name, content).await;
    frontend.download(&format!("{}/file", finished(frontend, &job).await)).await
}

fn assert_none_repeated(backend: &FakeBackend) {
    let sentences = backend.sentences();
    assert_eq!(sentences.iter().collect::<HashSet<_>>().len(), sentences.len());
}

/// Paragraphs of HTML, each with a bold word, and the same translated.
fn paragraphs(count: usize) -> (String, String) {
    let paragraph =
        |before: &str, n| format!("<p>{before}Das ist <b>Absatz</b> Nummer {n} von vielen.</p>\n");
    let all = |before| (0..count).map(|n| paragraph(before, n)).collect();
    (all(""), all("[en] "))
}

#[tokio::test]
async fn every_text_format_comes_back_with_everything_but_its_words() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let formats = [
        ("a.txt", "Eine Zeile.\r\n\r\n\tNoch eine.\r\n", "[en] Eine Zeile.\r\n\r\n\t[en] Noch eine.\r\n"),
        (
            "a.md",
            "---\ntitle: Bleibt\n---\n# Ein Titel\n\nEin **fettes** Wort und `code`.\n\n```\nbleibt\n```\n",
            "---\ntitle: Bleibt\n---\n# \\[en\\] Ein Titel\n\n\\[en\\] Ein **fettes** Wort und `code`.\n\n```\nbleibt\n```\n",
        ),
        (
            "a.html",
            "<!doctype html><html lang=de><!-- bleibt --><p class='x'>Ein <a href=\"/ziel\">gutes</a> \
             Wort.<img alt='Bild' src=b.png><p translate=\"no\">Bleibt",
            "<!doctype html><html lang=en><!-- bleibt --><p class='x'>[en] Ein <a href=\"/ziel\">gutes</a> \
             Wort.<img alt='[en] Bild' src=b.png><p translate=\"no\">Bleibt",
        ),
        (
            "a.srt",
            "1\r\n00:00:01,000 --> 00:00:02,500\r\nEin <i>gutes</i> Wort.\r\n",
            "1\r\n00:00:01,000 --> 00:00:02,500\r\n[en] Ein <i>gutes</i> Wort.\r\n",
        ),
        (
            "a.vtt",
            "WEBVTT\n\nNOTE bleibt\n\n00:01.000 --> 00:02.000 line:0\nEin Wort.\n",
            "WEBVTT\n\nNOTE bleibt\n\n00:01.000 --> 00:02.000 line:0\n[en] Ein Wort.\n",
        ),
        (
            "a.po",
            "# bleibt\nmsgid \"Ein %s Wort.\"\nmsgstr \"\"\n",
            "# bleibt\n#, fuzzy\nmsgid \"Ein %s Wort.\"\nmsgstr \"[en] Ein %s Wort.\"\n",
        ),
    ];
    for (name, source, expected) in formats {
        let (translated, content) = translate(&frontend, name, source).await;
        assert_eq!(translated, name.replace('.', ".en."));
        assert_eq!(String::from_utf8(content).unwrap(), expected, "{name}");
    }
}

#[tokio::test]
async fn every_archive_comes_back_with_everything_but_its_words() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let word = "<w:document><w:body><w:p><w:r><w:t xml:space=\"preserve\">Ein </w:t></w:r><w:r><w:rPr><w:b/></w:rPr>\
                <w:t xml:space=\"preserve\">gutes</w:t></w:r><w:r><w:t xml:space=\"preserve\"> Wort.</w:t></w:r></w:p></w:body></w:document>";
    let text = "<office:document-content><office:body><office:text><text:p>Ein <text:span \
                text:style-name=\"T1\">gutes</text:span> Wort.</text:p></office:text></office:body></office:document-content>";
    let page =
        "<html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>Ein <i>gutes</i> Wort.</p></body></html>";
    let formats: [(&str, Vec<(&str, &str)>); 3] = [
        (
            "a.docx",
            vec![
                ("[Content_Types].xml", "<Types/>"),
                ("word/media/a.png", "Bild"),
                ("word/document.xml", word),
            ],
        ),
        (
            "a.odt",
            vec![
                ("mimetype", "application/vnd.oasis.opendocument.text"),
                ("Bild.svg", "<x/>"),
                ("content.xml", text),
            ],
        ),
        (
            "a.epub",
            vec![("mimetype", "application/epub+zip"), ("META-INF/container.xml", "<c/>"), ("a.xhtml", page)],
        ),
    ];
    for (name, files) in formats {
        let (translated, content) = translate(&frontend, name, zipped(&files)).await;
        assert_eq!(translated, name.replace('.', ".en."));
        let (main, others) = files.split_last().unwrap();
        let mut parts = unzipped(&content);
        let (part, written) = parts.pop().unwrap();
        assert_eq!(part, main.0);
        assert_eq!(written, main.1.replace("Ein ", "[en] Ein "), "{name}");
        let others: Vec<_> =
            others.iter().map(|(name, content)| ((*name).to_owned(), (*content).to_owned())).collect();
        assert_eq!(parts, others, "{name}");
    }
}

#[tokio::test]
async fn a_file_is_shown_listed_downloaded_and_deleted_by_its_name() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    backend.behave(Behaviour::Hold);
    let (source, translated) = paragraphs(3);
    let job = begin(&frontend, "Brief für 100%.de.html", source.as_str()).await;
    backend.wait_until_received(1).await;
    for path in [job.as_str(), "/history"] {
        let page = frontend.get(path).await;
        assert!(page.page.contains("Brief für 100%.de.html"), "{}", page.page);
    }
    backend.behave(Behaviour::Translate);
    let permalink = finished(&frontend, &job).await;
    let page = frontend.get(&permalink).await;
    assert!(page.page.contains("<h1>Brief für 100%.de.html</h1>"), "{}", page.page);
    assert!(page.output().starts_with("[en] Das ist Absatz Nummer 0"), "{}", page.output());
    let (file, original) = (format!("{permalink}/file"), format!("{permalink}/original"));
    assert_eq!(page.links(&permalink), [file.clone(), original.clone()]);
    assert_eq!(
        frontend.download(&file).await,
        ("Brief f_r 100_.en.html".to_owned(), translated.into_bytes())
    );
    assert_eq!(frontend.download(&original).await.1, source.into_bytes());
    let answer = frontend.get(&file).await;
    assert_eq!(answer.header("content-type"), "text/html");
    assert!(answer.header("content-disposition").ends_with("''Brief%20f%C3%BCr%20100%25.en.html"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");

    let history = frontend.get("/history").await;
    assert!(
        history.page.contains("Brief für 100%.de.html") && history.links(&file).len() == 1,
        "{}",
        history.page
    );
    assert_eq!(frontend.post_to(&format!("{permalink}/delete")).await.location(), "/history");
    for gone in [&permalink, &file, &original] {
        assert_eq!(frontend.get(gone).await.status, 404, "{gone}");
    }
    assert_eq!(frontend.get(&format!("{permalink}/file/more")).await.status, 404);
    // a text has no file
    let text = frontend.post("Kurz.").await.location().to_owned();
    assert_eq!(frontend.get(&format!("{text}/file")).await.status, 404);
}

#[tokio::test]
async fn a_file_without_a_text_needs_no_button_of_its_own() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let part = |content: &'static str, name| reqwest::multipart::Part::text(content).file_name(name);
    let post = async |text: &'static str, file| {
        let form = reqwest::multipart::Form::new().text("text", text).part("file", file);
        let post = frontend.http.post(&frontend.url).multipart(form);
        Answer::of(post.send().await.unwrap()).await.location().to_owned()
    };
    assert!(post(" \r\n", part("Eins.", "a.txt")).await.starts_with("/jobs/"));
    // browsers send a file without a name where none was chosen
    assert!(post("Text.", part("", "")).await.starts_with("/translations/"));
    assert!(post("Text.", part("Eins.", "a.txt")).await.starts_with("/translations/"));
}

#[tokio::test]
async fn a_restart_of_the_frontend_goes_on_where_it_stopped() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let (source, expected) = paragraphs(1000);
    backend.behave(Behaviour::BreakAfter(5));
    let job = begin(&frontend, "a.html", source).await;
    backend.wait_until_received(2).await;
    backend.behave(Behaviour::Hold);
    backend.wait_until_received(3).await;
    let data = frontend.stop().await.unwrap();
    assert!(!backend.sentences().is_empty());

    let frontend = Frontend::on(data, &["--backend-url", &backend.url()]).await;
    backend.behave(Behaviour::Translate);
    let (_, content) = frontend.download(&format!("{}/file", finished(&frontend, &job).await)).await;
    assert!(content == expected.as_bytes(), "the file is another");
    assert_none_repeated(&backend);
}

#[tokio::test]
async fn backend_and_database_are_waited_for() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let (source, expected) = paragraphs(300);
    backend.behave(Behaviour::Unavailable);
    let job = begin(&frontend, "a.html", source).await;
    backend.wait_until_received(1).await;

    let options = SqliteConnectOptions::new().filename(frontend.sqlite_file());
    let mut lock = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut lock).await.unwrap();
    backend.behave(Behaviour::Translate);
    // longer than a writer waits for another
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(frontend.get(&job).await.status, 200, "nothing can be written yet");
    sqlx::query("ROLLBACK").execute(&mut lock).await.unwrap();
    let (_, content) = frontend.download(&format!("{}/file", finished(&frontend, &job).await)).await;
    assert!(content == expected.as_bytes(), "the file is another");
}

#[tokio::test]
async fn a_cancelled_file_can_be_downloaded_in_part_and_goes_on() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let (source, expected) = paragraphs(10_000);
    let job = begin(&frontend, "a.html", source.as_str()).await;
    until(&frontend, &job, |page| page.page.contains("[en] ")).await;
    backend.behave(Behaviour::Hold);
    assert_eq!(frontend.post_to(&format!("{job}/cancel")).await.location(), job);
    let page = frontend.get(&job).await;
    assert!(page.page.contains("Cancelled: a.html") && page.has("resume"), "{}", page.page);
    let (name, part) = frontend.download(&format!("{job}/result")).await;
    assert_eq!(name, "a.en.html");
    let lines = String::from_utf8(part).unwrap();
    let done = lines.matches("[en] ").count();
    assert!(done > 0 && done < 10_000, "{done}");
    let half: String =
        expected.lines().take(done).chain(source.lines().skip(done)).flat_map(|line| [line, "\n"]).collect();
    assert!(lines == half, "the rest is not as it was");

    backend.behave(Behaviour::Translate);
    assert_eq!(frontend.post_to(&format!("{job}/resume")).await.location(), job);
    let (_, content) = frontend.download(&format!("{}/file", finished(&frontend, &job).await)).await;
    assert!(content == expected.as_bytes(), "the file is another");
}

#[tokio::test]
async fn known_sentences_are_not_translated_again() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let (source, expected) = paragraphs(50);
    translate(&frontend, "a.html", source.as_str()).await;
    let (_, content) = translate(&frontend, "b.html", source.replace("Nummer 7 ", "Nummer sieben ")).await;
    assert_eq!(String::from_utf8(content).unwrap(), expected.replace("Nummer 7 ", "Nummer sieben "));
    assert_none_repeated(&backend);
    assert_eq!(backend.sentences().len(), 51);

    // without the words of its sentences a page is asked for again, once; a plain text needs none
    let lines: Vec<_> = (0..500).map(|n| format!("Satz {n} ist lang genug.\n")).collect();
    let text = lines.concat();
    let job = frontend.post(&text).await.location().to_owned();
    finished(&frontend, &job).await;
    let before = backend.sentences().len();
    translate(&frontend, "a.txt", text.as_str()).await;
    assert_eq!(backend.sentences().len(), before);
    let html = text.replace("ist", "<b>ist</b>").replace('\n', "<p>");
    for name in ["c.html", "d.html"] {
        let (_, content) = translate(&frontend, name, html.as_str()).await;
        assert_eq!(String::from_utf8(content).unwrap(), html.replace("Satz", "[en] Satz"));
        assert_eq!(backend.sentences().len(), before + 500);
    }
}

#[tokio::test]
async fn the_language_of_a_file_is_found_out() {
    let backend = FakeBackend::with_pairs(&[("de", "en"), ("fr", "en")]).await;
    let frontend = Frontend::start(&backend).await;
    let job = frontend.post_file("a.html", "<p>fr: Un mot.</p>", "auto").await.location().to_owned();
    let permalink = finished(&frontend, &job).await;
    let page = frontend.get(&permalink).await;
    assert_eq!(page.words("detected").split(" · ").next(), Some("Detected: French"), "{}", page.page);
    assert_eq!(frontend.download(&format!("{permalink}/file")).await.1, b"<p>[en] fr: Un mot.</p>");
    let english = frontend.post_file("a.html", "<p>en: A word.</p>", "auto").await;
    assert_eq!(english.status, 400);
    assert!(english.words("alert").contains("in English already"), "{}", english.page);
}

#[tokio::test]
async fn a_file_is_translated_with_mysql() {
    let (backend, database) = (FakeBackend::start().await, Database::create().await);
    let Database { name, user, password, port, .. } = &database;
    let frontend = Frontend::with_mysql(&backend.url(), *port, name, user, password).await;
    let (source, expected) = paragraphs(500);
    let (name, content) = translate(&frontend, "Ein Brief.html", source).await;
    assert!(name == "Ein Brief.en.html" && content == expected.as_bytes(), "{name}");
    drop(frontend);
}
