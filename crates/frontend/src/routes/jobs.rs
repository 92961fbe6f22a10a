//! Long texts under way: their pages, what their scripts ask for, and what can be done with them. Whoever has the
//! address of a job can read it; only its owner can cancel, resume or delete it.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect, Response};
use futures_util::stream;
use uuid::Uuid;

use super::{App, files};
use crate::error::PageError;
use crate::memory;
use crate::pages::{self, JobPage, JobView, ProgressView};
use crate::store::{JobKind, Owner, StoreError};
use crate::translator::Direction;

/// How many finished pieces are read at once: some hundreds of kilobytes.
const PIECES: i64 = 32;

type Id = Result<Path<Uuid>, PathRejection>;

/// `GET /jobs/{id}`: the job, or its translation once it is finished.
pub(super) async fn show_job(State(app): State<Arc<App>>, id: Id) -> Result<Response, PageError> {
    let id = parse(id)?;
    let Some(job) = app.store.job(id).await.map_err(PageError::History)? else {
        return finished(&app, id).await;
    };
    let mut pieces = app.store.finished_pieces(id, 0, PIECES + 1).await.map_err(PageError::History)?;
    let cut = pieces.len() as i64 > PIECES;
    pieces.truncate(PIECES as usize);
    let output = pieces.into_iter().map(|piece| piece.target).collect();
    let detected = job.detected.map(|sure| pages::detected(&job.source_language, sure));
    let file = app.store.file(id).await.map_err(PageError::History)?;
    Ok(pages::render(&JobPage { job: JobView::of(job, file.as_ref()), output, detected, cut })
        .into_response())
}

/// `GET /jobs/{id}/progress?from=PIECE`: where the job stands, and the next finished pieces, as JSON. Redirects to
/// the translation once it is finished.
pub(super) async fn show_progress(
    State(app): State<Arc<App>>,
    id: Id,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let id = parse(id)?;
    let query = query.unwrap_or_default();
    let from = query.split('&').find_map(|pair| pair.strip_prefix("from=")?.parse().ok()).unwrap_or(0);
    let Some(job) = app.store.job(id).await.map_err(PageError::History)? else {
        return finished(&app, id).await;
    };
    let pieces = app.store.finished_pieces(id, from, PIECES).await.map_err(PageError::History)?;
    Ok(Json(ProgressView::of(job, from, pieces)).into_response())
}

/// `GET /jobs/{id}/result`: what is finished so far, as a text file; of a file, all of it with the rest as it was.
pub(super) async fn download_result(State(app): State<Arc<App>>, id: Id) -> Result<Response, PageError> {
    let id = parse(id)?;
    let Some(job) = app.store.job(id).await.map_err(PageError::History)? else {
        return finished(&app, id).await;
    };
    if job.kind == JobKind::File {
        return files::download_unfinished(&app, job).await;
    }
    let pieces = stream::try_unfold(0, move |next| {
        let app = Arc::clone(&app);
        async move {
            let pieces = app.store.finished_pieces(id, next, PIECES).await?;
            let Some(last) = pieces.last().map(|piece| piece.index) else { return Ok(None) };
            let text: String = pieces.into_iter().map(|piece| piece.target).collect();
            Ok::<_, StoreError>(Some((text, last + 1)))
        }
    });
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"translation.txt\""),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// `POST /jobs/{id}/cancel`.
pub(super) async fn cancel(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    id: Id,
) -> Result<Redirect, PageError> {
    let id = parse(id)?;
    // one that is no longer open needs no cancelling
    app.store.cancel_job(id, owner(&app, &headers)?).await.map_err(PageError::History)?;
    Ok(Redirect::to(&pages::job_address(id)))
}

/// `POST /jobs/{id}/resume`.
pub(super) async fn resume(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    id: Id,
) -> Result<Redirect, PageError> {
    let id = parse(id)?;
    app.jobs.resume(id, owner(&app, &headers)?).await.map_err(PageError::History)?;
    Ok(Redirect::to(&pages::job_address(id)))
}

/// `POST /jobs/{id}/delete`: deletes it, and the sentences that were remembered from what is finished of it.
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    id: Id,
) -> Result<Redirect, PageError> {
    let (id, owner) = (parse(id)?, owner(&app, &headers)?);
    let job = app.store.job(id).await.map_err(PageError::History)?;
    let job = job.filter(|job| job.owner == owner).ok_or(PageError::NoSuchTranslation)?;
    // first, so that no more is remembered
    app.store.cancel_job(id, owner).await.map_err(PageError::History)?;
    let direction = Direction { source: job.source_language, target: job.target_language };
    let mut next = 0;
    loop {
        let pieces = app.store.finished_pieces(id, next, PIECES).await.map_err(PageError::History)?;
        let Some(last) = pieces.last() else { break };
        next = last.index + 1;
        let keys: Vec<_> =
            pieces.iter().flat_map(|piece| memory::keys_of_piece(owner, &direction, piece)).collect();
        app.store.forget(&keys).await.map_err(PageError::History)?;
    }
    let deleted = app.store.delete_job(id, owner).await.map_err(PageError::History)?;
    if deleted { Ok(Redirect::to("/history")) } else { Err(PageError::NoSuchTranslation) }
}

fn owner(app: &App, headers: &HeaderMap) -> Result<Owner, PageError> {
    app.owners.known(headers).ok_or(PageError::NoSuchTranslation)
}

fn parse(id: Id) -> Result<Uuid, PageError> {
    id.map(|Path(id)| id).map_err(|_| PageError::NoSuchTranslation)
}

/// The way to the translation that a job has become.
async fn finished(app: &App, id: Uuid) -> Result<Response, PageError> {
    if app.store.has_translation(id).await.map_err(PageError::History)? {
        Ok(Redirect::to(&pages::permalink(id)).into_response())
    } else {
        Err(PageError::NoSuchTranslation)
    }
}
