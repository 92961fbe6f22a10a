//! The files of a model, wherever they lie: in a folder or within the program.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::LoadError;

/// The model that comes with the engine.
const STARTER: &[(&str, &[u8])] = &[
    ("config.json", include_bytes!("../models/starter-de-en/config.json")),
    ("generation_config.json", include_bytes!("../models/starter-de-en/generation_config.json")),
    ("model.safetensors", include_bytes!("../models/starter-de-en/model.safetensors")),
    ("source.spm", include_bytes!("../models/starter-de-en/source.spm")),
    ("tokenizer_config.json", include_bytes!("../models/starter-de-en/tokenizer_config.json")),
    ("vocab.json", include_bytes!("../models/starter-de-en/vocab.json")),
];

/// Where the files of a model come from.
#[derive(Clone, Debug)]
pub(crate) enum ModelFiles {
    /// The starter model, within the program.
    Starter,
    /// A folder.
    Folder(PathBuf),
}

/// An open file.
pub(crate) enum ModelFile {
    Embedded(&'static [u8]),
    OnDisk { file: File, len: u64, path: PathBuf },
}

impl ModelFiles {
    /// The name by which messages call a file.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        match self {
            Self::Starter => Path::new("starter-de-en").join(name),
            Self::Folder(folder) => folder.join(name),
        }
    }

    pub(crate) fn open(&self, name: &str) -> Result<ModelFile, LoadError> {
        let path = self.path(name);
        match self {
            Self::Starter => STARTER
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, bytes)| ModelFile::Embedded(bytes))
                .ok_or_else(|| LoadError::Read { path, source: std::io::ErrorKind::NotFound.into() }),
            Self::Folder(_) => {
                let open = || {
                    let file = File::open(&path)?;
                    let len = file.metadata()?.len();
                    Ok((file, len))
                };
                match open() {
                    Ok((file, len)) => Ok(ModelFile::OnDisk { file, len, path }),
                    Err(source) => Err(LoadError::Read { path, source }),
                }
            }
        }
    }

    /// A small file as a whole.
    pub(crate) fn read(&self, name: &str) -> Result<Cow<'static, [u8]>, LoadError> {
        let mut file = self.open(name)?;
        let len = file.len();
        file.read(0, len)
    }

    /// A small file as a whole, or nothing if there is none.
    pub(crate) fn read_if_there(&self, name: &str) -> Result<Option<Cow<'static, [u8]>>, LoadError> {
        match self.read(name) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(LoadError::Read { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(other) => Err(other),
        }
    }
}

impl ModelFile {
    /// Length in bytes.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Embedded(bytes) => bytes.len() as u64,
            Self::OnDisk { len, .. } => *len,
        }
    }

    /// `len` bytes from `offset` on; a weights file is read tensor by tensor so that it is never in memory twice.
    pub(crate) fn read(&mut self, offset: u64, len: u64) -> Result<Cow<'static, [u8]>, LoadError> {
        match self {
            Self::Embedded(bytes) => {
                let (start, end) = (offset as usize, (offset + len) as usize);
                Ok(Cow::Borrowed(bytes.get(start..end).expect("offsets were checked against the length")))
            }
            Self::OnDisk { file, path, .. } => {
                let mut bytes = Vec::with_capacity(len as usize);
                let read = file
                    .seek(SeekFrom::Start(offset))
                    .and_then(|_| file.take(len).read_to_end(&mut bytes))
                    .map_err(|source| LoadError::Read { path: path.clone(), source })?;
                if (read as u64) < len {
                    return Err(LoadError::invalid(&*path, "the file became shorter while it was read"));
                }
                Ok(Cow::Owned(bytes))
            }
        }
    }
}
