//! Documents that are translated as files: their bytes, and those of their translations. A file has the id of its job,
//! which later is that of its translation, and is deleted with either.

use std::collections::HashMap;

use uuid::Uuid;

use super::jobs::{JOB_TIMEOUT, WHOLE_TIMEOUT};
use super::{Claim, LIST_TIMEOUT, Owner, Store, StoreError, limit, on_either};

/// A file is kept in chunks of so many bytes, which fit into any packet.
pub const CHUNK_BYTES: usize = 512 << 10;

/// A file to store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewFile<'a> {
    /// As it is to be named on a visitor's computer; 255 characters at most.
    pub name: &'a str,
    /// Its bytes.
    pub content: &'a [u8],
}

/// A file without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// That of its job and of its translation.
    pub id: Uuid,
    /// Whose it is.
    pub owner: Owner,
    /// As it came.
    pub source: FileInfo,
    /// Its translation, once that is written.
    pub target: Option<FileInfo>,
}

/// What is known of a file without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInfo {
    /// As in [`NewFile`].
    pub name: String,
    /// Its size.
    pub bytes: i64,
}

/// A file or its translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileSide {
    /// The file as it came.
    Source,
    /// Its translation.
    Target,
}

impl FileSide {
    /// As it is stored.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Target => "target",
        }
    }
}

impl Store {
    /// The file with this id, if there is one.
    pub async fn file(&self, id: Uuid) -> Result<Option<StoredFile>, StoreError> {
        Ok(self.files(&[id]).await?.remove(&id))
    }

    /// Those of these translations and jobs that are files.
    pub async fn files(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, StoredFile>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        limit(LIST_TIMEOUT, on_either!(self, store => store.files(ids))).await
    }

    /// A chunk of a file, counted from 0; `None` after the last one.
    pub async fn file_chunk(
        &self,
        id: Uuid,
        side: FileSide,
        chunk: i64,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        limit(JOB_TIMEOUT, on_either!(self, store => store.file_chunk(id, side, chunk))).await
    }

    /// All bytes of a file; empty if there is no such file.
    pub async fn file_content(&self, id: Uuid, side: FileSide) -> Result<Vec<u8>, StoreError> {
        let mut content = Vec::new();
        for chunk in 0.. {
            let Some(bytes) = self.file_chunk(id, side, chunk).await? else { break };
            content.extend_from_slice(&bytes);
        }
        Ok(content)
    }

    /// Writes down the translation of a file, in place of an earlier one, and renews the claim on its job. False, and
    /// nothing is written, if the job is no longer open or ours.
    pub async fn write_translated(
        &self,
        id: Uuid,
        claim: Claim,
        file: NewFile<'_>,
    ) -> Result<bool, StoreError> {
        limit(WHOLE_TIMEOUT, on_either!(self, store => store.write_translated(id, claim, file))).await
    }
}
