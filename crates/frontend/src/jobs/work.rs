//! One job at work: its pieces in order, each written down as it is finished, until all are or the job is another's.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use markup::Format;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{CLAIM, refusal};
use crate::client::{Client, ClientError};
use crate::files::{FileError, Files};
use crate::glossary::Glossary;
use crate::memory::{Memory, PieceError};
use crate::store::{Claim, Job, JobKind, NewFile, Owner, Piece, Progress, SentenceKey, Store, StoreError};
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

/// Why work on a job ends before the job does.
#[derive(Debug)]
enum Left {
    /// It is no longer open or ours, or the frontend stops.
    Gone,
    /// It cannot be translated, with the name of the message that says why.
    Failed(&'static str),
    /// Something is away; trying again later may help.
    Retry { at_least: Duration },
}

/// A job that is worked on.
#[derive(Debug)]
pub(super) struct Work {
    client: Arc<Client>,
    store: Store,
    files: Arc<Files>,
    id: Uuid,
    owner: Owner,
    kind: JobKind,
    direction: Direction,
    glossary: Glossary,
    by: Uuid,
    /// Names of the sentences that were remembered.
    names: Mutex<Vec<SentenceKey>>,
}

impl Work {
    pub(super) fn new(client: &Arc<Client>, store: &Store, files: &Arc<Files>, job: Job, by: Uuid) -> Self {
        let direction = Direction { source: job.source_language, target: job.target_language };
        let Job { id, owner, kind, glossary, .. } = job;
        // checked before it was stored
        let glossary = Glossary::parse(&glossary).unwrap_or_default();
        let (client, files) = (Arc::clone(client), Arc::clone(files));
        Self {
            client,
            store: store.clone(),
            files,
            id,
            owner,
            kind,
            direction,
            glossary,
            by,
            names: Mutex::default(),
        }
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
                    let failed = self.store.fail_job(self.id, self.claim(), reason).await;
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
        if let Err(error) = self.forget_deleted().await {
            tracing::warn!(%error, "sentences of a job that may be deleted stay remembered");
        }
        // another frontend need not wait until the claim runs out
        let let_go = Claim { by: self.by, until: Timestamp::UNIX_EPOCH };
        if let Err(error) = self.store.renew_claim(self.id, let_go).await {
            tracing::debug!(%error, "a claim stays until it runs out");
        }
    }

    /// Whoever deleted the job could not know what was being remembered just then.
    async fn forget_deleted(&self) -> Result<(), StoreError> {
        if self.store.job(self.id).await?.is_none() && !self.store.has_translation(self.id).await? {
            let names = std::mem::take(&mut *self.names.lock().unwrap_or_else(PoisonError::into_inner));
            self.store.forget(&names).await?;
        }
        Ok(())
    }

    async fn translate_rest(&self, stop: &CancellationToken, progress: &mut bool) -> Result<(), Left> {
        let Self { client, store, owner, direction, glossary, .. } = self;
        let links = self.needs_links().await?;
        let memory =
            Memory { client, store, owner: *owner, direction, glossary, links, names: Some(&self.names) };
        loop {
            let pieces =
                store.unfinished_pieces(self.id, PIECES).await.map_err(|error| Left::of_store(&error))?;
            if pieces.is_empty() {
                return self.finish().await;
            }
            self.translate_some(pieces, &memory, stop, progress).await?;
        }
    }

    /// Whether there may be tags to place. Plain text has none, so it shares all remembered sentences with texts.
    async fn needs_links(&self) -> Result<bool, Left> {
        if self.kind == JobKind::Text {
            return Ok(false);
        }
        let file = self.store.file(self.id).await.map_err(|error| Left::of_store(&error))?;
        let format = file.map(|file| Format::from_file_name(&file.source.name));
        Ok(format != Some(Ok(Format::Text)))
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
        if self.kind == JobKind::File {
            self.write_file().await?;
        }
        let finished =
            self.store.finish_job(self.id, self.claim()).await.map_err(|error| Left::of_store(&error))?;
        if !finished {
            return Err(Left::Gone);
        }
        metrics::counter!("ut_translations_total", "outcome" => "ok").increment(1);
        Ok(())
    }

    /// Writes the translated document. After a restart in the middle it is simply written again.
    async fn write_file(&self) -> Result<(), Left> {
        let file = match self.files.translated(self.id, &self.direction, true).await {
            Ok(file) => file.ok_or(Left::Gone)?,
            Err(FileError::Store(error)) => return Err(Left::of_store(&error)),
            Err(error) => {
                tracing::error!(id = %self.id, error = &error as &dyn std::error::Error, "a document cannot be written");
                return Err(Left::Failed(match error {
                    FileError::Changed => "failure-job-changed",
                    _ => "failure-job-unwritten",
                }));
            }
        };
        let file = NewFile { name: &file.name, content: &file.content };
        let written = self.store.write_translated(self.id, self.claim(), file).await;
        if written.map_err(|error| Left::of_store(&error))? { Ok(()) } else { Err(Left::Gone) }
    }

    async fn backend_failed(&self, error: ClientError) -> Left {
        tracing::warn!(id = %self.id, error = &error as &dyn std::error::Error, "a job waits for the backend");
        match error {
            ClientError::Refused { code, .. } => Left::Failed(refusal(code)),
            ClientError::Overloaded { retry_after } => {
                Left::Retry { at_least: retry_after.unwrap_or_default() }
            }
            ClientError::Broken { .. } => match self.store.count_fault(self.id, self.claim()).await {
                Ok(faults) if faults >= MAX_FAULTS => Left::Failed("failure-job-faults"),
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
            Self::Failed("failure-job-database")
        }
    }
}
