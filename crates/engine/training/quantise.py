"""Makes a folder of a model four times smaller, or a float model out of such a folder again.

    python quantise.py int8 FOLDER OUT
    python quantise.py float FOLDER OUT

The engine reads both. Other programs read the float model, whose weights are exactly what the integers stand for.
README.md describes the format.
"""

import pathlib
import shutil
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save

FORMAT = "unlimited-int8"
SCALE = ".scale"
WEIGHTS = "model.safetensors"


def is_matrix(name, values):
    return name.endswith(".weight") and values.ndim == 2


def rounded(values):
    """Integers from -127 to 127 and for each row the number by which they are multiplied."""
    largest = np.abs(values).max(axis=1)
    scales = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return np.rint(values / scales[:, None]).clip(-127, 127).astype(np.int8), scales


def to_int8(tensors):
    made = {}
    for name, values in tensors.items():
        if is_matrix(name, values):
            made[name], made[name + SCALE] = rounded(values)
        else:
            made[name] = values
    return made


def to_float(tensors):
    made = {}
    for name, values in tensors.items():
        if values.dtype == np.int8:
            values = values.astype(np.float32) * tensors[name + SCALE][:, None]
        if not name.endswith(SCALE):
            made[name] = values
    return made


def read(folder):
    """The tensors, floats of any width as float32."""
    with safe_open(folder / WEIGHTS, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    return {name: (value.float() if value.is_floating_point() else value).numpy() for name, value in tensors.items()}


def convert(folder, out, change, file_format):
    """Writes `out` with the weights of `folder` after `change`, and its other files as they are."""
    out.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        if file.name != WEIGHTS:
            shutil.copyfile(file, out / file.name)
    (out / WEIGHTS).write_bytes(save(change(read(folder)), metadata={"format": file_format}))


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("int8", "float"):
        sys.exit(__doc__)
    folder, out = map(pathlib.Path, sys.argv[2:])
    if sys.argv[1] == "int8":
        convert(folder, out, to_int8, FORMAT)
    else:
        convert(folder, out, to_float, "pt")


if __name__ == "__main__":
    main()
