//! The way of a text through the workers: a place, then its sentences.

use std::{fmt, io, num::NonZero, ops::Range, sync::Arc};

use engine::RequestOptions;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    registry::Route,
    sentences::{Asked, Sentences},
    worker::Workers,
};

/// Why a request was not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdmitError {
    /// As many requests as allowed are being worked on; one may be done soon.
    #[error("every place is taken")]
    Full,
    /// A worker thread has died; this scheduler will not recover.
    #[error("a worker thread has died")]
    Broken,
}

/// Translates texts of any length, many at once, on threads of its own. Clones share them; they end with the last
/// clone, [`Place`] and [`Sentences`].
#[derive(Clone)]
pub struct Scheduler(Arc<Owner>);

/// The right to have one text translated.
#[derive(Debug)]
pub struct Place {
    scheduler: Scheduler,
    running: Running,
}

/// Counts as one of the requests that are worked on.
#[derive(Debug)]
pub(crate) struct Running {
    _permit: OwnedSemaphorePermit,
}

/// Ends the workers when dropped.
struct Owner {
    workers: Arc<Workers>,
    places: Arc<Semaphore>,
}

impl Scheduler {
    /// Starts `threads` workers, for `max_requests` texts at once. Fails if the system gives no thread.
    pub fn start(threads: NonZero<usize>, max_requests: NonZero<usize>) -> io::Result<Self> {
        let workers = Workers::start(threads)?;
        let places = Arc::new(Semaphore::new(max_requests.get().min(Semaphore::MAX_PERMITS)));
        Ok(Self(Arc::new(Owner { workers, places })))
    }

    /// A place for one text, without waiting.
    pub fn admit(&self) -> Result<Place, AdmitError> {
        if self.workers().one_died().is_cancelled() {
            return Err(AdmitError::Broken);
        }
        let permit = self.0.places.clone().try_acquire_owned().map_err(|_| AdmitError::Full)?;
        Ok(Place { scheduler: self.clone(), running: Running::new(permit) })
    }

    /// Resolves when a worker thread has died, which only a fault in the engine can bring about. What was admitted is
    /// finished if workers are left, and fails if not.
    pub async fn worker_died(&self) {
        self.workers().one_died().cancelled().await;
    }

    pub(crate) fn workers(&self) -> &Arc<Workers> {
        &self.0.workers
    }
}

impl fmt::Debug for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scheduler").field("threads", &self.workers().threads()).finish_non_exhaustive()
    }
}

impl Place {
    /// Begins to translate `text` by `route`. Nothing happens until the sentences are asked for.
    pub fn translate(self, route: Route, text: Arc<str>, options: RequestOptions) -> Sentences {
        Sentences::new(self.scheduler, self.running, Asked::new(route, text, options), None)
    }

    /// Begins to translate these pieces of `text`, each as one sentence. They lie within it, in its order and on
    /// boundaries of characters.
    pub fn translate_pieces(
        self,
        route: Route,
        text: Arc<str>,
        pieces: Vec<Range<usize>>,
        options: RequestOptions,
    ) -> Sentences {
        Sentences::new(self.scheduler, self.running, Asked::new(route, text, options), Some(pieces))
    }
}

impl Running {
    fn new(permit: OwnedSemaphorePermit) -> Self {
        metrics::gauge!("ut_running_requests").increment(1);
        Self { _permit: permit }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        metrics::gauge!("ut_running_requests").decrement(1);
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.workers.end();
    }
}

#[cfg(test)]
mod tests;
