//! What went wrong with a text, as the visitor reads it above the text: status, sentence, next step.

use std::sync::Arc;
use std::time::Duration;

use api::{AUTO, ErrorCode};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use service::RequestId;
use service::layers::Cause;

use super::offer::Offer;
use crate::body::BodyError;
use crate::client::ClientError;
use crate::files::FileError;
use crate::form::FormError;
use crate::pages::{self, Alert, TranslatePage};
use crate::text::TextError;
use crate::translator::Direction;

const TRY_AGAIN: &str = "Your text is still in the box; press Translate to try again.";
const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(5);

/// A failure on its way to the visitor.
#[derive(Debug)]
pub(super) struct Failure {
    status: StatusCode,
    pub(super) alert: Alert,
    retry_after: Option<Duration>,
    cause: Option<Cause>,
}

impl Failure {
    fn new(status: StatusCode, title: &'static str, message: impl Into<String>, next_step: &str) -> Self {
        let request_id = status.is_server_error().then(RequestId::current).flatten();
        Self {
            status,
            alert: Alert {
                title,
                message: message.into(),
                next_step: next_step.to_owned(),
                request_id: request_id.map(|id| id.to_string()),
            },
            retry_after: None,
            cause: None,
        }
    }

    /// There was no body to read a form from, or a file in it was too large.
    pub(super) fn of_body(error: &BodyError, max_body_mb: u32, is_file: bool) -> Self {
        match error {
            BodyError::TooLarge { .. } if is_file => Self::file_too_large(max_body_mb as usize),
            BodyError::TooLarge { .. } => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The text is too long",
                format!("At most {max_body_mb} MB can be translated at a time."),
                "Translate it in parts.",
            ),
            BodyError::TimedOut => Self::new(
                StatusCode::REQUEST_TIMEOUT,
                "The text did not arrive",
                "The connection stalled before all of the text had arrived.",
                "Go back and send it again.",
            ),
            BodyError::BrokenOff => Self::new(
                StatusCode::BAD_REQUEST,
                "The text did not arrive",
                "The connection broke before all of the text had arrived.",
                "Go back and send it again.",
            ),
        }
    }

    fn file_too_large(max_mb: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The file is too large",
            format!("At most {max_mb} MB can be translated at a time."),
            "Divide it, or make its pictures smaller.",
        )
    }

    /// A file was to be translated, and there is none.
    pub(super) fn no_file() -> Self {
        let message = "No file has arrived.".to_owned();
        Self::new(StatusCode::BAD_REQUEST, "There is no file", message, "Choose a file first.")
    }

    /// The file is in the language that it is to be translated to.
    pub(super) fn nothing_to_do(target: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "There is nothing to translate",
            format!("The file seems to be in {} already.", pages::language_name(target)),
            "If it is not, choose its language and send it again.",
        )
    }

    /// The file is none that can be translated.
    pub(super) fn of_file(error: FileError, name: &str, max_mb: usize) -> Self {
        let failure = match &error {
            FileError::Document(markup::Error::TooLarge(markup::Excess::File { .. })) => {
                Self::file_too_large(max_mb)
            }
            FileError::Document(fault) => {
                let message = format!("{name}: {fault}.");
                let status = match fault {
                    markup::Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
                    markup::Error::UnknownFormat { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    _ => StatusCode::BAD_REQUEST,
                };
                Self::new(status, "This file cannot be translated", message, "")
            }
            FileError::NotText => Self::new(
                StatusCode::BAD_REQUEST,
                "This file cannot be translated",
                format!("{name} holds NUL characters, which no text has; it may be a file of another kind."),
                "Give it the extension of its format, or save it as text in UTF-8.",
            ),
            FileError::Empty => Self::new(
                StatusCode::BAD_REQUEST,
                "There is nothing to translate",
                format!("{name} has no text, or none that is for translation."),
                "",
            ),
            FileError::Store(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "The file cannot be stored right now",
                "The database does not answer, and files are translated once they are stored.",
                "Send it again in a moment.",
            )
            .retry_after(DEFAULT_RETRY_AFTER),
            FileError::Changed | FileError::Panicked => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong",
                "The document made the program stumble; the fault has been noted.",
                "Save it anew by the program that it comes from, and send it again.",
            ),
        };
        Self { cause: Some(Cause(Arc::new(error))), ..failure }
    }

    /// The body was no form with a text.
    pub(super) fn of_form(error: &FormError) -> Self {
        let bad =
            |title, message: String, next_step| Self::new(StatusCode::BAD_REQUEST, title, message, next_step);
        match error {
            FormError::NotAForm => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "That was not a form",
                "This address takes forms of the type application/x-www-form-urlencoded or multipart/form-data.",
                "Use the form below.",
            ),
            FormError::Malformed => {
                bad("The form was damaged", "It ends in the middle or is malformed.".into(), "Send it again.")
            }
            FormError::MissingField => bad(
                "There was no text",
                "The form had no field named “text”.".into(),
                "Use the form below, or name the field “text”.",
            ),
            FormError::InvalidUtf8 { place, .. } => bad(
                "The text is not valid UTF-8",
                format!(
                    "From {place} on there are bytes of another encoding; they are shown as \u{fffd} below."
                ),
                "Correct them, or save the text as UTF-8 and paste it again.",
            ),
        }
    }

    /// The text is none that can be translated.
    pub(super) fn of_text(error: TextError, source: &str) -> Self {
        let kind = if source == AUTO { String::new() } else { format!("{} ", pages::language_name(source)) };
        match error {
            TextError::Blank => Self::new(
                StatusCode::BAD_REQUEST,
                "There is nothing to translate",
                format!("Type or paste some {kind}text first."),
                "",
            ),
            TextError::Nul(place) => Self::new(
                StatusCode::BAD_REQUEST,
                "The text holds a NUL character",
                format!(
                    "There is one at {place}; text files have none, so this may be a file of another kind."
                ),
                "Remove it, or paste the text itself.",
            ),
        }
    }

    /// No model translates the chosen pair.
    pub(super) fn of_pair(offer: &Offer) -> Self {
        let Direction { source, target } = &offer.direction;
        let name = |code: &str| pages::language_name(code);
        let targets: Vec<_> = offer.targets(source).into_iter().map(name).collect();
        let message = match (source == AUTO, targets.is_empty()) {
            (true, true) => "Languages cannot be detected here.".to_owned(),
            (true, false) => format!("Nothing is translated to {} here.", name(target)),
            (false, _) => format!("No model here translates {} to {}.", name(source), name(target)),
        };
        let next_step = if targets.is_empty() {
            "Choose the language of the text; the text is still in the box.".to_owned()
        } else {
            let from = if source == AUTO { "Detected languages" } else { &name(source) };
            format!("{from} can be translated to {}; the text is still in the box.", targets.join(", "))
        };
        Self::new(StatusCode::BAD_REQUEST, "This pair of languages is not there", message, &next_step)
    }

    /// The backend did not translate it.
    pub(super) fn of_backend(error: ClientError) -> Self {
        let failure = match &error {
            ClientError::Unreachable { .. } => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "The translation service cannot be reached",
                "It may be starting or being updated.",
                TRY_AGAIN,
            )
            .retry_after(DEFAULT_RETRY_AFTER),
            ClientError::Overloaded { retry_after } => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "Too many translations at once",
                "Every place in the queue is taken just now.",
                TRY_AGAIN,
            )
            .retry_after(retry_after.unwrap_or(DEFAULT_RETRY_AFTER)),
            ClientError::TimedOut { .. } => Self::new(
                StatusCode::GATEWAY_TIMEOUT,
                "The translation took too long",
                "The translation service did not answer in time.",
                TRY_AGAIN,
            ),
            ClientError::Broken { .. } => Self::new(
                StatusCode::BAD_GATEWAY,
                "The translation broke off",
                "The translation service stopped in the middle.",
                TRY_AGAIN,
            ),
            ClientError::Refused { code, message } => {
                let status = match code {
                    ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                    _ => StatusCode::BAD_REQUEST,
                };
                Self::new(status, "The text cannot be translated", message, "")
            }
        };
        Self { cause: Some(Cause(Arc::new(error))), ..failure }
    }

    fn retry_after(self, retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..self }
    }

    /// The answer that shows `page` and carries the rest where it belongs.
    pub(super) fn respond(self, page: &TranslatePage) -> Response {
        let mut response = (self.status, pages::render(page)).into_response();
        if let Some(retry_after) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after.as_secs()));
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(cause);
        }
        response
    }
}
