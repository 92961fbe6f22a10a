use std::collections::BTreeSet;

use clap::{Args as _, Command, CommandFactory as _};
use service::telemetry;

use super::*;

#[test]
fn the_command_line_is_consistent() {
    Arguments::command().debug_assert();
}

#[test]
fn what_is_for_files_is_refused_with_a_text() {
    for flag in [&["--output", "x.txt"][..], &["--join-lines"]] {
        let refused = |rest: &[&str]| {
            let line = [&["unlimited", "translate"], flag, rest].concat();
            Arguments::try_parse_from(line).is_err()
        };
        assert!(refused(&["Hallo"]) && refused(&[]) && !refused(&["--file", "brief.txt"]), "{flag:?}");
    }
}

/// A line of the README's table: program, variable, default.
type Setting = (String, String, String);

fn settings(program: &str, command: &Command) -> BTreeSet<Setting> {
    let setting = |argument: &clap::Arg| {
        let variable = argument.get_env()?.to_str()?.to_owned();
        let flag = argument.get_long()?;
        assert_eq!(flag, variable.to_lowercase().replace('_', "-"), "the README says that they are the same");
        let default =
            argument.get_default_values().first().map_or("", |value| value.to_str().expect("it is text"));
        Some((program.to_owned(), variable, default.to_owned()))
    };
    command.get_arguments().filter_map(setting).collect()
}

#[test]
fn the_readme_lists_every_setting_with_its_default() {
    let with_logs = |command| telemetry::Options::augment_args(command);
    let mut expected = settings("unlimited", &Arguments::command());
    expected.extend(settings("backend", &with_logs(backend::Config::augment_args(Command::new("")))));
    expected.extend(settings("frontend", &with_logs(frontend::Config::augment_args(Command::new("")))));
    let readme = include_str!("../../../../README.md");
    let row = |line: &str| -> Option<Setting> {
        let mut cells =
            line.strip_prefix("| `")?.split('|').map(|cell| cell.trim().trim_matches('`').to_owned());
        let (variable, program, default) = (cells.next()?, cells.next()?, cells.next()?);
        ["unlimited", "backend", "frontend"]
            .contains(&program.as_str())
            .then_some((program, variable, default))
    };
    let listed: BTreeSet<Setting> = readme.lines().filter_map(row).collect();
    assert_eq!(listed, expected);
}
