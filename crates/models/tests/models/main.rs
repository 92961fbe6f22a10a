//! Models from a hub that imitates the real one, and their conversion.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod conversion;
mod pulling;
mod stored;
mod support;
