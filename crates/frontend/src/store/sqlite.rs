//! The store in an SQLite file.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};
use uuid::Uuid;

use super::{ACQUIRE_TIMEOUT, Position, StoreError, Summary, Translation};

const SCHEMA: &str = include_str!("sqlite.sql");

/// How long one writer waits for another.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

macro_rules! list_sql {
    ($condition:literal, $direction:literal) => {
        concat!(
            "SELECT id, source_language, target_language, source_excerpt, target_excerpt, source_chars,
                    created_at AS created_us
             FROM translations ",
            $condition,
            " ORDER BY created_at ",
            $direction,
            ", id ",
            $direction,
            " LIMIT ?"
        )
    };
}

const NEWEST: &str = list_sql!("", "DESC");
const BEFORE: &str = list_sql!("WHERE (created_at, id) < (?, ?)", "DESC");
const AFTER: &str = list_sql!("WHERE (created_at, id) > (?, ?)", "ASC");

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
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options)
            .await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        Ok(Self { pool })
    }

    pub(super) async fn insert(&self, translation: &Translation) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO translations
                (id, source_language, target_language, source_text, target_text, model, created_at, duration_ms)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(translation.id)
        .bind(&translation.source_language)
        .bind(&translation.target_language)
        .bind(&translation.source_text)
        .bind(&translation.target_text)
        .bind(&translation.model)
        .bind(translation.created_at.as_microsecond())
        .bind(translation.duration_ms)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    pub(super) async fn get(&self, id: Uuid) -> Result<Option<Translation>, StoreError> {
        Ok(sqlx::query_as(
            "SELECT id, source_language, target_language, source_text, target_text, model, duration_ms,
                    created_at AS created_us
             FROM translations WHERE id = ?",
        )
        .bind(id)
        .fetch_optional(&self.pool)
        .await?)
    }

    pub(super) async fn list(&self, position: Position, limit: u8) -> Result<Vec<Summary>, StoreError> {
        let (sql, cursor) = match position {
            Position::Newest => (NEWEST, None),
            Position::Before(cursor) => (BEFORE, Some(cursor)),
            Position::After(cursor) => (AFTER, Some(cursor)),
        };
        let mut query = sqlx::query_as(sql);
        if let Some(cursor) = cursor {
            query = query.bind(cursor.created_at.as_microsecond()).bind(cursor.id);
        }
        Ok(query.bind(limit).fetch_all(&self.pool).await?)
    }

    pub(super) async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM translations LIMIT 1").execute(&self.pool).await?;
        Ok(())
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}
