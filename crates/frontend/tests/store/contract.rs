//! What every store does.

use frontend::store::{Owner, PAGE_SIZE, Position, Store, Translation};
use jiff::Timestamp;
use uuid::Uuid;

pub(crate) fn translation(source: &str, target: &str) -> Translation {
    Translation {
        id: Uuid::now_v7(),
        owner: Owner::EVERYBODY,
        source_language: "de".to_owned(),
        target_language: "en".to_owned(),
        source_text: source.to_owned(),
        target_text: target.to_owned(),
        alignment: Some("0,1,1;".to_owned().into()),
        model: "fake-de-en".to_owned(),
        created_at: Timestamp::from_microsecond(1_795_196_640_123_456).unwrap(),
        duration_ms: 1234,
        detected: Some(1000),
    }
}

pub(crate) async fn an_entry_comes_back_as_it_was(store: &Store) {
    let text =
        " \n\tZeile eins \r\n\\', (SELECT USER()))# \"%_\u{feff}👩‍👩‍👧 日本語 שלום e\u{301} \u{10ffff}\n\n ";
    for (source, target) in [(text, "x"), ("x", text), ("a", " "), ("a", "")] {
        let translation = Translation {
            source_language: "zh-Hant-TW".to_owned(),
            model: "Helsinki-NLP/opus-mt-de-en".to_owned(),
            duration_ms: u32::MAX,
            ..translation(source, target)
        };
        store.insert(&translation).await.unwrap();
        assert_eq!(store.get(translation.id).await.unwrap(), Some(translation));
    }
}

pub(crate) async fn an_unknown_id_is_none(store: &Store) {
    store.insert(&translation("Hallo", "Hello")).await.unwrap();
    assert_eq!(store.get(Uuid::now_v7()).await.unwrap(), None);
}

pub(crate) async fn inserting_again_changes_nothing(store: &Store) {
    let first = translation("Hallo", "Hello");
    store.insert(&first).await.unwrap();
    store.insert(&first).await.unwrap();
    store.insert(&Translation { target_text: "Changed".to_owned(), ..first.clone() }).await.unwrap();
    assert_eq!(store.get(first.id).await.unwrap(), Some(first));
    assert_eq!(store.page(Owner::EVERYBODY, Position::Newest).await.unwrap().entries.len(), 1);
}

pub(crate) async fn excerpts_count_characters(store: &Store) {
    let text = format!("{}end", "🦔".repeat(280));
    store.insert(&translation(&text, "kurz")).await.unwrap();
    let page = store.page(Owner::EVERYBODY, Position::Newest).await.unwrap();
    assert_eq!(page.entries[0].source_excerpt, "🦔".repeat(280));
    assert_eq!(page.entries[0].target_excerpt, "kurz");
    assert_eq!(page.entries[0].source_chars, 283);
}

pub(crate) async fn an_empty_history_is_an_empty_page(store: &Store) {
    let page = store.page(Owner::EVERYBODY, Position::Newest).await.unwrap();
    assert!(page.entries.is_empty() && page.newer.is_none() && page.older.is_none());
}

/// Two pages and a half, with runs of entries of the same microsecond across the ends of pages.
pub(crate) async fn walking_down_and_up_meets_every_entry_once(store: &Store) {
    let size = usize::from(PAGE_SIZE);
    let mut expected = Vec::new();
    for number in 0..i64::from(PAGE_SIZE) * 5 / 2 {
        let created_at = Timestamp::from_microsecond(1_700_000_000_000_000 + number / 7).unwrap();
        let translation = Translation { created_at, ..translation(&number.to_string(), "x") };
        store.insert(&translation).await.unwrap();
        expected.push((created_at, translation.id));
    }
    expected.sort_by(|a, b| b.cmp(a));

    let mut pages = vec![store.page(Owner::EVERYBODY, Position::Newest).await.unwrap()];
    while let Some(older) = pages.last().and_then(|page| page.older) {
        pages.push(store.page(Owner::EVERYBODY, Position::Before(older)).await.unwrap());
    }
    let seen: Vec<_> = pages.iter().flat_map(|page| &page.entries).map(|e| (e.created_at(), e.id)).collect();
    assert_eq!(seen, expected);
    assert_eq!(pages.iter().map(|page| page.entries.len()).collect::<Vec<_>>(), [size, size, size / 2]);
    assert!(pages[0].newer.is_none() && pages[1].newer.is_some());

    let second = store.page(Owner::EVERYBODY, Position::After(pages[2].newer.unwrap())).await.unwrap();
    assert_eq!(second.entries, pages[1].entries);
    assert!(second.older.is_some());
    let first = store.page(Owner::EVERYBODY, Position::After(second.newer.unwrap())).await.unwrap();
    assert_eq!(first.entries, pages[0].entries);
    assert!(first.newer.is_none());
}

/// Both together are more than one packet to a MySQL server with its default limit may hold.
pub(crate) async fn texts_of_33_megabytes_are_kept(store: &Store) {
    let text = |word: &str| word.repeat((33 << 20) / word.len());
    let translation = translation(&text("Grüße!\n"), &text("Hello!\n"));
    store.insert(&translation).await.unwrap();
    let kept = store.get(translation.id).await.unwrap();
    // not by assert_eq, which would print them
    assert!(kept.as_ref() == Some(&translation), "a long text came back changed");
    let page = store.page(Owner::EVERYBODY, Position::Newest).await.unwrap();
    assert_eq!(page.entries[0].source_excerpt.chars().count(), 280);
    store.insert(&translation).await.unwrap();
}

pub(crate) async fn a_ping_is_answered(store: &Store) {
    store.ping().await.unwrap();
}

pub(crate) async fn every_owner_has_a_history_of_their_own(store: &Store) {
    let (first, second) = (Owner(Uuid::now_v7()), Owner(Uuid::now_v7()));
    for (owner, source) in [(first, "eins"), (second, "zwei"), (first, "drei")] {
        store.insert(&Translation { owner, ..translation(source, "x") }).await.unwrap();
    }
    let sources = async |owner| {
        let page = store.page(owner, Position::Newest).await.unwrap();
        page.entries.into_iter().map(|entry| entry.source_excerpt).collect::<Vec<_>>()
    };
    assert_eq!(sources(first).await, ["drei", "eins"]);
    assert_eq!(sources(second).await, ["zwei"]);
    assert!(sources(Owner::EVERYBODY).await.is_empty());

    let id = store.page(second, Position::Newest).await.unwrap().entries[0].id;
    assert!(!store.delete(id, first).await.unwrap());
    while store.delete_some(first).await.unwrap() {}
    assert!(sources(first).await.is_empty());
    assert!(store.delete(id, second).await.unwrap() && !store.delete(id, second).await.unwrap());
    assert!(sources(second).await.is_empty());
}
