//! The models that there are at a time, and the ways that they make.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use api::{BrokenModel, Model, Pair, STARTER_MODEL};
use engine::{Engine, ModelInfo};
use models::Served;

use super::towards::Towards;
use super::{Candidate, PIVOT};

/// A model of the list.
pub(super) struct Entry {
    /// No two models ever have the same, and neither have their pairs, which are numbered from it on: texts with the
    /// same numbers share batches.
    pub(super) id: u32,
    pub(super) candidate: Candidate,
    /// What its files are like; a model whose files have changed is another one.
    pub(super) fingerprint: u64,
    /// Held by whoever loads the model; the others wait for the same.
    pub(super) loading: tokio::sync::Mutex<()>,
    /// What is wrong with it, if it could not be loaded.
    fault: OnceLock<String>,
}

/// The models, in the order of preference: of two that serve the same pair, the first is taken.
#[derive(Default)]
pub(super) struct List {
    pub(super) models: Vec<Arc<Entry>>,
    /// What was seen to be broken before it was loaded.
    pub(super) unusable: Vec<BrokenModel>,
}

impl Entry {
    pub(super) fn new(candidate: Candidate, fingerprint: u64) -> Arc<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let id = NEXT.fetch_add(candidate.pairs.len() as u32, Ordering::Relaxed);
        let (loading, fault) = (tokio::sync::Mutex::default(), OnceLock::new());
        Arc::new(Self { id, candidate, fingerprint, loading, fault })
    }

    pub(super) fn info(&self) -> &ModelInfo {
        &self.candidate.info
    }

    /// It serves no more.
    pub(super) fn set_aside(&self, fault: String) {
        tracing::error!(model = self.info().name, fault, "a model cannot be loaded; it is set aside");
        // several may have waited for the same load
        let _ = self.fault.set(fault);
    }

    /// Its place among the pairs.
    fn place(&self, source: &str, target: &str) -> Option<usize> {
        if self.fault.get().is_some() {
            return None;
        }
        let serves = |it: &Served| it.pair.source == source && it.pair.target == target;
        self.candidate.pairs.iter().position(serves)
    }
}

/// A model of a way, and which of its pairs it is needed for.
pub(super) struct Step {
    pub(super) entry: Arc<Entry>,
    place: usize,
}

impl Step {
    /// That of the pair.
    pub(super) fn id(&self) -> u32 {
        self.entry.id + self.place as u32
    }

    /// The loaded model, for the pair.
    pub(super) fn of(&self, engine: Arc<dyn Engine>) -> Arc<dyn Engine> {
        match &*self.entry.candidate.pairs {
            [_] => engine,
            pairs => Arc::new(Towards::new(engine, &pairs[self.place])),
        }
    }
}

impl List {
    /// Every pair there is: those of a model of their own, then those through English.
    pub(super) fn pairs(&self) -> Vec<Pair> {
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

    /// The pairs that a model serves, each once, in the order of preference.
    pub(super) fn direct_pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for model in self.models.iter().filter(|model| model.fault.get().is_none()) {
            for Served { pair, .. } in &model.candidate.pairs {
                let pair = (pair.source.clone(), pair.target.clone());
                if !pairs.contains(&pair) {
                    pairs.push(pair);
                }
            }
        }
        pairs
    }

    /// Models that cannot be used, with the reason.
    pub(super) fn broken(&self) -> Vec<BrokenModel> {
        let at_load = self.models.iter().filter_map(|model| {
            Some(BrokenModel { name: model.info().name.clone(), fault: model.fault.get()?.clone() })
        });
        self.unusable.iter().cloned().chain(at_load).collect()
    }

    /// The models that lead from `source` to `target`, one after the other.
    pub(super) fn steps(&self, source: &str, target: &str) -> Option<Vec<Step>> {
        let direct = |source: &str, target: &str| {
            self.models.iter().find_map(|model| {
                let place = model.place(source, target)?;
                Some(Step { entry: Arc::clone(model), place })
            })
        };
        if let Some(step) = direct(source, target) {
            return Some(vec![step]);
        }
        if source == target {
            return None;
        }
        Some(vec![direct(source, PIVOT)?, direct(PIVOT, target)?])
    }

    fn pair(&self, source: String, target: String) -> Option<Pair> {
        let steps = self.steps(&source, &target)?;
        let model = model_of(&steps);
        let hint = model.starter.then(|| STARTER_MODEL.to_owned());
        let via = (steps.len() > 1).then(|| PIVOT.to_owned());
        Some(Pair { source, target, model, hint, via })
    }
}

/// What users are told of the models of a way.
pub(super) fn model_of(steps: &[Step]) -> Model {
    let infos: Vec<&ModelInfo> = steps.iter().map(|step| step.entry.info()).collect();
    let names: Vec<&str> = infos.iter().map(|info| info.name.as_str()).collect();
    Model { name: names.join(" + "), starter: infos.iter().any(|info| info.starter) }
}
