//! Has the store write down what it is searched by, in the background.

use std::time::Duration;

use service::Shutdown;
use tokio::sync::Notify;

use crate::store::Store;

/// How often the store is asked for what jobs and other frontends added.
const LOOK_EVERY: Duration = Duration::from_secs(2);
const AFTER_FAILURE: Duration = Duration::from_secs(15);

/// Works until the process is asked to stop; `stored` says that something new is there.
pub(crate) async fn run(store: &Store, stored: &Notify, shutdown: &Shutdown) {
    loop {
        let pause = match store.index_some().await {
            Ok(true) => Duration::ZERO,
            Ok(false) => LOOK_EVERY,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the history cannot be indexed");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            biased;
            () = shutdown.stopping() => return,
            () = stored.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
