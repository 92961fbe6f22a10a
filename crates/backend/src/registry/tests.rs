use std::sync::atomic::{AtomicUsize, Ordering};

use engine::{Request, RequestOptions, Translation};
use tokio::sync::Notify;

use super::*;

/// Writes its pair behind what it translates.
struct Tagging(ModelInfo);

impl Engine for Tagging {
    fn info(&self) -> &ModelInfo {
        &self.0
    }

    fn translate_batch(&self, requests: &[Request<'_>]) -> Vec<Translation> {
        let tag = |request: &Request<'_>| Translation {
            text: {
                let told = request.options.target.as_deref().map(|told| format!(", told {told}"));
                format!("{} [{}-{}{}]", request.text, self.0.source, self.0.target, told.unwrap_or_default())
            },
            score: -0.25,
            ..Translation::default()
        };
        requests.iter().map(tag).collect()
    }
}

fn info(source: &str, target: &str, starter: bool) -> ModelInfo {
    let name = format!("{}-{source}-{target}", if starter { "starter" } else { "opus" });
    ModelInfo { name, source: source.into(), target: target.into(), starter }
}

/// A model of one byte that counts how often it is loaded.
fn counted(source: &str, target: &str, loads: &Arc<AtomicUsize>) -> Candidate {
    let (info, loads) = (info(source, target, false), loads.clone());
    let engine = info.clone();
    let load: Loader = Box::new(move || {
        loads.fetch_add(1, Ordering::SeqCst);
        Ok(Arc::new(Tagging(engine.clone())) as Arc<dyn Engine>)
    });
    Candidate { pairs: vec![only_pair(&info)], info, bytes: 1, load }
}

fn candidate(source: &str, target: &str, starter: bool) -> Candidate {
    let mut candidate = counted(source, target, &Arc::default());
    let info = info(source, target, starter);
    candidate.info = info.clone();
    candidate.load = Box::new(move || Ok(Arc::new(Tagging(info.clone()))));
    candidate
}

fn broken(source: &str, target: &str) -> Candidate {
    let load: Loader = Box::new(|| Err("vocab.json: nonsense".to_owned()));
    Candidate { load, ..candidate(source, target, false) }
}

fn translation(route: &Route, text: &str) -> String {
    let options = RequestOptions::default();
    route.engine.translate_batch(&[Request { text, options: &options }]).swap_remove(0).text
}

fn pairs(registry: &Registry) -> Vec<String> {
    let name = |pair: Pair| {
        let via = pair.via.map(|via| format!(" via {via}")).unwrap_or_default();
        format!("{}-{}{via}: {}", pair.source, pair.target, pair.model.name)
    };
    registry.pairs().into_iter().map(name).collect()
}

#[tokio::test]
async fn a_published_model_is_preferred_to_the_starter() {
    let registry = Registry::new(vec![candidate("de", "en", false), candidate("de", "en", true)], 9);
    assert_eq!(pairs(&registry), ["de-en: opus-de-en"]);
    assert_eq!(registry.route("DE", "eng").await.unwrap().model().name, "opus-de-en");
}

#[tokio::test]
async fn a_missing_pair_goes_through_english_sentence_by_sentence() {
    let models = [("de", "en"), ("en", "fr"), ("fr", "en"), ("fr", "de")];
    let registry = Registry::new(models.map(|(from, to)| candidate(from, to, false)).into(), 9);
    assert_eq!(
        pairs(&registry),
        [
            "de-en: opus-de-en",
            "en-fr: opus-en-fr",
            "fr-en: opus-fr-en",
            "fr-de: opus-fr-de",
            "de-fr via en: opus-de-en + opus-en-fr"
        ]
    );
    let route = registry.route("de", "fr").await.unwrap();
    assert_eq!(translation(&route, "Ja."), "Ja. [de-en] [en-fr]");
    assert_eq!(route.via.as_deref(), Some("en"));
    assert_eq!(translation(&registry.route("fr", "de").await.unwrap(), "Oui."), "Oui. [fr-de]");
    assert_ne!(route.id, registry.route("de", "en").await.unwrap().id);
    let error = registry.route("en", "de").await.unwrap_err();
    assert!(error.to_string().contains("from en to de") && error.to_string().contains("de-fr"), "{error}");
}

