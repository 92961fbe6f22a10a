//! A way from one language to another: a model, two of them through English, or none.

use std::{fmt, sync::Arc};

use api::Model;
use engine::{Engine, ModelInfo, Request, RequestOptions, Translation};

/// What translates a text; keeps its models in memory. Texts on the same route may share batches.
#[derive(Clone)]
pub struct Route {
    pub(crate) id: u64,
    pub(crate) engine: Arc<dyn Engine>,
    /// What users are told of it.
    pub(crate) model: Model,
    /// The language in between, if there is one.
    pub(crate) via: Option<String>,
}

impl Route {
    /// A route of one engine that is the only one there is.
    pub fn of(engine: Arc<dyn Engine>) -> Self {
        let info = engine.info();
        let model = Model { name: info.name.clone(), starter: info.starter };
        Self { id: 0, engine, model, via: None }
    }

    /// The model or models that translate.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Through the engines of the models with the numbers `steps`, of which there are one or two.
    pub(super) fn new(steps: &[u32], engines: Vec<Arc<dyn Engine>>, model: Model) -> Self {
        // two models have the higher numbers: each pair of them its own
        let id = steps.iter().fold(0, |id, &step| (id << 32) | (u64::from(step) + 1));
        let mut engines = engines.into_iter();
        let first = engines.next().expect("a route has a step");
        match engines.next() {
            None => Self { id, engine: first, model, via: None },
            Some(second) => {
                let via = Some(first.info().target.clone());
                Self { id, engine: Arc::new(Chain::new(first, second, model.clone())), model, via }
            }
        }
    }

    /// For a text that is in the target language already: every sentence stays as it is.
    pub(crate) fn untouched(language: &str) -> Self {
        let info = ModelInfo {
            name: api::NO_MODEL.to_owned(),
            source: language.to_owned(),
            target: language.to_owned(),
            starter: false,
        };
        let model = Model { name: info.name.clone(), starter: false };
        Self { id: u64::MAX, engine: Arc::new(Untouched(info)), model, via: None }
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Route").field("model", &self.model).field("via", &self.via).finish_non_exhaustive()
    }
}

/// Two models one after the other, sentence by sentence.
struct Chain {
    first: Arc<dyn Engine>,
    second: Arc<dyn Engine>,
    info: ModelInfo,
}

impl Chain {
    fn new(first: Arc<dyn Engine>, second: Arc<dyn Engine>, model: Model) -> Self {
        let (source, target) = (first.info().source.clone(), second.info().target.clone());
        let info = ModelInfo { name: model.name, source, target, starter: model.starter };
        Self { first, second, info }
    }
}

impl Engine for Chain {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// The second model gives the alternatives. There is no alignment: words are known to it from the first's output
    /// alone.
    fn translate_batch(&self, requests: &[Request<'_>]) -> Vec<Translation> {
        let plain = RequestOptions::default();
        let into: Vec<Request<'_>> =
            requests.iter().map(|request| Request { text: request.text, options: &plain }).collect();
        let between = self.first.translate_batch(&into);
        let wanted: Vec<RequestOptions> = requests
            .iter()
            .map(|request| RequestOptions { alignment: false, ..request.options.clone() })
            .collect();
        let out: Vec<Request<'_>> = between
            .iter()
            .zip(&wanted)
            .map(|(translation, options)| Request { text: &translation.text, options })
            .collect();
        let mut translations = self.second.translate_batch(&out);
        for (translation, first) in translations.iter_mut().zip(&between) {
            // logarithms of probabilities: both have to be right
            translation.score += first.score;
            translation.doubt = translation.doubt.or(first.doubt);
        }
        translations
    }
}

/// Leaves everything as it is.
struct Untouched(ModelInfo);

impl Engine for Untouched {
    fn info(&self) -> &ModelInfo {
        &self.0
    }

    fn translate_batch(&self, requests: &[Request<'_>]) -> Vec<Translation> {
        let same =
            |request: &Request<'_>| Translation { text: request.text.to_owned(), ..Translation::default() };
        requests.iter().map(same).collect()
    }
}
