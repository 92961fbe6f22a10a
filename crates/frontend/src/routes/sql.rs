//! The SQL page: a query to the shared history, its result as a table or a file. There is none unless the operator
//! gave it a reader.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;
use service::RequestId;
use service::layers::Cause;

use super::App;
use crate::error::PageError;
use crate::pages::{self, Alert, SqlPage, grouped};
use crate::reader::{Limits, NotAQuery, QueryError, TIME_LIMIT};

/// Largest form that is read; the longest query is shorter.
pub(super) const MAX_FORM_BYTES: usize = 128 << 10;
/// What the page shows.
const SHOWN: Limits = Limits { rows: 1_000, bytes: 4 << 20, cell_bytes: 2_000 };
/// What a file may have.
const SAVED: Limits = Limits { rows: 100_000, bytes: 64 << 20, cell_bytes: usize::MAX };
const RETRY_AFTER_S: u64 = 5;

/// The form.
#[derive(Deserialize)]
pub(super) struct Posted {
    query: String,
    /// `csv` for a file.
    #[serde(default)]
    format: String,
}

/// `GET /sql`.
pub(super) async fn show_sql(State(app): State<Arc<App>>) -> Result<Html<String>, PageError> {
    if app.reader.is_none() {
        return Err(PageError::NotFound);
    }
    Ok(pages::render(&SqlPage::new(pages::EXAMPLE.to_owned(), SHOWN.rows)))
}

/// `POST /sql`: runs the field `query`; with `format=csv` the answer is a file.
pub(super) async fn run_sql(
    State(app): State<Arc<App>>,
    form: Result<Form<Posted>, FormRejection>,
) -> Result<Response, PageError> {
    let reader = app.reader.as_ref().ok_or(PageError::NotFound)?;
    let Posted { query, format } = match form {
        Ok(Form(posted)) => posted,
        Err(rejection) => {
            let alert = unread(rejection.status());
            return Ok(failed(rejection.status(), String::new(), alert));
        }
    };
    let file = format == "csv";
    match reader.run(query.clone(), if file { SAVED } else { SHOWN }).await {
        Ok(table) if file && table.cut => Ok(failed(StatusCode::BAD_REQUEST, query, too_large())),
        Ok(table) if file => {
            let headers = [
                (CONTENT_TYPE, "text/csv; charset=utf-8"),
                (CONTENT_DISPOSITION, "attachment; filename=\"query.csv\""),
            ];
            Ok((headers, table.csv()).into_response())
        }
        Ok(table) => Ok(pages::render(&SqlPage::new(query, SHOWN.rows).with_result(&table)).into_response()),
        Err(error) => Ok(refused(query, error)),
    }
}

fn failed(status: StatusCode, query: String, alert: Alert) -> Response {
    (status, pages::render(&SqlPage::new(query, SHOWN.rows).with_alert(alert))).into_response()
}

/// The page with the query and why it has no result.
fn refused(query: String, error: QueryError) -> Response {
    let status = match &error {
        QueryError::Busy | QueryError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        QueryError::Denied => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    let mut response = failed(status, query, alert(&error));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
        response.extensions_mut().insert(Cause(Arc::new(error)));
    }
    response
}

fn alert(error: &QueryError) -> Alert {
    let (title, message, next_step) = match error {
        QueryError::NotAQuery(reason) => {
            let (message, next_step) = not_a_query(*reason);
            ("That is not a query", message.to_owned(), next_step)
        }
        QueryError::Denied => (
            "That cannot be read here",
            "Only the view history can be read.".to_owned(),
            "Its columns are listed below.",
        ),
        QueryError::TimedOut => (
            "The query took too long",
            format!("It was stopped after {} seconds.", TIME_LIMIT.as_secs()),
            "Narrow it with WHERE or LIMIT.",
        ),
        QueryError::TooMuch => (
            "The query is too large",
            "It needs more memory than a query may have, or would look at too many rows.".to_owned(),
            "Narrow it with WHERE or LIMIT; join on equal columns.",
        ),
        QueryError::Busy => (
            "Other queries are running",
            "Only a few run at a time.".to_owned(),
            "Your query is still in the box; press Run to try again.",
        ),
        QueryError::Refused(said) => ("The database does not accept the query", said.clone(), ""),
        QueryError::Unavailable(_) => (
            "The database cannot be asked right now",
            "It may be starting, or its account for this page is not set up.".to_owned(),
            "Your query is still in the box; press Run to try again. If it stays so, tell the operator the request \
             number below.",
        ),
    };
    let ours = matches!(error, QueryError::Unavailable(_));
    let request_id = ours.then(RequestId::current).flatten().map(|id| id.to_string());
    Alert { title, message, next_step: next_step.to_owned(), request_id }
}

fn not_a_query(reason: NotAQuery) -> (&'static str, &'static str) {
    match reason {
        NotAQuery::Blank => ("There is nothing to run.", "Type a query first."),
        NotAQuery::TooLong => ("It has more than 20,000 bytes.", "Shorten it."),
        NotAQuery::Nul => ("It holds a NUL character.", "Remove it."),
        NotAQuery::ActiveComment => {
            ("Comments that begin with /*+ or /*! would change how the database works.", "Remove them.")
        }
        NotAQuery::OtherStatement => (
            "Only queries are run: they begin with SELECT, WITH, VALUES or TABLE.",
            "The history is deleted on its own page.",
        ),
        NotAQuery::Several => ("There is more than one statement.", "Run one at a time."),
    }
}

fn unread(status: StatusCode) -> Alert {
    let (title, message) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => ("The query is too long", "It has more than 20,000 bytes."),
        _ => ("The form was damaged", "It has no query, or is no form at all."),
    };
    Alert {
        title,
        message: message.to_owned(),
        next_step: "Use the form below.".to_owned(),
        request_id: None,
    }
}

fn too_large() -> Alert {
    let (rows, megabytes) = (grouped(SAVED.rows), SAVED.bytes >> 20);
    Alert {
        title: "The result is too large for a file",
        message: format!("A file holds {rows} rows and {megabytes} MB at most."),
        next_step: "Narrow the query with WHERE, or take parts with LIMIT and OFFSET.".to_owned(),
        request_id: None,
    }
}
