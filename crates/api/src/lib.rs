//! The wire types between frontend and backend. Data only: no HTTP, no validation beyond what the types say.
//!
//! | route | request | answer |
//! |---|---|---|
//! | `POST /translate` | [`TranslateRequest`] | [`TranslateResponse`] or [`ErrorBody`] |
//! | `POST /translate/stream` | [`TranslateRequest`] | one [`StreamEvent`] a line (`application/x-ndjson`), or [`ErrorBody`] before the first |
//! | `POST /segment` | [`SegmentRequest`] | [`SegmentResponse`] or [`ErrorBody`] |
//! | `GET /languages` | | [`LanguagesResponse`] |

mod error;
mod language;
mod segment;
mod translate;

pub use error::{ErrorBody, ErrorCode};
pub use language::{AUTO, BrokenModel, LanguagesResponse, Model, NO_MODEL, Pair, STARTER_MODEL};
pub use segment::{SegmentRequest, SegmentResponse};
pub use translate::{
    Alternative, Detected, Doubt, Link, Sentence, Span, StreamEvent, Term, TranslateOptions,
    TranslateRequest, TranslateResponse,
};

/// The media type of a stream of [`StreamEvent`]s: one JSON object a line.
pub const NDJSON: &str = "application/x-ndjson";
