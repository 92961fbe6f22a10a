//! One contract for both databases: every function of `contract` runs against SQLite and against a real MySQL server
//! (`TEST_MYSQL_URL`). What only one of them has follows below.

#![expect(clippy::unwrap_used, reason = "a step that fails, fails the test")]

mod contract;
mod files;
mod jobs;
mod search;

use frontend::store::{MySqlAccess, Owner, Position, Query, Store, StoreError};
use sqlx::{ConnectOptions as _, Connection as _};
use testkit::backend::ClosedPort;
use testkit::mysql::Database;
use uuid::Uuid;

macro_rules! contract {
    ($($name:ident),+ $(,)?) => { on_both! { contract, sqlite, mysql, $($name),+ } };
}

macro_rules! job_contract {
    ($($name:ident),+ $(,)?) => { on_both! { jobs, jobs_sqlite, jobs_mysql, $($name),+ } };
}

macro_rules! search_contract {
    ($($name:ident),+ $(,)?) => { on_both! { search, search_sqlite, search_mysql, $($name),+ } };
}

macro_rules! file_contract {
    ($($name:ident),+ $(,)?) => { on_both! { files, files_sqlite, files_mysql, $($name),+ } };
}

/// A test of each function of a module for each database.
macro_rules! on_both {
    ($module:ident, $sqlite:ident, $mysql:ident, $($name:ident),+) => {
        mod $sqlite {
            $(#[tokio::test]
            async fn $name() {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("new/folder/translations.sqlite");
                let store = frontend::store::Store::sqlite(&file).await.unwrap();
                super::$module::$name(&store).await;
            })+
        }

        mod $mysql {
            $(#[tokio::test]
            async fn $name() {
                let database = testkit::mysql::Database::create().await;
                let store = frontend::store::Store::mysql(&super::access(&database));
                super::$module::$name(&store).await;
                store.close().await;
            })+
        }
    };
}

contract! {
    an_entry_comes_back_as_it_was,
    an_unknown_id_is_none,
    inserting_again_changes_nothing,
    excerpts_count_characters,
    an_empty_history_is_an_empty_page,
    walking_down_and_up_meets_every_entry_once,
    texts_of_33_megabytes_are_kept,
    a_ping_is_answered,
    every_owner_has_a_history_of_their_own,
}

search_contract! {
    words_are_found_in_both_texts_however_they_are_written,
    all_words_and_phrases_must_be_there,
    hits_are_walked_newest_first_and_each_once,
    common_beginnings_are_looked_for_as_whole_words,
    words_that_never_meet_are_told_apart_in_many_texts,
    a_search_that_is_broken_off_goes_on_where_it_stopped,
    lists_and_searches_keep_to_languages_and_dates,
    owners_find_what_is_theirs,
    excerpts_are_taken_from_where_words_are_found,
    what_is_deleted_is_found_no_more,
    nothing_that_is_typed_is_an_error,
    units_replace_each_other_and_belong_to_their_owner,
}

job_contract! {
    a_job_becomes_a_translation_piece_by_piece,
    a_claim_keeps_others_away_until_it_runs_out,
    owners_with_little_under_way_come_first,
    cancelled_and_failed_jobs_go_on_when_they_are_resumed,
    others_cannot_touch_a_job,
    a_job_is_deleted_with_its_text,
    sentences_are_remembered_once,
    a_job_of_20_megabytes_is_joined_in_the_database,
}

file_contract! {
    a_file_stays_with_its_job_and_its_translation,
    a_file_is_deleted_with_its_job_or_its_translation,
    only_whoever_has_the_claim_writes_the_translation,
    deleting_everything_deletes_the_files_of_that_owner,
    a_file_of_33_megabytes_comes_back_to_the_byte,
}

fn access(database: &Database) -> MySqlAccess {
    MySqlAccess {
        host: database.host.clone(),
        port: database.port,
        database: database.name.clone(),
        user: database.user.clone().into(),
        password: database.password.clone().into(),
    }
}

