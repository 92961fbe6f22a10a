//! What every store does when it is searched and filtered.

use frontend::store::{Cursor, Filter, Found, Owner, Position, Query, Store, Translation, Unit};
use jiff::Timestamp;
use uuid::Uuid;

use crate::contract::translation;

/// A translation of a time, in seconds.
fn at(second: u64, source: &str, target: &str) -> Translation {
    // what follows the time in an id
    let rest = Uuid::now_v7().as_bytes()[6..].try_into().unwrap();
    let id = uuid::Builder::from_unix_timestamp_millis(second * 1000, &rest);
    Translation {
        id: id.into_uuid(),
        created_at: Timestamp::from_second(second as i64).unwrap(),
        alignment: None,
        ..translation(source, target)
    }
}

async fn add(store: &Store, translations: &[Translation]) {
    for translation in translations {
        store.insert(translation).await.unwrap();
    }
    while store.index_some().await.unwrap() {}
}

async fn search(store: &Store, filter: impl Into<Filter>, query: &str, before: Option<Cursor>) -> Found {
    store.search(&filter.into(), Query::parse(query).unwrap(), before).await.unwrap()
}

fn sources(found: &Found) -> Vec<&str> {
    found.hits.iter().map(|hit| hit.summary.source_excerpt.as_str()).collect()
}

pub(crate) async fn words_are_found_in_both_texts_however_they_are_written(store: &Store) {
    add(
        store,
        &[
            at(1, "Die Straße", "The street"),
            at(2, "Käse und Brot", "Cheese and bread"),
            at(3, "Kaese", "Kase"),
            at(4, "Die Hausordnung", "House rules"),
            at(5, "EU und WAS ist", "EU and WHAT is"),
        ],
    )
    .await;
    for (query, expected) in [
        ("Straße", vec!["Die Straße"]),
        ("STRASSE", vec!["Die Straße"]),
        ("stre", vec!["Die Straße"]),
        ("kase", vec!["Kaese", "Käse und Brot"]),
        ("Käse", vec!["Kaese", "Käse und Brot"]),
        ("kaese", vec!["Kaese", "Käse und Brot"]),
        ("haus", vec!["Die Hausordnung"]),
        ("\"haus\"", vec![]),
        ("ordnung", vec![]),
        // neither too short nor too frequent
        ("eu", vec!["EU und WAS ist"]),
        ("was", vec!["EU und WAS ist"]),
    ] {
        let found = search(store, Owner::EVERYBODY, query, None).await;
        assert_eq!(sources(&found), expected, "{query}");
        assert!(found.older.is_none() && !found.broken_off);
    }
}

pub(crate) async fn all_words_and_phrases_must_be_there(store: &Store) {
    let long = format!("{} guten {} morgen", "Füllung ".repeat(100), "mehr ".repeat(100));
    add(
        store,
        &[
            at(1, "Guten Morgen", "Good morning"),
            at(2, "Morgen wird es guten Tee geben", "Tomorrow"),
            at(3, &long, "x"),
            at(4, &format!("{long}; guten Morgen!"), "x"),
        ],
    )
    .await;
    let found = search(store, Owner::EVERYBODY, "morgen guten", None).await;
    assert_eq!(found.hits.len(), 4);
    let found = search(store, Owner::EVERYBODY, "\"guten morgen\"", None).await;
    assert_eq!(found.hits.len(), 2);
    assert!(found.hits[0].summary.source_excerpt.ends_with("mehr mehr  morgen; guten Morgen!"), "{found:?}");
    assert_eq!(found.hits[1].summary.source_excerpt, "Guten Morgen");
    assert_eq!(sources(&search(store, Owner::EVERYBODY, "guten tomorrow tee", None).await).len(), 1);
    assert_eq!(sources(&search(store, Owner::EVERYBODY, "guten tomorrow kaffee", None).await).len(), 0);
}

