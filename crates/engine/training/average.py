"""Averages the weights of two exported models of one training, which often translates better than either.

    python average.py FOLDER OTHER_FOLDER OUT

Both are float models of the same shape and vocabulary: a checkpoint and what further training made of it. Every weight
of OUT is the mean of theirs (Wortsman et al., *Model soups*, 2022); the other files are those of FOLDER.
"""

import pathlib
import shutil
import sys

import numpy as np
from safetensors.numpy import load_file, save_file

WEIGHTS = "model.safetensors"


def average(one, other):
    if one.keys() != other.keys():
        raise SystemExit(f"the models differ in their tensors: {sorted(one.keys() ^ other.keys())}")
    return {name: ((one[name].astype(np.float32) + other[name].astype(np.float32)) / 2).astype(np.float16) for name in one}


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    folder, other, out = map(pathlib.Path, sys.argv[1:])
    shutil.copytree(folder, out)
    weights = average(load_file(folder / WEIGHTS), load_file(other / WEIGHTS))
    save_file(weights, out / WEIGHTS, metadata={"format": "pt"})


main()
