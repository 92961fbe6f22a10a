//! The history, a page at a time.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Html;

use super::App;
use crate::error::PageError;
use crate::pages::{self, HistoryPage};
use crate::store::{Page, Position};

/// `GET /history`, `?before=CURSOR` for older and `?after=CURSOR` for newer entries.
pub(super) async fn show_history(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, PageError> {
    let position = position(query.as_deref().unwrap_or_default()).ok_or(PageError::NotFound)?;
    let Some(owner) = app.owners.known(&headers) else {
        return Ok(pages::render(&HistoryPage::new(Page::default(), Vec::new(), app.owners.shared(), 0)));
    };
    let mut page = app.archive.page(owner, position).await.map_err(PageError::History)?;
    // on the way up the last step would end in a page that is not full
    if matches!(position, Position::After(_)) && page.newer.is_none() {
        page = app.archive.page(owner, Position::Newest).await.map_err(PageError::History)?;
    }
    let jobs = match position {
        Position::Newest => app.store.jobs_of(owner).await.map_err(PageError::History)?,
        _ => Vec::new(),
    };
    Ok(pages::render(&HistoryPage::new(page, jobs, app.owners.shared(), app.archive.waiting(owner))))
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
