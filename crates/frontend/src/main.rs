//! The frontend as a service of its own.

use clap::{Parser, Subcommand};
use frontend::{App, Config};
use service::telemetry::LogFormat;
use service::{Shutdown, health, telemetry};

/// The public side of unlimited: pages and history.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
    /// What is logged: a level, or pairs such as info,sqlx=debug.
    #[arg(long, env = "LOG", default_value = "info")]
    log: String,
    /// How it is logged.
    #[arg(long, env = "LOG_FORMAT", default_value = "json")]
    log_format: LogFormat,
}

#[derive(Subcommand)]
enum Command {
    /// Asks the frontend that runs on this machine whether it is ready: exit status 0 if so.
    Healthcheck,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { command, config, log, log_format } = Arguments::parse();
    if matches!(command, Some(Command::Healthcheck)) {
        return Ok(health::healthcheck(&health::ready_url(config.listen)).await?);
    }
    telemetry::init(log_format, &log)?;
    App::build(config).await?.run(Shutdown::on_signals()?).await;
    Ok(())
}
