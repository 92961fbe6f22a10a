//! `unlimited`: the whole system in one process, and translation on the command line.

mod arguments;
mod serve;
mod translate;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        None => serve::run(arguments.serve, &arguments.model).await,
        Some(Command::Translate { text, quiet }) => translate::run(&text, quiet, &arguments.model).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // for people: causes in one line, no backtrace
            eprintln!("unlimited: {error:#}");
            ExitCode::FAILURE
        }
    }
}
