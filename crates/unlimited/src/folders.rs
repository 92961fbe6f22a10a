//! Where things are kept unless the flags say otherwise.

use std::path::PathBuf;

use anyhow::Context as _;
use etcetera::BaseStrategy as _;

/// The folder of models; it need not exist.
pub(crate) fn models_dir(given: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    given_or(given, "models", "models-dir", "models")
}

/// The folder of the history; it is made if need be.
pub(crate) fn data_dir(given: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let folder = given_or(given, "the history", "data-dir", "")?;
    std::fs::create_dir_all(&folder).with_context(|| {
        format!("cannot make the folder {}; name another by --data-dir", folder.display())
    })?;
    Ok(folder)
}

fn given_or(given: Option<PathBuf>, what: &str, flag: &str, below: &str) -> anyhow::Result<PathBuf> {
    // an empty variable counts as unset
    if let Some(folder) = given.filter(|folder| !folder.as_os_str().is_empty()) {
        return Ok(folder);
    }
    let home = etcetera::choose_base_strategy()
        .with_context(|| format!("there is no home folder to keep {what} in; name a folder by --{flag}"))?;
    let folder = home.data_dir().join("unlimited");
    Ok(if below.is_empty() { folder } else { folder.join(below) })
}
