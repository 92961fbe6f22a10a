//! A backend on a free port, and how to talk to it.
#![expect(clippy::unwrap_used, reason = "a test ends where what it stands on fails")]

use std::{num::NonZero, sync::Arc};

use api::{ErrorBody, StreamEvent};
use backend::{App, Config, Registry, RunError};
use reqwest::{Body, Client, Response, StatusCode};
use service::Shutdown;
use testkit::engine::FakeEngine;
use tokio::task::JoinHandle;

pub(crate) struct Backend {
    pub(crate) engine: Arc<FakeEngine>,
    pub(crate) shutdown: Shutdown,
    pub(crate) running: JoinHandle<Result<(), RunError>>,
    pub(crate) client: Client,
    url: String,
}

impl Backend {
    /// One that is ready, with one thread.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// One that is ready, with one thread unless `change` sets it otherwise.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let backend = Self::start_on(FakeEngine::new(), change).await;
        while backend.get("/readyz").await.status() != StatusCode::OK {}
        backend
    }

    /// One on the given engine, perhaps not ready yet.
    pub(crate) async fn start_on(engine: Arc<FakeEngine>, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config { threads: NonZero::new(1), ..Config::default() };
        change(&mut config);
        let app = App::build(config, Registry::of(engine.clone())).await.unwrap();
        let url = format!("http://{}", app.address());
        let shutdown = Shutdown::new();
        let running = tokio::spawn(app.run(shutdown.clone()));
        let client = Client::builder().no_proxy().build().unwrap();
        Self { engine, shutdown, running, client, url }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    /// Posts JSON as it is.
    pub(crate) async fn post(&self, path: &str, body: impl Into<Body>) -> Response {
        let request = self.client.post(self.url(path)).header("content-type", "application/json");
        request.body(body).send().await.unwrap()
    }

    /// Posts a text to `/translate`, without waiting for the answer.
    pub(crate) fn begin(&self, text: &str) -> JoinHandle<Response> {
        let request = self.client.post(self.url("/translate")).json(&serde_json::json!({ "text": text }));
        tokio::spawn(async { request.send().await.unwrap() })
    }

    /// The translation of a text.
    pub(crate) async fn translate(&self, text: &str) -> String {
        translation(self.begin(text).await.unwrap()).await
    }

    /// The batches that began after the one that warms up.
    pub(crate) fn batches(&self) -> Vec<Vec<String>> {
        self.engine.begun().split_off(1)
    }

    /// Waits until that many batches have begun after the one that warms up.
    pub(crate) async fn until_begun(&self, batches: usize) {
        self.engine.until_begun(batches + 1).await;
    }
}

/// The text of a good answer of `/translate`.
pub(crate) async fn translation(response: Response) -> String {
    assert_eq!(response.status(), 200);
    response.json::<api::TranslateResponse>().await.unwrap().text
}

/// Status and body of a failed answer, whose form is the same for all.
pub(crate) async fn failure(response: Response) -> (u16, ErrorBody) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/json");
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let body: ErrorBody = response.json().await.unwrap();
    assert_eq!(body.request_id.as_deref(), Some(id.as_str()));
    (status, body)
}

/// Every event of a streamed answer.
pub(crate) async fn events(response: Response) -> Vec<StreamEvent> {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], api::NDJSON);
    response.text().await.unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
