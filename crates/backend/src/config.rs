//! What an operator can set.

use std::{
    net::{Ipv4Addr, SocketAddr},
    num::NonZero,
    path::PathBuf,
    thread,
};

use clap::builder::{OsStringValueParser, TypedValueParser as _};
use engine::{LoadError, Translator};

/// Flags and environment variables of the backend.
#[derive(Clone, Debug, clap::Args)]
pub struct Config {
    /// Address to listen on
    #[arg(long, env, default_value = "0.0.0.0:8000", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,

    /// Folder of the model, in the layout of the published OPUS-MT models [default: the starter model]
    // an image without a model of its own has the variable, empty
    #[arg(long, env, value_name = "FOLDER", value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub model_dir: Option<PathBuf>,

    /// Number of threads that translate [default: one per core]
    #[arg(long, env, value_name = "NUMBER")]
    pub threads: Option<NonZero<usize>>,

    /// Number of requests that are worked on at once; more are told to come back later
    #[arg(long, env, default_value = "64", value_name = "NUMBER")]
    pub max_requests: NonZero<usize>,

    /// Largest request body, in megabytes (of 1,048,576 bytes)
    #[arg(long, env, default_value = "64", value_name = "NUMBER")]
    pub max_body_mb: NonZero<usize>,
}

impl Config {
    /// Loads the model in `model_dir`, or the starter model if that is unset or empty.
    pub fn load_engine(&self) -> Result<Translator, LoadError> {
        match &self.model_dir {
            Some(folder) if !folder.as_os_str().is_empty() => {
                Translator::load(folder, engine::Options::default())
            }
            _ => Translator::starter(engine::Options::default()),
        }
    }

    /// `threads`, or else as many as there are cores for this process.
    pub fn threads(&self) -> NonZero<usize> {
        self.threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZero::<usize>::MIN)
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
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            model_dir: None,
            threads: None,
            max_requests: MANY,
            max_body_mb: MANY,
        }
    }
}
