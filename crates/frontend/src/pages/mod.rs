//! The pages as data: a type for each template with just what it shows, and their rendering. Decides nothing.
//! Templates escape everything but our own addresses, which are made of ids, numbers and hashes alone.

mod choice;
mod environment;
mod file;
mod history;
mod import;
mod job;
mod sql;

use axum::response::Html;
use jiff::Timestamp;
use minijinja::context;
use minijinja::value::{Serde, Value, merge_maps};
use serde::Serialize;

use crate::locale::{Arguments, Locale};
use crate::store::Translation;
use crate::translator::Direction;
use crate::visit::{Theme, Visit};
pub(crate) use choice::{ChoiceView, detected};
pub(crate) use file::{FilePage, FileView};
pub(crate) use history::{HistoryPage, SearchView};
pub(crate) use import::ImportPage;
pub(crate) use job::{JobPage, JobView, ProgressView};
pub(crate) use sql::{EXAMPLE, SqlPage};

/// Longer texts are shown without their sentences told apart.
const MAX_ALIGNED_BYTES: usize = 1 << 20;

/// A page: its data and the template that shows them.
pub(crate) trait Page: Serialize {
    const TEMPLATE: &'static str;
}

/// The page as HTML, as its visitor reads it.
pub(crate) fn render<P: Page>(page: &P) -> Html<String> {
    let visit = Visit::current();
    let template = environment::templates(visit.locale).get_template(P::TEMPLATE);
    let template = template.expect("every page's template is embedded");
    let context = merge_maps([
        Value::from(Serde(page)),
        context! { visit => Value::from(Serde(VisitView::of(&visit))) },
    ]);
    Html(template.render(context).expect("the test of all templates renders every page in full"))
}

/// What every page shows of how it is read.
#[derive(Debug, Serialize)]
struct VisitView {
    language: &'static str,
    theme: &'static str,
    themes: [&'static str; 3],
    /// The other languages that there are, with what they call themselves.
    others: Vec<(&'static str, &'static str)>,
    address: String,
    sql: bool,
}

impl VisitView {
    fn of(visit: &Visit) -> Self {
        let others = Locale::ALL.into_iter().filter(|locale| *locale != visit.locale);
        Self {
            language: visit.locale.code(),
            theme: visit.theme.name(),
            themes: Theme::ALL.map(Theme::name),
            others: others.map(|locale| (locale.code(), locale.own_name())).collect(),
            address: visit.address.clone(),
            sql: visit.sql,
        }
    }
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
    /// The visitor's terms as they were typed.
    pub(crate) glossary: String,
    pub(crate) max_glossary_terms: usize,
    pub(crate) text_chars: usize,
    pub(crate) max_body_mb: u32,
    pub(crate) max_file_mb: usize,
    /// The extensions that they may have, as browsers want them.
    pub(crate) accept: String,
    /// The usual ones of them, for people.
    pub(crate) formats: &'static str,
    /// Texts up to so many bytes are translated while they are typed.
    pub(crate) live_bytes: usize,
    pub(crate) alert: Option<Alert>,
    /// The name of a message.
    pub(crate) notice: Option<&'static str>,
    pub(crate) output: Option<Output>,
}

impl Page for TranslatePage {
    const TEMPLATE: &'static str = "translate.html";
}

/// What went wrong, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Alert {
    pub(crate) title: String,
    pub(crate) message: String,
    pub(crate) next_step: String,
    pub(crate) request_id: Option<String>,
}

impl Alert {
    /// From the message with this name and its attributes; there may be no `.next`.
    pub(crate) fn new(locale: Locale, name: &str, arguments: Arguments<'_>) -> Self {
        Self {
            title: locale.text_with(name, arguments),
            message: locale.text_with(&format!("{name}.message"), arguments),
            next_step: locale.find(&format!("{name}.next"), arguments).unwrap_or_default(),
            request_id: None,
        }
    }
}

/// A translation, or the part of one that was done.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    pub(crate) text: String,
    pub(crate) chars: usize,
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
                duration: Locale::current().duration(translation.duration_ms),
                created: Time::of(translation.created_at),
            }),
            alignment: alignment(translation),
            ..Self::part(&translation.target_text)
        }
    }

    pub(crate) fn part(text: &str) -> Self {
        Self { text: text.to_owned(), chars: text.chars().count(), alignment: None, details: None }
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

/// The question whether everything is to be deleted.
#[derive(Debug, Serialize)]
pub(crate) struct DeletePage {
    /// It is everybody's.
    pub(crate) shared: bool,
}

impl Page for DeletePage {
    const TEMPLATE: &'static str = "delete.html";
}

/// A failure without a text to show.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorPage {
    pub(crate) alert: Alert,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error.html";
}

/// Source and target language by code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct DirectionView {
    pub(crate) source: String,
    pub(crate) target: String,
}

impl DirectionView {
    fn of(source: &str, target: &str) -> Self {
        Self { source: source.to_owned(), target: target.to_owned() }
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
            text: Locale::current().time(timestamp),
        }
    }
}

pub(crate) fn permalink(id: uuid::Uuid) -> String {
    format!("/translations/{id}")
}

pub(crate) fn job_address(id: uuid::Uuid) -> String {
    format!("/jobs/{id}")
}

#[cfg(test)]
mod tests;
