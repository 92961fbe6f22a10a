//! The command line.

use std::net::SocketAddr;
use std::num::NonZero;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use frontend::History;
use service::telemetry::LogFormat;

use crate::folders;

/// Translates German to English on this computer, texts of any length.
///
/// Without a command it serves the page, with its history in an SQLite file, until it is interrupted.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = false)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) serve: Serve,
    #[command(flatten)]
    pub(crate) engine: EngineOptions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Translates a text, a document, or standard input to standard output, line by line
    Translate(Translate),
    /// Fetches, lists, verifies and removes models
    #[command(subcommand)]
    Model(models::Command),
}

/// What is translated on the command line.
#[derive(Args, Debug)]
pub(crate) struct Translate {
    /// The text; without one, standard input is read
    pub(crate) text: Vec<String>,

    /// A document, which is written again in the same format: .txt, .md, .html, .srt, .vtt, .po, .docx, .odt, .epub
    #[arg(long, short, value_name = "FILE", conflicts_with = "text")]
    pub(crate) file: Option<PathBuf>,

    /// Where the translated document goes; - is standard output [default: brief.en.docx for brief.docx]
    #[arg(long, short, value_name = "FILE", requires = "file", conflicts_with = "text")]
    pub(crate) output: Option<PathBuf>,

    /// In a .txt, takes a single line break for a blank, as in texts wrapped at a fixed width
    #[arg(long, requires = "file", conflicts_with = "text")]
    pub(crate) join_lines: bool,

    /// Language of the text
    #[arg(long, default_value = "de", value_name = "CODE")]
    pub(crate) source: String,

    /// Language to translate into
    #[arg(long, default_value = "en", value_name = "CODE")]
    pub(crate) target: String,

    /// Nothing on standard error but errors: no progress, no word on the model
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// What matters when serving.
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Address and port of the page
    #[arg(long, env, default_value = "127.0.0.1:5000", value_name = "ADDRESS:PORT")]
    pub(crate) listen: SocketAddr,

    /// Folder for the history and everything else that is written [default: unlimited, in your data folder]
    #[arg(long, env, value_name = "FOLDER", value_parser = service::secret::path)]
    pub(crate) data_dir: Option<PathBuf>,

    /// Who sees which history: `shared`, all see everything; `own`, each browser sees its own
    #[arg(long, env, value_enum, default_value = "shared")]
    pub(crate) history: History,

    /// Serves a page on which everyone who can open it asks the history by SQL; it cannot be changed there
    #[arg(long, env)]
    pub(crate) sql_page: bool,

    /// What is logged: a level, or pairs such as `warn,backend=debug`
    #[arg(long, env, default_value = "warn", value_name = "FILTER")]
    pub(crate) log: String,

    /// How log lines are written
    #[arg(long, env, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
}

/// What translates.
#[derive(Args, Debug)]
pub(crate) struct EngineOptions {
    /// Folder of a model that is preferred to all others, in the layout of the published OPUS-MT models
    #[arg(long, env, global = true, value_name = "FOLDER", value_parser = service::secret::path)]
    pub(crate) model_dir: Option<PathBuf>,

    /// Folder of models, where they are pulled to [default: unlimited/models, in your data folder]
    #[arg(long, env, global = true, value_name = "FOLDER", value_parser = service::secret::path)]
    pub(crate) models_dir: Option<PathBuf>,

    /// Memory for models, in megabytes (of 1,048,576 bytes); beyond it, those unused for the longest time are dropped
    #[arg(long, env, global = true, default_value = "1024", value_name = "NUMBER")]
    pub(crate) model_memory_mb: NonZero<usize>,

    /// File of terms that have one translation, a line such as `Vertrag = agreement`, or a word alone to keep
    #[arg(long, env, global = true, value_name = "FILE", value_parser = service::secret::path)]
    pub(crate) glossary_file: Option<PathBuf>,

    /// Number of threads that translate [default: one per core]
    #[arg(long, env, global = true, value_name = "NUMBER")]
    pub(crate) threads: Option<NonZero<usize>>,
}

impl EngineOptions {
    /// The configuration of a backend with this model, on a free port of loopback.
    pub(crate) fn backend(&self) -> anyhow::Result<backend::Config> {
        Ok(backend::Config {
            model_dir: self.model_dir.clone(),
            models_dir: Some(folders::models_dir(self.models_dir.clone())?),
            model_memory_mb: self.model_memory_mb,
            threads: self.threads,
            glossary_file: self.glossary_file.clone(),
            ..backend::Config::default()
        })
    }
}

#[cfg(test)]
mod tests;
