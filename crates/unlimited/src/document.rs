//! Translation of a document on the command line: the same format comes back.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use backend::{Route, Scheduler};
use engine::RequestOptions;
use indicatif::ProgressBar;
use markup::{Assembly, Document, Format, Languages, Link, Options, Translated};

use crate::arguments::{EngineOptions, Translate};
use crate::translate::{progress_bar, route};

/// Translates the document `file` and writes it where it is asked to, or beside it with the language in its name.
pub(crate) async fn run(file: &Path, asked: &Translate, engine: &EngineOptions) -> anyhow::Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let format = Format::from_file_name(&name)?;
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let options = Options { join_wrapped_lines: asked.join_lines, ..Options::default() };
    let document = Document::parse(format, bytes, &options).with_context(|| file.display().to_string())?;
    let config = engine.backend()?;
    let route = route(&config, asked).await?;
    let languages = Languages::new(asked.source.clone(), asked.target.clone());
    // before the work, not after it
    let output = match &asked.output {
        Some(output) => output.clone(),
        None => beside(file, &name, &languages)?,
    };
    let scheduler = Scheduler::start(config.threads(), config.max_requests)?;
    let translations = translate(&scheduler, route, &document, asked.quiet).await?;
    let written = document.render(&translations, &languages)?;
    if output == Path::new("-") {
        std::io::stdout().write_all(&written).context("cannot write to standard output")
    } else {
        std::fs::write(&output, written).with_context(|| format!("cannot write {}", output.display()))
    }
}

/// The name of the translation beside its source, if nothing has it yet.
fn beside(file: &Path, name: &str, languages: &Languages) -> anyhow::Result<PathBuf> {
    let output = file.with_file_name(languages.rename(name));
    if output.exists() {
        bail!("{} is there already; remove it, or name another file by --output", output.display());
    }
    Ok(output)
}

async fn translate(
    scheduler: &Scheduler,
    route: Route,
    document: &Document,
    quiet: bool,
) -> anyhow::Result<Vec<Translated>> {
    let mut assembly = Assembly::new(document.texts());
    let text: Arc<str> = assembly.text().into();
    let progress = if quiet { ProgressBar::hidden() } else { progress_bar(text.len()) };
    let options = RequestOptions { alignment: true, ..RequestOptions::default() };
    let mut sentences = scheduler.admit()?.translate(route, text, options);
    while let Some(sentence) = sentences.next().await? {
        let links = sentence.translation.alignment.into_iter();
        let links: Vec<_> = links.map(|link| Link { source: link.source, target: link.target }).collect();
        progress.set_position(sentence.source.end as u64);
        assembly.push(sentence.source, &sentence.translation.text, &links);
    }
    progress.finish_and_clear();
    Ok(assembly.finish())
}
