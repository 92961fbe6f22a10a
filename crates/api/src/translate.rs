//! A text in, its translation out, whole or sentence by sentence.

use serde::{Deserialize, Serialize};

use crate::{ErrorBody, Model};

/// What is to be translated. A text may have any length that the body limit lets through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranslateRequest {
    /// The text, in the source language.
    pub text: String,
    /// Source language, a BCP 47 code.
    #[serde(default = "german")]
    pub source: String,
    /// Target language, a BCP 47 code.
    #[serde(default = "english")]
    pub target: String,
    /// Translates these pieces of the text alone, each as one sentence, instead of finding the sentences. In the
    /// order of the text, apart from each other and not empty; as `POST /segment` gives them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentences: Option<Vec<Span>>,
}

pub(crate) fn german() -> String {
    "de".to_owned()
}

fn english() -> String {
    "en".to_owned()
}

/// The whole translation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranslateResponse {
    /// The translation; what lies between sentences (line breaks, indentation) is as in the source.
    pub text: String,
    /// The model that made it.
    pub model: Model,
    /// Wall time from accepting the request to the last sentence, in milliseconds.
    pub duration_ms: u64,
}

/// A piece of the source text: byte offsets into its UTF-8 form, `start` included, `end` not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// One line of a streamed translation: `start`, then a `sentence` for each sentence in the order of the source,
/// then `done`; or `error` instead of anything that would have followed.
///
/// The translation is put together by replacing every sentence's span in the source by its text and keeping
/// all bytes outside the spans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum StreamEvent {
    /// The request was accepted.
    Start {
        /// The model that is going to translate.
        model: Model,
    },
    /// One sentence is translated.
    Sentence {
        /// Where it stands in the source.
        source: Span,
        /// Its translation.
        text: String,
    },
    /// Every sentence has been sent.
    Done {
        /// Wall time from accepting the request to the last sentence, in milliseconds.
        duration_ms: u64,
    },
    /// It went wrong on the way; what was sent before stays good.
    Error(ErrorBody),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_without_languages_is_german_to_english() {
        let request: TranslateRequest = serde_json::from_str(r#"{"text":"Hallo"}"#).unwrap();
        assert_eq!((request.source.as_str(), request.target.as_str()), ("de", "en"));
        assert_eq!(request.sentences, None);
    }

    #[test]
    fn events_are_tagged_objects() {
        let event = StreamEvent::Sentence { source: Span { start: 0, end: 5 }, text: "Hello".into() };
        assert_eq!(
            serde_json::to_string(&event).unwrap(),
            r#"{"event":"sentence","source":{"start":0,"end":5},"text":"Hello"}"#
        );
        let error = StreamEvent::Error(ErrorBody {
            code: crate::ErrorCode::Unavailable,
            message: "The service is stopping.".into(),
            request_id: None,
        });
        assert_eq!(
            serde_json::to_string(&error).unwrap(),
            r#"{"event":"error","code":"unavailable","message":"The service is stopping."}"#
        );
    }
}
