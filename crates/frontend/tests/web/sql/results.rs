//! What the SQL page shows.

use super::{Trial, alert, cells};

pub(super) async fn the_shared_history_is_shown_and_nothing_of_anybodys_own(trial: &Trial) {
    trial.fill().await;
    let page = trial.frontend.get("/sql").await;
    assert_eq!((page.status, page.has("result")), (200, false));
    assert!(trial.frontend.get("/").await.page.contains("<a href=\"/sql\">SQL</a>"), "the pages lead to it");
    assert!(page.page.contains("<a href=\"/sql\" aria-current=\"page\">"));
    let example = page.query();
    let answer = trial.ask(&example).await;
    let table = cells(&answer);
    assert_eq!(
        table[0],
        "id|created_at|source_language|target_language|source_text|target_text|model|duration_ms|source_chars"
    );
    assert_eq!(table.len(), 4, "{table:?}");
    assert!(!answer.page.contains("Geheimnis"), "{}", answer.page);
    assert!(table[3].contains("|de|en|Hallo|"), "{table:?}");
    assert_eq!(answer.query(), example);
    // an id leads to the page of a translation, and a time is one of both databases' form
    let (id, rest) = table[3].split_once('|').unwrap();
    assert!(trial.frontend.get(&format!("/translations/{id}")).await.page.contains("Hallo"));
    let time = rest.split('|').next().unwrap();
    assert!(time.len() == 26 && &time[4..5] == "-" && &time[10..11] == " " && &time[19..20] == ".", "{time}");
    let queries = [
        "SELECT count(*) FROM history",
        "SELECT count(*) AS n FROM history WHERE source_text NOT LIKE '%fett%' OR 1 = 1;",
        "WITH h AS (SELECT id FROM history) SELECT count(*) FROM h -- end",
        "/* first */ (SELECT count(*) FROM history)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT max(i) FROM n",
    ];
    // SQLite has no query in parentheses
    for query in queries.iter().filter(|query| trial.database.is_some() || !query.contains("*/ (")) {
        assert_eq!(cells(&trial.ask(query).await)[1], "3", "{query}");
    }
}

pub(super) async fn values_are_told_apart(trial: &Trial) {
    let answer = trial
        .ask("SELECT NULL AS n, '' AS e, 'NULL' AS t, x'00ff10' AS b, 1.5 AS f, -7 AS i, 'a' AS a, 'b' AS a")
        .await;
    assert_eq!(cells(&answer), ["n|e|t|b|f|i|a|a", "<i>NULL</i>||NULL|0x00ff10|1.5|-7|a|b"]);
    let file = trial.frontend.sql("SELECT NULL AS n, '' AS e, 'a \"b\"' AS t, x'00ff' AS b", "csv").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(file.header("content-disposition").starts_with("attachment;"));
    assert_eq!(file.page, "\"n\",\"e\",\"t\",\"b\"\r\n,\"\",\"a \"\"b\"\"\",\"0x00ff\"\r\n");
    let none = trial.ask("SELECT id, model FROM history WHERE 1 = 0").await;
    assert_eq!(cells(&none), ["id|model"], "an empty result has columns");
}

pub(super) async fn results_and_errors_are_escaped(trial: &Trial) {
    trial.fill().await;
    let script = "<script>alert(1)</script>";
    for query in [
        format!("SELECT '{script}' AS \"{script}\", source_text FROM history"),
        format!("SELECT '{script}"),
        format!("SELECT * FROM {script}"),
        format!("SELECT \"</textarea>{script}"),
    ] {
        for format in ["", "pdf"] {
            let answer = trial.frontend.sql(&query, format).await;
            assert!(
                !answer.page.contains("<script>alert") && !answer.page.contains("<b>fett"),
                "{}",
                answer.page
            );
            assert!(answer.page.contains("&lt;script&gt;alert(1)"), "{}", answer.page);
        }
    }
    let said = trial.refused("SELECT nonsense FROM history").await;
    assert!(said.contains("nonsense"), "the database's own words help: {said}");
}

pub(super) async fn large_results_are_cut_and_files_are_whole(trial: &Trial) {
    let rows = |count: usize| {
        // four tables of ten rows make ten thousand
        let ten = "(SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
                    UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
        let tables: Vec<_> = ('a'..='f').map(|name| format!("{ten} AS {name}")).collect();
        format!("SELECT a.i AS i FROM {} LIMIT {count}", tables.join(", "))
    };
    let answer = trial.ask(&rows(1_001)).await;
    assert_eq!(cells(&answer).len(), 1_001, "a head and a thousand rows");
    assert!(answer.words("result").starts_with("The first 1,000 rows"), "{}", answer.words("result"));
    let whole = trial.ask(&rows(1_000)).await;
    assert!(whole.words("result").starts_with("1,000 rows"), "{}", whole.words("result"));
    let file = trial.frontend.sql(&rows(20_000), "csv").await;
    assert_eq!(file.page.lines().count(), 20_001);
    let answer = trial.frontend.sql(&rows(200_000), "csv").await;
    assert_eq!(answer.status, 400);
    assert!(alert(&answer).contains("100,000 rows"), "never a part without a word: {}", alert(&answer));
    // a long value is shown in part
    let long = "SELECT group_concat(source_text) AS t FROM history";
    trial.frontend.post(&"ä".repeat(3_000)).await.location();
    let answer = trial.ask("SELECT source_text FROM history").await;
    let shown = &cells(&answer)[1];
    assert!(shown.starts_with("ää") && shown.contains("ä… <small>(6,000 bytes)"), "{shown}");
    assert!(
        trial.frontend.sql("SELECT source_text FROM history", "csv").await.page.contains(&"ä".repeat(3_000))
    );
    trial.ask(long).await;
}
