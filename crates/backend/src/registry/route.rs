//! A way from one language to another: a model, two of them through English, or none.

use std::{fmt, sync::Arc};

use api::Model;
use engine::{Engine, Link, ModelInfo, Request, RequestOptions, Translation};

/// What translates a text; keeps its models in memory. Texts on the same route may share batches.
#[derive(Clone)]
pub struct Route {
    pub(crate) id: u64,
    pub(crate) engine: Arc<dyn Engine>,
    /// What users are told of it.
    pub(crate) model: Model,
    /// The language in between, if there is one.
    pub(crate) via: Option<String>,
}

impl Route {
    /// A route of one engine that is the only one there is.
    pub fn of(engine: Arc<dyn Engine>) -> Self {
        let info = engine.info();
        let model = Model { name: info.name.clone(), starter: info.starter };
        Self { id: 0, engine, model, via: None }
    }

    /// The model or models that translate.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Through the engines of the models with the numbers `steps`, of which there are one or two.
    pub(super) fn new(steps: &[u32], engines: Vec<Arc<dyn Engine>>, model: Model) -> Self {
        // two models have the higher numbers: each pair of them its own
        let id = steps.iter().fold(0, |id, &step| (id << 32) | (u64::from(step) + 1));
        let mut engines = engines.into_iter();
        let first = engines.next().expect("a route has a step");
        match engines.next() {
            None => Self { id, engine: first, model, via: None },
            Some(second) => {
                let via = Some(first.info().target.clone());
                Self { id, engine: Arc::new(Chain::new(first, second, model.clone())), model, via }
            }
        }
    }

    /// For a text that is in the target language already: every sentence stays as it is.
    pub(crate) fn untouched(language: &str) -> Self {
        let info = ModelInfo {
            name: api::NO_MODEL.to_owned(),
            source: language.to_owned(),
            target: language.to_owned(),
            starter: false,
        };
        let model = Model { name: info.name.clone(), starter: false };
        Self { id: u64::MAX, engine: Arc::new(Untouched(info)), model, via: None }
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Route").field("model", &self.model).field("via", &self.via).finish_non_exhaustive()
    }
}

/// Two models one after the other, sentence by sentence.
struct Chain {
    first: Arc<dyn Engine>,
    second: Arc<dyn Engine>,
    info: ModelInfo,
}

impl Chain {
    fn new(first: Arc<dyn Engine>, second: Arc<dyn Engine>, model: Model) -> Self {
        let (source, target) = (first.info().source.clone(), second.info().target.clone());
        let info = ModelInfo { name: model.name, source, target, starter: model.starter };
        Self { first, second, info }
    }
}

impl Engine for Chain {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// The second model gives the alternatives. Words are aligned by those in between that both models know.
    fn translate_batch(&self, requests: &[Request<'_>]) -> Vec<Translation> {
        let plain = [false, true].map(|alignment| RequestOptions { alignment, ..RequestOptions::default() });
        let into: Vec<Request<'_>> = requests
            .iter()
            .map(|request| Request { options: &plain[usize::from(request.options.alignment)], ..*request })
            .collect();
        let between = self.first.translate_batch(&into);
        let out: Vec<Request<'_>> = between
            .iter()
            .zip(requests)
            .map(|(translation, request)| Request { text: &translation.text, ..*request })
            .collect();
        let mut translations = self.second.translate_batch(&out);
        for (translation, first) in translations.iter_mut().zip(&between) {
            translation.alignment = composed(&first.alignment, &translation.alignment);
            // logarithms of probabilities: both have to be right
            translation.score += first.score;
            translation.doubt = translation.doubt.or(first.doubt);
        }
        translations
    }
}

/// The links from the first text to the last: two words belong together if a word in between belongs to both.
fn composed(first: &[Link], second: &[Link]) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for after in second {
        let shared =
            |before: &&Link| before.target.start < after.source.end && after.source.start < before.target.end;
        for before in first.iter().filter(shared) {
            let link = Link { source: before.source.clone(), target: after.target.clone() };
            if !links.contains(&link) {
                links.push(link);
            }
        }
    }
    // in the order of the translation, as the second's are
    links.sort_by_key(|link| (link.target.start, link.source.start));
    links
}

/// Leaves everything as it is.
struct Untouched(ModelInfo);

impl Engine for Untouched {
    fn info(&self) -> &ModelInfo {
        &self.0
    }

    fn translate_batch(&self, requests: &[Request<'_>]) -> Vec<Translation> {
        let same =
            |request: &Request<'_>| Translation { text: request.text.to_owned(), ..Translation::default() };
        requests.iter().map(same).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Swaps the first two words and puts its language before them; tells so, if that is asked for.
    struct Swapping(ModelInfo);

    impl Engine for Swapping {
        fn info(&self) -> &ModelInfo {
            &self.0
        }

        fn translate_batch(&self, requests: &[Request<'_>]) -> Vec<Translation> {
            let swap = |request: &Request<'_>| {
                let (first, second) = request.text.rsplit_once(' ').unwrap();
                let first = first.rsplit(' ').next().unwrap();
                let skipped = request.text.len() - first.len() - second.len() - 1;
                let text = format!("{} {second} {first}", self.0.target);
                let links = vec![
                    Link {
                        source: skipped + first.len() + 1..request.text.len(),
                        target: 3..3 + second.len(),
                    },
                    Link { source: skipped..skipped + first.len(), target: 4 + second.len()..text.len() },
                ];
                let alignment = if request.options.alignment { links } else { Vec::new() };
                Translation { text, alignment, ..Translation::default() }
            };
            requests.iter().map(swap).collect()
        }
    }

    fn swapping(source: &str, target: &str) -> Arc<dyn Engine> {
        let (source, target) = (source.to_owned(), target.to_owned());
        Arc::new(Swapping(ModelInfo { name: String::new(), source, target, starter: false }))
    }

    #[test]
    fn words_are_aligned_through_those_in_between() {
        let model = Model { name: "both".into(), starter: false };
        let chain = Chain::new(swapping("de", "en"), swapping("en", "fr"), model);
        let asked = RequestOptions { alignment: true, ..RequestOptions::default() };
        let plain = RequestOptions::default();
        let text = "Grüße alle";
        let found =
            chain.translate_batch(&[Request { text, options: &asked }, Request { text, options: &plain }]);
        assert_eq!(found[0].text, "fr Grüße alle");
        let links = found[0].alignment.iter();
        let words: Vec<_> =
            links.map(|link| (&text[link.source.clone()], &found[0].text[link.target.clone()])).collect();
        assert_eq!(
            words,
            [("Grüße", "Grüße"), ("alle", "alle")],
            "and nothing for the word that has no source"
        );
        assert_eq!((found[1].text.as_str(), &*found[1].alignment), ("fr Grüße alle", &[][..]));
    }

    #[test]
    fn a_word_in_between_may_stand_for_several() {
        let link = |source: std::ops::Range<usize>, target: std::ops::Range<usize>| Link { source, target };
        // "Haus Boot" → "houseboat" → "bateau maison"
        let first = [link(0..4, 0..9), link(5..9, 0..9)];
        let second = [link(0..9, 0..6), link(0..9, 7..13), link(0..9, 7..13)];
        let all = [link(0..4, 0..6), link(5..9, 0..6), link(0..4, 7..13), link(5..9, 7..13)];
        assert_eq!(composed(&first, &second), all);
        assert_eq!(composed(&first, &[link(9..12, 0..3)]), [], "words that touch share nothing");
    }
}
