//! The SQL page on both databases: what it shows, and what it does not let anyone do.

use std::time::{Duration, Instant};

use clap::Parser as _;
use frontend::App;
use sqlx::AssertSqlSafe;
use sqlx::{ConnectOptions as _, Connection as _};
use testkit::backend::FakeBackend;
use testkit::mysql::{Database, Reader};

use crate::helpers::{Answer, Frontend, until};

/// A frontend with an SQL page, and what it runs on.
struct Trial {
    frontend: Frontend,
    database: Option<(Database, Reader)>,
    _backend: FakeBackend,
}

impl Trial {
    async fn on_sqlite() -> Self {
        let backend = FakeBackend::start().await;
        let frontend = Frontend::with_sqlite(&["--backend-url", &backend.url(), "--sql-page"]).await;
        Self { frontend, database: None, _backend: backend }
    }

    async fn on_mysql() -> Self {
        let (backend, database) = (FakeBackend::start().await, Database::create().await);
        let reader = database.create_reader().await;
        let port = database.port.to_string();
        let frontend = Frontend::with_flags(&[
            "--backend-url",
            &backend.url(),
            "--db-host",
            &database.host,
            "--db-port",
            &port,
            "--db-name",
            &database.name,
            "--db-user",
            &database.user,
            "--db-password",
            &database.password,
            "--db-reader-user",
            &reader.user,
            "--db-reader-password",
            &reader.password,
        ])
        .await;
        Self { frontend, database: Some((database, reader)), _backend: backend }
    }

    /// The page after a query that must have a result.
    async fn ask(&self, query: &str) -> Answer {
        let answer = self.frontend.sql(query, "").await;
        assert_eq!(answer.status, 200, "{query}: {}", alert(&answer));
        answer
    }

    /// What the page says of a query that must have no result.
    async fn refused(&self, query: &str) -> String {
        let answer = self.frontend.sql(query, "").await;
        assert!(answer.status >= 400, "{query} was answered: {:?}", cells(&answer));
        assert_ne!(answer.status, 500, "{query}");
        assert!(!answer.has("result"), "{query}");
        assert_eq!(answer.query(), query.trim_start_matches('\n'), "the query is kept");
        alert(&answer)
    }

    /// Runs SQL with all rights.
    async fn as_root(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        if let Some((database, _)) = &self.database {
            sqlx::raw_sql(sql).execute(&mut database.connect().await).await.unwrap();
        } else {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.frontend.sqlite_file());
            let mut connection = options.connect().await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
    }

    /// Whether a query of the reader still runs on the server.
    async fn runs(&self) -> bool {
        let Some((database, reader)) = &self.database else { return false };
        let mut connection = database.connect().await;
        let sql = "SELECT COUNT(*) FROM information_schema.processlist WHERE user = ?";
        let running: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(&reader.user)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        running > 0
    }

    /// Three translations of the shared history, and one of somebody's own.
    async fn fill(&self) {
        for text in ["Hallo", "Guten Morgen", "<b>fett</b> & \"mehr\""] {
            self.frontend.post(text).await.location();
        }
        let own = if self.database.is_some() {
            "UNHEX(REPEAT('01', 16))"
        } else {
            "x'01010101010101010101010101010101'"
        };
        self.frontend.post("Geheimnis").await.location();
        self.as_root(&format!("UPDATE translations SET owner = {own} WHERE source_text = 'Geheimnis'")).await;
    }
}

impl Answer {
    /// The query in the box.
    fn query(&self) -> String {
        self.text()
    }
}

/// What the page says above the form.
fn alert(answer: &Answer) -> String {
    if answer.has("alert") { answer.words("alert") } else { String::new() }
}

/// The table, head first: a line for each row, its cells' markup between bars.
fn cells(answer: &Answer) -> Vec<String> {
    let Some((_, table)) = answer.page.split_once("<table>") else { return vec![] };
    let table = table.split_once("</table>").unwrap().0;
    let rows = table.split("<tr>").skip(1).map(|row| row.split_once("</tr>").unwrap().0);
    rows.map(|row| {
        let cells = row.split("<t").skip(1).map(|cell| cell.split_once('>').unwrap().1);
        let texts = cells.map(|cell| cell.trim_end().trim_end_matches("</td>").trim_end_matches("</th>"));
        texts.collect::<Vec<_>>().join("|")
    })
    .collect()
}

macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(&super::Trial::on_sqlite().await).await;
            })+
        }

        mod mysql {
            $(#[tokio::test]
            async fn $name() {
                super::$name(&super::Trial::on_mysql().await).await;
            })+
        }
    };
}

on_both! {
    the_shared_history_is_shown_and_nothing_of_anybodys_own,
    values_are_told_apart,
    results_and_errors_are_escaped,
    large_results_are_cut_and_files_are_whole,
    nothing_else_can_be_read,
    nothing_can_be_changed,
    endless_queries_end,
    greedy_queries_are_refused,
    other_sites_cannot_ask,
}

async fn the_shared_history_is_shown_and_nothing_of_anybodys_own(trial: &Trial) {
    trial.fill().await;
    let page = trial.frontend.get("/sql").await;
    assert_eq!((page.status, page.has("result")), (200, false));
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

async fn values_are_told_apart(trial: &Trial) {
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

async fn results_and_errors_are_escaped(trial: &Trial) {
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

async fn large_results_are_cut_and_files_are_whole(trial: &Trial) {
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

async fn nothing_else_can_be_read(trial: &Trial) {
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

async fn nothing_can_be_changed(trial: &Trial) {
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

async fn endless_queries_end(trial: &Trial) {
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

async fn greedy_queries_are_refused(trial: &Trial) {
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

async fn other_sites_cannot_ask(trial: &Trial) {
    let url = format!("{}/sql", trial.frontend.url);
    let post = trial.frontend.http.post(url).form(&[("query", "SELECT 1")]);
    let answer = Answer::of(post.header("sec-fetch-site", "cross-site").send().await.unwrap()).await;
    assert_eq!(answer.status, 403);
    assert!(!answer.has("result"));
}

#[tokio::test]
async fn without_a_reader_there_is_no_such_page() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    assert_eq!(frontend.get("/sql").await.status, 404);
    assert_eq!(frontend.sql("SELECT 1", "").await.status, 404);
    assert!(!frontend.get("/history").await.page.contains("/sql"));
}

#[tokio::test]
async fn settings_that_contradict_each_other_are_told_before_anything_is_served() {
    #[derive(clap::Parser)]
    struct Arguments {
        #[command(flatten)]
        config: frontend::Config,
    }
    let folder = tempfile::tempdir().unwrap();
    let start = async |flags: &[&str]| {
        let fixed: &[&str] = &["frontend", "--listen", "127.0.0.1:0", "--cookie-key", "0123456789abcdef"];
        let error = App::build(Arguments::parse_from([fixed, flags].concat()).config).await.err();
        error.map(|error| format!("{error:#}")).unwrap_or_default()
    };
    let mysql = ["--db-user", "u", "--db-password", "p"];
    let reader = ["--db-reader-user", "r", "--db-reader-password", "q"];
    let sqlite = ["--data-dir", folder.path().to_str().unwrap()];
    let own = ["--history", "own"];
    let shared = ["--history", "shared"];
    for (flags, expected) in [
        ([&mysql[..], &reader, &own], "set HISTORY=shared"),
        ([&sqlite, &["--sql-page"], &own], "set HISTORY=shared"),
        ([&mysql, &reader[..2], &shared], "DB_READER_PASSWORD is not set"),
        ([&mysql, &reader[2..], &shared], "DB_READER_USER is not set"),
        ([&mysql, &["--sql-page"], &shared], "DB_READER_USER is not set"),
        ([&sqlite, &reader, &shared], "with DATA_DIR, SQL_PAGE alone"),
        ([&mysql, &reader, &shared], ""),
        ([&sqlite, &["--sql-page"], &shared], ""),
    ] {
        let error = start(&flags.concat()).await;
        assert!(error.contains(expected) && error.is_empty() == expected.is_empty(), "{flags:?}: {error}");
    }
}

#[tokio::test]
async fn an_account_that_does_not_exist_is_the_operators_business() {
    let trial = Trial::on_mysql().await;
    trial.as_root("SET foreign_key_checks = 0; DROP TABLE translations").await;
    let said = trial.refused("SELECT * FROM history").await;
    assert!(!said.contains("reader"), "{said}");
    let (database, reader) = trial.database.as_ref().unwrap();
    let drop = format!("DROP USER '{}'", reader.user);
    sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut database.connect().await).await.unwrap();
    let answer = trial.frontend.sql("SELECT 1", "").await;
    assert_eq!(answer.status, 503);
    assert!(alert(&answer).contains("cannot be asked right now") && !answer.page.contains(&reader.user));
}
