//! `unlimited`: the whole system in one process, and translation on the command line.

mod arguments;
mod document;
mod folders;
mod model;
mod serve;
mod translate;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        None => serve::run(arguments.serve, &arguments.engine).await,
        Some(Command::Translate(translate)) => match &translate.file {
            None => translate::run(&translate, &arguments.engine).await,
            Some(file) => document::run(file, &translate, &arguments.engine).await,
        },
        Some(Command::Model(command)) => model::run(command, arguments.engine.models_dir).await,
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
