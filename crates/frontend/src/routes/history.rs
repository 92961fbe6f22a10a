//! The history: a page at a time, as a file, and its deletion.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use uuid::Uuid;

use super::App;
use crate::error::PageError;
use crate::export::{Format, export};
use crate::locale::Locale;
use crate::memory;
use crate::pages::{self, DeletePage, HistoryPage, SearchView};
use crate::store::{Owner, Position};
use crate::wanted::Wanted;

/// `GET /history`, `?before=CURSOR` for older and `?after=CURSOR` for newer entries; with `q=WORDS`, `pair=SOURCE+TARGET`,
/// `from=DATE` and `to=DATE` those that have the words, languages and dates.
pub(super) async fn show_history(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, PageError> {
    let query = query.unwrap_or_default();
    let position = position(&query).ok_or(PageError::NotFound)?;
    let wanted = Wanted::of(&query);
    let shared = app.owners.shared();
    let Some(owner) = app.owners.known(&headers) else {
        return Ok(pages::render(&HistoryPage::new(SearchView::new(&wanted, Vec::new()), shared, 0)));
    };
    let pairs = app.store.pairs(owner).await.map_err(PageError::History)?;
    let mut search = SearchView::new(&wanted, pairs);
    let (filter, query) = match wanted.parse(owner) {
        Ok(parsed) => parsed,
        Err(error) => {
            search.problem = Some(error.text(Locale::current()));
            return Ok(pages::render(&HistoryPage::new(search, shared, 0)));
        }
    };
    // before the page is read: what is stored in between is then announced and listed, never neither
    let page = HistoryPage::new(search, shared, app.archive.waiting(owner));
    if !query.is_empty() {
        let before = if let Position::Before(cursor) = position { Some(cursor) } else { None };
        let found = app.store.search(&filter, query, before).await.map_err(PageError::History)?;
        let listed: Vec<_> = found.hits.iter().map(|hit| hit.summary.id).collect();
        let files = app.store.files(&listed).await.map_err(PageError::History)?;
        return Ok(pages::render(&page.found(found, before.is_none(), &files)));
    }
    let mut list = app.archive.page(&filter, position).await.map_err(PageError::History)?;
    // on the way up the last step would end in a page that is not full
    if matches!(position, Position::After(_)) && list.newer.is_none() {
        list = app.archive.page(&filter, Position::Newest).await.map_err(PageError::History)?;
    }
    let jobs = match position {
        Position::Newest if wanted.is_all() => app.store.jobs_of(owner).await.map_err(PageError::History)?,
        _ => Vec::new(),
    };
    let listed: Vec<_> =
        list.entries.iter().map(|entry| entry.id).chain(jobs.iter().map(|job| job.id)).collect();
    let files = app.store.files(&listed).await.map_err(PageError::History)?;
    Ok(pages::render(&page.list(list, jobs, &files)))
}

/// `GET /history/export?format=csv`, `jsonl` or `tmx`: the history as a file, or what the same fields find as those of
/// its page.
pub(super) async fn export_history(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let query = query.unwrap_or_default();
    let format = query.split('&').find_map(|pair| pair.strip_prefix("format=")).and_then(Format::named);
    let format = format.ok_or(PageError::NotFound)?;
    app.store.ping().await.map_err(PageError::History)?;
    // one without a cookie has nothing
    let owner = app.owners.known(&headers).unwrap_or(Owner(Uuid::max()));
    let disposition = format!("attachment; filename=\"{}\"", format.file_name());
    let (filter, looked_for) = Wanted::of(&query).parse(owner).map_err(|_| PageError::NotFound)?;
    let headers = [(CONTENT_TYPE, format.media_type().to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, Body::from_stream(export(app.store.clone(), filter, looked_for, format))).into_response())
}

/// `POST /translations/{id}/delete`: deletes one, and the sentences that were remembered from it.
pub(super) async fn delete_translation(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<Redirect, PageError> {
    let Ok(Path(id)) = id else { return Err(PageError::NoSuchTranslation) };
    let owner = app.owners.known(&headers).ok_or(PageError::NoSuchTranslation)?;
    let found = app.store.get(id).await.map_err(PageError::History)?;
    let translation = found.filter(|found| found.owner == owner).ok_or(PageError::NoSuchTranslation)?;
    app.store.forget(&memory::keys(&translation)).await.map_err(PageError::History)?;
    app.store.delete(id, owner).await.map_err(PageError::History)?;
    Ok(Redirect::to("/history"))
}

/// `GET /history/delete`: asks whether everything is to be deleted.
pub(super) async fn ask_to_delete(State(app): State<Arc<App>>) -> Html<String> {
    pages::render(&DeletePage { shared: app.owners.shared() })
}

/// `POST /history/delete`: deletes everything that the owner has.
pub(super) async fn delete_history(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Redirect, PageError> {
    if let Some(owner) = app.owners.known(&headers) {
        // in a task of its own, so that nothing is left over if the visitor leaves
        let deleting = tokio::spawn(async move {
            while app.store.delete_some(owner).await? {}
            Ok(())
        });
        deleting.await.map_err(|_| PageError::Panic)?.map_err(PageError::History)?;
    }
    Ok(Redirect::to("/history"))
}

/// The page that a query asks for; `None` if it names a place that cannot be one.
fn position(query: &str) -> Option<Position> {
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("before", cursor)) => return cursor.parse().ok().map(Position::Before),
            Some(("after", cursor)) => return cursor.parse().ok().map(Position::After),
            _ => {}
        }
    }
    Some(Position::Newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_names_a_place() {
        let cursor = "1700000000000001.0190b0c8f1d27a8c9d3a5b6c7d8e9f00";
        assert_eq!(position(""), Some(Position::Newest));
        assert_eq!(position("utm_source=x"), Some(Position::Newest));
        let before = position(&format!("before={cursor}"));
        assert!(matches!(before, Some(Position::Before(place)) if place.to_string() == cursor));
        assert!(matches!(position(&format!("x=1&after={cursor}")), Some(Position::After(_))));
        for nonsense in ["before=", "before=1", "after=1.2", "after=x.0190b0c8f1d27a8c9d3a5b6c7d8e9f00"] {
            assert_eq!(position(nonsense), None, "{nonsense}");
        }
    }
}
