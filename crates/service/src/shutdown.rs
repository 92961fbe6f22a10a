//! How a process is told to stop: softly first, then hard.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The two stages of stopping. Clones share one state.
///
/// *Soft*: take nothing new, finish what runs. *Hard*: let go of everything now.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    soft: CancellationToken,
    hard: CancellationToken,
}

impl Shutdown {
    /// One that nothing has asked for yet, and that no signal asks for.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that the first SIGTERM or SIGINT makes soft and the second makes hard. Must be called within a Tokio
    /// runtime; fails if the system takes no signal handler.
    pub fn on_signals() -> std::io::Result<Self> {
        let shutdown = Self::new();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let stages = shutdown.clone();
        tokio::spawn(async move {
            let mut next = async || {
                tokio::select! {
                    _ = terminate.recv() => "SIGTERM",
                    _ = interrupt.recv() => "SIGINT",
                }
            };
            let name = next().await;
            tracing::info!(signal = name, "stopping; a second signal aborts what still runs");
            stages.stop();
            let name = next().await;
            tracing::warn!(signal = name, "aborting");
            stages.abort();
        });
        Ok(shutdown)
    }

    /// Asks for a soft stop.
    pub fn stop(&self) {
        self.soft.cancel();
    }

    /// Asks for a hard stop.
    pub fn abort(&self) {
        self.soft.cancel();
        self.hard.cancel();
    }

    /// True once a stop of either kind has been asked for.
    pub fn is_stopping(&self) -> bool {
        self.soft.is_cancelled()
    }

    /// Resolves when a stop of either kind is asked for.
    pub async fn stopping(&self) {
        self.soft.cancelled().await;
    }

    /// Resolves when a hard stop is asked for.
    pub async fn aborted(&self) {
        self.hard.cancelled().await;
    }
}
