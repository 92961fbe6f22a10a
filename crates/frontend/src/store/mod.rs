//! Finished translations, long texts and files under way and remembered sentences, on MySQL or SQLite. Knows nothing of HTTP and never waits longer than the
//! limits below; what to do while the database is away is the archive's business.

mod error;
mod file_queries;
mod files;
mod history_queries;
mod index;
mod job_queries;
mod jobs;
mod mysql;
mod rows;
mod search;
mod sqlite;
mod unit_queries;
mod units;
mod walk;

use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::alignment::Alignment;

pub use crate::search::{Query, TooManyWords};
pub use error::StoreError;
pub use files::{CHUNK_BYTES, FileInfo, FileSide, NewFile, StoredFile};
pub use jobs::{
    Claim, FinishedPiece, Job, JobKind, JobState, NewJob, Piece, Progress, Remembered, SentenceKey,
};
pub use mysql::MySqlAccess;
pub use search::{Filter, Found, Hit};
pub use units::Unit;

/// Characters of the excerpts that the tables keep.
const EXCERPT_CHARS: usize = 280;

/// How many entries a page of the history holds.
pub const PAGE_SIZE: u8 = 20;

/// How long a free connection is waited for: the time a page may lose to an absent database.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
/// Swarm's load balancer silently drops connections that were idle for 15 minutes.
const IDLE_TIMEOUT: Duration = Duration::from_mins(10);
const LIST_TIMEOUT: Duration = Duration::from_secs(2);
const GET_TIMEOUT: Duration = Duration::from_secs(10);
const PING_TIMEOUT: Duration = Duration::from_secs(1);

/// Whose a translation is: a browser's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owner(pub Uuid);

impl Owner {
    /// Everybody, where the history is shared.
    pub const EVERYBODY: Self = Self(Uuid::nil());
}

/// A finished translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// UUIDv7, given before the translation started.
    pub id: Uuid,
    /// Whose it is.
    pub owner: Owner,
    /// BCP 47.
    pub source_language: String,
    /// BCP 47.
    pub target_language: String,
    /// What the visitor typed, lines ended by `\n`.
    pub source_text: String,
    /// What the engine made of it.
    pub target_text: String,
    /// Which sentence belongs to which; translations of earlier versions have none.
    pub alignment: Option<Alignment>,
    /// Name of the model that translated.
    pub model: String,
    /// When the request came in, to the microsecond.
    pub created_at: Timestamp,
    /// Wall time of the translation in milliseconds.
    pub duration_ms: u32,
    /// How sure the source language was found out, in thousandths; `None` if it was chosen.
    pub detected: Option<u32>,
}

impl Translation {
    /// Bytes of both texts.
    pub fn text_bytes(&self) -> usize {
        self.source_text.len() + self.target_text.len()
    }

    /// Every sentence with its translation; `None` if they are not known.
    pub(crate) fn sentences(&self) -> Option<Vec<(&str, &str)>> {
        self.alignment.as_ref()?.sentences(&self.source_text, &self.target_text)
    }
}

/// What a list shows of a translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// As in [`Translation`].
    pub id: Uuid,
    /// As in [`Translation`].
    pub source_language: String,
    /// As in [`Translation`].
    pub target_language: String,
    /// The first 280 characters of the source text.
    pub source_excerpt: String,
    /// The first 280 characters of the translation.
    pub target_excerpt: String,
    /// Characters of the whole source text.
    pub source_chars: u32,
    created_at: Timestamp,
}

impl Summary {
    /// When the request came in.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    fn cursor(&self) -> Cursor {
        Cursor { created_at: self.created_at, id: self.id }
    }
}

/// A place in the history: that of one entry. Written `MICROSECONDS.UUID` in addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    created_at: Timestamp,
    id: Uuid,
}

impl Cursor {
    /// When that entry was made.
    pub(crate) fn created_at(&self) -> Timestamp {
        self.created_at
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.created_at.as_microsecond(), self.id.simple())
    }
}

/// The text is not a [`Cursor`].
#[derive(Debug, thiserror::Error)]
#[error("not a place in the history")]
pub struct CursorError;

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (micros, id) = text.split_once('.').ok_or(CursorError)?;
        let micros = micros.parse().map_err(|_| CursorError)?;
        Ok(Self {
            created_at: Timestamp::from_microsecond(micros).map_err(|_| CursorError)?,
            id: Uuid::try_parse(id).map_err(|_| CursorError)?,
        })
    }
}

