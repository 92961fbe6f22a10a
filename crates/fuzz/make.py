"""Writes the tiny model in `model`, and the seeds that are no text. Run: python3 make.py"""

import io
import json
import pathlib
import random
import struct
import zipfile

HERE = pathlib.Path(__file__).parent
SEPARATOR = b"\n====\n"
WIDTH, INNER, HEADS = 4, 8, 2
LETTERS = "▁aebdimnrst."
PIECES = ["</s>", "<unk>", *LETTERS, "▁a", "er", "▁der", "<0x41>", "A", "b", "▁1", "{{", "ä", "<pad>"]
PIECES = list(dict.fromkeys(PIECES))
CONFIG = {
    "d_model": WIDTH,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_ffn_dim": INNER,
    "decoder_ffn_dim": INNER,
    "encoder_attention_heads": HEADS,
    "decoder_attention_heads": HEADS,
    "vocab_size": len(PIECES),
    "max_position_embeddings": 24,
    "pad_token_id": PIECES.index("<pad>"),
    "eos_token_id": 0,
    "decoder_start_token_id": PIECES.index("<pad>"),
    "scale_embedding": True,
    "activation_function": "swish",
}


def tensors():
    """Name, shape and whether it is the scale of a norm."""
    yield "model.shared.weight", [len(PIECES), WIDTH]
    yield "final_logits_bias", [1, len(PIECES)]
    for stack, attentions in [("encoder", ["self_attn"]), ("decoder", ["self_attn", "encoder_attn"])]:
        prefix = f"model.{stack}.layers.0."
        linear = [(f"{a}.{p}", WIDTH, WIDTH) for a in attentions for p in ["q_proj", "k_proj", "v_proj", "out_proj"]]
        for name, inputs, outputs in [*linear, ("fc1", WIDTH, INNER), ("fc2", INNER, WIDTH)]:
            yield f"{prefix}{name}.weight", [outputs, inputs]
            yield f"{prefix}{name}.bias", [outputs]
        for norm in [*(f"{a}_layer_norm" for a in attentions), "final_layer_norm"]:
            yield f"{prefix}{norm}.weight", [WIDTH]
            yield f"{prefix}{norm}.bias", [WIDTH]


def weights(dtype):
    """The file with numbers in `dtype`; of I8, matrices alone are and have scales."""
    numbers = random.Random(1)
    header, data = {}, b""

    def add(name, dtype, shape, pack):
        nonlocal data
        count = 1
        for side in shape:
            count *= side
        packed = b"".join(pack() for _ in range(count))
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed

    for name, shape in tensors():
        mean = 1 if name.endswith("norm.weight") else 0
        if dtype == "I8" and len(shape) == 2 and name != "final_logits_bias":
            add(name, "I8", shape, lambda: struct.pack("b", numbers.randint(-127, 127)))
            add(f"{name}.scale", "F32", shape[:1], lambda: struct.pack("<f", 0.01))
        else:
            kind, form = ("F16", "<e") if dtype == "F16" else ("F32", "<f")
            add(name, kind, shape, lambda: struct.pack(form, mean + numbers.uniform(-0.5, 0.5)))
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + data


def varint(number):
    low = number & 0x7F
    return bytes([low]) if number < 0x80 else bytes([low | 0x80]) + varint(number >> 7)


def field(number, content):
    """A field of a protocol buffer."""
    if isinstance(content, float):
        return varint(number << 3 | 5) + struct.pack("<f", content)
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def charsmap():
    """A map of A to a and of ß to ss, as a double array of 256 units."""
    units = [0] * 256

    def unit(place, label, offset, leaf=False):
        units[place] = label | offset << 10 | leaf << 8

    def value(place, text):
        units[place] = texts.index(text) | 1 << 31

    texts = b"a\0ss\0"
    unit(0, 0, 0)
    unit(0x41, 0x41, 0x80, leaf=True)
    value(0x41 ^ 0x80, b"a\0")
    unit(0xC3, 0xC3, 0x10)
    place = 0xC3 ^ 0x10 ^ 0x9F
    unit(place, 0x9F, 0x20, leaf=True)
    value(place ^ 0x20, b"ss\0")
    return struct.pack("<I256I", 1024, *units) + texts


def spm(with_map, byte_fallback):
    kinds = {"<unk>": 2, "</s>": 3, "<pad>": 5, "<0x41>": 6}
    pieces = b"".join(
        field(1, field(1, piece.encode()) + field(2, -1.0 - 0.5 * at) + field(3, kinds.get(piece, 1)))
        for at, piece in enumerate(PIECES)
    )
    trainer = field(2, field(3, 1) + field(35, int(byte_fallback)))
    return pieces + trainer + (field(3, field(2, charsmap())) if with_map else b"")


def write(name, *contents):
    path = HERE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(SEPARATOR.join(contents))


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def archive(files):
    """A ZIP file, not packed and without the time, so that it is the same on each run."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


vocabulary = compact({piece: number for number, piece in enumerate(PIECES)})
config = compact(CONFIG)
generation = compact({"num_beams": 2, "max_length": 12})
write("model/config.json", config)
write("model/generation_config.json", generation)
write("model/tokenizer_config.json", compact({"source_lang": "de", "target_lang": "en"}))
write("model/vocab.json", vocabulary)
write("model/source.spm", spm(True, True))
write("model/model.safetensors", weights("F32"))
for dtype in ["F32", "F16", "I8"]:
    write(f"seeds/weights/{dtype.lower()}", config, generation, weights(dtype))
for at, text in enumerate(["Der Bär mit 3 Enten.", "Straße {{1}} ABC <b>", "a\u0301 😀 https://a.de/ %s 1.000,5 €"]):
    write(f"seeds/vocabulary/{at}", text.encode(), vocabulary, spm(at > 0, at != 1))
word = "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>Das </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>rote</w:t></w:r></w:p></w:body></w:document>"
text = "<office:text><text:p>Das <text:span>rote</text:span> Haus<text:s/></text:p></office:text>"
page = "<html xml:lang='xx'><body><p>Ein <i>Wort</i>&#160;<br/></p></body></html>"
kind = "application/vnd.oasis.opendocument.text"
write("seeds/documents/docx", b"g" + archive({"[Content_Types].xml": "<Types/>", "word/document.xml": word}))
write("seeds/documents/odt", b"h" + archive({"mimetype": kind, "content.xml": text}))
write("seeds/documents/epub", b"i" + archive({"mimetype": "application/epub+zip", "a.xhtml": page}))
