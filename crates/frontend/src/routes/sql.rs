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
use crate::locale::Locale;
use crate::pages::{self, Alert, SqlPage};
use crate::reader::{Limits, MAX_QUERY_BYTES, NotAQuery, QueryError, TIME_LIMIT};

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
    Ok(show_again(pages::EXAMPLE.to_owned()))
}

/// The page with a query that is not run.
pub(super) fn show_again(query: String) -> Html<String> {
    pages::render(&SqlPage::new(query, SHOWN.rows))
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
    let locale = Locale::current();
    let alert = match error {
        QueryError::NotAQuery(reason) => not_a_query(*reason),
        QueryError::Denied => Alert::new(locale, "failure-sql-denied", &[]),
        QueryError::TimedOut => {
            Alert::new(locale, "failure-sql-slow", &[("seconds", TIME_LIMIT.as_secs().into())])
        }
        QueryError::TooMuch => Alert::new(locale, "failure-sql-heavy", &[]),
        QueryError::Busy => Alert::new(locale, "failure-sql-busy", &[]),
        QueryError::Refused(said) => {
            Alert::new(locale, "failure-sql-refused", &[("said", said.as_str().into())])
        }
        QueryError::Unavailable(_) => Alert::new(locale, "failure-sql-away", &[]),
    };
    let ours = matches!(error, QueryError::Unavailable(_));
    let request_id = ours.then(RequestId::current).flatten().map(|id| id.to_string());
    Alert { request_id, ..alert }
}

fn not_a_query(reason: NotAQuery) -> Alert {
    let name = match reason {
        NotAQuery::Blank => "failure-sql-blank",
        NotAQuery::TooLong => return too_long(),
        NotAQuery::Nul => "failure-sql-nul",
        NotAQuery::ActiveComment => "failure-sql-comment",
        NotAQuery::OtherStatement => "failure-sql-other",
        NotAQuery::Several => "failure-sql-several",
    };
    Alert::new(Locale::current(), name, &[])
}

fn too_long() -> Alert {
    Alert::new(Locale::current(), "failure-sql-long", &[("bytes", MAX_QUERY_BYTES.into())])
}

fn unread(status: StatusCode) -> Alert {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => too_long(),
        _ => Alert::new(Locale::current(), "failure-sql-unread", &[]),
    }
}

fn too_large() -> Alert {
    let limits = [("rows", SAVED.rows.into()), ("megabytes", (SAVED.bytes >> 20).into())];
    Alert::new(Locale::current(), "failure-sql-file", &limits)
}