/// Which page of the history is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// The newest entries.
    Newest,
    /// The entries just older than this one.
    Before(Cursor),
    /// The entries just newer than this one.
    After(Cursor),
}

/// Some entries of the history, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// At most [`PAGE_SIZE`].
    pub entries: Vec<Summary>,
    /// Where newer entries begin, if there are any.
    pub newer: Option<Cursor>,
    /// Where older entries begin, if there are any.
    pub older: Option<Cursor>,
}

impl Page {
    /// Makes a page of what a query for one entry more than a page returned, in the order it returned them:
    /// oldest first for [`Position::After`], else newest first.
    fn of(position: Position, mut entries: Vec<Summary>) -> Self {
        let more = entries.len() > PAGE_SIZE.into();
        entries.truncate(PAGE_SIZE.into());
        let backwards = matches!(position, Position::After(_));
        if backwards {
            entries.reverse();
        }
        let came_from_above = matches!(position, Position::Before(_));
        let newer = if backwards { more } else { came_from_above };
        let older = if backwards { true } else { more };
        Self {
            newer: entries.first().filter(|_| newer).map(Summary::cursor),
            older: entries.last().filter(|_| older).map(Summary::cursor),
            entries,
        }
    }
}

/// The future that a store's method returns, whichever store it is.
macro_rules! on_either {
    ($self:expr, $store:ident => $call:expr) => {
        async {
            match $self {
                Store::MySql($store) => $call.await,
                Store::Sqlite($store) => $call.await,
            }
        }
    };
}
use on_either;

/// The store. Clones share one pool of connections.
#[derive(Clone, Debug)]
pub enum Store {
    /// A MySQL server.
    MySql(mysql::MySqlStore),
    /// An SQLite file.
    Sqlite(sqlite::SqliteStore),
}

impl Store {
    /// A MySQL server. Connects when it is first used, so the server may come up later than we do.
    pub fn mysql(access: &MySqlAccess) -> Self {
        Self::MySql(mysql::MySqlStore::new(access))
    }

    /// An SQLite file, made with its folder and table if need be.
    pub async fn sqlite(file: &Path) -> Result<Self, StoreError> {
        sqlite::SqliteStore::open(file).await.map(Self::Sqlite)
    }

    /// Adds a translation. One that is already there (by id) stays as it is.
    pub async fn insert(&self, translation: &Translation) -> Result<(), StoreError> {
        limit(insert_timeout(translation), on_either!(self, store => store.insert(translation))).await
    }

    /// The translation with this id, if there is one.
    pub async fn get(&self, id: Uuid) -> Result<Option<Translation>, StoreError> {
        limit(GET_TIMEOUT, on_either!(self, store => store.get(id))).await
    }

    /// Whether there is a translation with this id; reads none of its text.
    pub async fn has_translation(&self, id: Uuid) -> Result<bool, StoreError> {
        limit(LIST_TIMEOUT, on_either!(self, store => store.has_translation(id))).await
    }

    /// One page of an owner's history, or of a part of it.
    pub async fn page(&self, filter: impl Into<Filter>, position: Position) -> Result<Page, StoreError> {
        let filter = filter.into();
        let entries =
            limit(LIST_TIMEOUT, on_either!(self, store => store.list(&filter, position, PAGE_SIZE + 1)));
        Ok(Page::of(position, entries.await?))
    }

    /// Deletes some of what an owner has: translations, jobs, files and remembered sentences. False once nothing is left.
    pub async fn delete_some(&self, owner: Owner) -> Result<bool, StoreError> {
        limit(GET_TIMEOUT, on_either!(self, store => store.delete_some(owner))).await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        limit(PING_TIMEOUT, on_either!(self, store => store.ping())).await
    }

    /// Closes every connection, after what runs on them has ended.
    pub async fn close(&self) {
        match self {
            Self::MySql(store) => store.close().await,
            Self::Sqlite(store) => store.close().await,
        }
    }
}

async fn limit<T>(
    limit: Duration,
    operation: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    tokio::time::timeout(limit, operation).await.unwrap_or(Err(StoreError::TimedOut(limit)))
}

/// Three seconds, and one more for each megabyte: what a slow disk needs.
fn insert_timeout(translation: &Translation) -> Duration {
    Duration::from_secs(3 + (translation.text_bytes() >> 20) as u64)
}
