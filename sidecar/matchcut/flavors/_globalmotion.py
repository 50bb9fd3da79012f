"""One similarity of the picture's plane between two frames, whatever else moves in them.

A similarity displaces the point w by a w + b: a point and its displacement give b, two give both.
Many such guesses are scored by how much of the picture follows them, and the best one is refined
by iterated least squares. What is near the edges of the picture counts more: subjects are in its
middle, and what is behind them is around.

Source: Fischler and Bolles 1981, "Random Sample Consensus", CACM 24(6); the loss: Beaton and Tukey
1974, Technometrics 16(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._frameflow import COLUMNS, ROWS, STANDS, Model, Points, Seen, Weights, flow
from matchcut.flavors._movement import AREA

Slack = tuple[float, float]
"""How far a point may stray from a model: widths, and a share of the model's own displacement."""

ROUGH: Slack = (0.004, 0.06)
FINE: Slack = (0.0012, 0.02)
FINEST: Slack = (0.0008, 0.01)
EDGE_WEIGHT = 8.0
"""How much more a point at the edge counts than one in the middle of the picture."""
LEAST = 0.03
"""Share of the picture that must be textured for its movement to be told."""
LARGEST = 0.5
"""Growth of a model at most: frames are never so far apart that the picture doubles."""
STILL = 0.0015
"""Widths by which a point that stands still may seem to move."""
_BLOCKS = (6, 8)
"""Rows and columns of blocks, of which each gives its most textured point to guess from."""
_PAIRED = 96
"""Guesses from two points."""
_REFINEMENTS = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """What happens between two frames."""

    place: Points
    """(18, 32) where the points are in the earlier frame."""
    flow: Points
    """(18, 32) displacement in widths."""
    texture: Weights
    """(18, 32) from 0 up, full from 1 on: how well it can be told."""
    model: Model
    """What the camera does."""
    support: float
    """0 to 1: share of what can be told that follows the model; 0 where nothing can."""


def searched(earlier: Seen, later: Seen, estimator: Any) -> Pair:
    """What the camera roughly does, of which nothing is known."""
    if _blank(earlier, later):
        return _nothing(earlier)
    moved, texture = flow(earlier, later, estimator, STANDS)
    guess = _best(moved, texture, earlier.place, ROUGH)
    return _refined(moved, texture, earlier.place, guess, ROUGH)


def settled(earlier: Seen, later: Seen, estimator: Any, about: Model) -> Pair:
    """What the camera exactly does, of which something is known."""
    if _blank(earlier, later):
        return _nothing(earlier)
    for slack in (FINE, FINEST):
        moved, texture = flow(earlier, later, estimator, about)
        guess = _best(moved, texture, earlier.place, slack)
        pair = _refined(moved, texture, earlier.place, guess, slack)
        about = pair.model
    return pair


def followed(earlier: Seen, later: Seen, estimator: Any, known: Model) -> Pair:
    """The flow where the camera does what is known of it, give or take some shake."""
    if _blank(earlier, later):
        return _nothing(earlier)
    moved, texture = flow(earlier, later, estimator, known)
    return _refined(moved, texture, earlier.place, known, FINE)


