//! The service as a whole: built, then run until it is told to stop or breaks.

use std::{io, net::SocketAddr, time::Duration};

use axum::Router;
use engine::RequestOptions;
use service::{
    Shutdown,
    health::Readiness,
    server::{self, BindError, Bound},
};

use crate::{Config, NoRoute, Place, Registry, Scheduler, TranslateError, metrics, routes};

/// How long running translations may take to finish when the service stops; below the grace that the stack gives.
const DRAIN: Duration = Duration::from_secs(25);

/// Translated at the start, to see that the engine works and to have its memory in place.
const WARM_UP: &str = "Guten Morgen!";

/// Why the service could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The address is taken or not ours.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The system gives no thread.
    #[error("cannot start the threads that translate")]
    Threads(#[from] io::Error),
}

/// What ended a service that nobody asked to stop.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The engine cannot translate even the first sentence.
    #[error("the engine fails on its first sentence")]
    WarmUp(#[source] TranslateError),
    /// Not one model can be loaded.
    #[error("there is no model to translate with")]
    NoModel(#[source] NoRoute),
    /// A fault that the worker could not survive.
    #[error("a worker thread has died")]
    WorkerDied,
}

/// The backend service, listening but not yet answering.
pub struct App {
    bound: Bound,
    router: Router,
    scheduler: Scheduler,
    registry: Registry,
    readiness: Readiness,
}

impl App {
    /// Takes the address and starts the threads.
    pub async fn build(config: Config, registry: Registry) -> Result<Self, BuildError> {
        let scheduler = Scheduler::start(config.threads(), config.max_requests)?;
        let readiness = Readiness::new("the first sentence is not translated yet");
        let router = routes::router(&config, scheduler.clone(), registry.clone(), readiness.clone());
        metrics::describe();
        let bound = server::bind(config.listen).await?;
        Ok(Self { bound, router, scheduler, registry, readiness })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.bound.address
    }

    /// Answers until `shutdown` is asked for and what ran then is finished, or until the engine breaks; then it
    /// asks for `shutdown` itself.
    pub async fn run(self, shutdown: Shutdown) -> Result<(), RunError> {
        let Self { bound, router, scheduler, registry, readiness } = self;
        tracing::info!(address = %bound.address, "listening");
        let watch = tokio::spawn({
            let registry = registry.clone();
            async move { registry.watch().await }
        });
        let warm_up = scheduler.admit().map_err(|_| RunError::WorkerDied)?;
        let supervise = async {
            let result = tokio::select! {
                error = broken(&scheduler, &registry, warm_up, &readiness) => Err(error),
                () = shutdown.stopping() => Ok(()),
            };
            readiness.close(result.as_ref().map_or_else(ToString::to_string, |()| "stopping".to_owned()));
            shutdown.stop();
            result
        };
        let ((), result) = tokio::join!(server::serve(bound, router, &shutdown, DRAIN), supervise);
        watch.abort();
        result
    }
}

/// Declares the service ready once the engine has shown that it works; resolves if it ever does not.
async fn broken(scheduler: &Scheduler, registry: &Registry, place: Place, readiness: &Readiness) -> RunError {
    let (source, target) = registry.usual_pair().unwrap_or_default();
    let route = match registry.route(&source, &target).await {
        Ok(route) => route,
        Err(error) => return RunError::NoModel(error),
    };
    let model = route.model().name.clone();
    if let Err(error) = place.translate(route, WARM_UP.into(), RequestOptions::default()).whole().await {
        return RunError::WarmUp(error);
    }
    readiness.ready();
    tracing::info!(model, "ready");
    scheduler.worker_died().await;
    RunError::WorkerDied
}
