//! What is kept beside a pulled model: where it comes from and what its files must be, so that they can be checked
//! later without a network.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::checksum::sha256;
use crate::{Error, Hub, ModelName};

/// Its name in the folder of the model.
pub(crate) const FILE: &str = "manifest.json";

/// Where a model comes from and what it consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The model's name on the hub, such as `Helsinki-NLP/opus-mt-de-en`.
    pub name: String,
    /// The commit it was pulled at.
    pub revision: String,
    /// The hub it was pulled from.
    pub hub: String,
    /// The file from which `model.safetensors` was made, if it was not on the hub itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub converted_from: Option<FileRecord>,
    /// Every file in the folder but this one.
    pub files: Vec<FileRecord>,
}

/// What a file must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its name.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    /// Of its bytes, in hexadecimal digits.
    pub sha256: String,
}

impl FileRecord {
    /// The record of a file as it is now.
    pub(crate) fn of(folder: &Path, path: &str) -> Result<Self, Error> {
        let file = folder.join(path);
        let record = || {
            let size = fs::metadata(&file)?.len();
            Ok(Self { path: path.to_owned(), size, sha256: sha256(&file)? })
        };
        record().map_err(|error| Error::io(&file, error))
    }

    /// What is wrong with the file by its length alone.
    fn obvious_fault(&self, folder: &Path) -> Option<String> {
        match fs::metadata(folder.join(&self.path)) {
            Ok(metadata) if metadata.len() == self.size => None,
            Ok(metadata) => {
                Some(format!("{} has {} bytes; it must have {}", self.path, metadata.len(), self.size))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Some(format!("{} is missing", self.path))
            }
            Err(error) => Some(format!("{} cannot be read: {error}", self.path)),
        }
    }

    fn fault(&self, folder: &Path) -> Option<String> {
        self.obvious_fault(folder).or_else(|| match sha256(&folder.join(&self.path)) {
            Ok(sha256) if sha256 == self.sha256 => None,
            Ok(_) => Some(format!("{} was changed: its checksum differs", self.path)),
            Err(error) => Some(format!("{} cannot be read: {error}", self.path)),
        })
    }
}

impl Manifest {
    pub(crate) fn new(hub: &Hub, name: &ModelName, revision: String) -> Self {
        Self { name: name.to_string(), revision, hub: hub.address(), converted_from: None, files: Vec::new() }
    }

    /// That of the model in `folder`; `None` if it was not pulled.
    pub fn read(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map(Some).map_err(|error| Error::io(&path, error.into()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io(&path, error)),
        }
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(FILE);
        let text = serde_json::to_string_pretty(self).expect("a manifest is JSON");
        fs::write(&path, text + "\n").map_err(|error| Error::io(&path, error))
    }

    /// What is wrong with the files in `folder`, a phrase each; reads all of them.
    pub(crate) fn faults(&self, folder: &Path) -> Vec<String> {
        self.files.iter().filter_map(|file| file.fault(folder)).collect()
    }

    /// The first thing that is wrong as far as it shows without reading the files.
    pub(crate) fn obvious_fault(&self, folder: &Path) -> Option<String> {
        self.files.iter().find_map(|file| file.obvious_fault(folder))
    }
}
