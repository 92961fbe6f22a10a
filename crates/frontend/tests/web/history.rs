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

/// A frontend with these texts, all of which can be found.
async fn with(backend: &FakeBackend, texts: &[&str]) -> Frontend {
    let frontend = Frontend::start(backend).await;
    for text in texts {
        frontend.post(text).await.location();
    }
    for text in texts {
        let last = text.split(' ').next_back().unwrap();
        let found = |answer: &crate::helpers::Answer| !answer.links("/translations/").is_empty();
        crate::helpers::until(&frontend, &format!("/history?q={last}"), found).await;
    }
    frontend
}

#[tokio::test]
async fn the_history_is_searched_and_what_is_found_is_marked() {
    let backend = FakeBackend::start().await;
    let filling = "Füllung. ".repeat(100);
    let frontend =
        with(&backend, &["Die <b>Straße</b> ist lang", "Der Käse schmeckt", &format!("{filling}Nadel Ende")])
            .await;
    let all = frontend.get("/history").await;
    assert!(all.has("words") && !all.has("pair") && !all.page.contains("<mark>"), "{}", all.page);

    let found = frontend.get("/history?q=strasse&pair=&from=&to=").await;
    assert_eq!(found.links("/translations/").len(), 1);
    assert!(
        found.page.contains("Die &lt;b&gt;<mark>Straße</mark>&lt;&#x2f;b&gt; ist lang"),
        "{}",
        found.page
    );
    assert!(found.page.contains("value=\"strasse\""), "the field keeps what was typed");
    let found = frontend.get("/history?q=nadel").await;
    let place = "…Füllung. Füllung. Füllung. Füllung. Füllung. Füllung. <mark>Nadel</mark> Ende</span>";
    assert!(found.page.contains(place), "{}", found.page);

    for nothing in
        ["q=%22schmeckt+k%C3%A4se%22", "q=straße+käse", "q=lang&from=2999-01-01", "q=lang&pair=fr+en"]
    {
        let answer = frontend.get(&format!("/history?{nothing}")).await;
        assert!(answer.has("nothing") && answer.links("/translations/").is_empty(), "{nothing}");
        assert!(answer.has("words") && answer.links("/history").contains(&"/history".to_owned()));
    }
    let nasty = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E+%27+OR+1%3D1+--+%00";
    let answer = frontend.get(&format!("/history?q={nasty}&pair={nasty}")).await;
    assert!(answer.status == 200 && answer.has("nothing") && !answer.page.contains("<script>alert"));
    for (query, problem) in [
        ("from=gestern", "“gestern” is not a date like 2026-11-20"),
        ("from=2026-02-02&to=2026-02-01", "the first day lies after the last"),
        ("q=a+b+c+d+e+f+g+h+i+j+k+l+m", "more than 12 words"),
    ] {
        let answer = frontend.get(&format!("/history?{query}")).await;
        assert!(
            answer.status == 200 && answer.has("problem") && answer.page.contains(problem),
            "{}",
            answer.page
        );
        assert!(answer.links("/translations/").is_empty());
    }
}

#[tokio::test]
async fn what_is_found_is_walked_and_taken_along() {
    let backend = FakeBackend::start().await;
    let texts: Vec<String> =
        (0..45).map(|n| format!("{} {n}", if n % 2 == 0 { "Gerade" } else { "Krumm" })).collect();
    let frontend = with(&backend, &texts.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let first = frontend.get("/history?q=gerade&to=2999-12-31").await;
    assert_eq!(first.links("/translations/").len(), 20);
    let older = first.links("/history?before=")[0].replace("&amp;", "&");
    assert!(older.ends_with("&q=gerade&to=2999%2D12%2D31"), "{older}");
    let second = frontend.get(&older).await;
    assert_eq!(second.links("/translations/").len(), 3);
    assert!(second.links("/history?before=").is_empty());
    let newest = second.links("/history?q=")[0].replace("&amp;", "&");
    assert_eq!(frontend.get(&newest).await.links("/translations/"), first.links("/translations/"));

    let export = second.links("/history/export?format=csv")[0].replace("&amp;", "&");
    let csv = frontend.get(&export).await.page;
    assert_eq!((csv.matches("\r\n").count(), csv.matches("Krumm").count()), (24, 0), "{csv}");
    assert_eq!(
        frontend.get("/history/export?format=tmx&from=2999-12-31").await.page.matches("<tu ").count(),
        0
    );
    assert_eq!(frontend.get("/history/export?format=jsonl&pair=de+en").await.page.lines().count(), 45);
    assert_eq!(frontend.get("/history/export?format=jsonl&from=nonsense").await.status, 404);
}
