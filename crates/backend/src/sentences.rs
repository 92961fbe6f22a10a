//! One text on its way through the scheduler: fed to the queue a window at a time, handed out in order.

use std::{collections::VecDeque, fmt, ops::Range, pin::Pin, sync::Arc};

use engine::{Request, RequestOptions, Translation, segment};
use tokio::sync::{
    OwnedSemaphorePermit, Semaphore,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use crate::{
    registry::Route,
    scheduler::{Running, Scheduler},
    worker::{BATCH_BYTES, Workers},
};

/// What a text may have in the queue, in work and waiting to be fetched, for each worker: enough to choose
/// sentences of similar length from while a batch is in work, and all the memory that it takes besides its source.
pub(crate) const WINDOW_BYTES: usize = 4 * BATCH_BYTES;

/// What even the shortest sentence takes of the window, for what comes with it.
pub(crate) const MIN_SENTENCE_BYTES: usize = 128;

/// The engine failed on a sentence of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the engine failed on a sentence")]
pub struct TranslateError;

/// A sentence and its translation.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    /// Where it stands in the source, in bytes.
    pub source: Range<usize>,
    /// Its translation.
    pub translation: Translation,
}

/// A whole text, translated.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// Every sentence replaced by its translation, everything between them as it was.
    pub text: String,
    /// The sentences of which there is more to tell: all if alternatives or alignment were asked for, otherwise those
    /// in doubt.
    pub sentences: Vec<Sentence>,
}

/// The sentences of a text, translated as they are asked for; at most a window of them ahead of the reader. When
/// dropped, those still waiting leave the queue.
pub struct Sentences {
    scheduler: Scheduler,
    request: u64,
    asked: Asked,
    /// Puts the text's sentences into the queue as far as the window allows; `None` once it is through.
    feed: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    finished: UnboundedReceiver<Finished>,
    order: Order<Finished>,
    _running: Running,
}

impl Sentences {
    /// Of the pieces `given` of `text`, or of all its sentences.
    pub(crate) fn new(
        scheduler: Scheduler,
        running: Running,
        asked: Asked,
        given: Option<Vec<Range<usize>>>,
    ) -> Self {
        let request = scheduler.workers().new_request();
        let (reply, finished) = unbounded_channel();
        let feed = feed(scheduler.workers().clone(), request, asked.clone(), given, reply);
        let (feed, order) = (Some(Box::pin(feed) as Pin<Box<_>>), Order::new());
        Self { scheduler, request, asked, feed, finished, order, _running: running }
    }

    /// The next sentence in the order of the source; `None` after the last. Nothing good follows an error.
    pub async fn next(&mut self) -> Result<Option<Sentence>, TranslateError> {
        loop {
            if let Some(Finished { source, result, .. }) = self.order.pop() {
                return result.map(|translation| Some(Sentence { source, translation }));
            }
            let feed = async {
                match &mut self.feed {
                    Some(feed) => feed.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = feed => self.feed = None,
                finished = self.finished.recv() => match finished {
                    Some(finished) => self.order.insert(finished.index, finished),
                    None => return Ok(None),
                }
            }
        }
    }

    /// The whole translation.
    pub async fn whole(mut self) -> Result<Whole, TranslateError> {
        let Asked { text: source, options, .. } = self.asked.clone();
        let all = options.alternatives > 0 || options.alignment;
        let (mut text, mut sentences) = (String::with_capacity(source.len()), Vec::new());
        let mut copied = 0;
        while let Some(sentence) = self.next().await? {
            text.push_str(&source[copied..sentence.source.start]);
            text.push_str(&sentence.translation.text);
            copied = sentence.source.end;
            if all || sentence.translation.doubt.is_some() {
                sentences.push(sentence);
            }
        }
        text.push_str(&source[copied..]);
        Ok(Whole { text, sentences })
    }
}

impl Drop for Sentences {
    fn drop(&mut self) {
        self.scheduler.workers().remove(self.request);
    }
}

impl fmt::Debug for Sentences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sentences").field("request", &self.request).finish_non_exhaustive()
    }
}

