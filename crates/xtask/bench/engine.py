"""Measures the engine beside the others of the field, all on the same work, in one run.

    python engine.py TOKENS SPEED STARTER_FOLDER WORK_FOLDER OUT.json [ROUNDS]

TOKENS and SPEED are the engine's examples of these names. The models have random weights in the shapes of published ones and never
end a sentence, so that everybody makes the same number of tokens: 30 from 30, or 30 from rows of 4 to 60. Everything
calculates in int8, except for transformers, which runs in f32 as the original application does. All take turns, several
rounds long; what counts is the median of the rounds.

A real text goes through the starter model, whose sentences end where they should: from text to text, as the services
translate.
"""

import json
import logging
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time
import warnings

import ctranslate2
import torch
import transformers

import models
from onnx_peer import OnnxRuntime

LENGTH = 30
THREADS = (1, 2)
BATCHES = (1, 8, 32)
BEAMS = (1, 4)
# Beams of the original application: those of the published model's configuration.
ORIGINAL_BEAMS = 6
# Beams of the services.
DEFAULT_BEAMS = 4
# Sentences of a few words to some dozens.
TEXT = pathlib.Path("crates/engine/tests/fixtures/starter.json")
QUANTISE = pathlib.Path("crates/engine/training/quantise.py")


class Ours:
    """The engine's example `tokens`, kept running for all rounds."""

    name = "unlimited"

    def __init__(self, program, model, beams, batch, threads):
        arguments = [program, str(model), str(beams), str(batch), str(threads), str(LENGTH)]
        began = time.perf_counter()
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()  # the model is loaded
        self.loaded = time.perf_counter() - began
        self.peak_kb = None

    def translate(self, rows):
        path = pathlib.Path(f"/tmp/unlimited-bench-{os.getpid()}.txt")
        path.write_text("\n".join(" ".join(map(str, row)) for row in rows) + "\n", encoding="ascii")
        print(path, file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        path.unlink()
        self.peak_kb = answer["peak_kb"]
        return answer["tokens"], answer["seconds"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class CTranslate2:
    name = "ctranslate2"

    def __init__(self, folder, vocabulary, beams, batch, threads):
        self.translator = ctranslate2.Translator(
            str(folder), compute_type="int8", inter_threads=threads, intra_threads=1
        )
        self.vocabulary, self.beams, self.batch = vocabulary, beams, batch

    def translate(self, rows):
        tokens = [[self.vocabulary[token] for token in row] for row in rows]
        began = time.perf_counter()
        results = self.translator.translate_batch(
            tokens, beam_size=self.beams, max_batch_size=self.batch, max_decoding_length=LENGTH
        )
        return sum(len(result.hypotheses[0]) for result in results), time.perf_counter() - began

    def close(self):
        del self.translator


class Onnx:
    name = "onnxruntime"

    def __init__(self, model, cache, batch, threads):
        self.model, self.batch = OnnxRuntime(str(model), str(cache), threads), batch

    def translate(self, rows):
        began = time.perf_counter()
        made = 0
        for start in range(0, len(rows), self.batch):
            made += sum(map(len, self.model.translate(rows[start : start + self.batch], LENGTH)))
        return made, time.perf_counter() - began

    def close(self):
        del self.model


class Transformers:
    name = "transformers"

    def __init__(self, model, beams, batch, threads):
        torch.set_num_threads(threads)
        self.model = transformers.MarianMTModel.from_pretrained(model).eval()
        self.beams, self.batch = beams, batch

    def translate(self, rows):
        began = time.perf_counter()
        made = 0
        pad = self.model.config.pad_token_id
        for start in range(0, len(rows), self.batch):
            batch = rows[start : start + self.batch]
            width = max(map(len, batch))
            ids = torch.tensor([row + [pad] * (width - len(row)) for row in batch])
            with torch.inference_mode():
                out = self.model.generate(
                    input_ids=ids,
                    attention_mask=(ids != pad).long(),
                    num_beams=self.beams,
                    max_length=None,
                    max_new_tokens=LENGTH,
                )
            made += out[:, 1:].ne(pad).sum().item()
        return made, time.perf_counter() - began

    def close(self):
        del self.model


class OursText:
    """The engine's example `speed`: sentences in, sentences out."""

    name = "unlimited"

    def __init__(self, program, model, beams):
        arguments = [program, str(model), str(beams), "64", "int8"]
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()  # the model is loaded

    def translate(self, sentences):
        path = pathlib.Path(f"/tmp/unlimited-bench-{os.getpid()}.txt")
        path.write_text("".join(sentence + "\n" for sentence in sentences), encoding="utf-8")
        print(path, file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        path.unlink()
        return sum(map(len, sentences)), answer["seconds"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class TransformersText:
    """The original's way: sentence by sentence, with the tokeniser."""

    name = "transformers"

    def __init__(self, model, beams):
        torch.set_num_threads(1)
        self.model = transformers.MarianMTModel.from_pretrained(model).eval()
        self.tokenizer = transformers.MarianTokenizer.from_pretrained(model)
        self.beams = beams

    def translate(self, sentences):
        began = time.perf_counter()
        for sentence in sentences:
            with torch.inference_mode():
                out = self.model.generate(**self.tokenizer([sentence], return_tensors="pt"), num_beams=self.beams)
            self.tokenizer.batch_decode(out, skip_special_tokens=True)
        return sum(map(len, sentences)), time.perf_counter() - began

    def close(self):
        del self.model


def measure(engines, work, rounds):
    """The median tokens or characters per second of each engine, by its name. The first round is not counted."""
    speeds = {engine.name: [] for engine in engines}
    for number in range(rounds + 1):
        for engine in engines:
            tokens, seconds = engine.translate(work[engine.name])
            if number:
                speeds[engine.name].append(tokens / seconds)
    for engine in engines:
        engine.close()
    return {name: statistics.median(values) for name, values in speeds.items()}


def sources(lengths):
    """Rows of tokens that stand for words, each with the end token."""
    numbers = random.Random(1)
    return [[numbers.randrange(300, 7900) for _ in range(length - 1)] + [0] for length in lengths]


def line(cells):
    print("".join(f"{cell:>14}" if isinstance(cell, str) else f"{cell:14.1f}" for cell in cells), flush=True)


class Bench:
    def __init__(self, program, starter, work, rounds):
        self.program, self.work, self.rounds = program, work, rounds
        self.folders, self.vocabularies = {}, {}
        for shape, size in models.SHAPES.items():
            folder = work / shape
            if not (folder / "model.safetensors").exists():
                models.write(folder, starter, length=LENGTH + 1, **size)
            if not (work / f"{shape}-ct2").exists():
                converter = ctranslate2.converters.TransformersConverter(str(folder))
                converter.convert(str(work / f"{shape}-ct2"), quantization="int8")
            self.folders[shape] = folder
            vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
            self.vocabularies[shape] = {number: piece for piece, number in vocabulary.items()}

    def engines(self, shape, threads, batch, beams):
        folder = self.folders[shape]
        engines = [
            Ours(self.program, folder, beams, batch, threads),
            CTranslate2(self.work / f"{shape}-ct2", self.vocabularies[shape], beams, batch, threads),
        ]
        if beams == 1:
            engines.append(Onnx(folder, self.work / f"{shape}-onnx", batch, threads))
            engines.append(Transformers(folder, beams, batch, threads))
        return engines

    def row(self, shape, threads, batch, beams, lengths):
        # as much work as keeps a slow engine some seconds; the others get the same kind, fewer rows of it
        rows = sources([LENGTH] * 128 if lengths == "30/30" else [4 + n * 56 // 127 for n in range(128)])
        random.Random(2).shuffle(rows)
        count = max(8 * batch * threads // (4 if batch > 1 else 1), 4 * threads)
        many, few = rows[: min(count, 128)], rows[: max(batch * threads, 2)]
        work = {"unlimited": many, "ctranslate2": many, "onnxruntime": many, "transformers": few}
        speeds = measure(self.engines(shape, threads, batch, beams), work, self.rounds)
        ours = speeds.pop("unlimited")
        cells = [shape, lengths, str(threads), str(batch), str(beams), ours]
        for peer in ("ctranslate2", "onnxruntime", "transformers"):
            cells += [speeds[peer], f"{ours / speeds[peer]:.2f}x"] if peer in speeds else ["", ""]
        line(cells)
        return dict(
            shape=shape, lengths=lengths, threads=threads, batch=batch, beam=beams, ours=ours, peers=speeds
        )

    def documents(self, shape):
        """A document of sentences of mixed length, with as many at once as the engine likes, beside the original's way:
        sentence by sentence."""
        rows = sources([4 + n * 56 // 255 for n in range(256)])
        random.Random(3).shuffle(rows)
        made = []
        original = Transformers(self.folders[shape], ORIGINAL_BEAMS, 1, 1)
        theirs = measure([original], {"transformers": rows[:6]}, self.rounds)["transformers"]
        for beams in (*BEAMS, ORIGINAL_BEAMS):
            for threads in THREADS:
                engine = Ours(self.program, self.folders[shape], beams, 64, threads)
                ours = measure([engine], {"unlimited": rows}, self.rounds)["unlimited"]
                line([shape, "document", str(threads), "", str(beams), ours, theirs, f"{ours / theirs:.2f}x"])
                made.append(dict(shape=shape, threads=threads, beam=beams, ours=ours, original=theirs))
        return made

    def text(self, speed, starter):
        """A text through the starter model, in characters per second."""
        plain = self.work / "starter-float"
        if not plain.exists():
            subprocess.run([sys.executable, str(QUANTISE), "float", str(starter), str(plain)], check=True)
        sentences = [case["text"] for case in json.loads(TEXT.read_text(encoding="utf-8"))["cases"]]
        work = {"unlimited": sentences, "transformers": sentences[::8]}
        made = []
        for beams in (1, DEFAULT_BEAMS, ORIGINAL_BEAMS):
            engines = [OursText(speed, starter, beams), TransformersText(plain, ORIGINAL_BEAMS)]
            speeds = measure(engines, work, self.rounds)
            ours, theirs = speeds["unlimited"], speeds["transformers"]
            line(["starter", "text", "1", "", str(beams), ours, theirs, f"{ours / theirs:.2f}x"])
            made.append(dict(shape="starter", threads=1, beam=beams, ours=ours, original=theirs))
        return made

    def memory(self, shape):
        """The most memory for a batch of 32 and four beams, and the time from the start of the process to the first
        sentence."""
        firsts = []
        for _ in range(self.rounds):
            engine = Ours(self.program, self.folders[shape], 1, 1, 1)
            firsts.append(engine.loaded + engine.translate(sources([LENGTH]))[1])
            engine.close()
        engine = Ours(self.program, self.folders[shape], 4, 32, 1)
        engine.translate(sources([LENGTH] * 128))
        engine.close()
        peak, weights = engine.peak_kb / 1000, models.parameters(**models.SHAPES[shape]) / 1e6
        first = statistics.median(firsts)
        print(f"{shape}: peak {peak:.0f} MB, {peak - weights:.0f} MB over {weights:.0f} MB of weights; first sentence after {first:.2f} s")
        return dict(shape=shape, peak_mb=peak, weights_mb=weights, first_sentence_s=first)


def main():
    # what the peers say of their exports and progress would hide the table
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    transformers.utils.logging.disable_progress_bar()
    program, speed, starter, work, out = sys.argv[1:6]
    rounds = int(sys.argv[6]) if len(sys.argv) > 6 else 3
    work = pathlib.Path(work)
    work.mkdir(parents=True, exist_ok=True)
    bench = Bench(program, pathlib.Path(starter), work, rounds)
    print(f"tokens per second, medians of {rounds} rounds\n")
    line(["shape", "tokens", "threads", "batch", "beams", "unlimited"] + ["ctranslate2", "", "onnxruntime", "", "transformers", ""])
    kinds = [(batch, "30/30") for batch in BATCHES] + [(32, "mixed")]
    rows = [
        bench.row(shape, threads, batch, beams, lengths)
        for shape in models.SHAPES
        for threads in THREADS
        for beams in BEAMS
        for batch, lengths in kinds
    ]
    documents = [row for shape in models.SHAPES for row in bench.documents(shape)]
    print("\ncharacters per second\n")
    text = bench.text(speed, pathlib.Path(starter))
    memory = [bench.memory(shape) for shape in models.SHAPES]
    report = dict(rows=rows, documents=documents, text=text, memory=memory)
    pathlib.Path(out).write_text(json.dumps(report, indent=1), encoding="utf-8")


main()
