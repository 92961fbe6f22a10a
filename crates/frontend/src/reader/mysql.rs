//! The reader on MySQL: a connection for each query, by an account that may do nothing but SELECT on one view.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlDatabaseError, MySqlRow};
use sqlx::{AssertSqlSafe, Column as _, ConnectOptions as _, Connection as _, Executor as _, Row as _};
use sqlx::{MySql, SqlSafeStr as _, Statement as _, Type, TypeInfo as _, ValueRef as _};

use super::{Cell, Limits, QueryError, TIME_LIMIT, Table};
use crate::store::MySqlAccess;

/// How long the server may take to let us in, or to end what we ask it to.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How much later than the server we end a query ourselves.
const GRACE: Duration = Duration::from_secs(1);
/// Queries that would look at more combinations of rows are refused before they run.
const MAX_COMBINATIONS: u64 = 1_000_000_000;

/// Where the server is, and the reader's account.
pub(super) struct Account(MySqlConnectOptions);

impl Account {
    pub(super) fn new(access: &MySqlAccess) -> Self {
        // the texts of queries are people's own
        Self(access.options().statement_cache_capacity(0).disable_statement_logging())
    }

    async fn connect(&self) -> Result<MySqlConnection, QueryError> {
        match tokio::time::timeout(CONNECT_TIMEOUT, self.0.connect()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(QueryError::Unavailable(unavailable(&error))),
            Err(_) => Err(QueryError::Unavailable("it takes no connection in time".to_owned())),
        }
    }
}

/// Runs a query, and sees to it that none goes on when this has ended.
pub(super) async fn run(account: &Account, query: String, limits: Limits) -> Result<Table, QueryError> {
    let mut connection = account.connect().await?;
    let prepared = tokio::time::timeout(CONNECT_TIMEOUT, prepare(&mut connection, limits)).await;
    let id = prepared.map_err(|_| QueryError::TimedOut)??;
    let began = Instant::now();
    let result = tokio::time::timeout(TIME_LIMIT + GRACE, read(&mut connection, query, limits)).await;
    // a function that the server breaks off has a value all the same
    let result = result.ok().filter(|_| began.elapsed() < TIME_LIMIT).unwrap_or(Err(QueryError::TimedOut));
    if matches!(&result, Ok(table) if !table.cut) {
        // all is said, so that there is nothing to end
        let _ = tokio::time::timeout(CONNECT_TIMEOUT, connection.close()).await;
    } else {
        drop(connection);
        kill(account, id).await;
    }
    result
}

/// Sets the session's limits; returns its number.
async fn prepare(connection: &mut MySqlConnection, limits: Limits) -> Result<u64, QueryError> {
    let sql = format!(
        "SET SESSION max_execution_time = {}, SESSION sql_select_limit = {}, SESSION sql_big_selects = 0,
             SESSION max_join_size = {MAX_COMBINATIONS}, SESSION lock_wait_timeout = 1",
        TIME_LIMIT.as_millis(),
        // one more than is kept, so that it shows that there are more
        limits.rows + 1,
    );
    let unavailable = |error: sqlx::Error| QueryError::Unavailable(unavailable(&error));
    connection.execute(AssertSqlSafe(sql)).await.map_err(unavailable)?;
    connection.execute("START TRANSACTION READ ONLY").await.map_err(unavailable)?;
    sqlx::query_scalar("SELECT CONNECTION_ID()").fetch_one(connection).await.map_err(unavailable)
}

async fn read(connection: &mut MySqlConnection, query: String, limits: Limits) -> Result<Table, QueryError> {
    // Prepared first, though it is run as a text: MySQL prepares one statement alone, but would run several. The text
    // form of values is the one people know.
    let prepared = connection.prepare(AssertSqlSafe(query.clone()).into_sql_str()).await.map_err(refusal)?;
    let names = prepared.columns().iter().map(|column| column.name().to_owned());
    let mut table = Table::new(names.collect());
    drop(prepared);
    let mut rows = sqlx::raw_sql(AssertSqlSafe(query)).fetch(connection);
    while let Some(row) = rows.next().await {
        if !table.push(cells(&row.map_err(refusal)?, limits)?, limits) {
            break;
        }
    }
    Ok(table)
}

fn cells(row: &MySqlRow, limits: Limits) -> Result<Vec<Cell>, QueryError> {
    (0..row.len()).map(|at| cell(row, at, limits).map_err(refusal)).collect()
}

fn cell(row: &MySqlRow, at: usize, limits: Limits) -> sqlx::Result<Cell> {
    let value = row.try_get_raw(at)?;
    if value.is_null() {
        return Ok(Cell::Null);
    }
    let binary = {
        let info = value.type_info();
        let kind = info.name();
        // those of a text that is compared bytewise have such a name, too
        let bytes = kind.ends_with("BINARY") || kind.ends_with("BLOB");
        matches!(kind, "BIT" | "GEOMETRY") || bytes && !<str as Type<MySql>>::compatible(&info)
    };
    let bytes: &[u8] = row.try_get_unchecked(at)?;
    Ok(if binary { Cell::binary(bytes, limits) } else { Cell::text(bytes, limits) })
}

/// Ends a session of ours and what runs in it. An account may do so with its own.
async fn kill(account: &Account, id: u64) {
    let kill = async {
        let mut connection = account.connect().await.ok()?;
        // it may have ended by itself
        let _ = connection.execute(AssertSqlSafe(format!("KILL CONNECTION {id}"))).await;
        connection.close().await.ok()
    };
    if tokio::time::timeout(2 * CONNECT_TIMEOUT, kill).await.is_err() {
        tracing::warn!("a query of the reader could not be ended; the server does so by its own limit");
    }
}

fn number(error: &sqlx::Error) -> Option<u16> {
    Some(error.as_database_error()?.try_downcast_ref::<MySqlDatabaseError>()?.number())
}

/// What the server has against a query.
fn refusal(error: sqlx::Error) -> QueryError {
    match (number(&error), error) {
        // no right to a database, a table, a column, a statement or a file
        (Some(1044 | 1045 | 1142 | 1143 | 1227 | 1290 | 1370 | 1410), _) => QueryError::Denied,
        (Some(1317 | 3024), _) => QueryError::TimedOut,
        // examines too many rows; out of memory, of sort memory, of disk
        (Some(1104 | 1037 | 1038 | 1041 | 1021 | 1114 | 1135 | 1153 | 1301), _) => QueryError::TooMuch,
        (Some(_), sqlx::Error::Database(said)) => QueryError::Refused(said.message().to_owned()),
        (_, error) => QueryError::Unavailable(unavailable(&error)),
    }
}

/// For the log, without what the server says: that may quote a name.
fn unavailable(error: &sqlx::Error) -> String {
    match number(error) {
        Some(number @ (1044 | 1045 | 1142)) => format!(
            "error {number}: DB_READER_USER and DB_READER_PASSWORD are no account that reads the view; see deploy/README.md"
        ),
        Some(number) => format!("error {number}"),
        None => error.to_string(),
    }
}
