//! Databases on a real MySQL server, one for each test.

use std::path::Path;

use reqwest::Url;
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions as _, MySqlConnection};
use uuid::Uuid;

/// The variable that names the server, by an account that may create databases: `mysql://root:PASSWORD@HOST:PORT`.
pub const SERVER_VARIABLE: &str = "TEST_MYSQL_URL";

/// The folder with our schema.
const SCHEMA_FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../mysql-dump");

/// A database with our schema, dropped with this value.
#[derive(Debug)]
pub struct Database {
    /// Host name or address of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// An account that may do everything.
    pub user: String,
    /// Its password.
    pub password: String,
    /// Name of the database.
    pub name: String,
}

/// An account of the SQL page.
#[derive(Debug)]
pub struct Reader {
    /// Its name.
    pub user: String,
    /// Its password.
    pub password: String,
}

/// Longer names of accounts are refused.
const MAX_USER_NAME: usize = 32;

impl Database {
    /// Makes one.
    ///
    /// # Panics
    /// If there is no server, with a sentence on how to get one.
    pub async fn create() -> Self {
        let server = std::env::var(SERVER_VARIABLE).expect(
            "this test needs MySQL: run `cargo xtask test`, which starts a server, or set TEST_MYSQL_URL",
        );
        let url = Url::parse(&server).expect("TEST_MYSQL_URL is like mysql://root:password@127.0.0.1:3306");
        let database = Self {
            host: url.host_str().expect("TEST_MYSQL_URL names a host").to_owned(),
            port: url.port().unwrap_or(3306),
            user: url.username().to_owned(),
            password: url.password().unwrap_or_default().to_owned(),
            name: format!("test_{}", Uuid::now_v7().simple()),
        };
        let mut connection = database.server().await;
        run(&mut connection, format!("CREATE DATABASE {}", database.name)).await;
        database.load_schema().await;
        database
    }

    /// Runs every file of our schema, in order, as the MySQL image does.
    pub async fn load_schema(&self) {
        let mut files: Vec<_> = std::fs::read_dir(Path::new(SCHEMA_FOLDER))
            .expect("the schema lies in mysql-dump")
            .map(|file| file.expect("the folder can be listed").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
            .collect();
        files.sort();
        assert!(!files.is_empty(), "mysql-dump has no schema");
        let mut connection = self.connect().await;
        for file in files {
            let sql = std::fs::read_to_string(&file).expect("a schema file is a text");
            run(&mut connection, sql).await;
        }
    }

    /// Makes an account that reads the view of the SQL page and nothing else, as deploy/reader.sh does. Dropped with
    /// this value.
    pub async fn create_reader(&self) -> Reader {
        let reader = Reader { user: self.reader(), password: Uuid::new_v4().simple().to_string() };
        let Reader { user, password } = &reader;
        let sql = format!(
            "CREATE USER '{user}'@'%' IDENTIFIED BY '{password}' REQUIRE SSL WITH MAX_USER_CONNECTIONS 20;
             GRANT SELECT ON `{}`.`history` TO '{user}'@'%'",
            self.name
        );
        run(&mut self.server().await, sql).await;
        reader
    }

    fn reader(&self) -> String {
        self.name.replace("test_", "r").chars().take(MAX_USER_NAME).collect()
    }

    /// A connection to this database.
    pub async fn connect(&self) -> MySqlConnection {
        self.options().database(&self.name).connect().await.expect("the server takes a connection")
    }

    async fn server(&self) -> MySqlConnection {
        self.options().connect().await.expect("the server that TEST_MYSQL_URL names takes a connection")
    }

    fn options(&self) -> MySqlConnectOptions {
        MySqlConnectOptions::new()
            .host(&self.host)
            .port(self.port)
            .username(&self.user)
            .password(&self.password)
            .ssl_mode(MySqlSslMode::Required)
    }
}

impl Drop for Database {
    /// Drops the database, also after a failed test; on a thread of its own, as a test's runtime cannot be waited
    /// for from within.
    fn drop(&mut self) {
        let options = self.options();
        let sql = format!("DROP USER IF EXISTS '{}'; DROP DATABASE IF EXISTS {}", self.reader(), self.name);
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime starts").block_on(async {
                match options.connect().await {
                    Ok(mut connection) => run(&mut connection, sql).await,
                    Err(error) => eprintln!("a test database is left behind: {error}"),
                }
            });
        });
        // a panic in the thread has been printed, and one more here would hide the test's own
        drop(dropping.join());
    }
}

async fn run(connection: &mut MySqlConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.expect("the statement is accepted");
}
