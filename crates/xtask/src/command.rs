//! Runs other programs in the repository's root: shown or silent, and ended when the user interrupts.

use std::{
    io::{BufRead, BufReader, Read, Write},
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

/// How often a running program is looked after.
const TICK: Duration = Duration::from_millis(50);

static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Makes Ctrl-C and SIGTERM end the running program instead of this one, so that what was started is cleaned up.
pub(crate) fn catch_interrupts() -> Result<()> {
    let flag = INTERRUPTED.get_or_init(Arc::default);
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, flag.clone()).context("catching signals")?;
    }
    Ok(())
}

fn interrupted() -> bool {
    INTERRUPTED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// An error after Ctrl-C or SIGTERM.
pub(crate) fn check_interrupt() -> Result<()> {
    if interrupted() {
        bail!("interrupted")
    }
    Ok(())
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/xtask is two folders below the root")
}

/// `program` with `arguments`, to be run in the repository's root.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// `docker` with `arguments`.
pub(crate) fn docker(arguments: &[&str]) -> Command {
    command("docker", arguments)
}

/// Prints a command and runs it with this program's input and output.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    show(command);
    let child = spawn(command)?;
    succeeded(command, wait(child, None)?)
}

/// Prints a command, runs it, passes its output on, and returns that output, too.
pub(crate) fn tee(command: &mut Command) -> Result<(ExitStatus, String)> {
    show(command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = spawn(command)?;
    let output = child.stdout.take().map(|pipe| thread::spawn(|| copy_lines(pipe, std::io::stdout())));
    let errors = child.stderr.take().map(|pipe| thread::spawn(|| copy_lines(pipe, std::io::stderr())));
    let status = wait(child, None)?;
    let text = [output, errors].into_iter().flatten().filter_map(|reader| reader.join().ok()).collect();
    Ok((status, text))
}

/// Runs a command without a word and returns its standard output without the last line's end.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("starting {}", name(command)))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("{} failed: {}", line(command), errors.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// As [`capture`], with `input` as standard input.
pub(crate) fn capture_with_input(command: &mut Command, input: &str) -> Result<String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("starting {}", name(command)))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends without reading all says why by its status.
        stdin.write_all(input.as_bytes()).ok();
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("{} failed: {}", line(command), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// Whether a command succeeds; nothing of its output is shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// As [`run`], but ends the program after `limit`.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    show(command);
    let child = spawn(command)?;
    succeeded(command, wait(child, Some(limit))?)
}

/// Prints a command as one would type it.
pub(crate) fn show(command: &Command) {
    let variables: Vec<String> = command
        .get_envs()
        // Values may be secrets.
        .filter_map(|(name, value)| value.map(|_| format!("{}=… ", name.to_string_lossy())))
        .collect();
    eprintln!("+ {}{}", variables.concat(), line(command));
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<String> = words
        .map(|word| word.to_string_lossy())
        .map(|word| if word.contains([' ', '\n']) { format!("'{word}'") } else { word.into_owned() })
        .collect();
    words.join(" ")
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() { Ok(()) } else { bail!("{} failed: {status}", line(command)) }
}

/// Starts a program as the leader of a process group, so that it can be ended together with what it started.
fn spawn(command: &mut Command) -> Result<Child> {
    command.process_group(0).spawn().with_context(|| format!("starting {}", name(command)))
}

fn wait(mut child: Child, limit: Option<Duration>) -> Result<ExitStatus> {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            check_interrupt()?;
            return Ok(status);
        }
        if interrupted() || limit.is_some_and(|limit| began.elapsed() >= limit) {
            end(&mut child)?;
            check_interrupt()?;
            bail!("it took longer than {} s", began.elapsed().as_secs());
        }
        thread::sleep(TICK);
    }
}

/// Ends a process group: politely, and after ten seconds for good.
fn end(child: &mut Child) -> Result<()> {
    let group = format!("-{}", child.id());
    succeeds(&mut command("kill", &["-TERM", "--", &group]));
    let began = Instant::now();
    while child.try_wait()?.is_none() {
        if began.elapsed() > Duration::from_secs(10) {
            succeeds(&mut command("kill", &["-KILL", "--", &group]));
        }
        thread::sleep(TICK);
    }
    Ok(())
}

fn copy_lines(from: impl Read, mut to: impl Write) -> String {
    let mut text = String::new();
    let mut reader = BufReader::new(from);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
        // Nobody may be reading this program's output any more; what was read still counts.
        to.write_all(&bytes).ok();
        text.push_str(&String::from_utf8_lossy(&bytes));
        bytes.clear();
    }
    text
}
