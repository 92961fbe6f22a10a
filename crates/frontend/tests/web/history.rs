//! The history and pages that are not there.

use testkit::backend::FakeBackend;

use crate::helpers::Frontend;

#[tokio::test]
async fn the_history_is_walked_page_by_page() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let mut expected = Vec::new();
    for number in 0..45 {
        expected.insert(0, frontend.post(&format!("Nummer {number}")).await.location().to_owned());
    }
    let entries = |answer: &crate::helpers::Answer| answer.links("/translations/");

    let first = frontend.get("/history").await;
    assert_eq!(entries(&first), expected[..20]);
    assert!(first.links("/history?after=").is_empty());
    let second = frontend.get(&first.links("/history?before=")[0]).await;
    assert_eq!(entries(&second), expected[20..40]);
    let third = frontend.get(&second.links("/history?before=")[0]).await;
    assert_eq!(entries(&third), expected[40..]);
    assert!(third.links("/history?before=").is_empty());

    let back = frontend.get(&third.links("/history?after=")[0]).await;
    assert_eq!(entries(&back), expected[20..40]);
    let back = frontend.get(&back.links("/history?after=")[0]).await;
    assert_eq!(entries(&back), expected[..20]);
    assert!(back.links("/history?after=").is_empty() && !back.links("/history?before=").is_empty());
}

#[tokio::test]
async fn long_texts_are_cut_in_the_history() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    frontend.post(&format!("<b>{}ENDE", "Ein Wort. ".repeat(200))).await.location();
    let history = frontend.get("/history").await;
    assert!(history.page.contains("&lt;b&gt;Ein Wort.") && history.page.contains('…'), "{}", history.page);
    assert!(!history.page.contains("ENDE") && history.page.contains("2,007 characters"), "{}", history.page);
}

#[tokio::test]
async fn the_history_is_taken_along_in_every_format() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    for number in 0..45 {
        frontend.post(&format!("Nummer \"{number}\" & mehr.\n\nZwei, drei.")).await.location();
    }
    let csv = frontend.get("/history/export?format=csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"translations.csv\"");
    assert_eq!(csv.page.matches("\r\n").count(), 46);
    assert!(csv.page.contains(",\"Nummer \"\"44\"\" & mehr.\n\nZwei, drei.\",\"[en] Nummer"), "{}", csv.page);
    let json = frontend.get("/history/export?format=jsonl").await;
    let lines: Vec<serde_json::Value> =
        json.page.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 45);
    assert_eq!(lines[44]["source_text"], "Nummer \"0\" & mehr.\n\nZwei, drei.");
    assert_eq!(lines[44]["target_text"], "[en] Nummer \"0\" & mehr.\n\n[en] Zwei, drei.");
    let tmx = frontend.get("/history/export?format=tmx").await;
    assert!(tmx.page.starts_with("<?xml version=\"1.0\"") && tmx.page.trim_end().ends_with("</tmx>"));
    assert_eq!(tmx.page.matches("<tu ").count(), 90);
    assert!(tmx.page.contains("<seg>Nummer &quot;7&quot; &amp; mehr.</seg>"), "{}", tmx.page);
    assert_eq!(frontend.get("/history/export?format=exe").await.status, 404);
}

#[tokio::test]
async fn one_translation_or_all_are_deleted_for_good() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let long: Vec<_> = (0..1000).map(|n| format!("Die Zeile mit der Nummer {n}.\n")).collect();
    let long = long.concat();
    let job = frontend.post(&long).await.location().to_owned();
    let kept = crate::helpers::until(&frontend, &job, |answer| answer.status == 303).await;
    let permalink = kept.location().to_owned();
    let other = frontend.post("Anderes.").await.location().to_owned();
    assert_eq!(frontend.post_to(&format!("{permalink}/delete")).await.location(), "/history");
    assert_eq!(frontend.get(&permalink).await.status, 404);
    assert_eq!(frontend.post_to(&format!("{permalink}/delete")).await.status, 404);
    assert_eq!(frontend.get("/history").await.links("/translations/"), [other]);

    let translated = backend.sentences().len();
    let job = frontend.post(&long).await.location().to_owned();
    crate::helpers::until(&frontend, &job, |answer| answer.status == 303).await;
    assert_eq!(backend.sentences().len(), translated + 1000, "its sentences were forgotten with it");

    let question = frontend.get("/history/delete").await;
    assert!(question.page.contains("Delete the whole history?") && question.has("delete"));
    assert_eq!(frontend.get("/history").await.links("/translations/").len(), 2);
    assert_eq!(frontend.post_to("/history/delete").await.location(), "/history");
    assert!(frontend.get("/history").await.page.contains("Nothing has been translated yet"));
    let job = frontend.post(&long).await.location().to_owned();
    crate::helpers::until(&frontend, &job, |answer| answer.status == 303).await;
    assert_eq!(backend.sentences().len(), translated + 2000, "and all with the history");
}

#[tokio::test]
async fn an_empty_history_invites_to_translate() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let history = frontend.get("/history").await;
    assert_eq!(history.status, 200);
    assert!(history.page.contains("Nothing has been translated yet"), "{}", history.page);
}

#[tokio::test]
async fn addresses_that_lead_nowhere_are_pages_too() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    for (path, sentence) in [
        ("/nothing", "There is nothing at this address."),
        ("/translations/nonsense", "There is no translation at this address"),
        ("/translations/0190b0c8-f1d2-7a8c-9d3a-5b6c7d8e9f00", "There is no translation at this address"),
        ("/translations/%00%ff", "There is no translation at this address"),
        ("/assets/%ff", "There is nothing at this address."),
        ("/history?before=nonsense", "There is nothing at this address."),
        ("/assets/style.css", "There is nothing at this address."),
    ] {
        let answer = frontend.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(
            answer.page.contains(sentence) && answer.page.contains("href=\"/\""),
            "{path}: {}",
            answer.page
        );
    }
    let answer = frontend.http.delete(&frontend.url).send().await.unwrap();
    assert_eq!(answer.status(), 405);
    assert!(answer.text().await.unwrap().contains("does not take this kind of request"));
}
