//! The backend service: HTTP, a queue and batching around an [`Engine`](engine::Engine).
//!
//! A request takes a [`Place`] in the [`Scheduler`], which cuts its text into sentences as they are needed, lets
//! worker threads translate them together with those of other requests, and hands them back in order. [`App`] puts
//! HTTP around it; the command line uses the scheduler alone.

mod answer;
mod app;
mod config;
mod detect;
mod error;
mod metrics;
mod plan;
mod queue;
mod registry;
mod request;
mod routes;
mod scheduler;
mod sentences;
mod worker;

pub use app::{App, BuildError, RunError};
pub use config::Config;
pub use registry::{Candidate, Loader, NoRoute, Registry, Route};
pub use scheduler::{AdmitError, Place, Scheduler};
pub use sentences::{Sentence, Sentences, TranslateError, Whole};
