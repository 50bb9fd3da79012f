"""Fades: plain frames, black or white, and the transitions that lead to them and from them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchcut.shots._combined.signals import Floats
from matchcut.shots._combined.stretch import Stretch
from matchcut.types import Transition

PLAIN = 20.0
"""A frame is plain, black or white, if no tile lies further than this from it."""
LONGEST_PLAIN = 50
"""Plain frames that belong to the fades around them; more are a shot of their own."""


def is_plain(colours: Floats) -> NDArray[np.bool_]:
    """(T,) whether all tiles of a frame are black, or all are white."""
    tiles = colours.reshape(len(colours), -1)
    plain: NDArray[np.bool_] = (tiles.max(axis=1) < PLAIN) | (tiles.min(axis=1) > 255.0 - PLAIN)
    return plain


def plain_stretches(stretch: Stretch) -> list[tuple[int, int]]:
    """First place and place after the last of each plain stretch between pictures, if short."""
    mask = is_plain(stretch.signals.colours)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return [
        (start, end)
        for start, end in edges.reshape(-1, 2).tolist()
        if end - start <= LONGEST_PLAIN and start > 0 and end < len(stretch)
    ]


def over_plain(found: list[Transition], plain: list[tuple[int, int]]) -> list[Transition]:
    """A fade out and a fade in as one transition; a cut to black and one from it stay two.

    It cuts where black begins after a cut, or ends before one, else in the middle of the black.
    """
    joined: list[Transition] = []
    absorbed: set[Transition] = set()
    for start, end in plain:
        touching = [one for one in found if one.start <= end and start <= one.end]
        if all(one.start == one.end for one in touching):
            continue
        sudden = [one.cut for one in touching if one.start == one.end]
        cut = min([place for place in (start, end) if place in sudden], default=(start + end) // 2)
        first = min(start, *(one.start for one in touching))
        last = max(end, *(one.end for one in touching))
        joined.append(Transition(first, cut, last))
        absorbed.update(touching)
    return joined + [one for one in found if one not in absorbed]


def between_pictures(found: list[Transition], stretch: Stretch, *, ended: bool) -> list[Transition]:
    """What fades in at the film's beginning, or out at its end, joins no two shots."""
    plain, length = is_plain(stretch.signals.colours), len(stretch)

    def opens(one: Transition) -> bool:
        leader = one.start <= LONGEST_PLAIN and bool(plain[: one.start + 1].all())
        return stretch.first == 0 and leader

    def closes(one: Transition) -> bool:
        trailer = length - one.end <= LONGEST_PLAIN and bool(plain[one.end - 1 :].all())
        return ended and trailer

    return [one for one in found if one.start == one.end or not (opens(one) or closes(one))]
