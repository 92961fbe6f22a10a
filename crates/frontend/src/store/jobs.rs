//! Long texts under way, and the sentences that were translated once. One frontend at a time works on a job: it
//! claims it for a while, and whatever it writes is refused once another one has claimed it.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::{NewFile, Owner, Store, StoreError, limit, on_either};
use crate::alignment::Alignment;
use crate::links::Links;

/// Names a remembered sentence: a SHA-256 of everything that its translation depends on.
pub type SentenceKey = [u8; 32];

pub(super) const JOB_TIMEOUT: Duration = Duration::from_secs(3);
/// For what moves a whole text: tens of megabytes on a slow disk.
pub(super) const WHOLE_TIMEOUT: Duration = Duration::from_mins(2);
/// How many unfinished jobs a list shows.
const LISTED: i64 = 50;

/// A long text that is to be translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob<'a> {
    /// UUIDv7; the translation will have the same.
    pub id: Uuid,
    /// Whose it is.
    pub owner: Owner,
    /// BCP 47.
    pub source_language: &'a str,
    /// BCP 47.
    pub target_language: &'a str,
    /// The text in pieces that are translated one by one, none empty.
    pub pieces: Vec<&'a str>,
    /// As in [`Translation`](super::Translation).
    pub detected: Option<u32>,
    /// The file that the text was taken from, if it was.
    pub file: Option<NewFile<'a>>,
    /// The visitor's terms as they were typed; may be empty.
    pub glossary: &'a str,
    /// When the request came in.
    pub created_at: Timestamp,
}

/// What is translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// A text.
    Text,
    /// The texts of a document, which is then written again.
    File,
}

impl JobKind {
    /// As it is stored.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::File => "file",
        }
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// It is worked on, or will be.
    Open,
    /// Somebody stopped it; it can go on.
    Cancelled,
    /// It cannot be translated to its end; it can be tried again.
    Failed,
}

impl JobState {
    /// As it is stored.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
}

/// A job without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// As in [`NewJob`].
    pub id: Uuid,
    /// As in [`NewJob`].
    pub owner: Owner,
    /// What is translated.
    pub kind: JobKind,
    /// As in [`NewJob`].
    pub source_language: String,
    /// As in [`NewJob`].
    pub target_language: String,
    /// Where it stands.
    pub state: JobState,
    /// Why it failed, for people.
    pub failure: Option<String>,
    /// The first 280 characters of the text.
    pub source_excerpt: String,
    /// Characters of the text.
    pub source_chars: i64,
    /// Bytes of the text.
    pub source_bytes: i64,
    /// Bytes of the finished pieces.
    pub done_bytes: i64,
    /// Finished sentences.
    pub sentences: i64,
    /// Those of them that were remembered.
    pub reused: i64,
    /// Failed attempts since the last finished piece.
    pub faults: i64,
    /// Time worked on it in milliseconds.
    pub duration_ms: i64,
    /// As in [`NewJob`].
    pub detected: Option<u32>,
    /// As in [`NewJob`].
    pub glossary: String,
    /// As in [`NewJob`].
    pub created_at: Timestamp,
}

impl Job {
    /// How long the rest will take if it goes on as it went so far.
    pub fn time_left(&self) -> Option<Duration> {
        let rest = self.source_bytes.saturating_sub(self.done_bytes);
        let per_byte = (self.done_bytes > 0).then(|| self.duration_ms as f64 / self.done_bytes as f64)?;
        Duration::try_from_secs_f64(per_byte * rest as f64 / 1e3).ok()
    }
}

/// A piece of a job's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its place, from 0.
    pub index: i64,
    /// The text.
    pub source: String,
}

/// A piece with its translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishedPiece {
    /// Its place, from 0.
    pub index: i64,
    /// The text.
    pub source: String,
    /// The translation.
    pub target: String,
    /// Which sentence belongs to which.
    pub alignment: Alignment,
    /// Which word became which; of files alone.
    pub links: Option<Links>,
}

/// What became of a piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The piece.
    pub piece: FinishedPiece,
    /// Its sentences.
    pub sentences: i64,
    /// Those of them that were remembered.
    pub reused: i64,
    /// The model that translated.
    pub model: String,
    /// Time worked on it.
    pub duration: Duration,
}

/// A frontend's right to work on a job until a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The frontend.
    pub by: Uuid,
    /// Until then; others may claim the job afterwards.
    pub until: Timestamp,
}

/// A translated sentence to remember.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// Its name.
    pub key: SentenceKey,
    /// Names the sentence alone, whatever it was translated with.
    pub sentence: SentenceKey,
    /// Its translation.
    pub target: String,
    /// Which word became which; `None` if that was never asked for. Empty links count as an answer: such a sentence
    /// is never replaced.
    pub links: Option<Links>,
}

impl Store {
    /// Adds a job with its text, and its file if it has one.
    pub async fn create_job(&self, job: &NewJob<'_>) -> Result<(), StoreError> {
        limit(WHOLE_TIMEOUT, on_either!(self, store => store.create_job(job))).await
    }

