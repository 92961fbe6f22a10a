//! The backend as a service of its own.

use anyhow::Context as _;
use backend::{App, Config, Registry};
use clap::{Parser, Subcommand};
use models::Store;
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
    /// Fetches, lists, verifies and removes models
    #[command(subcommand)]
    Model(models::Command),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { command, config, telemetry } = Arguments::parse();
    match command {
        None => {}
        Some(Command::Healthcheck) => {
            return Ok(health::healthcheck(&health::ready_url(config.listen)).await?);
        }
        Some(Command::Model(command)) => {
            let folder =
                config.models_dir.context("name the folder of models by MODELS_DIR or --models-dir")?;
            return command.run(&Store::new(folder)).await;
        }
    }
    telemetry.init()?;
    let shutdown = Shutdown::on_signals()?;
    let registry = Registry::discover(&config).context("cannot load the model")?;
    App::build(config, registry).await?.run(shutdown).await?;
    Ok(())
}
