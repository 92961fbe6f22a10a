//! Which models are in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::Engine;

use super::Candidate;

/// The models in memory, up to a limit.
pub(super) struct Memory {
    limit: u64,
    state: Mutex<State>,
    /// Held by whoever loads a model; the others wait for the same.
    loading: Vec<tokio::sync::Mutex<()>>,
}

struct State {
    /// By index of the model.
    resident: Vec<Option<Resident>>,
    /// Counts the uses of all models.
    uses: u64,
    /// Of models that are being loaded.
    reserved: u64,
}

struct Resident {
    engine: Arc<dyn Engine>,
    bytes: u64,
    last_use: u64,
}

impl Memory {
    /// Room for models that take `limit` bytes together.
    pub(super) fn new(models: usize, limit: u64) -> Self {
        let resident = (0..models).map(|_| None).collect();
        let state = Mutex::new(State { resident, uses: 0, reserved: 0 });
        Self { limit, state, loading: (0..models).map(|_| tokio::sync::Mutex::default()).collect() }
    }

    /// The model, loaded if it is not in memory. Says what is wrong with it if it cannot be.
    pub(super) async fn engine(
        &self,
        at: usize,
        models: &[Arc<Candidate>],
    ) -> Result<Arc<dyn Engine>, String> {
        if let Some(engine) = self.lock().take(at) {
            return Ok(engine);
        }
        let _loading = self.loading[at].lock().await;
        if let Some(engine) = self.lock().take(at) {
            return Ok(engine);
        }
        let model = models[at].clone();
        let bytes = model.bytes;
        drop(self.lock().make_room(bytes, self.limit));
        let reserved = Reserved { memory: self, bytes };
        let (name, started) = (model.info.name.clone(), std::time::Instant::now());
        let loaded = tokio::task::spawn_blocking(move || (model.load)()).await;
        let engine = loaded.unwrap_or_else(|_| Err("loading it ended in a panic".to_owned()))?;
        drop(reserved);
        tracing::info!(model = name, duration_ms = started.elapsed().as_millis() as u64, "loaded");
        let mut state = self.lock();
        state.resident[at] = Some(Resident { engine: engine.clone(), bytes, last_use: 0 });
        state.take(at);
        state.record();
        Ok(engine)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // nothing panics halfway through a change of the state
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Memory for a model that is being loaded; given back however that ends.
struct Reserved<'a> {
    memory: &'a Memory,
    bytes: u64,
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.memory.lock().reserved -= self.bytes;
    }
}

impl State {
    fn take(&mut self, at: usize) -> Option<Arc<dyn Engine>> {
        self.uses += 1;
        let resident = self.resident[at].as_mut()?;
        resident.last_use = self.uses;
        Some(resident.engine.clone())
    }

    /// Reserves `bytes`, and gives out the models that must go for it. One that something else holds is in use: to let
    /// it go would free nothing.
    fn make_room(&mut self, bytes: u64, limit: u64) -> Vec<Resident> {
        self.reserved += bytes;
        let mut gone = Vec::new();
        while self.bytes() > limit {
            let idle = self.resident.iter_mut().filter(|slot| {
                slot.as_ref().is_some_and(|resident| Arc::strong_count(&resident.engine) == 1)
            });
            let oldest = idle.min_by_key(|slot| slot.as_ref().map(|resident| resident.last_use));
            let Some(resident) = oldest.and_then(Option::take) else { break };
            tracing::info!(model = resident.engine.info().name, "dropped for want of memory");
            gone.push(resident);
        }
        self.record();
        gone
    }

    fn bytes(&self) -> u64 {
        self.resident.iter().flatten().map(|resident| resident.bytes).sum::<u64>() + self.reserved
    }

    fn record(&self) {
        metrics::gauge!("ut_loaded_models").set(self.resident.iter().flatten().count() as f64);
    }
}
