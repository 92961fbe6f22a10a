//! Says how long the pages and searches of a long history take: `cargo xtask bench web` runs it.
//!
//! `history sqlite|mysql ENTRIES`. MySQL is the server that `TEST_MYSQL_URL` names. What is made is thrown away.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints, and ends with what fails"
)]

mod fill;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use frontend::store::{Cursor, Filter, MySqlAccess, Owner, Position, Query, Store, Translation};
use jiff::Timestamp;
use testkit::mysql::Database;
use uuid::Uuid;

/// How often each thing is done.
const ROUNDS: u32 = 200;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (kind, entries) = match arguments.as_slice() {
        [kind, entries] => (kind.as_str(), entries.parse().expect("the number of entries is a number")),
        _ => panic!("usage: history sqlite|mysql ENTRIES"),
    };
    let began = Instant::now();
    match kind {
        "sqlite" => {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("translations.sqlite");
            let store = Store::sqlite(&file).await.unwrap();
            fill::sqlite(&file, entries).await;
            let size = std::fs::metadata(&file).unwrap().len();
            measure("SQLite", &store, entries, began.elapsed(), size).await;
        }
        "mysql" => {
            let database = Database::create().await;
            let size = fill::mysql(&mut database.connect().await, entries).await;
            let store = Store::mysql(&MySqlAccess {
                host: database.host.clone(),
                port: database.port,
                database: database.name.clone(),
                user: database.user.clone().into(),
                password: database.password.clone().into(),
            });
            measure("MySQL", &store, entries, began.elapsed(), size).await;
            store.close().await;
        }
        _ => panic!("neither sqlite nor mysql: {kind}"),
    }
}

async fn measure(name: &str, store: &Store, entries: u64, filling: Duration, bytes: u64) {
    println!(
        "{name}, {entries} entries ({} MB, filled in {} s), {ROUNDS} times each:",
        bytes >> 20,
        filling.as_secs()
    );
    println!("{:46} {:>9} {:>9}", "", "median", "95 %");
    let all = Filter::from(Owner::EVERYBODY);
    let rare = Filter { pair: Some(fill::RARE_PAIR.to_owned()), ..all.clone() };
    let middle = Timestamp::from_millisecond(fill::time(entries / 2)).unwrap();
    let dates = Filter { until: Some(middle), ..all.clone() };
    let both = Filter { until: Some(middle), ..rare.clone() };
    for (what, filter) in [
        ("list", &all),
        ("list, one pair of 1000", &rare),
        ("list, dates", &dates),
        ("list, pair and dates", &both),
    ] {
        time(&format!("{what}: newest page"), async |_| {
            assert!(!store.page(filter.clone(), Position::Newest).await.unwrap().entries.is_empty());
        })
        .await;
        time(&format!("{what}: a page deep inside"), async |round| {
            let place = Position::Before(deep(entries, round));
            assert!(!store.page(filter.clone(), place).await.unwrap().entries.is_empty());
        })
        .await;
    }
    time("languages to choose from", async |_| {
        assert_eq!(store.pairs(Owner::EVERYBODY).await.unwrap().len(), 2);
    })
    .await;
    for (what, filter, query, hits) in [
        ("no hit", &all, "nirgends".to_owned(), 0..=0),
        ("one hit", &all, format!("\"{}\"", fill::word(7, entries / 3)), 1..=20),
        ("a word that a thousandth have", &all, format!("\"{}\"", fill::word(3, 1)), 20..=20),
        ("a word that all have", &all, format!("\"{}\"", fill::word(0, 0)), 20..=20),
        ("the beginning of a word", &all, fill::word(5, 77), 1..=20),
        ("a beginning that all have", &all, fill::word(0, 0), 20..=20),
        (
            "two words that many have",
            &all,
            format!("\"{}\" \"{}\"", fill::word(1, 1), fill::word(2, 1)),
            20..=20,
        ),
        (
            "a phrase of frequent words",
            &all,
            format!("\"{} {}\"", fill::word(0, 0), fill::word(1, 1)),
            20..=20,
        ),
        ("a frequent word in one pair of 1000", &rare, format!("\"{}\"", fill::word(1, 0)), 1..=20),
        ("a frequent word, dates", &dates, format!("\"{}\"", fill::word(1, 1)), 20..=20),
    ] {
        let query = Query::parse(&query).unwrap();
        time(&format!("search: {what}"), async |_| {
            let found = store.search(filter, query.clone(), None).await.unwrap();
            assert!(hits.contains(&found.hits.len()) && !found.broken_off, "{} hits", found.hits.len());
        })
        .await;
    }
    let frequent = Query::parse(&format!("\"{}\"", fill::word(0, 0))).unwrap();
    time("search: a word that all have, deep inside", async |round| {
        let found = store.search(&all, frequent.clone(), Some(deep(entries, round))).await.unwrap();
        assert_eq!(found.hits.len(), 20);
    })
    .await;
    let apart = Query::parse(&format!("\"{}\" \"{}\"", fill::word(1, 0), fill::word(1, 1))).unwrap();
    let began = Instant::now();
    let found = store.search(&all, apart, None).await.unwrap();
    let looked = if found.broken_off { "broken off, to go on from there" } else { "to the end" };
    println!(
        "{:46} {:>9}           {looked}",
        "search: frequent words that never meet, once",
        shown(began.elapsed())
    );
    for megabytes in [0, 1, 20] {
        store_text(store, megabytes).await;
    }
    println!();
}

