//! The engine beside the transformers library: same tokens, same logits. `tests/fixtures/make.py` makes the fixtures.

use serde::Deserialize;

use crate::decode::{Effort, Source, decode};
use crate::files::ModelFiles;
use crate::math::linear::Precision;
use crate::model::{Buffers, Marian, Step};
use crate::tokenizer::Tokenizer;

#[path = "../tests/support/random_model.rs"]
mod random_model;
use crate::random;

#[derive(Deserialize)]
struct Fixture {
    max_length: usize,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    source: Vec<u32>,
    greedy: Vec<u32>,
    beam4: Vec<u32>,
    /// For each position of the greedy output, some tokens and their logits.
    #[serde(default)]
    logits: Vec<Vec<(u32, f32)>>,
    text: Option<String>,
    translation: Option<String>,
}

fn fixture(json: &str) -> Fixture {
    let fixture: Fixture = serde_json::from_str(json).unwrap();
    assert!(fixture.cases.len() >= 200, "a fixture has at least 200 sentences");
    fixture
}

fn starter() -> (Fixture, Marian) {
    let model = Marian::load(&ModelFiles::Starter, Precision::F32).unwrap();
    (fixture(include_str!("../tests/fixtures/starter.json")), model)
}

/// All sentences in one batch must give the library's tokens.
fn assert_same_tokens(fixture: &Fixture, model: &Marian) {
    let source = |case: &'_ Case| -> Vec<u32> { case.source.clone() };
    let tokens: Vec<Vec<u32>> = fixture.cases.iter().map(source).collect();
    let limit = fixture.max_length - 1;
    for (beams, expected) in [(1, (|case| &case.greedy) as fn(&Case) -> &Vec<u32>), (4, |case| &case.beam4)] {
        let sources: Vec<Source<'_>> = tokens
            .iter()
            .map(|tokens| Source { tokens, limit, beams, effort: Effort::Full, no_repeat: 0 })
            .collect();
        let outputs = decode(model, &sources, &mut Buffers::default());
        let differing: Vec<usize> =
            (0..outputs.len()).filter(|&i| &outputs[i][0].tokens != expected(&fixture.cases[i])).collect();
        assert!(differing.is_empty(), "{beams} beams: sentences {differing:?} of {} differ", outputs.len());
    }
}

/// Follows the greedy outputs of all sentences at once and returns the largest difference of a logit.
fn largest_logit_difference(fixture: &Fixture, model: &Marian) -> f32 {
    let sources: Vec<&[u32]> = fixture.cases.iter().map(|case| case.source.as_slice()).collect();
    let buffers = &mut Buffers::default();
    let mut sentences = model.encode(&sources, buffers);
    let mut histories = vec![Vec::new(); sources.len()];
    let (mut largest, mut compared) = (0f32, 0);
    for position in 0..fixture.cases.iter().map(|case| case.logits.len()).max().unwrap() {
        let live: Vec<usize> =
            (0..sources.len()).filter(|&i| position < fixture.cases[i].logits.len()).collect();
        for &i in &live {
            histories[i].push(sentences[i].allocate());
        }
        let token = |i: usize| match position {
            0 => model.config().decoder_start_token_id,
            _ => fixture.cases[i].greedy[position - 1],
        };
        let step = |&i: &usize| Step { sentence: i, token: token(i), history: &histories[i] };
        let steps: Vec<Step<'_>> = live.iter().map(step).collect();
        model.step(&mut sentences, &steps, buffers);
        let logits = model.logits(buffers);
        for (&i, row) in live.iter().zip(logits.chunks_exact(model.config().vocab_size)) {
            for &(token, expected) in &fixture.cases[i].logits[position] {
                largest = largest.max((row[token as usize] - expected).abs());
                compared += 1;
            }
        }
    }
    assert!(compared > 1000, "only {compared} logits were compared");
    largest
}

#[test]
fn the_starter_model_gives_the_librarys_tokens() {
    let (fixture, model) = starter();
    assert_same_tokens(&fixture, &model);
}

#[test]
fn the_starter_model_gives_the_librarys_logits() {
    let (fixture, model) = starter();
    let largest = largest_logit_difference(&fixture, &model);
    println!("largest difference of a logit: {largest:e}");
    assert!(largest < 1e-3, "{largest}");
}

/// Where a model writes bytes that are no UTF-8, the library puts replacement characters and the engine nothing.
fn fold(text: &str) -> String {
    text.replace(char::REPLACEMENT_CHARACTER, "")
}

#[test]
fn text_becomes_the_librarys_tokens_and_tokens_its_text() {
    let (fixture, model) = starter();
    let config = model.config();
    let tokenizer = Tokenizer::load(&ModelFiles::Starter, config.vocab_size, config.eos_token_id).unwrap();
    for case in &fixture.cases {
        let (text, translation) = (case.text.as_deref().unwrap(), case.translation.as_deref().unwrap());
        assert_eq!(tokenizer.encode(text), case.source, "{text}");
        assert_eq!(fold(&tokenizer.decode(&case.beam4)), fold(translation.trim()), "{text}");
    }
}

#[test]
fn a_random_model_of_the_published_shape_gives_the_librarys_tokens_and_logits() {
    let folder = tempfile::tempdir().unwrap();
    random_model::write(folder.path()).unwrap();
    let model = Marian::load(&ModelFiles::Folder(folder.path().to_owned()), Precision::F32).unwrap();
    let fixture = fixture(include_str!("../tests/fixtures/random.json"));
    let largest = largest_logit_difference(&fixture, &model);
    println!("largest difference of a logit: {largest:e}");
    assert!(largest < 1e-3, "{largest}");
    assert_same_tokens(&fixture, &model);
}
