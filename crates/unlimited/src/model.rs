//! Models on the command line.

use std::path::PathBuf;

use models::{Command, Store};

use crate::folders;

/// Does what the command says in the folder of models.
pub(crate) async fn run(command: Command, models_dir: Option<PathBuf>) -> anyhow::Result<()> {
    command.run(&Store::new(folders::models_dir(models_dir)?)).await
}