/// Cuts the text as the window moves on, never further.
async fn feed(
    workers: Arc<Workers>,
    request: u64,
    asked: Asked,
    given: Option<Vec<Range<usize>>>,
    reply: UnboundedSender<Finished>,
) {
    let bytes = workers.threads().get().saturating_mul(WINDOW_BYTES).min(u32::MAX as usize);
    let window = Arc::new(Semaphore::new(bytes));
    // all that fits is pushed at once, so that the workers have a choice
    let mut ready = Vec::new();
    let sentences: Box<dyn Iterator<Item = Range<usize>> + Send> = match given {
        Some(given) => Box::new(given.into_iter()),
        None => Box::new(segment::sentences(&asked.text)),
    };
    for (index, source) in sentences.enumerate() {
        let share = source.len().clamp(MIN_SENTENCE_BYTES, bytes) as u32;
        let free = window.clone().try_acquire_many_owned(share).ok();
        let share = if let Some(share) = free {
            share
        } else {
            workers.push(request, ready.drain(..));
            window.clone().acquire_many_owned(share).await.expect("the window is never closed")
        };
        ready.push(Job::new(index, source, asked.clone(), share, reply.clone()));
    }
    workers.push(request, ready.drain(..));
}

/// What all sentences of a text share.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    text: Arc<str>,
    options: Arc<RequestOptions>,
    route: Route,
}

impl Asked {
    pub(crate) fn new(route: Route, text: Arc<str>, options: RequestOptions) -> Self {
        Self { text, options: Arc::new(options), route }
    }
}

/// A sentence in the queue. Answers when it is dropped, so that no way through the scheduler leaves a request
/// waiting.
#[derive(Debug)]
pub(crate) struct Job {
    asked: Asked,
    source: Range<usize>,
    finished: Option<Finished>,
    reply: UnboundedSender<Finished>,
}

impl Job {
    fn new(
        index: usize,
        source: Range<usize>,
        asked: Asked,
        share: OwnedSemaphorePermit,
        reply: UnboundedSender<Finished>,
    ) -> Self {
        let finished = Finished { index, source: source.clone(), result: Err(TranslateError), _share: share };
        Self { asked, source, finished: Some(finished), reply }
    }

    pub(crate) fn request(&self) -> Request<'_> {
        Request { text: &self.asked.text[self.source.clone()], options: &self.asked.options }
    }

    pub(crate) fn route(&self) -> &Route {
        &self.asked.route
    }

    pub(crate) fn answer(mut self, translation: Translation) {
        if let Some(finished) = &mut self.finished {
            finished.result = Ok(translation);
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if let Some(finished) = self.finished.take() {
            // nobody listens any more when the client is gone
            let _ = self.reply.send(finished);
        }
    }
}

/// A sentence on its way back.
#[derive(Debug)]
pub(crate) struct Finished {
    index: usize,
    source: Range<usize>,
    result: Result<Translation, TranslateError>,
    /// Its part of the window, free again once it is handed out.
    _share: OwnedSemaphorePermit,
}

/// Takes items in any order and gives them in that of their indexes, which count up from 0 without a gap.
struct Order<T> {
    next: usize,
    /// The item with index `next` and those after it.
    items: VecDeque<Option<T>>,
}

impl<T> Order<T> {
    fn new() -> Self {
        Self { next: 0, items: VecDeque::new() }
    }

    fn insert(&mut self, index: usize, item: T) {
        let at = index - self.next;
        while self.items.len() <= at {
            self.items.push_back(None);
        }
        self.items[at] = Some(item);
    }

    fn pop(&mut self) -> Option<T> {
        let item = self.items.pop_front_if(|item| item.is_some())??;
        self.next += 1;
        Some(item)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn items_come_out_in_order_and_as_early_as_they_can(
            shuffled in Just((0..50_usize).collect::<Vec<_>>()).prop_shuffle()
        ) {
            let mut order = Order::new();
            let mut out = Vec::new();
            for (done, index) in shuffled.iter().enumerate() {
                order.insert(*index, *index);
                out.extend(std::iter::from_fn(|| order.pop()));
                let gapless = (0..50).take_while(|index| shuffled[..=done].contains(index)).count();
                prop_assert_eq!(out.len(), gapless);
            }
            prop_assert!(out.into_iter().eq(0..50));
        }
    }
}
