"""What moves by itself: where flow strays from what the camera does, again and again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._frameflow import COLUMNS, ROWS, Points
from matchcut.flavors._globalmotion import EDGES, Pair
from matchcut.flavors._movement import GRID_HEIGHT, GRID_WIDTH

TEXTURED = 4.0
"""Texture, in the multiples of `Pair`, from which on a point may move by itself: of film grain on
a plain ground it is 2, and flow strays there at random."""
STRAYS = 0.0025
"""Widths between two frames from which on a point moves by itself: less is noise of the flow."""
PARALLAX = 0.25
"""And the share of what the camera does there: near and far things stray by that much without
moving."""
PRESENT = 0.25
"""Share of the time for which something must move in a cell."""
COHERENT = 0.7
"""Length of the mean velocity over mean speed from which on it is movement, and no flicker."""
TOGETHER = 0.3
"""Share of a cell's velocity that its neighbourhood must have on average: a cell alone is noise."""
SUPPORTED = 0.1
"""Share of the picture that must follow the camera for what does not to mean anything."""


AROUND = 0.15
"""Share of the picture that must stray for it to be the camera that moves forward or back."""
ALONG = 0.8
"""Cosine of the angle by which it may stray from the way out of one point."""
EXPLAINED = 0.8
"""Share of it that must do so."""
ONE_WAY = 0.8
"""Length of the mean direction, from which on it is one thing that moves one way."""


def subject(
    pairs: Sequence[Pair], lasting: Sequence[float], near: Sequence[float]
) -> NDArray[np.float32]:
    """The velocity of what moves by itself.

    Args:
        pairs: Between neighbouring frames.
        lasting: Seconds of each.
        near: How much each counts.

    Returns:
        (9, 16, 2) float32 in widths a second, x right and y down; 0 where nothing does.
    """
    weight, present, counted, speed = np.zeros((4, ROWS, COLUMNS))
    strayed = np.zeros((ROWS, COLUMNS), np.complex128)
    for pair, seconds, counts in zip(pairs, lasting, near, strict=True):
        if pair.support < SUPPORTED:
            continue
        model = pair.model(pair.place)
        off = pair.flow - model
        size = np.abs(off)
        trust = counts * (pair.texture > TEXTURED)
        own = trust * (size > STRAYS + PARALLAX * np.abs(model))
        weight += trust
        present += own
        # By its size, since flow is rounded off where something that moves meets what does not.
        counted += own * size
        strayed += own * size * off / seconds
        speed += own * size * size / seconds
    if _forward(pairs[0].place, strayed, present, weight):
        return np.zeros((GRID_HEIGHT, GRID_WIDTH, 2), np.float32)
    weight, present, counted, strayed, speed = map(
        _cells, (weight, present, counted, strayed, speed)
    )
    moves = (present > PRESENT * weight) & (np.abs(strayed) > COHERENT * speed)
    velocity = np.divide(strayed, counted, out=np.zeros_like(strayed), where=moves)
    alike = np.real(_neighbourhood(velocity) * np.conj(velocity))
    kept = velocity * (alike > TOGETHER * np.square(np.abs(velocity)))
    return np.asarray(np.stack([kept.real, kept.imag], axis=-1), np.float32)


def _forward(
    place: Points, strayed: NDArray[Any], present: NDArray[Any], weight: NDArray[Any]
) -> bool:
    """Whether what strays flows out of one point, or into it, all around the picture.

    That is what is near a camera that moves forward or back: no similarity of the plane.
    """
    moves = present > PRESENT * weight
    counts = (present * EDGES)[moves]
    if counts.sum() <= AROUND * (weight * EDGES).sum():
        return False
    way = strayed[moves] / np.maximum(np.abs(strayed[moves]), 1e-9)
    across = np.stack([-way.imag, way.real], axis=1)
    inertia = np.einsum("i,ij,ik->jk", counts, across, across) + 1e-6 * np.eye(2)
    off = np.einsum("i,ij,i->j", counts, across, np.imag(np.conj(way) * place[moves]))
    source = complex(*np.linalg.solve(inertia, off))
    out = place[moves] - source
    along = np.real(np.conj(way) * out) / np.maximum(np.abs(out), 1e-9)
    whole = counts.sum()
    one_way = abs((counts * way).sum()) / whole
    agreed = max((counts * (along > ALONG)).sum(), (counts * (along < -ALONG)).sum()) / whole
    return bool(agreed > EXPLAINED and one_way < ONE_WAY and abs(source) < 1)


def _cells(values: NDArray[Any]) -> NDArray[Any]:
    """The (9, 16) sums of (18, 32) points."""
    parts = values.reshape(GRID_HEIGHT, ROWS // GRID_HEIGHT, GRID_WIDTH, COLUMNS // GRID_WIDTH)
    return np.asarray(parts.sum(axis=(1, 3)))


def _neighbourhood(velocity: NDArray[Any]) -> NDArray[Any]:
    """The mean of each cell and the eight around it."""
    around = np.lib.stride_tricks.sliding_window_view(np.pad(velocity, 1), (3, 3))
    return np.asarray(around.mean(axis=(2, 3)))
