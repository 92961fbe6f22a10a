//! Sentences with their translations that owners brought along from other programs.

use std::collections::HashMap;

use jiff::Timestamp;

use super::jobs::WHOLE_TIMEOUT;
use super::{GET_TIMEOUT, LIST_TIMEOUT, Owner, SentenceKey, Store, StoreError, limit, on_either};

/// A sentence and its translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Of owner, languages and sentence.
    pub key: SentenceKey,
    /// BCP 47.
    pub source_language: String,
    /// BCP 47.
    pub target_language: String,
    /// The sentence.
    pub source: String,
    /// Its translation.
    pub target: String,
    /// When it was last changed, or brought along.
    pub changed: Timestamp,
}

impl Store {
    /// Keeps all of these or, if that fails, none. They replace those with the same keys.
    pub async fn add_units(&self, owner: Owner, units: &[Unit]) -> Result<(), StoreError> {
        limit(WHOLE_TIMEOUT, on_either!(self, store => store.add_units(owner, units))).await
    }

    /// The translations of those of the sentences that are there.
    pub async fn recall_units(
        &self,
        keys: &[SentenceKey],
    ) -> Result<HashMap<SentenceKey, String>, StoreError> {
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        limit(LIST_TIMEOUT, on_either!(self, store => store.recall_units(keys))).await
    }

    /// Whether an owner has any.
    pub async fn has_units(&self, owner: Owner) -> Result<bool, StoreError> {
        Ok(!self.units(owner, SentenceKey::default(), 1).await?.is_empty())
    }

    /// How many an owner has.
    pub async fn count_units(&self, owner: Owner) -> Result<i64, StoreError> {
        limit(LIST_TIMEOUT, on_either!(self, store => store.count_units(owner))).await
    }

    /// The next ones of an owner, in the order of their keys, at most so many.
    pub async fn units(&self, owner: Owner, after: SentenceKey, most: u32) -> Result<Vec<Unit>, StoreError> {
        limit(GET_TIMEOUT, on_either!(self, store => store.units(owner, after, most))).await
    }

    /// Deletes some of an owner's. False once there are none.
    pub async fn delete_some_units(&self, owner: Owner) -> Result<bool, StoreError> {
        limit(GET_TIMEOUT, on_either!(self, store => store.delete_some_units(owner))).await
    }
}
