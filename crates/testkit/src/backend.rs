//! A backend that speaks `crates/api` over real HTTP, translates by rule, and fails on demand.

use std::net::SocketAddr;
use std::sync::Arc;

use api::{
    AUTO, Detected, ErrorBody, ErrorCode, LanguagesResponse, Link, Model, NDJSON, NO_MODEL, Pair,
    SegmentRequest, SegmentResponse, Sentence, Span, StreamEvent, Term, TranslateRequest,
};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::{StreamExt as _, stream};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What the backend does with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Translates it.
    Translate,
    /// Accepts it, and sends nothing more until the behaviour changes.
    Hold,
    /// Its queue is full; it says to try again in 7 seconds.
    Overloaded,
    /// It is starting or stopping.
    Unavailable,
    /// It refuses the text as invalid, with the message `Not this text.`
    Refuse,
    /// It closes the connection after so many sentences.
    BreakAfter(usize),
    /// It sends an error event after so many sentences.
    FailAfter(usize),
    /// It sends what is no event after so many sentences.
    Babble(usize),
}

/// A running fake backend, stopped with this value.
#[derive(Debug)]
pub struct FakeBackend {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    behaviour: watch::Sender<Behaviour>,
    received: watch::Sender<usize>,
    request_ids: watch::Sender<Vec<String>>,
    sentences: watch::Sender<Vec<String>>,
    pairs: Vec<Pair>,
    directions: watch::Sender<Vec<(String, String)>>,
    terms: watch::Sender<Option<String>>,
    glossaries: watch::Sender<Vec<Vec<Term>>>,
}

/// What [`FakeBackend`] makes of a sentence; a sentence is a line without its outer spaces.
pub fn translated(sentence: &str) -> String {
    format!("[en] {sentence}")
}

impl FakeBackend {
    /// One that translates with a full model.
    pub async fn start() -> Self {
        Self::with_model(Model { name: "fake-de-en".to_owned(), starter: false }).await
    }

    /// One that translates with this model.
    pub async fn with_model(model: Model) -> Self {
        let (source, target) = ("de".to_owned(), "en".to_owned());
        Self::with(vec![Pair { source, target, model, hint: None, via: None }]).await
    }

    /// One that translates these pairs, and finds out the language of texts: it is named by their first two letters if
    /// a colon follows, and less surely the first one otherwise.
    pub async fn with_pairs(pairs: &[(&str, &str)]) -> Self {
        let pair = |(source, target): &(&str, &str)| Pair {
            source: (*source).to_owned(),
            target: (*target).to_owned(),
            model: Model { name: format!("fake-{source}-{target}"), starter: false },
            hint: None,
            via: None,
        };
        Self::with(pairs.iter().map(pair).collect()).await
    }

    async fn with(pairs: Vec<Pair>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let shared = Arc::new(Shared {
            behaviour: watch::Sender::new(Behaviour::Translate),
            received: watch::Sender::new(0),
            request_ids: watch::Sender::default(),
            sentences: watch::Sender::default(),
            pairs,
            directions: watch::Sender::default(),
            terms: watch::Sender::default(),
            glossaries: watch::Sender::default(),
        });
        let router = Router::new()
            .route("/translate/stream", post(translate))
            .route("/segment", post(segment))
            .route("/languages", get(list_languages))
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("never ends") });
        Self { address, shared, server }
    }

    /// Its address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes what it does, also with texts that it holds.
    pub fn behave(&self, behaviour: Behaviour) {
        self.shared.behaviour.send_replace(behaviour);
    }

    /// How many texts it has received.
    pub fn received(&self) -> usize {
        *self.shared.received.borrow()
    }

    /// Every sentence that it has sent a translation of, in order.
    pub fn sentences(&self) -> Vec<String> {
        self.shared.sentences.borrow().clone()
    }

    /// Source and target of each text it has received.
    pub fn directions(&self) -> Vec<(String, String)> {
        self.shared.directions.borrow().clone()
    }

    /// The terms that came with each text it has received.
    pub fn glossaries(&self) -> Vec<Vec<Term>> {
        self.shared.glossaries.borrow().clone()
    }

    /// From now on it has operator's terms with this fingerprint.
    pub fn set_terms(&self, fingerprint: &str) {
        self.shared.terms.send_replace(Some(fingerprint.to_owned()));
    }

    /// Waits until it has received so many texts.
    pub async fn wait_until_received(&self, texts: usize) {
        let mut received = self.shared.received.subscribe();
        received.wait_for(|&received| received >= texts).await.expect("the sender is ours");
    }

    /// The `x-request-id` of each text it has received.
    pub fn request_ids(&self) -> Vec<String> {
        self.shared.request_ids.borrow().clone()
    }
}

impl Drop for FakeBackend {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A port on which connections are refused as long as this value lives.
#[derive(Debug)]
pub struct ClosedPort {
    address: SocketAddr,
    _socket: TcpSocket,
}

impl ClosedPort {
    /// Takes a port without listening on it.
    pub fn take() -> Self {
        let socket = TcpSocket::new_v4().expect("the system has sockets");
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("loopback has a free port");
        let address = socket.local_addr().expect("a bound socket has an address");
        Self { address, _socket: socket }
    }

    /// Where nobody answers.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn list_languages(State(shared): State<Arc<Shared>>) -> Json<LanguagesResponse> {
    Json(LanguagesResponse { pairs: shared.pairs.clone(), auto: shared.auto(), broken: Vec::new() })
}

impl Shared {
    /// With one pair there is nothing to find out.
    fn auto(&self) -> Vec<String> {
        let sources = self.pairs.iter().map(|pair| pair.source.clone());
        if self.pairs.len() > 1 { sources.collect() } else { Vec::new() }
    }

