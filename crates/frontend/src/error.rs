//! Failures that are a page of their own: title, sentence, next step, and for ours the request's id. Failures of a
//! translation are shown on the page with the text instead.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use service::RequestId;
use service::layers::Cause;

use crate::files::FileError;
use crate::pages::{self, ErrorPage};
use crate::store::StoreError;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    #[error("there is no such page")]
    NotFound,
    #[error("there is no such translation")]
    NoSuchTranslation,
    #[error("the page does not take this method")]
    MethodNotAllowed,
    #[error("another site sent the form")]
    CrossSite,
    #[error("the history cannot be read")]
    History(#[source] StoreError),
    #[error("the document cannot be written")]
    File(#[source] FileError),
    #[error("a handler panicked")]
    Panic,
}

impl PageError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::NoSuchTranslation => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::History(_) | Self::File(FileError::Store(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::File(_) | Self::Panic => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn page(&self, status: StatusCode) -> ErrorPage {
        let (title, message, next_step) = match self {
            Self::NotFound => (
                "Page not found",
                "There is nothing at this address.",
                "Check the address, or start from the form.",
            ),
            Self::NoSuchTranslation => (
                "Translation not found",
                "There is no translation at this address, or it was not stored.",
                "Look for it in the history.",
            ),
            Self::MethodNotAllowed => (
                "That does not work here",
                "This address does not take this kind of request.",
                "Start from the form.",
            ),
            Self::CrossSite => (
                "Refused",
                "The form was sent from another website, so nothing was translated or stored.",
                "If you meant it, type or paste the text into our own form.",
            ),
            Self::History(_) => (
                "The history cannot be read right now",
                "The database does not answer. Translating still works, and what you translate meanwhile is stored \
                 as soon as the database is back.",
                "Try again in a moment.",
            ),
            Self::File(FileError::Store(_)) => (
                "The file cannot be read right now",
                "The database does not answer.",
                "Try again in a moment.",
            ),
            Self::File(_) => (
                "The document cannot be written",
                "What is finished of it is kept, and the fault has been noted.",
                "Wait until all of it is translated, or translate the file again.",
            ),
            Self::Panic => (
                "Something went wrong",
                "The fault is ours, and it has been noted.",
                "Try again; if it happens again, tell the operator the request number below.",
            ),
        };
        let request_id = status.is_server_error().then(RequestId::current).flatten();
        ErrorPage { title, message, next_step, request_id: request_id.map(|id| id.to_string()) }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response = (status, pages::render(&self.page(status))).into_response();
        if status.is_server_error() {
            response.extensions_mut().insert(Cause(Arc::new(self)));
        }
        response
    }
}
