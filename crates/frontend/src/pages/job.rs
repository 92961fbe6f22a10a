//! The page of a long text under way, and what its script asks for.

use serde::Serialize;

use super::{DirectionView, FileView, Page, grouped, job_address};
use crate::store::{FinishedPiece, Job, JobState, StoredFile};

/// A long text under way.
#[derive(Debug, Serialize)]
pub(crate) struct JobPage {
    pub(crate) job: JobView,
    /// What is finished, from the beginning; empty if nothing is.
    pub(crate) output: String,
    /// What was found out of the source language, in words.
    pub(crate) detected: Option<String>,
    /// More is finished than is shown.
    pub(crate) cut: bool,
}

impl Page for JobPage {
    const TEMPLATE: &'static str = "job.html";
}

/// Where a job stands.
#[derive(Debug, Serialize)]
pub(crate) struct JobView {
    address: String,
    direction: DirectionView,
    /// If it is a file.
    file: Option<FileView>,
    excerpt: String,
    chars: String,
    /// `open`, `cancelled` or `failed`.
    state: &'static str,
    failure: Option<String>,
    percent: u8,
    left: Option<String>,
    sentences: String,
    reused: String,
}

impl JobView {
    pub(crate) fn of(job: Job, file: Option<&StoredFile>) -> Self {
        Self {
            address: job_address(job.id),
            file: file.map(FileView::of),
            direction: DirectionView::of(&job.source_language, &job.target_language),
            chars: grouped(job.source_chars as usize),
            state: match job.state {
                JobState::Open => "open",
                JobState::Cancelled => "cancelled",
                JobState::Failed => "failed",
            },
            percent: percent(&job),
            left: left(&job),
            sentences: grouped(job.sentences as usize),
            reused: grouped(job.reused as usize),
            excerpt: job.source_excerpt,
            failure: job.failure,
        }
    }
}

/// The same for a script, with the next finished pieces.
#[derive(Debug, Serialize)]
pub(crate) struct ProgressView {
    job: JobView,
    pieces: Vec<PieceView>,
    /// From which piece to ask on.
    next: i64,
}

/// A finished piece.
#[derive(Debug, Serialize)]
struct PieceView {
    source: String,
    target: String,
    /// For each sentence what lies before it, its length and that of its translation, in UTF-16 units.
    alignment: Vec<[usize; 3]>,
}

impl ProgressView {
    pub(crate) fn of(job: Job, first: i64, pieces: Vec<FinishedPiece>) -> Self {
        Self {
            job: JobView::of(job, None),
            next: pieces.last().map_or(first, |piece| piece.index + 1),
            pieces: pieces
                .into_iter()
                .map(|piece| PieceView {
                    alignment: piece.alignment.in_utf16(&piece.source, &piece.target).unwrap_or_default(),
                    source: piece.source,
                    target: piece.target,
                })
                .collect(),
        }
    }
}

/// Never 100 as long as anything is left.
fn percent(job: &Job) -> u8 {
    (job.done_bytes * 100 / job.source_bytes.max(1)).clamp(0, 99) as u8
}

fn left(job: &Job) -> Option<String> {
    let seconds = job.time_left().filter(|_| job.state == JobState::Open)?.as_secs();
    Some(match seconds {
        0..10 => "a few seconds".to_owned(),
        10..90 => format!("{} seconds", seconds.next_multiple_of(5)),
        90..5400 => format!("{} minutes", seconds.div_ceil(60)),
        _ => format!("{:.1} hours", seconds as f64 / 3600.0),
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::store::{JobKind, Owner};

    fn job(done_bytes: i64, duration_ms: i64) -> Job {
        Job {
            id: Uuid::nil(),
            owner: Owner::EVERYBODY,
            kind: JobKind::Text,
            source_language: "de".into(),
            target_language: "en".into(),
            state: JobState::Open,
            failure: None,
            source_excerpt: "Eins.".into(),
            source_chars: 1_000_000,
            source_bytes: 1_000_000,
            done_bytes,
            sentences: 1234,
            reused: 12,
            faults: 0,
            duration_ms,
            detected: None,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn time_left_is_told_as_far_as_it_is_known() {
        for (done, duration, expected) in [
            (0, 0, None),
            (1_000_000, 50_000, Some("a few seconds")),
            (500_000, 12_000, Some("15 seconds")),
            (100_000, 60_000, Some("9 minutes")),
            (10_000, 100_000, Some("2.8 hours")),
        ] {
            assert_eq!(left(&job(done, duration)).as_deref(), expected, "{done}");
        }
        let cancelled = Job { state: JobState::Cancelled, ..job(500_000, 12_000) };
        assert_eq!(left(&cancelled), None);
    }

    #[test]
    fn a_job_is_never_all_done() {
        assert_eq!([0, 9_999, 505_000, 1_000_000].map(|done| percent(&job(done, 1))), [0, 0, 50, 99]);
    }
}
