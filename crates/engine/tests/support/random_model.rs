//! Writes the model of random weights that `tests/fixtures/make.py random` describes: the shape of
//! `Helsinki-NLP/opus-mt-de-en`, in its published layout, without the files of a tokeniser.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::random::uniform;

const CONFIG: &str = include_str!("../fixtures/random_config.json");

/// Writes `config.json` and `model.safetensors` (some 300 MB) into `folder`.
pub(crate) fn write(folder: &Path) -> std::io::Result<()> {
    std::fs::write(folder.join("config.json"), CONFIG)?;
    let config: Value = serde_json::from_str(CONFIG)?;
    let shapes = shapes(&config);
    let mut header = Map::new();
    let mut end = 0;
    for (name, shape) in &shapes {
        let start = end;
        end += 4 * shape.iter().product::<usize>();
        header.insert(name.clone(), json!({"dtype": "F32", "shape": shape, "data_offsets": [start, end]}));
    }
    let header = Value::Object(header).to_string();
    let mut file = BufWriter::new(std::fs::File::create(folder.join("model.safetensors"))?);
    file.write_all(&(header.len() as u64).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    for (seed, (name, shape)) in shapes.iter().enumerate() {
        for value in values(&config, name, shape, seed as u64) {
            file.write_all(&value.to_le_bytes())?;
        }
    }
    file.flush()
}

fn number(config: &Value, name: &str) -> usize {
    config[name].as_u64().expect("the configuration has numbers") as usize
}

/// The tensors of the model, in the order of their names.
fn shapes(config: &Value) -> BTreeMap<String, Vec<usize>> {
    let (d, f, v) =
        (number(config, "d_model"), number(config, "encoder_ffn_dim"), number(config, "vocab_size"));
    let mut shapes = BTreeMap::new();
    let mut add = |name: String, shape: Vec<usize>| shapes.insert(name, shape);
    add("model.shared.weight".into(), vec![v, d]);
    add("final_logits_bias".into(), vec![1, v]);
    let stacks: [(&str, &[&str]); 2] =
        [("encoder", &["self_attn"]), ("decoder", &["self_attn", "encoder_attn"])];
    for (stack, attentions) in stacks {
        for layer in 0..number(config, &format!("{stack}_layers")) {
            let prefix = format!("model.{stack}.layers.{layer}");
            let mut linear = |name: &str, inputs: usize, outputs: usize| {
                add(format!("{prefix}.{name}.weight"), vec![outputs, inputs]);
                add(format!("{prefix}.{name}.bias"), vec![outputs]);
            };
            for attention in attentions {
                for name in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                    linear(&format!("{attention}.{name}"), d, d);
                }
            }
            linear("fc1", d, f);
            linear("fc2", f, d);
            for norm in
                attentions.iter().map(|name| format!("{name}_layer_norm")).chain(["final_layer_norm".into()])
            {
                add(format!("{prefix}.{norm}.weight"), vec![d]);
                add(format!("{prefix}.{norm}.bias"), vec![d]);
            }
        }
    }
    shapes
}

fn values(config: &Value, name: &str, shape: &[usize], seed: u64) -> Vec<f32> {
    let noise = uniform(seed, shape.iter().product()).map(|value| value - 0.5);
    if name == "model.shared.weight" {
        let mut values: Vec<f32> = noise.map(|value| value * 0.45).collect();
        let pad = number(config, "pad_token_id") * shape[1];
        values[pad..pad + shape[1]].fill(0.0);
        values
    } else if name.ends_with("layer_norm.weight") {
        noise.map(|value| 1.0 + value * 0.2).collect()
    } else if name == "final_logits_bias" {
        let mut values: Vec<f32> = noise.map(|value| value * 0.2).collect();
        values[number(config, "eos_token_id")] = 8.0;
        values
    } else if shape.len() == 1 {
        noise.map(|value| value * 0.2).collect()
    } else {
        let scale = (2.0 * (6.0 / (shape[0] + shape[1]) as f64).sqrt()) as f32;
        noise.map(|value| value * scale).collect()
    }
}
