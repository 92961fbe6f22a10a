use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::{body::to_bytes, response::IntoResponse, routing::get};
use tower::ServiceExt;
use tracing_subscriber::fmt::MakeWriter;

use super::*;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn lines(&self) -> Vec<String> {
        let log = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        log.lines().map(str::to_owned).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the database is away")]
struct Away(#[source] io::Error);

fn router() -> Router {
    let routes = Router::new()
        .route("/greet/{name}", get(async || "hello").post(async |body: Bytes| body.len().to_string()))
        .route("/id", get(async || RequestId::current().expect("a handler runs").to_string()))
        .route("/panic", get(async || -> Response { panic!("the text was: geheim") }))
        .route(
            "/away",
            get(async || {
                let cause = Cause(Arc::new(Away(io::Error::other("connection refused"))));
                let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
                response.extensions_mut().insert(cause);
                response
            }),
        )
        .route("/refuse", axum::routing::post(async || StatusCode::PAYLOAD_TOO_LARGE));
    apply(routes, || (StatusCode::INTERNAL_SERVER_ERROR, "our fault").into_response())
}

/// The answer with its body, and the lines logged meanwhile.
async fn ask(request: Request) -> (Response<Bytes>, Vec<String>) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let response = router().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    drop(guard);
    (Response::from_parts(parts, body), log.lines())
}

fn get_request(uri: &str) -> Request {
    Request::get(uri).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_request_is_one_line_with_its_route_and_without_what_the_client_chose() {
    let (response, lines) = ask(get_request("/greet/geheim?text=geheim")).await;
    assert_eq!(response.status(), 200);
    assert_eq!(lines.len(), 1, "{lines:?}");
    let id = response.headers()["x-request-id"].to_str().unwrap();
    for part in ["INFO", "method=\"GET\"", "route=\"/greet/{name}\"", "status=200", "duration_ms=", id] {
        assert!(lines[0].contains(part), "{part} is not in {}", lines[0]);
    }
    assert!(!lines[0].contains("geheim"));
}

#[tokio::test]
async fn an_unknown_path_is_logged_without_it() {
    let (response, lines) = ask(get_request("/geheim")).await;
    assert_eq!(response.status(), 404);
    assert!(lines[0].contains("route=\"unmatched\"") && !lines[0].contains("geheim"), "{lines:?}");
}

#[tokio::test]
async fn the_handler_knows_the_id_that_the_answer_carries() {
    let request = Request::get("/id").header("x-request-id", "web-7").body(Body::empty()).unwrap();
    let (response, lines) = ask(request).await;
    assert_eq!(response.headers()["x-request-id"], "web-7");
    assert_eq!(response.body(), "web-7");
    assert!(lines[0].contains("request_id=web-7"), "{lines:?}");
}

#[tokio::test]
async fn the_cause_of_a_failure_is_logged_once_with_its_sources_and_not_shown() {
    let (response, lines) = ask(get_request("/away")).await;
    assert_eq!((response.status().as_u16(), response.body().len()), (500, 0));
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("ERROR"), "{lines:?}");
    assert!(lines[0].contains("cause=\"the database is away: connection refused\""), "{lines:?}");
}

#[tokio::test]
async fn a_panic_is_answered() {
    let (response, lines) = ask(get_request("/panic")).await;
    assert_eq!((response.status().as_u16(), &response.body()[..]), (500, &b"our fault"[..]));
    assert!(response.headers().contains_key("x-request-id"));
    assert!(lines.len() == 1 && !lines[0].contains("geheim"), "{lines:?}");
}

#[tokio::test]
async fn answers_are_neither_sniffed_nor_stored() {
    let (response, _) = ask(get_request("/id")).await;
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert_eq!(response.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer_is_logged_as_such() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let routes = Router::new().route("/slow", get(std::future::pending::<()>));
    let mut answer = Box::pin(apply(routes, Response::default).oneshot(get_request("/slow")));
    let waiting = std::future::poll_fn(|context| Poll::Ready(answer.as_mut().poll(context).is_pending()));
    assert!(waiting.await);
    assert!(log.lines().is_empty());
    drop(answer);
    assert!(log.lines()[0].contains("status=499"), "{:?}", log.lines());
}

#[tokio::test]
async fn a_refused_body_is_read_to_its_end_first() {
    let (chunks, body) = tokio::sync::mpsc::channel::<Result<Bytes, io::Error>>(1);
    let body = Body::from_stream(tokio_stream::wrappers::ReceiverStream::new(body));
    let answer = tokio::spawn(router().oneshot(Request::post("/refuse").body(body).unwrap()));
    for _ in 0..100 {
        chunks.send(Ok(Bytes::from_static(&[b'x'; 1000]))).await.unwrap();
    }
    assert!(!answer.is_finished());
    drop(chunks);
    assert_eq!(answer.await.unwrap().unwrap().status(), 413);
}

#[tokio::test]
async fn a_body_that_is_wanted_is_left_alone() {
    let body = Body::from(vec![b'x'; 100_000]);
    let (response, _) = ask(Request::post("/greet/x").body(body).unwrap()).await;
    assert_eq!(response.body(), "100000");
}
