//! Which models are in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::Engine;

use super::list::Entry;

/// The models in memory, up to a limit.
pub(super) struct Memory {
    limit: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By number of the model.
    resident: HashMap<u32, Resident>,
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
    pub(super) fn new(limit: u64) -> Self {
        Self { limit, state: Mutex::default() }
    }

    /// The model, loaded if it is not in memory. Says what is wrong with it if it cannot be.
    pub(super) async fn engine(&self, model: &Arc<Entry>) -> Result<Arc<dyn Engine>, String> {
        if let Some(engine) = self.lock().take(model.id) {
            return Ok(engine);
        }
        let _loading = model.loading.lock().await;
        if let Some(engine) = self.lock().take(model.id) {
            return Ok(engine);
        }
        let bytes = model.candidate.bytes;
        drop(self.lock().make_room(bytes, self.limit));
        let reserved = Reserved { memory: self, bytes };
        let (started, loaded) = (std::time::Instant::now(), Arc::clone(model));
        let loaded = tokio::task::spawn_blocking(move || (loaded.candidate.load)()).await;
        let engine = loaded.unwrap_or_else(|_| Err("loading it ended in a panic".to_owned()))?;
        drop(reserved);
        let name = &model.candidate.info.name;
        tracing::info!(model = name, duration_ms = started.elapsed().as_millis() as u64, "loaded");
        let mut state = self.lock();
        state.resident.insert(model.id, Resident { engine: engine.clone(), bytes, last_use: 0 });
        state.take(model.id);
        state.record();
        Ok(engine)
    }

    /// Lets go of all models but these. One in use stays where it is used, until that ends.
    pub(super) fn keep(&self, models: &[Arc<Entry>]) {
        let mut state = self.lock();
        let gone: Vec<Resident> = state
            .resident
            .extract_if(|id, _| !models.iter().any(|model| model.id == *id))
            .map(|(_, it)| it)
            .collect();
        state.record();
        drop(state);
        // which may take its time
        drop(gone);
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
    fn take(&mut self, id: u32) -> Option<Arc<dyn Engine>> {
        self.uses += 1;
        let resident = self.resident.get_mut(&id)?;
        resident.last_use = self.uses;
        Some(resident.engine.clone())
    }

    /// Reserves `bytes`, and gives out the models that must go for it. One that something else holds is in use: to let
    /// it go would free nothing.
    fn make_room(&mut self, bytes: u64, limit: u64) -> Vec<Resident> {
        self.reserved += bytes;
        let mut gone = Vec::new();
        while self.bytes() > limit {
            let idle = self.resident.iter().filter(|(_, resident)| Arc::strong_count(&resident.engine) == 1);
            let oldest = idle.min_by_key(|(_, resident)| resident.last_use).map(|(id, _)| *id);
            let Some(resident) = oldest.and_then(|id| self.resident.remove(&id)) else { break };
            tracing::info!(model = resident.engine.info().name, "dropped for want of memory");
            gone.push(resident);
        }
        self.record();
        gone
    }

    fn bytes(&self) -> u64 {
        self.resident.values().map(|resident| resident.bytes).sum::<u64>() + self.reserved
    }

    fn record(&self) {
        metrics::gauge!("ut_loaded_models").set(self.resident.len() as f64);
    }
}
