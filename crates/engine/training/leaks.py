"""Fails when a line of an evaluation set is in the training data, on either side, case and punctuation ignored.

    python leaks.py train.tsv.xz evaluation/flores-dev evaluation/wmt16

An evaluation set is a folder with `*.source.de` and `*.reference.en`, one sentence a line.
"""

import lzma
import pathlib
import sys
import unicodedata


def pairs(path):
    """The lines of the training data as (source, German, English)."""
    with (lzma.open if str(path).endswith(".xz") else open)(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            fields = line.rstrip("\n").split("\t")
            if len(fields) != 3:
                sys.exit(f"{path}:{number}: expected `source TAB German TAB English`, found {len(fields)} fields")
            yield fields


def key(text):
    """What is compared: letters and digits alone, in lower case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def protected(folders):
    """Every line of the evaluation sets by its key, with the file it stands in."""
    lines = {}
    for folder in map(pathlib.Path, folders):
        files = sorted(folder.glob("*.source.de")) + sorted(folder.glob("*.reference.en"))
        if not files:
            sys.exit(f"{folder}: no *.source.de and no *.reference.en in this folder")
        for file in files:
            with file.open(encoding="utf-8") as text:
                for number, line in enumerate(text, 1):
                    if key(line):
                        lines.setdefault(key(line), f"{file}:{number}")
    return lines


def find(path, folders):
    """Yields (line of the training data, place in the evaluation sets) for every leak."""
    lines = protected(folders)
    for number, (_, german, english) in enumerate(pairs(path), 1):
        for side in (german, english):
            if place := lines.get(key(side)):
                yield number, place


def stop_if_any(path, folders):
    """Ends the program when a line of an evaluation set is in the training data."""
    found = list(find(path, folders))
    for number, place in found[:20]:
        print(f"{path}:{number} is {place}", file=sys.stderr)
    if found:
        sys.exit(f"{len(found)} lines of the training data are in an evaluation set: remove them")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    stop_if_any(sys.argv[1], sys.argv[2:])
    print("no line of an evaluation set is in the training data")
