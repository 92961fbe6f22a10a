//! Translation while typing: a text in, its sentences out as they are translated, one JSON object a line. What the page
//! knows from before is not translated again. Nothing is stored.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use api::{AUTO, SegmentRequest, Span, StreamEvent, TranslateOptions, TranslateRequest};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use service::RequestId;

use super::App;
use super::failure::Failure;
use crate::body;
use crate::client::ClientError;
use crate::glossary::Glossary;
use crate::jobs::JOB_BYTES;
use crate::locale::Locale;
use crate::memory;
use crate::pages::{self, Alert};
use crate::store::Owner;
use crate::text::SourceText;
use crate::translator::{Direction, in_thousandths};
use crate::visit::Visit;

/// A text, what is known of it, and all that JSON adds.
const MAX_BODY: usize = 8 * JOB_BYTES;
/// Who types waits no longer for the database.
const RECALL: Duration = Duration::from_millis(300);
/// More are of no use to anybody, and each costs time.
const MAX_ALTERNATIVES: usize = 4;

/// What the page asks for.
#[derive(Deserialize)]
struct LiveRequest {
    text: String,
    source: String,
    target: String,
    /// Sentences whose translations the page has already.
    #[serde(default)]
    known: HashSet<String>,
    /// The language that those are in, if it was found out.
    #[serde(default)]
    known_source: Option<String>,
    /// How many other translations of each sentence are wanted.
    #[serde(default)]
    alternatives: usize,
    /// The visitor's terms as they were typed.
    #[serde(default)]
    glossary: String,
}

/// A line of the answer. Lengths are in UTF-16 units, by which browsers count.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum LiveEvent {
    /// First, if the language was to be found out.
    Detected {
        language: String,
        /// What the visitor reads of it.
        label: String,
    },
    /// The next sentence of the text.
    Sentence {
        /// What lies between it and the one before.
        gap: usize,
        length: usize,
        /// None if the page knows it.
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        alternatives: Vec<String>,
    },
    /// All sentences have been sent.
    Done,
    /// Nothing more follows.
    Error { message: String },
}

/// `POST /live`.
pub(super) async fn translate_live(State(app): State<Arc<App>>, request: Request) -> Response {
    let locale = Locale::current();
    let (parts, body) = request.into_parts();
    let headers = parts.headers;
    let Ok(body) = body::read(body, MAX_BODY).await else {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, &Alert::new(locale, "failure-live-too-long", &[]));
    };
    let Ok(wanted) = serde_json::from_slice::<LiveRequest>(&body) else {
        return refused(StatusCode::BAD_REQUEST, &Alert::new(locale, "failure-live-malformed", &[]));
    };
    if wanted.text.len() > JOB_BYTES {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, &Alert::new(locale, "failure-live-too-long", &[]));
    }
    if let Err(error) = SourceText::parse(&wanted.text) {
        return refused(StatusCode::BAD_REQUEST, &Failure::of_text(error).alert);
    }
    let glossary = match Glossary::parse(&wanted.glossary) {
        Ok(glossary) => glossary,
        Err(error) => return refused(StatusCode::BAD_REQUEST, &Failure::of_glossary(&error).alert),
    };
    match begin(&app, app.owners.known(&headers), wanted, &glossary).await {
        Ok(lines) => ([(CONTENT_TYPE, api::NDJSON)], Body::from_stream(lines)).into_response(),
        Err(error) => refused(StatusCode::SERVICE_UNAVAILABLE, &Failure::of_backend(error).alert),
    }
}

fn refused(status: StatusCode, alert: &Alert) -> Response {
    (status, Json(LiveEvent::Error { message: in_a_line(alert) })).into_response()
}

/// What went wrong, as the form would say it.
fn in_a_line(alert: &Alert) -> String {
    format!("{}. {}", alert.title, alert.message)
}

type Line = serde_json::Result<Bytes>;

