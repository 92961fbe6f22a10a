"""Models of random weights in the layout and the shapes of published ones, for measuring speed."""

import json
import shutil

import numpy as np
from safetensors.numpy import save_file

SHAPES = {
    # Helsinki-NLP/opus-mt-de-en
    "base": dict(width=512, encoder=6, decoder=6, inner=2048, heads=8, vocabulary=58_101),
    # a student
    "tiny": dict(width=256, encoder=6, decoder=2, inner=1536, heads=8, vocabulary=32_000),
}


def parameters(width, encoder, decoder, inner, heads, vocabulary):
    """Number of weights that are kept in int8."""
    return vocabulary * width + encoder * (4 * width + 2 * inner) * width + decoder * (8 * width + 2 * inner) * width


def write(folder, starter, length, width, encoder, decoder, inner, heads, vocabulary):
    """Writes a model into `folder` with the tokeniser of the model in `starter`. Its end token is never likely; what it
    says ends at `length` tokens, the start token included."""
    folder.mkdir(parents=True, exist_ok=True)
    pad = vocabulary - 1
    special = dict(pad_token_id=pad, decoder_start_token_id=pad, max_length=length)
    config = read(starter / "config.json") | special
    config |= dict(d_model=width, vocab_size=vocabulary, decoder_vocab_size=vocabulary, num_hidden_layers=encoder)
    for part, layers in (("encoder", encoder), ("decoder", decoder)):
        config |= {f"{part}_layers": layers, f"{part}_ffn_dim": inner, f"{part}_attention_heads": heads}
    pieces = [piece for piece in read(starter / "vocab.json") if piece != "<pad>"]
    pieces += [f"<unused {number}>" for number in range(len(pieces), pad)] + ["<pad>"]
    dump(folder / "config.json", config)
    dump(folder / "generation_config.json", read(starter / "generation_config.json") | special | dict(bad_words_ids=[[pad]]))
    dump(folder / "vocab.json", {piece: number for number, piece in enumerate(pieces)})
    for name in ("source.spm", "target.spm", "tokenizer_config.json"):
        shutil.copyfile(starter / name, folder / name)
    save_file(weights(width, encoder, decoder, inner, vocabulary, pad), folder / "model.safetensors", metadata=dict(format="pt"))


def weights(width, encoder, decoder, inner, vocabulary, pad):
    random = np.random.default_rng(0)

    def noise(scale, *shape):
        return (random.random(shape, np.float32) - np.float32(0.5)) * np.float32(scale)

    shared, bias = noise(7.2 / width**0.5, vocabulary, width), noise(0.2, 1, vocabulary)
    shared[pad] = 0
    bias[0, 0] = -1e6  # the end token
    tensors = {"model.shared.weight": shared, "final_logits_bias": bias}

    def linear(name, inputs, outputs):
        tensors[f"{name}.weight"] = noise(2 * (6 / (inputs + outputs)) ** 0.5, outputs, inputs)
        tensors[f"{name}.bias"] = noise(0.2, outputs)

    stacks = (("encoder", encoder, ["self_attn"]), ("decoder", decoder, ["self_attn", "encoder_attn"]))
    for stack, layers, attentions in stacks:
        for layer in range(layers):
            prefix = f"model.{stack}.layers.{layer}"
            for attention in attentions:
                for projection in ("q_proj", "k_proj", "v_proj", "out_proj"):
                    linear(f"{prefix}.{attention}.{projection}", width, width)
            linear(f"{prefix}.fc1", width, inner)
            linear(f"{prefix}.fc2", inner, width)
            for norm in [f"{attention}_layer_norm" for attention in attentions] + ["final_layer_norm"]:
                tensors[f"{prefix}.{norm}.weight"] = 1 + noise(0.2, width)
                tensors[f"{prefix}.{norm}.bias"] = noise(0.2, width)
    return tensors


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def dump(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
