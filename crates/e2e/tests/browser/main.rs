//! The whole system in real Chromium: what people see and do.
//!
//! Every test has a program, a history and a browser of its own. None waits for a fixed time, only for conditions.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod barriers;
mod faults;
mod files;
mod history;
mod jobs;
mod keyboard;
mod layout;
mod loading;
mod looks;
mod plain;
mod sentences;
mod sql;
mod stage;
mod tools;
mod typing;