pub(crate) async fn hits_are_walked_newest_first_and_each_once(store: &Store) {
    let all: Vec<_> = (0..45).map(|n| at(100 + n, &format!("Wort {n}"), "word")).collect();
    // in another order than that of their times
    let (odd, even): (Vec<_>, Vec<_>) = all.iter().cloned().partition(|t| t.created_at.as_second() % 2 == 1);
    add(store, &odd).await;
    add(store, &even).await;
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let found = search(store, Owner::EVERYBODY, "wort word", before).await;
        seen.extend(found.hits.iter().map(|hit| hit.summary.id));
        before = found.older;
        if before.is_none() {
            break;
        }
        assert_eq!(found.hits.len(), 20);
    }
    assert_eq!(seen, all.iter().rev().map(|translation| translation.id).collect::<Vec<_>>());
}

/// Many texts, each with the words of `text`, written past the store for speed.
async fn add_many(store: &Store, owner: Owner, number: u64, text: impl Fn(u64) -> String) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for n in 0..number {
        let translation = Translation { owner, ..at(1000 + n, &text(n), "x") };
        ids.push(translation.id);
        store.insert(&translation).await.unwrap();
    }
    while store.index_some().await.unwrap() {}
    ids
}

pub(crate) async fn common_beginnings_are_looked_for_as_whole_words(store: &Store) {
    let words = |n: u64| (0..60).map(|k| format!("ab{}", n * 60 + k)).collect::<Vec<_>>().join(" ");
    add_many(store, Owner::EVERYBODY, 170, words).await;
    add(store, &[at(5000, "ab", "x"), at(5001, "abc", "x")]).await;
    let found = search(store, Owner::EVERYBODY, "ab", None).await;
    assert_eq!((sources(&found), found.query.terms[0].prefix), (vec!["ab"], false));
    let found = search(store, Owner::EVERYBODY, "ab100", None).await;
    assert_eq!((found.hits.len(), found.query.terms[0].prefix), (5, true), "{found:?}");
}

pub(crate) async fn words_that_never_meet_are_told_apart_in_many_texts(store: &Store) {
    let text = |n: u64| match n {
        7 => "\"eins\" zwei drei".to_owned(),
        _ if n.is_multiple_of(2) => "eins drei".to_owned(),
        _ => "zwei drei".to_owned(),
    };
    let ids = add_many(store, Owner::EVERYBODY, 1300, text).await;
    for query in ["\"eins\" \"zwei\"", "eins zwei drei", "\"drei\" \"zwei\" \"eins\""] {
        let found = search(store, Owner::EVERYBODY, query, None).await;
        assert_eq!(found.hits.iter().map(|hit| hit.summary.id).collect::<Vec<_>>(), [ids[7]], "{query}");
        assert!(found.older.is_none() && !found.broken_off);
    }
}

pub(crate) async fn a_search_that_is_broken_off_goes_on_where_it_stopped(store: &Store) {
    let text = |n: u64| if n.is_multiple_of(30) { "eins zwei drei" } else { "eins" }.to_owned();
    let ids = add_many(store, Owner::EVERYBODY, 600, text).await;
    let mut expected: Vec<_> = ids.into_iter().step_by(30).collect();
    expected.reverse();
    for query in ["\"eins\" \"zwei\"", "\"zwei drei\"", "\"eins\" \"drei\""] {
        let (mut seen, mut before, mut steps) = (Vec::new(), None, 0);
        loop {
            let query = Query::parse(query).unwrap();
            let filter = Filter::from(Owner::EVERYBODY);
            let found = store.search_within(std::time::Duration::ZERO, &filter, query, before).await.unwrap();
            seen.extend(found.hits.iter().map(|hit| hit.summary.id));
            assert_eq!(found.broken_off, found.older.is_some());
            steps += 1;
            before = found.older;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected, "{query}");
        assert!(steps > 10, "{steps}");
    }
}

