//! The models there are: which pairs they serve, alone or two of them through English, and which are in memory.
//!
//! A model is loaded when it is first asked for, once however many ask, while requests for other models go on. When a
//! load would exceed the limit, the models that have not been used for the longest time are dropped first; those in
//! use never are.

mod discover;
mod memory;
mod route;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use api::{BrokenModel, Model, Pair, STARTER_MODEL};
use engine::{Engine, ModelInfo};

use memory::Memory;
pub use route::Route;

/// The language through which a missing pair goes.
const PIVOT: &str = "en";

/// Brings a model into memory; says what is wrong if that fails.
pub type Loader = Box<dyn Fn() -> Result<Arc<dyn Engine>, String> + Send + Sync>;

/// A model that can be loaded.
pub struct Candidate {
    /// What it is; its languages are those by which it is asked for.
    pub info: ModelInfo,
    /// What it takes in memory, roughly.
    pub bytes: u64,
    /// How it is loaded. Runs where it may take its time.
    pub load: Loader,
}

/// Every model of the service. Clones share it.
#[derive(Clone)]
pub struct Registry(Arc<Shared>);

struct Shared {
    /// Of two that serve the same pair, the first is taken.
    models: Vec<Arc<Candidate>>,
    memory: Memory,
    /// By index, what is wrong with a model that could not be loaded.
    broken: Mutex<Vec<Option<String>>>,
    /// What was broken from the start.
    unusable: Vec<BrokenModel>,
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
        Self::with_unusable(models, limit, Vec::new())
    }

    /// Of one engine, which is in memory for good.
    pub fn of(engine: Arc<dyn Engine>) -> Self {
        let info = engine.info().clone();
        let load: Loader = Box::new(move || Ok(engine.clone()));
        Self::new(vec![Candidate { info, bytes: 0, load }], 0)
    }

    fn with_unusable(models: Vec<Candidate>, limit: u64, unusable: Vec<BrokenModel>) -> Self {
        let broken = Mutex::new(vec![None; models.len()]);
        let memory = Memory::new(models.len(), limit);
        let models = models.into_iter().map(Arc::new).collect();
        Self(Arc::new(Shared { models, memory, broken, unusable }))
    }

    /// The pair that is asked for when a request names none, if there is one; else any.
    pub(crate) fn usual_pair(&self) -> Option<(String, String)> {
        let pairs = self.direct_pairs();
        let usual = pairs.iter().find(|(source, target)| source == "de" && target == "en");
        usual.or(pairs.first()).cloned()
    }

    /// The way from one language to another: loads what it needs. A model that turns out to be broken is set aside and
    /// the next best way is taken.
    pub async fn route(&self, source: &str, target: &str) -> Result<Route, NoRoute> {
        let (source, target) = (models::normalise(source), models::normalise(target));
        loop {
            let Some(steps) = self.steps(&source, &target) else {
                let present =
                    self.pairs().iter().map(|pair| format!("{}-{}", pair.source, pair.target)).collect();
                return Err(NoRoute { source_language: source, target, present });
            };
            let mut engines = Vec::with_capacity(steps.len());
            for &step in &steps {
                match self.0.memory.engine(step, &self.0.models).await {
                    Ok(engine) => engines.push(engine),
                    Err(fault) => self.set_aside(step, fault),
                }
            }
            if engines.len() == steps.len() {
                return Ok(Route::new(&steps, engines, self.model_of(&steps)));
            }
        }
    }

    /// Every pair there is: those of a model of their own, then those through English.
    pub fn pairs(&self) -> Vec<Pair> {
        let direct = self.direct_pairs();
        let into: BTreeSet<&String> =
            direct.iter().filter(|(_, target)| target == PIVOT).map(|(source, _)| source).collect();
        let out_of: BTreeSet<&String> =
            direct.iter().filter(|(source, _)| source == PIVOT).map(|(_, target)| target).collect();
        let through = into.iter().flat_map(|source| out_of.iter().map(move |target| (source, target)));
        let through = through
            .map(|(source, target)| ((*source).clone(), (*target).clone()))
            .filter(|pair| pair.0 != pair.1 && !direct.contains(pair));
        let all: Vec<(String, String)> = direct.iter().cloned().chain(through).collect();
        all.into_iter().filter_map(|(source, target)| self.pair(source, target)).collect()
    }

    /// Models that cannot be used, with the reason.
    pub fn broken(&self) -> Vec<BrokenModel> {
        let broken = self.0.broken.lock().unwrap_or_else(PoisonError::into_inner);
        let at_load = self.0.models.iter().zip(broken.iter()).filter_map(|(model, fault)| {
            Some(BrokenModel { name: model.info.name.clone(), fault: fault.clone()? })
        });
        self.0.unusable.iter().cloned().chain(at_load).collect()
    }

    /// Languages from which there is a way to `target`.
    pub(crate) fn sources(&self, target: &str) -> Vec<String> {
        let target = models::normalise(target);
        self.pairs().into_iter().filter(|pair| pair.target == target).map(|pair| pair.source).collect()
    }

    fn pair(&self, source: String, target: String) -> Option<Pair> {
        let steps = self.steps(&source, &target)?;
        let model = self.model_of(&steps);
        let hint = model.starter.then(|| STARTER_MODEL.to_owned());
        let via = (steps.len() > 1).then(|| PIVOT.to_owned());
        Some(Pair { source, target, model, hint, via })
    }

    /// The pairs that a model serves, each once, in the order of preference.
    fn direct_pairs(&self) -> Vec<(String, String)> {
        let broken = self.0.broken.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pairs = Vec::new();
        for (model, fault) in self.0.models.iter().zip(broken.iter()) {
            let pair = (model.info.source.clone(), model.info.target.clone());
            if fault.is_none() && !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        pairs
    }

    /// The models that lead from `source` to `target`, one after the other.
    fn steps(&self, source: &str, target: &str) -> Option<Vec<usize>> {
        let broken = self.0.broken.lock().unwrap_or_else(PoisonError::into_inner);
        let direct = |source: &str, target: &str| {
            let serves = |info: &ModelInfo| info.source == source && info.target == target;
            (0..self.0.models.len()).find(|&at| broken[at].is_none() && serves(&self.0.models[at].info))
        };
        if let Some(step) = direct(source, target) {
            return Some(vec![step]);
        }
        if source == target {
            return None;
        }
        Some(vec![direct(source, PIVOT)?, direct(PIVOT, target)?])
    }

    fn model_of(&self, steps: &[usize]) -> Model {
        let infos: Vec<&ModelInfo> = steps.iter().map(|&step| &self.0.models[step].info).collect();
        let names: Vec<&str> = infos.iter().map(|info| info.name.as_str()).collect();
        Model { name: names.join(" + "), starter: infos.iter().any(|info| info.starter) }
    }

    fn set_aside(&self, step: usize, fault: String) {
        let model = &self.0.models[step].info.name;
        tracing::error!(model, fault, "a model cannot be loaded; it is set aside");
        self.0.broken.lock().unwrap_or_else(PoisonError::into_inner)[step] = Some(fault);
    }
}

#[cfg(test)]
mod tests;
