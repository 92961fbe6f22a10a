use std::collections::{BTreeMap, VecDeque};

use proptest::{collection::vec, prelude::*};

use super::*;

const WIDE: Limits = Limits { sentences: 8, bytes: 8000 };

/// A request's line; all take the same route.
fn line(request: u64) -> Line {
    Line { request, route: 0 }
}

fn queue(sentences: &[(u64, usize)]) -> Queue<(u64, usize)> {
    let mut queue = Queue::default();
    for &(request, bytes) in sentences {
        queue.push(line(request), bytes, (request, bytes));
    }
    queue
}

#[test]
fn sentences_of_different_requests_share_a_batch() {
    let mut queue = queue(&[(1, 50), (1, 50), (2, 50), (3, 50)]);
    assert_eq!(queue.next_batch(WIDE), [(1, 50), (2, 50), (3, 50), (1, 50)]);
    assert!(queue.is_empty());
}

#[test]
fn a_short_request_does_not_wait_behind_a_long_one() {
    let mut sentences = vec![(1, 50); 1000];
    sentences.push((2, 50));
    let mut queue = queue(&sentences);
    assert!(queue.next_batch(WIDE).contains(&(2, 50)));
}

#[test]
fn lines_take_turns_when_a_batch_holds_fewer_sentences_than_there_are_requests() {
    let mut queue = queue(&[(1, 50), (1, 50), (2, 50), (2, 50), (3, 50), (3, 50)]);
    let limits = Limits { sentences: 2, ..WIDE };
    assert_eq!(queue.next_batch(limits), [(1, 50), (2, 50)]);
    assert_eq!(queue.next_batch(limits), [(3, 50), (1, 50)]);
    assert_eq!(queue.next_batch(limits), [(2, 50), (3, 50)]);
}

#[test]
fn a_batch_is_filled_with_what_is_nearest_in_length() {
    let mut queue = queue(&[(1, 100), (1, 300), (1, 60), (1, 110), (1, 10), (1, 90)]);
    let limits = Limits { sentences: 3, ..WIDE };
    assert_eq!(queue.next_batch(limits), [(1, 100), (1, 110), (1, 90)]);
    assert_eq!(queue.next_batch(limits), [(1, 300)]);
    assert_eq!(queue.next_batch(limits), [(1, 60)]);
    assert_eq!(queue.next_batch(limits), [(1, 10)]);
}

#[test]
fn a_short_sentence_is_not_kept_waiting_by_a_much_longer_one() {
    let mut queue = queue(&[(1, 20), (2, 2000), (3, 25)]);
    assert_eq!(queue.next_batch(WIDE), [(1, 20), (3, 25)]);
    assert_eq!(queue.next_batch(WIDE), [(2, 2000)]);
}

#[test]
fn a_sentence_beyond_the_limit_goes_alone() {
    let mut queue = queue(&[(1, 10_000), (2, 10_000)]);
    assert_eq!(queue.next_batch(WIDE), [(1, 10_000)]);
    assert_eq!(queue.next_batch(WIDE), [(2, 10_000)]);
}

#[test]
fn a_removed_request_leaves_nothing() {
    let mut queue = queue(&[(1, 50), (2, 50), (1, 50)]);
    assert_eq!(queue.remove(1).count(), 2);
    assert_eq!(queue.remove(1).count(), 0);
    assert_eq!(queue.next_batch(WIDE), [(2, 50)]);
    assert_eq!(queue.len(), 0);
}

#[test]
fn a_batch_holds_sentences_of_one_route() {
    let mut queue = Queue::default();
    for (request, route) in [(1, 7), (2, 8), (3, 7), (4, 8), (1, 7)] {
        queue.push(Line { request, route }, 50, (request, route));
    }
    assert_eq!(queue.next_batch(WIDE), [(1, 7), (3, 7), (1, 7)]);
    assert_eq!(queue.next_batch(WIDE), [(2, 8), (4, 8)]);
    assert!(queue.is_empty());
}

#[derive(Clone, Debug)]
enum Step {
    Push { request: u64, bytes: usize },
    NextBatch { sentences: usize, bytes: usize },
    Remove { request: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..6_u64, prop_oneof![0..40_usize, 0..400_usize, 400..5000_usize])
            .prop_map(|(request, bytes)| Step::Push { request, bytes }),
        2 => (1..10_usize, 1..3000_usize).prop_map(|(sentences, bytes)| Step::NextBatch { sentences, bytes }),
        1 => (0..6_u64).prop_map(|request| Step::Remove { request }),
    ]
}

/// What must wait now, told apart by serial numbers, and for how many batches each oldest sentence has.
#[derive(Default)]
struct Model {
    waiting: BTreeMap<u64, VecDeque<(usize, usize)>>,
    /// Oldest sentence and the number of batches it may still miss.
    patience: BTreeMap<u64, (usize, usize)>,
}

impl Model {
    fn take(&mut self, batch: &[(u64, usize)], limits: Limits) {
        let lengths: Vec<usize> = batch
            .iter()
            .map(|(request, serial)| {
                let line = self.waiting.get_mut(request).expect("only what waits is given");
                let at = line.iter().position(|(waiting, _)| waiting == serial);
                line.remove(at.expect("everything is given once")).expect("it was found").1
            })
            .collect();
        self.waiting.retain(|_, line| !line.is_empty());
        let longest = lengths.iter().max().copied().unwrap_or(0);
        assert!(lengths.len() <= limits.sentences);
        assert!(lengths.len() == 1 || lengths.len() * longest <= limits.bytes || lengths.is_empty());
    }

    /// No oldest sentence waits for more batches than there are requests.
    fn lose_patience(&mut self) {
        let requests = self.waiting.len();
        self.patience.retain(|request, (serial, _)| {
            self.waiting.get(request).is_some_and(|line| line[0].0 == *serial)
        });
        for (request, line) in &self.waiting {
            let (_, left) = self.patience.entry(*request).or_insert((line[0].0, requests));
            *left = left.checked_sub(1).expect("its turn should have come");
        }
    }
}

proptest! {
    #[test]
    fn limits_hold_everything_comes_once_and_nothing_starves(steps in vec(step(), 1..200)) {
        let mut queue = Queue::default();
        let mut model = Model::default();
        for (serial, step) in steps.into_iter().enumerate() {
            match step {
                Step::Push { request, bytes } => {
                    queue.push(line(request), bytes, (request, serial));
                    model.waiting.entry(request).or_default().push_back((serial, bytes));
                }
                Step::NextBatch { sentences, bytes } => {
                    model.lose_patience();
                    let limits = Limits { sentences, bytes };
                    let batch = queue.next_batch(limits);
                    prop_assert_eq!(batch.is_empty(), model.waiting.is_empty());
                    model.take(&batch, limits);
                }
                Step::Remove { request } => {
                    let removed: Vec<_> = queue.remove(request).map(|(_, serial)| serial).collect();
                    let line = model.waiting.remove(&request).unwrap_or_default();
                    prop_assert_eq!(removed, line.into_iter().map(|(serial, _)| serial).collect::<Vec<_>>());
                    model.patience.remove(&request);
                }
            }
            prop_assert_eq!(queue.len(), model.waiting.values().map(VecDeque::len).sum::<usize>());
        }
        while !queue.is_empty() {
            model.take(&queue.next_batch(WIDE), WIDE);
        }
        prop_assert!(model.waiting.is_empty());
    }
}
