//! What can be wrong with a model folder.

use std::path::PathBuf;

/// Why a model could not be loaded. Every message names the file and its fault.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file of the model is missing or cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file of the model is not of its format, or contradicts another.
    #[error("{}: {fault}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: String,
    },
}

impl LoadError {
    pub(crate) fn invalid(path: impl Into<PathBuf>, fault: impl std::fmt::Display) -> Self {
        Self::Invalid { path: path.into(), fault: fault.to_string() }
    }
}
