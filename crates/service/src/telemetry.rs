//! Logs, on standard error: for people or as JSON, one object a line.

use std::{
    io::{self, IsTerminal},
    panic,
};

use tracing_subscriber::{
    filter::{ParseError, Targets},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people; coloured on a terminal.
    Text,
    /// One JSON object a line, for log collectors.
    Json,
}

/// The flags and variables of logging, the same for every service.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// What is logged: a level, or pairs such as `info,backend=debug`
    #[arg(long, env, default_value = "info", value_name = "FILTER")]
    pub log: String,
    /// How log lines are written
    #[arg(long, env, value_enum, default_value_t = LogFormat::Json)]
    pub log_format: LogFormat,
}

impl Options {
    /// Sets up logging as [`init`] does.
    pub fn init(&self) -> Result<(), TelemetryError> {
        init(self.log_format, &self.log)
    }
}

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not one.
    #[error(
        "{filter:?} is not a log filter; write a level such as info, or pairs such as info,backend=debug"
    )]
    Filter {
        /// What was given.
        filter: String,
        /// What is wrong with it.
        source: ParseError,
    },
    /// Logging has been set up before.
    #[error("logging is already set up")]
    Twice(#[from] tracing_subscriber::util::TryInitError),
}

/// Sets up logging for the process, once. `filter` is a level (`info`) or a list of directives
/// (`info,backend=debug`) as `tracing_subscriber` takes them.
///
/// From then on a panic is logged by its place alone: its message may quote a user's text.
pub fn init(format: LogFormat, filter: &str) -> Result<(), TelemetryError> {
    let filter: Targets =
        filter.parse().map_err(|source| TelemetryError::Filter { filter: filter.to_owned(), source })?;
    let lines = fmt::layer().with_writer(io::stderr);
    let registry = tracing_subscriber::registry().with(filter);
    match format {
        LogFormat::Text => {
            registry.with(lines.with_target(false).with_ansi(io::stderr().is_terminal())).try_init()?;
        }
        LogFormat::Json => registry
            .with(lines.json().flatten_event(true).with_current_span(true).with_span_list(false))
            .try_init()?,
    }
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, thread = std::thread::current().name(), "a panic");
    }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_is_none_is_refused_by_name() {
        let error = init(LogFormat::Text, "info,backend=loud").unwrap_err();
        assert!(error.to_string().contains("\"info,backend=loud\" is not a log filter"), "{error}");
    }
}
