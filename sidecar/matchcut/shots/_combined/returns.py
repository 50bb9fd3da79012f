"""Flashes, and what passes the lens: the picture changes, and then it is back."""

from __future__ import annotations

import numpy as np

from matchcut.shots._combined.signals import Floats


def unlike(colours: Floats) -> Floats:
    """(T, T) mean difference of the tiles of every frame to those of every other."""
    rows = colours.reshape(len(colours), -1)
    apart: Floats = np.abs(rows[:, np.newaxis] - rows[np.newaxis]).mean(axis=2)
    return apart


def returns(
    colours: Floats, first: int, last: int, *, back: int, ahead: int, factor: float, floor: float
) -> bool:
    """Whether a change over the frames `first` to `last` is undone.

    It is where some frame up to `back` before the change is like some frame up to `ahead` after
    it, and a frame between them is unlike both.

    Args:
        colours: (T, rows, columns, 3) of a stretch.
        first: First frame of the change, as a place in the stretch.
        last: Last frame of it.
        back: Frames before it that are asked.
        ahead: Frames after it that are asked.
        factor: How many times more unlike the frame between must be than the two are, ...
        floor: ... and by how much more than that.
    """
    start, end = max(0, first - back), min(len(colours), last + ahead + 1)
    distance = unlike(colours[start:end])
    for before in range(first - start + 1):
        for after in range(max(last + 1 - start, before + 2), end - start):
            between = slice(before + 1, after)
            away = np.minimum(distance[before, between], distance[after, between]).max()
            if away > factor * distance[before, after] + floor:
                return True
    return False


def returns_at_nearest(
    colours: Floats, first: int, last: int, *, back: int, ahead: int, factor: float, floor: float
) -> bool:
    """As `returns`, but asked only of the two frames before and after that are most alike."""
    start, end = max(0, first - back), min(len(colours), last + ahead + 1)
    if first < 0 or end <= last + 1:
        return False
    distance = unlike(colours[start:end])
    across = distance[: first - start + 1, last + 1 - start :]
    before, after = np.unravel_index(int(np.argmin(across)), across.shape)
    after += last + 1 - start
    between = slice(int(before) + 1, int(after))
    away = np.minimum(distance[before, between], distance[after, between])
    return bool(away.size and away.max() > factor * distance[before, after] + floor)
