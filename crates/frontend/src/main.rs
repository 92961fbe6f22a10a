//! The frontend as a service of its own.

use clap::{Parser, Subcommand};
use frontend::{App, Config};
use service::{Shutdown, health, telemetry};

/// The public side of unlimited: pages and history.
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
    /// Asks the frontend that runs on this machine whether it is ready: exit status 0 if so.
    Healthcheck,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { command, config, telemetry } = Arguments::parse();
    if matches!(command, Some(Command::Healthcheck)) {
        return Ok(health::healthcheck(&health::ready_url(config.listen)).await?);
    }
    telemetry.init()?;
    App::build(config).await?.run(Shutdown::on_signals()?).await;
    Ok(())
}
