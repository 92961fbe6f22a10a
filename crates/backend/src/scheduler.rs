//! Worker threads around the engine, and the way into their queue.

use std::{
    fmt, io,
    num::NonZero,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Instant,
};

use engine::{Engine, ModelInfo};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::{
    queue::{Limits, Queue},
    sentences::{Job, Sentences},
};

/// Sentences in one batch. Beyond it, a batch makes others wait without getting much cheaper by the sentence.
const BATCH_SENTENCES: usize = 32;

/// Bytes of source in one batch, each sentence counted as long as the longest. It lets 32 sentences of ordinary
/// length pass and keeps a batch's memory and time small when they are long.
pub(crate) const BATCH_BYTES: usize = 8 << 10;

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
struct Owner(Arc<Shared>);

struct Shared {
    engine: Arc<dyn Engine>,
    threads: usize,
    places: Arc<Semaphore>,
    state: Mutex<State>,
    /// Signalled when sentences came in, or the end.
    changed: Condvar,
    worker_died: CancellationToken,
}

struct State {
    queue: Queue<Job>,
    next_request: u64,
    workers: usize,
    /// Workers that have a batch in hand.
    busy: usize,
    ending: bool,
}

impl Scheduler {
    /// Starts `threads` workers, for `max_requests` texts at once. Fails if the system gives no thread.
    pub fn start(
        engine: Arc<dyn Engine>,
        threads: NonZero<usize>,
        max_requests: NonZero<usize>,
    ) -> io::Result<Self> {
        let threads = threads.get();
        let queue = Queue::default();
        let state = State { queue, next_request: 0, workers: threads, busy: 0, ending: false };
        let shared = Arc::new(Shared {
            engine,
            threads,
            places: Arc::new(Semaphore::new(max_requests.get().min(Semaphore::MAX_PERMITS))),
            state: Mutex::new(state),
            changed: Condvar::new(),
            worker_died: CancellationToken::new(),
        });
        let scheduler = Self(Arc::new(Owner(shared.clone())));
        for number in 0..threads {
            let worker = Worker(shared.clone());
            thread::Builder::new().name(format!("translate-{number}")).spawn(move || worker.run())?;
        }
        Ok(scheduler)
    }

    /// The model in use.
    pub fn model(&self) -> &ModelInfo {
        self.0.0.engine.info()
    }

    /// A place for one text, without waiting.
    pub fn admit(&self) -> Result<Place, AdmitError> {
        if self.0.0.worker_died.is_cancelled() {
            return Err(AdmitError::Broken);
        }
        let permit = self.0.0.places.clone().try_acquire_owned().map_err(|_| AdmitError::Full)?;
        Ok(Place { scheduler: self.clone(), running: Running::new(permit) })
    }

    /// Resolves when a worker thread has died, which only a fault in the engine can bring about. What was admitted is
    /// finished if workers are left, and fails if not.
    pub async fn worker_died(&self) {
        self.0.0.worker_died.cancelled().await;
    }

    pub(crate) fn threads(&self) -> usize {
        self.0.0.threads
    }

    pub(crate) fn new_request(&self) -> u64 {
        let mut state = self.0.0.lock();
        state.next_request += 1;
        state.next_request
    }

    pub(crate) fn push(&self, request: u64, jobs: impl Iterator<Item = Job>) {
        let mut state = self.0.0.lock();
        if state.workers == 0 {
            drop(state);
            // each answers for itself that it was lost
            return drop(jobs.collect::<Vec<_>>());
        }
        for job in jobs {
            state.queue.push(request, job.sentence().len(), job);
        }
        state.record_depth();
        drop(state);
        self.0.0.changed.notify_one();
    }

    pub(crate) fn remove(&self, request: u64) {
        let mut state = self.0.0.lock();
        let removed = state.queue.remove(request);
        state.record_depth();
        drop(state);
        drop(removed);
    }
}

impl fmt::Debug for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scheduler").field("model", self.model()).finish_non_exhaustive()
    }
}

impl Place {
    /// Begins to translate `text`. Nothing happens until the sentences are asked for.
    pub fn translate(self, text: Arc<str>) -> Sentences {
        Sentences::new(self.scheduler, self.running, text)
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
        self.0.lock().ending = true;
        self.0.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // nothing panics halfway through a change of the state
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for sentences to translate; `None` at the end.
    fn next_batch(&self) -> Option<Vec<Job>> {
        let mut state = self
            .changed
            .wait_while(self.lock(), |state| state.queue.is_empty() && !state.ending)
            .unwrap_or_else(PoisonError::into_inner);
        if state.ending {
            return None;
        }
        // a short text is done sooner when all workers that are free share it
        let share = state.queue.len().div_ceil(state.workers - state.busy);
        let limits = Limits { sentences: share.min(BATCH_SENTENCES), bytes: BATCH_BYTES };
        let batch = state.queue.next_batch(limits);
        state.busy += 1;
        state.record_depth();
        if !state.queue.is_empty() {
            self.changed.notify_one();
        }
        Some(batch)
    }

    fn translate(&self, batch: Vec<Job>) {
        let sentences: Vec<&str> = batch.iter().map(Job::sentence).collect();
        let bytes: usize = sentences.iter().map(|sentence| sentence.len()).sum();
        let started = Instant::now();
        // an engine has no state that a panic could leave half changed: it translates by &self
        let result = catch_unwind(AssertUnwindSafe(|| self.engine.translate_batch(&sentences)));
        metrics::histogram!("ut_batch_seconds").record(started.elapsed());
        metrics::histogram!("ut_batch_sentences").record(batch.len() as f64);
        match result {
            Ok(translations) if translations.len() == batch.len() => {
                metrics::counter!("ut_translated_sentences_total").increment(batch.len() as u64);
                metrics::counter!("ut_translated_source_bytes_total").increment(bytes as u64);
                for (job, translation) in batch.into_iter().zip(translations) {
                    job.answer(translation.text);
                }
            }
            Ok(translations) => {
                let (asked, got) = (batch.len(), translations.len());
                tracing::error!(asked, got, "the engine gave a wrong number of translations");
                metrics::counter!("ut_failed_batches_total").increment(1);
            }
            Err(_) => {
                tracing::error!(batch.sentences = batch.len(), batch.bytes = bytes, "the engine panicked");
                metrics::counter!("ut_failed_batches_total").increment(1);
            }
        }
    }
}

impl State {
    fn record_depth(&self) {
        metrics::gauge!("ut_queue_sentences").set(self.queue.len() as f64);
    }
}

/// One of the threads; sees to it that its death is noticed.
struct Worker(Arc<Shared>);

impl Worker {
    fn run(self) {
        while let Some(batch) = self.0.next_batch() {
            self.0.translate(batch);
            self.0.lock().busy -= 1;
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.workers -= 1;
        if state.ending {
            return;
        }
        // it cannot have died anywhere else
        state.busy -= 1;
        self.0.worker_died.cancel();
        let lost = if state.workers == 0 { std::mem::take(&mut state.queue) } else { Queue::default() };
        drop(state);
        drop(lost);
    }
}

#[cfg(test)]
mod tests;
