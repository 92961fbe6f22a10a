//! Backend and frontend in one process: the same two services as in the stack, talking over loopback.

use std::io::Write as _;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use backend::Registry;
use service::{Shutdown, health, telemetry};

use crate::arguments::{EngineOptions, Serve};
use crate::folders;

/// How often the backend is asked whether it is ready. It takes a fraction of a second to be.
const ASK_AGAIN: Duration = Duration::from_millis(10);

/// Serves until a signal stops it.
pub(crate) async fn run(serve: Serve, engine: &EngineOptions) -> anyhow::Result<()> {
    telemetry::init(serve.log_format, &serve.log)?;
    let data_dir = folders::data_dir(serve.data_dir)?;
    let shutdown = Shutdown::on_signals()?;
    let backend = engine.backend()?;
    let registry = Registry::discover(&backend).context("cannot load the model")?;
    let backend = backend::App::build(backend, registry).await?;
    let backend_address = backend.address();
    let backend_url = format!("http://{backend_address}").parse()?;
    let frontend = frontend::Config::embedded(
        serve.listen,
        backend_url,
        data_dir.clone(),
        serve.history,
        serve.sql_page,
    );
    let frontend = frontend::App::build(frontend)
        .await
        .context("cannot serve; --listen takes another address, --data-dir another folder")?;
    let address = frontend.address();
    let backend = tokio::spawn(backend.run(shutdown.clone()));
    let greeting = async {
        while health::healthcheck(&health::ready_url(backend_address)).await.is_err() {
            tokio::time::sleep(ASK_AGAIN).await;
        }
        let folder = data_dir.display();
        writeln!(std::io::stdout(), "unlimited is ready: http://{address}\nIts history is kept in {folder}")
    };
    let announced = async {
        tokio::select! {
            result = greeting => { let _ = result; }
            () = shutdown.stopping() => {}
        }
    };
    // the backend asks for the shutdown if it breaks, so the frontend never outlives it
    let ((), ()) = tokio::join!(frontend.run(shutdown.clone()), announced);
    backend.await.map_err(|error| anyhow!(error))?.context("the backend broke")
}
