//! Which languages the backend translates, remembered for a moment so that no page waits for it twice.

use std::time::Duration;

use api::{LanguagesResponse, Model};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Client;
use crate::translator::Direction;

/// A page waits no longer than this for the list; it can do without.
const TIMEOUT: Duration = Duration::from_secs(1);
const KEPT_FOR: Duration = Duration::from_secs(30);
/// A backend that did not answer is asked again sooner.
const ABSENCE_KEPT_FOR: Duration = Duration::from_secs(3);

#[derive(Debug, Default)]
pub(super) struct LanguagesCache(Mutex<Option<(Instant, Option<LanguagesResponse>)>>);

impl Client {
    /// What the backend translates; `None` if it does not tell just now.
    pub(crate) async fn languages(&self) -> Option<LanguagesResponse> {
        let mut cached = self.languages.0.lock().await;
        let fresh = cached
            .as_ref()
            .filter(|(at, answer)| at.elapsed() < if answer.is_some() { KEPT_FOR } else { ABSENCE_KEPT_FOR });
        if let Some((_, answer)) = fresh {
            return answer.clone();
        }
        let answer = self.fetch_languages().await.ok();
        *cached = Some((Instant::now(), answer.clone()));
        answer
    }

    /// The model that translates in this direction; `None` if there is none, or the backend does not tell just now.
    pub(crate) async fn model(&self, direction: &Direction) -> Option<Model> {
        let pairs = self.languages().await?.pairs;
        let mut pairs = pairs.into_iter();
        let pair = pairs.find(|pair| pair.source == direction.source && pair.target == direction.target);
        pair.map(|pair| pair.model)
    }

    async fn fetch_languages(&self) -> Result<LanguagesResponse, reqwest::Error> {
        let get = self.http.get(self.url("languages")).timeout(TIMEOUT);
        get.send().await?.error_for_status()?.json().await
    }
}
