//! Sentences that are brought along from other translation programs.

use serde_json::Value;
use testkit::backend::FakeBackend;

use crate::helpers::{Answer, Frontend, until};

async fn import(frontend: &Frontend, file: impl Into<Vec<u8>>) -> Answer {
    let part = reqwest::multipart::Part::bytes(file.into()).file_name("memory.tmx");
    let form = reqwest::multipart::Form::new().part("file", part);
    let post = frontend.http.post(format!("{}/history/import", frontend.url)).multipart(form);
    Answer::of(post.send().await.unwrap()).await
}

fn tmx(units: &[(&str, &str)]) -> String {
    let unit = |(source, target): &(&str, &str)| {
        format!(
            "<tu><tuv xml:lang=\"de-DE\"><seg>{source}</seg></tuv>\
             <tuv xml:lang=\"en-GB\"><seg>{target}</seg></tuv></tu>\n"
        )
    };
    format!(
        "<?xml version=\"1.0\"?>\n<tmx version=\"1.4\"><header srclang=\"de-DE\"/><body>\n{}</body></tmx>",
        units.iter().map(unit).collect::<Vec<_>>().concat()
    )
}

#[tokio::test]
async fn imported_sentences_are_used_in_short_texts_long_ones_and_while_typing() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let file = tmx(&[("Guten <bpt i=\"1\">x</bpt>Morgen.", "Top of the morning."), ("Nie da.", "Never.")]);
    let answer = import(&frontend, file).await;
    assert_eq!(answer.status, 200, "{}", answer.page);
    assert!(answer.words("report").contains("2 sentences were taken."), "{}", answer.page);
    assert!(answer.page.contains("2 imported sentences are in use."), "{}", answer.page);
    assert!(!frontend.get("/history").await.page.contains("Never."), "they are in no list");

    let page = frontend.get(frontend.post("Guten  Morgen.\nAnderes.").await.location()).await;
    assert_eq!(page.output(), "Top of the morning.\n[en] Anderes.");
    let long = "Guten Morgen.\n".to_owned() + &"Anderes.\n".repeat(1500);
    let job = frontend.post(&long).await.location().to_owned();
    let done = until(&frontend, &job, |answer| answer.status == 303).await;
    let page = frontend.get(done.location()).await;
    assert!(page.output().starts_with("Top of the morning.\n[en] Anderes.\n"));
    assert!(
        !backend.sentences().iter().any(|sentence| sentence.contains("Morgen")),
        "the model was not asked"
    );

    let body = serde_json::json!({ "text": "Guten Morgen.\nNeu.", "source": "de", "target": "en" });
    let live = frontend.http.post(format!("{}/live", frontend.url)).json(&body).send().await.unwrap();
    let lines: Vec<Value> =
        live.text().await.unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["text"], &lines[1]["text"]), (&"Top of the morning.".into(), &"[en] Neu.".into()));

    assert_eq!(frontend.post_to("/history/import/delete").await.location(), "/history/import");
    let page = frontend.get(frontend.post("Guten Morgen.").await.location()).await;
    assert_eq!(page.output(), "[en] Guten Morgen.");
}

#[tokio::test]
async fn a_broken_file_is_told_with_its_line_and_nothing_of_it_is_taken() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let good = tmx(&[("Eins.", "One."), ("Zwei.", "Two.")]);
    let bomb = good.replace("<tmx", "<!DOCTYPE tmx [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><tmx");
    for (file, said) in [
        (good.replace("</body>", ""), "Line 5 is not well-formed XML"),
        (good.split("</body>").next().unwrap().to_owned(), "The file ends in line 5"),
        (good.replace("Zwei", "&evil;"), "Line 4 has “evil”"),
        (bomb, "Line 2 defines entities"),
        ("<script>alert(1)</script>".to_owned(), "It is not a TMX file"),
    ] {
        let answer = import(&frontend, file).await;
        let alert = answer.words("alert");
        assert!(
            answer.status == 400 && alert.starts_with("Nothing was imported.") && alert.contains(said),
            "{alert}"
        );
        assert!(!frontend.get("/history/import").await.has("count"), "{said}");
    }
    let empty = frontend.http.post(format!("{}/history/import", frontend.url)).body("").send().await.unwrap();
    assert!(Answer::of(empty).await.words("alert").contains("No file was chosen."));
    let small = Frontend::with_sqlite(&["--backend-url", &backend.url(), "--max-body-mb", "1"]).await;
    let answer = import(&small, " ".repeat(1_100_000)).await;
    assert!(answer.status == 413 && answer.words("alert").contains("1 MB"), "{}", answer.page);
}

#[tokio::test]
async fn units_that_are_left_out_are_reported_and_the_rest_is_taken() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let file = tmx(&[("Eins.", "One."), ("Eins.", "The one."), ("Zwei.", ""), ("Drei.", "Three.")]);
    let file = file.replace("<tu><tuv xml:lang=\"de-DE\"><seg>Drei", "<tu><tuv><seg>Drei");
    let answer = import(&frontend, file).await;
    let report = answer.words("report");
    for line in
        ["One sentence was taken.", "a text of it has no language", "a text of it is empty", "there again"]
    {
        assert!(report.contains(line), "{line}: {report}");
    }
    let page = frontend.get(frontend.post("Eins.").await.location()).await;
    assert_eq!(page.output(), "The one.");
}

#[tokio::test]
async fn an_export_that_is_imported_exports_the_same_again() {
    let backend = FakeBackend::start().await;
    let first = Frontend::start(&backend).await;
    for text in ["Eins & <zwei>. \"Drei\"\nvier", "Grüße 🦔!\n\nEins & <zwei>."] {
        first.post(text).await.location();
    }
    import(&first, tmx(&[("Mitgebracht.", "Brought along.")])).await;
    let exported = first.get("/history/export?format=tmx").await.page;
    let units = |file: &str| {
        let lines = file.lines().filter(|line| line.starts_with("<tu "));
        lines
            .map(|line| line.split_once("srclang").unwrap().1.to_owned())
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert!(units(&exported).len() >= 5, "{exported}");
    let second = Frontend::start(&backend).await;
    for _ in 0..2 {
        let answer = import(&second, exported.clone()).await;
        assert!(answer.has("report"), "{}", answer.page);
        let again = second.get("/history/export?format=tmx").await.page;
        assert_eq!(units(&again), units(&exported));
    }
}

#[tokio::test]
async fn imported_sentences_are_their_owners() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::with_sqlite(&["--backend-url", &backend.url(), "--history", "own"]).await;
    let answer = import(&frontend, tmx(&[("Eins.", "One.")])).await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let post = async |cookie: Option<&str>| {
        let form = reqwest::multipart::Form::new().text("text", "Eins.");
        let post = frontend.http.post(&frontend.url).multipart(form);
        let post = if let Some(cookie) = cookie { post.header("cookie", cookie) } else { post };
        let answer = Answer::of(post.send().await.unwrap()).await;
        frontend.get(answer.location()).await.output()
    };
    assert_eq!(post(Some(&cookie)).await, "One.");
    assert_eq!(post(None).await, "[en] Eins.");
}
