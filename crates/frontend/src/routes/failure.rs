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
use crate::form::FormError;
use crate::glossary::{GlossaryError, MAX_TERM_BYTES, MAX_TERMS, TermFault};
use crate::jobs::refusal;
use crate::locale::{Arguments, Locale};
use crate::pages::{self, Alert, Page};
use crate::store::StoreError;
use crate::text::{Place, TextError};
use crate::translator::Direction;

pub(super) const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(5);

/// A failure on its way to the visitor.
#[derive(Debug)]
pub(super) struct Failure {
    status: StatusCode,
    pub(super) alert: Alert,
    retry_after: Option<Duration>,
    cause: Option<Cause>,
}

impl Failure {
    /// In the words of the message with this name.
    pub(super) fn new(status: StatusCode, name: &str, arguments: Arguments<'_>) -> Self {
        let request_id = status.is_server_error().then(RequestId::current).flatten();
        let alert = Alert::new(Locale::current(), name, arguments);
        Self {
            status,
            alert: Alert { request_id: request_id.map(|id| id.to_string()), ..alert },
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
                "failure-too-large",
                &[("megabytes", max_body_mb.into())],
            ),
            BodyError::TimedOut => Self::new(StatusCode::REQUEST_TIMEOUT, "failure-stalled", &[]),
            BodyError::BrokenOff => Self::new(StatusCode::BAD_REQUEST, "failure-broken-off", &[]),
        }
    }

    /// There is a mistake in the visitor's terms.
    pub(super) fn of_glossary(error: &GlossaryError) -> Self {
        let name = match error.fault {
            TermFault::NoWord => "failure-glossary-word",
            TermFault::NoTarget => "failure-glossary-target",
            TermFault::TooLong => "failure-glossary-long",
            TermFault::Twice => "failure-glossary-twice",
            TermFault::TooMany => "failure-glossary-many",
        };
        let arguments = [
            ("line", error.line.into()),
            ("term", error.term.as_str().into()),
            ("bytes", MAX_TERM_BYTES.into()),
            ("terms", MAX_TERMS.into()),
        ];
        Self::new(StatusCode::BAD_REQUEST, name, &arguments)
    }

    /// Nothing was taken of a file with sentences, for the reason in the message with this name.
    pub(super) fn of_import(status: StatusCode, reason: &str, arguments: Arguments<'_>) -> Self {
        let mut failure = Self::new(status, "failure-import", &[]);
        failure.alert.message = Locale::current().text_with(reason, arguments);
        failure
    }

    /// Likewise, for the database takes nothing just now.
    pub(super) fn of_import_store(error: StoreError) -> Self {
        let failure = Self::of_import(StatusCode::SERVICE_UNAVAILABLE, "import-away", &[]);
        Self { cause: Some(Cause(Arc::new(error))), ..failure }.retry_after(DEFAULT_RETRY_AFTER)
    }

    /// The body was no form with a text.
    pub(super) fn of_form(error: &FormError) -> Self {
        match error {
            FormError::NotAForm => Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "failure-no-form", &[]),
            FormError::Malformed => Self::new(StatusCode::BAD_REQUEST, "failure-damaged", &[]),
            FormError::MissingField => Self::new(StatusCode::BAD_REQUEST, "failure-no-field", &[]),
            FormError::InvalidUtf8 { place, .. } => {
                Self::new(StatusCode::BAD_REQUEST, "failure-encoding", &[("place", words(*place).into())])
            }
        }
    }

    /// The text is none that can be translated.
    pub(super) fn of_text(error: TextError) -> Self {
        match error {
            TextError::Blank => Self::new(StatusCode::BAD_REQUEST, "failure-blank", &[]),
            TextError::Nul(place) => {
                Self::new(StatusCode::BAD_REQUEST, "failure-nul", &[("place", words(place).into())])
            }
        }
    }

    /// No model translates the chosen pair.
    pub(super) fn of_pair(offer: &Offer) -> Self {
        let locale = Locale::current();
        let Direction { source, target } = &offer.direction;
        let targets: Vec<_> = offer.targets(source).into_iter().map(|code| locale.language(code)).collect();
        let name = match (source == AUTO, targets.is_empty()) {
            (true, true) => "failure-no-detection",
            (true, false) => "failure-no-target",
            (false, true) => "failure-no-source",
            (false, false) => "failure-no-pair",
        };
        let arguments = [
            ("source", locale.language(source).into()),
            ("target", locale.language(target).into()),
            ("targets", targets.join(", ").into()),
        ];
        Self::new(StatusCode::BAD_REQUEST, name, &arguments)
    }

    /// The backend did not translate it.
    pub(super) fn of_backend(error: ClientError) -> Self {
        let new = |status, name| Self::new(status, name, &[]);
        let failure = match &error {
            ClientError::Unreachable { .. } => {
                new(StatusCode::SERVICE_UNAVAILABLE, "failure-unreachable").retry_after(DEFAULT_RETRY_AFTER)
            }
            ClientError::Overloaded { retry_after } => {
                new(StatusCode::SERVICE_UNAVAILABLE, "failure-overloaded")
                    .retry_after(retry_after.unwrap_or(DEFAULT_RETRY_AFTER))
            }
            ClientError::TimedOut { .. } => new(StatusCode::GATEWAY_TIMEOUT, "failure-timed-out"),
            ClientError::Broken { .. } => new(StatusCode::BAD_GATEWAY, "failure-stopped"),
            ClientError::Refused { code, .. } => {
                let status = match code {
                    ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                    _ => StatusCode::BAD_REQUEST,
                };
                new(status, refusal(*code))
            }
        };
        failure.caused_by(error)
    }

    /// What the log says of it.
    pub(super) fn caused_by(self, error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { cause: Some(Cause(Arc::new(error))), ..self }
    }

    pub(super) fn retry_after(self, retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..self }
    }

    /// The answer that shows `page` and carries the rest where it belongs.
    pub(super) fn respond(self, page: &impl Page) -> Response {
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

/// A place in a text.
fn words(place: Place) -> String {
    let arguments = [("line", place.line.into()), ("character", place.character.into())];
    Locale::current().text_with("place", &arguments)
}
