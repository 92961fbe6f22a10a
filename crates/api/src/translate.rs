//! A text in, its translation out, whole or sentence by sentence.

use serde::{Deserialize, Serialize};

use crate::{ErrorBody, Model};

/// What is to be translated. A text may have any length that the body limit lets through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TranslateRequest {
    /// The text, in the source language.
    pub text: String,
    /// Source language, a BCP 47 code, or [`AUTO`](crate::AUTO).
    #[serde(default = "german")]
    pub source: String,
    /// Target language, a BCP 47 code.
    #[serde(default = "english")]
    pub target: String,
    /// Translates these pieces of the text alone, each as one sentence, instead of finding the sentences. In the
    /// order of the text, apart from each other and not empty; as `POST /segment` gives them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentences: Option<Vec<Span>>,
    /// What is wanted besides the translation.
    #[serde(flatten)]
    pub options: TranslateOptions,
}

/// What is wanted besides the plain translation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TranslateOptions {
    /// Number of other translations of each sentence, at most 8; there may be fewer.
    #[serde(skip_serializing_if = "is_zero")]
    pub alternatives: usize,
    /// Whether to tell which word became which.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub alignment: bool,
    /// Terms that have one translation, or are kept as they are. They go before those of the operator.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub glossary: Vec<Term>,
}

/// A word or some words, found in their German forms as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The words in the source language.
    pub source: String,
    /// Their translation; none keeps them as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

pub(crate) fn german() -> String {
    "de".to_owned()
}

fn english() -> String {
    "en".to_owned()
}

/// The whole translation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TranslateResponse {
    /// The translation; what lies between sentences (line breaks, indentation) is as in the source.
    pub text: String,
    /// The model that made it; [`NO_MODEL`](crate::NO_MODEL) if the text was in the target language already and is
    /// left as it is.
    pub model: Model,
    /// The language that was found out, if it was to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detected: Option<Detected>,
    /// Wall time from accepting the request to the last sentence, in milliseconds.
    pub duration_ms: u64,
    /// Its sentences: all of them if the request asks for alternatives or alignment, otherwise those in doubt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sentences: Vec<Sentence>,
}

/// The language that a text was found to be in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detected {
    /// A BCP 47 code.
    pub language: String,
    /// How sure that is, from 0 to 1, against the other languages that were possible. Single words rarely reach 0.9.
    pub confidence: f32,
}

/// One sentence and its translation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    /// Where it stands in the source.
    pub source: Span,
    /// Its translation.
    pub text: String,
    /// Mean log-probability of the translation's tokens: 0 is certain, below -1 is poor.
    pub score: f32,
    /// Other translations, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
    /// Which word became which, in the order of the translation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alignment: Vec<Link>,
    /// What seems wrong with the translation although everything was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
}

/// Another translation of a sentence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The translation.
    pub text: String,
    /// As in [`Sentence`].
    pub score: f32,
}

/// A word of a sentence and the word that it became, without the punctuation around them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// In the sentence, counted from its start.
    pub source: Span,
    /// In its translation.
    pub target: Span,
}

/// What seems wrong with a translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// It is far longer or shorter than its source.
    Length,
    /// It says the same over and over where the source does not.
    Repetition,
    /// It has no end: what should follow is missing.
    Cut,
}

/// A piece of a text: byte offsets into its UTF-8 form, `start` included, `end` not.
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum StreamEvent {
    /// The request was accepted.
    Start {
        /// The model that is going to translate; see [`TranslateResponse::model`].
        model: Model,
        /// The language that was found out, if it was to be.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detected: Option<Detected>,
        /// As in [`SegmentResponse`](crate::SegmentResponse).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        terms: Option<String>,
    },
    /// One sentence is translated.
    Sentence(Sentence),
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
        assert_eq!(request.options, TranslateOptions::default());
        let json = serde_json::to_string(&request).unwrap();
        assert_eq!(json, r#"{"text":"Hallo","source":"de","target":"en"}"#);
    }

    #[test]
    fn events_are_tagged_objects() {
        let mut sentence = Sentence {
            source: Span { start: 0, end: 5 },
            text: "Hello".into(),
            score: -0.5,
            alternatives: Vec::new(),
            alignment: Vec::new(),
            doubt: None,
        };
        assert_eq!(
            serde_json::to_string(&StreamEvent::Sentence(sentence.clone())).unwrap(),
            r#"{"event":"sentence","source":{"start":0,"end":5},"text":"Hello","score":-0.5}"#
        );
        sentence.doubt = Some(Doubt::Cut);
        sentence.alternatives = vec![Alternative { text: "Hi".into(), score: -1.0 }];
        sentence.alignment = vec![Link { source: sentence.source, target: sentence.source }];
        let event = StreamEvent::Sentence(sentence);
        let json = serde_json::to_string(&event).unwrap();
        assert!(json.ends_with(r#","doubt":"cut"}"#), "{json}");
        assert_eq!(serde_json::from_str::<StreamEvent>(&json).unwrap(), event);
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