async fn begin(
    app: &App,
    owner: Option<Owner>,
    wanted: LiveRequest,
    glossary: &Glossary,
) -> Result<impl Stream<Item = Line> + Send + use<>, ClientError> {
    let LiveRequest { text, source, target, mut known, known_source, alternatives, .. } = wanted;
    let detected = if source == AUTO { Some(app.client.detect(&text, &target).await?) } else { None };
    let source = match &detected {
        // the backend leaves a text as it is only where it is to find that out
        Some(found) if found.language == target => source,
        Some(found) => found.language.clone(),
        None => source,
    };
    if detected.as_ref().is_some_and(|found| known_source.as_ref() != Some(&found.language)) {
        known.clear();
    }
    let request = SegmentRequest { text, source };
    let spans = app.client.segment(&request).await?.sentences;
    let SegmentRequest { text, source } = request;
    // who wants other translations wants those of the model
    let brought_along = match owner.filter(|_| alternatives == 0) {
        Some(owner) => brought_along(app, owner, &source, &target, &text, &spans).await,
        None => HashMap::new(),
    };
    let is_known = |span: &Span| {
        text.get(span.start..span.end)
            .is_some_and(|sentence| known.contains(sentence) || brought_along.contains_key(sentence))
    };
    let missing: Vec<Span> = spans.iter().copied().filter(|span| !is_known(span)).collect();
    let options = TranslateOptions {
        alternatives: alternatives.min(MAX_ALTERNATIVES),
        glossary: glossary.terms().to_vec(),
        ..Default::default()
    };
    let events = if missing.is_empty() {
        stream::empty().left_stream()
    } else {
        let text = text.clone();
        let request = TranslateRequest { text, source, target, sentences: Some(missing.clone()), options };
        app.client.stream(&request, RequestId::current()).await?.right_stream()
    };
    let first = detected.map(|found| {
        let label = pages::detected(&found.language, in_thousandths(&found));
        line(&LiveEvent::Detected { language: found.language, label })
    });
    let rest = lines(
        Lines {
            text,
            spans: spans.into_iter(),
            missing,
            brought_along,
            at: 0,
            ended: false,
            visit: Visit::current(),
        },
        events,
    );
    Ok(Box::pin(stream::iter(first).chain(rest)))
}

/// Those of the sentences that the owner brought along. None if the database is too slow for somebody who types.
async fn brought_along(
    app: &App,
    owner: Owner,
    source: &str,
    target: &str,
    text: &str,
    spans: &[Span],
) -> HashMap<String, String> {
    let sentences: Vec<&str> = spans.iter().filter_map(|span| text.get(span.start..span.end)).collect();
    let direction = Direction { source: source.to_owned(), target: target.to_owned() };
    let units = memory::units(&app.store, owner, &direction, &sentences);
    let found = tokio::time::timeout(RECALL, units).await.unwrap_or_default();
    found.into_iter().map(|(sentence, target)| (sentence.to_owned(), target)).collect()
}

/// What is still to be sent.
struct Lines {
    text: String,
    spans: std::vec::IntoIter<Span>,
    missing: Vec<Span>,
    /// Translations of sentences that are not asked for.
    brought_along: HashMap<String, String>,
    /// How far the text has been sent.
    at: usize,
    ended: bool,
    /// Whoever reads it: streams run outside of their handler.
    visit: Visit,
}

fn lines(
    lines: Lines,
    events: impl Stream<Item = Result<StreamEvent, ClientError>> + Send,
) -> impl Stream<Item = Line> + Send {
    stream::unfold((lines, Box::pin(events)), async |(mut lines, mut events)| {
        if lines.ended {
            return None;
        }
        let event = match lines.spans.next() {
            None => LiveEvent::Done,
            Some(span) if lines.missing.first() == Some(&span) => loop {
                match events.next().await {
                    Some(Ok(StreamEvent::Start { .. })) => {}
                    Some(Ok(StreamEvent::Sentence(sentence))) => {
                        lines.missing.remove(0);
                        let others = sentence.alternatives.into_iter().map(|other| other.text).collect();
                        break lines.sentence(span, Some(sentence.text), others);
                    }
                    Some(Ok(StreamEvent::Error(body))) => {
                        break lines.failed(ClientError::in_the_middle(body)).await;
                    }
                    Some(Err(error)) => break lines.failed(error).await,
                    Some(Ok(StreamEvent::Done { .. })) | None => {
                        let error = ClientError::broken("the stream ended before it was done");
                        break lines.failed(error).await;
                    }
                }
            },
            Some(span) => {
                let sentence = lines.text.get(span.start..span.end).unwrap_or_default();
                let text = lines.brought_along.get(sentence).cloned();
                lines.sentence(span, text, Vec::new())
            }
        };
        lines.ended = !matches!(event, LiveEvent::Sentence { .. });
        Some((line(&event), (lines, events)))
    })
}

impl Lines {
    async fn failed(&self, error: ClientError) -> LiveEvent {
        let alert = self.visit.clone().scope(async { Failure::of_backend(error).alert }).await;
        LiveEvent::Error { message: in_a_line(&alert) }
    }

    fn sentence(&mut self, span: Span, text: Option<String>, alternatives: Vec<String>) -> LiveEvent {
        let units = |text: Option<&str>| text.unwrap_or_default().encode_utf16().count();
        let gap = units(self.text.get(self.at..span.start));
        let length = units(self.text.get(span.start..span.end));
        self.at = span.end;
        LiveEvent::Sentence { gap, length, text, alternatives }
    }
}

fn line(event: &LiveEvent) -> Line {
    let mut line = serde_json::to_vec(event)?;
    line.push(b'\n');
    Ok(line.into())
}
