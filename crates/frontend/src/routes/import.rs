//! Sentences brought along from other translation programs, as a TMX file: taken in with a report, counted, forgotten.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use jiff::Timestamp;

use super::App;
use super::failure::Failure;
use crate::body::{self, BodyError};
use crate::error::PageError;
use crate::files::Upload;
use crate::form;
use crate::memory;
use crate::pages::{self, ImportPage};
use crate::store::{Owner, Unit};
use crate::tmx::{self, Tmx};

/// `GET /history/import`: the form, and how many sentences there are.
pub(super) async fn show_import(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Html<String>, PageError> {
    let count = match app.owners.known(&headers) {
        Some(owner) => app.store.count_units(owner).await.map_err(PageError::History)?,
        None => 0,
    };
    Ok(pages::render(&page(&app, count)))
}

/// `POST /history/import`: takes the units of the field `file`, all or none.
pub(super) async fn import(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = match body::read(body, (app.max_body_mb as usize) << 20).await {
        Ok(body) => body,
        Err(error @ BodyError::TooLarge { .. }) => {
            return failed(&app, Failure::of_body(&error, app.max_body_mb, true));
        }
        Err(error) => return failed(&app, Failure::of_body(&error, app.max_body_mb, false)),
    };
    let Some(upload) = form::read(&parts.headers, body).await.file else {
        return failed(&app, Failure::of_import(StatusCode::BAD_REQUEST, "import-no-file", &[]));
    };
    let (owner, cookie) = app.owners.enter(&parts.headers);
    let mut answer = match take(&app, owner, upload).await {
        Ok(page) => pages::render(&page).into_response(),
        Err(failure) => failed(&app, failure),
    };
    if let Some(cookie) = cookie {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

/// `POST /history/import/delete`: forgets what was brought along.
pub(super) async fn forget(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Redirect, PageError> {
    if let Some(owner) = app.owners.known(&headers) {
        while app.store.delete_some_units(owner).await.map_err(PageError::History)? {}
    }
    Ok(Redirect::to("/history/import"))
}

async fn take(app: &App, owner: Owner, upload: Upload) -> Result<ImportPage, Failure> {
    // a large file takes a second
    let read = tokio::task::spawn_blocking(move || {
        let Tmx { units, useless } = tmx::read(&upload.content)?;
        let now = Timestamp::now();
        let units: Vec<Unit> = units.into_iter().map(|unit| stored(owner, unit, now)).collect();
        Ok((units, useless))
    });
    let read = read
        .await
        .map_err(|_| Failure::of_import(StatusCode::INTERNAL_SERVER_ERROR, "import-stumbled", &[]))?;
    let (units, useless) = read.map_err(|tmx::TmxError { fault, line }| {
        let (message, what) = fault.message();
        // a string, as numbers of lines are not grouped
        let arguments = [("line", line.to_string().into()), ("what", what.into())];
        Failure::of_import(StatusCode::BAD_REQUEST, message, &arguments)
    })?;
    let away = |error| Failure::of_import_store(error);
    app.store.add_units(owner, &units).await.map_err(away)?;
    let count = app.store.count_units(owner).await.map_err(away)?;
    Ok(page(app, count).report(units.len(), &useless))
}

fn stored(owner: Owner, unit: tmx::Unit, now: Timestamp) -> Unit {
    let tmx::Unit { source_language, target_language, source, target, changed } = unit;
    Unit {
        key: memory::unit_key(owner, &source_language, &target_language, &source),
        source_language,
        target_language,
        source,
        target,
        changed: changed.unwrap_or(now),
    }
}

fn page(app: &App, count: i64) -> ImportPage {
    ImportPage { shared: app.owners.shared(), max_mb: app.max_body_mb, count, alert: None, report: None }
}

fn failed(app: &App, failure: Failure) -> Response {
    let alert = Some(failure.alert.clone());
    failure.respond(&ImportPage { alert, ..page(app, 0) })
}
