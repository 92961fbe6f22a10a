"""Scores a model as the engine runs it, with sacreBLEU, beside the published figures of other systems.

    python score.py PROGRAM MODEL_FOLDER BEAMS int8|f32 OUT_FOLDER EVALUATION_FOLDER [SET ...]

PROGRAM is the engine's example `speed`. EVALUATION_FOLDER has a folder for each set, and in it `*.source.de` and
`*.reference.en`, one sentence a line. The translations stay in OUT_FOLDER. `cargo xtask score` runs this.
"""

import json
import pathlib
import subprocess
import sys

import sacrebleu

SYSTEMS = ("google", "opus-mt", "argos", "nllb", "bergamot tiny", "bergamot base")

# BLEU as published by https://github.com/mozilla/firefox-translations-models (evaluation, German to English).
PUBLISHED = {
    "flores-dev": (43.1, 41.2, 37.0, 32.1, 39.6, 41.6),
    "wmt14": (37.4, 34.0, 30.0, 25.3, 33.5, 35.7),
    "wmt15": (36.1, 34.0, 30.8, 27.2, 33.5, 35.9),
    "wmt16": (42.3, 40.2, 36.4, 30.5, 39.6, 43.3),
}

BATCH = 4096  # sentences that the engine gets at once; it makes its own batches of like length


def only(folder, pattern):
    found = list(folder.glob(pattern))
    if len(found) != 1:
        sys.exit(f"{folder}: expected one file {pattern}, found {len(found)}")
    return found[0]


def lines(path):
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def folders(evaluation, names):
    """The folders of the named sets, or of all."""
    if not evaluation.is_dir():
        sys.exit(f"{evaluation} is no folder")
    if not names:
        names = sorted(folder.name for folder in evaluation.iterdir() if list(folder.glob("*.source.de")))
    if not names:
        sys.exit(f"{evaluation}: no folder in it has a file *.source.de")
    for name in names:
        if not (evaluation / name).is_dir():
            sys.exit(f"{evaluation}: there is no set {name}")
    return [evaluation / name for name in names]


def main():
    if len(sys.argv) < 7:
        sys.exit(__doc__)
    program, model, beams, precision, out, evaluation, *names = sys.argv[1:]
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    engine = subprocess.Popen(
        [program, model, beams, str(BATCH), precision], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    if not engine.stdout.readline():
        sys.exit(f"{model} does not load")
    bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()
    print(f"{model}, {precision}, beams {beams}")
    print("| set | sentences | BLEU | chrF | seconds |" + "".join(f" {system} |" for system in SYSTEMS))
    print("|---|---|---|---|---|" + "---|" * len(SYSTEMS))
    for folder in folders(pathlib.Path(evaluation), names):
        source, references = only(folder, "*.source.de"), lines(only(folder, "*.reference.en"))
        print(source.resolve(), file=engine.stdin, flush=True)
        answer = json.loads(engine.stdout.readline())
        translations = answer["translations"]
        if len(translations) != len(references):
            sys.exit(f"{folder}: {len(translations)} sentences, but {len(references)} references")
        (out / f"{folder.name}.en").write_text("\n".join(translations) + "\n", encoding="utf-8")
        scores = [score.corpus_score(translations, [references]).score for score in (bleu, chrf)]
        published = PUBLISHED.get(folder.name, ("",) * len(SYSTEMS))
        row = (folder.name, len(references), *(f"{score:.1f}" for score in scores), f"{answer['seconds']:.0f}", *published)
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
    print(f"BLEU {bleu.get_signature()}\nchrF {chrf.get_signature()}")
    print(f"The translations are in {out}. The systems' figures are published BLEU.")


main()
