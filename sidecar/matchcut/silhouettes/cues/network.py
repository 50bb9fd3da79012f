"""The trained numbers, and what they say of a frame: how likely each cell shows its main subject.

Three parts share the work. A logistic regression over the maps is right about most frames. Its
answer is looked at as colours: which cells have the colours of what it found, and what GrabCut
makes of it. Small convolutional networks then see all of it, with the surroundings of each cell.
What they say is averaged with the regression, which errs in other places than they do.

The numbers are in `head.safetensors`, trained on hand-drawn masks by
`python -m tests.benchmarks.silhouettes --fit`, which is also where they are measured (docs:
silhouette-card). They run in numpy: 40,000 numbers are not worth loading a framework for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import COLUMNS, ROWS

DILATIONS = (1, 2, 4, 8, 1)
"""Distance between the cells that each 3 x 3 layer sees."""
SHARE = 0.55
"""Of the networks in the answer; the rest is the regression's."""

Numbers = Mapping[str, NDArray[np.float32]]
_FILE = Path(__file__).with_name("head.safetensors")


@cache
def numbers() -> Numbers:
    """The trained numbers by name.

    `regression.weight` (32,), `regression.bias` (1,); of each network N, `N.mean` and `N.spread`
    (C,), `N.skip` (C + 1,), `N.enter` (W, C + 1), `N.L.around` (W, 9·W + 1) and `N.L.whole` (W, W)
    of its layer L, `N.leave` (W + 1,): the last number of each row is the bias. `confidence` (S,).
    """
    from safetensors.numpy import load_file

    # Stored in half precision where that is enough; computed with in single.
    return {name: value.astype(np.float32) for name, value in load_file(_FILE).items()}


def digest() -> str:
    """Hex digest of the trained numbers; whatever else the file says does not change it."""
    hashed = hashlib.blake2b(digest_size=16)
    for name in sorted(numbers()):
        hashed.update(f"{name}{numbers()[name].shape}".encode())
        hashed.update(numbers()[name].astype("<f4").tobytes())
    return hashed.hexdigest()


def regressed(trained: Numbers, simple: NDArray[np.float32]) -> NDArray[np.float32]:
    """(36, 64) float32, 0 to 1: what the regression says of the (32, 36, 64) simple features."""
    weight = trained["regression.weight"].astype(np.float64)
    return _sigmoid(np.tensordot(weight, simple, 1) + float(trained["regression.bias"][0]))


def networks(trained: Numbers) -> tuple[str, ...]:
    """The names of the convolutional networks."""
    return tuple(sorted({name.split(".")[0] for name in trained if name.endswith(".enter")}))


def convolved(trained: Numbers, network: str, seen: NDArray[np.float32]) -> NDArray[np.float32]:
    """(36, 64) float32, 0 to 1: what one network says of the (C, 36, 64) features it sees.

    Cost: about 4 ms on one core.
    """
    of = {name.removeprefix(f"{network}."): value for name, value in trained.items()}
    scaled = (seen - of["mean"][:, None, None]) / of["spread"][:, None, None]
    flat = _with_one(scaled.reshape(len(scaled), -1))
    hidden = np.maximum(of["enter"] @ flat, 0)
    for layer, dilation in enumerate(DILATIONS):
        around = of[f"{layer}.around"] @ _with_one(_surroundings(hidden, dilation))
        whole = of[f"{layer}.whole"] @ hidden.mean(axis=1)
        hidden = hidden + np.maximum(around + whole[:, None], 0)
    total = of["leave"] @ _with_one(hidden) + of["skip"] @ flat
    return _sigmoid(total.reshape(ROWS, COLUMNS))


def _surroundings(hidden: NDArray[np.float32], dilation: int) -> NDArray[np.float32]:
    """(9·W, cells): for each cell the W values of it and its eight neighbours, row by row."""
    wide = len(hidden)
    padded = np.pad(
        hidden.reshape(wide, ROWS, COLUMNS), ((0, 0), (dilation, dilation), (dilation, dilation))
    )
    shifted = [
        padded[:, down : down + ROWS, across : across + COLUMNS].reshape(wide, -1)
        for down in (0, dilation, 2 * dilation)
        for across in (0, dilation, 2 * dilation)
    ]
    return np.concatenate(shifted)


def _with_one(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate([rows, np.ones((1, rows.shape[1]), np.float32)])


def _sigmoid(values: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -40, 40))), np.float32)
