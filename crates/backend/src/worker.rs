//! The threads that translate, and the queue that they take their batches from.

use std::{
    io,
    num::NonZero,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Instant,
};

use engine::Request;
use tokio_util::sync::CancellationToken;

use crate::{
    queue::{Limits, Line, Queue},
    sentences::Job,
};

/// Sentences in one batch. Beyond it, a batch makes others wait without getting much cheaper by the sentence.
const BATCH_SENTENCES: usize = 32;

/// Bytes of source in one batch, each sentence counted as long as the longest. It lets 32 sentences of ordinary
/// length pass and keeps a batch's memory and time small when they are long.
pub(crate) const BATCH_BYTES: usize = 8 << 10;

/// What the worker threads share with those who give them work.
pub(crate) struct Workers {
    threads: NonZero<usize>,
    state: Mutex<State>,
    /// Signalled when sentences came in, or the end.
    changed: Condvar,
    one_died: CancellationToken,
}

struct State {
    queue: Queue<Job>,
    next_request: u64,
    alive: usize,
    /// Workers that have a batch in hand.
    busy: usize,
    ending: bool,
}

impl Workers {
    /// Starts them. They run until [`Workers::end`].
    pub(crate) fn start(threads: NonZero<usize>) -> io::Result<Arc<Self>> {
        let alive = threads.get();
        let state = State { queue: Queue::default(), next_request: 0, alive, busy: 0, ending: false };
        let (state, changed) = (Mutex::new(state), Condvar::new());
        let workers = Arc::new(Self { threads, state, changed, one_died: CancellationToken::new() });
        for number in 0..threads.get() {
            let worker = Worker(workers.clone());
            let thread = thread::Builder::new().name(format!("translate-{number}"));
            if let Err(error) = thread.spawn(move || worker.run()) {
                workers.end();
                return Err(error);
            }
        }
        Ok(workers)
    }

    /// Ends every worker once its batch is done. What waits is never answered; nothing may wait.
    pub(crate) fn end(&self) {
        self.lock().ending = true;
        self.changed.notify_all();
    }

    /// The number they started with.
    pub(crate) fn threads(&self) -> NonZero<usize> {
        self.threads
    }

    /// Set when a worker has died.
    pub(crate) fn one_died(&self) -> &CancellationToken {
        &self.one_died
    }

    /// A number that no other request has.
    pub(crate) fn new_request(&self) -> u64 {
        let mut state = self.lock();
        state.next_request += 1;
        state.next_request
    }

    /// Puts sentences of a request into the queue.
    pub(crate) fn push(&self, request: u64, jobs: impl Iterator<Item = Job>) {
        let mut state = self.lock();
        if state.alive == 0 {
            drop(state);
            // each answers for itself that it is lost
            return drop(jobs.collect::<Vec<_>>());
        }
        for job in jobs {
            state.queue.push(Line { request, route: job.route().id }, job.request().text.len(), job);
        }
        state.record_depth();
        drop(state);
        self.changed.notify_one();
    }

    /// Takes what is left of a request out of the queue.
    pub(crate) fn remove(&self, request: u64) {
        let mut state = self.lock();
        let removed = state.queue.remove(request);
        state.record_depth();
        drop(state);
        drop(removed);
    }

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
        let share = state.queue.len().div_ceil(state.alive - state.busy);
        let limits = Limits { sentences: share.min(BATCH_SENTENCES), bytes: BATCH_BYTES };
        let batch = state.queue.next_batch(limits);
        state.busy += 1;
        state.record_depth();
        if !state.queue.is_empty() {
            self.changed.notify_one();
        }
        Some(batch)
    }
}

impl State {
    fn record_depth(&self) {
        metrics::gauge!("ut_queue_sentences").set(self.queue.len() as f64);
    }
}

/// One of the threads; sees to it that its death is noticed.
struct Worker(Arc<Workers>);

impl Worker {
    fn run(self) {
        while let Some(batch) = self.0.next_batch() {
            translate(batch);
            self.0.lock().busy -= 1;
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.alive -= 1;
        if state.ending {
            return;
        }
        // it cannot have died anywhere else
        state.busy -= 1;
        self.0.one_died.cancel();
        let lost = if state.alive == 0 { std::mem::take(&mut state.queue) } else { Queue::default() };
        drop(state);
        drop(lost);
    }
}

/// Translates a batch, all of which takes the same route.
fn translate(batch: Vec<Job>) {
    let Some(engine) = batch.first().map(|job| job.route().engine.clone()) else { return };
    let requests: Vec<Request<'_>> = batch.iter().map(Job::request).collect();
    let bytes: usize = requests.iter().map(|request| request.text.len()).sum();
    let started = Instant::now();
    // an engine has no state that a panic could leave half changed: it translates by &self
    let result = catch_unwind(AssertUnwindSafe(|| engine.translate_batch(&requests)));
    metrics::histogram!("ut_batch_seconds").record(started.elapsed());
    metrics::histogram!("ut_batch_sentences").record(batch.len() as f64);
    match result {
        Ok(translations) if translations.len() == batch.len() => {
            metrics::counter!("ut_translated_sentences_total").increment(batch.len() as u64);
            metrics::counter!("ut_translated_source_bytes_total").increment(bytes as u64);
            for (job, translation) in batch.into_iter().zip(translations) {
                job.answer(translation);
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

#[cfg(test)]
impl Workers {
    /// Sentences that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.lock().queue.len()
    }

    /// Workers that live.
    pub(crate) fn alive(&self) -> usize {
        self.lock().alive
    }
}