#[tokio::test]
async fn an_sqlite_file_can_be_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("translations.sqlite");
    let store = Store::sqlite(&file).await.unwrap();
    let translation = contract::translation("Hallo", "Hello");
    store.insert(&translation).await.unwrap();
    store.close().await;
    let store = Store::sqlite(&file).await.unwrap();
    assert_eq!(store.get(translation.id).await.unwrap(), Some(translation));
}

#[tokio::test]
async fn an_sqlite_file_of_the_first_version_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("translations.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut old = options.connect().await.unwrap();
    sqlx::raw_sql(include_str!("../../src/store/sqlite/0001_translations.sql"))
        .execute(&mut old)
        .await
        .unwrap();
    sqlx::raw_sql(
        "INSERT INTO translations (id, source_language, target_language, model, created_at, duration_ms, source_text,
                                   target_text)
         VALUES (x'0190b0c8f1d27a8c9d3a5b6c7d8e9f00', 'de', 'en', 'old', 1700000000000000, 5, 'Hallo', 'Hello')",
    )
    .execute(&mut old)
    .await
    .unwrap();
    old.close().await.unwrap();
    for _ in 0..2 {
        let store = Store::sqlite(&file).await.unwrap();
        let page = store.page(Owner::EVERYBODY, Position::Newest).await.unwrap();
        let kept = store.get(page.entries[0].id).await.unwrap().unwrap();
        assert_eq!((kept.target_text.as_str(), kept.alignment), ("Hello", None));
        while store.index_some().await.unwrap() {}
        let query = Query::parse("hello").unwrap();
        assert_eq!(store.search(&Owner::EVERYBODY.into(), query, None).await.unwrap().hits.len(), 1);
        store.close().await;
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let blocker = folder.path().join("file");
    std::fs::write(&blocker, "").unwrap();
    let error = Store::sqlite(&blocker.join("translations.sqlite")).await.unwrap_err();
    assert!(error.to_string().contains("File exists"), "{error}");
}

#[tokio::test]
async fn the_mysql_schema_can_be_loaded_again_over_entries() {
    let database = Database::create().await;
    let store = Store::mysql(&access(&database));
    let translation = contract::translation("Hallo", "Hello");
    store.insert(&translation).await.unwrap();
    database.load_schema().await;
    assert_eq!(store.get(translation.id).await.unwrap(), Some(translation));
}

#[tokio::test]
async fn an_absent_mysql_server_is_unavailable_within_seconds() {
    let port = ClosedPort::take();
    let store = Store::mysql(&MySqlAccess {
        host: "127.0.0.1".to_owned(),
        port: port.address().port(),
        database: "translation".to_owned(),
        user: "unlimited".to_owned().into(),
        password: "secret".to_owned().into(),
    });
    let error = store.insert(&contract::translation("Hallo", "Hello")).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
}

#[tokio::test]
async fn a_refused_login_says_what_to_do_and_not_who_tried() {
    let database = Database::create().await;
    let store = Store::mysql(&MySqlAccess { password: "wrong".to_owned().into(), ..access(&database) });
    let error = store.ping().await.unwrap_err();
    let message = error.to_string();
    assert!(error.is_transient() && message.contains("error 1045"), "{message}");
    assert!(message.contains("DB_PASSWORD") && !message.contains(&database.user), "{message}");
}

#[tokio::test]
async fn a_missing_mysql_table_is_unavailable_with_a_hint() {
    let database = Database::create().await;
    sqlx::query("DROP TABLE unindexed, translations").execute(&mut database.connect().await).await.unwrap();
    let store = Store::mysql(&access(&database));
    let error = store.insert(&contract::translation("Hallo", "Hello")).await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("load mysql-dump/*.sql"), "{error}");
}

