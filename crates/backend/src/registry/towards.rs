//! One pair of a model that serves several.

use std::sync::Arc;

use engine::{Engine, ModelInfo, Request, RequestOptions, Translation};
use models::Served;

/// The model, told with every sentence which language it is to translate into.
pub(super) struct Towards {
    model: Arc<dyn Engine>,
    info: ModelInfo,
    /// What the model calls the language.
    told: Option<Arc<str>>,
}

impl Towards {
    pub(super) fn new(model: Arc<dyn Engine>, served: &Served) -> Self {
        let (source, target) = (served.pair.source.clone(), served.pair.target.clone());
        let info = ModelInfo { source, target, ..model.info().clone() };
        Self { model, info, told: served.told.as_deref().map(Arc::from) }
    }
}

impl Engine for Towards {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn translate_batch(&self, requests: &[Request<'_>]) -> Vec<Translation> {
        let tell =
            |request: &Request<'_>| RequestOptions { target: self.told.clone(), ..request.options.clone() };
        let options: Vec<RequestOptions> = requests.iter().map(tell).collect();
        let told: Vec<Request<'_>> = requests
            .iter()
            .zip(&options)
            .map(|(request, options)| Request { text: request.text, options })
            .collect();
        self.model.translate_batch(&told)
    }
}