/// How long it takes until a long text is stored, and until it is found.
async fn store_text(store: &Store, megabytes: usize) {
    let bytes = (megabytes << 20).max(200);
    let mut text = String::with_capacity(bytes + 32);
    let mut number = 1_u64;
    while text.len() < bytes {
        // as many different words as a text of this length would have, some often and most rarely
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let words = 1 << (number >> 60 | 4).min(18);
        write!(text, "wort{} ", (number >> 20) % words).unwrap();
    }
    let translation = Translation {
        id: Uuid::now_v7(),
        owner: Owner::EVERYBODY,
        source_language: "de".to_owned(),
        target_language: "en".to_owned(),
        target_text: text.clone(),
        source_text: text,
        alignment: None,
        model: "bench".to_owned(),
        created_at: Timestamp::now(),
        duration_ms: 1,
        detected: None,
    };
    let began = Instant::now();
    store.insert(&translation).await.unwrap();
    let stored = began.elapsed();
    let began = Instant::now();
    while store.index_some().await.unwrap() {}
    let indexed = began.elapsed();
    let began = Instant::now();
    assert!(store.delete(translation.id, Owner::EVERYBODY).await.unwrap());
    let size = if megabytes == 0 { "200 bytes".to_owned() } else { format!("{megabytes} MB") };
    println!(
        "a text of {size} and as long a translation: stored in {}, found after {}, deleted in {}",
        shown(stored),
        shown(indexed),
        shown(began.elapsed())
    );
}

/// A place somewhere in the older half.
fn deep(entries: u64, round: u32) -> Cursor {
    let number = entries / 4 + u64::from(round) * 7919 % (entries / 4);
    let cursor = format!("{}.{}", fill::time(number) * 1000, Uuid::from_u128(fill::id(number)).simple());
    cursor.parse().unwrap()
}

async fn time(what: &str, run: impl AsyncFn(u32)) {
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let began = Instant::now();
        run(round).await;
        times.push(began.elapsed());
    }
    times.sort_unstable();
    let (median, most) = (times[times.len() / 2], times[times.len() * 95 / 100]);
    println!("{what:46} {:>9} {:>9}", shown(median), shown(most));
}

fn shown(time: Duration) -> String {
    match time.as_micros() {
        micros @ 0..100_000 => format!("{}.{} ms", micros / 1000, micros % 1000 / 100),
        micros => format!("{} ms", micros / 1000),
    }
}
