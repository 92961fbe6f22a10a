//! Files: from an upload to its job, and back as downloads.

use std::sync::Arc;

use api::AUTO;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE};
use axum::response::{IntoResponse as _, Redirect, Response};
use futures_util::stream;
use markup::Format;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

use super::App;
use super::failure::Failure;
use super::offer::Offer;
use crate::error::PageError;
use crate::files::{FileError, Upload};
use crate::glossary::Glossary;
use crate::pages;
use crate::store::{FileInfo, FileSide, Job, NewFile, StoreError, StoredFile};
use crate::translator::Direction;

/// What needs no escaping in the parameter of a header (RFC 8187), as far as names have it.
const IN_PARAMETER: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// Stores a file with the text taken out of it, for a job to translate it, and leads to its page.
pub(super) async fn create_job(
    app: &App,
    offer: &Offer,
    upload: Option<Upload>,
    glossary: &Glossary,
    headers: &HeaderMap,
) -> Result<Response, Failure> {
    let upload = upload.ok_or_else(Failure::no_file)?;
    if !offer.serves() {
        return Err(Failure::of_pair(offer));
    }
    let of_file = |error: FileError| Failure::of_file(error, &upload.name, app.files.max_mb());
    let text = app.files.text(&upload).await.map_err(of_file)?;
    let mut direction = offer.direction.clone();
    let mut detected = None;
    if direction.source == AUTO {
        let found = app.client.detect(&text, &direction.target).await.map_err(Failure::of_backend)?;
        direction.source.clone_from(&found.language);
        detected = Some(found);
    }
    if direction.source == direction.target {
        return Err(Failure::nothing_to_do(&direction.target));
    }
    let (owner, cookie) = app.owners.enter(headers);
    let file = NewFile { name: &upload.name, content: &upload.content };
    let added = app.jobs.add(&text, Some(file), &direction, owner, detected.as_ref(), glossary).await;
    let id = added.map_err(|error| of_file(error.into()))?;
    let mut answer = Redirect::to(&pages::job_address(id)).into_response();
    if let Some(cookie) = cookie {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(answer)
}

type Id = Result<Path<Uuid>, PathRejection>;

/// `GET /translations/{id}/file`: the translated file.
pub(super) async fn download_translated(State(app): State<Arc<App>>, id: Id) -> Result<Response, PageError> {
    let file = find(&app, id).await?;
    let target = file.target.ok_or(PageError::NoSuchTranslation)?;
    Ok(download(app, file.id, FileSide::Target, &target))
}

/// `GET /translations/{id}/original`: the file as it came.
pub(super) async fn download_original(State(app): State<Arc<App>>, id: Id) -> Result<Response, PageError> {
    let file = find(&app, id).await?;
    Ok(download(app, file.id, FileSide::Source, &file.source))
}

/// A document that is translated as far as its job has come.
pub(super) async fn download_unfinished(app: &App, job: Job) -> Result<Response, PageError> {
    let direction = Direction { source: job.source_language, target: job.target_language };
    let file = app.files.translated(job.id, &direction, false).await.map_err(PageError::File)?;
    let file = file.ok_or(PageError::NoSuchTranslation)?;
    Ok((attachment(&file.name), file.content).into_response())
}

async fn find(app: &App, id: Id) -> Result<StoredFile, PageError> {
    let Ok(Path(id)) = id else { return Err(PageError::NoSuchTranslation) };
    app.store.file(id).await.map_err(PageError::History)?.ok_or(PageError::NoSuchTranslation)
}

/// The file in chunks as they are stored.
fn download(app: Arc<App>, id: Uuid, side: FileSide, file: &FileInfo) -> Response {
    let chunks = stream::try_unfold(0, move |chunk| {
        let app = Arc::clone(&app);
        async move {
            let content = app.store.file_chunk(id, side, chunk).await?;
            Ok::<_, StoreError>(content.map(|content| (content, chunk + 1)))
        }
    });
    let length = [(CONTENT_LENGTH, file.bytes.to_string())];
    (attachment(&file.name), length, Body::from_stream(chunks)).into_response()
}

/// The headers of a download. Never shown in the browser: what is in the file would then act as a page of ours.
fn attachment(name: &str) -> [(axum::http::HeaderName, String); 2] {
    let media_type = Format::from_file_name(name).map_or("application/octet-stream", Format::media_type);
    let plain: String =
        name.chars().map(|c| if c.is_ascii() && !matches!(c, '"' | '\\' | '%') { c } else { '_' }).collect();
    let encoded = utf8_percent_encode(name, IN_PARAMETER);
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    [(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, disposition)]
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn a_download_has_the_name_of_the_file_whatever_is_in_it() {
        let [(_, media_type), (_, disposition)] = attachment("Brief \"an\" Müller 100%.en.html");
        assert_eq!(media_type, "text/html");
        assert_eq!(
            disposition,
            "attachment; filename=\"Brief _an_ M_ller 100_.en.html\"; \
             filename*=UTF-8''Brief%20%22an%22%20M%C3%BCller%20100%25.en.html"
        );
        assert_eq!(attachment("a.bin")[0].1, "application/octet-stream");
    }
}
