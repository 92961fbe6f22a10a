//! The frontend as its visitors meet it: the real router on a real port, a fake backend behind it, SQLite, and
//! MySQL where it matters.

#![expect(clippy::unwrap_used, reason = "a step that fails, fails the test")]

mod failures;
mod file_faults;
mod files;
mod form;
mod glossary;
mod helpers;
mod history;
mod import;
mod jobs;
mod languages;
mod live;
mod outbox;
mod owners;
mod security;
mod settings;
mod sql;
