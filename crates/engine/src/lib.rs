//! Machine translation as a library: text in, text out. No HTTP, no async runtime, no threads of its own.
//!
//! A text is split into sentences ([`segment`]), sentences into tokens, tokens go through the model, and what comes
//! out is joined to text again ([`Translator`]).

mod capitals;
mod check;
mod decode;
mod error;
mod files;
mod glossary;
mod mapped;
mod math;
mod model;
#[cfg(test)]
mod parity;
mod protect;
mod request;
pub mod segment;
mod tokenizer;
mod translator;

#[cfg(test)]
#[path = "../tests/support/random.rs"]
mod random;

pub use error::LoadError;
pub use glossary::{Glossary, TermError};
pub use math::linear::Precision;
pub use request::{Alternative, Doubt, Link, MAX_ALTERNATIVES, Request, RequestOptions, Translation};
pub use translator::{DEFAULT_BEAMS, Options, Translator};

/// What a model is and which pair it serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelInfo {
    /// Its name, such as `starter-de-en`.
    pub name: String,
    /// Source language, a BCP 47 code.
    pub source: String,
    /// Target language, likewise.
    pub target: String,
    /// True for the model that comes with the engine.
    pub starter: bool,
}

/// Whatever translates sentences: the real [`Translator`] or a test's stand-in.
///
/// Calls are synchronous and use the calling thread alone; several threads may call at once.
pub trait Engine: Send + Sync + 'static {
    /// The model in use.
    fn info(&self) -> &ModelInfo;

    /// Translates sentences, which share the work but never influence one another.
    /// Returns one translation a request, in order.
    fn translate_batch(&self, requests: &[Request<'_>]) -> Vec<Translation>;
}
