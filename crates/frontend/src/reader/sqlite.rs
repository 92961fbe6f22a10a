//! The reader of an SQLite file: a connection for each query, which cannot write and compiles only what an authoriser
//! lets through.
//!
//! The base table may be read by our view alone. SQLite tells the authoriser who reads by a name, and a common table
//! expression of the same name passes for the view. So the view's name is drawn at random after the query was written.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, ErrorCode, OpenFlags};
use uuid::Uuid;

use super::{Cell, Limits, NotAQuery, QueryError, TIME_LIMIT, Table};
use crate::store::Owner;

/// What may be called. Each takes a time in proportion to its arguments; `instr` or `replace`, which may take that of
/// the product of two long texts and cannot be interrupted, are not among them.
const FUNCTIONS: [&str; 37] = [
    "abs",
    "avg",
    "char",
    "coalesce",
    "count",
    "date",
    "datetime",
    "dense_rank",
    "first_value",
    "group_concat",
    "hex",
    "ifnull",
    "iif",
    "julianday",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "lower",
    "max",
    "min",
    "nullif",
    "quote",
    "rank",
    "round",
    "row_number",
    "strftime",
    "substr",
    "substring",
    "sum",
    "time",
    "total",
    "typeof",
    "unicode",
    "unixepoch",
    "upper",
];

/// SQLite's limits, below its own ones.
const LIMITS: [(Limit, i32); 9] = [
    // a row holds both texts, each of up to MAX_BODY_MB
    (Limit::SQLITE_LIMIT_LENGTH, 128 << 20),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 32 << 10),
    (Limit::SQLITE_LIMIT_COLUMN, 200),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 50),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 16),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    // the time of a comparison is the product of both lengths
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// So many steps are taken between two looks at the clock.
const STEPS: i32 = 10;

/// Runs a query, on a thread that may wait.
pub(super) async fn run(
    file: PathBuf,
    memory: u64,
    query: String,
    limits: Limits,
) -> Result<Table, QueryError> {
    let task = tokio::task::spawn_blocking(move || {
        let connection = open(&file, memory).map_err(|error| QueryError::Unavailable(error.to_string()))?;
        read(&connection, &query, limits).map_err(QueryError::from)
    });
    task.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

fn open(file: &Path, memory: u64) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    let view = Uuid::new_v4().simple().to_string();
    // the limit of memory is the whole process's
    connection.execute_batch(&format!(
        "PRAGMA temp_store = MEMORY;
         PRAGMA hard_heap_limit = {memory};
         CREATE TEMP VIEW \"{view}\" (id, created_at, source_language, target_language, source_text, target_text,
                                      model, duration_ms, source_chars) AS
         SELECT substr(lower(hex(id)), 1, 8) || '-' || substr(lower(hex(id)), 9, 4) || '-'
                    || substr(lower(hex(id)), 13, 4) || '-' || substr(lower(hex(id)), 17, 4) || '-'
                    || substr(lower(hex(id)), 21),
                datetime(created_at / 1000000, 'unixepoch') || '.' || substr(1000000 + created_at % 1000000, 2),
                source_language, target_language, source_text, target_text, model, duration_ms, source_chars
         FROM main.translations WHERE owner = x'{owner}';
         CREATE TEMP VIEW history AS SELECT * FROM \"{view}\";
         PRAGMA query_only = ON;",
        owner = Owner::EVERYBODY.0.simple(),
    ))?;
    let tables = tables(&connection)?;
    for (limit, value) in LIMITS {
        connection.set_limit(limit, value)?;
    }
    let end = Instant::now() + TIME_LIMIT;
    connection.progress_handler(STEPS, Some(move || Instant::now() > end))?;
    connection.authorizer(Some(move |context: AuthContext<'_>| authorise(&context, &view, &tables)))?;
    Ok(connection)
}

/// The names of everything that holds rows.
fn tables(connection: &Connection) -> rusqlite::Result<HashSet<String>> {
    let sql = "SELECT lower(name) FROM main.sqlite_schema UNION SELECT lower(name) FROM pragma_module_list";
    connection.prepare(sql)?.query_map((), |row| row.get(0))?.collect()
}

fn authorise(context: &AuthContext<'_>, view: &str, tables: &HashSet<String>) -> Authorization {
    let ours = context.accessor == Some(view);
    let allowed = match context.action {
        AuthAction::Select | AuthAction::Recursive => true,
        AuthAction::Function { function_name } => {
            FUNCTIONS.iter().any(|known| known.eq_ignore_ascii_case(function_name))
        }
        AuthAction::Read { table_name, column_name } => match context.database_name {
            Some("main") => ours && table_name == "translations",
            Some("temp") => table_name == "history" || table_name == view,
            // of what no column is read: it may be a table as well as a common table expression
            None if column_name.is_empty() => {
                let name = table_name.to_ascii_lowercase();
                let inner = name.starts_with("sqlite_") || name.starts_with("pragma_");
                !inner && !tables.contains(&name)
            }
            _ => false,
        },
        _ => false,
    };
    if allowed { Authorization::Allow } else { Authorization::Deny }
}

fn read(connection: &Connection, query: &str, limits: Limits) -> rusqlite::Result<Table> {
    let mut statement = connection.prepare(query)?;
    let columns = statement.column_names().into_iter().map(str::to_owned).collect::<Vec<_>>();
    let width = columns.len();
    let mut table = Table::new(columns);
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let cells = (0..width).map(|at| Ok(cell(row.get_ref(at)?, limits)));
        if !table.push(cells.collect::<rusqlite::Result<_>>()?, limits) {
            break;
        }
    }
    Ok(table)
}

fn cell(value: ValueRef<'_>, limits: Limits) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::text(number.to_string().as_bytes(), limits),
        ValueRef::Real(number) => Cell::text(number.to_string().as_bytes(), limits),
        ValueRef::Text(text) => Cell::text(text, limits),
        ValueRef::Blob(bytes) => Cell::binary(bytes, limits),
    }
}

impl From<Error> for QueryError {
    fn from(error: Error) -> Self {
        if matches!(error, Error::MultipleStatement) {
            return NotAQuery::Several.into();
        }
        let said = match &error {
            Error::SqliteFailure(_, Some(message)) => message.clone(),
            other => other.to_string(),
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::AuthorizationForStatementDenied) => Self::Denied,
            Some(ErrorCode::OperationInterrupted) => Self::TimedOut,
            Some(ErrorCode::OutOfMemory | ErrorCode::TooBig) => Self::TooMuch,
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::SystemIoFailure
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::CannotOpen
                | ErrorCode::NotADatabase,
            ) => Self::Unavailable(said),
            _ => Self::Refused(said),
        }
    }
}
