//! The folder that has a folder for each model.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::languages::{Served, pairs_of};
use crate::{Error, Manifest, ModelName};

/// Files without which the engine cannot load a model.
pub(crate) const NEEDED: [&str; 5] =
    ["config.json", "tokenizer_config.json", "vocab.json", "source.spm", "model.safetensors"];

/// A folder of models.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// A model in the folder, or what is left of one.
#[derive(Clone, Debug)]
pub struct Installed {
    /// Its name on the hub, or that of its folder.
    pub name: String,
    /// Where its files are.
    pub folder: PathBuf,
    /// The commit it was pulled at.
    pub revision: Option<String>,
    /// What it translates; nothing if that cannot be told.
    pub pairs: Vec<Served>,
    /// What its files take.
    pub bytes: u64,
    /// Whether it can be used.
    pub state: State,
}

/// Whether a model can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It was pulled and has all its files.
    Complete,
    /// It was put there by hand, so that its files cannot be verified, and has all that are needed.
    ByHand,
    /// A pull of it was interrupted; pulling again goes on with it.
    Interrupted,
    /// Something is wrong with it.
    Broken(String),
}

impl State {
    /// Whether the model can be used.
    pub fn is_usable(&self) -> bool {
        matches!(self, Self::Complete | Self::ByHand)
    }
}

impl Store {
    /// The store in `folder`, which need not exist.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Every model, in the order of their folders. Files are looked at, but not verified.
    pub fn list(&self) -> Result<Vec<Installed>, Error> {
        let failed = |error| Error::io(&self.folder, error);
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut folders = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                folders.push(path);
            }
        }
        folders.sort();
        Ok(folders.into_iter().filter_map(installed).collect())
    }

    /// The model of that name, in full or of its folder.
    pub fn find(&self, name: &str) -> Result<Installed, Error> {
        let mut present = Vec::new();
        for model in self.list()? {
            if model.name == name || model.folder.file_name().is_some_and(|folder| folder == name) {
                return Ok(model);
            }
            present.push(model.name);
        }
        Err(Error::NotThere { name: name.to_owned(), folder: self.folder.clone(), present })
    }

    /// Removes a model that was pulled, or what an interrupted pull has left of it.
    pub fn remove(&self, name: &str) -> Result<Installed, Error> {
        let _lock = self.lock()?;
        let model = self.find(name)?;
        let ours = model.state == State::Interrupted || model.revision.is_some();
        if !ours || model.folder.is_symlink() {
            return Err(Error::NotOurs(model.folder));
        }
        fs::remove_dir_all(&model.folder).map_err(|error| Error::io(&model.folder, error))?;
        Ok(model)
    }

    /// Keeps other programs from changing the folder as long as the result lives. Makes the folder if need be.
    pub(crate) fn lock(&self) -> Result<File, Error> {
        fs::create_dir_all(&self.folder).map_err(|error| Error::io(&self.folder, error))?;
        let path = self.folder.join(".lock");
        let lock = File::create(&path).map_err(|error| Error::io(&path, error))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(Error::Busy(self.folder.clone())),
            Err(TryLockError::Error(error)) => Err(Error::io(&path, error)),
        }
    }

    /// Where a model belongs.
    pub(crate) fn target(&self, name: &ModelName) -> PathBuf {
        self.folder.join(name.folder())
    }

    /// Where it is put together.
    pub(crate) fn staging(&self, name: &ModelName) -> PathBuf {
        self.folder.join(format!(".{}.part", name.folder()))
    }

    /// Puts what was put together in the place of what was there.
    pub(crate) fn replace(&self, name: &ModelName) -> Result<(), Error> {
        let (staging, target, old) = (self.staging(name), self.target(name), self.old(name));
        let replace = || {
            if target.exists() {
                fs::rename(&target, &old)?;
            }
            fs::rename(&staging, &target)?;
            if old.exists() { fs::remove_dir_all(&old) } else { Ok(()) }
        };
        replace().map_err(|error| Error::io(&target, error))
    }

    /// Cleans up after a replacement that was cut short.
    pub(crate) fn recover(&self, name: &ModelName) -> Result<(), Error> {
        let (target, old) = (self.target(name), self.old(name));
        match (old.exists(), target.exists()) {
            (true, true) => fs::remove_dir_all(&old),
            (true, false) => fs::rename(&old, &target),
            (false, _) => Ok(()),
        }
        .map_err(|error| Error::io(&old, error))
    }

    fn old(&self, name: &ModelName) -> PathBuf {
        self.folder.join(format!(".{}.old", name.folder()))
    }
}

fn installed(folder: PathBuf) -> Option<Installed> {
    let file_name = folder.file_name()?.to_string_lossy().into_owned();
    let bytes = size(&folder);
    if let Some(hidden) = file_name.strip_prefix('.') {
        let name = hidden.strip_suffix(".part")?.to_owned();
        return Some(Installed {
            name,
            folder,
            revision: None,
            pairs: Vec::new(),
            bytes,
            state: State::Interrupted,
        });
    }
    let (name, revision, fault) = match Manifest::read(&folder) {
        Ok(Some(manifest)) => {
            let fault = manifest.obvious_fault(&folder);
            (manifest.name, Some(manifest.revision), fault)
        }
        Ok(None) => (file_name.clone(), None, None),
        Err(error) => (file_name.clone(), None, Some(error.to_string())),
    };
    let missing =
        || NEEDED.iter().find(|file| !folder.join(file).is_file()).map(|file| format!("{file} is missing"));
    let fault = fault.or_else(missing);
    let (pairs, fault) = match (pairs_of(&folder, &file_name), fault) {
        (Ok(pairs), fault) => (pairs, fault),
        (Err(other), fault) => (Vec::new(), Some(fault.unwrap_or(other))),
    };
    let state = match fault {
        Some(fault) => State::Broken(fault),
        None if revision.is_some() => State::Complete,
        None => State::ByHand,
    };
    Some(Installed { name, folder, revision, pairs, bytes, state })
}

/// What the files in a folder take.
fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}
