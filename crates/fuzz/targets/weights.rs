//! A `config.json`, a `generation_config.json` and a `model.safetensors`: the model is refused, or it calculates.
#![no_main]

use std::sync::LazyLock;

use engine::Precision;
use fuzz::ModelFolder;
use libfuzzer_sys::fuzz_target;

static FOLDER: LazyLock<ModelFolder> = LazyLock::new(ModelFolder::default);

fuzz_target!(|input: &[u8]| {
    let [config, generation, weights] = fuzz::parts(input);
    let files =
        [("config.json", config), ("generation_config.json", generation), ("model.safetensors", weights)];
    for precision in [Precision::Int8, Precision::F32] {
        if let Ok(translator) = FOLDER.load(&files, precision) {
            // A model with room for long sentences may take its time, so only a few tokens are asked for. Every model
            // has the token 0.
            assert_eq!(translator.translate_tokens(&[vec![0], vec![0, 0, 0]], 4).len(), 2);
        }
    }
});