#[tokio::test]
async fn a_broken_model_is_told_of_by_name_and_the_next_one_serves() {
    let registry =
        Registry::new(vec![broken("de", "en"), candidate("de", "en", true), broken("en", "fr")], 9);
    assert_eq!(registry.route("de", "en").await.unwrap().model().name, "starter-de-en");
    assert!(registry.route("de", "fr").await.is_err());
    let faults: Vec<String> =
        registry.broken().into_iter().map(|it| format!("{}: {}", it.name, it.fault)).collect();
    assert_eq!(faults, ["opus-de-en: vocab.json: nonsense", "opus-en-fr: vocab.json: nonsense"]);
    assert_eq!(pairs(&registry), ["de-en: starter-de-en"]);
}

#[tokio::test]
async fn a_model_is_loaded_once_and_stays_as_long_as_there_is_room() {
    let loads = [Arc::<AtomicUsize>::default(), Arc::default(), Arc::default()];
    let candidates = [("de", "en"), ("fr", "en"), ("es", "en")];
    let candidates =
        candidates.iter().zip(&loads).map(|((from, to), loads)| counted(from, to, loads)).collect();
    let registry = Registry::new(candidates, 2);
    let count = |at: usize| loads[at].load(Ordering::SeqCst);
    assert_eq!(count(0), 0, "nothing is loaded before it is asked for");
    let (a, b) = tokio::join!(registry.route("de", "en"), registry.route("de", "en"));
    assert_eq!(count(0), 1);
    drop((a, b));
    for source in ["fr", "de", "es"] {
        registry.route(source, "en").await.unwrap();
    }
    registry.route("de", "en").await.unwrap();
    assert_eq!((count(0), count(1)), (1, 1), "French was used least recently");
    registry.route("fr", "en").await.unwrap();
    assert_eq!(count(1), 2);
}

#[tokio::test]
async fn a_model_in_use_is_never_dropped() {
    let loads = [Arc::<AtomicUsize>::default(), Arc::default()];
    let registry = Registry::new(vec![counted("de", "en", &loads[0]), counted("fr", "en", &loads[1])], 1);
    let in_use = registry.route("de", "en").await.unwrap();
    registry.route("fr", "en").await.unwrap();
    registry.route("de", "en").await.unwrap();
    assert_eq!(loads[0].load(Ordering::SeqCst), 1);
    drop(in_use);
    registry.route("fr", "en").await.unwrap();
    registry.route("de", "en").await.unwrap();
}

#[tokio::test]
async fn a_slow_load_holds_up_no_other_model() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(std::sync::Barrier::new(2)));
    let mut slow = candidate("de", "en", false);
    let load: Loader = {
        let (begun, go_on) = (begun.clone(), go_on.clone());
        Box::new(move || {
            begun.notify_one();
            go_on.wait();
            Ok(Arc::new(Tagging(info("de", "en", false))))
        })
    };
    slow.load = load;
    let registry = Registry::new(vec![slow, candidate("fr", "en", false)], 9);
    let waiting = tokio::spawn({
        let registry = registry.clone();
        async move { registry.route("de", "en").await }
    });
    begun.notified().await;
    assert!(registry.route("fr", "en").await.is_ok());
    assert!(!waiting.is_finished());
    tokio::task::spawn_blocking(move || go_on.wait()).await.unwrap();
    assert!(waiting.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_model_of_several_languages_is_loaded_once_and_told_which() {
    let loads = Arc::<AtomicUsize>::default();
    let mut romance = counted("en", "romance", &loads);
    let served = |target: &str, told: &str| Served {
        pair: models::Pair { source: "en".into(), target: target.into() },
        told: Some(told.into()),
    };
    romance.pairs = vec![served("fr", "fra"), served("it", "ita")];
    let registry = Registry::new(vec![romance, candidate("de", "en", false)], 9);
    assert_eq!(
        pairs(&registry),
        [
            "en-fr: opus-en-romance",
            "en-it: opus-en-romance",
            "de-en: opus-de-en",
            "de-fr via en: opus-de-en + opus-en-romance",
            "de-it via en: opus-de-en + opus-en-romance"
        ]
    );
    let (french, italian) =
        (registry.route("en", "fr").await.unwrap(), registry.route("en", "it").await.unwrap());
    assert_eq!(translation(&french, "Yes."), "Yes. [en-romance, told fra]");
    assert_eq!(translation(&italian, "Yes."), "Yes. [en-romance, told ita]");
    assert_eq!((french.engine.info().target.as_str(), loads.load(Ordering::SeqCst)), ("fr", 1));
    assert_ne!(french.id, italian.id, "they share no batches");
    assert_ne!(italian.id, registry.route("de", "en").await.unwrap().id);
    let through = registry.route("de", "it").await.unwrap();
    assert_eq!(translation(&through, "Ja."), "Ja. [de-en] [en-romance, told ita]");
    assert!(registry.route("en", "romance").await.is_err());
}
