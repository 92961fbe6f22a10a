"""The peer ONNX Runtime: greedy translation by a Marian model in int8, with a cache of keys and values.

A model becomes two graphs, exported by `torch.onnx.export` and quantised by ONNX Runtime's own dynamic quantisation
(int8 weights per output channel): the encoder, which also computes the keys and values of the source for every layer of
the decoder, and one step of the decoder. The layers of transformers are brought into the form that ONNX Runtime is
fastest with: query, key and value projected at once, matrices stored as they are multiplied, no transposition of single
tokens. No beam search, no tokeniser.
"""
import hashlib
import itertools
import os
import pathlib
import tempfile

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from transformers import MarianConfig, MarianMTModel


class Projection(nn.Module):
    """Linear layers of one input as one; quantisation needs their matrix as a constant, so already transposed."""

    def __init__(self, *layers, bias=None):
        super().__init__()
        self.weight = nn.Parameter(torch.cat([layer.weight for layer in layers]).T.contiguous())
        self.bias = nn.Parameter(torch.cat([layer.bias for layer in layers]) if bias is None else bias)

    def forward(self, x):
        return x @ self.weight + self.bias


def prepared(model):
    """The model with the projections in that form."""
    for module in list(model.modules()):
        if hasattr(module, "q_proj"):
            q, k, v = module.q_proj, module.k_proj, module.v_proj
            module.q, module.kv, module.qkv = Projection(q), Projection(k, v), Projection(q, k, v)
            module.out_proj = Projection(module.out_proj)
        elif hasattr(module, "fc1"):
            module.fc1, module.fc2 = Projection(module.fc1), Projection(module.fc2)
    never = nn.functional.one_hot(torch.tensor(model.config.pad_token_id), model.config.vocab_size) * -1e9
    model.lm_head = Projection(model.lm_head, bias=model.final_logits_bias[0] + never)
    return model


def split(attention, x, parts):
    """(batch, tokens, parts * width) as `parts` of (batch, heads, tokens, size)."""
    heads, size = attention.num_heads, attention.head_dim
    if x.shape[1] == 1:
        return [part.view(x.shape[0], heads, 1, size) for part in x.chunk(parts, -1)]
    return [part.view(x.shape[0], -1, heads, size).transpose(1, 2) for part in x.chunk(parts, -1)]


def attend(attention, norm, x, q, keys, values, bias=None):
    scores = q @ keys.transpose(2, 3) * attention.scaling
    context = (scores if bias is None else scores + bias).softmax(-1) @ values
    context = context if x.shape[1] == 1 else context.transpose(1, 2)
    return norm(x + attention.out_proj(context.reshape(x.shape)))


def feed_forward(layer, x):
    return layer.final_layer_norm(x + layer.fc2(layer.activation_fn(layer.fc1(x))))


class Encoder(MarianMTModel):
    """Of tokens and mask: the mask as it is added to scores, then keys and values of each layer's cross-attention."""

    def forward(self, ids, mask):
        encoder, crosses = self.model.encoder, [layer.encoder_attn for layer in self.model.decoder.layers]
        bias = (1.0 - mask[:, None, None, :].float()) * -1e9
        x = encoder.embed_tokens(ids) * encoder.embed_scale + encoder.embed_positions(ids.shape)
        for layer in encoder.layers:
            own = layer.self_attn
            x = attend(own, layer.self_attn_layer_norm, x, *split(own, own.qkv(x), 3), bias)
            x = feed_forward(layer, x)
        return bias, *(part for cross in crosses for part in split(cross, cross.kv(x), 2))


class Step(MarianMTModel):
    """One step of the decoder: the scores of each row's next token, and the cache grown by one."""

    def forward(self, ids, position, bias, source, past):
        decoder, cache = self.model.decoder, []
        x = decoder.embed_tokens(ids) * decoder.embed_scale + decoder.embed_positions(None, position_ids=position)
        for i, layer in enumerate(decoder.layers):
            own, cross, known = layer.self_attn, layer.encoder_attn, source[2 * i : 2 * i + 2]
            q, *new = split(own, own.qkv(x), 3)
            cache += [torch.cat(pair, 2) for pair in zip(past[2 * i :], new)]
            x = attend(own, layer.self_attn_layer_norm, x, q, *cache[2 * i :])
            x = attend(cross, layer.encoder_attn_layer_norm, x, *split(cross, cross.q(x), 1), *known, bias)
            x = feed_forward(layer, x)
        return self.lm_head(x), *cache


