//! What tests need in place of what is costly, slow or cannot be made to fail. For tests only.

pub mod backend;
pub mod engine;
pub mod hub;
pub mod mysql;