pub(crate) async fn lists_and_searches_keep_to_languages_and_dates(store: &Store) {
    let french = |translation: Translation| Translation { source_language: "fr".to_owned(), ..translation };
    let day = 86_400;
    add(
        store,
        &[
            at(day - 1, "eins wort", "x"),
            french(at(day, "zwei wort", "x")),
            at(2 * day - 1, "drei wort", "x"),
            at(2 * day, "vier wort", "x"),
        ],
    )
    .await;
    assert_eq!(store.pairs(Owner::EVERYBODY).await.unwrap(), ["de en", "fr en"]);
    assert!(store.pairs(Owner(Uuid::now_v7())).await.unwrap().is_empty());
    let time = |second| Some(Timestamp::from_second(second as i64).unwrap());
    let all = Filter::from(Owner::EVERYBODY);
    for (filter, expected) in [
        (all.clone(), vec!["vier wort", "drei wort", "zwei wort", "eins wort"]),
        (Filter { pair: Some("fr en".to_owned()), ..all.clone() }, vec!["zwei wort"]),
        (Filter { pair: Some("fr".to_owned()), ..all.clone() }, vec![]),
        (Filter { from: time(day), until: time(2 * day), ..all.clone() }, vec!["drei wort", "zwei wort"]),
        (
            Filter { pair: Some("de en".to_owned()), from: time(day), ..all.clone() },
            vec!["vier wort", "drei wort"],
        ),
        (Filter { until: time(day), ..all.clone() }, vec!["eins wort"]),
    ] {
        let page = store.page(filter.clone(), Position::Newest).await.unwrap();
        let listed: Vec<_> = page.entries.iter().map(|entry| entry.source_excerpt.as_str()).collect();
        assert_eq!(listed, expected, "{filter:?}");
        let found = search(store, filter.clone(), "wort", None).await;
        assert_eq!(sources(&found), expected, "{filter:?}");
    }
}

pub(crate) async fn owners_find_what_is_theirs(store: &Store) {
    let owner = Owner(Uuid::now_v7());
    add(store, &[Translation { owner, ..at(1, "Meins", "Mine") }, at(2, "Meinung", "Opinion")]).await;
    assert_eq!(sources(&search(store, owner, "mein", None).await), ["Meins"]);
    assert_eq!(sources(&search(store, Owner::EVERYBODY, "mein", None).await), ["Meinung"]);
}

pub(crate) async fn excerpts_are_taken_from_where_words_are_found(store: &Store) {
    let filling = "Grüße 🦔 ".repeat(2000);
    add(store, &[at(1, &format!("{filling}Schlüsselwort {filling}"), &format!("{filling}keyword"))]).await;
    let found = search(store, Owner::EVERYBODY, "schlüsselw", None).await;
    let hit = &found.hits[0];
    assert!(hit.summary.source_excerpt.starts_with("🦔 Grüße"), "{hit:?}");
    assert!(hit.summary.source_excerpt.contains("🦔 Schlüsselwort Grüße"), "{hit:?}");
    assert!((15_000..16_000).contains(&hit.source_from) && hit.target_from == 0, "{hit:?}");
    assert!(hit.summary.target_excerpt.starts_with("Grüße 🦔 Grüße"));
    let found = search(store, Owner::EVERYBODY, "keyword grusse", None).await;
    assert!(found.hits[0].source_from == 0 && found.hits[0].target_from == 0, "words at the start are shown");
    let found = search(store, Owner::EVERYBODY, "keyword", None).await;
    assert!(found.hits[0].summary.target_excerpt.ends_with("🦔 keyword"), "{found:?}");
}

pub(crate) async fn what_is_deleted_is_found_no_more(store: &Store) {
    delete_in_every_way(store, Owner(Uuid::now_v7()), Owner(Uuid::now_v7())).await;
}

