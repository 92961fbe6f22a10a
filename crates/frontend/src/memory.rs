//! Translates a piece of a text with the sentences that were translated before: the backend is asked for the others
//! alone, and what it answers is remembered, also when it stops in the middle.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use api::{SegmentRequest, SegmentResponse, Sentence, Span, StreamEvent, TranslateOptions, TranslateRequest};
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use crate::client::{Assembly, Client, ClientError};
use crate::glossary::Glossary;
use crate::links::Links;
use crate::store::{FinishedPiece, Owner, Piece, Progress, Remembered, SentenceKey, Store, Translation};
use crate::tmx;
use crate::translator::Direction;

/// Sentences wait no longer than this to be remembered.
const REMEMBER_EVERY: Duration = Duration::from_secs(2);

/// Why a piece is not translated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PieceError {
    /// By the backend's fault or that of the way to it.
    #[error(transparent)]
    Backend(#[from] ClientError),
    /// It was to stop.
    #[error("stopped")]
    Stopped,
}

/// What translates pieces.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory<'a> {
    pub(crate) client: &'a Client,
    pub(crate) store: &'a Store,
    pub(crate) owner: Owner,
    pub(crate) direction: &'a Direction,
    /// The visitor's terms.
    pub(crate) glossary: &'a Glossary,
    /// Whether it is to tell which word became which.
    pub(crate) links: bool,
    /// Where the names of the sentences that it remembers are put, if they may have to be forgotten again.
    pub(crate) names: Option<&'a Mutex<Vec<SentenceKey>>>,
}

impl Memory<'_> {
    /// Translates `piece`, until `stop` says otherwise.
    pub(crate) async fn translate(
        &self,
        piece: Piece,
        stop: &CancellationToken,
    ) -> Result<Progress, PieceError> {
        let started = Instant::now();
        let expected = self.client.model(self.direction).await.map(|model| model.name);
        let request = SegmentRequest { text: piece.source, source: self.direction.source.clone() };
        let SegmentResponse { sentences: spans, terms } =
            until(stop, self.client.segment(&request)).await??;
        let source = request.text;
        let sentences: Vec<&str> = spans
            .iter()
            .map(|span| source.get(span.start..span.end))
            .collect::<Option<_>>()
            .ok_or_else(|| ClientError::broken("a sentence lies where none can be"))?;
        let known = self.recall(expected.as_deref(), terms.as_deref(), &sentences).await;
        let missing = spans.iter().zip(&sentences).filter(|(_, sentence)| !known.contains_key(*sentence));
        let missing: Vec<Span> = missing.map(|(span, _)| *span).collect();
        let reused = spans.len() - missing.len();
        let (fresh, model) = self.ask(&source, missing, terms, stop).await?;

        let mut assembly = Assembly::of(&source);
        let mut fresh = fresh.iter();
        let mut links = self.links.then(Links::default);
        for (span, sentence) in spans.iter().zip(&sentences) {
            let found = known.get(sentence).or_else(|| fresh.next());
            let found = found.ok_or_else(|| ClientError::broken("it left a sentence out"))?;
            assembly.replace(*span, &found.target)?;
            if let (Some(links), Some(found)) = (&mut links, &found.links) {
                links.push(found);
            }
        }
        let (target, alignment) = assembly.whole();
        Ok(Progress {
            sentences: spans.len() as i64,
            reused: reused as i64,
            model: model.or(expected).unwrap_or_default(),
            duration: started.elapsed(),
            piece: FinishedPiece { index: piece.index, target, alignment, links, source },
        })
    }

    /// Has the sentences at `missing` translated, and remembers each; gives them in their order with the model.
    async fn ask(
        &self,
        source: &str,
        missing: Vec<Span>,
        terms: Option<String>,
        stop: &CancellationToken,
    ) -> Result<(Vec<Remembered>, Option<String>), PieceError> {
        if missing.is_empty() {
            return Ok((Vec::new(), None));
        }
        let request = TranslateRequest {
            text: source.to_owned(),
            source: self.direction.source.clone(),
            target: self.direction.target.clone(),
            sentences: Some(missing),
            options: TranslateOptions {
                alignment: self.links,
                glossary: self.glossary.terms().to_vec(),
                ..TranslateOptions::default()
            },
        };
        let events = until(stop, self.client.stream(&request, None)).await??;
        let mut events = std::pin::pin!(events);
        let (mut model, mut fresh, mut new) = (String::new(), Vec::new(), Vec::new());
        let mut remembered = Instant::now();
        let ended = loop {
            let Ok(event) = until(stop, events.try_next()).await else { break Err(PieceError::Stopped) };
            match event {
                Ok(Some(StreamEvent::Start { terms: others, .. })) if others != terms => {
                    break Err(ClientError::broken("the operator's terms have changed just now").into());
                }
                Ok(Some(StreamEvent::Start { model: started, .. })) => model = started.name,
                Ok(Some(StreamEvent::Sentence(Sentence { source: span, text, alignment, .. }))) => {
                    let sentence = source.get(span.start..span.end).unwrap_or_default();
                    let key = self.key(&model, terms.as_deref(), sentence);
                    let name = name(self.owner, self.direction, sentence);
                    let links = self.links.then(|| Links::of(&alignment));
                    let sentence = Remembered { key, sentence: name, target: text, links };
                    new.push(sentence.clone());
                    fresh.push(sentence);
                }
                Ok(Some(StreamEvent::Done { .. })) => break Ok(()),
                Ok(Some(StreamEvent::Error(body))) => break Err(ClientError::in_the_middle(body).into()),
                Ok(None) => break Err(ClientError::broken("the stream ended before it was done").into()),
                Err(error) => break Err(error.into()),
            }
            if remembered.elapsed() > REMEMBER_EVERY {
                self.remember(&mut new).await;
                remembered = Instant::now();
            }
        };
        self.remember(&mut new).await;
        ended.map(|()| (fresh, Some(model)))
    }

    /// What is remembered of `sentences`, by sentence, with their links if these are wanted. Nothing while the database
    /// is away: then they are translated again.
    async fn recall<'s>(
        &self,
        model: Option<&str>,
        terms: Option<&str>,
        sentences: &[&'s str],
    ) -> HashMap<&'s str, Remembered> {
        let mut known = self.machines(model, terms, sentences).await;
        // what people translated goes before what a machine did
        for (sentence, target) in units(self.store, self.owner, self.direction, sentences).await {
            let links = self.links.then(|| Links::of(&[]));
            let [key, name] = [SentenceKey::default(); 2];
            known.insert(sentence, Remembered { key, sentence: name, target, links });
        }
        known
    }

    /// Likewise, of what models translated.
    async fn machines<'s>(
        &self,
        model: Option<&str>,
        terms: Option<&str>,
        sentences: &[&'s str],
    ) -> HashMap<&'s str, Remembered> {
        let Some(model) = model else { return HashMap::new() };
        let keys: Vec<_> = sentences.iter().map(|sentence| self.key(model, terms, sentence)).collect();
        let mut found = self.store.recall(&keys).await.unwrap_or_else(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "remembered sentences cannot be read");
            HashMap::new()
        });
        found.retain(|_, remembered| !self.links || remembered.links.is_some());
        sentences
            .iter()
            .zip(&keys)
            .filter_map(|(sentence, key)| Some((*sentence, found.remove(key)?)))
            .collect()
    }

    /// What a sentence is remembered by: everything that its translation depends on. `terms` stands for the operator's.
    fn key(&self, model: &str, terms: Option<&str>, sentence: &str) -> SentenceKey {
        let Direction { source, target } = self.direction;
        let mut parts = vec![source.as_str(), target, model, sentence];
        // without any terms the key is the one that there was before there were terms
        if terms.is_some() || !self.glossary.terms().is_empty() {
            parts.push(terms.unwrap_or_default());
            for (source, target) in self.glossary.sorted() {
                // no term is empty, so that none stands for one that is kept as it is
                parts.extend([source, target.unwrap_or_default()]);
            }
        }
        hash(self.owner, &parts)
    }

    async fn remember(&self, new: &mut Vec<Remembered>) {
        if let Err(error) = self.store.remember(self.owner, new, Timestamp::now()).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "sentences cannot be remembered");
        }
        if let Some(names) = self.names {
            let mut names = names.lock().unwrap_or_else(PoisonError::into_inner);
            names.extend(new.iter().map(|remembered| remembered.sentence));
        }
        new.clear();
    }
}

