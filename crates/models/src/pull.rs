//! Fetches a published model: everything into a hidden folder beside its place, which it takes only when it is whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use serde::Deserialize;

use crate::convert::to_safetensors;
use crate::download::Download;
use crate::hub::HubFile;
use crate::languages::pairs_of;
use crate::manifest::{self, FileRecord};
use crate::{Error, Hub, Manifest, ModelName, Revision, Store};

/// Small files that every model has. They come first, because they show whether the weights are worth fetching.
const NEEDED: [&str; 4] = ["config.json", "tokenizer_config.json", "vocab.json", "source.spm"];
/// What is fetched as well if it is there; `README.md` has the licence.
const WANTED: [&str; 3] = ["generation_config.json", "target.spm", "README.md"];
const WEIGHTS: &str = "model.safetensors";
const PYTORCH_WEIGHTS: &str = "pytorch_model.bin";

/// What became of a pull.
#[derive(Clone, Debug)]
pub struct Pulled {
    /// Where the model is.
    pub folder: PathBuf,
    /// What it is.
    pub manifest: Manifest,
    /// True if it was there already, whole and of that revision.
    pub was_there: bool,
}

/// Pulls a model at a revision into a store. `progress` counts bytes.
pub async fn pull(
    hub: &Hub,
    store: &Store,
    name: &ModelName,
    revision: &Revision,
    progress: &ProgressBar,
) -> Result<Pulled, Error> {
    let _lock = store.lock()?;
    store.recover(name)?;
    let folder = store.target(name);
    let present = present(&folder, name)?;
    let commit = hub.commit(name, revision).await?;
    if let Some(manifest) = present.filter(|manifest| manifest.revision == commit) {
        let (manifest, faults) = blocking(&folder, move |folder| {
            let faults = manifest.faults(folder);
            Ok((manifest, faults))
        })
        .await?;
        if faults.is_empty() {
            return Ok(Pulled { folder, manifest, was_there: true });
        }
    }
    let staging = store.staging(name);
    fs::create_dir_all(&staging).map_err(|error| Error::io(&staging, error))?;
    let weights = fetch(hub, &staging, name, &commit, progress).await?;
    progress.set_message("checking");
    let manifest = Manifest::new(hub, name, commit);
    let manifest = blocking(&staging, move |staging| complete(staging, manifest, weights)).await?;
    store.replace(name)?;
    Ok(Pulled { folder, manifest, was_there: false })
}

/// What is in the model's place, which must be a pulled version of that very model.
fn present(folder: &Path, name: &ModelName) -> Result<Option<Manifest>, Error> {
    if !folder.exists() {
        return Ok(None);
    }
    let manifest = Manifest::read(folder)?.ok_or_else(|| Error::NotOurs(folder.to_owned()))?;
    if manifest.name == name.to_string() {
        Ok(Some(manifest))
    } else {
        Err(Error::Taken { folder: folder.to_owned(), present: manifest.name, wanted: name.to_string() })
    }
}

/// Fetches the files of a model; says which of them has the weights.
async fn fetch(
    hub: &Hub,
    staging: &Path,
    name: &ModelName,
    commit: &str,
    progress: &ProgressBar,
) -> Result<&'static str, Error> {
    let files = hub.files(name, commit).await?;
    let find = |path: &str| files.iter().find(|file| file.path == path);
    let needed = |path| {
        find(path).ok_or_else(|| Error::MissingFile {
            name: name.to_string(),
            file: path,
            revision: commit.to_owned(),
        })
    };
    let mut chosen: Vec<&HubFile> = NEEDED.into_iter().map(needed).collect::<Result<_, _>>()?;
    chosen.extend(WANTED.into_iter().filter_map(find));
    let weights = needed(if find(WEIGHTS).is_some() { WEIGHTS } else { PYTORCH_WEIGHTS })?;
    progress.set_length(chosen.iter().map(|file| file.size).sum::<u64>() + weights.size);
    let download = Download { hub, name, commit, folder: staging, progress };
    for file in chosen {
        download.fetch(file).await?;
    }
    check_kind(staging, name)?;
    download.fetch(weights).await?;
    Ok(if weights.path == WEIGHTS { WEIGHTS } else { PYTORCH_WEIGHTS })
}

/// Refuses models that the engine could not load, before their weights are fetched.
fn check_kind(staging: &Path, name: &ModelName) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Config {
        model_type: String,
    }
    let refused = |fault: String| Error::Unsupported { name: name.to_string(), fault };
    let path = staging.join("config.json");
    let config = fs::read(&path).map_err(|error| Error::io(&path, error))?;
    let config: Config =
        serde_json::from_slice(&config).map_err(|error| refused(format!("config.json: {error}")))?;
    if config.model_type != "marian" {
        return Err(refused(format!(
            "it is of the type `{}`, and only `marian` is known",
            config.model_type
        )));
    }
    pairs_of(staging, name.folder()).map(|_| ()).map_err(refused)
}

/// Converts the weights if need be, writes the manifest, and drops what belongs to no file of the model.
fn complete(staging: &Path, mut manifest: Manifest, weights: &str) -> Result<Manifest, Error> {
    if weights == PYTORCH_WEIGHTS {
        let source = staging.join(PYTORCH_WEIGHTS);
        manifest.converted_from = Some(FileRecord::of(staging, PYTORCH_WEIGHTS)?);
        to_safetensors(&source, &staging.join(WEIGHTS))?;
        fs::remove_file(&source).map_err(|error| Error::io(&source, error))?;
    }
    let known: BTreeSet<&str> = NEEDED.into_iter().chain(WANTED).chain([WEIGHTS]).collect();
    for entry in fs::read_dir(staging).map_err(|error| Error::io(staging, error))? {
        let path = entry.map_err(|error| Error::io(staging, error))?.path();
        let file = path.file_name().and_then(|file| file.to_str()).unwrap_or_default();
        if known.contains(file) {
            manifest.files.push(FileRecord::of(staging, file)?);
        } else if file != manifest::FILE {
            fs::remove_file(&path).map_err(|error| Error::io(&path, error))?;
        }
    }
    manifest.files.sort_by(|a, b| a.path.cmp(&b.path));
    manifest.write(staging)?;
    Ok(manifest)
}

/// Runs what reads whole files where it holds up nobody.
async fn blocking<T: Send + 'static>(
    folder: &Path,
    work: impl FnOnce(&Path) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let path = folder.to_owned();
    let done = tokio::task::spawn_blocking(move || work(&path)).await;
    done.unwrap_or_else(|error| Err(Error::io(folder, std::io::Error::other(error))))
}
