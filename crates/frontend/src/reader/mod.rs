//! Runs the queries that people write on the SQL page: reading alone, of one view (`history`) alone, with limits of
//! time, memory and size. The view has the shared history and nothing of the browsers' own. Knows nothing of HTTP.

mod config;
mod mysql;
mod sqlite;
mod statement;
mod table;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

pub use config::ReaderConfig;
pub(crate) use statement::{MAX_BYTES as MAX_QUERY_BYTES, NotAQuery};
pub(crate) use table::{Cell, Limits, Table};

/// How long a query may run.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(5);
/// How many may run at once.
const PLACES: usize = 2;
/// How long a query waits for a place.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why a query has no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum QueryError {
    #[error(transparent)]
    NotAQuery(#[from] NotAQuery),
    #[error("the query reads something else than the view")]
    Denied,
    #[error("the query took longer than it may")]
    TimedOut,
    #[error("the query needs more memory than it may, or looks at too many rows")]
    TooMuch,
    #[error("too many queries at once")]
    Busy,
    /// What the database says of the query, which it may quote: for whoever wrote it, and never for a log.
    #[error("the database does not accept the query")]
    Refused(String),
    #[error("the database does not answer the reader: {0}")]
    Unavailable(String),
}

/// The database, read by an account or a connection that can do nothing else.
pub(crate) struct Reader {
    database: Database,
    places: Arc<Semaphore>,
}

#[derive(Clone)]
enum Database {
    MySql(Arc<mysql::Account>),
    /// The file, and the memory in bytes that SQLite may take.
    Sqlite(PathBuf, u64),
}

impl fmt::Debug for Reader {
    /// Leaves out the account's password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl Reader {
    fn new(database: Database) -> Self {
        Self { database, places: Arc::new(Semaphore::new(PLACES)) }
    }

    /// The rows that a query finds, as many as the limits let through.
    pub(crate) async fn run(&self, query: String, limits: Limits) -> Result<Table, QueryError> {
        statement::check(&query)?;
        let place = tokio::time::timeout(PATIENCE, Arc::clone(&self.places).acquire_owned());
        let place = place.await.map_err(|_| QueryError::Busy)?.expect("the places are never closed");
        let database = self.database.clone();
        // a task of its own: a visitor who goes away leaves no query behind that nobody ends
        let task = tokio::spawn(async move {
            let result = match database {
                Database::MySql(account) => mysql::run(&account, query, limits).await,
                Database::Sqlite(file, memory) => sqlite::run(file, memory, query, limits).await,
            };
            drop(place);
            result
        });
        task.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }
}