    /// The job with this id; `None` once it is finished or deleted.
    pub async fn job(&self, id: Uuid) -> Result<Option<Job>, StoreError> {
        limit(JOB_TIMEOUT, on_either!(self, store => store.job(id))).await
    }

    /// An owner's latest jobs, newest first.
    pub async fn jobs_of(&self, owner: Owner) -> Result<Vec<Job>, StoreError> {
        limit(JOB_TIMEOUT, on_either!(self, store => store.jobs_of(owner, LISTED))).await
    }

    /// Claims the open job that waits longest among those of the owner for whom the fewest are worked on.
    pub async fn claim_job(&self, claim: Claim, now: Timestamp) -> Result<Option<Job>, StoreError> {
        limit(JOB_TIMEOUT, on_either!(self, store => store.claim_job(claim, now))).await
    }

    /// Makes a claim last longer, or end if its time is past. False if the job is no longer open or ours.
    pub async fn renew_claim(&self, id: Uuid, claim: Claim) -> Result<bool, StoreError> {
        limit(JOB_TIMEOUT, on_either!(self, store => store.renew_claim(id, claim))).await
    }

    /// The first unfinished pieces of a job, at most so many.
    pub async fn unfinished_pieces(&self, id: Uuid, most: i64) -> Result<Vec<Piece>, StoreError> {
        limit(JOB_TIMEOUT, on_either!(self, store => store.unfinished_pieces(id, most))).await
    }

    /// The finished pieces of a job from `first` on, at most so many.
    pub async fn finished_pieces(
        &self,
        id: Uuid,
        first: i64,
        most: i64,
    ) -> Result<Vec<FinishedPiece>, StoreError> {
        limit(JOB_TIMEOUT, on_either!(self, store => store.finished_pieces(id, first, most))).await
    }

    /// Writes down a finished piece and renews the claim. False, and nothing is written, if the job is no longer open
    /// or ours.
    pub async fn finish_piece(
        &self,
        id: Uuid,
        claim: Claim,
        progress: &Progress,
    ) -> Result<bool, StoreError> {
        limit(JOB_TIMEOUT, on_either!(self, store => store.finish_piece(id, claim, progress))).await
    }

    /// Makes a job whose pieces are all finished a translation. False if it is no longer open or ours.
    pub async fn finish_job(&self, id: Uuid, claim: Claim) -> Result<bool, StoreError> {
        limit(WHOLE_TIMEOUT, on_either!(self, store => store.finish_job(id, claim))).await
    }

    /// Counts a failed attempt at a job of ours and returns how many there were since the last progress.
    pub async fn count_fault(&self, id: Uuid, claim: Claim) -> Result<i64, StoreError> {
        limit(JOB_TIMEOUT, on_either!(self, store => store.count_fault(id, claim))).await
    }

    /// Gives up a job of ours.
    pub async fn fail_job(&self, id: Uuid, claim: Claim, failure: &str) -> Result<bool, StoreError> {
        limit(JOB_TIMEOUT, on_either!(self, store => store.fail_job(id, claim, failure))).await
    }

    /// Stops a job that is open. False if the owner has no such job.
    pub async fn cancel_job(&self, id: Uuid, owner: Owner) -> Result<bool, StoreError> {
        limit(JOB_TIMEOUT, on_either!(self, store => store.cancel_job(id, owner))).await
    }

    /// Opens a job again that was cancelled or failed. False if the owner has no such job.
    pub async fn resume_job(&self, id: Uuid, owner: Owner) -> Result<bool, StoreError> {
        limit(JOB_TIMEOUT, on_either!(self, store => store.resume_job(id, owner))).await
    }

    /// Deletes a job with its text and what is translated of it. False if the owner has no such job.
    pub async fn delete_job(&self, id: Uuid, owner: Owner) -> Result<bool, StoreError> {
        limit(WHOLE_TIMEOUT, on_either!(self, store => store.delete_job(id, owner))).await
    }

    /// Keeps translated sentences for [`recall`](Self::recall). One that is kept already stays as it is, unless its links
    /// are known only now.
    pub async fn remember(
        &self,
        owner: Owner,
        sentences: &[Remembered],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if sentences.is_empty() {
            return Ok(());
        }
        limit(JOB_TIMEOUT, on_either!(self, store => store.remember(owner, sentences, now))).await
    }

    /// Forgets what has one of these names, or is a translation of a sentence with one.
    pub async fn forget(&self, keys: &[SentenceKey]) -> Result<(), StoreError> {
        limit(JOB_TIMEOUT, on_either!(self, store => store.forget(keys))).await
    }

    /// Those of the sentences that are remembered.
    pub async fn recall(&self, keys: &[SentenceKey]) -> Result<HashMap<SentenceKey, Remembered>, StoreError> {
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        limit(JOB_TIMEOUT, on_either!(self, store => store.recall(keys))).await
    }
}
