//! A history of many entries, made by the databases themselves. Each entry has a word of each of eight groups, in which
//! a word stands in all texts, or in one of 3, 10, 1000 and so on; and its translation has as many others.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, MySqlConnection};

/// How many words the groups have.
const GROUPS: [u64; 8] = [1, 3, 10, 1000, 3000, 30_000, 100_000, u32::MAX as u64];
/// A pair of languages that one entry of a thousand has.
pub(crate) const RARE_PAIR: &str = "fr en";
/// When the first entry was made, and how much later each of the others, in milliseconds.
const BEGAN: i64 = 1_700_000_000_000;
const EVERY: i64 = 30_000;
/// Entries that one statement makes.
const AT_ONCE: u64 = 100_000;

/// The time of an entry in milliseconds.
pub(crate) fn time(number: u64) -> i64 {
    BEGAN + number as i64 * EVERY
}

/// The id of an entry.
pub(crate) fn id(number: u64) -> u128 {
    (time(number) as u128) << 80 | u128::from(number)
}

/// The word of a group that an entry has.
pub(crate) fn word(group: usize, number: u64) -> String {
    format!("wort{group}x{}", number % GROUPS[group])
}

/// What both databases call the same.
struct Dialect {
    /// Concatenates.
    words: fn(&[String]) -> String,
    id: &'static str,
    time: &'static str,
}

const SQLITE: Dialect = Dialect {
    words: |parts| parts.join(" || "),
    id: "unhex(printf('%012x%020x', 1700000000000 + n * 30000, n))",
    time: "(1700000000000 + n * 30000) * 1000",
};

const MYSQL: Dialect = Dialect {
    words: |parts| format!("CONCAT({})", parts.join(", ")),
    id: "UNHEX(CONCAT(LPAD(HEX(1700000000000 + n * 30000), 12, '0'), LPAD(HEX(n), 20, '0')))",
    time: "TIMESTAMP '1970-01-01 00:00:00' + INTERVAL (1700000000000 + n * 30000) * 1000 MICROSECOND",
};

impl Dialect {
    fn entries(&self) -> String {
        let texts = ["wort", "word"].map(|stem| {
            let words = GROUPS.iter().enumerate();
            let parts = words.flat_map(|(group, words)| {
                [format!("'{stem}{group}x'"), format!("(n % {words})"), "' '".to_owned()]
            });
            (self.words)(&parts.collect::<Vec<_>>())
        });
        format!(
            "INSERT INTO translations (id, source_language, target_language, source_text, target_text, model,
                                       created_at, duration_ms)
             SELECT {}, CASE WHEN n % 1000 = 0 THEN 'fr' ELSE 'de' END, 'en', {}, {}, 'bench', {}, 100
             FROM numbers WHERE n >= ? AND n < ?",
            self.id, texts[0], texts[1], self.time
        )
    }

    fn words(&self) -> Vec<String> {
        let mut statements = Vec::new();
        let insert = |word: &str, place: usize, order: &str| {
            format!(
                "INSERT INTO words (owner, word, id, place)
                 SELECT x'00000000000000000000000000000000', {word}, {}, {place} FROM numbers
                 WHERE n >= ? AND n < ? ORDER BY {order}",
                self.id
            )
        };
        let pair = "CASE WHEN n % 1000 = 0 THEN 'fr en' ELSE 'de en' END";
        statements.push(insert(pair, 0, "n % 1000 = 0, n"));
        for (side, stem) in ["wort", "word"].into_iter().enumerate() {
            for (group, words) in GROUPS.iter().enumerate() {
                let word = (self.words)(&[format!("'{stem}{group}x'"), format!("(n % {words})")]);
                statements.push(insert(&word, group * 20 + side, &format!("{word}, n")));
            }
        }
        statements
    }
}

const NUMBERS: &str = "INSERT INTO numbers (n)
    WITH RECURSIVE digits AS (SELECT 0 AS d UNION ALL SELECT d + 1 FROM digits WHERE d < 9)
    SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d + 1000000 * h.d
    FROM digits AS a, digits AS b, digits AS c, digits AS e, digits AS f, digits AS g, digits AS h
    WHERE a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d + 1000000 * h.d < ?";

/// Runs every statement over all numbers, a part after the other.
macro_rules! fill {
    ($connection:expr, $dialect:expr, $entries:expr) => {
        let connection = $connection;
        sqlx::query("CREATE TABLE numbers (n INTEGER NOT NULL PRIMARY KEY)")
            .execute(&mut *connection)
            .await
            .unwrap();
        sqlx::query(NUMBERS).bind($entries as i64).execute(&mut *connection).await.unwrap();
        for statement in std::iter::once($dialect.entries()).chain($dialect.words()) {
            for first in (0..$entries).step_by(AT_ONCE as usize) {
                let part = sqlx::query(AssertSqlSafe(statement.clone()));
                let part = part.bind(first as i64).bind((first + AT_ONCE) as i64);
                part.execute(&mut *connection).await.unwrap();
            }
        }
        // their words are written down already
        sqlx::query("DELETE FROM unindexed").execute(&mut *connection).await.unwrap();
        sqlx::query("DROP TABLE numbers").execute(&mut *connection).await.unwrap();
    };
}

pub(crate) async fn sqlite(file: &Path, entries: u64) {
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection =
        options.pragma("synchronous", "OFF").pragma("cache_size", "-500000").connect().await.unwrap();
    fill!(&mut connection, SQLITE, entries);
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await.unwrap();
}

/// Returns how many bytes it takes.
pub(crate) async fn mysql(connection: &mut MySqlConnection, entries: u64) -> u64 {
    fill!(&mut *connection, MYSQL, entries);
    sqlx::raw_sql("ANALYZE TABLE translations, words").execute(&mut *connection).await.unwrap();
    let size = "SELECT CAST(SUM(data_length + index_length) AS UNSIGNED) FROM information_schema.tables
                WHERE table_schema = DATABASE()";
    sqlx::query_scalar(size).fetch_one(&mut *connection).await.unwrap()
}
