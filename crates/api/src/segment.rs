//! Where the sentences of a text are, without translating them: whoever remembers translations asks for the new ones
//! alone, by [`TranslateRequest::sentences`](crate::TranslateRequest::sentences).

use serde::{Deserialize, Serialize};

use crate::Span;
use crate::translate::german;

/// The text whose sentences are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentRequest {
    /// The text.
    pub text: String,
    /// Its language, a BCP 47 code.
    #[serde(default = "german")]
    pub source: String,
}

/// The sentences, as a translation of the same text would have them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentResponse {
    /// In the order of the text.
    pub sentences: Vec<Span>,
    /// Changes whenever the operator's terms do; none where the operator has none. Translations that were made under
    /// other terms are not to be used again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
}
