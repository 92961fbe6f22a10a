//! What a failed request is told.

use std::sync::Arc;

use api::{ErrorBody, ErrorCode};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use service::{RequestId, layers::Cause};

use crate::{AdmitError, NoRoute, TranslateError};

/// Seconds after which a refused client may well find a place.
const RETRY_AFTER_S: u16 = 2;

/// A request that fails. The messages are for people; those of our own faults do not say what went wrong, the log
/// does.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("Send the request as JSON, with the header \"Content-Type: application/json\".")]
    NotJson,
    #[error("The request is larger than {limit_mb} MB, the most that is taken here; send the text in parts.")]
    TooLarge { limit_mb: usize },
    #[error("The request stopped arriving; send it again.")]
    Stalled,
    #[error("The request broke off; send it again.")]
    BrokenOff,
    /// With what is wrong, where, and what to do.
    #[error("{0}")]
    Invalid(String),
    #[error("{0}")]
    UnsupportedPair(String),
    #[error("There is nothing at this address; texts are translated at POST /translate.")]
    NotFound,
    #[error(
        "This address does not take the method of the request; the header \"Allow\" says which it takes."
    )]
    MethodNotAllowed,
    #[error("Every place for a translation is taken; try again in a few seconds.")]
    Overloaded,
    #[error("The service is broken and about to be restarted; try again in a few seconds.")]
    Broken,
    #[error("The translation failed, and that is a fault of this service. Its log has the cause.")]
    Engine(#[source] TranslateError),
    #[error("The request failed, and that is a fault of this service. Its log has the cause.")]
    Panic,
}

impl ApiError {
    fn kind(&self) -> (StatusCode, ErrorCode) {
        match self {
            Self::NotJson => (StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::InvalidRequest),
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::TooLarge),
            Self::Stalled => (StatusCode::REQUEST_TIMEOUT, ErrorCode::InvalidRequest),
            Self::BrokenOff | Self::Invalid(_) => (StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest),
            Self::UnsupportedPair(_) => (StatusCode::BAD_REQUEST, ErrorCode::UnsupportedPair),
            Self::NotFound => (StatusCode::NOT_FOUND, ErrorCode::NotFound),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed),
            Self::Overloaded => (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Overloaded),
            Self::Broken => (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable),
            Self::Engine(_) | Self::Panic => (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal),
        }
    }

    /// What is sent to the client.
    pub(crate) fn body(&self, id: Option<&RequestId>) -> ErrorBody {
        let (_, code) = self.kind();
        ErrorBody { code, message: self.to_string(), request_id: id.map(ToString::to_string) }
    }
}

impl From<AdmitError> for ApiError {
    fn from(error: AdmitError) -> Self {
        match error {
            AdmitError::Full => Self::Overloaded,
            AdmitError::Broken => Self::Broken,
        }
    }
}

impl From<NoRoute> for ApiError {
    fn from(error: NoRoute) -> Self {
        let NoRoute { source_language, target, present } = error;
        Self::UnsupportedPair(format!(
            "No model translates from \"{source_language}\" to \"{target}\" here; there are: {}.",
            present.join(", ")
        ))
    }
}

impl From<TranslateError> for ApiError {
    fn from(error: TranslateError) -> Self {
        Self::Engine(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, _) = self.kind();
        let mut response = (status, Json(self.body(RequestId::current().as_ref()))).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
        }
        if let Self::Engine(cause) = self {
            response.extensions_mut().insert(Cause(Arc::new(cause)));
        }
        response
    }
}