/// What names a sentence, whatever it was translated with.
fn name(owner: Owner, direction: &Direction, sentence: &str) -> SentenceKey {
    hash(owner, &[&direction.source, &direction.target, sentence])
}

fn hash(owner: Owner, parts: &[&str]) -> SentenceKey {
    let mut hash = Sha256::new();
    hash.update(owner.0.as_bytes());
    for part in parts {
        // with its length, so that no two lists of parts look the same
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Those of the sentences that the owner brought along, whatever model is in use. None while the database is away.
pub(crate) async fn units<'s>(
    store: &Store,
    owner: Owner,
    direction: &Direction,
    sentences: &[&'s str],
) -> HashMap<&'s str, String> {
    let keys: Vec<_> = sentences
        .iter()
        .map(|sentence| unit_key(owner, &direction.source, &direction.target, sentence))
        .collect();
    let found = store.recall_units(&keys).await.unwrap_or_else(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "imported sentences cannot be read");
        HashMap::new()
    });
    sentences
        .iter()
        .zip(&keys)
        .filter_map(|(sentence, key)| Some((*sentence, found.get(key)?.clone())))
        .collect()
}

/// What a sentence that was brought along is found by: its words, however many blanks are between them, and its
/// languages without their countries.
pub(crate) fn unit_key(owner: Owner, source: &str, target: &str, sentence: &str) -> SentenceKey {
    let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    hash(owner, &[&tmx::base(source), &tmx::base(target), &sentence])
}

/// The names of everything that is remembered of the sentences of a translation.
pub(crate) fn keys(translation: &Translation) -> Vec<SentenceKey> {
    let Translation { owner, source_language, target_language, model, .. } = translation;
    let direction = Direction { source: source_language.clone(), target: target_language.clone() };
    let sentences = translation.sentences().unwrap_or_default().into_iter();
    let names = sentences.flat_map(|(sentence, _)| {
        // that of before sentences had a name of their own
        let key = hash(*owner, &[source_language, target_language, model, sentence]);
        [name(*owner, &direction, sentence), key]
    });
    names.collect()
}

/// The names of everything that is remembered of the sentences of a piece.
pub(crate) fn keys_of_piece(owner: Owner, direction: &Direction, piece: &FinishedPiece) -> Vec<SentenceKey> {
    let sentences = piece.alignment.sentences(&piece.source, &piece.target).unwrap_or_default();
    sentences.into_iter().map(|(sentence, _)| name(owner, direction, sentence)).collect()
}

/// What `future` gives, unless `stop` comes first.
async fn until<T>(stop: &CancellationToken, future: impl Future<Output = T>) -> Result<T, PieceError> {
    tokio::select! {
        value = future => Ok(value),
        () = stop.cancelled() => Err(PieceError::Stopped),
    }
}
