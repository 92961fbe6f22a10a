"""Measures the engine beside CTranslate2, on the same weights and sentences, in one run.

    python engine.py MODEL_FOLDER SPEED_PROGRAM SENTENCES.json OUT.json

Both use int8 and one thread; of a model in int8, CTranslate2 gets the floats that the integers stand for. They take
turns, several rounds long; what counts is the median of the rounds. Tokens are those of the translations, counted for
both by the model's own SentencePiece model.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import ctranslate2
import sentencepiece

sys.path.append(str(pathlib.Path(__file__).parents[2] / "engine/training"))
import quantise

ROUNDS = 5
BATCHES = (1, 8, 32)
BEAMS = (1, 4)


class Ours:
    """The engine's example `speed`, kept running for all rounds."""

    def __init__(self, program, model, beams, batch, sentences):
        self.process = subprocess.Popen(
            [program, model, str(beams), str(batch), "int8"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.sentences = sentences
        json.loads(self.process.stdout.readline())  # how long loading took

    def translate(self):
        print(self.sentences, file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        return answer["seconds"], answer["translations"]


class CTranslate2:
    def __init__(self, folder, spm, beams, batch, sentences):
        self.translator = ctranslate2.Translator(folder, compute_type="int8", intra_threads=1, inter_threads=1)
        self.spm, self.beams, self.batch, self.sentences = spm, beams, batch, sentences

    def translate(self):
        began = time.perf_counter()
        translations = []
        for i in range(0, len(self.sentences), self.batch):
            tokens = [s + ["</s>"] for s in self.spm.encode(self.sentences[i : i + self.batch], out_type=str)]
            results = self.translator.translate_batch(tokens, beam_size=self.beams, max_batch_size=self.batch)
            translations += [self.spm.decode(result.hypotheses[0]) for result in results]
        return time.perf_counter() - began, translations


def tokens_per_second(spm, engine):
    seconds, translations = engine.translate()
    return sum(map(len, spm.encode(translations))) / seconds


def main():
    model, program, sentences_file, out = sys.argv[1:]
    spm = sentencepiece.SentencePieceProcessor(model_file=f"{model}/source.spm")
    cases = json.loads(pathlib.Path(sentences_file).read_text(encoding="utf-8"))["cases"]
    sentences = [" ".join(case["text"].split()) for case in cases]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        floats, converted, lines = f"{folder}/float", f"{folder}/ct2", f"{folder}/sentences.txt"
        quantise.convert(pathlib.Path(model), pathlib.Path(floats), quantise.to_float, "pt")
        ctranslate2.converters.TransformersConverter(floats).convert(converted, quantization="int8")
        pathlib.Path(lines).write_text("\n".join(sentences) + "\n", encoding="utf-8")
        print(f"{'beams':>5} {'batch':>5} {'unlimited':>10} {'CTranslate2':>12} {'ratio':>6}   (tokens/s, medians of {ROUNDS})")
        for beams in BEAMS:
            for batch in BATCHES:
                ours = Ours(program, model, beams, batch, lines)
                peer = CTranslate2(converted, spm, beams, batch, sentences)
                rounds = []
                for warm_up in [True] + [False] * ROUNDS:
                    pair = tokens_per_second(spm, ours), tokens_per_second(spm, peer)
                    if not warm_up:
                        rounds.append(pair)
                ours.process.stdin.close()
                mine, theirs = (statistics.median(r[side] for r in rounds) for side in (0, 1))
                print(f"{beams:5} {batch:5} {mine:10.0f} {theirs:12.0f} {mine / theirs:6.2f}", flush=True)
                rows.append(dict(threads=1, batch=batch, beam=beams, ours=mine, peers=dict(ctranslate2=theirs)))
    pathlib.Path(out).write_text(json.dumps(dict(rows=rows), indent=1))


main()
