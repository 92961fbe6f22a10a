//! What waits in memory for the database. A bounded queue: it neither writes nor retries.

use std::collections::VecDeque;
use std::sync::Arc;

use uuid::Uuid;

use crate::store::{Owner, Translation};

const MAX_ENTRIES: usize = 10_000;
const MAX_BYTES: usize = 256 << 20;

/// Translations in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    entries: VecDeque<Arc<Translation>>,
    bytes: usize,
}

impl Outbox {
    /// Adds a translation; false if there is no room for it.
    pub(crate) fn push(&mut self, translation: Arc<Translation>) -> bool {
        let bytes = self.bytes + translation.text_bytes();
        if self.entries.len() >= MAX_ENTRIES || bytes > MAX_BYTES {
            return false;
        }
        self.entries.push_back(translation);
        self.set_bytes(bytes);
        true
    }

    pub(crate) fn front(&self) -> Option<Arc<Translation>> {
        self.entries.front().map(Arc::clone)
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<Arc<Translation>> {
        self.entries.iter().find(|entry| entry.id == id).map(Arc::clone)
    }

    pub(crate) fn remove(&mut self, id: Uuid) {
        let place = self.entries.iter().position(|entry| entry.id == id);
        if let Some(removed) = place.and_then(|place| self.entries.remove(place)) {
            self.set_bytes(self.bytes - removed.text_bytes());
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How many are this owner's.
    pub(crate) fn of(&self, owner: Owner) -> usize {
        self.entries.iter().filter(|entry| entry.owner == owner).count()
    }

    /// Bytes of all texts.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    fn set_bytes(&mut self, bytes: usize) {
        self.bytes = bytes;
        metrics::gauge!("ut_outbox_entries").set(self.entries.len() as f64);
        metrics::gauge!("ut_outbox_bytes").set(bytes as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translation(bytes: usize) -> Arc<Translation> {
        Arc::new(Translation {
            id: Uuid::now_v7(),
            owner: Owner::EVERYBODY,
            source_language: "de".into(),
            target_language: "en".into(),
            source_text: "a".repeat(bytes),
            target_text: String::new(),
            alignment: None,
            model: "fake".into(),
            created_at: jiff::Timestamp::UNIX_EPOCH,
            duration_ms: 1,
            detected: None,
        })
    }

    #[test]
    fn entries_leave_in_the_order_in_which_they_came() {
        let mut outbox = Outbox::default();
        let (first, second) = (translation(3), translation(4));
        assert!(outbox.push(Arc::clone(&first)) && outbox.push(Arc::clone(&second)));
        assert_eq!((outbox.len(), outbox.bytes()), (2, 7));
        assert_eq!((outbox.of(Owner::EVERYBODY), outbox.of(Owner(Uuid::max()))), (2, 0));
        assert_eq!(outbox.front(), Some(Arc::clone(&first)));
        assert_eq!(outbox.get(second.id), Some(Arc::clone(&second)));
        outbox.remove(first.id);
        assert_eq!(outbox.front(), Some(second));
        assert_eq!((outbox.len(), outbox.bytes()), (1, 4));
        assert_eq!(outbox.get(first.id), None);
    }

    #[test]
    fn what_has_no_room_is_refused_and_changes_nothing() {
        let mut outbox = Outbox::default();
        assert!(outbox.push(translation(MAX_BYTES - 1)));
        assert!(!outbox.push(translation(2)));
        assert!(outbox.push(translation(1)));
        assert_eq!((outbox.len(), outbox.bytes()), (2, MAX_BYTES));

        let mut outbox = Outbox::default();
        (0..MAX_ENTRIES).for_each(|_| assert!(outbox.push(translation(0))));
        assert!(!outbox.push(translation(0)));
    }
}
