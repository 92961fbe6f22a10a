"""Writes a checkpoint of train.py as a folder in the layout in which OPUS-MT models are published, in float32."""

import argparse
import json
import pathlib
import shutil

import sentencepiece
import torch
from safetensors.torch import load_file, save

from model import END, POSITIONS, UNKNOWN


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint")
    parser.add_argument("--vocabulary", required=True, help="the SentencePiece model")
    parser.add_argument("--out", required=True, type=pathlib.Path)
    return parser.parse_args()


def vocabulary(processor):
    """The pieces by their ids; the ids of SentencePiece shifted by one."""
    pieces = {"</s>": END, "<unk>": UNKNOWN}
    pieces |= {processor.id_to_piece(i): i + 1 for i in range(1, processor.get_piece_size())}
    return pieces | {"<pad>": processor.get_piece_size() + 1}


def names(shape):
    """The name that the transformers library gives each tensor, and ours."""
    yield "model.shared.weight", "emb.weight"
    yield "final_logits_bias", "bias"
    for stack, short in (("encoder", "enc"), ("decoder", "dec")):
        for layer in range(shape[stack]):
            layers = [("fc1", "f1"), ("fc2", "f2"), ("final_layer_norm", "n3")]
            attentions = [("self_attn", "sa", "n1")] + [("encoder_attn", "ca", "n2")] * (stack == "decoder")
            for attention, ours, norm in attentions:
                layers += [(f"{attention}.{projection}_proj", f"{ours}.{projection}") for projection in "qkv"]
                layers += [(f"{attention}.out_proj", f"{ours}.o"), (f"{attention}_layer_norm", norm)]
            for theirs, ours in layers:
                for part in ("weight", "bias"):
                    yield f"model.{stack}.layers.{layer}.{theirs}.{part}", f"{short}.{layer}.{ours}.{part}"


def tensors(weights, shape):
    """The weights by the names that the transformers library gives them."""
    named = {theirs: weights[ours].float().contiguous() for theirs, ours in names(shape)}
    named["final_logits_bias"] = named["final_logits_bias"][None]
    return named


def weights_of(folder):
    """The weights of an exported float model by our names: what `tensors` made of them, undone."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    shape = {"encoder": config["encoder_layers"], "decoder": config["decoder_layers"]}
    named = load_file(folder / "model.safetensors")
    weights = {ours: named[theirs].float() for theirs, ours in names(shape)}
    weights["bias"] = weights["bias"][0]
    return weights


def config(shape, size):
    padding = size - 1
    return {
        "architectures": ["MarianMTModel"],
        "model_type": "marian",
        "d_model": shape["width"],
        "encoder_layers": shape["encoder"],
        "decoder_layers": shape["decoder"],
        "encoder_ffn_dim": shape["inner"],
        "decoder_ffn_dim": shape["inner"],
        "encoder_attention_heads": shape["heads"],
        "decoder_attention_heads": shape["heads"],
        "num_hidden_layers": shape["encoder"],
        "activation_function": "swish",
        "vocab_size": size,
        "decoder_vocab_size": size,
        "max_position_embeddings": POSITIONS,
        "scale_embedding": True,
        "static_position_embeddings": True,
        "normalize_before": False,
        "normalize_embedding": False,
        "add_final_layer_norm": False,
        "share_encoder_decoder_embeddings": True,
        "tie_word_embeddings": True,
        "is_encoder_decoder": True,
        "pad_token_id": padding,
        "eos_token_id": END,
        "bos_token_id": END,
        "decoder_start_token_id": padding,
        "forced_eos_token_id": END,
        "dropout": 0.1,
        "attention_dropout": 0.0,
        "activation_dropout": 0.0,
        "init_std": 0.02,
        "use_cache": True,
        "torch_dtype": "float32",
    }


def generation(size):
    padding = size - 1
    return {
        "bad_words_ids": [[padding]],
        "decoder_start_token_id": padding,
        "eos_token_id": END,
        "bos_token_id": END,
        "pad_token_id": padding,
        "forced_eos_token_id": END,
        "max_length": POSITIONS,
        "num_beams": 4,
        "renormalize_logits": True,
    }


def main():
    options = arguments()
    checkpoint = torch.load(options.checkpoint, map_location="cpu")
    weights, shape = checkpoint["ema"], checkpoint["shape"]
    weights["emb.weight"][-1] = 0
    weights["bias"][-1] = 0
    processor = sentencepiece.SentencePieceProcessor(model_file=options.vocabulary)
    pieces = vocabulary(processor)
    if len(pieces) != shape["vocabulary_size"]:
        raise SystemExit(f"{options.vocabulary} makes {len(pieces)} ids, but the checkpoint has {shape['vocabulary_size']}")
    options.out.mkdir(parents=True, exist_ok=True)
    weights = save(tensors(weights, shape), metadata={"format": "pt"})
    (options.out / "model.safetensors").write_bytes(weights)
    for side in ("source", "target"):
        shutil.copyfile(options.vocabulary, options.out / f"{side}.spm")
    tokenizer = {"source_lang": "de", "target_lang": "en", "model_max_length": POSITIONS, "tokenizer_class": "MarianTokenizer"}
    for name, content in (
        ("config.json", config(shape, len(pieces))),
        ("generation_config.json", generation(len(pieces))),
        ("tokenizer_config.json", tokenizer),
        ("vocab.json", pieces),
    ):
        text = json.dumps(content, ensure_ascii=False, indent=0 if name == "vocab.json" else 2)
        (options.out / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
