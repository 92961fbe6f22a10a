//! Translates the long texts in the store, some at a time, fairly between owners. What is finished is written down
//! piece by piece, so that a restart of anything goes on where it stopped. Several frontends may run: each job is
//! claimed by one of them at a time.

mod refusal;
mod work;

use std::sync::Arc;
use std::time::Duration;

use api::Detected;
use jiff::Timestamp;
use service::Shutdown;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::client::Client;
use crate::files::Files;
use crate::glossary::Glossary;
use crate::pieces::pieces;
use crate::store::{Claim, Job, NewFile, NewJob, Owner, Store, StoreError};
use crate::translator::{Direction, in_thousandths};
pub(crate) use refusal::refusal;
use work::Work;

/// Texts above this size are jobs; a page waits for shorter ones.
pub(crate) const JOB_BYTES: usize = 10_000;

/// Jobs that one frontend works on at once. More would only divide the same backend.
const AT_ONCE: usize = 4;
/// A job whose frontend has vanished is taken over after so long.
const CLAIM: Duration = Duration::from_secs(30);
/// How often the store is asked for jobs that another frontend took in or left.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// The jobs of this frontend.
#[derive(Debug)]
pub(crate) struct Jobs {
    client: Arc<Client>,
    store: Store,
    files: Arc<Files>,
    added: Notify,
}

impl Jobs {
    /// None run until [`run`](Self::run).
    pub(crate) fn new(client: Arc<Client>, store: Store, files: Arc<Files>) -> Self {
        Self { client, store, files, added: Notify::new() }
    }

    /// Takes in a text, and the file that it was taken from if it was. It is translated even if nobody waits for it.
    pub(crate) async fn add(
        &self,
        text: &str,
        file: Option<NewFile<'_>>,
        direction: &Direction,
        owner: Owner,
        detected: Option<&Detected>,
        glossary: &Glossary,
    ) -> Result<Uuid, StoreError> {
        let id = Uuid::now_v7();
        let glossary = glossary.lines();
        let job = NewJob {
            id,
            owner,
            source_language: &direction.source,
            target_language: &direction.target,
            pieces: pieces(text).collect(),
            file,
            glossary: &glossary,
            detected: detected.map(in_thousandths),
            created_at: Timestamp::now(),
        };
        self.store.create_job(&job).await?;
        self.added.notify_one();
        Ok(id)
    }

    /// Opens a job again that was cancelled or failed. False if the owner has no such job.
    pub(crate) async fn resume(&self, id: Uuid, owner: Owner) -> Result<bool, StoreError> {
        let resumed = self.store.resume_job(id, owner).await?;
        self.added.notify_one();
        Ok(resumed)
    }

    /// Works on jobs until the process is asked to stop; then writes down what is finished and lets go of them.
    pub(crate) async fn run(&self, shutdown: &Shutdown) {
        let stop = CancellationToken::new();
        let mut working = JoinSet::new();
        while !shutdown.is_stopping() {
            while working.len() < AT_ONCE
                && let Some((job, by)) = self.claim().await
            {
                working.spawn(Work::new(&self.client, &self.store, &self.files, job, by).run(stop.clone()));
            }
            tokio::select! {
                () = shutdown.stopping() => {}
                () = self.added.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                Some(_) = working.join_next() => {}
            }
        }
        stop.cancel();
        while working.join_next().await.is_some() {}
    }

    async fn claim(&self) -> Option<(Job, Uuid)> {
        let (by, now) = (Uuid::now_v7(), Timestamp::now());
        let claimed = self.store.claim_job(Claim { by, until: now + CLAIM }, now).await;
        match claimed {
            Ok(job) => Some((job?, by)),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the jobs cannot be read");
                None
            }
        }
    }
}
