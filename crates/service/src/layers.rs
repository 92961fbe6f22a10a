//! What happens around every request: an id, a line in the log, metrics, an answer even to a panic.

mod unread;

use std::{
    error::Error,
    fmt::Write as _,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::Response,
};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};
use tracing::Instrument;

use crate::{RequestId, request_id};

/// What made a request fail. Put into the extensions of its response it appears, with its sources, on the request's
/// line in the log, and nowhere else.
#[derive(Clone, Debug)]
pub struct Cause(pub Arc<dyn Error + Send + Sync>);

/// Puts the layers around all routes of `router` that it has by now; health and metrics routes are merged
/// afterwards, so that probes leave no lines. `on_panic` makes the answer to a request whose handler panicked.
///
/// Every answer gets `x-request-id`, `x-content-type-options: nosniff`, and `cache-control: no-store` unless it has
/// one of its own.
pub fn apply(router: Router, on_panic: fn() -> Response) -> Router {
    let header = |name: HeaderName, value| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    router
        .layer(CatchPanicLayer::custom(move |_| on_panic()))
        .layer(middleware::from_fn(unread::discard))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::CACHE_CONTROL, "no-store"))
        .layer(middleware::from_fn(observe))
}

/// Gives the request its id and sees to its line in the log.
async fn observe(request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    let mut record = Record::new(&request, id.clone());
    let span = tracing::info_span!("request", request_id = %id);
    let mut response = id.clone().scope(next.run(request)).instrument(span).await;
    response.headers_mut().insert(request_id::HEADER, id.header());
    record.status = Some(response.status());
    record.cause = response.extensions_mut().remove();
    response.map(|body| Body::new(Recorded { body, _record: record }))
}

/// Writes the request's line when dropped: when the last byte of the answer is on its way, or the client is gone.
struct Record {
    id: RequestId,
    method: &'static str,
    route: Option<MatchedPath>,
    started: Instant,
    /// `None` as long as there is no answer.
    status: Option<StatusCode>,
    cause: Option<Cause>,
}

impl Record {
    fn new(request: &Request, id: RequestId) -> Self {
        Self {
            id,
            method: method(request.method()),
            route: request.extensions().get().cloned(),
            started: Instant::now(),
            status: None,
            cause: None,
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        // the path itself is never recorded: it is the client's to choose
        let route = self.route.as_ref().map_or("unmatched", MatchedPath::as_str).to_owned();
        let seconds = self.started.elapsed().as_secs_f64();
        // what others log when the client left before the answer
        let status = self.status.map_or(499, |status| status.as_u16());
        let cause = self.cause.as_ref().map(chain);

        let labels =
            [("method", self.method.to_owned()), ("route", route.clone()), ("status", status.to_string())];
        metrics::counter!("ut_http_requests_total", &labels).increment(1);
        metrics::histogram!("ut_http_request_seconds", "route" => route.clone()).record(seconds);

        macro_rules! line {
            ($level:expr) => {
                tracing::event!($level, request_id = %self.id, method = self.method, route, status,
                    duration_ms = (seconds * 1e3) as u64, cause, "request")
            };
        }
        match status {
            // expected under load and during a restart: no fault to look into
            502..=504 => line!(tracing::Level::WARN),
            500.. => line!(tracing::Level::ERROR),
            _ => line!(tracing::Level::INFO),
        }
    }
}

/// An error and its sources on one line.
fn chain(cause: &Cause) -> String {
    let mut text = cause.0.to_string();
    let mut source = cause.0.source();
    while let Some(error) = source {
        write!(text, ": {error}").expect("a string takes any text");
        source = error.source();
    }
    text
}

/// The method, from a bounded set.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// A body that takes the record with it to its end.
struct Recorded {
    body: Body,
    _record: Record,
}

impl http_body::Body for Recorded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests;
