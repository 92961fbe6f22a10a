//! Translation on the command line.

use std::io::{IsTerminal as _, Read as _, Write};
use std::sync::Arc;

use anyhow::Context as _;
use api::STARTER_MODEL;
use backend::{Registry, Route, Scheduler};
use engine::RequestOptions;
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::{EngineOptions, Translate};

/// Translates the text, or standard input if there is none, and writes the result as it comes.
pub(crate) async fn run(translate: &Translate, engine: &EngineOptions) -> anyhow::Result<()> {
    let quiet = translate.quiet;
    let from_arguments = !translate.text.is_empty();
    let config = engine.backend()?;
    let route = route(&config, translate).await?;
    let text = if from_arguments { translate.text.join(" ") + "\n" } else { read_input(quiet)? };
    let scheduler = Scheduler::start(config.threads(), config.max_requests)?;
    let progress = if from_arguments || quiet { ProgressBar::hidden() } else { progress_bar(text.len()) };
    let mut out = std::io::BufWriter::new(std::io::stdout());
    match write(&scheduler, route, text.into(), &mut out, &progress).await {
        // whoever reads has had enough, `head` for one
        Err(error) if is_broken_pipe(&error) => Ok(()),
        result => result,
    }
}

/// Loads what translates. If it is the starter model, standard error says so, unless it is to be quiet.
pub(crate) async fn route(config: &backend::Config, translate: &Translate) -> anyhow::Result<Route> {
    let registry = Registry::discover(config).context("cannot load the model")?;
    let route = registry.route(&translate.source, &translate.target).await?;
    if route.model().starter && !translate.quiet {
        eprintln!("{STARTER_MODEL}");
    }
    Ok(route)
}

async fn write(
    scheduler: &Scheduler,
    route: Route,
    text: Arc<str>,
    out: &mut impl Write,
    progress: &ProgressBar,
) -> anyhow::Result<()> {
    let place = scheduler.admit()?;
    let mut sentences = place.translate(route, Arc::clone(&text), RequestOptions::default());
    let mut copied = 0;
    while let Some(sentence) = sentences.next().await? {
        out.write_all(text[copied..sentence.source.start].as_bytes())?;
        out.write_all(sentence.translation.text.as_bytes())?;
        copied = sentence.source.end;
        progress.set_position(copied as u64);
    }
    out.write_all(text[copied..].as_bytes())?;
    out.flush()?;
    progress.finish_and_clear();
    Ok(())
}

fn read_input(quiet: bool) -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() && !quiet {
        eprintln!("Type or paste the text; end it with Ctrl+D.");
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to() + 1;
        anyhow::anyhow!(
            "standard input is not UTF-8 (byte {at}); convert it, for example by `iconv -t UTF-8`"
        )
    })?;
    Ok(text)
}

/// Hidden unless standard error is a terminal.
pub(crate) fn progress_bar(bytes: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {bytes}/{total_bytes}  {eta} left")
        .expect("the template is well formed");
    ProgressBar::new(bytes as u64).with_style(style)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
