//! The backend as the frontend sees it: a text in, its translation out, within time limits. Keeps nothing but open
//! connections and, for a moment, the list of languages.

mod assembly;
mod error;
mod languages;

use std::time::Duration;

use api::{
    AUTO, Detected, ErrorBody, Model, SegmentRequest, SegmentResponse, StreamEvent, TranslateOptions,
    TranslateRequest,
};
use futures_util::{Stream, TryStreamExt as _};
use reqwest::{RequestBuilder, Response, StatusCode, Url, header};
use service::{RequestId, request_id};
use tokio::io::AsyncBufReadExt as _;
use tokio_util::io::StreamReader;

use crate::alignment::Alignment;

pub(crate) use assembly::Assembly;
pub(crate) use error::ClientError;
use languages::LanguagesCache;

/// Shorter than the time after which the backend closes an idle connection, so that we never write into one that is
/// just being closed.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// Before the second attempt to connect: a backend that is being replaced needs a moment.
const RETRY_PAUSE: Duration = Duration::from_millis(250);

/// How long the backend may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimits {
    /// To accept a connection.
    pub(crate) connect: Duration,
    /// From one event of a translation to the next.
    pub(crate) read: Duration,
    /// For a whole translation.
    pub(crate) total: Duration,
}

/// A whole translation as the backend made it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Translated {
    /// The translation.
    pub(crate) text: String,
    /// Which sentence belongs to which.
    pub(crate) alignment: Alignment,
    /// The model that made it.
    pub(crate) model: Model,
    /// The language of the source, if it was to be found out.
    pub(crate) detected: Option<Detected>,
    /// Wall time in the backend, in milliseconds.
    pub(crate) duration_ms: u64,
}

/// A client of one backend.
#[derive(Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: Url,
    limits: TimeLimits,
    languages: LanguagesCache,
}

impl Client {
    /// A client of the backend at `base`, such as `http://backend:8000`. Fails only if the system gives no
    /// randomness or the like.
    pub(crate) fn new(base: Url, limits: TimeLimits) -> Result<Self, reqwest::Error> {
        let http = service::http_client()
            .connect_timeout(limits.connect)
            .read_timeout(limits.read)
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http, base, limits, languages: LanguagesCache::default() })
    }

    /// Translates a text of any length.
    pub(crate) async fn translate(
        &self,
        request: &TranslateRequest,
        request_id: Option<RequestId>,
    ) -> Result<Translated, ClientError> {
        let mut assembly = Assembly::of(&request.text);
        let exchange = self.exchange(request, request_id, &mut assembly);
        let ended = match tokio::time::timeout(self.limits.total, exchange).await {
            Ok(ended) => ended,
            Err(_) => Err(ClientError::TimedOut { partial: None }),
        };
        match ended {
            Ok((model, detected, duration_ms)) => {
                let (text, alignment) = assembly.whole();
                Ok(Translated { text, alignment, model, detected, duration_ms })
            }
            Err(error) => Err(error.with_partial(assembly.partial())),
        }
    }

    async fn exchange(
        &self,
        request: &TranslateRequest,
        request_id: Option<RequestId>,
        assembly: &mut Assembly<'_>,
    ) -> Result<(Model, Option<Detected>, u64), ClientError> {
        let events = self.stream(request, request_id).await?;
        let mut events = std::pin::pin!(events);
        let mut started = None;
        while let Some(event) = events.try_next().await? {
            match event {
                StreamEvent::Start { model, detected, .. } => started = Some((model, detected)),
                StreamEvent::Sentence(sentence) => assembly.replace(sentence.source, &sentence.text)?,
                StreamEvent::Done { duration_ms } => {
                    let (model, detected) = started.ok_or(ClientError::broken("done before start"))?;
                    return Ok((model, detected, duration_ms));
                }
                StreamEvent::Error(body) => return Err(ClientError::in_the_middle(body)),
            }
        }
        Err(ClientError::broken("the stream ended before it was done"))
    }

    /// Begins a translation and gives its events as they come.
    pub(crate) async fn stream(
        &self,
        request: &TranslateRequest,
        request_id: Option<RequestId>,
    ) -> Result<impl Stream<Item = Result<StreamEvent, ClientError>> + Send + use<>, ClientError> {
        let mut post = self.http.post(self.url("translate/stream")).json(request);
        if let Some(id) = request_id {
            post = post.header(request_id::HEADER, id.header());
        }
        let response = send(post).await?;
        if response.status() != StatusCode::OK {
            return Err(refusal(response).await);
        }
        Ok(events(response))
    }

    /// Finds out the language of a text that is to be translated to `target`, without translating any of it.
    pub(crate) async fn detect(&self, text: &str, target: &str) -> Result<Detected, ClientError> {
        let request = TranslateRequest {
            text: text.to_owned(),
            source: AUTO.to_owned(),
            target: target.to_owned(),
            sentences: Some(Vec::new()),
            options: TranslateOptions::default(),
        };
        let mut events = std::pin::pin!(self.stream(&request, RequestId::current()).await?);
        match events.try_next().await? {
            Some(StreamEvent::Start { detected: Some(detected), .. }) => Ok(detected),
            Some(StreamEvent::Error(body)) => Err(ClientError::in_the_middle(body)),
            _ => Err(ClientError::broken("it does not tell the language")),
        }
    }

    /// Where the sentences of a text are.
    pub(crate) async fn segment(&self, request: &SegmentRequest) -> Result<SegmentResponse, ClientError> {
        let response = send(self.http.post(self.url("segment")).json(request)).await?;
        if response.status() != StatusCode::OK {
            return Err(refusal(response).await);
        }
        Ok(response.json().await?)
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .expect("the address was checked to be http")
            .pop_if_empty()
            .extend(path.split('/'));
        url
    }
}

/// Sends a request, and once more if no connection came about: then the backend has seen nothing of it.
async fn send(request: RequestBuilder) -> Result<Response, ClientError> {
    let again = request.try_clone();
    match (request.send().await, again) {
        (Err(error), Some(again)) if error.is_connect() => {
            tokio::time::sleep(RETRY_PAUSE).await;
            Ok(again.send().await?)
        }
        (result, _) => Ok(result?),
    }
}

/// What an answer other than 200 means.
async fn refusal(response: Response) -> ClientError {
    let status = response.status();
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .map(Duration::from_secs);
    match response.json::<ErrorBody>().await {
        Ok(body) => ClientError::refused(body, retry_after),
        Err(_) => ClientError::unexpected(status),
    }
}

fn events(response: Response) -> impl Stream<Item = Result<StreamEvent, ClientError>> {
    let bytes = response.bytes_stream().map_err(std::io::Error::other);
    let lines = StreamReader::new(bytes).lines();
    futures_util::stream::try_unfold(lines, async |mut lines| {
        let Some(line) = lines.next_line().await? else { return Ok(None) };
        let event = serde_json::from_str(&line).map_err(|_| ClientError::broken("a line is no event"))?;
        Ok(Some((event, lines)))
    })
}
