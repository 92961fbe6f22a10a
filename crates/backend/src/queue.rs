//! Which sentences are translated next, and together. A pure data structure: no clock, no threads, no waiting.
//!
//! Every request has its own line of waiting sentences, and the lines take turns. A batch is made for the oldest
//! sentence of the line whose turn it is, and holds sentences of its route alone. Then every other line gives its oldest sentence, unless that is so much
//! longer that the batch would wait for it. What room is left goes round again to sentences that are about as long
//! as the first one, because a batch costs as if all of its sentences were as long as its longest.

use std::collections::VecDeque;

/// Sentences up to this length (bytes) count as equally long: below it, what a sentence costs is all overhead.
const SHORT: usize = 32;

/// How much may go into one batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Number of sentences.
    pub(crate) sentences: usize,
    /// Their bytes, each sentence counted as long as the longest. A single sentence may exceed it.
    pub(crate) bytes: usize,
}

/// The sentences that wait, with whatever `T` is needed to translate and to answer them.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    /// None is empty; the one whose turn it is comes first.
    lines: VecDeque<Waiters<T>>,
}

/// Whose sentences stand in a line, and what translates them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) request: u64,
    pub(crate) route: u64,
}

#[derive(Debug)]
struct Waiters<T> {
    line: Line,
    /// The oldest comes first.
    waiting: VecDeque<Waiting<T>>,
}

#[derive(Debug)]
struct Waiting<T> {
    bytes: usize,
    item: T,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { lines: VecDeque::new() }
    }
}

impl<T> Queue<T> {
    /// Number of waiting sentences.
    pub(crate) fn len(&self) -> usize {
        self.lines.iter().map(|line| line.waiting.len()).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Adds a sentence of `bytes` to the end of its line.
    pub(crate) fn push(&mut self, line: Line, bytes: usize, item: T) {
        let waiting = Waiting { bytes, item };
        match self.lines.iter_mut().find(|waiters| waiters.line == line) {
            Some(waiters) => waiters.waiting.push_back(waiting),
            None => self.lines.push_back(Waiters { line, waiting: [waiting].into() }),
        }
    }

    /// Takes a request's sentences out unanswered.
    pub(crate) fn remove(&mut self, request: u64) -> impl Iterator<Item = T> + use<T> {
        let at = self.lines.iter().position(|waiters| waiters.line.request == request);
        let line = at.and_then(|at| self.lines.remove(at));
        line.into_iter().flat_map(|line| line.waiting).map(|waiting| waiting.item)
    }

    /// Takes out the sentences to be translated next; none only if none waits.
    pub(crate) fn next_batch(&mut self, limits: Limits) -> Vec<T> {
        let Some(line) = self.lines.front() else { return Vec::new() };
        let Some(first) = line.waiting.front() else { return Vec::new() };
        let route = line.line.route;
        let mut batch = Batch { limits, route, first: first.bytes, longest: 0, items: Vec::new() };
        self.take_oldest(&mut batch);
        while self.take_similar(&mut batch) {}
        batch.items
    }

    /// A turn for every line; those that could not take it keep their place before those that could.
    fn take_oldest(&mut self, batch: &mut Batch<T>) {
        let mut served = VecDeque::new();
        let mut passed = VecDeque::with_capacity(self.lines.len());
        for mut line in self.lines.drain(..) {
            let fits = |oldest: &mut Waiting<T>| line.line.route == batch.route && batch.admits(oldest.bytes);
            match line.waiting.pop_front_if(fits) {
                Some(oldest) => {
                    batch.push(oldest);
                    served.push_back(line);
                }
                None => passed.push_back(line),
            }
        }
        passed.extend(served.into_iter().filter(|line| !line.waiting.is_empty()));
        self.lines = passed;
    }

    /// One sentence of every line that has a similar one; false if none has or the batch is full.
    fn take_similar(&mut self, batch: &mut Batch<T>) -> bool {
        let before = batch.items.len();
        let route = batch.route;
        for line in self.lines.iter_mut().filter(|waiters| waiters.line.route == route) {
            let similar = line
                .waiting
                .iter()
                .enumerate()
                .filter(|(_, waiting)| batch.resembles(waiting.bytes) && batch.admits(waiting.bytes))
                .min_by_key(|(_, waiting)| waiting.bytes.abs_diff(batch.first));
            if let Some(similar) = similar.map(|(at, _)| at).and_then(|at| line.waiting.remove(at)) {
                batch.push(similar);
            }
        }
        self.lines.retain(|line| !line.waiting.is_empty());
        batch.items.len() > before
    }
}

struct Batch<T> {
    limits: Limits,
    route: u64,
    /// Length of the sentence it is made for.
    first: usize,
    longest: usize,
    items: Vec<T>,
}

impl<T> Batch<T> {
    /// Whether a sentence of `bytes` may come in without breaking the limits or keeping the first one waiting.
    fn admits(&self, bytes: usize) -> bool {
        let sentences = self.items.len() + 1;
        sentences == 1
            || sentences <= self.limits.sentences
                && sentences * self.longest.max(bytes) <= self.limits.bytes
                && bytes <= SHORT.max(2 * self.first)
    }

    /// Whether a sentence of `bytes` makes good use of its place.
    fn resembles(&self, bytes: usize) -> bool {
        bytes >= self.first / 2
    }

    fn push(&mut self, sentence: Waiting<T>) {
        self.longest = self.longest.max(sentence.bytes);
        self.items.push(sentence.item);
    }
}

#[cfg(test)]
mod tests;
