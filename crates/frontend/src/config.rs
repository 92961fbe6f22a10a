//! The settings of the frontend, as flags and environment variables.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use service::secret::{self, SecretError};

use crate::client::TimeLimits;
use crate::owners::{self, History, Owners};
use crate::reader::ReaderConfig;
use crate::store::MySqlAccess;

/// The settings of the frontend.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address and port to listen on.
    #[arg(long, env = "LISTEN", default_value = "0.0.0.0:5000")]
    pub listen: SocketAddr,
    /// Address of the backend.
    #[arg(long, env = "BACKEND_URL", default_value = "http://backend:8000", value_parser = http_url)]
    pub backend_url: Url,
    /// Largest form that is accepted, in megabytes (1024 × 1024 bytes).
    #[arg(long, env = "MAX_BODY_MB", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub max_body_mb: u32,
    /// Seconds to wait for a connection to the backend.
    #[arg(long, env = "BACKEND_CONNECT_TIMEOUT_S", default_value_t = 2, value_parser = seconds())]
    pub backend_connect_timeout_s: u64,
    /// Seconds to wait for the next translated sentence.
    #[arg(long, env = "BACKEND_READ_TIMEOUT_S", default_value_t = 60, value_parser = seconds())]
    pub backend_read_timeout_s: u64,
    /// Seconds that one whole translation may take.
    #[arg(long, env = "BACKEND_TOTAL_TIMEOUT_S", default_value_t = 86_400, value_parser = seconds())]
    pub backend_total_timeout_s: u64,
    /// Who sees which history.
    #[arg(long, env = "HISTORY", value_enum, default_value_t)]
    pub history: History,
    /// Key that signs the cookies by which browsers see their own history.
    #[arg(long, env = "COOKIE_KEY", hide_env_values = true)]
    pub cookie_key: Option<SecretString>,
    /// File that holds the key.
    #[arg(long, env = "COOKIE_KEY_FILE", value_parser = secret::path)]
    pub cookie_key_file: Option<PathBuf>,
    /// Where the history is kept.
    #[command(flatten)]
    pub database: DatabaseConfig,
    /// The SQL page.
    #[command(flatten)]
    pub reader: ReaderConfig,
}

fn seconds() -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(1..=7 * 24 * 3600)
}

fn http_url(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if url.scheme() == "http" && url.has_host() => Ok(url),
        Ok(_) => Err("it must start with http:// and name a host".to_owned()),
        Err(error) => Err(format!("{error}; write it like http://backend:8000")),
    }
}

/// Where the history is kept: in MySQL, or in an SQLite file if a folder for it is given.
#[derive(Args, Clone, Debug)]
pub struct DatabaseConfig {
    /// Folder for an SQLite file, used instead of MySQL.
    #[arg(long, env = "DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// Host name of the MySQL server.
    #[arg(long, env = "DB_HOST", default_value = "database")]
    pub db_host: String,
    /// Port of the MySQL server.
    #[arg(long, env = "DB_PORT", default_value_t = 3306)]
    pub db_port: u16,
    /// Name of the database.
    #[arg(long, env = "DB_NAME", default_value = "translation")]
    pub db_name: String,
    /// User name at the MySQL server.
    #[arg(long, env = "DB_USER", hide_env_values = true)]
    pub db_user: Option<SecretString>,
    /// File that holds the user name.
    #[arg(long, env = "DB_USER_FILE", value_parser = secret::path)]
    pub db_user_file: Option<PathBuf>,
    /// Password at the MySQL server; better given in a file, as command lines are visible to all.
    #[arg(long, env = "DB_PASSWORD", hide_env_values = true)]
    pub db_password: Option<SecretString>,
    /// File that holds the password.
    #[arg(long, env = "DB_PASSWORD_FILE", value_parser = secret::path)]
    pub db_password_file: Option<PathBuf>,
}

