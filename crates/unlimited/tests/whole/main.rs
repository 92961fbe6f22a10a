//! The program as a user runs it: the real binary, the starter model, an SQLite file.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod command_line;
mod documents;
mod models;
mod serving;
