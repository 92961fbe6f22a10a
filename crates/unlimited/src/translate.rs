//! Translation on the command line.

use std::io::{IsTerminal as _, Read as _, Write};
use std::sync::Arc;

use anyhow::Context as _;
use api::STARTER_MODEL;
use backend::Scheduler;
use engine::Engine as _;
use engine::RequestOptions;
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::EngineOptions;

/// Translates `text`, or standard input if there is none, and writes the result as it comes.
pub(crate) async fn run(text: &[String], quiet: bool, engine: &EngineOptions) -> anyhow::Result<()> {
    let from_arguments = !text.is_empty();
    let text = if from_arguments { text.join(" ") + "\n" } else { read_input(quiet)? };
    let config = engine.backend();
    let engine = load_engine(&config, quiet)?;
    let scheduler = Scheduler::start(Arc::new(engine), config.threads(), config.max_requests)?;
    let progress = if from_arguments || quiet { ProgressBar::hidden() } else { progress_bar(text.len()) };
    let mut out = std::io::BufWriter::new(std::io::stdout());
    match translate(&scheduler, text.into(), &mut out, &progress).await {
        // whoever reads has had enough, `head` for one
        Err(error) if is_broken_pipe(&error) => Ok(()),
        result => result,
    }
}

/// Loads the model. If it is the starter model, standard error says so, unless `quiet`.
pub(crate) fn load_engine(config: &backend::Config, quiet: bool) -> anyhow::Result<engine::Translator> {
    let engine = config.load_engine().context("cannot load the model")?;
    if engine.info().starter && !quiet {
        eprintln!("{STARTER_MODEL}");
    }
    Ok(engine)
}

async fn translate(
    scheduler: &Scheduler,
    text: Arc<str>,
    out: &mut impl Write,
    progress: &ProgressBar,
) -> anyhow::Result<()> {
    let place = scheduler.admit()?;
    let mut sentences = place.translate(Arc::clone(&text), RequestOptions::default());
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
        eprintln!("Type or paste German text; end it with Ctrl+D.");
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
