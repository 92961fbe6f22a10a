//! The routes.

use std::{sync::Arc, time::Instant};

use api::{LanguagesResponse, SegmentResponse, Span, StreamEvent, TranslateResponse};
use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;
use service::{
    RequestId,
    health::{self, Readiness},
    layers, metrics,
};

use crate::{
    Config, Place, Registry, Scheduler, Sentences, Whole, answer,
    error::ApiError,
    plan::{Plan, Planner},
    request::{self, Contract, Wanted},
};

#[derive(Clone)]
struct Backend {
    scheduler: Scheduler,
    planner: Planner,
    /// What changes with the operator's terms.
    terms: Option<String>,
    max_body_bytes: usize,
}

/// Every route of the service.
pub(crate) fn router(
    config: &Config,
    scheduler: Scheduler,
    registry: Registry,
    readiness: Readiness,
) -> Router {
    let terms = registry.terms();
    let planner = Planner::new(registry);
    let backend = Backend { scheduler, planner, terms, max_body_bytes: config.max_body_bytes() };
    let routes = Router::new()
        .route("/translate", post(translate))
        .route("/translate/stream", post(stream_translation))
        .route("/segment", post(segment))
        .route("/languages", get(list_languages))
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .with_state(backend);
    layers::apply(routes, || ApiError::Panic.into_response())
        .merge(health::routes(readiness))
        .merge(metrics::routes())
}

impl Backend {
    /// Takes a place before the body is read: what waits for a place must not fill the memory.
    async fn accept(&self, request: Request) -> Result<(Place, Wanted, Plan), ApiError> {
        request::check_head(request.headers(), self.max_body_bytes)?;
        let place = self.scheduler.admit()?;
        let body = request::read(request.into_body(), self.max_body_bytes).await?;
        let wanted = request::parse(body)?;
        let plan = self.planner.plan(&wanted).await?;
        Ok((place, wanted, plan))
    }
}

/// The answer of the first version of the application.
#[derive(Serialize)]
struct OriginalResponse {
    text_en: String,
}

async fn translate(State(backend): State<Backend>, request: Request) -> Result<Response, ApiError> {
    let (place, wanted, Plan { route, detected }) = backend.accept(request).await?;
    let (contract, model) = (wanted.contract, route.model().clone());
    let started = Instant::now();
    let Whole { text, sentences } = wanted.translate(place, route).whole().await?;
    Ok(match contract {
        Contract::Current => Json(TranslateResponse {
            text,
            model,
            detected,
            duration_ms: milliseconds(started),
            sentences: sentences.into_iter().map(answer::sentence).collect(),
        })
        .into_response(),
        Contract::Original => Json(OriginalResponse { text_en: text }).into_response(),
    })
}

async fn stream_translation(
    State(backend): State<Backend>,
    request: Request,
) -> Result<impl IntoResponse, ApiError> {
    let (place, wanted, Plan { route, detected }) = backend.accept(request).await?;
    if wanted.contract == Contract::Original {
        return Err(ApiError::Invalid(
            "Only the field \"text\" can be streamed, not \"text_de\".".to_owned(),
        ));
    }
    let start = StreamEvent::Start { model: route.model().clone(), detected, terms: backend.terms.clone() };
    let events = stream::iter([start]).chain(events(wanted.translate(place, route)));
    let lines = events.map(|event| line(&event));
    Ok(([(CONTENT_TYPE, api::NDJSON)], Body::from_stream(lines)))
}

async fn segment(
    State(backend): State<Backend>,
    request: Request,
) -> Result<Json<SegmentResponse>, ApiError> {
    request::check_head(request.headers(), backend.max_body_bytes)?;
    // a text is read and held like one that is translated
    let _place = backend.scheduler.admit()?;
    let text = request::parse_segment(request::read(request.into_body(), backend.max_body_bytes).await?)?;
    let spans = |text: Arc<str>| {
        engine::segment::sentences(&text).map(|range| Span { start: range.start, end: range.end }).collect()
    };
    let sentences = tokio::task::spawn_blocking(move || spans(text)).await.map_err(|_| ApiError::Panic)?;
    Ok(Json(SegmentResponse { sentences, terms: backend.terms }))
}

/// The events after the first.
fn events(sentences: Sentences) -> impl Stream<Item = StreamEvent> + Send {
    let started = Instant::now();
    let id = RequestId::current();
    stream::unfold(Some(sentences), move |sentences| {
        let id = id.clone();
        async move {
            let mut sentences = sentences?;
            Some(match sentences.next().await {
                Ok(Some(sentence)) => (StreamEvent::Sentence(answer::sentence(sentence)), Some(sentences)),
                Ok(None) => (StreamEvent::Done { duration_ms: milliseconds(started) }, None),
                Err(error) => {
                    tracing::error!(request_id = id.as_ref().map(tracing::field::display), %error, "a stream broke off");
                    (StreamEvent::Error(ApiError::from(error).body(id.as_ref())), None)
                }
            })
        }
    })
}

fn line(event: &StreamEvent) -> serde_json::Result<Bytes> {
    let mut line = serde_json::to_vec(event)?;
    line.push(b'\n');
    Ok(line.into())
}

fn milliseconds(since: Instant) -> u64 {
    since.elapsed().as_millis() as u64
}

async fn list_languages(State(backend): State<Backend>) -> Json<LanguagesResponse> {
    let registry = backend.planner.registry();
    let (pairs, broken) = (registry.pairs(), registry.broken());
    Json(LanguagesResponse { pairs, auto: backend.planner.detectable(), broken })
}
