//! Writes down the words of translations for the search, after they were stored: storing never waits for it, and
//! translations of earlier versions are worked off in the same way. Long texts are written in parts, so that no
//! transaction holds up others.

use uuid::Uuid;

use super::search::Entry;
use super::{GET_TIMEOUT, Owner, Store, StoreError, Translation, limit, on_either};
use crate::store::jobs::WHOLE_TIMEOUT;
use crate::words;

/// Translations that are looked up at once.
const ROUND: u32 = 100;
/// Words that are written in one transaction.
const WRITTEN_AT_ONCE: usize = 4000;

impl Store {
    /// Writes down the words of some translations. False if all are.
    pub async fn index_some(&self) -> Result<bool, StoreError> {
        let ids = limit(GET_TIMEOUT, on_either!(self, store => store.unindexed(ROUND))).await?;
        if ids.is_empty() {
            return Ok(false);
        }
        let (mut words, mut done, mut failed) = (Vec::new(), Vec::new(), None);
        for id in ids {
            match self.get(id).await {
                Ok(Some(translation)) => words.extend(entries(translation).await),
                Ok(None) => {}
                // the others need not wait for it
                Err(error) => {
                    failed = Some(error);
                    continue;
                }
            }
            while words.len() > WRITTEN_AT_ONCE {
                let rest = words.split_off(WRITTEN_AT_ONCE);
                self.write_words(&words, &[]).await?;
                words = rest;
            }
            done.push(id);
        }
        match failed {
            Some(error) if done.is_empty() => Err(error),
            _ => self.write_words(&words, &done).await.map(|()| true),
        }
    }

    async fn write_words(&self, words: &[Entry], done: &[Uuid]) -> Result<(), StoreError> {
        limit(WHOLE_TIMEOUT, on_either!(self, store => store.write_words(words, done))).await
    }

    /// Deletes a translation, with its file if it has one. False if the owner has no such one.
    pub async fn delete(&self, id: Uuid, owner: Owner) -> Result<bool, StoreError> {
        let Some(translation) = self.get(id).await?.filter(|found| found.owner == owner) else {
            return Ok(false);
        };
        let words: Vec<String> = entries(translation).await.into_iter().map(|entry| entry.word).collect();
        limit(WHOLE_TIMEOUT, on_either!(self, store => store.delete(id, owner, &words))).await
    }
}

/// What a translation is found by: its words, and the pair of its languages.
async fn entries(translation: Translation) -> Vec<Entry> {
    let index = move || {
        let Translation { id, owner, source_language, target_language, source_text, target_text, .. } =
            translation;
        let pair = (format!("{source_language} {target_language}"), 0);
        let words = words::index(&source_text, &target_text).into_iter().chain([pair]);
        words.map(|(word, place)| Entry { owner, word, id, place }).collect()
    };
    // a long text takes seconds
    tokio::task::spawn_blocking(index).await.unwrap_or_default()
}
