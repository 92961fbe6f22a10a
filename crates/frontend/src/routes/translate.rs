//! The form, what it is posted to, and the page of one translation.

use std::sync::Arc;

use api::AUTO;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use markup::Format;
use uuid::Uuid;

use super::App;
use super::failure::Failure;
use super::files;
use super::offer::Offer;
use crate::archive::Kept;
use crate::body::{self, BodyError};
use crate::client::ClientError;
use crate::error::PageError;
use crate::form::{self, FormError, Posted};
use crate::glossary::{Glossary, MAX_TERMS};
use crate::jobs::JOB_BYTES;
use crate::pages::{self, DirectionView, FilePage, Output, TranslatePage};
use crate::store::{Owner, Translation};
use crate::text::SourceText;
use crate::translator::{Direction, Finished};

/// `GET /`, with `?source=LANGUAGE&target=LANGUAGE` for a pair other than the first.
pub(super) async fn show_form(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Html<String> {
    let query = query.unwrap_or_default();
    let (source, target) = (form::in_query(&query, "source"), form::in_query(&query, "target"));
    let mut offer = Offer::of(&app, source.clone(), target).await;
    if source.is_none() && offer.detects() {
        AUTO.clone_into(&mut offer.direction.source);
    }
    pages::render(&page(&app, &offer, String::new(), String::new()))
}

/// `POST /`: translates the field `text` from the language `source` to `target`, stores, and redirects to the
/// translation's own page, so that a reload does neither again. The field `file` instead, if the field `what` says
/// `file` or there is no text.
pub(super) async fn create_translation(State(app): State<Arc<App>>, request: Request) -> Response {
    let headers = request.headers().clone();
    let (posted, fault) = posted(&app, request).await;
    let offer = Offer::of(&app, posted.source.clone(), posted.target.clone()).await;
    let typed = posted.glossary();
    let glossary = Glossary::parse(&typed).map_err(|error| Failure::of_glossary(&error));
    let fault = fault.map(|fault| Failure::of_body(&fault, app.max_body_mb, posted.is_file()));
    if posted.is_file() {
        let created = match (fault, glossary) {
            (Some(fault), _) | (None, Err(fault)) => Err(fault),
            (None, Ok(glossary)) => files::create_job(&app, &offer, posted.file, &glossary, &headers).await,
        };
        return created
            .unwrap_or_else(|failure| failed(&app, &offer, posted.text.unwrap_or_default(), typed, failure));
    }
    let text = match checked(&offer, posted.text, fault) {
        Ok(text) => text,
        Err(Rejected { text, failure }) => return failed(&app, &offer, text, typed, *failure),
    };
    let glossary = match glossary {
        Ok(glossary) => glossary,
        Err(failure) => return failed(&app, &offer, text.into_string(), typed, failure),
    };
    let (owner, cookie) = app.owners.enter(&headers);
    let mut answer = translate(&app, offer, text, &glossary, owner).await;
    if let Some(cookie) = cookie {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

async fn translate(app: &App, offer: Offer, text: SourceText, glossary: &Glossary, owner: Owner) -> Response {
    let mut direction = offer.direction.clone();
    let mut detected = None;
    if text.as_str().len() > JOB_BYTES {
        // once for the whole text: its pieces alone might look like something else
        if direction.source == AUTO {
            match app.client.detect(text.as_str(), &direction.target).await {
                Ok(found) => detected = Some(found),
                Err(error) => return not_translated(app, &offer, text, glossary, error),
            }
        }
        let found = detected.as_ref().map(|found| &found.language);
        // a text that is left as it is takes no time
        if found != Some(&direction.target) {
            direction.source = found.unwrap_or(&direction.source).clone();
            match app.jobs.add(text.as_str(), None, &direction, owner, detected.as_ref(), glossary).await {
                Ok(id) => return Redirect::to(&pages::job_address(id)).into_response(),
                Err(error) => tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "a long text cannot be stored first, so its visitor has to wait"
                ),
            }
        }
    }
    match app.translator.translate(text.clone(), direction, owner, detected, glossary).await {
        Ok(Finished { translation, kept: Kept::Stored }) => {
            Redirect::to(&pages::permalink(translation.id)).into_response()
        }
        Ok(Finished { translation, kept }) => {
            finished(app, offer, &translation, kept, glossary).into_response()
        }
        Err(error) => not_translated(app, &offer, text, glossary, error),
    }
}

/// `GET /translations/{id}`: the form with a text and its translation, or the page of a file.
pub(super) async fn show_translation(
    State(app): State<Arc<App>>,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<Html<String>, PageError> {
    let Ok(Path(id)) = id else { return Err(PageError::NoSuchTranslation) };
    let found = app.archive.get(id).await.map_err(PageError::History)?;
    let (translation, kept) = found.ok_or(PageError::NoSuchTranslation)?;
    // what still waits for the database is a text
    if kept == Kept::Stored
        && let Some(file) = app.store.file(id).await.map_err(PageError::History)?
    {
        return Ok(pages::render(&FilePage::of(&translation, &file)));
    }
    let offer = Offer::of(&app, None, None).await;
    Ok(finished(&app, offer, &translation, kept, &Glossary::default()))
}

/// A post without a text to translate, and what of it goes back into the box.
struct Rejected {
    text: String,
    failure: Box<Failure>,
}

impl Rejected {
    fn new(text: impl Into<String>, failure: Failure) -> Self {
        Self { text: text.into(), failure: Box::new(failure) }
    }
}

/// The fields of a posted form, as far as it arrived, and why it did not if so.
pub(super) async fn posted(app: &App, request: Request) -> (Posted, Option<BodyError>) {
    let (parts, body) = request.into_parts();
    let error = match body::read(body, app.max_body_bytes()).await {
        Ok(body) => return (form::read(&parts.headers, body).await, None),
        Err(error) => error,
    };
    let posted = match &error {
        BodyError::TooLarge { kept, whole: true } => form::read(&parts.headers, kept.clone()).await,
        // half a text in the box would pass for the whole
        BodyError::TooLarge { kept, whole: false } => {
            let mut posted = form::read(&parts.headers, kept.clone()).await;
            posted.text = Ok(String::new());
            posted
        }
        BodyError::TimedOut | BodyError::BrokenOff => Posted::default(),
    };
    (posted, Some(error))
}

fn checked(
    offer: &Offer,
    text: Result<String, FormError>,
    failure: Option<Failure>,
) -> Result<SourceText, Rejected> {
    if let Some(failure) = failure {
        return Err(Rejected::new(text.unwrap_or_default(), failure));
    }
    let text = text.map_err(|error| {
        let failure = Failure::of_form(&error);
        let text = if let FormError::InvalidUtf8 { lossy, .. } = error { lossy } else { String::new() };
        Rejected::new(text, failure)
    })?;
    if !offer.serves() {
        return Err(Rejected::new(text, Failure::of_pair(offer)));
    }
    SourceText::parse(&text).map_err(|error| Rejected::new(text, Failure::of_text(error)))
}

/// The form with what was typed into it, before it is translated.
pub(super) async fn show_again(app: &App, posted: Posted) -> Html<String> {
    let offer = Offer::of(app, posted.source.clone(), posted.target.clone()).await;
    let glossary = posted.glossary();
    pages::render(&page(app, &offer, posted.text.unwrap_or_default(), glossary))
}

/// The form with nothing but the text in it.
fn page(app: &App, offer: &Offer, text: String, glossary: String) -> TranslatePage {
    TranslatePage {
        direction: DirectionView::from(&offer.direction),
        choice: offer.choice(),
        detected: None,
        starter: offer.starter(),
        text_chars: text.chars().count(),
        text,
        glossary,
        max_glossary_terms: MAX_TERMS,
        max_body_mb: app.max_body_mb,
        max_file_mb: app.files.max_mb(),
        accept: Format::extensions().collect::<Vec<_>>().join(","),
        formats: Format::NAMES,
        live_bytes: JOB_BYTES,
        alert: None,
        notice: None,
        output: None,
    }
}

/// The form with a text and its translation.
fn finished(
    app: &App,
    offer: Offer,
    translation: &Translation,
    kept: Kept,
    glossary: &Glossary,
) -> Html<String> {
    let Translation { source_language, target_language, detected, .. } = translation;
    // what was left as it is can only have been found out
    let found_out = detected.is_some() || source_language == target_language;
    let offer = if found_out && !offer.detects() {
        offer
    } else {
        let source = if found_out { AUTO } else { source_language };
        offer.with(Direction { source: source.to_owned(), target: target_language.clone() })
    };
    pages::render(&TranslatePage {
        direction: DirectionView::from(translation),
        detected: detected.map(|sure| pages::detected(source_language, sure)),
        starter: offer.starter().filter(|starter| *starter == translation.model),
        notice: match kept {
            Kept::Stored => None,
            Kept::Waiting => Some("not-stored-yet"),
            Kept::Lost => Some("not-stored"),
        },
        output: Some(Output::whole(translation)),
        ..page(app, &offer, translation.source_text.clone(), glossary.text().to_owned())
    })
}

/// The form with the text that could not be translated, and why.
fn failed(app: &App, offer: &Offer, text: String, glossary: String, failure: Failure) -> Response {
    let page = TranslatePage { alert: Some(failure.alert.clone()), ..page(app, offer, text, glossary) };
    failure.respond(&page)
}

fn not_translated(
    app: &App,
    offer: &Offer,
    text: SourceText,
    glossary: &Glossary,
    error: ClientError,
) -> Response {
    let output = error.partial().map(Output::part);
    let failure = Failure::of_backend(error);
    let alert = Some(failure.alert.clone());
    failure.respond(&TranslatePage {
        alert,
        output,
        ..page(app, offer, text.into_string(), glossary.text().to_owned())
    })
}
