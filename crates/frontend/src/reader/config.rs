//! Whether there is an SQL page, and by whose eyes it reads.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};
use service::secret::{self, SecretError};

use super::{Database, Reader, mysql};
use crate::SQLITE_FILE;
use crate::config::Config;
use crate::owners::History;
use crate::store::MySqlAccess;

/// What SQLite may take for everything, in bytes, and for each byte of the largest form.
const SQLITE_MEMORY: u64 = 512 << 20;
const SQLITE_MEMORY_A_BYTE: u64 = 8;

/// The SQL page, which is off by default.
#[derive(Args, Clone, Debug, Default)]
pub struct ReaderConfig {
    /// Serves a page for queries to the shared history in SQLite; with MySQL, the reader's account does.
    #[arg(long, env = "SQL_PAGE")]
    pub sql_page: bool,
    /// User name of an account that reads the view `history` alone: serves the SQL page.
    #[arg(long, env = "DB_READER_USER", hide_env_values = true)]
    pub db_reader_user: Option<SecretString>,
    /// File that holds the user name.
    #[arg(long, env = "DB_READER_USER_FILE", value_parser = secret::path)]
    pub db_reader_user_file: Option<PathBuf>,
    /// Password of the account.
    #[arg(long, env = "DB_READER_PASSWORD", hide_env_values = true)]
    pub db_reader_password: Option<SecretString>,
    /// File that holds the password.
    #[arg(long, env = "DB_READER_PASSWORD_FILE", value_parser = secret::path)]
    pub db_reader_password_file: Option<PathBuf>,
}

/// The settings contradict each other.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReaderConfigError {
    /// A secret cannot be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// One of the two secrets is not given.
    #[error("the SQL page needs DB_READER_USER and DB_READER_PASSWORD (or their _FILE); {0} is not set")]
    Missing(&'static str),
    /// It would show what each browser has for itself.
    #[error(
        "the SQL page shows the history to everyone who can open it, and with HISTORY=own nobody is to see another's: \
         set HISTORY=shared, or leave the SQL page out (SQL_PAGE, DB_READER_USER, DB_READER_PASSWORD)"
    )]
    OwnHistories,
    /// SQLite has no accounts.
    #[error(
        "DB_READER_USER and DB_READER_PASSWORD are for MySQL; with DATA_DIR, SQL_PAGE alone serves the SQL page"
    )]
    NoAccounts,
}

impl ReaderConfig {
    /// What reads for the SQL page, if there is to be one; reads the secrets.
    pub(crate) fn reader(&self, config: &Config) -> Result<Option<Reader>, ReaderConfigError> {
        let read = |name, value: &Option<SecretString>, file: &Option<PathBuf>| {
            let value = value.as_ref().map(|value| value.expose_secret().to_owned());
            secret::read(name, value, file.clone())
        };
        let user = read("DB_READER_USER", &self.db_reader_user, &self.db_reader_user_file)?;
        let password = read("DB_READER_PASSWORD", &self.db_reader_password, &self.db_reader_password_file)?;
        let database = match (&config.database.data_dir, user, password) {
            (_, None, None) if !self.sql_page => return Ok(None),
            (Some(folder), None, None) => {
                let form = u64::from(config.max_body_mb) << 20;
                Database::Sqlite(folder.join(SQLITE_FILE), SQLITE_MEMORY + SQLITE_MEMORY_A_BYTE * form)
            }
            (Some(_), _, _) => return Err(ReaderConfigError::NoAccounts),
            (None, Some(user), Some(password)) => {
                Database::MySql(Arc::new(mysql::Account::new(&MySqlAccess {
                    host: config.database.db_host.clone(),
                    port: config.database.db_port,
                    database: config.database.db_name.clone(),
                    user,
                    password,
                })))
            }
            (None, None, _) => return Err(ReaderConfigError::Missing("DB_READER_USER")),
            (None, Some(_), None) => return Err(ReaderConfigError::Missing("DB_READER_PASSWORD")),
        };
        if config.history == History::Own {
            return Err(ReaderConfigError::OwnHistories);
        }
        Ok(Some(Reader::new(database)))
    }
}
