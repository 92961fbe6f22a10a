//! The form, what it is posted to, and the page of one translation.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use uuid::Uuid;

use super::App;
use super::failure::Failure;
use crate::archive::Kept;
use crate::body;
use crate::client::ClientError;
use crate::error::PageError;
use crate::form::{self, FormError};
use crate::jobs::JOB_BYTES;
use crate::pages::{self, DirectionView, Output, TranslatePage, grouped};
use crate::store::{Owner, Translation};
use crate::text::SourceText;
use crate::translator::{Direction, Finished};

/// What the backend says it translates.
struct Offer {
    direction: Direction,
    /// Name of the model if it is the starter model.
    starter: Option<String>,
}

/// `GET /`.
pub(super) async fn show_form(State(app): State<Arc<App>>) -> Html<String> {
    pages::render(&page(&app, &offer(&app).await, String::new()))
}

/// `POST /`: translates the field `text`, stores, and redirects to the translation's own page, so that a reload
/// does neither again.
pub(super) async fn create_translation(State(app): State<Arc<App>>, request: Request) -> Response {
    let offer = offer(&app).await;
    let headers = request.headers().clone();
    let text = match posted_text(&app, &offer, request).await {
        Ok(text) => text,
        Err(Rejected { text, failure }) => return failed(&app, &offer, text, failure),
    };
    let (owner, cookie) = app.owners.enter(&headers);
    let mut answer = translate(&app, &offer, text, owner).await;
    if let Some(cookie) = cookie {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

async fn translate(app: &App, offer: &Offer, text: SourceText, owner: Owner) -> Response {
    if text.as_str().len() > JOB_BYTES {
        match app.jobs.add(&text, &offer.direction, owner).await {
            Ok(id) => return Redirect::to(&pages::job_address(id)).into_response(),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a long text cannot be stored first, so its visitor has to wait"
            ),
        }
    }
    match app.translator.translate(text.clone(), offer.direction.clone(), owner).await {
        Ok(Finished { translation, kept: Kept::Stored }) => {
            Redirect::to(&pages::permalink(translation.id)).into_response()
        }
        Ok(Finished { translation, kept }) => finished(app, offer, &translation, kept).into_response(),
        Err(error) => not_translated(app, offer, text, error),
    }
}

/// `GET /translations/{id}`.
pub(super) async fn show_translation(
    State(app): State<Arc<App>>,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<Html<String>, PageError> {
    let Ok(Path(id)) = id else { return Err(PageError::NoSuchTranslation) };
    let found = app.archive.get(id).await.map_err(PageError::History)?;
    let (translation, kept) = found.ok_or(PageError::NoSuchTranslation)?;
    Ok(finished(&app, &offer(&app).await, &translation, kept))
}

async fn offer(app: &App) -> Offer {
    match app.client.pairs().await.unwrap_or_default().into_iter().next() {
        Some(pair) => Offer {
            direction: Direction { source: pair.source, target: pair.target },
            starter: pair.model.starter.then_some(pair.model.name),
        },
        // what a backend is most likely to translate that does not answer just now
        None => Offer { direction: Direction { source: "de".into(), target: "en".into() }, starter: None },
    }
}

/// A post without a text to translate, and what of it goes back into the box.
struct Rejected {
    text: String,
    failure: Failure,
}

impl Rejected {
    fn new(text: impl Into<String>, failure: Failure) -> Self {
        Self { text: text.into(), failure }
    }
}

async fn posted_text(app: &App, offer: &Offer, request: Request) -> Result<SourceText, Rejected> {
    let (parts, body) = request.into_parts();
    let limit = (app.max_body_mb as usize) << 20;
    let body = match body::read(body, limit).await {
        Ok(body) => body,
        Err(error) => {
            let failure = Failure::of_body(&error, app.max_body_mb);
            let text = match error {
                body::BodyError::TooLarge { kept: Some(kept) } => form::text(&parts.headers, kept).await,
                _ => Ok(String::new()),
            };
            return Err(Rejected::new(text.unwrap_or_default(), failure));
        }
    };
    let text = match form::text(&parts.headers, body).await {
        Ok(text) => text,
        Err(error) => {
            let failure = Failure::of_form(&error);
            let text = if let FormError::InvalidUtf8 { lossy, .. } = error { lossy } else { String::new() };
            return Err(Rejected::new(text, failure));
        }
    };
    let source_name = DirectionView::from(&offer.direction).source_name;
    SourceText::parse(&text).map_err(|error| Rejected::new(text, Failure::of_text(error, &source_name)))
}

/// The form with nothing but the text in it.
fn page(app: &App, offer: &Offer, text: String) -> TranslatePage {
    TranslatePage {
        direction: DirectionView::from(&offer.direction),
        starter: offer.starter.clone(),
        text_chars: grouped(text.chars().count()),
        text,
        max_body_mb: app.max_body_mb,
        live_bytes: JOB_BYTES,
        alert: None,
        notice: None,
        output: None,
    }
}

/// The form with a text and its translation.
fn finished(app: &App, offer: &Offer, translation: &Translation, kept: Kept) -> Html<String> {
    pages::render(&TranslatePage {
        direction: DirectionView::from(translation),
        starter: offer.starter.clone().filter(|starter| *starter == translation.model),
        notice: match kept {
            Kept::Stored => None,
            Kept::Waiting => Some(
                "This translation is not stored yet: the database does not answer just now. It will be stored as \
                 soon as the database is back.",
            ),
            Kept::Lost => Some(
                "This translation could not be stored and will not appear in the history. Copy it if you want to \
                 keep it.",
            ),
        },
        output: Some(Output::whole(translation)),
        ..page(app, offer, translation.source_text.clone())
    })
}

/// The form with the text that could not be translated, and why.
fn failed(app: &App, offer: &Offer, text: String, failure: Failure) -> Response {
    let page = TranslatePage { alert: Some(failure.alert.clone()), ..page(app, offer, text) };
    failure.respond(&page)
}

fn not_translated(app: &App, offer: &Offer, text: SourceText, error: ClientError) -> Response {
    let output = error.partial().map(Output::part);
    let failure = Failure::of_backend(error);
    let alert = Some(failure.alert.clone());
    failure.respond(&TranslatePage { alert, output, ..page(app, offer, text.into_string()) })
}
