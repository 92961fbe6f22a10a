//! Why the backend does not take a text, by the name of the message that says so.

use api::ErrorCode;

/// The name of the message.
pub(crate) fn refusal(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::UnsupportedPair => "failure-refused-pair",
        ErrorCode::TooLarge => "failure-refused-size",
        _ => "failure-refused-invalid",
    }
}
