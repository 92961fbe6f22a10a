//! Rows of both databases as our types. Written out, for sqlx's derive macro would compile both drivers, their C and
//! their TLS a second time.

use jiff::Timestamp;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};
use uuid::Uuid;

use super::{Summary, Translation};

/// Microseconds since 1970-01-01 UTC, the form in which both databases give times.
fn timestamp(micros: i64) -> sqlx::Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(|error| sqlx::Error::Decode(error.into()))
}

impl<'r, R: Row> FromRow<'r, R> for Translation
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
            source_text: row.try_get("source_text")?,
            target_text: row.try_get("target_text")?,
            model: row.try_get("model")?,
            created_at: timestamp(row.try_get("created_us")?)?,
            duration_ms: row.try_get("duration_ms")?,
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
