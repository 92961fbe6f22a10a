//! From a checked text to a kept translation, in a task of its own: a visitor who leaves still finds it in the
//! history.

use std::sync::Arc;
use std::time::Duration;

use api::{AUTO, Detected, TranslateOptions, TranslateRequest};
use jiff::{Timestamp, Unit};
use service::RequestId;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::archive::{Archive, Kept};
use crate::client::{Client, ClientError};
use crate::glossary::Glossary;
use crate::memory::{Memory, PieceError};
use crate::store::{Owner, Piece, Progress, Store, Translation};
use crate::text::SourceText;

/// While the database is away, nobody waits for it longer before a text is translated.
const RECALL: Duration = Duration::from_millis(500);

/// A finished translation and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    /// The translation.
    pub(crate) translation: Arc<Translation>,
    /// Whether it is in the database.
    pub(crate) kept: Kept,
}

/// Source and target language, BCP 47; [`api::AUTO`] as the source where it is to be found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Direction {
    /// From.
    pub(crate) source: String,
    /// To.
    pub(crate) target: String,
}

/// Runs translations.
#[derive(Debug)]
pub(crate) struct Translator {
    client: Arc<Client>,
    archive: Arc<Archive>,
    running: TaskTracker,
}

impl Translator {
    /// One that asks `client` and keeps in `archive`.
    pub(crate) fn new(client: Arc<Client>, archive: Arc<Archive>) -> Self {
        Self { client, archive, running: TaskTracker::new() }
    }

    /// Translates and keeps. `detected` is what was found out of the source language before. Goes on when the returned
    /// future is dropped.
    pub(crate) async fn translate(
        &self,
        text: SourceText,
        direction: Direction,
        owner: Owner,
        detected: Option<Detected>,
        glossary: &Glossary,
    ) -> Result<Finished, ClientError> {
        let (client, archive) = (Arc::clone(&self.client), Arc::clone(&self.archive));
        let request_id = RequestId::current();
        let glossary = glossary.clone();
        let options = TranslateOptions { glossary: glossary.terms().to_vec(), ..TranslateOptions::default() };
        let request = TranslateRequest {
            text: text.into_string(),
            source: direction.source,
            target: direction.target,
            sentences: None,
            options,
        };
        let task = self.running.spawn(async move {
            let translating = Translating {
                client: &client,
                store: archive.store(),
                owner,
                glossary: &glossary,
                request_id,
            };
            let mut translation = translating.translate(request).await?;
            translation.detected = translation.detected.or(detected.as_ref().map(in_thousandths));
            let translation = Arc::new(translation);
            let kept = archive.keep(Arc::clone(&translation)).await;
            Ok(Finished { translation, kept })
        });
        task.await.unwrap_or_else(|_| Err(ClientError::broken("the task ended before its time")))
    }

    /// Waits for the translations that run, for at most `limit`.
    pub(crate) async fn finish(&self, limit: Duration) {
        self.running.close();
        if tokio::time::timeout(limit, self.running.wait()).await.is_err() {
            tracing::warn!(translations = self.running.len(), "translations still run at the deadline");
        }
    }
}

/// A translation under way.
struct Translating<'a> {
    client: &'a Client,
    store: &'a Store,
    owner: Owner,
    glossary: &'a Glossary,
    request_id: Option<RequestId>,
}

impl Translating<'_> {
    async fn translate(self, request: TranslateRequest) -> Result<Translation, ClientError> {
        let units = tokio::time::timeout(RECALL, self.store.has_units(self.owner)).await;
        if matches!(units, Ok(Ok(true))) {
            return self.with_units(request).await;
        }
        translate(self.client, request, self.owner, self.request_id).await
    }

    /// With the sentences that the owner brought along.
    async fn with_units(self, request: TranslateRequest) -> Result<Translation, ClientError> {
        let Self { client, store, owner, glossary, request_id } = self;
        let mut direction = Direction { source: request.source.clone(), target: request.target.clone() };
        let mut detected = None;
        if direction.source == AUTO {
            let found = client.detect(&request.text, &direction.target).await?;
            if found.language == direction.target {
                return translate(client, request, owner, request_id).await;
            }
            direction.source.clone_from(&found.language);
            detected = Some(found);
        }
        let (id, created_at) = (Uuid::now_v7(), now());
        let memory =
            Memory { client, store, owner, direction: &direction, glossary, links: false, names: None };
        let piece = Piece { index: 0, source: request.text };
        let translated = memory.translate(piece, &CancellationToken::new()).await;
        count(translated.is_ok());
        let Progress { piece, model, duration, .. } = translated.map_err(|error| match error {
            PieceError::Backend(error) => error,
            PieceError::Stopped => ClientError::broken("it stopped without having been told to"),
        })?;
        Ok(Translation {
            id,
            owner,
            source_language: direction.source,
            target_language: direction.target,
            source_text: piece.source,
            target_text: piece.target,
            alignment: Some(piece.alignment),
            model,
            created_at,
            duration_ms: duration.as_millis().try_into().unwrap_or(u32::MAX),
            detected: detected.as_ref().map(in_thousandths),
        })
    }
}

/// To the microsecond, as the databases keep it.
fn now() -> Timestamp {
    Timestamp::now().round(Unit::Microsecond).expect("now is far from the ends of time")
}

fn count(done: bool) {
    let outcome = if done { "ok" } else { "failed" };
    metrics::counter!("ut_translations_total", "outcome" => outcome).increment(1);
}

async fn translate(
    client: &Client,
    request: TranslateRequest,
    owner: Owner,
    request_id: Option<RequestId>,
) -> Result<Translation, ClientError> {
    let (id, created_at) = (Uuid::now_v7(), now());
    let translated = client.translate(&request, request_id).await;
    count(translated.is_ok());
    let translated = translated?;
    let detected = translated.detected;
    Ok(Translation {
        id,
        owner,
        source_language: detected.as_ref().map_or(request.source, |detected| detected.language.clone()),
        target_language: request.target,
        source_text: request.text,
        target_text: translated.text,
        alignment: Some(translated.alignment),
        model: translated.model.name,
        created_at,
        duration_ms: translated.duration_ms.try_into().unwrap_or(u32::MAX),
        detected: detected.as_ref().map(in_thousandths),
    })
}

/// How sure a language was found out, as the store has it.
pub(crate) fn in_thousandths(detected: &Detected) -> u32 {
    (detected.confidence.clamp(0.0, 1.0) * 1000.0).round() as u32
}
