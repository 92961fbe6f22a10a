//! The backend as a service of its own.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use backend::{App, Config};
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
    Model {
        /// Folder of models
        #[arg(long, env, value_name = "FOLDER", default_value = "/models")]
        models_dir: PathBuf,
        #[command(subcommand)]
        command: models::Command,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { command, config, telemetry } = Arguments::parse();
    match command {
        None => {}
        Some(Command::Healthcheck) => {
            return Ok(health::healthcheck(&health::ready_url(config.listen)).await?);
        }
        Some(Command::Model { models_dir, command }) => return command.run(&Store::new(models_dir)).await,
    }
    telemetry.init()?;
    let shutdown = Shutdown::on_signals()?;
    let engine = config.load_engine().context("cannot load the model")?;
    App::build(config, Arc::new(engine)).await?.run(shutdown).await?;
    Ok(())
}
