//! A finished translation is shown and kept while the database is away.

use std::time::Duration;

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use testkit::backend::{ClosedPort, FakeBackend};
use testkit::mysql::Database;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::helpers::{Answer, Frontend, until};

fn assert_shown_but_not_stored(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.page);
    assert_eq!((answer.text().as_str(), answer.output().as_str()), ("Guten Tag", "[en] Guten Tag"));
    assert!(answer.page.contains("This translation is not stored yet"), "{}", answer.page);
    answer.links("/translations/")[0].clone()
}

#[tokio::test]
async fn a_translation_is_shown_while_the_database_is_down() {
    let (backend, database) = (FakeBackend::start().await, ClosedPort::take());
    let frontend =
        Frontend::with_mysql(&backend.url(), database.address().port(), "translation", "u", "geheim").await;

    let permalink = assert_shown_but_not_stored(&frontend.post("Guten Tag").await);
    assert_shown_but_not_stored(&frontend.get(&permalink).await);
    assert_eq!(frontend.get("/").await.status, 200);
    assert_eq!(frontend.get("/readyz").await.status, 200);

    let history = frontend.get("/history").await;
    assert_eq!(history.status, 503);
    assert!(history.page.contains("Translating still works"), "{}", history.page);
    assert!(history.page.contains(history.header("x-request-id")), "{}", history.page);
    assert!(!history.page.contains("geheim") && !history.page.contains("127.0.0.1"), "{}", history.page);
    let other = frontend.get("/translations/0190b0c8-f1d2-7a8c-9d3a-5b6c7d8e9f00").await;
    assert_eq!(other.status, 503);
}

#[tokio::test]
async fn what_waits_is_written_when_a_locked_sqlite_file_is_free_again() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let options = SqliteConnectOptions::new().filename(frontend.sqlite_file());
    let mut lock = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut lock).await.unwrap();

    let permalink = assert_shown_but_not_stored(&frontend.post("Guten Tag").await);
    let history = frontend.get("/history").await;
    assert!(history.page.contains("One translation waits to be stored"), "{}", history.page);

    sqlx::query("ROLLBACK").execute(&mut lock).await.unwrap();
    let history = until(&frontend, "/history", |history| !history.has("notice")).await;
    assert_eq!(history.links("/translations/"), std::slice::from_ref(&permalink));
    let page = frontend.get(&permalink).await;
    assert_eq!((page.status, page.has("notice")), (200, false));
    assert_eq!(backend.received(), 1);
}

#[tokio::test]
async fn what_waits_is_written_before_the_frontend_stops() {
    let backend = FakeBackend::start().await;
    let frontend = Frontend::start(&backend).await;
    let options = SqliteConnectOptions::new().filename(frontend.sqlite_file());
    let mut lock = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut lock).await.unwrap();
    assert_shown_but_not_stored(&frontend.post("Guten Tag").await);

    sqlx::query("ROLLBACK").execute(&mut lock).await.unwrap();
    let _data = frontend.stop().await;
    let count = sqlx::query_scalar("SELECT count(*) FROM translations");
    let count: i64 = count.fetch_one(&mut lock).await.unwrap();
    assert_eq!(count, 1);
}

#[tokio::test]
async fn a_mysql_server_that_goes_and_comes_back_gets_what_waited() {
    let (backend, database) = (FakeBackend::start().await, Database::create().await);
    let server = format!("{}:{}", database.host, database.port);
    let proxy = Proxy::start(server.clone(), None).await;
    let port = proxy.port;
    let frontend =
        Frontend::with_mysql(&backend.url(), port, &database.name, &database.user, &database.password).await;
    let stored = frontend.post("Vorher").await.location().to_owned();

    proxy.stop().await;
    let waiting = assert_shown_but_not_stored(&frontend.post("Guten Tag").await);
    assert_eq!(frontend.get("/history").await.status, 503);
    assert_eq!(frontend.get(&stored).await.status, 503);

    let _proxy = Proxy::start(server, Some(port)).await;
    let both = |answer: &Answer| answer.links("/translations/").len() == 2;
    let history = until(&frontend, "/history", both).await;
    assert_eq!(history.links("/translations/"), [waiting.clone(), stored]);
    assert!(!frontend.get(&waiting).await.has("notice"));
    let rows = sqlx::query_scalar("SELECT count(*) FROM translations");
    let rows: i64 = rows.fetch_one(&mut database.connect().await).await.unwrap();
    assert_eq!(rows, 2);
    frontend.stop().await;
}

/// Passes connections on to the database, until it is stopped: then all break.
struct Proxy {
    port: u16,
    connections: tokio::task::JoinHandle<()>,
}

impl Proxy {
    async fn start(server: String, port: Option<u16>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port.unwrap_or(0))).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let server = server.clone();
                connections.spawn(async move {
                    let mut server = TcpStream::connect(server).await.unwrap();
                    tokio::io::copy_bidirectional(&mut client, &mut server).await
                });
            }
        });
        Self { port, connections }
    }

    async fn stop(self) {
        self.connections.abort();
        assert!(self.connections.await.unwrap_err().is_cancelled());
        // until it is really closed for new ones
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}
