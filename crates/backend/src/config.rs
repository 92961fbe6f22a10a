//! What an operator can set.

use std::{
    net::{Ipv4Addr, SocketAddr},
    num::NonZero,
    path::PathBuf,
    thread,
};

use clap::builder::{OsStringValueParser, TypedValueParser as _};

/// Flags and environment variables of the backend.
#[derive(Clone, Debug, clap::Args)]
pub struct Config {
    /// Address to listen on
    #[arg(long, env, default_value = "0.0.0.0:8000", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,

    /// Folder of a model that is preferred to all others, in the layout of the published OPUS-MT models
    // a variable may be there and empty
    #[arg(long, env, value_name = "FOLDER", value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub model_dir: Option<PathBuf>,

    /// Folder of models, one folder each, as `model pull` makes it
    #[arg(long, env, global = true, value_name = "FOLDER", value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub models_dir: Option<PathBuf>,

    /// Memory for models, in megabytes (of 1,048,576 bytes); beyond it, those unused for the longest time are dropped
    #[arg(long, env, default_value = "1024", value_name = "NUMBER")]
    pub model_memory_mb: NonZero<usize>,

    /// Number of threads that translate [default: one per core]
    #[arg(long, env, value_name = "NUMBER")]
    pub threads: Option<NonZero<usize>>,

    /// File of terms that have one translation, a line such as `Vertrag = agreement`, or a word alone to keep
    #[arg(long, env, value_name = "FILE", value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub glossary_file: Option<PathBuf>,

    /// Number of requests that are worked on at once; more are told to come back later
    #[arg(long, env, default_value = "64", value_name = "NUMBER")]
    pub max_requests: NonZero<usize>,

    /// Largest request body, in megabytes (of 1,048,576 bytes)
    #[arg(long, env, default_value = "64", value_name = "NUMBER")]
    pub max_body_mb: NonZero<usize>,
}

impl Config {
    /// `threads`, or else as many as there are cores for this process.
    pub fn threads(&self) -> NonZero<usize> {
        self.threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZero::<usize>::MIN)
    }

    /// `model_memory_mb` in bytes.
    pub(crate) fn model_memory_bytes(&self) -> u64 {
        (self.model_memory_mb.get() as u64).saturating_mul(1 << 20)
    }

    /// `max_body_mb` in bytes.
    pub(crate) fn max_body_bytes(&self) -> usize {
        self.max_body_mb.get().saturating_mul(1 << 20)
    }
}

/// As the flags' defaults, but on any free port of loopback.
impl Default for Config {
    fn default() -> Self {
        const MANY: NonZero<usize> = NonZero::new(64).expect("it is 64");
        const MEMORY: NonZero<usize> = NonZero::new(1024).expect("it is 1024");
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            model_dir: None,
            models_dir: None,
            model_memory_mb: MEMORY,
            threads: None,
            glossary_file: None,
            max_requests: MANY,
            max_body_mb: MANY,
        }
    }
}
