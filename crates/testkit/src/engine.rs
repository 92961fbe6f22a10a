//! An engine without a model, whose work a test can hold up, watch and break.

use std::{
    panic::panic_any,
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use engine::{Alternative, Doubt, Engine, Link, ModelInfo, Request, Translation};
use tokio::sync::watch;

/// A sentence with this word makes [`FakeEngine`] panic.
pub const PANIC: &str = "PANIC";

/// A sentence with this word ends the thread that asks [`FakeEngine`], even if the thread catches panics.
pub const DIE: &str = "DIE";

/// A sentence with this word is translated with a [`Doubt`].
pub const DOUBT: &str = "DOUBT";

/// "Translates" into upper case.
pub struct FakeEngine {
    info: ModelInfo,
    /// Batches that may still pass.
    allowed: Mutex<usize>,
    more_allowed: Condvar,
    begun: watch::Sender<Vec<Vec<String>>>,
    broken: bool,
}

impl FakeEngine {
    /// One that translates whatever comes, from German into English.
    pub fn new() -> Arc<Self> {
        Self::with(false)
    }

    /// One that panics whatever comes.
    pub fn broken() -> Arc<Self> {
        Self::with(true)
    }

    fn with(broken: bool) -> Arc<Self> {
        Arc::new(Self {
            info: ModelInfo {
                name: "fake-de-en".to_owned(),
                source: "de".to_owned(),
                target: "en".to_owned(),
                starter: true,
            },
            allowed: Mutex::new(usize::MAX),
            more_allowed: Condvar::new(),
            begun: watch::Sender::new(Vec::new()),
            broken,
        })
    }

    /// Every batch that begins from now on waits.
    pub fn hold(&self) {
        *self.allowed.lock().unwrap_or_else(PoisonError::into_inner) = 0;
    }

    /// Lets `batches` of the held ones pass.
    pub fn allow(&self, batches: usize) {
        let mut allowed = self.allowed.lock().unwrap_or_else(PoisonError::into_inner);
        *allowed = allowed.saturating_add(batches);
        self.more_allowed.notify_all();
    }

    /// Lets everything pass again.
    pub fn release(&self) {
        self.allow(usize::MAX);
    }

    /// The batches that have begun, held ones included, in order.
    pub fn begun(&self) -> Vec<Vec<String>> {
        self.begun.borrow().clone()
    }

    /// Waits until `batches` have begun since the engine was made.
    pub async fn until_begun(&self, batches: usize) {
        let mut begun = self.begun.subscribe();
        begun.wait_for(|begun| begun.len() >= batches).await.expect("the sender is in self");
    }

    fn pass(&self) {
        let allowed = self.allowed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut allowed = self
            .more_allowed
            .wait_while(allowed, |allowed| *allowed == 0)
            .unwrap_or_else(PoisonError::into_inner);
        if *allowed != usize::MAX {
            *allowed -= 1;
        }
    }
}

impl Engine for FakeEngine {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn translate_batch(&self, requests: &[Request<'_>]) -> Vec<Translation> {
        let sentences: Vec<&str> = requests.iter().map(|request| request.text).collect();
        self.begun.send_modify(|begun| begun.push(sentences.iter().map(ToString::to_string).collect()));
        self.pass();
        let any = |word| sentences.iter().any(|sentence| sentence.contains(word));
        assert!(!self.broken && !any(PANIC), "a test asked for it");
        if any(DIE) {
            panic_any(Bomb);
        }
        requests.iter().map(translation).collect()
    }
}

fn translation(request: &Request<'_>) -> Translation {
    let text = request.text.to_uppercase();
    let other = |number| Alternative { text: format!("{text} ({number})"), score: -0.5 };
    let alternatives = (1..=request.options.alternatives).map(other).collect();
    let alignment = if request.options.alignment { links(request.text, &text) } else { Vec::new() };
    let doubt = request.text.contains(DOUBT).then_some(Doubt::Length);
    Translation { text, score: -0.25, alternatives, alignment, doubt }
}

/// Every word and its upper-case form.
fn links(source: &str, target: &str) -> Vec<Link> {
    // both point into the text that they are ranges of
    let place = |word: &str, text: &str| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        start..start + word.len()
    };
    let words = source.split_whitespace().zip(target.split_whitespace());
    words.map(|(from, to)| Link { source: place(from, source), target: place(to, target) }).collect()
}

/// A panic's payload that panics again in the hands of whoever caught it.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a test asked for it");
    }
}
