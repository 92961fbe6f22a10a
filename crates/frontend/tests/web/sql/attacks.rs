//! What people might try on the SQL page who mean it no good.

use std::time::{Duration, Instant};

use super::{Trial, alert, cells};
use crate::helpers::{Answer, until};

pub(super) async fn nothing_else_can_be_read(trial: &Trial) {
    trial.fill().await;
    let everywhere = [
        "SELECT * FROM translations",
        "SELECT owner FROM history",
        "SELECT count(*) FROM translations",
        "SELECT 1 FROM jobs",
        "SELECT * FROM sentences",
        "SELECT count(*) FROM words",
        "WITH history AS (SELECT * FROM translations) SELECT * FROM history",
        "WITH h AS (SELECT source_text FROM translations) SELECT count(*) FROM h",
        "SELECT * FROM history WHERE EXISTS (SELECT 1 FROM translations)",
        "SELECT (SELECT max(source_text) FROM translations)",
        "SELECT * FROM history UNION ALL SELECT id, created_at, '', '', source_text, '', '', 1, 1 FROM translations",
        "SELECT load_extension('libc.so.6')",
    ];
    let on_mysql = [
        "SELECT user FROM mysql.user",
        "SELECT * FROM history INTO OUTFILE '/tmp/unlimited-sql-test'",
        "SELECT 1 INTO DUMPFILE '/tmp/unlimited-sql-test'",
        "TABLE translations",
        "SELECT * FROM history FOR UPDATE",
    ];
    let on_sqlite = [
        "SELECT * FROM main.translations",
        "SELECT count(*) FROM main.translations",
        "WITH history AS (SELECT * FROM main.translations) SELECT source_text FROM history",
        "WITH main AS (SELECT * FROM translations) SELECT * FROM main",
        "SELECT * FROM sqlite_schema",
        "SELECT sql FROM sqlite_temp_schema",
        "SELECT count(*) FROM sqlite_master",
        "SELECT * FROM pragma_table_list",
        "SELECT count(*) FROM pragma_table_info('translations')",
        "SELECT * FROM pragma_database_list",
        "SELECT * FROM dbstat",
        "SELECT * FROM json_each('[1]')",
        "SELECT randomblob(9)",
        "SELECT zeroblob(1000000000)",
        "SELECT printf('%.*c', 1000000000, 'a')",
        "SELECT replace('a', 'a', 'b')",
        "SELECT sqlite_version()",
        "SELECT writefile('/tmp/unlimited-sql-test', 'a')",
        "SELECT * FROM fts5vocab('main', 'x', 'row')",
    ];
    let further = if trial.database.is_some() { &on_mysql[..] } else { &on_sqlite[..] };
    for query in everywhere.iter().chain(further) {
        let said = trial.refused(query).await;
        assert!(!said.contains("Geheimnis"), "{query}: {said}");
        if let Some((_, reader)) = &trial.database {
            assert!(!said.contains(&reader.user), "{query}: {said}");
        }
    }
    assert!(!std::path::Path::new("/tmp/unlimited-sql-test").exists());
    if trial.database.is_some() {
        // what MySQL shows to every account tells of nothing but the view
        let tables = "SELECT table_schema, table_name FROM information_schema.tables
                      WHERE table_schema NOT IN ('information_schema', 'performance_schema')";
        let tables = cells(&trial.ask(tables).await);
        assert!(tables.len() == 2 && tables[1].ends_with("|history"), "{tables:?}");
        let columns =
            trial.ask("SELECT column_name FROM information_schema.columns WHERE column_name = 'owner'").await;
        assert_eq!(cells(&columns).len(), 1);
        let definition = trial.ask("SELECT view_definition FROM information_schema.views").await;
        assert!(!definition.page.contains("owner"), "{}", definition.page);
        assert_eq!(cells(&trial.ask("SELECT LOAD_FILE('/etc/passwd') AS f").await)[1], "<i>NULL</i>");
    }
}