def standing(pair: Pair) -> float:
    """Share of the weight that stands still; of the picture's upper and lower half, the lesser.

    Titles and logos stand still as well, but hardly ever in both.
    """
    counts = _counted(pair.texture)
    still = counts * (np.abs(pair.flow) < STILL)
    halves = (slice(ROWS // 2), slice(ROWS // 2, None))
    return min(float(still[half].sum() / max(counts[half].sum(), 1e-6)) for half in halves)


def _counted(texture: Weights) -> Weights:
    """(18, 32) how much each point counts, 0 to `EDGE_WEIGHT`."""
    return np.asarray(np.minimum(texture, 1) * EDGES, np.float32)


def _blank(earlier: Seen, later: Seen) -> bool:
    return min(float(np.minimum(one.texture, 1).mean()) for one in (earlier, later)) < LEAST


def _nothing(earlier: Seen) -> Pair:
    place = earlier.place
    return Pair(place, np.zeros_like(place), np.zeros_like(earlier.texture), STANDS, 0.0)


def _best(moved: Points, texture: Weights, place: Points, slack: Slack) -> Model:
    """Of many guesses the one that most of the picture follows."""
    counts, w, f = _counted(texture).ravel(), place.ravel(), moved.ravel()
    growth, shift = _guesses(w, f, counts)
    error = f - (growth[:, None] * w + shift[:, None])
    near = _closeness(error, _allowed(growth, shift, slack)[:, None])
    best = int(np.einsum("ij,j->i", near, counts).argmax())
    return Model(complex(growth[best]), complex(shift[best]))


def _refined(moved: Points, texture: Weights, place: Points, model: Model, slack: Slack) -> Pair:
    counts, w, f = _counted(texture).ravel(), place.ravel(), moved.ravel()
    for _ in range(_REFINEMENTS):
        near = _closeness(f - model(w), _allowed(*model, slack))
        model = _least_squares(w, f, counts * near)
    near = _closeness(f - model(w), _allowed(*model, slack))
    support = float((near * counts).sum() / max(float(counts.sum()), 1e-6))
    return Pair(place, moved, texture, model, support)


def _allowed(growth: Any, shift: Any, slack: Slack) -> Any:
    """How far points may stray from a model, in widths."""
    return slack[0] + slack[1] * np.hypot(np.abs(shift), AREA * np.abs(growth))


def _closeness(error: Points, allowed: Any) -> Weights:
    """Tukey's weight: 1 where flow and model agree, 0 from three times what is allowed on."""
    off = (np.square(error.real) + np.square(error.imag)) / np.square(3 * allowed)
    return np.asarray(np.square(1 - np.minimum(off, 1)), np.float32)


def _least_squares(w: Points, f: Points, weight: Weights) -> Model:
    whole = max(float(weight.sum()), 1e-9)
    centre, mean = complex((weight * w).sum()) / whole, complex((weight * f).sum()) / whole
    off = w - np.complex64(centre)
    inertia = float((weight * (np.square(off.real) + np.square(off.imag))).sum())
    turned = complex((weight * np.conj(off) * (f - np.complex64(mean))).sum())
    a = turned / inertia if inertia > 1e-6 and abs(turned) < LARGEST * inertia else 0j
    return Model(a, mean - a * centre)


def _guesses(w: Points, f: Points, counts: Weights) -> tuple[Points, Points]:
    """Standing still, shifts by single points, and similarities by pairs of points far apart."""
    at = _textured(counts)
    one, other = at[_FAR[:, 0]], at[_FAR[:, 1]]
    paired = (f[one] - f[other]) / (w[one] - w[other])
    growth = np.concatenate([np.zeros(1 + len(at), np.complex64), paired])
    growth[np.abs(growth) > LARGEST] = 0
    known = np.concatenate([at[:1], at, one])
    shift = f[known] - growth * w[known]
    shift[0] = 0
    return growth, shift


def _textured(counts: Weights) -> NDArray[np.intp]:
    """The index of the most textured point of each block."""
    down, across = ROWS // _BLOCKS[0], COLUMNS // _BLOCKS[1]
    blocks = counts.reshape(_BLOCKS[0], down, _BLOCKS[1], across).swapaxes(1, 2)
    row, column = np.divmod(blocks.reshape(-1, down * across).argmax(axis=1), across)
    top, left = np.divmod(np.arange(_BLOCKS[0] * _BLOCKS[1]), _BLOCKS[1])
    return np.asarray((top * down + row) * COLUMNS + left * across + column)


def _far() -> NDArray[np.intp]:
    """(96, 2) pairs of blocks at least half a picture's width apart, evenly chosen from all."""
    row, column = np.divmod(np.arange(_BLOCKS[0] * _BLOCKS[1]), _BLOCKS[1])
    place = (column + 0.5) / _BLOCKS[1] + 1j * (row + 0.5) / _BLOCKS[0] * 9 / 16
    one, other = np.triu_indices(len(place), 1)
    far = np.flatnonzero(np.abs(place[one] - place[other]) > 0.5)
    chosen = far[np.linspace(0, len(far) - 1, _PAIRED).astype(int)]
    return np.stack([one[chosen], other[chosen]], axis=1)


def _edges() -> Weights:
    down = np.abs(np.linspace(-1, 1, ROWS))[:, None]
    across = np.abs(np.linspace(-1, 1, COLUMNS))[None, :]
    return np.asarray(1 + (EDGE_WEIGHT - 1) * np.square(np.maximum(down, across)), np.float32)


_FAR = _far()
EDGES = _edges()
"""(18, 32) how much each point counts where it has texture, 1 to `EDGE_WEIGHT`."""
