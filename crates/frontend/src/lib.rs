//! The public side of unlimited: pages and history. Translating is the backend's work, reached over HTTP.

mod alignment;
mod archive;
mod assets;
mod body;
mod client;
mod config;
mod cookies;
mod error;
mod export;
mod files;
mod form;
mod glossary;
mod indexer;
mod jobs;
mod links;
mod locale;
mod memory;
mod metrics;
mod outbox;
mod owners;
mod pages;
mod pieces;
mod reader;
mod routes;
mod search;
mod security;
pub mod store;
mod text;
mod tmx;
mod translator;
mod visit;
mod wanted;
mod words;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::response::IntoResponse as _;
use service::health::{self, Readiness};
use service::server::{self, Bound};
use service::{Shutdown, layers};

use archive::Archive;
use client::Client;
pub use config::{Config, DatabaseConfig};
use error::PageError;
use files::Files;
use jobs::Jobs;
pub use owners::History;
pub use reader::ReaderConfig;
use store::Store;
use translator::Translator;

/// Name of the SQLite file in the data folder.
const SQLITE_FILE: &str = "translations.sqlite";

// Together below the 40 seconds that the stack waits before it kills.
const DRAIN_REQUESTS: Duration = Duration::from_secs(15);
const FINISH_TRANSLATIONS: Duration = Duration::from_secs(5);
const LEAVE_JOBS: Duration = Duration::from_secs(5);
const WRITE_OUTBOX: Duration = Duration::from_secs(5);

/// The frontend, listening but not yet serving.
pub struct App {
    bound: Bound,
    router: Router,
    state: Arc<routes::App>,
    readiness: Readiness,
}

impl App {
    /// Takes the port and opens the store. Waits neither for the backend nor for MySQL: both may come up later.
    pub async fn build(config: Config) -> anyhow::Result<Self> {
        let limits = config.time_limits();
        let store = open_store(&config.database).await?;
        // after the store, which makes the data folder
        let owners = config.owners()?;
        let reader = config.reader.reader(&config)?;
        let client =
            Client::new(config.backend_url, limits).context("setting up the client of the backend")?;
        let (client, archive) = (Arc::new(client), Arc::new(Archive::new(store.clone())));
        let files = Arc::new(Files::new(store.clone(), config.max_body_mb));
        let state = Arc::new(routes::App {
            translator: Translator::new(Arc::clone(&client), Arc::clone(&archive)),
            jobs: Arc::new(Jobs::new(Arc::clone(&client), store.clone(), Arc::clone(&files))),
            client,
            archive,
            files,
            store,
            owners,
            reader,
            max_body_mb: config.max_body_mb,
        });
        let readiness = Readiness::new("starting");
        let router = layers::apply(routes::router(Arc::clone(&state)), || PageError::Panic.into_response())
            .layer(axum::middleware::from_fn_with_state(state.reader.is_some(), visit::layer))
            .merge(health::routes(readiness.clone()))
            .merge(service::metrics::routes());
        metrics::describe();
        let bound = server::bind(config.listen).await?;
        Ok(Self { bound, router, state, readiness })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.bound.address
    }

    /// Serves until `shutdown` is asked for; then finishes what runs and writes what waits for the database.
    pub async fn run(self, shutdown: Shutdown) {
        let Self { bound, router, state, readiness } = self;
        let writer = {
            let (archive, shutdown) = (Arc::clone(&state.archive), shutdown.clone());
            tokio::spawn(async move { archive.run(&shutdown).await })
        };
        let jobs = {
            let (jobs, shutdown) = (Arc::clone(&state.jobs), shutdown.clone());
            tokio::spawn(async move { jobs.run(&shutdown).await })
        };
        let indexer = {
            let (state, shutdown) = (Arc::clone(&state), shutdown.clone());
            tokio::spawn(async move { indexer::run(&state.store, &state.archive.stored, &shutdown).await })
        };
        let closing = {
            let (readiness, shutdown) = (readiness.clone(), shutdown.clone());
            tokio::spawn(async move {
                shutdown.stopping().await;
                readiness.close("stopping");
            })
        };
        tracing::info!(address = %bound.address, "the frontend serves");
        readiness.ready();
        server::serve(bound, router, &shutdown, DRAIN_REQUESTS).await;
        state.translator.finish(FINISH_TRANSLATIONS).await;
        if tokio::time::timeout(LEAVE_JOBS, jobs).await.is_err() {
            tracing::warn!("jobs were left in the middle; what they finished last is translated again");
        }
        writer.abort();
        indexer.abort();
        closing.abort();
        state.archive.close(WRITE_OUTBOX).await;
    }
}

async fn open_store(config: &DatabaseConfig) -> anyhow::Result<Store> {
    match &config.data_dir {
        Some(folder) => {
            let file = folder.join(SQLITE_FILE);
            Store::sqlite(&file).await.with_context(|| format!("opening the SQLite file {}", file.display()))
        }
        None => Ok(Store::mysql(&config.clone().mysql()?)),
    }
}
