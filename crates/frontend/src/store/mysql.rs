//! The store on MySQL 8.4 or newer.

use std::collections::{HashMap, HashSet};
use std::fmt;

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions, MySqlSslMode};
use sqlx::{MySql, QueryBuilder, Transaction};
use uuid::Uuid;

use crate::alignment::Alignment;
use crate::links::Links;

use super::file_queries::file_queries;
use super::files::{CHUNK_BYTES, FileInfo, FileSide, NewFile, StoredFile};
use super::history_queries::{WORDS_AT_ONCE, history_queries};
use super::job_queries::{PIECES_AN_INSERT, SENTENCES_AT_ONCE, job_columns, job_queries};
use super::jobs::{Claim, FinishedPiece, Job, JobKind, NewJob, Piece, Progress, Remembered, SentenceKey};
use super::search::{Entry, Filter, Side};
use super::unit_queries::{DELETE_UNITS, UNITS_AN_INSERT, unit_queries};
use super::units::Unit;
use super::{ACQUIRE_TIMEOUT, IDLE_TIMEOUT, Owner, Position, StoreError, Summary, Translation};

/// Up to this size of both texts an insert is one packet under every sensible `max_allowed_packet`.
const SURELY_ONE_PACKET: usize = 512 << 10;
/// Room in a packet for what is not text.
const PACKET_OVERHEAD: usize = 4 << 10;

macro_rules! join {
    ($column:literal) => {
        concat!(
            "(SELECT GROUP_CONCAT(",
            $column,
            " ORDER BY piece SEPARATOR '') FROM job_pieces WHERE job_id = jobs.id)"
        )
    };
}

job_queries!(
    MySqlStore,
    MySql,
    // assigned in this order
    " AS new ON DUPLICATE KEY UPDATE
         target_text = IF(sentences.links IS NULL AND new.links IS NOT NULL, new.target_text, sentences.target_text),
         links = COALESCE(sentences.links, new.links)",
    // else joined texts end after a kilobyte
    ["SET SESSION group_concat_max_len = 4294967295"],
    join,
    "TIMESTAMP '1970-01-01 00:00:00' + INTERVAL created_at MICROSECOND"
);

unit_queries!(
    MySqlStore,
    MySql,
    " AS new ON DUPLICATE KEY UPDATE source_language = new.source_language, target_language = new.target_language,
      source_text = new.source_text, target_text = new.target_text, created_at = new.created_at"
);

history_queries!(
    MySqlStore,
    MySql,
    "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', created_at)",
    ["TIMESTAMP '1970-01-01 00:00:00' + INTERVAL ", " MICROSECOND"],
    " ON DUPLICATE KEY UPDATE id = words.id",
    "START TRANSACTION",
    " FOR UPDATE",
    "DELETE FROM words WHERE owner = ? LIMIT 5000"
);
file_queries!(MySqlStore, MySql);

/// Where the server is and how to log in.
#[derive(Clone)]
pub struct MySqlAccess {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The database with our table.
    pub database: String,
    /// User name.
    pub user: SecretString,
    /// Password.
    pub password: SecretString,
}

impl MySqlAccess {
    /// How every connection is made.
    pub(crate) fn options(&self) -> MySqlConnectOptions {
        MySqlConnectOptions::new()
            .host(&self.host)
            .port(self.port)
            .database(&self.database)
            .username(self.user.expose_secret())
            .password(self.password.expose_secret())
            // The default login of MySQL (caching_sha2_password) wants TLS. The certificate the server made itself
            // at first start has no name to verify, so it encrypts and does not identify.
            .ssl_mode(MySqlSslMode::Required)
            .charset("utf8mb4")
            .timezone(Some("+00:00".to_owned()))
    }
}

/// A pool of connections to one database.
#[derive(Clone)]
pub struct MySqlStore {
    pool: MySqlPool,
}

impl fmt::Debug for MySqlStore {
    /// Leaves out the pool, whose options hold the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MySqlStore").finish_non_exhaustive()
    }
}

impl MySqlStore {
    pub(super) fn new(access: &MySqlAccess) -> Self {
        let pool = MySqlPoolOptions::new()
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(IDLE_TIMEOUT)
            .connect_lazy_with(access.options());
        Self { pool }
    }

    pub(super) async fn insert(&self, translation: &Translation) -> Result<(), StoreError> {
        if translation.text_bytes() <= SURELY_ONE_PACKET {
            return insert_row(&self.pool, translation, &translation.target_text).await;
        }
        let max_packet: u64 = sqlx::query_scalar("SELECT @@max_allowed_packet").fetch_one(&self.pool).await?;
        let limit = (max_packet as usize).saturating_sub(PACKET_OVERHEAD);
        let larger = translation.source_text.len().max(translation.target_text.len());
        if larger > limit {
            return Err(StoreError::TooLarge { bytes: larger, limit });
        }
        if translation.text_bytes() <= limit {
            return insert_row(&self.pool, translation, &translation.target_text).await;
        }
        // Each text fits into a packet, both together do not.
        let mut transaction = self.pool.begin().await?;
        insert_row(&mut *transaction, translation, "").await?;
        sqlx::query("UPDATE translations SET target_text = ? WHERE id = ?")
            .bind(&translation.target_text)
            .bind(translation.id)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn get(&self, id: Uuid) -> Result<Option<Translation>, StoreError> {
        Ok(sqlx::query_as(
            "SELECT id, owner, source_language, target_language, source_text, target_text, alignment, model, duration_ms,
                    detected, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', created_at) AS created_us
             FROM translations WHERE id = ?",
        )
        .bind(id)
        .fetch_optional(&self.pool)
        .await?)
    }

    pub(super) async fn has_translation(&self, id: Uuid) -> Result<bool, StoreError> {
        let found = sqlx::query("SELECT 1 FROM translations WHERE id = ?").bind(id);
        Ok(found.fetch_optional(&self.pool).await?.is_some())
    }

    pub(super) async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM translations LIMIT 1").execute(&self.pool).await?;
        Ok(())
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

async fn insert_row(
    executor: impl sqlx::Executor<'_, Database = MySql>,
    translation: &Translation,
    target_text: &str,
) -> Result<(), StoreError> {
    // "ON DUPLICATE KEY" and not "INSERT IGNORE", which would also swallow texts that were cut short.
    sqlx::query(
        "INSERT INTO translations
            (id, owner, source_language, target_language, source_text, target_text, alignment, model, created_at,
             duration_ms, detected)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL ? MICROSECOND, ?, ?)
         ON DUPLICATE KEY UPDATE id = translations.id",
    )
    .bind(translation.id)
    .bind(translation.owner.0)
    .bind(&translation.source_language)
    .bind(&translation.target_language)
    .bind(&translation.source_text)
    .bind(target_text)
    .bind(translation.alignment.as_ref().map(Alignment::as_str))
    .bind(&translation.model)
    .bind(translation.created_at.as_microsecond())
    .bind(translation.duration_ms)
    .bind(translation.detected)
    .execute(executor)
    .await?;
    Ok(())
}
