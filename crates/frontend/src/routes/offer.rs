//! What the backend says it translates, and which of it a visitor has chosen.

use std::collections::BTreeMap;

use api::{AUTO, LanguagesResponse, Pair};

use super::App;
use crate::pages::ChoiceView;
use crate::translator::Direction;

/// What the backend says it translates, and the pair that is shown as chosen.
#[derive(Debug)]
pub(super) struct Offer {
    pairs: Vec<Pair>,
    auto: Vec<String>,
    pub(super) direction: Direction,
}

impl Offer {
    /// What there is just now, with what was chosen of it as far as anything was.
    pub(super) async fn of(app: &App, source: Option<String>, target: Option<String>) -> Self {
        let languages = app.client.languages().await;
        let LanguagesResponse { pairs, auto, .. } = languages.unwrap_or(LanguagesResponse {
            pairs: Vec::new(),
            auto: Vec::new(),
            broken: Vec::new(),
        });
        let mut offer = Self {
            direction: Direction { source: String::new(), target: String::new() },
            // a single pair leaves nothing to find out
            auto: if pairs.len() > 1 { auto } else { Vec::new() },
            pairs,
        };
        offer.direction = offer.completed(source, target);
        offer
    }

    /// The same offer with another pair chosen.
    pub(super) fn with(self, direction: Direction) -> Self {
        Self { direction, ..self }
    }

    /// Whether languages can be found out.
    pub(super) fn detects(&self) -> bool {
        !self.auto.is_empty()
    }

    /// Of what is missing, the first that there is; where the backend does not tell, what it most likely translates.
    fn completed(&self, source: Option<String>, target: Option<String>) -> Direction {
        let fits = |pair: &&Pair| {
            let fit = |chosen: &Option<String>, language: &str| {
                chosen.as_deref().is_none_or(|chosen| chosen == language || chosen == AUTO)
            };
            fit(&source, &pair.source) && fit(&target, &pair.target)
        };
        let first = self.pairs.iter().find(fits).or(self.pairs.first());
        let (first_source, first_target) =
            first.map_or(("de", "en"), |pair| (pair.source.as_str(), pair.target.as_str()));
        Direction {
            source: source.unwrap_or_else(|| first_source.to_owned()),
            target: target.unwrap_or_else(|| first_target.to_owned()),
        }
    }

    /// Whether the chosen pair can be translated, as far as the backend tells.
    pub(super) fn serves(&self) -> bool {
        self.pairs.is_empty()
            || self.targets(&self.direction.source).contains(&self.direction.target.as_str())
    }

    /// Into what a language is translated, in the order of the backend.
    pub(super) fn targets(&self, source: &str) -> Vec<&str> {
        let from = |pair: &&Pair| pair.source == source || (source == AUTO && self.detects());
        distinct(self.pairs.iter().filter(from).map(|pair| pair.target.as_str()))
    }

    /// Name of the model that translates what was chosen, if it is the starter model.
    pub(super) fn starter(&self) -> Option<String> {
        let Direction { source, target } = &self.direction;
        let chosen = |pair: &&Pair| (pair.source == *source || source == AUTO) && pair.target == *target;
        self.pairs.iter().find(chosen).filter(|pair| pair.model.starter).map(|pair| pair.model.name.clone())
    }

    /// The choice as the page shows it; none where there is none.
    pub(super) fn choice(&self) -> Option<ChoiceView> {
        if self.pairs.len() < 2 {
            return None;
        }
        let mut sources = distinct(self.pairs.iter().map(|pair| pair.source.as_str()));
        if self.detects() {
            sources.insert(0, AUTO);
        }
        let targets = distinct(self.pairs.iter().map(|pair| pair.target.as_str()));
        let pairs: BTreeMap<_, _> = sources.iter().map(|source| (*source, self.targets(source))).collect();
        Some(ChoiceView::new(&self.direction, &sources, &targets, &pairs))
    }
}

fn distinct<'a>(languages: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found = Vec::new();
    for language in languages {
        if !found.contains(&language) {
            found.push(language);
        }
    }
    found
}
