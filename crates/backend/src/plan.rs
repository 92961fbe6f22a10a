//! Which route a text takes, its language found out if need be.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use api::{AUTO, Detected};

use crate::detect::Detector;
use crate::error::ApiError;
use crate::request::Wanted;
use crate::{Registry, Route};

/// A text is left as it is only when it is in the target language for sure: a single word may well be in both.
const SURE: f64 = 0.9;

/// Finds routes. Clones share everything.
#[derive(Clone)]
pub(crate) struct Planner {
    registry: Registry,
    /// For the languages that there were last.
    detector: Arc<Mutex<(BTreeSet<String>, Arc<Detector>)>>,
}

/// How a text is translated.
pub(crate) struct Plan {
    pub(crate) route: Route,
    /// The language, if it was to be found out.
    pub(crate) detected: Option<Detected>,
}

impl Planner {
    pub(crate) fn new(registry: Registry) -> Self {
        let none = (BTreeSet::new(), Arc::new(Detector::new([])));
        Self { registry, detector: Arc::new(Mutex::new(none)) }
    }

    /// For the languages that there are now: models come and go.
    fn detector(&self) -> Arc<Detector> {
        let pairs = self.registry.pairs().into_iter();
        let languages: BTreeSet<String> = pairs.flat_map(|pair| [pair.source, pair.target]).collect();
        let mut last = self.detector.lock().unwrap_or_else(PoisonError::into_inner);
        if last.0 != languages {
            *last = (languages.clone(), Arc::new(Detector::new(languages)));
        }
        Arc::clone(&last.1)
    }

    /// The models there are.
    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Source languages that can be found out.
    pub(crate) fn detectable(&self) -> Vec<String> {
        let mut languages: Vec<String> = self.registry.pairs().into_iter().map(|pair| pair.source).collect();
        languages.sort_unstable();
        languages.dedup();
        let detector = self.detector();
        languages.retain(|language| detector.knows(language));
        languages
    }

    /// The route of a request. A text that is in the target language already takes one that leaves it as it is.
    pub(crate) async fn plan(&self, wanted: &Wanted) -> Result<Plan, ApiError> {
        if wanted.source != AUTO {
            let route = self.registry.route(&wanted.source, &wanted.target).await?;
            return Ok(Plan { route, detected: None });
        }
        let detected = self.detect(&wanted.text, &wanted.target).await?;
        let route = if detected.language == wanted.target {
            Route::untouched(&wanted.target)
        } else {
            self.registry.route(&detected.language, &wanted.target).await?
        };
        Ok(Plan { route, detected: Some(detected) })
    }

    /// The language of a text among those that lead to `target`, or `target` itself if it surely is.
    async fn detect(&self, text: &Arc<str>, target: &str) -> Result<Detected, ApiError> {
        let mut candidates = self.registry.sources(target);
        if candidates.is_empty() {
            self.registry.route(AUTO, target).await?;
        }
        candidates.push(target.to_owned());
        let (detector, text) = (self.detector(), Arc::clone(text));
        let guesses = tokio::task::spawn_blocking(move || detector.guess(&text, &candidates));
        let guesses = guesses.await.map_err(|_| ApiError::Panic)?;
        let sure = guesses.first().filter(|best| best.language == target && best.confidence >= SURE);
        let best = sure.or_else(|| guesses.iter().find(|guess| guess.language != target));
        let best = best.ok_or_else(|| {
            let message = "Languages cannot be told apart here; name the text's in the field \"source\".";
            ApiError::Invalid(message.to_owned())
        })?;
        let confidence = (best.confidence * 1e3).round() as f32 / 1e3;
        Ok(Detected { language: best.language.clone(), confidence })
    }
}
