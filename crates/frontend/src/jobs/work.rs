//! One job at work: its pieces in order, each written down as it is finished, until all are or the job is another's.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::CLAIM;
use crate::client::{Client, ClientError};
use crate::memory::{Memory, PieceError};
use crate::store::{Claim, Job, Owner, Piece, Progress, Store, StoreError};
use crate::translator::Direction;

/// Pieces that are read at once.
const PIECES: i64 = 16;
/// Pieces that are translated at once, so that the backend has work while one is written down.
const AT_ONCE: usize = 2;
const RENEW_EVERY: Duration = Duration::from_secs(10);
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(15);
/// A job that fails so often without any progress would always fail.
const MAX_FAULTS: i64 = 10;

/// Why a job is left for now.
#[derive(Debug)]
enum Left {
    /// It is no longer open or ours, or the frontend stops.
    Gone,
    /// It cannot be translated, with the reason for people.
    Failed(String),
    /// Something is away; trying again later may help.
    Retry { at_least: Duration },
}

/// A job that is worked on.
#[derive(Debug)]
pub(super) struct Work {
    client: Arc<Client>,
    store: Store,
    id: Uuid,
    owner: Owner,
    direction: Direction,
    by: Uuid,
}

impl Work {
    pub(super) fn new(client: &Arc<Client>, store: &Store, job: Job, by: Uuid) -> Self {
        let direction = Direction { source: job.source_language, target: job.target_language };
        Self { client: Arc::clone(client), store: store.clone(), id: job.id, owner: job.owner, direction, by }
    }

    /// Works until the job is finished, given up, taken away, or `stop` says so.
    pub(super) async fn run(self, stop: CancellationToken) {
        let ours = stop.child_token();
        let working = async {
            self.work(&ours).await;
            ours.cancel();
        };
        // what is under way is remembered before this ends, so the token stops it and nothing is dropped
        tokio::join!(working, self.keep_claim(&ours));
    }

    fn claim(&self) -> Claim {
        Claim { by: self.by, until: Timestamp::now() + CLAIM }
    }

    async fn keep_claim(&self, stop: &CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(RENEW_EVERY) => {}
            }
            if matches!(self.store.renew_claim(self.id, self.claim()).await, Ok(false)) {
                stop.cancel();
            }
        }
    }

    async fn work(&self, stop: &CancellationToken) {
        let mut retry = FIRST_RETRY;
        loop {
            let mut progress = false;
            match self.translate_rest(stop, &mut progress).await {
                Ok(()) => return,
                Err(Left::Gone) => break,
                Err(Left::Failed(reason)) => {
                    let failed = self.store.fail_job(self.id, self.claim(), &reason).await;
                    tracing::error!(id = %self.id, recorded = failed.is_ok(), "a job failed");
                    return;
                }
                Err(Left::Retry { at_least }) => {
                    retry = if progress { FIRST_RETRY } else { (retry * 2).min(LAST_RETRY) };
                    tokio::select! {
                        () = stop.cancelled() => break,
                        () = tokio::time::sleep(retry.max(at_least)) => {}
                    }
                }
            }
        }
        // another frontend need not wait until the claim runs out
        let let_go = Claim { by: self.by, until: Timestamp::UNIX_EPOCH };
        if let Err(error) = self.store.renew_claim(self.id, let_go).await {
            tracing::debug!(%error, "a claim stays until it runs out");
        }
    }

    async fn translate_rest(&self, stop: &CancellationToken, progress: &mut bool) -> Result<(), Left> {
        let Self { client, store, owner, direction, .. } = self;
        let memory = Memory { client, store, owner: *owner, direction };
        loop {
            let pieces =
                store.unfinished_pieces(self.id, PIECES).await.map_err(|error| Left::of_store(&error))?;
            if pieces.is_empty() {
                return self.finish().await;
            }
            self.translate_some(pieces, &memory, stop, progress).await?;
        }
    }

    /// Translates and writes down these pieces. After a failure those that are under way are still finished, but no
    /// other is begun.
    async fn translate_some(
        &self,
        pieces: Vec<Piece>,
        memory: &Memory<'_>,
        stop: &CancellationToken,
        progress: &mut bool,
    ) -> Result<(), Left> {
        let (no_more, halt) = (stop.child_token(), stop.child_token());
        let translations = stream::iter(pieces)
            .take_while(|_| std::future::ready(!no_more.is_cancelled()))
            .map(|piece| memory.translate(piece, &halt))
            .buffered(AT_ONCE);
        let mut translations = std::pin::pin!(translations);
        let mut result = Ok(());
        while let Some(translation) = translations.next().await {
            let written = match translation {
                Ok(translated) => self.write_down(&translated, stop).await,
                Err(PieceError::Stopped) => Err(Left::Gone),
                Err(PieceError::Backend(error)) => Err(self.backend_failed(error).await),
            };
            match written {
                Ok(()) => *progress = true,
                Err(left) => {
                    no_more.cancel();
                    if matches!(left, Left::Gone) {
                        halt.cancel();
                    }
                    result = result.and(Err(left));
                }
            }
        }
        result
    }

    /// Writes down a finished piece, however long the database is away.
    async fn write_down(&self, translated: &Progress, stop: &CancellationToken) -> Result<(), Left> {
        let mut retry = FIRST_RETRY;
        loop {
            match self.store.finish_piece(self.id, self.claim(), translated).await {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(Left::Gone),
                Err(error) if error.is_transient() => {
                    tracing::warn!(id = %self.id, error = &error as &dyn std::error::Error,
                        "a piece of a job waits for the database");
                }
                Err(error) => return Err(Left::of_store(&error)),
            }
            tokio::select! {
                () = stop.cancelled() => return Err(Left::Gone),
                () = tokio::time::sleep(retry) => {}
            }
            retry = (retry * 2).min(LAST_RETRY);
        }
    }

    async fn finish(&self) -> Result<(), Left> {
        let finished =
            self.store.finish_job(self.id, self.claim()).await.map_err(|error| Left::of_store(&error))?;
        if !finished {
            return Err(Left::Gone);
        }
        metrics::counter!("ut_translations_total", "outcome" => "ok").increment(1);
        Ok(())
    }

    async fn backend_failed(&self, error: ClientError) -> Left {
        tracing::warn!(id = %self.id, error = &error as &dyn std::error::Error, "a job waits for the backend");
        match error {
            ClientError::Refused { message, .. } => Left::Failed(message),
            ClientError::Overloaded { retry_after } => {
                Left::Retry { at_least: retry_after.unwrap_or_default() }
            }
            ClientError::Broken { .. } => match self.store.count_fault(self.id, self.claim()).await {
                Ok(faults) if faults >= MAX_FAULTS => {
                    Left::Failed("The translation service failed on this text again and again.".to_owned())
                }
                _ => Left::Retry { at_least: Duration::ZERO },
            },
            ClientError::Unreachable { .. } | ClientError::TimedOut { .. } => {
                Left::Retry { at_least: Duration::ZERO }
            }
        }
    }
}

impl Left {
    fn of_store(error: &StoreError) -> Self {
        tracing::warn!(error = error as &dyn std::error::Error, "a job waits for the database");
        if error.is_transient() {
            Self::Retry { at_least: Duration::ZERO }
        } else {
            Self::Failed("The database does not take the finished text.".to_owned())
        }
    }
}
