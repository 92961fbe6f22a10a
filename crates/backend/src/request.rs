//! Reads what a client wants translated, and says exactly what is wrong with it if something is.

use std::{ops::Range, sync::Arc, time::Duration};

use api::{Span, Term};
use axum::{
    body::Body,
    http::{
        HeaderMap,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
    },
};
use engine::{Glossary, MAX_ALTERNATIVES, RequestOptions};
use futures_util::StreamExt;
use serde::Deserialize;
use tokio::time::timeout;

use crate::{Place, Route, Sentences, error::ApiError};

/// A client that sends nothing for so long has lost its place.
const PAUSE: Duration = Duration::from_secs(30);

/// No language code is longer than that; what is, is not quoted in full.
const CODE_CHARS: usize = 35;

/// Most terms that a request may bring; the operator's file may have any number.
const MAX_TERMS: usize = 1000;

/// What the client wants, checked.
pub(crate) struct Wanted {
    pub(crate) text: Arc<str>,
    /// Source language, or `auto`.
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) options: RequestOptions,
    pub(crate) contract: Contract,
    /// The pieces that are to be translated, if not all sentences.
    pub(crate) pieces: Option<Vec<Range<usize>>>,
}

impl Wanted {
    /// Begins the translation.
    pub(crate) fn translate(self, place: Place, route: Route) -> Sentences {
        match self.pieces {
            Some(pieces) => place.translate_pieces(route, self.text, pieces, self.options),
            None => place.translate(route, self.text, self.options),
        }
    }
}

/// The form of request and answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contract {
    /// [`api::TranslateRequest`] and [`api::TranslateResponse`].
    Current,
    /// `{"text_de": …}` and `{"text_en": …}`, of the first version of the application.
    Original,
}

/// The fields of all contracts together.
#[derive(Deserialize)]
struct Fields {
    text: Option<String>,
    text_de: Option<String>,
    source: Option<String>,
    target: Option<String>,
    sentences: Option<Vec<Span>>,
    alternatives: Option<usize>,
    alignment: Option<bool>,
    glossary: Option<Vec<Term>>,
}

/// Checks what can be checked before the body arrives.
pub(crate) fn check_head(headers: &HeaderMap, limit: usize) -> Result<(), ApiError> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let media_type = text(CONTENT_TYPE).and_then(|value| value.split(';').next()).unwrap_or("").trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(ApiError::NotJson);
    }
    match text(CONTENT_LENGTH).and_then(|value| value.parse::<usize>().ok()) {
        Some(length) if length > limit => Err(too_large(limit)),
        _ => Ok(()),
    }
}

