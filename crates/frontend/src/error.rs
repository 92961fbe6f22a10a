//! Failures that are a page of their own: title, sentence, next step, and for ours the request's id. Failures of a
//! translation are shown on the page with the text instead.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use service::RequestId;
use service::layers::Cause;

use crate::files::FileError;
use crate::locale::Locale;
use crate::pages::{self, Alert, ErrorPage};
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

    /// The name of the message that says so.
    fn message(&self) -> &'static str {
        match self {
            Self::NotFound => "error-not-found",
            Self::NoSuchTranslation => "error-no-translation",
            Self::MethodNotAllowed => "error-method",
            Self::CrossSite => "error-cross-site",
            Self::History(_) => "error-history",
            Self::File(FileError::Store(_)) => "error-file-away",
            Self::File(_) => "error-file",
            Self::Panic => "error-panic",
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut alert = Alert::new(Locale::current(), self.message(), &[]);
        if status.is_server_error() {
            alert.request_id = RequestId::current().map(|id| id.to_string());
        }
        let mut response = (status, pages::render(&ErrorPage { alert })).into_response();
        if status.is_server_error() {
            response.extensions_mut().insert(Cause(Arc::new(self)));
        }
        response
    }
}
