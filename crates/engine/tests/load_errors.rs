//! What is said of a model folder that is not as it should be: every message names the file and its fault.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;

use engine::{Engine, Options, Request, RequestOptions, Translator};

const STARTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/starter-de-en");

/// A copy of the starter model to spoil.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(STARTER).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    folder
}

fn edit(folder: &Path, file: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let path = folder.join(file);
    std::fs::write(&path, change(std::fs::read(&path).unwrap())).unwrap();
}

fn replace(from: &'static str, to: &'static str) -> impl FnOnce(Vec<u8>) -> Vec<u8> {
    move |bytes| {
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains(from), "{from}");
        text.replace(from, to).into_bytes()
    }
}

/// The message for a copy whose `file` went through `change`.
fn message(file: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> String {
    let folder = copy();
    edit(folder.path(), file, change);
    let error = Translator::load(folder.path(), Options::default()).err().expect("the folder is spoilt");
    let message = error.to_string();
    assert!(message.contains(file), "{message}");
    message
}

#[test]
fn a_copy_of_the_starter_model_loads_and_translates_like_it() {
    let folder = copy();
    let copy = Translator::load(folder.path(), Options::default()).unwrap();
    assert!(!copy.info().starter);
    let starter = Translator::starter(Options::default()).unwrap();
    let options = &RequestOptions::default();
    let requests =
        ["Wir haben keine Zeit.", "Der Kaffee ist kalt geworden."].map(|text| Request { text, options });
    assert_eq!(copy.translate_batch(&requests), starter.translate_batch(&requests));
}

#[test]
fn each_missing_file_is_named() {
    for file in ["config.json", "model.safetensors", "source.spm", "vocab.json", "tokenizer_config.json"] {
        let folder = copy();
        std::fs::remove_file(folder.path().join(file)).unwrap();
        let error = Translator::load(folder.path(), Options::default()).err().unwrap().to_string();
        assert!(error.contains("cannot read") && error.contains(file), "{error}");
    }
}

#[test]
fn a_missing_generation_config_means_greedy_search() {
    let folder = copy();
    std::fs::remove_file(folder.path().join("generation_config.json")).unwrap();
    assert!(Translator::load(folder.path(), Options::default()).is_ok());
}

#[test]
fn weights_that_are_cut_off_are_noticed() {
    for len in [0, 7, 100, 20_000, 1_000_000] {
        let message = message("model.safetensors", |mut bytes| {
            bytes.truncate(len);
            bytes
        });
        assert!(message.contains("bytes"), "{message}");
    }
}

#[test]
fn a_header_of_absurd_length_is_noticed() {
    let message = message("model.safetensors", |mut bytes| {
        bytes[..8].copy_from_slice(&u64::MAX.to_le_bytes());
        bytes
    });
    assert!(message.contains("does not fit"), "{message}");
}

/// A weights file.
fn weights(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

#[test]
fn tensors_of_absurd_length_are_noticed() {
    // Eight of them are as long as a number can tell.
    let length = (1u64 << 61) - 1;
    let tensors = (0..8).map(|at| {
        let offsets = [at * length, (at + 1) * length];
        format!("\"{at}\":{{\"dtype\":\"U8\",\"shape\":[{length}],\"data_offsets\":{offsets:?}}}")
    });
    let header = format!("{{{}}}", tensors.collect::<Vec<_>>().join(","));
    let message = message("model.safetensors", |_| weights(&header, &[]));
    assert!(message.contains("truncated"), "{message}");
}

#[test]
fn no_memory_is_taken_for_what_only_the_configuration_speaks_of() {
    // Half a terabyte, which no machine of these tests has.
    let folder = copy();
    edit(folder.path(), "config.json", replace("\"vocab_size\": 8002", "\"vocab_size\": 16777216"));
    edit(folder.path(), "config.json", replace("\"d_model\": 256", "\"d_model\": 16384"));
    edit(folder.path(), "model.safetensors", |_| {
        let header = "{\"model.shared.weight\":{\"dtype\":\"I8\",\"shape\":[1,1],\"data_offsets\":[0,1]}}";
        weights(header, &[0])
    });
    let error = Translator::load(folder.path(), Options::default()).err().unwrap().to_string();
    assert!(error.contains("[16777216, 16384]"), "{error}");

    edit(
        folder.path(),
        "config.json",
        replace("\"max_position_embeddings\": 512", "\"max_position_embeddings\": 65536"),
    );
    let error = Translator::load(folder.path(), Options::default()).err().unwrap().to_string();
    assert!(error.contains("at this `d_model` 1024 is possible"), "{error}");
}

#[test]
fn tensors_that_do_not_fit_the_configuration_are_named() {
    let message = message("model.safetensors", |bytes| {
        let mut bytes = bytes;
        let at = bytes.windows(9).position(|window| window == b"fc1.weigh").expect("there is such a tensor");
        bytes[at] = b'x';
        bytes
    });
    assert!(message.contains("has no tensor `model."), "{message}");
}

#[test]
fn a_configuration_of_another_model_is_noticed() {
    let folder = copy();
    edit(folder.path(), "config.json", replace("\"d_model\": 256", "\"d_model\": 512"));
    let error = Translator::load(folder.path(), Options::default()).err().unwrap().to_string();
    assert!(error.contains("model.safetensors") && error.contains("[8002, 512]"), "{error}");
}

#[test]
fn impossible_configurations_are_refused() {
    for (from, to, fault) in [
        ("\"d_model\": 256", "\"d_model\": 0", "d_model"),
        ("\"encoder_attention_heads\": 4", "\"encoder_attention_heads\": 3", "encoder_attention_heads"),
        ("\"normalize_before\": false", "\"normalize_before\": true", "normalize_before"),
        ("\"swish\"", "\"gelu\"", "gelu"),
        ("\"pad_token_id\": 8001", "\"pad_token_id\": 9000", "pad_token_id"),
        ("\"vocab_size\": 8002,", "\"vocab_size\": 99999999999,", "vocab_size"),
        ("{", "", "line 2"),
    ] {
        let message = message("config.json", replace(from, to));
        assert!(message.contains(fault), "{message}");
    }
}

#[test]
fn a_vocabulary_of_another_model_is_noticed() {
    let message = message("vocab.json", replace(": 8001", ": 8002"));
    assert!(message.contains("8002"), "{message}");
    let doubled = self::message("vocab.json", replace(": 7999", ": 7998"));
    assert!(doubled.contains("both have number 7998"), "{doubled}");
}

#[test]
fn a_tokeniser_that_is_none_is_noticed() {
    assert!(message("source.spm", |_| b"<html>".to_vec()).contains("sentencepiece"));
    assert!(message("tokenizer_config.json", |_| b"{}".to_vec()).contains("source_lang"));
}

/// Changes the description of the tensors in a safetensors file and leaves their values where they are.
fn describe(change: impl FnOnce(&mut serde_json::Value)) -> impl FnOnce(Vec<u8>) -> Vec<u8> {
    |bytes| {
        let values = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        let mut header = serde_json::from_slice(&bytes[8..values]).unwrap();
        change(&mut header);
        let header = header.to_string().into_bytes();
        [&(header.len() as u64).to_le_bytes(), header.as_slice(), &bytes[values..]].concat()
    }
}

const MATRIX: &str = "model.encoder.layers.0.fc1.weight";
const SCALES: &str = "model.encoder.layers.0.fc1.weight.scale";
const BIAS: &str = "model.encoder.layers.0.fc1.bias";

#[test]
fn integers_without_a_scale_for_each_row_are_noticed() {
    let missing = message(
        "model.safetensors",
        describe(|header| {
            let scales = header[SCALES].take();
            header.as_object_mut().unwrap().remove(SCALES);
            header["scales"] = scales;
        }),
    );
    assert!(missing.contains(&format!("has no tensor `{SCALES}`")), "{missing}");
    let shape = serde_json::json!([2, 512]);
    let misshapen = message("model.safetensors", describe(|header| header[SCALES]["shape"] = shape));
    assert!(misshapen.contains(SCALES) && misshapen.contains("[2, 512]"), "{misshapen}");
}

#[test]
fn values_of_a_type_that_does_not_belong_there_are_noticed() {
    for (tensor, dtype) in [(MATRIX, "U8"), (SCALES, "I32"), (BIAS, "I32")] {
        let message = message("model.safetensors", describe(|header| header[tensor]["dtype"] = dtype.into()));
        let fault = format!("tensor `{tensor}` is of type {dtype}; floats are needed");
        assert!(message.contains(&fault), "{message}");
    }
}

#[test]
fn scales_that_are_no_numbers_are_noticed() {
    let message = message("model.safetensors", |mut bytes| {
        let values = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        let header: serde_json::Value = serde_json::from_slice(&bytes[8..values]).unwrap();
        let at = values + header[SCALES]["data_offsets"][0].as_u64().unwrap() as usize;
        bytes[at..at + 4].copy_from_slice(&f32::NAN.to_le_bytes());
        bytes
    });
    assert!(message.contains(&format!("tensor `{SCALES}` holds NaN")), "{message}");
}
