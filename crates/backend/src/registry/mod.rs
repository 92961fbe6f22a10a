//! The models there are: which pairs they serve, alone or two of them through English, and which are in memory.
//!
//! A model is loaded when it is first asked for, once however many ask, while requests for other models go on. When a
//! load would exceed the limit, the models that have not been used for the longest time are dropped first; those in
//! use never are. Models that are pulled or removed while the service runs come and go without a restart.

mod discover;
mod folder;
mod list;
mod memory;
mod route;
mod towards;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use api::{BrokenModel, Pair};
use engine::{Engine, ModelInfo};
use models::Served;

use folder::Folder;
use list::{Entry, List, Step};
use memory::Memory;
pub use route::Route;

/// The language through which a missing pair goes.
const PIVOT: &str = "en";
/// How often the folder of models is looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Brings a model into memory; says what is wrong if that fails.
pub type Loader = Box<dyn Fn() -> Result<Arc<dyn Engine>, String> + Send + Sync>;

/// A model that can be loaded.
pub struct Candidate {
    /// What it is.
    pub info: ModelInfo,
    /// What it is asked for.
    pub pairs: Vec<Served>,
    /// What it takes in memory, roughly.
    pub bytes: u64,
    /// How it is loaded. Runs where it may take its time.
    pub load: Loader,
}

/// Every model of the service. Clones share it.
#[derive(Clone)]
pub struct Registry(Arc<Shared>);

struct Shared {
    list: Mutex<Arc<List>>,
    memory: Memory,
    /// Where models come and go.
    folder: Option<Folder>,
    /// See [`Registry::terms`].
    terms: Option<String>,
}

/// Why a pair cannot be translated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no model translates from {source_language} to {target}; there are: {}", present.join(", "))]
pub struct NoRoute {
    /// From.
    pub source_language: String,
    /// To.
    pub target: String,
    /// The pairs there are.
    pub present: Vec<String>,
}

impl Registry {
    /// Of these models, in the order of preference, within `limit` bytes of memory.
    pub fn new(models: Vec<Candidate>, limit: u64) -> Self {
        let models = models.into_iter().map(|model| Entry::new(model, 0)).collect();
        Self::with_folder(List { models, unusable: Vec::new() }, limit, None, None)
    }

    /// Of one engine, which is in memory for good.
    pub fn of(engine: Arc<dyn Engine>) -> Self {
        let info = engine.info().clone();
        let load: Loader = Box::new(move || Ok(engine.clone()));
        Self::new(vec![Candidate { pairs: vec![only_pair(&info)], info, bytes: 0, load }], 0)
    }

    /// With the models of a folder, as they come and go.
    fn with_folder(list: List, limit: u64, folder: Option<Folder>, terms: Option<String>) -> Self {
        let list = Mutex::new(Arc::new(list));
        Self(Arc::new(Shared { list, memory: Memory::new(limit), folder, terms }))
    }

    /// What changes with the operator's terms, if there are any.
    pub(crate) fn terms(&self) -> Option<String> {
        self.0.terms.clone()
    }

    fn list(&self) -> Arc<List> {
        Arc::clone(&self.0.list.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The pair that is asked for when a request names none, if there is one; else any.
    pub(crate) fn usual_pair(&self) -> Option<(String, String)> {
        let pairs = self.list().direct_pairs();
        let usual = pairs.iter().find(|(source, target)| source == "de" && target == "en");
        usual.or(pairs.first()).cloned()
    }

    /// The way from one language to another: loads what it needs. A model that turns out to be broken is set aside and
    /// the next best way is taken.
    pub async fn route(&self, source: &str, target: &str) -> Result<Route, NoRoute> {
        let (source, target) = (models::normalise(source), models::normalise(target));
        loop {
            let Some(steps) = self.list().steps(&source, &target) else {
                let present =
                    self.pairs().iter().map(|pair| format!("{}-{}", pair.source, pair.target)).collect();
                return Err(NoRoute { source_language: source, target, present });
            };
            let mut engines = Vec::with_capacity(steps.len());
            for step in &steps {
                match self.0.memory.engine(&step.entry).await {
                    Ok(engine) => engines.push(step.of(engine)),
                    Err(fault) => step.entry.set_aside(fault),
                }
            }
            if engines.len() == steps.len() {
                let ids: Vec<u32> = steps.iter().map(Step::id).collect();
                return Ok(Route::new(&ids, engines, list::model_of(&steps)));
            }
        }
    }

    /// Every pair there is: those of a model of their own, then those through English.
    pub fn pairs(&self) -> Vec<Pair> {
        self.list().pairs()
    }

    /// Models that cannot be used, with the reason.
    pub fn broken(&self) -> Vec<BrokenModel> {
        self.list().broken()
    }

    /// Languages from which there is a way to `target`.
    pub(crate) fn sources(&self, target: &str) -> Vec<String> {
        let target = models::normalise(target);
        self.pairs().into_iter().filter(|pair| pair.target == target).map(|pair| pair.source).collect()
    }

    /// Looks every other second which models have come and gone.
    pub(crate) async fn watch(&self) {
        if self.0.folder.is_none() {
            return;
        }
        let mut seen = None;
        loop {
            tokio::time::sleep(LOOK_AGAIN).await;
            let registry = self.clone();
            let look = tokio::task::spawn_blocking(move || registry.look_again(seen));
            seen = look.await.unwrap_or(seen);
        }
    }

    /// Takes in what has come into the folder since the files were as `seen`, and lets go of what has left it. A model
    /// whose files are as they were stays, in memory too. Returns what the files are like now.
    fn look_again(&self, seen: Option<u64>) -> Option<u64> {
        let folder = self.0.folder.as_ref()?;
        let now = folder.fingerprint();
        if seen != Some(now) {
            let list = Arc::new(folder.list(&self.list()));
            let models = list.models.clone();
            *self.0.list.lock().unwrap_or_else(PoisonError::into_inner) = list;
            self.0.memory.keep(&models);
        }
        Some(now)
    }
}

/// The pair of a model that serves one.
fn only_pair(info: &ModelInfo) -> Served {
    let pair = models::Pair { source: info.source.clone(), target: info.target.clone() };
    Served { pair, told: None }
}

#[cfg(test)]
mod tests;
