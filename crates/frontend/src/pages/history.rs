//! The page of the history: a list, or what was found in it.

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;
use uuid::Uuid;

use super::{DirectionView, FileView, JobView, Page, Time, permalink};
use crate::search::Query;
use crate::store::{self, Found, Hit, Job, StoredFile, Summary};
use crate::wanted::Wanted;

/// Those of the jobs and translations that are files.
type Files = HashMap<Uuid, StoredFile>;

/// One page of the history.
#[derive(Debug, Serialize)]
pub(crate) struct HistoryPage {
    /// Long texts that are not finished, on the first page.
    pub(crate) jobs: Vec<JobView>,
    pub(crate) entries: Vec<EntryView>,
    pub(crate) search: SearchView,
    /// Addresses of other pages.
    pub(crate) newest: Option<String>,
    pub(crate) newer: Option<String>,
    pub(crate) older: Option<String>,
    /// All see it.
    pub(crate) shared: bool,
    pub(crate) waiting: usize,
}

impl Page for HistoryPage {
    const TEMPLATE: &'static str = "history.html";
}

/// The form that searches, and what is to be said of the search.
#[derive(Debug, Default, Serialize)]
pub(crate) struct SearchView {
    /// Something is looked for.
    pub(crate) active: bool,
    pub(crate) words: String,
    pub(crate) pairs: Vec<PairView>,
    pub(crate) from: String,
    pub(crate) to: String,
    /// The fields again, to follow others in an address.
    pub(crate) fields: String,
    /// Why nothing was looked for.
    pub(crate) problem: Option<String>,
    /// Beginnings that were looked for as whole words.
    pub(crate) whole: Vec<String>,
    /// How far back was looked, if not to the end.
    pub(crate) broken_off: Option<Time>,
}

#[derive(Debug, Serialize)]
pub(crate) struct PairView {
    pub(crate) value: String,
    pub(crate) direction: DirectionView,
    pub(crate) selected: bool,
}

impl SearchView {
    /// The form as it was filled in, with the pairs to choose from.
    pub(crate) fn new(wanted: &Wanted, mut pairs: Vec<String>) -> Self {
        if !wanted.pair.is_empty() && !pairs.contains(&wanted.pair) {
            pairs.push(wanted.pair.clone());
        }
        let view = |value: String| {
            let (source, target) = value.split_once(' ').unwrap_or((&value, ""));
            PairView { direction: DirectionView::of(source, target), selected: value == wanted.pair, value }
        };
        Self {
            active: !wanted.is_all(),
            words: wanted.words.clone(),
            pairs: pairs.into_iter().map(view).collect(),
            from: wanted.from.clone(),
            to: wanted.to.clone(),
            fields: wanted.fields(),
            ..Self::default()
        }
    }
}

impl HistoryPage {
    pub(crate) fn new(search: SearchView, shared: bool, waiting: usize) -> Self {
        let (jobs, entries) = (Vec::new(), Vec::new());
        Self { jobs, entries, search, newest: None, newer: None, older: None, shared, waiting }
    }

    /// With a page of the list.
    pub(crate) fn list(self, page: store::Page, jobs: Vec<Job>, files: &Files) -> Self {
        let fields = &self.search.fields;
        let job = |job: Job| {
            let file = files.get(&job.id);
            JobView::of(job, file)
        };
        let entry = |summary: Summary| EntryView::new(summary.into(), &Query::default(), files);
        Self {
            jobs: jobs.into_iter().map(job).collect(),
            entries: page.entries.into_iter().map(entry).collect(),
            newer: page.newer.map(|cursor| format!("/history?after={cursor}{fields}")),
            older: page.older.map(|cursor| format!("/history?before={cursor}{fields}")),
            ..self
        }
    }

    /// With what was found, which begins with the newest if `newest`.
    pub(crate) fn found(mut self, found: Found, newest: bool, files: &Files) -> Self {
        let fields = &self.search.fields;
        self.newest = (!newest).then(|| format!("/history?{}", fields.trim_start_matches("&amp;")));
        self.older = found.older.map(|cursor| format!("/history?before={cursor}{fields}"));
        self.search.broken_off =
            found.older.filter(|_| found.broken_off).map(|place| Time::of(place.created_at()));
        self.search.whole = Query::parse(&self.search.words)
            .unwrap_or_default()
            .terms
            .into_iter()
            .zip(&found.query.terms)
            .filter(|(asked, looked_for)| asked.prefix && !looked_for.prefix)
            .filter_map(|(asked, _)| asked.forms.into_iter().next())
            .collect();
        self.entries = found.hits.into_iter().map(|hit| EntryView::new(hit, &found.query, files)).collect();
        self
    }
}

/// A line of the history.
#[derive(Debug, Serialize)]
pub(crate) struct EntryView {
    pub(crate) permalink: String,
    pub(crate) direction: DirectionView,
    /// If it is a file.
    pub(crate) file: Option<FileView>,
    pub(crate) source: ExcerptView,
    pub(crate) target: ExcerptView,
    /// What the button that deletes it says of it.
    pub(crate) label: String,
    pub(crate) chars: i64,
    pub(crate) created: Time,
}

/// A part of a text.
#[derive(Debug, Serialize)]
pub(crate) struct ExcerptView {
    /// Something lies before it.
    pub(crate) cut_before: bool,
    pub(crate) parts: Vec<PartView>,
    /// Something lies behind it.
    pub(crate) cut: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct PartView {
    pub(crate) text: String,
    /// It was looked for.
    pub(crate) marked: bool,
}

impl ExcerptView {
    pub(crate) fn new(text: &str, marks: &[Range<usize>], from: u32, cut: bool) -> Self {
        let (mut parts, mut at) = (Vec::new(), 0);
        let mut add = |text: &str, marked| {
            if !text.is_empty() {
                parts.push(PartView { text: text.to_owned(), marked });
            }
        };
        for mark in marks {
            add(&text[at..mark.start], false);
            add(&text[mark.clone()], true);
            at = mark.end;
        }
        add(&text[at..], false);
        Self { cut_before: from > 0, parts, cut }
    }
}

impl EntryView {
    fn new(hit: Hit, query: &Query, files: &Files) -> Self {
        let Hit { summary, source_from, source_cut, target_from, target_cut } = hit;
        let excerpt = |text: &str, from: u32, cut| ExcerptView::new(text, &query.marks(text), from, cut);
        Self {
            permalink: permalink(summary.id),
            file: files.get(&summary.id).map(FileView::of),
            chars: i64::from(summary.source_chars),
            created: Time::of(summary.created_at()),
            direction: DirectionView::of(&summary.source_language, &summary.target_language),
            label: summary.source_excerpt.chars().take(60).collect(),
            source: excerpt(&summary.source_excerpt, source_from, source_cut),
            target: excerpt(&summary.target_excerpt, target_from, target_cut),
        }
    }
}
