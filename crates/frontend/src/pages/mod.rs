//! The pages as data: a type for each template with just what it shows, and their rendering. Decides nothing.
//! Templates escape everything but our own addresses, which are made of ids, numbers and hashes alone.

mod choice;
mod file;
mod job;
mod language;
mod sql;

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::response::Html;
use jiff::Timestamp;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;
use uuid::Uuid;

use crate::assets;
use crate::store::{self, Job, StoredFile, Summary, Translation};
use crate::translator::Direction;
pub(crate) use choice::{ChoiceView, detected};
pub(crate) use file::{FilePage, FileView};
pub(crate) use job::{JobPage, JobView, ProgressView};
pub(crate) use sql::{EXAMPLE, SqlPage};

/// Longer texts are shown without their sentences told apart.
const MAX_ALIGNED_BYTES: usize = 1 << 20;

/// A page: its data and the template that shows them.
pub(crate) trait Page: Serialize {
    const TEMPLATE: &'static str;
}

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_function("asset", |file: &str| {
        assets::address(file).map(Value::from_safe_string).ok_or_else(|| no_asset(file))
    });
    environment.add_function("script", |file: &str| {
        assets::script(file).map(Value::from_safe_string).ok_or_else(|| no_asset(file))
    });
    load_templates(&mut environment);
    environment
});

#[expect(elided_lifetimes_in_paths, reason = "the macro's own code has them")]
fn load_templates(environment: &mut Environment<'_>) {
    minijinja_embed::load_templates!(*environment);
}

fn no_asset(file: &str) -> minijinja::Error {
    minijinja::Error::new(ErrorKind::InvalidOperation, format!("there is no file {file} in static"))
}

/// The page as HTML.
pub(crate) fn render<P: Page>(page: &P) -> Html<String> {
    let template = TEMPLATES.get_template(P::TEMPLATE).expect("every page's template is embedded");
    Html(template.render(Serde(page)).expect("the test of all templates renders every page in full"))
}

/// The form, and beside it what came of it.
#[derive(Debug, Serialize)]
pub(crate) struct TranslatePage {
    /// What is shown; the source may be [`api::AUTO`].
    pub(crate) direction: DirectionView,
    /// Where there is more than one pair.
    pub(crate) choice: Option<ChoiceView>,
    /// What was found out of the source language, in words.
    pub(crate) detected: Option<String>,
    /// Name of the starter model, if that is what translates.
    pub(crate) starter: Option<String>,
    pub(crate) text: String,
    pub(crate) text_chars: String,
    pub(crate) max_body_mb: u32,
    pub(crate) max_file_mb: usize,
    /// Of the formats in which files may come.
    pub(crate) extensions: &'static str,
    /// Texts up to so many bytes are translated while they are typed.
    pub(crate) live_bytes: usize,
    pub(crate) alert: Option<Alert>,
    pub(crate) notice: Option<&'static str>,
    pub(crate) output: Option<Output>,
}

impl Page for TranslatePage {
    const TEMPLATE: &'static str = "translate.html";
}

/// What went wrong, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Alert {
    pub(crate) title: &'static str,
    pub(crate) message: String,
    pub(crate) next_step: String,
    pub(crate) request_id: Option<String>,
}

/// A translation, or the part of one that was done.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    pub(crate) text: String,
    pub(crate) chars: String,
    /// For each sentence what lies before it, its length and that of its translation, in UTF-16 units, for the script.
    pub(crate) alignment: Option<String>,
    /// Of a whole translation.
    pub(crate) details: Option<Details>,
}

/// How a translation came about.
#[derive(Debug, Serialize)]
pub(crate) struct Details {
    pub(crate) permalink: String,
    /// None if the text was in the target language already.
    pub(crate) model: Option<String>,
    pub(crate) duration: String,
    pub(crate) created: Time,
}

impl Output {
    pub(crate) fn whole(translation: &Translation) -> Self {
        Self {
            details: Some(Details {
                permalink: permalink(translation.id),
                model: Some(translation.model.clone()).filter(|model| model != api::NO_MODEL),
                duration: duration(translation.duration_ms),
                created: Time::of(translation.created_at),
            }),
            alignment: alignment(translation),
            ..Self::part(&translation.target_text)
        }
    }

    pub(crate) fn part(text: &str) -> Self {
        Self { text: text.to_owned(), chars: grouped(text.chars().count()), alignment: None, details: None }
    }
}