#[tokio::test]
async fn a_text_above_the_packet_limit_of_mysql_is_refused_for_good() {
    let database = Database::create().await;
    let store = Store::mysql(&access(&database));
    let query = sqlx::query_scalar("SELECT @@max_allowed_packet");
    let limit: u64 = query.fetch_one(&mut database.connect().await).await.unwrap();
    let translation = contract::translation(&"a".repeat(limit as usize), "b");
    let error = store.insert(&translation).await.unwrap_err();
    assert!(matches!(error, StoreError::TooLarge { .. }) && !error.is_transient(), "{error}");
    assert_eq!(store.get(translation.id).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_deleted_is_gone_from_the_sqlite_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("translations.sqlite");
    let in_file = |text: &str| {
        std::fs::read(&file).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
    };
    for is_deleted in [false, true] {
        let store = Store::sqlite(&file).await.unwrap();
        store.insert(&contract::translation(&"Quastenflosser ".repeat(1000), "Coelacanth")).await.unwrap();
        while is_deleted && store.delete_some(Owner::EVERYBODY).await.unwrap() {}
        store.close().await;
        assert_eq!((in_file("Quastenflosser"), in_file("Coelacanth")), (!is_deleted, !is_deleted));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_sqlite_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let store = Store::sqlite(&folder.path().join("translations.sqlite")).await.unwrap();
    store.insert(&contract::translation("Hallo", "Hello")).await.unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap()).collect();
    assert!(files.len() > 1, "there is a log beside it");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn words_of_deleted_translations_are_deleted_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("translations.sqlite");
    let store = Store::sqlite(&file).await.unwrap();
    let (owner, other) = (Owner(Uuid::now_v7()), Owner(Uuid::now_v7()));
    search::delete_in_every_way(&store, owner, other).await;
    let mut connection = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    let left: Vec<Uuid> =
        sqlx::query_scalar("SELECT owner FROM words").fetch_all(&mut connection).await.unwrap();
    assert_eq!(left, [other.0; 5]);
}

#[tokio::test]
async fn words_of_deleted_translations_are_deleted_on_mysql() {
    let database = Database::create().await;
    let store = Store::mysql(&access(&database));
    let (owner, other) = (Owner(Uuid::now_v7()), Owner(Uuid::now_v7()));
    search::delete_in_every_way(&store, owner, other).await;
    let left: Vec<Uuid> =
        sqlx::query_scalar("SELECT owner FROM words").fetch_all(&mut database.connect().await).await.unwrap();
    assert_eq!(left, [other.0; 5]);
}

#[tokio::test]
async fn what_an_old_mysql_database_holds_is_searched_once_it_is_brought_up_to_date() {
    let database = Database::create().await;
    let mut connection = database.connect().await;
    // as it was after 0002
    sqlx::raw_sql(
        "DROP TABLE unindexed, words, units; DROP TRIGGER translations_are_indexed;
         ALTER TABLE translations DROP COLUMN detected, DROP KEY translations_by_pair, DROP COLUMN pair;
         ALTER TABLE jobs DROP COLUMN detected;
         INSERT INTO translations (id, source_language, target_language, source_text, target_text, model, created_at,
                                   duration_ms)
         VALUES (0x0190b0c8f1d27a8c9d3a5b6c7d8e9f00, 'de', 'en', 'Käse', 'Cheese', 'old', '2023-11-14 22:13:20', 5)",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let store = Store::mysql(&access(&database));
    let query = Query::parse("kase").unwrap();
    for _ in 0..2 {
        database.load_schema().await;
        while store.index_some().await.unwrap() {}
        let found = store.search(&Owner::EVERYBODY.into(), query.clone(), None).await.unwrap();
        assert_eq!(found.hits[0].summary.target_excerpt, "Cheese");
    }
    let unindexed: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM unindexed").fetch_one(&mut connection).await.unwrap();
    assert_eq!(unindexed, 0, "loading the schema again has nothing indexed again");
}
