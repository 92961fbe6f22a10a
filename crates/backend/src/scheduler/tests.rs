use engine::RequestOptions;
use testkit::engine::{DIE, FakeEngine};
use tokio::time::{Duration, timeout};

use super::*;
use crate::sentences::{MIN_SENTENCE_BYTES, WINDOW_BYTES};

fn scheduler() -> Scheduler {
    let two = NonZero::new(2).expect("it is two");
    Scheduler::start(two, two).unwrap()
}

#[tokio::test]
async fn no_more_of_a_long_text_than_a_window_is_ever_in_the_queue() {
    let engine = FakeEngine::new();
    let scheduler = scheduler();
    engine.hold();
    let text = "Ja.\n".repeat(100_000);
    let mut sentences = scheduler.admit().unwrap().translate(
        Route::of(engine.clone()),
        text.as_str().into(),
        RequestOptions::default(),
    );
    for _ in 0..10 {
        assert!(timeout(Duration::ZERO, sentences.next()).await.is_err());
    }
    engine.until_begun(2).await;
    let in_work = engine.begun().iter().map(Vec::len).sum::<usize>();
    assert_eq!(in_work + scheduler.workers().waiting(), 2 * WINDOW_BYTES / MIN_SENTENCE_BYTES);
    engine.release();
    assert_eq!(sentences.whole().await.unwrap().text, text.to_uppercase());
}

#[tokio::test]
async fn a_dropped_request_leaves_the_queue_and_its_place() {
    let engine = FakeEngine::new();
    let scheduler = scheduler();
    engine.hold();
    let text = "Ja.\n".repeat(1000);
    let mut sentences = scheduler.admit().unwrap().translate(
        Route::of(engine.clone()),
        text.into(),
        RequestOptions::default(),
    );
    assert!(timeout(Duration::ZERO, sentences.next()).await.is_err());
    let _other = scheduler.admit().unwrap();
    assert_eq!(scheduler.admit().unwrap_err(), AdmitError::Full);
    drop(sentences);
    assert_eq!(scheduler.workers().waiting(), 0);
    scheduler.admit().unwrap();
    engine.release();
}

#[tokio::test]
async fn without_workers_nothing_is_admitted_and_nothing_waits_for_ever() {
    let engine = FakeEngine::new();
    let scheduler = scheduler();
    let waiting = scheduler.admit().unwrap();
    let deadly = format!("{DIE}\n").repeat(1000);
    engine.hold();
    let mut sentences = scheduler.admit().unwrap().translate(
        Route::of(engine.clone()),
        deadly.into(),
        RequestOptions::default(),
    );
    assert!(timeout(Duration::ZERO, sentences.next()).await.is_err());
    engine.until_begun(2).await;
    engine.release();
    assert!(sentences.whole().await.is_err());
    scheduler.worker_died().await;
    assert_eq!(scheduler.admit().unwrap_err(), AdmitError::Broken);
    while scheduler.workers().alive() > 0 {
        tokio::task::yield_now().await;
    }
    assert!(
        waiting
            .translate(Route::of(engine.clone()), "Ja.".into(), RequestOptions::default())
            .whole()
            .await
            .is_err()
    );
}
