//! Translates tokens and says how long it took and how much memory: `cargo xtask bench engine` compares other engines
//! with it.
//!
//! `tokens MODEL_FOLDER BEAMS BATCH THREADS LIMIT`, then for every line of standard input, which names a file of a row
//! of token numbers a line, a line of JSON: the seconds it took, the number of tokens that came out, and the most memory
//! that the process had so far.

use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use engine::{Options, Precision, Translator};
use serde_json::json;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, beams, batch, threads, limit] = arguments.as_slice() else {
        eprintln!("usage: tokens MODEL_FOLDER BEAMS BATCH THREADS LIMIT");
        std::process::exit(2);
    };
    let number = |text: &String| -> usize { text.parse().expect("the argument is a number") };
    let (batch, threads, limit) = (number(batch), number(threads), number(limit));
    let start = Instant::now();
    let options = Options { precision: Precision::Int8, beams: Some(number(beams)) };
    let translator = Translator::load(Path::new(folder), options).expect("the model loads");
    report(&json!({ "seconds": start.elapsed().as_secs_f64(), "peak_kb": peak_kb() }));
    for path in std::io::stdin().lock().lines() {
        let text =
            std::fs::read_to_string(path.expect("standard input is text")).expect("the file can be read");
        let row =
            |line: &str| line.split(' ').map(|token| token.parse().expect("a token is a number")).collect();
        let rows: Vec<Vec<u32>> = text.lines().map(row).collect();
        let start = Instant::now();
        let tokens = translate(&translator, &rows, batch, threads, limit);
        report(&json!({ "seconds": start.elapsed().as_secs_f64(), "tokens": tokens, "peak_kb": peak_kb() }));
    }
}

/// Translates all rows, `batch` at a time on each of the threads, and returns how many tokens came out.
fn translate(
    translator: &Translator,
    rows: &[Vec<u32>],
    batch: usize,
    threads: usize,
    limit: usize,
) -> usize {
    let batches: Vec<&[Vec<u32>]> = rows.chunks(batch).collect();
    let (next, tokens) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(rows) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outputs = translator.translate_tokens(rows, limit);
                    // the end is a token, too
                    tokens.fetch_add(outputs.iter().map(|output| output.len() + 1).sum(), Ordering::Relaxed);
                }
            });
        }
    });
    tokens.into_inner()
}

/// The most memory that this process had, in kilobytes; none where the system does not tell.
fn peak_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn report(value: &serde_json::Value) {
    writeln!(std::io::stdout(), "{value}").expect("standard output is open");
}
