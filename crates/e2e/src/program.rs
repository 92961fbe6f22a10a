//! Frontend, backend and engine in this process, each service on threads of its own so that it can be killed.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::num::NonZero;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use backend::Registry;
use clap::Parser;
use service::{Shutdown, health};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// The model that comes with the engine.
const STARTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../engine/models/starter-de-en");
/// How often a service is asked whether it is ready, and a port whether it is free.
const ASK_AGAIN: Duration = Duration::from_millis(20);
/// How long a service may take to start.
const START: Duration = Duration::from_mins(1);

/// What differs from the program's defaults.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProgramOptions<'a> {
    /// Flags of the frontend.
    pub frontend: &'a [&'a str],
    /// Whether there is a model from English to German, too, so that languages can be chosen. It is the starter model
    /// under another name: what it says is no German.
    pub both_directions: bool,
    /// Threads that translate; by default one per core.
    pub threads: Option<NonZero<usize>>,
}

/// A running program. Killed with this value.
pub struct Program {
    // first, so that nothing is written to the folder while that is removed
    frontend: Service,
    backend: Service,
    flags: Vec<String>,
    engine: backend::Config,
    folder: TempDir,
}

/// A service on threads of its own.
struct Service {
    address: SocketAddr,
    threads: Option<Runtime>,
}

#[derive(Parser)]
struct FrontendArguments {
    #[command(flatten)]
    config: frontend::Config,
}

impl Program {
    /// One on a free port, with an empty history; ready when this returns.
    pub async fn start(options: ProgramOptions<'_>) -> Result<Self> {
        let folder = TempDir::new().context("making a folder for the program")?;
        let models = options.both_directions.then(|| folder.path().join("models"));
        if let Some(models) = &models {
            reverse_starter(&models.join("starter-en-de"))
                .context("making a model from English to German")?;
        }
        let flags: Vec<String> = options.frontend.iter().map(ToString::to_string).collect();
        let any = (Ipv4Addr::LOCALHOST, 0).into();
        let engine =
            backend::Config { models_dir: models, threads: options.threads, ..backend::Config::default() };
        let backend = start_backend(engine.clone()).await?;
        let frontend = start_frontend(any, backend.address, folder.path(), &flags).await?;
        let engine = backend::Config { listen: backend.address, ..engine };
        Ok(Self { frontend, backend, flags, engine, folder })
    }

    /// The address of a page, such as `/history`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.frontend.address)
    }

    /// Kills everything in the middle of its work and starts it again at the same address.
    pub async fn restart(&mut self) -> Result<()> {
        self.frontend.kill();
        self.stop_backend();
        self.start_backend().await?;
        let address = self.frontend.address;
        self.frontend =
            start_frontend(address, self.backend.address, self.folder.path(), &self.flags).await?;
        Ok(())
    }

    /// Kills the backend alone: the page stays, but nothing is translated.
    pub fn stop_backend(&mut self) {
        self.backend.kill();
    }

    /// Starts it again.
    pub async fn start_backend(&mut self) -> Result<()> {
        self.backend = start_backend(self.engine.clone()).await?;
        Ok(())
    }
}

impl Service {
    fn kill(&mut self) {
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn start_backend(config: backend::Config) -> Result<Service> {
    let threads = threads()?;
    let build = async move {
        until_free(config.listen).await?;
        let registry = Registry::discover(&config).context("loading the model")?;
        let app = backend::App::build(config, registry).await?;
        let address = app.address();
        tokio::spawn(app.run(Shutdown::new()));
        Ok(address)
    };
    ready(threads, build).await.context("starting the backend")
}

async fn start_frontend(
    listen: SocketAddr,
    backend: SocketAddr,
    folder: &Path,
    flags: &[String],
) -> Result<Service> {
    let threads = threads()?;
    let listen = listen.to_string();
    let backend = format!("http://{backend}");
    let folder = folder.to_str().context("the temporary folder's name")?;
    let fixed = [
        "frontend",
        "--listen",
        &listen,
        "--backend-url",
        &backend,
        "--data-dir",
        folder,
        "--history",
        "shared",
    ];
    let all = fixed.into_iter().chain(flags.iter().map(String::as_str));
    let FrontendArguments { config } = FrontendArguments::try_parse_from(all)?;
    let build = async move {
        until_free(config.listen).await?;
        let app = frontend::App::build(config).await?;
        let address = app.address();
        tokio::spawn(app.run(Shutdown::new()));
        Ok(address)
    };
    ready(threads, build).await.context("starting the frontend")
}

/// Waits for a port, which its owner does not give back at once when it is killed.
async fn until_free(listen: SocketAddr) -> Result<()> {
    let free = async {
        while TcpListener::bind(listen).is_err() {
            tokio::time::sleep(ASK_AGAIN).await;
        }
    };
    tokio::time::timeout(START, free).await.with_context(|| format!("{listen} is taken"))
}

/// The service that `build` starts on these threads, once it says that it is ready.
async fn ready(
    threads: Runtime,
    build: impl Future<Output = Result<SocketAddr>> + Send + 'static,
) -> Result<Service> {
    let started = threads.spawn(build);
    let mut service = Service { address: (Ipv4Addr::LOCALHOST, 0).into(), threads: Some(threads) };
    service.address = started.await.context("it panicked")??;
    let answers = async {
        while health::healthcheck(&health::ready_url(service.address)).await.is_err() {
            tokio::time::sleep(ASK_AGAIN).await;
        }
    };
    tokio::time::timeout(START, answers).await.context("it does not get ready")?;
    Ok(service)
}

fn threads() -> Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().context("starting threads")
}

/// The starter model as if it translated the other way round.
fn reverse_starter(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(STARTER)? {
        let entry = entry?;
        fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    fs::write(folder.join("tokenizer_config.json"), r#"{"source_lang": "en", "target_lang": "de"}"#)?;
    Ok(())
}