/// Of texts that a browser can show with an element for each sentence.
fn alignment(translation: &Translation) -> Option<String> {
    if translation.text_bytes() > MAX_ALIGNED_BYTES {
        return None;
    }
    let units =
        translation.alignment.as_ref()?.in_utf16(&translation.source_text, &translation.target_text)?;
    serde_json::to_string(&units).ok()
}

/// One page of the history.
#[derive(Debug, Serialize)]
pub(crate) struct HistoryPage {
    /// Long texts that are not finished, on the first page.
    pub(crate) jobs: Vec<JobView>,
    pub(crate) entries: Vec<EntryView>,
    pub(crate) newer: Option<String>,
    pub(crate) older: Option<String>,
    /// All see it.
    pub(crate) shared: bool,
    pub(crate) waiting: usize,
}

impl Page for HistoryPage {
    const TEMPLATE: &'static str = "history.html";
}

impl HistoryPage {
    /// Those of `files` are among the jobs and the entries.
    pub(crate) fn new(
        page: store::Page,
        jobs: Vec<Job>,
        files: &HashMap<Uuid, StoredFile>,
        shared: bool,
        waiting: usize,
    ) -> Self {
        let job = |job: Job| {
            let file = files.get(&job.id);
            JobView::of(job, file)
        };
        Self {
            jobs: jobs.into_iter().map(job).collect(),
            entries: page.entries.into_iter().map(|entry| EntryView::of(entry, files)).collect(),
            newer: page.newer.map(|cursor| format!("/history?after={cursor}")),
            older: page.older.map(|cursor| format!("/history?before={cursor}")),
            shared,
            waiting,
        }
    }
}

/// The question whether everything is to be deleted.
#[derive(Debug, Serialize)]
pub(crate) struct DeletePage {
    /// It is everybody's.
    pub(crate) shared: bool,
}

impl Page for DeletePage {
    const TEMPLATE: &'static str = "delete.html";
}

/// A line of the history.
#[derive(Debug, Serialize)]
pub(crate) struct EntryView {
    permalink: String,
    direction: DirectionView,
    /// If it is a file.
    file: Option<FileView>,
    source: String,
    target: String,
    cut: bool,
    chars: String,
    created: Time,
}

impl EntryView {
    fn of(summary: Summary, files: &HashMap<Uuid, StoredFile>) -> Self {
        Self {
            permalink: permalink(summary.id),
            file: files.get(&summary.id).map(FileView::of),
            cut: summary.source_chars as usize > summary.source_excerpt.chars().count(),
            chars: grouped(summary.source_chars as usize),
            created: Time::of(summary.created_at()),
            direction: DirectionView::of(&summary.source_language, &summary.target_language),
            source: summary.source_excerpt,
            target: summary.target_excerpt,
        }
    }
}

/// A failure without a text to show.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorPage {
    pub(crate) title: &'static str,
    pub(crate) message: &'static str,
    pub(crate) next_step: &'static str,
    pub(crate) request_id: Option<String>,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error.html";
}

/// Source and target language by code and English name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct DirectionView {
    pub(crate) source: String,
    pub(crate) source_name: String,
    pub(crate) target: String,
    pub(crate) target_name: String,
}

impl DirectionView {
    fn of(source: &str, target: &str) -> Self {
        Self {
            source: source.to_owned(),
            source_name: language::name(source),
            target: target.to_owned(),
            target_name: language::name(target),
        }
    }
}

impl From<&Direction> for DirectionView {
    fn from(direction: &Direction) -> Self {
        Self::of(&direction.source, &direction.target)
    }
}

impl From<&Translation> for DirectionView {
    fn from(translation: &Translation) -> Self {
        Self::of(&translation.source_language, &translation.target_language)
    }
}

/// A time for machines and for people.
#[derive(Debug, Serialize)]
pub(crate) struct Time {
    iso: String,
    text: String,
}

impl Time {
    fn of(timestamp: Timestamp) -> Self {
        Self {
            iso: timestamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            text: timestamp.strftime("%-d %B %Y, %H:%M UTC").to_string(),
        }
    }
}

pub(crate) fn permalink(id: uuid::Uuid) -> String {
    format!("/translations/{id}")
}

pub(crate) fn job_address(id: uuid::Uuid) -> String {
    format!("/jobs/{id}")
}

/// The English name of a language.
pub(crate) fn language_name(code: &str) -> String {
    language::name(code)
}

fn duration(milliseconds: u32) -> String {
    if milliseconds < 1000 {
        format!("{milliseconds} ms")
    } else {
        format!("{:.1} s", f64::from(milliseconds) / 1e3)
    }
}

/// A number with its digits in groups of three: `1,234,567`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