/// Leaves nothing of `owner`, and five words of the other.
pub(crate) async fn delete_in_every_way(store: &Store, owner: Owner, other: Owner) {
    let first = Translation { owner, ..at(1, "Käse eins", "x") };
    let second = Translation { owner, ..at(2, "Käse zwei", "y") };
    add(store, &[first.clone(), second, Translation { owner: other, ..at(3, "Käse drei", "z") }]).await;
    assert!(!store.delete(first.id, other).await.unwrap());
    assert!(store.delete(first.id, owner).await.unwrap());
    assert_eq!(sources(&search(store, owner, "kase", None).await), ["Käse zwei"]);
    // one whose words are not written down yet
    let third = Translation { owner, ..at(4, "Käse vier", "x") };
    store.insert(&third).await.unwrap();
    assert!(store.delete(third.id, owner).await.unwrap() && !store.index_some().await.unwrap());
    while store.delete_some(owner).await.unwrap() {}
    assert_eq!(sources(&search(store, other, "kase", None).await), ["Käse drei"]);
}

pub(crate) async fn nothing_that_is_typed_is_an_error(store: &Store) {
    add(store, &[at(1, "O'Brien 100% a_b c\\d", "x")]).await;
    for query in [
        "'",
        "o'brien",
        "100%",
        "a_b",
        "c\\d",
        "\"a b",
        "-brien +100 ~x*",
        "(x) AND {y}",
        "x\0",
        "日本",
        "\u{10ffff}",
    ] {
        let found = search(store, Owner::EVERYBODY, query, None).await;
        let expected = usize::from(
            ["o'brien", "100%", "a_b", "c\\d", "\"a b", "-brien +100 ~x*", "x\0"].contains(&query),
        );
        assert_eq!(found.hits.len(), expected, "{query:?}");
    }
    let long = "z".repeat(100_000);
    assert!(search(store, Owner::EVERYBODY, &long, None).await.hits.is_empty());
}

fn unit(key: u8, source: &str, target: &str) -> Unit {
    Unit {
        key: [key; 32],
        source_language: "de-CH".to_owned(),
        target_language: "en".to_owned(),
        source: source.to_owned(),
        target: target.to_owned(),
        changed: Timestamp::from_second(1_700_000_000).unwrap(),
    }
}

pub(crate) async fn units_replace_each_other_and_belong_to_their_owner(store: &Store) {
    let (owner, other) = (Owner(Uuid::now_v7()), Owner(Uuid::now_v7()));
    assert!(!store.has_units(owner).await.unwrap());
    let many: Vec<_> = (1..=250).map(|n| unit(n, &format!("Grüße {n}"), "x")).collect();
    store.add_units(owner, &many).await.unwrap();
    store.add_units(owner, &[unit(2, "Grüße 2", "changed 🦔")]).await.unwrap();
    store.add_units(other, &[unit(255, "a", "b")]).await.unwrap();
    assert_eq!((store.count_units(owner).await.unwrap(), store.count_units(other).await.unwrap()), (250, 1));
    let found = store.recall_units(&[[1; 32], [2; 32], [254; 32]]).await.unwrap();
    assert_eq!((found.len(), found[&[1; 32]].as_str(), found[&[2; 32]].as_str()), (2, "x", "changed 🦔"));
    let first = store.units(owner, [0; 32], 2).await.unwrap();
    assert_eq!(first, [unit(1, "Grüße 1", "x"), unit(2, "Grüße 2", "changed 🦔")]);
    assert_eq!(store.units(owner, first[1].key, 1000).await.unwrap().len(), 248);
    // one that cannot be stored leaves none of the others
    let too_long = unit(201, &"a".repeat(70 << 20), "x");
    if store.add_units(other, &[unit(200, "a", "b"), too_long]).await.is_err() {
        assert_eq!(store.count_units(other).await.unwrap(), 1);
    }
    while store.delete_some_units(owner).await.unwrap() {}
    assert!(!store.has_units(owner).await.unwrap() && store.has_units(other).await.unwrap());
    while store.delete_some(other).await.unwrap() {}
    assert!(!store.has_units(other).await.unwrap());
}
