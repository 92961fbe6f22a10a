//! The quality of a model as the engine runs it: BLEU and chrF on evaluation sets.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;

use crate::{
    bench,
    command::{command, root, run},
};

/// The word for the model that comes with the engine.
const STARTER: &str = "starter";

/// What to score.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Folder of the model, or `starter` for the one that comes with the engine
    model: PathBuf,

    /// Folder of the evaluation sets: in it a folder for each, with `*.source.de` and `*.reference.en`
    evaluation: PathBuf,

    /// Names of the sets [default: all in the folder]
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,

    /// Hypotheses that beam search keeps
    #[arg(long, default_value_t = 4)]
    beams: usize,

    /// Numbers to calculate with
    #[arg(long, value_enum, default_value_t = Precision::Int8)]
    precision: Precision,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Precision {
    /// Eight-bit integers, as the services do
    Int8,
    /// As the model was trained
    F32,
}

/// Translates the sets with the engine and scores them with sacreBLEU, which is installed under `target/score`.
pub(crate) fn score(options: &Options) -> Result<()> {
    let model = match options.model.to_str() {
        Some(STARTER) => root().join(bench::MODEL),
        _ => here(&options.model)?,
    };
    let evaluation = here(&options.evaluation)?;
    let python = bench::python("target/score/venv", &["sacrebleu==2.6.0"])?;
    let program = bench::example("speed")?;
    let precision = options.precision.to_possible_value().context("every precision has a name")?;
    let name = model.file_name().context("the name of the model's folder")?.display();
    let out = root().join(format!("target/score/{name}-{}-beams-{}", precision.get_name(), options.beams));
    let mut script = command(&python, &["crates/engine/training/score.py", &program]);
    script.arg(model).arg(options.beams.to_string()).arg(precision.get_name()).arg(out).arg(evaluation);
    run(script.args(&options.sets))
}

/// A folder as the user named it, from wherever that was; the script runs in the repository's root.
fn here(folder: &Path) -> Result<PathBuf> {
    if !folder.is_dir() {
        bail!("{} is no folder", folder.display());
    }
    folder.canonicalize().with_context(|| format!("finding {}", folder.display()))
}
