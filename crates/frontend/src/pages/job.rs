//! The page of a long text under way, and what its script asks for.

use serde::Serialize;

use super::{DirectionView, FileView, Page, job_address};
use crate::locale::Locale;
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
    chars: i64,
    /// `open`, `cancelled` or `failed`.
    state: &'static str,
    failure: Option<String>,
    percent: u8,
    left: Option<String>,
    sentences: i64,
    reused: i64,
}

impl JobView {
    pub(crate) fn of(job: Job, file: Option<&StoredFile>) -> Self {
        Self {
            address: job_address(job.id),
            file: file.map(FileView::of),
            direction: DirectionView::of(&job.source_language, &job.target_language),
            chars: job.source_chars,
            state: match job.state {
                JobState::Open => "open",
                JobState::Cancelled => "cancelled",
                JobState::Failed => "failed",
            },
            percent: percent(&job),
            left: left(&job, Locale::current()),
            sentences: job.sentences,
            reused: job.reused,
            excerpt: job.source_excerpt,
            failure: job.failure.map(failure),
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

fn left(job: &Job, locale: Locale) -> Option<String> {
    let seconds = job.time_left().filter(|_| job.state == JobState::Open)?.as_secs();
    let about = |name, count: f64| locale.text_with(name, &[("count", count.into())]);
    Some(match seconds {
        0..10 => locale.text("left-moment"),
        10..90 => about("left-seconds", seconds.next_multiple_of(5) as f64),
        90..5400 => about("left-minutes", seconds.div_ceil(60) as f64),
        _ => about("left-hours", (seconds as f64 / 360.0).round() / 10.0),
    })
}

/// Why a job failed, by the name of the message that is stored; before there were names, words were.
fn failure(stored: String) -> String {
    let locale = Locale::current();
    let Some(words) = locale.find(&stored, &[]) else { return stored };
    match locale.find(&format!("{stored}.message"), &[]) {
        Some(message) => format!("{words}. {message}"),
        None => words,
    }
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
            glossary: String::new(),
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn time_left_is_told_as_far_as_it_is_known() {
        for (done, duration, expected) in [
            (0, 0, None),
            (1_000_000, 50_000, Some("Nur noch wenige Sekunden.")),
            (500_000, 12_000, Some("Noch etwa 15 Sekunden.")),
            (100_000, 60_000, Some("Noch etwa 9 Minuten.")),
            (10_000, 100_000, Some("Noch etwa 2,8 Stunden.")),
        ] {
            assert_eq!(left(&job(done, duration), Locale::German).as_deref(), expected, "{done}");
        }
        let cancelled = Job { state: JobState::Cancelled, ..job(500_000, 12_000) };
        assert_eq!(left(&cancelled, Locale::German), None);
    }

    #[test]
    fn a_job_is_never_all_done() {
        assert_eq!([0, 9_999, 505_000, 1_000_000].map(|done| percent(&job(done, 1))), [0, 0, 50, 99]);
    }
}
