//! The SQL page on both databases: what it shows, and what it does not let anyone do.

mod attacks;
mod results;

use clap::Parser as _;
use frontend::App;
use sqlx::AssertSqlSafe;
use sqlx::{ConnectOptions as _, Connection as _};
use testkit::backend::FakeBackend;
use testkit::mysql::{Database, Reader};

use crate::helpers::{Answer, Frontend};

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
        // that of information_schema fails on statements with bytes that are no text, such as those of files
        let sql = "SELECT COUNT(*) FROM performance_schema.threads WHERE processlist_user = ?";
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
    ($($module:ident::$name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$module::$name(&super::Trial::on_sqlite().await).await;
            })+
        }

        mod mysql {
            $(#[tokio::test]
            async fn $name() {
                super::$module::$name(&super::Trial::on_mysql().await).await;
            })+
        }
    };
}

on_both! {
    results::the_shared_history_is_shown_and_nothing_of_anybodys_own,
    results::values_are_told_apart,
    results::results_and_errors_are_escaped,
    results::large_results_are_cut_and_files_are_whole,
    attacks::nothing_else_can_be_read,
    attacks::nothing_can_be_changed,
    attacks::endless_queries_end,
    attacks::greedy_queries_are_refused,
    attacks::other_sites_cannot_ask,
}

#[tokio::test]
async fn without_a_reader_there_is_no_such_page() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    assert_eq!(frontend.get("/sql").await.status, 404);
    assert_eq!(frontend.sql("SELECT 1", "").await.status, 404);
    for page in ["/", "/history", "/sql"] {
        assert!(!frontend.get(page).await.page.contains("href=\"/sql\""), "{page}");
    }
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

#[tokio::test]
async fn a_query_stays_in_the_box_when_the_page_is_switched() {
    let trial = Trial::on_sqlite().await;
    let query = format!("SELECT '<b>{}' FROM history", "ä".repeat(500));
    let switch = async |frontend: &Frontend| {
        let form = [("query", query.as_str()), ("language", "de"), ("to", "/sql")];
        let post = frontend.http.post(format!("{}/settings", frontend.url)).form(&form);
        Answer::of(post.send().await.unwrap()).await
    };
    let answer = switch(&trial.frontend).await;
    assert_eq!((answer.status, answer.query()), (200, query.clone()));
    assert!(answer.page.contains("<html lang=\"de\"") && answer.header("set-cookie").contains("language=de"));
    let form = "form=\"form\" formaction=\"/settings\" name=\"language\"";
    assert!(
        answer.page.contains(form) && answer.page.contains("class=\"sql\" id=\"form\""),
        "{}",
        answer.page
    );
    let without = Frontend::start(&FakeBackend::start().await).await;
    assert_eq!(switch(&without).await.location(), "/sql", "which is not there");
}