pub(super) async fn nothing_can_be_changed(trial: &Trial) {
    trial.fill().await;
    for statement in [
        "DELETE FROM history",
        "UPDATE history SET source_text = 'x'",
        "INSERT INTO history (id) VALUES (1)",
        "DROP VIEW history",
        "CREATE TABLE t (a INTEGER)",
        "CREATE TEMPORARY TABLE t (a INTEGER)",
        "SET PASSWORD = 'taken'",
        "ALTER USER USER() IDENTIFIED BY 'taken'",
        "SET @a = 1",
        "SET GLOBAL max_connections = 1",
        "SET SESSION max_execution_time = 0",
        "PREPARE p FROM 'DELETE FROM translations'",
        "DO SLEEP(60)",
        "CALL nothing()",
        "KILL 1",
        "SHUTDOWN",
        "FLUSH TABLES",
        "LOCK TABLES history READ",
        "HANDLER history OPEN",
        "ATTACH '/tmp/unlimited-sql-test' AS x",
        "PRAGMA user_version = 99",
        "PRAGMA hard_heap_limit",
        "VACUUM INTO '/tmp/unlimited-sql-test'",
        "BEGIN IMMEDIATE",
        "EXPLAIN SELECT 1",
        "SELECT 1; DELETE FROM history",
        "SELECT 1; SET PASSWORD = 'taken'",
        "SELECT 1;; SELECT 2",
        "SELECT 1; -- a comment\nDROP TABLE translations",
        "SELECT 1 /*! ; DROP TABLE translations */",
        "SELECT /*+ MAX_EXECUTION_TIME(0) */ 1",
        "/* DELETE */ DELETE FROM history",
        "WITH h AS (SELECT id FROM history) DELETE FROM translations WHERE id IN (SELECT id FROM h)",
        "WITH h AS (SELECT 1) UPDATE translations SET model = 'x'",
        "",
        "-- nothing",
    ] {
        trial.refused(statement).await;
    }
    trial.refused(&format!("SELECT '{}'", "a".repeat(30_000))).await;
    let form = [("query", "a".repeat(200_000))];
    let url = format!("{}/sql", trial.frontend.url);
    let answer = Answer::of(trial.frontend.http.post(&url).form(&form).send().await.unwrap()).await;
    assert!(answer.status == 413 && answer.has("alert"), "{}", answer.page);
    let answer = Answer::of(trial.frontend.http.post(&url).body("query").send().await.unwrap()).await;
    assert!(answer.status == 415 && answer.has("alert"), "{}", answer.page);
    assert!(!std::path::Path::new("/tmp/unlimited-sql-test").exists());
    // everything is there, and the reader can still log in
    assert_eq!(cells(&trial.ask("SELECT count(*) FROM history").await)[1], "3");
    if trial.database.is_some() {
        trial.ask("SELECT @a := 5").await;
        assert_eq!(
            cells(&trial.ask("SELECT @a AS a").await)[1],
            "<i>NULL</i>",
            "a session ends with its query"
        );
        trial.ask("SELECT GET_LOCK('a', 0)").await;
        assert_eq!(cells(&trial.ask("SELECT IS_FREE_LOCK('a') AS free").await)[1], "1");
        assert_eq!(
            cells(&trial.ask("SELECT @@transaction_read_only + 0 AS r, @@max_execution_time AS t").await)[1]
                .split('|')
                .nth(1),
            Some("5000")
        );
    }
}

pub(super) async fn endless_queries_end(trial: &Trial) {
    let on_mysql = ["SELECT BENCHMARK(1000000000000, SHA2('a', 512)) AS b", "SELECT SLEEP(600) AS s"];
    let on_sqlite = [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT count(*) FROM n a, n b",
    ];
    let queries = if trial.database.is_some() { on_mysql } else { on_sqlite };
    let began = Instant::now();
    let (first, second, third) =
        tokio::join!(trial.frontend.sql(queries[0], ""), trial.frontend.sql(queries[1], ""), async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            trial.frontend.sql("SELECT 1", "").await
        });
    assert!(alert(&third).contains("Other queries are running"), "{}", alert(&third));
    assert_eq!((third.status, third.header("retry-after")), (503, "5"));
    for answer in [first, second] {
        assert!(alert(&answer).contains("took too long"), "{}", answer.page);
    }
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    assert!(!trial.runs().await, "a query goes on");
    trial.ask("SELECT 1").await;
    // the page works on, and so does one whose visitor did not wait for it
    let url = format!("{}/sql", trial.frontend.url);
    let post = trial.frontend.http.post(url).form(&[("query", queries[0])]);
    assert!(post.timeout(Duration::from_secs(1)).send().await.is_err());
    until(&trial.frontend, "/livez", |answer| answer.status == 200).await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert!(!trial.runs().await, "a query goes on that nobody waits for");
}

pub(super) async fn greedy_queries_are_refused(trial: &Trial) {
    trial.fill().await;
    let doubled = "WITH RECURSIVE s(t) AS (SELECT 'aaaaaaaaaaaaaaaa' UNION ALL SELECT t || t FROM s LIMIT 40)
                   SELECT max(length(t)) FROM s";
    let sorted = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                  SELECT group_concat(i || 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') FROM n";
    let nested = {
        let levels =
            (1..40).map(|level| format!(", c{level} AS (SELECT a.i FROM c{0} a, c{0} b)", level - 1));
        format!("WITH c0 AS (SELECT 1 AS i){} SELECT count(*) FROM c39", levels.collect::<String>())
    };
    let wide = format!("SELECT {}", vec!["*"; 3_000].join(",")) + " FROM history";
    let joined = format!("SELECT count(*) FROM {}", vec!["history"; 3_000].join(","));
    let on_mysql = vec![
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM n".to_owned(),
        nested.clone(),
        joined.clone(),
    ];
    let on_sqlite = vec![doubled.to_owned(), sorted.to_owned(), nested, wide, joined];
    let began = Instant::now();
    for query in if trial.database.is_some() { on_mysql } else { on_sqlite } {
        trial.refused(&query).await;
    }
    assert!(began.elapsed() < Duration::from_mins(1), "{:?}", began.elapsed());
    trial.ask("SELECT 1").await;
    trial.frontend.post("Und weiter").await.location();
}

pub(super) async fn other_sites_cannot_ask(trial: &Trial) {
    let url = format!("{}/sql", trial.frontend.url);
    let post = trial.frontend.http.post(url).form(&[("query", "SELECT 1")]);
    let answer = Answer::of(post.header("sec-fetch-site", "cross-site").send().await.unwrap()).await;
    assert_eq!(answer.status, 403);
    assert!(!answer.has("result"));
}