def export(model_folder, folder, int8):
    """Writes `encoder.onnx` and `step.onnx` of a MarianMTModel in the published layout."""
    config = MarianConfig.from_pretrained(model_folder)
    heads, layers = config.decoder_attention_heads, 2 * config.decoder_layers
    source, past, cache = ([f"{name}{i}" for i in range(layers)] for name in ("source", "past", "cache"))
    # Every example is a tensor of its own: the export takes two uses of one tensor for one input.
    ints = lambda *shape: torch.ones(*shape, dtype=torch.int64)
    kept = lambda tokens: [torch.ones(2, heads, tokens, config.d_model // heads) for _ in range(layers)]
    vary = lambda axis, name: {0: "batch", axis: name}
    step = (ints(2, 1), ints(1), torch.ones(2, 1, 1, 5), kept(5), kept(3))
    step_varies = ({0: "batch"}, None, vary(3, "tokens"), [vary(2, "tokens")] * layers, [vary(2, "done")] * layers)
    for module, arguments, varies, inputs, outputs in (
        (Encoder, (ints(2, 5), ints(2, 5)), (vary(1, "tokens"),) * 2, ["ids", "mask"], ["bias", *source]),
        (Step, step, step_varies, ["ids", "position", "bias", *source, *past], ["scores", *cache]),
    ):
        path, names = f"{folder}/{module.__name__.lower()}.onnx", dict(input_names=inputs, output_names=outputs)
        options = dict(dynamo=True, dynamic_shapes=varies, external_data=False, verbose=False)
        model = prepared(module.from_pretrained(model_folder, dtype=torch.float32)).eval()
        torch.onnx.export(model, arguments, path, **names, **options)
        if int8:
            quantize_dynamic(path, path, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8)


class OnnxRuntime:
    """A model loaded for greedy translation, exported first unless the folder of caches has it already."""

    def __init__(self, model_folder: str, cache_folder: str, threads: int, int8: bool = True):
        digest = hashlib.sha256(f"{onnxruntime.__version__} {torch.__version__} {int8}".encode())
        for path in (pathlib.Path(__file__), *sorted(pathlib.Path(model_folder).glob("*[nst]"))):  # .json, weights
            digest.update(path.read_bytes())
        folder = pathlib.Path(cache_folder, digest.hexdigest()[:16])
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            unfinished = tempfile.mkdtemp(dir=folder.parent)
            export(model_folder, unfinished, int8)
            os.rename(unfinished, folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        load = lambda name: onnxruntime.InferenceSession(folder / name, options, providers=["CPUExecutionProvider"])
        self.encoder, self.step = load("encoder.onnx"), load("step.onnx")
        self.config = MarianConfig.from_pretrained(model_folder)

    def translate(self, batch: list[list[int]], length: int) -> list[list[int]]:
        """Translates tokens that end in `</s>` to `length` tokens each, or fewer where `</s>` comes before."""
        c, rows, value = self.config, len(batch), onnxruntime.OrtValue.ortvalue_from_numpy
        ids = np.array([*zip(*itertools.zip_longest(*batch, fillvalue=c.pad_token_id))], np.int64)
        mask = (ids != c.pad_token_id).astype(np.int64)
        source = self.encoder.run_with_ort_values(None, dict(ids=value(ids), mask=value(mask)))
        # Every step reads and writes these arrays where they are, and the cache where the step before left it.
        last, position = np.full((rows, 1), c.decoder_start_token_id, np.int64), np.zeros(1, np.int64)
        scores, size = np.empty((rows, 1, c.vocab_size), np.float32), c.d_model // c.decoder_attention_heads
        cache = [value(np.empty((rows, c.decoder_attention_heads, 0, size), np.float32))] * (len(source) - 1)
        inputs, (first, *grown) = self.step.get_inputs(), self.step.get_outputs()
        binding, chosen, ended = self.step.io_binding(), [], np.zeros(rows, bool)
        binding.bind_ortvalue_output(first.name, value(scores))
        for into, fixed in zip(inputs, [value(last), value(position), *source]):
            binding.bind_ortvalue_input(into.name, fixed)
        while len(chosen) < length and not ended.all():
            position[0] = len(chosen)
            for into, past, out in zip(inputs[-len(grown) :], cache, grown):
                binding.bind_ortvalue_input(into.name, past)
                binding.bind_output(out.name)
            self.step.run_with_iobinding(binding)
            _, *cache = binding.get_outputs()
            last[:] = scores.argmax(-1)
            chosen.append(last[:, 0].tolist())
            ended |= last[:, 0] == c.eos_token_id
        until = lambda row: row.index(c.eos_token_id) + 1 if c.eos_token_id in row else len(row)
        return [list(row[: until(row)]) for row in zip(*chosen)]
