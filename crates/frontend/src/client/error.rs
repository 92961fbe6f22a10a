//! What can go wrong with the backend, as far as it makes a difference to the visitor.

use std::time::Duration;

use api::{ErrorBody, ErrorCode};
use reqwest::StatusCode;

/// Why there is no translation.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// No backend there, or it is starting or stopping.
    #[error("the backend cannot be reached: {reason}")]
    Unreachable {
        /// What failed.
        reason: String,
    },
    /// Its queue is full.
    #[error("the backend is overloaded")]
    Overloaded {
        /// When it may be worth trying again.
        retry_after: Option<Duration>,
    },
    /// It took longer than it may.
    #[error("the backend took too long")]
    TimedOut {
        /// What was translated so far.
        partial: Option<String>,
    },
    /// It stopped in the middle, or answered what we do not understand.
    #[error("the backend broke off: {reason}")]
    Broken {
        /// What was translated so far.
        partial: Option<String>,
        /// What happened.
        reason: String,
    },
    /// It does not take this text.
    #[error("the backend refused the text as {code:?}")]
    Refused {
        /// Of what kind the refusal is.
        code: ErrorCode,
        /// The backend's words, for people.
        message: String,
    },
}

impl ClientError {
    /// It broke off with nothing translated that is known here.
    pub(crate) fn broken(reason: impl Into<String>) -> Self {
        Self::Broken { partial: None, reason: reason.into() }
    }

    /// What an error answered instead of a stream means.
    pub(super) fn refused(body: ErrorBody, retry_after: Option<Duration>) -> Self {
        match body.code {
            ErrorCode::Overloaded => Self::Overloaded { retry_after },
            ErrorCode::Unavailable => Self::Unreachable { reason: "it is not ready".to_owned() },
            ErrorCode::InvalidRequest | ErrorCode::UnsupportedPair | ErrorCode::TooLarge => {
                Self::Refused { code: body.code, message: body.message }
            }
            ErrorCode::NotFound | ErrorCode::MethodNotAllowed | ErrorCode::Internal => {
                Self::broken(format!("it answered {:?}", body.code))
            }
        }
    }

    /// What an error within a stream means.
    pub(crate) fn in_the_middle(body: ErrorBody) -> Self {
        match body.code {
            ErrorCode::Unavailable | ErrorCode::Internal => Self::broken(format!("it sent {:?}", body.code)),
            _ => Self::refused(body, None),
        }
    }

    /// What an answer means that is not one of ours.
    pub(super) fn unexpected(status: StatusCode) -> Self {
        if status.is_server_error() {
            Self::Unreachable { reason: format!("something in between answered {status}") }
        } else {
            Self::broken(format!("it answered {status} without our error body"))
        }
    }

    /// The same error with what was translated before it happened.
    pub(super) fn with_partial(self, translated: Option<String>) -> Self {
        match self {
            Self::TimedOut { .. } => Self::TimedOut { partial: translated },
            Self::Broken { reason, .. } => Self::Broken { partial: translated, reason },
            other => other,
        }
    }

    /// What was translated before it went wrong.
    pub(crate) fn partial(&self) -> Option<&str> {
        match self {
            Self::TimedOut { partial } | Self::Broken { partial, .. } => partial.as_deref(),
            _ => None,
        }
    }
}

impl From<reqwest::Error> for ClientError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_connect() {
            Self::Unreachable { reason: chain(&error) }
        } else if error.is_timeout() {
            Self::TimedOut { partial: None }
        } else {
            Self::broken(chain(&error))
        }
    }
}

impl From<std::io::Error> for ClientError {
    /// Of an error met while reading a stream.
    fn from(error: std::io::Error) -> Self {
        match error.downcast::<reqwest::Error>() {
            Ok(error) => error.into(),
            Err(error) => Self::broken(error.to_string()),
        }
    }
}

/// An error and its sources on one line; of reqwest's errors, the first says next to nothing.
fn chain(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
