//! The developer's commands: `cargo xtask test`, `arm`, `stack`, `bench`, `screenshots`, `score` and `fuzz`.
#![expect(clippy::print_stdout, reason = "the report is what this program is for")]

mod arm;
mod bench;
mod browser;
mod command;
mod fuzz;
mod images;
mod mysql;
mod report;
mod score;
mod stack;
mod test;
mod tools;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The developer's commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Check and test everything
    Test(test::Options),
    /// Test the engine for 64-bit ARM, run by QEMU as processors with and without the newer instructions
    Arm,
    /// Run the Swarm stack on this machine
    #[command(subcommand)]
    Stack(Stack),
    /// Measure the engine beside others, and the pages
    Bench {
        /// What to measure [default: everything]
        #[command(subcommand)]
        what: Option<Bench>,
    },
    /// Make the README's pictures of the page
    Screenshots,
    /// Score a model as the engine runs it: BLEU and chrF on evaluation sets
    Score(score::Options),
    /// Feed what reads untrusted input with what libFuzzer thinks up
    Fuzz(fuzz::Options),
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// The engine beside CTranslate2, ONNX Runtime and transformers, on the same work
    Engine,
    /// Pages and searches of a long history, on both databases
    Web(bench::WebOptions),
}

#[derive(Debug, Subcommand)]
enum Stack {
    /// Build the images and start or update the stack: deploy/up
    Up {
        /// Overlays of stack.yml, such as deploy/ingress.yml
        overlays: Vec<PathBuf>,
    },
    /// Stop the stack; translations and secrets stay: deploy/down
    Down {
        /// Delete the translations and the secrets, too
        #[arg(long)]
        purge: bool,
    },
    /// Test the images and a stack of its own, on a real swarm
    Test,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything passed.
fn run(task: Task) -> Result<bool> {
    command::catch_interrupts()?;
    match task {
        Task::Test(options) => test::run_steps(&options),
        Task::Arm => arm::arm().map(|()| true),
        Task::Bench { what: Some(Bench::Engine) } => bench::engine().map(|()| true),
        Task::Bench { what: Some(Bench::Web(options)) } => bench::web(&options).map(|()| true),
        Task::Bench { what: None } => {
            bench::engine()?;
            bench::web(&bench::WebOptions::default()).map(|()| true)
        }
        Task::Screenshots => browser::screenshots().map(|()| true),
        Task::Score(options) => score::score(&options).map(|()| true),
        Task::Fuzz(options) => fuzz::fuzz(&options),
        Task::Stack(Stack::Up { overlays }) => stack::up(&overlays).map(|()| true),
        Task::Stack(Stack::Down { purge }) => stack::down(purge).map(|()| true),
        Task::Stack(Stack::Test) => {
            let tally = stack::test()?;
            println!("{} passed, {} failed", tally.passed, tally.failed);
            Ok(tally.failed == 0)
        }
    }
}
