//! Lets a client whose request is refused send its body to the end, so that it can read why. A connection that is
//! closed with unread data is reset, and the client sees that instead of the answer.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::Body,
    extract::Request,
    http::{StatusCode, header::EXPECT},
    middleware::Next,
    response::Response,
};
use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};

/// What is read and thrown away at most; who sends more is cut off.
const MAX_BYTES: u64 = 1 << 30;

/// How long that may take at most.
const MAX_TIME: Duration = Duration::from_secs(20);

/// Reads what a refused request has not been read of, then lets the answer out.
pub(super) async fn discard(request: Request, next: Next) -> Response {
    // such a client waits for a word before it sends its body, and the refusal is that word
    let asks_first = request.headers().contains_key(EXPECT);
    let (parts, body) = request.into_parts();
    let body = Shared(Arc::new(Mutex::new(body)));
    let response = next.run(Request::from_parts(parts, Body::new(body.clone()))).await;
    if refuses(response.status()) && !asks_first && Arc::strong_count(&body.0) == 1 {
        // past the time there is nobody left to be polite to
        let _ = tokio::time::timeout(MAX_TIME, read_away(body)).await;
    }
    response
}

fn refuses(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

async fn read_away(mut body: Shared) {
    let mut left = MAX_BYTES;
    while let Some(Ok(frame)) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        let bytes = frame.data_ref().map_or(0, Bytes::len) as u64;
        match left.checked_sub(bytes) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

/// A body that can still be read when the handler has let go of it.
#[derive(Clone)]
struct Shared(Arc<Mutex<Body>>);

impl Shared {
    fn with<T>(&self, read: impl FnOnce(&mut Body) -> T) -> T {
        read(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl http_body::Body for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.with(|body| Pin::new(body).poll_frame(context))
    }

    fn is_end_stream(&self) -> bool {
        self.with(|body| body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        self.with(|body| body.size_hint())
    }
}
