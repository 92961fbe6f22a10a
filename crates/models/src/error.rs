//! What can go wrong with models.

use std::io;
use std::path::{Path, PathBuf};

/// Why a model could not be fetched, checked or removed. Messages are for people and say what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be the name of a model.
    #[error("`{0}` is not the name of a model; one is Helsinki-NLP/opus-mt-de-en")]
    Name(String),
    /// It cannot be a revision.
    #[error("`{0}` is not a revision; give a branch, a tag or a commit")]
    Revision(String),
    /// There is no such hub.
    #[error("`{0}` is not the address of a hub; one is https://huggingface.co")]
    HubAddress(String),
    /// Nobody answers, or not to the end.
    #[error(
        "cannot reach {hub}: {reason}. If this machine has no network, pull the model on another and copy its folder; \
         if it is behind a proxy, set HTTPS_PROXY; a mirror is named by HF_ENDPOINT"
    )]
    Unreachable {
        /// Who.
        hub: String,
        /// What happened.
        reason: String,
    },
    /// The hub knows no such model.
    #[error("{hub} has no model {name}, or shows it to nobody without a login; check the name there")]
    UnknownModel {
        /// Who says so.
        hub: String,
        /// The model.
        name: String,
    },
    /// The model has no such revision.
    #[error("{name} has no revision {revision} on {hub}")]
    UnknownRevision {
        /// Who says so.
        hub: String,
        /// The model.
        name: String,
        /// The revision.
        revision: String,
    },
    /// An answer that is no hub's.
    #[error("{hub} answered {answer} when asked for {what}; is it a hub, or a page of a proxy in between?")]
    Answer {
        /// Who.
        hub: String,
        /// What was asked for.
        what: String,
        /// What came.
        answer: String,
    },
    /// The model is of another kind.
    #[error("{name} has no {file} at {revision}, so it is no model for this engine; OPUS-MT models are")]
    MissingFile {
        /// The model.
        name: String,
        /// What it lacks.
        file: &'static str,
        /// The commit.
        revision: String,
    },
    /// The engine could not load it.
    #[error("{name} cannot be used: {fault}")]
    Unsupported {
        /// The model.
        name: String,
        /// Why.
        fault: String,
    },
    /// What came is not what the hub says it should be.
    #[error(
        "{file} is not what {hub} says it should be: its checksum differs. Nothing was kept of it; try again"
    )]
    Checksum {
        /// The file.
        file: String,
        /// Where it came from.
        hub: String,
    },
    /// PyTorch's weights cannot be converted.
    #[error("{}: {fault}", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: String,
    },
    /// The disk is full.
    #[error("there is no room left for {}; free some, or name another folder by --models-dir", path.display())]
    Full {
        /// What was being written.
        path: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("cannot read or write {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another program works on the folder.
    #[error("another program is changing {} just now; wait until it is done", .0.display())]
    Busy(PathBuf),
    /// There is no such model here.
    #[error("there is no model {name} in {}{}", folder.display(), others(present))]
    NotThere {
        /// The model.
        name: String,
        /// The folder of models.
        folder: PathBuf,
        /// The models that are there.
        present: Vec<String>,
    },
    /// A folder that was not fetched by us is not ours to change.
    #[error("{} was not pulled by this program, so it is left alone; remove it by hand if it is in the way", .0.display())]
    NotOurs(PathBuf),
    /// Two models would have the same folder.
    #[error("{} holds {present}; remove that first to have {wanted}", folder.display())]
    Taken {
        /// The folder.
        folder: PathBuf,
        /// What it holds.
        present: String,
        /// What was to be put there.
        wanted: String,
    },
    /// What it must be is known of pulled models alone.
    #[error("{0} was put there by hand, so nothing is known to verify it against")]
    NotPulled(String),
    /// Files differ from what was pulled.
    #[error("damaged: {0} of the models; pull again")]
    Damaged(usize),
}

impl Error {
    /// A failure of the file system, told apart by what can be done about it.
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::Io { path, source },
        }
    }
}

fn others(present: &[String]) -> String {
    if present.is_empty() {
        "; there is none at all".to_owned()
    } else {
        format!("; there are: {}", present.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_with_what_to_do() {
        let error = Error::io(Path::new("/models/x"), io::ErrorKind::StorageFull.into()).to_string();
        assert!(error.contains("no room left for /models/x") && error.contains("--models-dir"), "{error}");
    }
}
