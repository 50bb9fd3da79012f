"""The clean plate of a stretch whose camera is held still, and what differs from it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.warping import Map

SAMPLED = 24
"""Frames at most from which a plate is put together."""
NOISES, LEVEL = 2.5, 2.0
"""A pixel differs by more than so many times its noise and so much of Lab."""
QUIET = 25
"""Percentile over time of a pixel's distance from the plate that is taken for its noise."""
HALF, STRONG = 0.5, 25.0
"""An edge lies where the difference is half of that beside it, as far as that is below this."""
SHADOW, DEEPEST = 0.5, 0.5
"""What a shadow counts of its difference, and how dark against the plate it is at most."""
OFTEN = 0.7
"""Share of the frames in which a pixel looks as the plate does, for the plate to be trusted."""


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """What stands still."""

    lab: Map
    """(h, w, 3)."""
    rgb: Map
    """(h, w, 3) 0 to 100."""
    seen: NDArray[np.bool_]
    """(h, w) where it was ever seen."""


def sampled(frames: int) -> slice:
    """The frames from which a plate of so many is put together."""
    return slice(None, None, max(1, frames // SAMPLED))


def usual(labs: Map) -> Plate:
    """What is seen most of the time: the median over time."""
    lab = np.median(labs[sampled(len(labs))], axis=0).astype(np.float32)
    return Plate(lab, _rgb(lab), np.ones(lab.shape[:2], np.bool_))


def uncovered(labs: Map, hidden: NDArray[np.bool_]) -> Plate:
    """What is seen while it is not hidden: the median over those times.

    Args:
        labs: (T, h, w, 3).
        hidden: (T, h, w).
    """
    chosen = sampled(len(labs))
    there = ~hidden[chosen]
    count = there.sum(axis=0)
    ordered = np.sort(np.where(there[..., None], labs[chosen], np.float32(np.inf)), axis=0)
    middle = np.maximum((count - 1) // 2, 0)[None, ..., None]
    lab = np.take_along_axis(ordered, np.broadcast_to(middle, (1, *labs.shape[1:])), axis=0)[0]
    seen = count >= min(2, len(ordered))
    lab = np.where(seen[..., None], lab, 0).astype(np.float32)
    return Plate(lab, _rgb(lab), seen)


def mixed(one: Plate, other: Plate, where: NDArray[np.bool_]) -> Plate:
    """One plate where it is asked for, the other elsewhere."""
    chosen = where[..., None]
    return Plate(
        np.where(chosen, one.lab, other.lab),
        np.where(chosen, one.rgb, other.rgb),
        np.where(where, one.seen, other.seen),
    )


def noise(labs: Map, plate: Plate) -> Map:
    """(h, w) by how much a pixel differs from the plate where nothing covers it."""
    chosen = labs[sampled(len(labs))]
    apart = lengths(chosen - plate.lab)
    each = np.percentile(apart, QUIET, axis=0).astype(np.float32)
    typical = float(np.median(each))
    return np.clip(cv2.blur(each, (3, 3)), 0.7 * typical, 3 * typical) + np.float32(0.3)


def differing(labs: Map, rgbs: Map, plate: Plate, quiet: Map) -> Map:
    """(T, h, w) how far each pixel differs from the plate, in what it must differ by: 1 and more.

    What is as the plate is, only darker, may be a shadow, and counts less.

    Args:
        labs: (T, h, w, 3).
        rgbs: (T, h, w, 3), 0 to 100.
        plate: To which they are compared.
        quiet: (h, w) as `noise`.
    """
    apart = lengths(labs - plate.lab)
    bright = np.square(lengths(plate.rgb)) + 1
    dimmed = np.clip(np.einsum("thwc,hwc->thw", rgbs, plate.rgb) / bright, DEEPEST, 1)
    left = lengths(rgbs - dimmed[..., None] * plate.rgb)
    shaded = np.minimum(apart, left + np.float32(SHADOW) * apart)
    apart = np.where(dimmed < 1, shaded, apart).astype(np.float32)
    least = NOISES * quiet + np.float32(LEVEL)
    brush = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    for one in apart:
        beside = cv2.dilate(cv2.blur(one, (3, 3)), brush)
        one /= np.maximum(least, np.minimum(np.float32(HALF) * beside, np.float32(STRONG)))
    return apart


def lengths(vectors: Map) -> Map:
    """(...) the lengths of (..., 3) vectors."""
    return np.asarray(np.sqrt(np.einsum("...c,...c->...", vectors, vectors)), np.float32)


def _rgb(lab: Map) -> Map:
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), np.float32) * 100