/// Shorter keys can be guessed.
const MIN_KEY_BYTES: usize = 16;
/// Name of the key's file in the data folder.
const KEY_FILE: &str = "cookie.key";

/// The settings do not say how browsers are told apart.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CookieKeyError {
    /// The secret cannot be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// It is not given at all.
    #[error(
        "with HISTORY=own, set COOKIE_KEY or COOKIE_KEY_FILE to a random text of {MIN_KEY_BYTES} characters or more; \
         or set HISTORY=shared"
    )]
    Missing,
    /// It is no secret.
    #[error("COOKIE_KEY is too short; make it a random text of {MIN_KEY_BYTES} characters or more")]
    Short,
    /// The key of the data folder can neither be read nor made.
    #[error("cannot keep the key of the cookies in {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// The settings do not say how to reach the database.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseConfigError {
    /// A secret cannot be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// A secret is not given at all.
    #[error("set {0} or {0}_FILE, or give a folder for SQLite by --data-dir")]
    Missing(&'static str),
}

impl Config {
    pub(crate) fn time_limits(&self) -> TimeLimits {
        TimeLimits {
            connect: Duration::from_secs(self.backend_connect_timeout_s),
            read: Duration::from_secs(self.backend_read_timeout_s),
            total: Duration::from_secs(self.backend_total_timeout_s),
        }
    }
}

impl Config {
    /// How browsers are told apart; reads the key, or makes one in the data folder.
    pub(crate) fn owners(&self) -> Result<Owners, CookieKeyError> {
        if self.history == History::Shared {
            return Ok(Owners::Shared);
        }
        let value = self.cookie_key.as_ref().map(|value| value.expose_secret().to_owned());
        let key =
            match (secret::read("COOKIE_KEY", value, self.cookie_key_file.clone())?, &self.database.data_dir)
            {
                (Some(key), _) => key.expose_secret().as_bytes().to_vec().into(),
                (None, Some(folder)) => {
                    let path = folder.join(KEY_FILE);
                    owners::kept_key(&path).map_err(|source| CookieKeyError::File { path, source })?
                }
                (None, None) => return Err(CookieKeyError::Missing),
            };
        if key.expose_secret().len() < MIN_KEY_BYTES {
            return Err(CookieKeyError::Short);
        }
        Ok(Owners::Own(key))
    }

    /// For a frontend in the same process as its backend: the flags' defaults, and an SQLite file in `data_dir`.
    pub fn embedded(
        listen: SocketAddr,
        backend_url: Url,
        data_dir: PathBuf,
        history: History,
        sql_page: bool,
    ) -> Self {
        Self {
            listen,
            backend_url,
            max_body_mb: 32,
            backend_connect_timeout_s: 2,
            backend_read_timeout_s: 60,
            backend_total_timeout_s: 86_400,
            history,
            cookie_key: None,
            cookie_key_file: None,
            reader: ReaderConfig { sql_page, ..ReaderConfig::default() },
            database: DatabaseConfig {
                data_dir: Some(data_dir),
                db_host: String::new(),
                db_port: 0,
                db_name: String::new(),
                db_user: None,
                db_user_file: None,
                db_password: None,
                db_password_file: None,
            },
        }
    }
}

impl DatabaseConfig {
    /// The MySQL server and the account on it; reads the secrets.
    pub(crate) fn mysql(self) -> Result<MySqlAccess, DatabaseConfigError> {
        let required = |name, value: Option<SecretString>, file| {
            let value = value.map(|value| value.expose_secret().to_owned());
            secret::read(name, value, file)?.ok_or(DatabaseConfigError::Missing(name))
        };
        Ok(MySqlAccess {
            host: self.db_host,
            port: self.db_port,
            database: self.db_name,
            user: required("DB_USER", self.db_user, self.db_user_file)?,
            password: required("DB_PASSWORD", self.db_password, self.db_password_file)?,
        })
    }
}