    /// What translates a text, and what was found out of it; none if there is no such pair.
    fn plan(&self, request: &TranslateRequest) -> Option<(Model, Option<Detected>)> {
        let detected = (request.source == AUTO).then(|| self.detect(&request.text));
        let source = detected.as_ref().map_or(&request.source, |detected| &detected.language);
        if detected.is_some() && *source == request.target {
            return Some((Model { name: NO_MODEL.to_owned(), starter: false }, detected));
        }
        let pair = self.pairs.iter().find(|pair| pair.source == *source && pair.target == request.target)?;
        Some((pair.model.clone(), detected))
    }

    fn detect(&self, text: &str) -> Detected {
        match text.split_once(':') {
            Some((language, _)) if language.len() == 2 => {
                Detected { language: language.to_owned(), confidence: 0.95 }
            }
            _ => Detected { language: self.pairs[0].source.clone(), confidence: 0.5 },
        }
    }
}

async fn translate(
    State(shared): State<Arc<Shared>>,
    headers: axum::http::HeaderMap,
    Json(request): Json<TranslateRequest>,
) -> Response {
    if let Some(id) = headers.get("x-request-id").and_then(|id| id.to_str().ok()) {
        shared.request_ids.send_modify(|ids| ids.push(id.to_owned()));
    }
    shared.received.send_modify(|received| *received += 1);
    shared.directions.send_modify(|all| all.push((request.source.clone(), request.target.clone())));
    shared.glossaries.send_modify(|all| all.push(request.options.glossary.clone()));
    let Some(plan) = shared.plan(&request) else {
        return refusal(
            StatusCode::BAD_REQUEST,
            ErrorCode::UnsupportedPair,
            "No model translates this pair.",
        );
    };
    let mut behaviour = shared.behaviour.subscribe();
    let decided = behaviour.wait_for(|&behaviour| behaviour != Behaviour::Hold).await;
    let behaviour = *decided.expect("the sender is in our state");
    match behaviour {
        Behaviour::Overloaded => {
            let refusal =
                refusal(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Overloaded, "The queue is full.");
            ([(header::RETRY_AFTER, "7")], refusal).into_response()
        }
        Behaviour::Unavailable => {
            refusal(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, "The service is stopping.")
        }
        Behaviour::Refuse => refusal(StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest, "Not this text."),
        behaviour => {
            ([(header::CONTENT_TYPE, NDJSON)], events(&request, plan, &shared, behaviour)).into_response()
        }
    }
}

fn refusal(status: StatusCode, code: ErrorCode, message: &str) -> Response {
    (status, Json(ErrorBody { code, message: message.to_owned(), request_id: None })).into_response()
}

async fn segment(
    State(shared): State<Arc<Shared>>,
    Json(request): Json<SegmentRequest>,
) -> Json<SegmentResponse> {
    Json(SegmentResponse { sentences: spans(&request.text), terms: shared.terms.borrow().clone() })
}

fn events(
    request: &TranslateRequest,
    (model, detected): (Model, Option<Detected>),
    shared: &Shared,
    behaviour: Behaviour,
) -> Body {
    let untouched = model.name == NO_MODEL;
    let whole = (usize::MAX, Ok(line(&StreamEvent::Done { duration_ms: 12 })));
    let (sentences, end) = match behaviour {
        Behaviour::BreakAfter(sentences) => (sentences, Err(std::io::Error::other("broken on demand"))),
        Behaviour::FailAfter(sentences) => {
            let error =
                ErrorBody { code: ErrorCode::Internal, message: "Failed.".to_owned(), request_id: None };
            (sentences, Ok(line(&StreamEvent::Error(error))))
        }
        Behaviour::Babble(sentences) => (sentences, Ok("blah blah\n".to_owned())),
        _ => whole,
    };
    let terms = shared.terms.borrow().clone();
    let mut lines = vec![Ok(line(&StreamEvent::Start { model, detected, terms }))];
    let spans = request.sentences.clone().unwrap_or_else(|| spans(&request.text));
    lines.extend(spans.into_iter().take(sentences).map(|span| {
        let sentence = &request.text[span.start..span.end];
        shared.sentences.send_modify(|sentences| sentences.push(sentence.to_owned()));
        Ok(line(&StreamEvent::Sentence(Sentence {
            source: span,
            text: if untouched {
                sentence.to_owned()
            } else {
                translated(sentence).replacen("en", &request.target, 1)
            },
            score: -0.25,
            alternatives: Vec::new(),
            alignment: if request.options.alignment && !untouched { words(sentence) } else { Vec::new() },
            doubt: None,
        })))
    }));
    let end = stream::once(async {
        // the server sends what it holds back as soon as there is nothing more for the moment
        tokio::task::yield_now().await;
        end
    });
    Body::from_stream(stream::iter(lines).chain(end))
}

/// Every word of a sentence with its counterpart in what [`translated`] makes of it.
fn words(sentence: &str) -> Vec<Link> {
    let before = translated("").len();
    let word = |word: &str| {
        // both point into `sentence`
        let start = word.as_ptr() as usize - sentence.as_ptr() as usize;
        let span = |start| Span { start, end: start + word.len() };
        Link { source: span(start), target: span(before + start) }
    };
    sentence.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).map(word).collect()
}

fn spans(text: &str) -> Vec<Span> {
    text.split('\n')
        .map(|line| {
            let sentence = line.trim();
            // both point into `text`
            let start = sentence.as_ptr() as usize - text.as_ptr() as usize;
            Span { start, end: start + sentence.len() }
        })
        .filter(|span| span.start < span.end)
        .collect()
}

fn line(event: &StreamEvent) -> String {
    let mut line = serde_json::to_string(event).expect("events are JSON");
    line.push('\n');
    line
}
