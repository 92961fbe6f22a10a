//! What passed and what failed: counted per step, shown as a table.

use std::time::Duration;

use anyhow::Result;

/// Numbers of passed and failed tests or checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// How many passed.
    pub(crate) passed: usize,
    /// How many failed.
    pub(crate) failed: usize,
}

impl Tally {
    /// One check that passed.
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0 };
    /// One check that failed.
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1 };

    /// Both together.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// How a step went.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It ran to its end.
    Done(Tally),
    /// It did not run, for this reason.
    NotRun(String),
}

/// The steps that were done, in order.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<(String, Outcome, Duration)>,
}

impl Report {
    /// Adds a step; one that broke off counts as one failure.
    pub(crate) fn add(&mut self, step: String, result: Result<Outcome>, took: Duration) {
        let outcome = result.unwrap_or_else(|error| {
            eprintln!("{step}: {error:#}");
            Outcome::Done(Tally::FAILED)
        });
        self.rows.push((step, outcome, took));
    }

    /// All steps' numbers.
    pub(crate) fn total(&self) -> Tally {
        self.rows.iter().fold(Tally::default(), |total, (_, outcome, _)| match outcome {
            Outcome::Done(tally) => total.plus(*tally),
            Outcome::NotRun(_) => total,
        })
    }

    /// Prints the table and, as the last line, the sum.
    pub(crate) fn print(&self) {
        println!();
        for (step, outcome, took) in &self.rows {
            let result = match outcome {
                Outcome::Done(Tally { passed, failed }) => format!("{passed} passed, {failed} failed"),
                Outcome::NotRun(reason) => format!("not run: {reason}"),
            };
            println!("{step:<10} {:>6.1} s  {result}", took.as_secs_f32());
        }
        let Tally { passed, failed } = self.total();
        println!("{passed} passed, {failed} failed");
    }
}

/// The numbers in the output of `cargo nextest run` or `cargo test`; none if no summary is found.
pub(crate) fn test_results(output: &str) -> Option<Tally> {
    output
        .lines()
        .filter_map(|line| nextest_summary(line).or_else(|| libtest_summary(line)))
        .reduce(Tally::plus)
}

/// `Summary [ 0.1s] 5 tests run: 3 passed, 1 failed, 1 timed out, 0 skipped`
fn nextest_summary(line: &str) -> Option<Tally> {
    let (count, results) =
        line.trim_start().strip_prefix("Summary [")?.split_once(']')?.1.split_once(" run: ")?;
    // After an interrupt it reads `2/5 tests`.
    let run: usize = count.split_whitespace().next()?.split('/').next_back()?.parse().ok()?;
    let passed = number_before(results, "passed").unwrap_or(0);
    Some(Tally { passed, failed: run.checked_sub(passed)? })
}

/// `test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out`
fn libtest_summary(line: &str) -> Option<Tally> {
    let results = line.strip_prefix("test result: ")?;
    Some(Tally { passed: number_before(results, "passed")?, failed: number_before(results, "failed")? })
}

fn number_before(text: &str, word: &str) -> Option<usize> {
    text.split_once(&format!(" {word}"))?.0.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_counts_what_did_not_pass_as_failed() {
        let line =
            "     Summary [   0.104s] 5 tests run: 3 passed (1 slow), 1 failed, 1 timed out, 2 skipped";
        assert_eq!(test_results(line), Some(Tally { passed: 3, failed: 2 }));
    }

    #[test]
    fn an_interrupted_run_counts_the_tests_that_never_ran_as_failed() {
        let line = "     Summary [   0.104s] 2/5 tests run: 2 passed, 0 skipped";
        assert_eq!(test_results(line), Some(Tally { passed: 2, failed: 3 }));
    }

    #[test]
    fn results_of_several_test_binaries_are_added_up() {
        let output =
            "test result: ok. 3 passed; 0 failed; 0 ignored\n\ntest result: FAILED. 1 passed; 2 failed;\n";
        assert_eq!(test_results(output), Some(Tally { passed: 4, failed: 2 }));
    }

    #[test]
    fn output_without_a_summary_has_no_results() {
        assert_eq!(test_results("error: could not compile `api`"), None);
    }
}
