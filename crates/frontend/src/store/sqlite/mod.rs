//! The store in an SQLite file.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, QueryBuilder, Sqlite, Transaction};
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
use super::{ACQUIRE_TIMEOUT, Owner, Position, StoreError, Summary, Translation};

/// What brings a file from each version to the next, beginning with an empty one. The version is in the file.
const MIGRATIONS: [&str; 5] = [
    include_str!("0001_translations.sql"),
    include_str!("0002_jobs.sql"),
    include_str!("0003_search.sql"),
    include_str!("0004_files.sql"),
    include_str!("0006_glossary.sql"),
];

/// How long one writer waits for another.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

macro_rules! join {
    ($column:literal) => {
        concat!(
            "(SELECT group_concat(",
            $column,
            ", '' ORDER BY piece) FROM job_pieces WHERE job_id = jobs.id)"
        )
    };
}

job_queries!(
    SqliteStore,
    Sqlite,
    " ON CONFLICT (id) DO UPDATE SET
         target_text = CASE WHEN links IS NULL AND excluded.links IS NOT NULL THEN excluded.target_text
                            ELSE target_text END,
         links = COALESCE(links, excluded.links)",
    [""; 0],
    join,
    "created_at"
);
file_queries!(SqliteStore, Sqlite);

unit_queries!(
    SqliteStore,
    Sqlite,
    " ON CONFLICT (id) DO UPDATE SET source_language = excluded.source_language,
      target_language = excluded.target_language, source_text = excluded.source_text,
      target_text = excluded.target_text, created_at = excluded.created_at"
);

history_queries!(
    SqliteStore,
    Sqlite,
    "created_at",
    ["", ""],
    " ON CONFLICT (owner, word, id) DO NOTHING",
    "BEGIN IMMEDIATE",
    "",
    "DELETE FROM words WHERE (owner, word, id) IN (SELECT owner, word, id FROM words WHERE owner = ? LIMIT 5000)"
);

/// A pool of connections to one file.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    pool: SqlitePool,
}

impl SqliteStore {
    pub(super) async fn open(file: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = file.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(sqlx::Error::Io)?;
        }
        make_private(file).await.map_err(sqlx::Error::Io)?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // what is deleted is written over
            .pragma("secure_delete", "ON")
            .busy_timeout(BUSY_TIMEOUT);
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options)
            .await?;
        migrate(&pool).await?;
        Ok(Self { pool })
    }

    pub(super) async fn insert(&self, translation: &Translation) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO translations
                (id, owner, source_language, target_language, source_text, target_text, alignment, model, created_at,
                 duration_ms, detected)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(translation.id)
        .bind(translation.owner.0)
        .bind(&translation.source_language)
        .bind(&translation.target_language)
        .bind(&translation.source_text)
        .bind(&translation.target_text)
        .bind(translation.alignment.as_ref().map(Alignment::as_str))
        .bind(&translation.model)
        .bind(translation.created_at.as_microsecond())
        .bind(translation.duration_ms)
        .bind(translation.detected)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    pub(super) async fn get(&self, id: Uuid) -> Result<Option<Translation>, StoreError> {
        Ok(sqlx::query_as(
            "SELECT id, owner, source_language, target_language, source_text, target_text, alignment, model, duration_ms,
                    detected, created_at AS created_us
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

/// Makes the file if there is none, for its owner's eyes alone. SQLite gives the files beside it the same rights.
async fn make_private(file: &Path) -> std::io::Result<()> {
    let mut options = tokio::fs::OpenOptions::new();
    #[cfg(unix)]
    options.mode(0o600);
    options.create(true).append(true).open(file).await.map(drop)
}

/// Brings the tables to the newest version. All in one transaction: two processes may open a file at once.
async fn migrate(pool: &SqlitePool) -> Result<(), StoreError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let version: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *transaction).await?;
    for migration in MIGRATIONS.iter().skip(version as usize) {
        sqlx::raw_sql(*migration).execute(&mut *transaction).await?;
    }
    if version < MIGRATIONS.len() as i64 {
        let sql = format!("PRAGMA user_version = {}", MIGRATIONS.len());
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *transaction).await?;
    }
    Ok(transaction.commit().await?)
}
