//! Rows of both databases as our types. Written out, for sqlx's derive macro would compile both drivers, their C and
//! their TLS a second time.

use jiff::Timestamp;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};
use uuid::Uuid;

use super::jobs::{Job, JobKind, JobState};
use super::{Owner, Summary, Translation, Unit};

/// Microseconds since 1970-01-01 UTC, the form in which both databases give times.
fn timestamp(micros: i64) -> sqlx::Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(|error| sqlx::Error::Decode(error.into()))
}

impl<'r, R: Row> FromRow<'r, R> for Translation
where
    &'static str: ColumnIndex<R>,
    Uuid: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    u32: Decode<'r, R::Database> + Type<R::Database>,
    Option<u32>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            owner: Owner(row.try_get("owner")?),
            source_language: row.try_get("source_language")?,
            target_language: row.try_get("target_language")?,
            source_text: row.try_get("source_text")?,
            target_text: row.try_get("target_text")?,
            alignment: row.try_get::<Option<String>, _>("alignment")?.map(Into::into),
            model: row.try_get("model")?,
            created_at: timestamp(row.try_get("created_us")?)?,
            duration_ms: row.try_get("duration_ms")?,
            detected: row.try_get("detected")?,
        })
    }
}

impl<'r, R: Row> FromRow<'r, R> for Summary
where
    &'static str: ColumnIndex<R>,
    Uuid: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    u32: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            source_language: row.try_get("source_language")?,
            target_language: row.try_get("target_language")?,
            source_excerpt: row.try_get("source_excerpt")?,
            target_excerpt: row.try_get("target_excerpt")?,
            source_chars: row.try_get("source_chars")?,
            created_at: timestamp(row.try_get("created_us")?)?,
        })
    }
}

impl<'r, R: Row> FromRow<'r, R> for Unit
where
    &'static str: ColumnIndex<R>,
    Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        let key: Vec<u8> = row.try_get("id")?;
        Ok(Self {
            key: key.try_into().map_err(|_| sqlx::Error::Decode("a key has another length".into()))?,
            source_language: row.try_get("source_language")?,
            target_language: row.try_get("target_language")?,
            source: row.try_get("source_text")?,
            target: row.try_get("target_text")?,
            changed: timestamp(row.try_get("created_at")?)?,
        })
    }
}

impl<'r, R: Row> FromRow<'r, R> for Job
where
    &'static str: ColumnIndex<R>,
    Uuid: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    Option<u32>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        let state: String = row.try_get("state")?;
        let kind: String = row.try_get("kind")?;
        let kind = [JobKind::Text, JobKind::File].into_iter().find(|known| known.as_str() == kind);
        let states = [JobState::Open, JobState::Cancelled, JobState::Failed];
        let state = states.into_iter().find(|known| known.as_str() == state);
        Ok(Self {
            id: row.try_get("id")?,
            owner: Owner(row.try_get("owner")?),
            kind: kind.ok_or_else(|| sqlx::Error::Decode("an unknown kind".into()))?,
            source_language: row.try_get("source_language")?,
            target_language: row.try_get("target_language")?,
            state: state.ok_or_else(|| sqlx::Error::Decode("an unknown state".into()))?,
            failure: row.try_get("failure")?,
            source_excerpt: row.try_get("source_excerpt")?,
            source_chars: row.try_get("source_chars")?,
            source_bytes: row.try_get("source_bytes")?,
            done_bytes: row.try_get("done_bytes")?,
            sentences: row.try_get("sentences")?,
            reused: row.try_get("reused")?,
            faults: row.try_get("faults")?,
            duration_ms: row.try_get("duration_ms")?,
            detected: row.try_get("detected")?,
            glossary: row.try_get::<Option<String>, _>("glossary")?.unwrap_or_default(),
            created_at: timestamp(row.try_get("created_at")?)?,
        })
    }
}
