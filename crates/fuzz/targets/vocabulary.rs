//! A text, a `vocab.json` and a `source.spm`: the vocabulary is refused, or any text is translated with it.
#![no_main]

use std::sync::LazyLock;

use engine::Precision;
use fuzz::ModelFolder;
use libfuzzer_sys::fuzz_target;

static FOLDER: LazyLock<ModelFolder> = LazyLock::new(ModelFolder::default);

fuzz_target!(|input: &[u8]| {
    let [text, vocabulary, pieces] = fuzz::parts(input);
    let files = [("vocab.json", vocabulary), ("source.spm", pieces)];
    if let Ok(translator) = FOLDER.load(&files, Precision::Int8) {
        fuzz::translate(&translator, &String::from_utf8_lossy(text));
    }
});
