//! The backend as a service of its own.

use std::sync::Arc;

use anyhow::Context as _;
use backend::{App, Config};
use clap::{Parser, Subcommand};
use service::{Shutdown, health, telemetry};

/// Translates for the frontend.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
    #[command(flatten)]
    telemetry: telemetry::Options,
}

#[derive(Subcommand)]
enum Command {
    /// Asks the backend that runs on this machine whether it is ready: exit status 0 if so
    Healthcheck,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { command, config, telemetry } = Arguments::parse();
    if matches!(command, Some(Command::Healthcheck)) {
        return Ok(health::healthcheck(&health::ready_url(config.listen)).await?);
    }
    telemetry.init()?;
    let shutdown = Shutdown::on_signals()?;
    let engine = config.load_engine().context("cannot load the model")?;
    App::build(config, Arc::new(engine)).await?.run(shutdown).await?;
    Ok(())
}
