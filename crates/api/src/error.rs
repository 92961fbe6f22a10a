//! The one error envelope.

use serde::{Deserialize, Serialize};

/// What every failed request answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// Stable, for programs.
    pub code: ErrorCode,
    /// For people: what was wrong and what to do, one or two plain sentences.
    pub message: String,
    /// Finds the request in the logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request is not what the route takes: malformed, incomplete, or of wrong content.
    InvalidRequest,
    /// No model translates this pair.
    UnsupportedPair,
    /// The body is larger than the operator allows.
    TooLarge,
    /// Every place in the queue is taken; worth trying again after `Retry-After`.
    Overloaded,
    /// The service starts or stops, or its engine does not answer; worth trying again.
    Unavailable,
    /// There is no such route.
    NotFound,
    /// The route does not take this method.
    MethodNotAllowed,
    /// A fault of ours; the log has the cause under the request's id.
    Internal,
}
