"""Whether a stretch has a clean plate that can tell its subject at all, before much is computed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.plates import plate
from matchcut.silhouettes.plates.small import Stretch, shrunk
from matchcut.silhouettes.plates.steady import Held, held
from matchcut.silhouettes.warping import Map

Flags = NDArray[np.bool_]

TRIED, COARSELY = 12, 2
"""Frames that are asked, beside those of known masks, and pixels along a side of a cell in them."""
FEWEST = 3
"""Frames below which nothing is seen most of the time."""
LEAST_LEFT = 0.3
"""Share of the known masks that the subject must have left."""
HARDLY = 0.1
"""Share of the known masks below which what is behind them shows."""
STANDS = 0.8
"""Share of what is behind the subject that must look alike most of the time."""
MOSTLY = 0.8
"""Share of the frames that is most of the time."""
OFTEN, OTHER = 0.2, 8.0
"""Share of the frames in which a pixel of a known mask must look otherwise, and by how much of Lab,
for the subject to have left it."""
LEAST_TRUST = 0.05
"""What a mask of no confidence counts: it may be all that is known."""
OUTER = 0.22
"""Share of the picture, at the left, right and top, where what is behind the subject is asked."""


def passed(
    pictures: NDArray[np.uint8],
    seconds: NDArray[np.float64],
    masks: Flags,
    trust: NDArray[np.float32],
    at: NDArray[np.intp],
) -> bool:
    """Whether what is behind the subject stands still, and the subject leaves its place.

    Only some of the frames are asked, and coarsely.

    Args:
        pictures: (T, H, W, 3) as `Picture`.
        seconds: (T,) when each is shown.
        masks: (K, 36, 64) known ones, on the canvas.
        trust: (K,) their confidence.
        at: (K,) in which frames they are known.

    Cost: about 15 ms; 30 ms where the camera moves.
    """
    if len(pictures) < FEWEST:
        return False
    every = max(1, -(-len(pictures) // TRIED))
    chosen = np.union1d(np.arange(0, len(pictures), every), at)
    stretch = Stretch.of(pictures[chosen], seconds[chosen], COARSELY)
    steady = held(stretch, hidden(stretch, masks) < HARDLY)
    if steady is None:
        return False
    places = np.searchsorted(chosen, at)
    known = shown(steady, masks, places)
    return left(steady, known, trust, places) >= LEAST_LEFT and stands(steady, known)


def hidden(stretch: Stretch, masks: Flags) -> Map:
    """(h, w) how much of each pixel any of the known masks covers."""
    return np.asarray(np.max([shrunk(mask, stretch) for mask in masks], axis=0), np.float32)


def shown(steady: Held, masks: Flags, at: NDArray[np.intp]) -> list[Flags]:
    """(K,) of (h, w) the known masks, in the held frames."""
    return [
        steady.taken(shrunk(mask, steady.stretch), frame) > 0.5
        for mask, frame in zip(masks, at.tolist(), strict=True)
    ]


def stands(steady: Held, known: Sequence[Flags]) -> bool:
    """Whether what is behind the subject looks alike most of the time.

    Args:
        steady: The frames.
        known: (K,) of (h, w), where the subject is in some of them.
    """
    labs = steady.stretch.labs
    most = plate.usual(labs)
    apart = plate.lengths(labs - most.lab)
    alike = apart < plate.NOISES * plate.noise(labs, most) + plate.LEVEL
    behind = outer(alike.shape[1:]) & ~np.any(np.stack(known), axis=0)
    if not behind.any():
        return False
    often = (alike | ~steady.inside)[:, behind].mean(axis=0) >= MOSTLY
    return float(often.mean()) >= STANDS


def left(
    steady: Held, known: Sequence[Flags], trust: NDArray[np.float32], at: NDArray[np.intp]
) -> float:
    """The share of the known masks, by trust, that their subject left at other times.

    Args:
        steady: The frames.
        known: (K,) of (h, w), the known masks.
        trust: (K,) their confidence.
        at: (K,) in which frames they are known.
    """
    labs = steady.stretch.labs
    chosen = plate.sampled(len(labs))
    total, gone = 0.0, 0.0
    for mask, confidence, frame in zip(known, trust.tolist(), at.tolist(), strict=True):
        apart = plate.lengths(labs[chosen][:, mask] - labs[frame][mask])
        otherwise = ((apart > OTHER) & steady.inside[chosen][:, mask]).mean(axis=0) > OFTEN
        weight = max(confidence, LEAST_TRUST)
        total += weight * len(otherwise)
        gone += weight * float(otherwise.sum())
    return gone / max(total, 1e-6)


def outer(shape: tuple[int, ...]) -> Flags:
    """(h, w) near the left, right and upper border: people come and go through the lower one."""
    down, across = np.mgrid[: shape[0], : shape[1]]
    beside = np.minimum(across, shape[1] - 1 - across) < OUTER * shape[1]
    return np.asarray((down < OUTER * shape[0]) | (beside & (down < (1 - OUTER) * shape[0])))
