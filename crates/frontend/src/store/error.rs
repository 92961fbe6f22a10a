//! What can go wrong with the database, told without quoting it.

use std::time::Duration;

use sqlx::mysql::MySqlDatabaseError;

/// Errors of MySQL that the same row will meet again: packet too large, number out of range, not a text of the
/// character set, too long for its column.
const PERMANENT_ERRORS: [u16; 4] = [1153, 1264, 1366, 1406];

/// SQLite's result code for a text above its own limit of a billion bytes.
const SQLITE_TOOBIG: &str = "18";

/// Why the database did not do what it was asked. Never holds what the database itself said: that may quote a text
/// or a user name, and these errors are logged.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It is away, starting, full, locked, or misconfigured: the same may work later.
    #[error("the database does not answer as it should: {0}")]
    Unavailable(String),
    /// It took longer than it may.
    #[error("the database did not answer within {} s", .0.as_secs())]
    TimedOut(Duration),
    /// It will never take this entry.
    #[error("the database refuses the entry: {0}")]
    Rejected(String),
    /// It will never take this entry: a text is larger than one packet to the server may be.
    #[error(
        "a text of {bytes} bytes is larger than the server's max_allowed_packet lets through, {limit} bytes"
    )]
    TooLarge {
        /// Size of the larger text.
        bytes: usize,
        /// The server's limit.
        limit: usize,
    },
}

impl StoreError {
    /// Whether trying again can help.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::TimedOut(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let Some(refusal) = error.as_database_error() else {
            return Self::Unavailable(error.to_string());
        };
        let code = refusal.code().unwrap_or_default();
        match refusal.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number) {
            Some(number) if PERMANENT_ERRORS.contains(&number) => Self::Rejected(format!("error {number}")),
            Some(number) => Self::Unavailable(format!("error {number} ({code}){}", hint(number))),
            None if code == SQLITE_TOOBIG => Self::Rejected("the text is too large for SQLite".to_owned()),
            // SQLite speaks of files and tables, never of values
            None => Self::Unavailable(format!("SQLite error {code}: {}", refusal.message())),
        }
    }
}

/// What an operator does about the errors of a stack that is not set up right.
fn hint(number: u16) -> &'static str {
    match number {
        1044 | 1142 => ": the account may not use our table; grant it the database",
        1045 => ": login refused; DB_USER or DB_PASSWORD differ from what the database was set up with",
        1049 => ": there is no database of the name in DB_NAME",
        1054 | 1146 => ": a table or column is missing; load mysql-dump/*.sql",
        1021 | 1114 => ": the disk is full",
        1290 | 1836 => ": the server is read-only",
        _ => "",
    }
}
