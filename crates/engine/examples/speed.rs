//! Translates files sentence by sentence, a number of them at a time, and says how long it took.
//!
//! `speed MODEL_FOLDER BEAMS BATCH int8|f32`, then for every line of standard input, which names a file of one sentence
//! a line, a line of JSON: the seconds it took and the translations. `cargo xtask score` compares its
//! translations with people's.

use std::io::BufRead;
use std::path::Path;
use std::time::Instant;

use engine::{Engine, Options, Precision, Request, RequestOptions, Translator};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, beams, batch, precision] = arguments.as_slice() else {
        eprintln!("usage: speed MODEL_FOLDER BEAMS BATCH int8|f32");
        std::process::exit(2);
    };
    let start = Instant::now();
    let beams = Some(beams.parse().expect("BEAMS is a number"));
    let precision = match precision.as_str() {
        "int8" => Precision::Int8,
        "f32" => Precision::F32,
        other => panic!("{other} is neither int8 nor f32"),
    };
    let options = Options { precision, beams };
    let translator = Translator::load(Path::new(folder), options).expect("the model loads");
    report(&serde_json::json!({ "load_seconds": start.elapsed().as_secs_f64() }));
    let batch: usize = batch.parse().expect("BATCH is a number");
    for path in std::io::stdin().lock().lines() {
        let text =
            std::fs::read_to_string(path.expect("standard input is text")).expect("the file can be read");
        let options = &RequestOptions::default();
        let sentences: Vec<Request<'_>> = text.lines().map(|text| Request { text, options }).collect();
        let start = Instant::now();
        let translations: Vec<String> = sentences
            .chunks(batch)
            .flat_map(|sentences| translator.translate_batch(sentences))
            .map(|translation| translation.text)
            .collect();
        let seconds = start.elapsed().as_secs_f64();
        report(&serde_json::json!({ "seconds": seconds, "translations": translations }));
    }
}

fn report(value: &serde_json::Value) {
    use std::io::Write;
    writeln!(std::io::stdout(), "{value}").expect("standard output is open");
}
