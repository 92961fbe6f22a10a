//! Keeps finished translations: in the store, or, while the database is away, in a bounded outbox in memory that is
//! written as soon as the database is back. What is still in the outbox when the process ends is lost, and counted
//! in the log.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use service::Shutdown;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::outbox::Outbox;
use crate::store::{Filter, Owner, Page, Position, Store, StoreError, Translation};

const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(15);

/// What became of a finished translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is in the database.
    Stored,
    /// The database is away; it waits in memory.
    Waiting,
    /// It could not be kept: the database will never take it, or too much waits already.
    Lost,
}

/// The store with its outbox.
#[derive(Debug)]
pub(crate) struct Archive {
    store: Store,
    outbox: Mutex<Outbox>,
    /// Tells the writer that the database answered, so that it need not wait for its next attempt.
    answered: Notify,
    /// Tells the indexer that there is something new.
    pub(crate) stored: Notify,
}

impl Archive {
    /// One with an empty outbox.
    pub(crate) fn new(store: Store) -> Self {
        Self { store, outbox: Mutex::default(), answered: Notify::new(), stored: Notify::new() }
    }

    /// Where it is kept.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Stores `translation`, or has it wait if the database is away.
    pub(crate) async fn keep(&self, translation: Arc<Translation>) -> Kept {
        let id = translation.id;
        match self.store.insert(&translation).await {
            Ok(()) => {
                self.answered.notify_one();
                self.stored.notify_one();
                Kept::Stored
            }
            Err(error) if error.is_transient() => {
                let room = self.outbox().push(translation);
                if room {
                    tracing::warn!(%id, error = &error as &dyn std::error::Error,
                        "a translation waits in memory for the database");
                    Kept::Waiting
                } else {
                    tracing::error!(%id, error = &error as &dyn std::error::Error,
                        "a translation is lost: too many wait for the database already");
                    Kept::Lost
                }
            }
            Err(error) => {
                tracing::error!(%id, error = &error as &dyn std::error::Error, "a translation cannot be stored");
                Kept::Lost
            }
        }
    }

    /// The translation with this id, and whether it is in the database yet.
    pub(crate) async fn get(&self, id: Uuid) -> Result<Option<(Arc<Translation>, Kept)>, StoreError> {
        if let Some(waiting) = self.outbox().get(id) {
            return Ok(Some((waiting, Kept::Waiting)));
        }
        let found = self.store.get(id).await?;
        self.answered.notify_one();
        Ok(found.map(|translation| (Arc::new(translation), Kept::Stored)))
    }

    /// One page of the history, without what waits.
    pub(crate) async fn page(&self, filter: &Filter, position: Position) -> Result<Page, StoreError> {
        let page = self.store.page(filter.clone(), position).await?;
        self.answered.notify_one();
        Ok(page)
    }

    /// How many translations of an owner wait for the database.
    pub(crate) fn waiting(&self, owner: Owner) -> usize {
        self.outbox().of(owner)
    }

    /// Writes what waits, until the process is asked to stop.
    pub(crate) async fn run(&self, shutdown: &Shutdown) {
        let mut retry = FIRST_RETRY;
        loop {
            tokio::select! {
                () = shutdown.stopping() => return,
                () = self.answered.notified() => {}
                () = tokio::time::sleep(retry) => {}
            }
            let waited = self.outbox().len();
            match self.write_waiting().await {
                Ok(()) => retry = FIRST_RETRY,
                Err(_) => retry = (retry * 2).min(LAST_RETRY),
            }
            let written = waited.saturating_sub(self.outbox().len());
            if written > 0 {
                tracing::info!(written, "the database is back; translations that waited are stored");
            }
        }
    }

    /// Last attempt to write what waits, for at most `limit`; then closes the store.
    pub(crate) async fn close(&self, limit: Duration) {
        let attempt = tokio::time::timeout(limit, async {
            let written = self.write_waiting().await;
            self.store.close().await;
            written
        });
        let reached = attempt.await.is_ok();
        let outbox = self.outbox();
        let (entries, bytes) = (outbox.len(), outbox.bytes());
        if entries > 0 {
            tracing::error!(
                entries,
                bytes,
                reached,
                "translations are lost: the database did not come back in time"
            );
        }
    }

    /// Writes what waits, oldest first, up to the first sign that the database is still away.
    async fn write_waiting(&self) -> Result<(), StoreError> {
        loop {
            let Some(next) = self.outbox().front() else { return Ok(()) };
            match self.store.insert(&next).await {
                Ok(()) => self.stored.notify_one(),
                Err(error) if error.is_transient() => return Err(error),
                Err(error) => {
                    tracing::error!(id = %next.id, error = &error as &dyn std::error::Error,
                        "a translation that waited cannot be stored");
                }
            }
            self.outbox().remove(next.id);
        }
    }

    fn outbox(&self) -> MutexGuard<'_, Outbox> {
        // every change of the outbox is complete before anything can panic
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
