//! The commands of `model`, the same in every program that has them.

use std::io::{self, Write as _};

use clap::{Args, Subcommand};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use crate::{Error, Hub, Installed, Manifest, ModelName, Revision, Served, State, Store, pull};

/// What can be done with models.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Fetches a published model, or goes on fetching it; checks every file
    Pull {
        /// Name on the hub, such as Helsinki-NLP/opus-mt-de-en or just opus-mt-de-en
        name: ModelName,
        /// Branch, tag or commit
        #[arg(long, default_value_t)]
        revision: Revision,
        /// Where models are fetched from.
        #[command(flatten)]
        hub: HubOptions,
    },
    /// Lists the models that are here
    List,
    /// Removes a model that was pulled
    Remove {
        /// Its name, as the list has it
        name: String,
    },
    /// Checks the files of pulled models against what was pulled, without a network
    Verify {
        /// Names, as the list has them [default: all that were pulled]
        names: Vec<String>,
    },
}

/// Where models are fetched from. Proxies are taken from the usual variables, such as `HTTPS_PROXY`.
#[derive(Args, Clone, Debug)]
pub struct HubOptions {
    /// Address of the hub, or of a mirror of it
    #[arg(long, env, default_value = "https://huggingface.co", value_name = "URL")]
    pub hf_endpoint: String,
}

impl Command {
    /// Does it, and says so on standard output.
    pub async fn run(self, store: &Store) -> anyhow::Result<()> {
        match self {
            Self::Pull { name, revision, hub } => pull_model(store, &name, &revision, &hub).await,
            Self::List => list(store),
            Self::Remove { name } => {
                let model = store.remove(&name)?;
                say(&format!("{} is removed; {} are free again", model.name, HumanBytes(model.bytes)))
            }
            Self::Verify { names } => verify(store, &names),
        }
    }
}

async fn pull_model(
    store: &Store,
    name: &ModelName,
    revision: &Revision,
    hub: &HubOptions,
) -> anyhow::Result<()> {
    let hub = Hub::new(&hub.hf_endpoint)?;
    let progress = progress_bar();
    let pulled = pull(&hub, store, name, revision, &progress).await;
    progress.finish_and_clear();
    let pulled = pulled?;
    let (folder, commit) = (pulled.folder.display(), &pulled.manifest.revision);
    let converted =
        if pulled.manifest.converted_from.is_some() { ", converted from PyTorch's format" } else { "" };
    let done = if pulled.was_there { "was there already" } else { "is pulled" };
    say(&format!("{name} {done}: {folder}, revision {commit}{converted}"))
}

/// Hidden unless standard error is a terminal.
fn progress_bar() -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg:<23} {bar:30} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left")
            .expect("the template is well formed");
    ProgressBar::new(0).with_style(style)
}

fn list(store: &Store) -> anyhow::Result<()> {
    let models = store.list()?;
    if models.is_empty() {
        return say(&format!("There are no models in {}", store.folder().display()));
    }
    let mut rows = vec![["NAME", "PAIR", "SIZE", "REVISION", "STATE"].map(str::to_owned)];
    rows.extend(models.iter().map(row));
    let widths: [usize; 4] =
        std::array::from_fn(|at| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0));
    for [name, pair, size, revision, state] in rows {
        let [a, b, c, d] = widths;
        say(&format!("{name:a$}  {pair:b$}  {size:>c$}  {revision:d$}  {state}"))?;
    }
    Ok(())
}

fn row(model: &Installed) -> [String; 5] {
    let more = model.pairs.len().saturating_sub(1);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let pair =
        model.pairs.first().map(|Served { pair, .. }| format!("{}-{}{more}", pair.source, pair.target));
    let revision = model.revision.as_deref().map(|commit| commit.get(..12).unwrap_or(commit).to_owned());
    let state = match &model.state {
        State::Complete => "complete".to_owned(),
        State::ByHand => "put there by hand".to_owned(),
        State::Interrupted => "interrupted; pull it again to go on, or remove it".to_owned(),
        State::Broken(fault) => format!("broken: {fault}"),
    };
    let dash = || "-".to_owned();
    let size = HumanBytes(model.bytes).to_string();
    [model.name.clone(), pair.unwrap_or_else(dash), size, revision.unwrap_or_else(dash), state]
}

fn verify(store: &Store, names: &[String]) -> anyhow::Result<()> {
    let models = if names.is_empty() {
        store.list()?
    } else {
        names.iter().map(|name| store.find(name)).collect::<Result<_, _>>()?
    };
    let mut damaged = 0;
    for model in &models {
        match verify_one(model, names.is_empty())? {
            None => {}
            Some(faults) if faults.is_empty() => {
                say(&format!("{}: every file is as it was pulled", model.name))?;
            }
            Some(faults) => {
                damaged += 1;
                say(&format!("{}: {}", model.name, faults.join("; ")))?;
            }
        }
    }
    if damaged > 0 { Err(Error::Damaged(damaged).into()) } else { Ok(()) }
}

/// What is wrong with a model; `None` for one that cannot be verified and that nobody asked for by name.
fn verify_one(model: &Installed, may_skip: bool) -> Result<Option<Vec<String>>, Error> {
    match (&model.state, Manifest::read(&model.folder)?) {
        (State::Interrupted, _) => Ok(Some(vec!["its pull was interrupted".to_owned()])),
        (_, Some(manifest)) => Ok(Some(manifest.faults(&model.folder))),
        (_, None) if may_skip => Ok(None),
        (_, None) => Err(Error::NotPulled(model.name.clone())),
    }
}

fn say(line: &str) -> anyhow::Result<()> {
    Ok(writeln!(io::stdout(), "{line}")?)
}