fn too_large(limit: usize) -> ApiError {
    ApiError::TooLarge { limit_mb: limit >> 20 }
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read(body: Body, limit: usize) -> Result<Vec<u8>, ApiError> {
    let mut chunks = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = timeout(PAUSE, chunks.next()).await.map_err(|_| ApiError::Stalled)? {
        let chunk = chunk.map_err(|_| ApiError::BrokenOff)?;
        if bytes.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What `body` asks for.
pub(crate) fn parse(body: Vec<u8>) -> Result<Wanted, ApiError> {
    let (mut fields, text, contract) = parse_text(body)?;
    let source = language(fields.source.take(), "de");
    let target = language(fields.target.take(), "en");
    let options = options(&fields)?;
    let pieces = fields.sentences.map(|spans| pieces(&text, &spans)).transpose()?;
    Ok(Wanted { text, source, target, options, contract, pieces })
}

/// The text whose sentences `body` asks for.
pub(crate) fn parse_segment(body: Vec<u8>) -> Result<Arc<str>, ApiError> {
    match parse_text(body)? {
        (_, text, Contract::Current) => Ok(text),
        (_, _, Contract::Original) => invalid("The field \"text\" is missing; put the text there."),
    }
}

fn parse_text(body: Vec<u8>) -> Result<(Fields, Arc<str>, Contract), ApiError> {
    let body = String::from_utf8(body).map_err(|error| {
        let position = error.utf8_error().valid_up_to();
        ApiError::Invalid(format!("The request is not UTF-8: its byte {position} is wrong."))
    })?;
    let mut fields = parse_fields(&body)?;
    let (name, text, contract) = match (fields.text.take(), fields.text_de.take()) {
        (Some(text), None) => ("text", text, Contract::Current),
        (None, Some(text)) => ("text_de", text, Contract::Original),
        (None, None) => return invalid("The field \"text\" is missing; put the text to translate there."),
        (Some(_), Some(_)) => return invalid("Send either the field \"text\" or \"text_de\", not both."),
    };
    if let Some(position) = text.find('\0') {
        return invalid(&format!(
            "The field \"{name}\" has a NUL character at byte {position}, which no text should have; remove it."
        ));
    }
    Ok((fields, text.into(), contract))
}

/// What is wanted besides the translation.
fn options(fields: &Fields) -> Result<RequestOptions, ApiError> {
    let alternatives = fields.alternatives.unwrap_or(0);
    if alternatives > MAX_ALTERNATIVES {
        return invalid(&format!("The field \"alternatives\" may be {MAX_ALTERNATIVES} at most."));
    }
    let glossary = fields.glossary.as_deref().filter(|terms| !terms.is_empty()).map(glossary).transpose()?;
    let alignment = fields.alignment.unwrap_or(false);
    Ok(RequestOptions { alternatives, alignment, glossary: glossary.map(Arc::new), target: None })
}

fn glossary(terms: &[Term]) -> Result<Glossary, ApiError> {
    if terms.len() > MAX_TERMS {
        return invalid(&format!("The field \"glossary\" may have {MAX_TERMS} terms at most."));
    }
    let mut glossary = Glossary::default();
    for (index, Term { source, target }) in terms.iter().enumerate() {
        glossary.add(source, target.as_deref()).map_err(|error| {
            ApiError::Invalid(format!("The field \"glossary[{index}]\" is wrong: {error}."))
        })?;
    }
    Ok(glossary)
}

/// The spans as ranges, once it is sure that they lie in `text` and in its order.
fn pieces(text: &str, spans: &[Span]) -> Result<Vec<Range<usize>>, ApiError> {
    let mut end = 0;
    let mut pieces = Vec::with_capacity(spans.len());
    for (index, span) in spans.iter().enumerate() {
        if span.start < end || span.start >= span.end || text.get(span.start..span.end).is_none() {
            return invalid(&format!(
                "The field \"sentences[{index}]\" is no piece of the text after the one before it; give byte offsets \
                 as POST /segment does."
            ));
        }
        end = span.end;
        pieces.push(span.start..span.end);
    }
    Ok(pieces)
}

fn invalid<T>(message: &str) -> Result<T, ApiError> {
    Err(ApiError::Invalid(message.to_owned()))
}

fn parse_fields(body: &str) -> Result<Fields, ApiError> {
    let mut json = serde_json::Deserializer::from_str(body);
    let fields = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (path, error) = (error.path().to_string(), error.into_inner());
        // the error itself may quote the text at length
        let place = format!("line {}, column {}", error.line(), error.column());
        ApiError::Invalid(match error.classify() {
            serde_json::error::Category::Data if path == "." => {
                format!("The request must be a JSON object with the field \"text\" ({place}).")
            }
            serde_json::error::Category::Data if path.starts_with("sentences") => format!(
                "The field \"{path}\" is wrong ({place}); \"sentences\" is a list such as [{{\"start\":0,\"end\":5}}]."
            ),
            serde_json::error::Category::Data if path.starts_with("glossary") => format!(
                "The field \"{path}\" is wrong ({place}); \"glossary\" is a list such as \
                 [{{\"source\":\"Vertrag\",\"target\":\"agreement\"}}]."
            ),
            serde_json::error::Category::Data => {
                format!("The field \"{path}\" must be {} ({place}).", expected(&path))
            }
            _ => format!("The request is not valid JSON: {error}."),
        })
    })?;
    json.end().map_err(|error| ApiError::Invalid(format!("The request is not valid JSON: {error}.")))?;
    Ok(fields)
}

/// What a field has to be.
fn expected(field: &str) -> &'static str {
    match field {
        "alternatives" => "a whole number from 0",
        "alignment" => "true or false",
        _ => "a string",
    }
}

/// The code of a language as it is compared; what is no code is cut, as messages quote it.
fn language(code: Option<String>, usual: &str) -> String {
    let code = code.unwrap_or_else(|| usual.to_owned());
    models::normalise(&code.chars().take(CODE_CHARS).collect::<String>())
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_client_that_stops_sending_is_not_waited_for_for_ever() {
        let begun = stream::iter([Ok::<_, std::io::Error>("{\"text\":")]);
        let body = Body::from_stream(begun.chain(stream::pending()));
        assert!(matches!(read(body, 100).await, Err(ApiError::Stalled)));
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_not_taken_for_whole() {
        let broken = stream::iter([Ok("{}"), Err(std::io::Error::other("reset"))]);
        assert!(matches!(read(Body::from_stream(broken), 100).await, Err(ApiError::BrokenOff)));
    }
}
