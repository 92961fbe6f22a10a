//! From a checked text to a kept translation, in a task of its own: a visitor who leaves still finds it in the
//! history.

use std::sync::Arc;
use std::time::Duration;

use api::{Detected, TranslateOptions, TranslateRequest};
use jiff::{Timestamp, Unit};
use service::RequestId;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::archive::{Archive, Kept};
use crate::client::{Client, ClientError};
use crate::glossary::Glossary;
use crate::store::{Owner, Translation};
use crate::text::SourceText;

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
        let options = TranslateOptions { glossary: glossary.terms().to_vec(), ..TranslateOptions::default() };
        let request = TranslateRequest {
            text: text.into_string(),
            source: direction.source,
            target: direction.target,
            sentences: None,
            options,
        };
        let task = self.running.spawn(async move {
            let mut translation = translate(&client, request, owner, request_id).await?;
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

async fn translate(
    client: &Client,
    request: TranslateRequest,
    owner: Owner,
    request_id: Option<RequestId>,
) -> Result<Translation, ClientError> {
    let id = Uuid::now_v7();
    // the databases keep microseconds
    let created_at = Timestamp::now().round(Unit::Microsecond).expect("now is far from the ends of time");
    let translated = client.translate(&request, request_id).await;
    let outcome = if translated.is_ok() { "ok" } else { "failed" };
    metrics::counter!("ut_translations_total", "outcome" => outcome).increment(1);
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
