"""Counting the bits that rows share, compiled: for many pairs at once, and for the few that matter.

Compiled when first called, which takes a second or two, and kept beside this file or in the user's
cache. No function holds Python's lock, so that threads count side by side.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matchcut.similarity.popcount import LIKELY, Words, fetch, shared_bits

Numbers = NDArray[np.int64]

AHEAD = 16
"""Rows by which one is fetched before its bits are counted: as many as a processor asks for."""


@njit(nogil=True, cache=True)
def shared(words: Words, others: Words, one: Numbers, other: Numbers) -> NDArray[np.float32]:
    """(N, M) how many bits each of the rows `one` of (R, W) words shares with each row `other`.

    Cost: 5 ns a pair of 36 words on one core, of which reading them is the most.
    """
    found = np.empty((len(one), len(other)), np.float32)
    for column in range(len(other)):
        for row in range(len(one)):
            found[row, column] = shared_bits(words, one[row], others, other[column])
    return found


@njit(nogil=True, cache=True)
def shared_along(words: Words, others: Words, one: Numbers, other: Numbers) -> NDArray[np.float32]:
    """(N,) how many bits each of the rows `one` shares with that of `other` beside it."""
    found = np.empty(len(one), np.float32)
    for place in range(len(one)):
        found[place] = shared_bits(words, one[place], others, other[place])
    return found


@njit(nogil=True, cache=True)
def sifted(
    words: Words,
    others: Words,
    areas: NDArray[np.float32],
    worth: NDArray[np.float32],
    luck: NDArray[np.float32],
    shots: NDArray[np.int64],
    near: NDArray[np.int64],
    order: Numbers,
    begin: int,
    end: int,
    at: int,
    least: float,
    needed: float,
    found: NDArray[np.int64],
) -> tuple[int, int]:
    """Finds pairs of rows that may score enough: some rows with all that come after them.

    A pair may score its overlap times the lesser worth, less both lucks. Rows come in the order of
    their areas, so that what overlaps too little by its area alone is a stretch that is passed by.

    Args:
        words: (R, W) of one row of a pair.
        others: (R, W) of the other: as a rule, the same.
        areas: (R,) set bits, at most 2^24.
        worth: (R,) at most 1.
        luck: (R,) at least 0.
        shots: (R,) the shot of each; pairs of one shot are passed by.
        near: (shots, 2) half-open ranges of shots that a shot may not meet.
        order: (n,) rows by increasing area.
        begin: Place in `order` of the first of the rows.
        end: Place after the last of them.
        at: Place in `order` of the other row to go on from; `begin` + 1 at first.
        least: What a pair must score.
        needed: What it must overlap at least, whatever its worth and luck; above 0.
        found: (room, 2) is filled with rows; no more than fit, and those of one other row.

    Returns:
        How many were found, and the place to go on from; `len(order)` once all is done.
    """
    count, room, low = 0, len(found) - (end - begin), begin
    while at < len(order):
        there = order[at]
        smallest = areas[there] * needed
        while low < end and areas[order[low]] < smallest:
            low += 1
        if low >= end:
            return count, len(order)
        if count > room:
            return count, at
        if worth[there] - luck[there] < least:
            at += 1
            continue
        for place in range(low, min(at, end)):
            here = order[place]
            if worth[here] - luck[here] < least:
                continue
            both = np.float32(shared_bits(words, here, others, there))
            either = areas[here] + areas[there] - both
            if both < needed * either:
                continue
            most = both / max(either, np.float32(1)) * min(worth[here], worth[there])
            if most - luck[here] - luck[there] < least:
                continue
            shot = shots[there]
            if near[shots[here], 0] <= shot < near[shots[here], 1]:
                continue
            found[count, 0], found[count, 1] = here, there
            count += 1
        at += 1
    return count, len(order)


@njit(nogil=True, cache=True)
def met(
    words: Words,
    others: Words,
    areas: NDArray[np.float32],
    worth: NDArray[np.float32],
    luck: NDArray[np.float32],
    kind: NDArray[np.int8],
    queries: Numbers,
    numbers: Numbers,
    at: int,
    end: int,
    least: float,
    found: NDArray[np.int64],
) -> tuple[int, int]:
    """Finds which of many rows may score enough with any of a few, as `sifted` tells.

    Args:
        words: (R, W) of the few.
        others: (R, W) of the many: as a rule, the same.
        areas: (R,) set bits, at most 2^24.
        worth: (R,) at most 1.
        luck: (R,) at least 0.
        kind: (R,) rows of different kinds are passed by.
        queries: (Q,) the few rows.
        numbers: (n,) the many.
        at: Place in `numbers` to go on from.
        end: Place after the last one that is asked about.
        least: What a pair must score; above 0.
        found: (room, 2) is filled with a row of the few and one of the many; `LIKELY` more must
            fit than are wanted, for each of the few.

    Returns:
        How many were found, and the place to go on from; `end` once all is done.

    Cost: 2 ns a row that is too large or too small, 10 ns one whose bits are counted, if memory
    keeps up.
    """
    count, room = 0, len(found) - LIKELY * len(queries)
    likely = np.empty(LIKELY + AHEAD, np.int64)
    while at < end and count <= room:
        stop = min(at + LIKELY, end)
        for here in queries:
            some = 0
            for place in range(at, stop):
                there = numbers[place]
                lost = luck[here] + luck[there]
                best = min(worth[here], worth[there])
                small, large = min(areas[here], areas[there]), max(areas[here], areas[there])
                enough = (small * best >= (least + lost) * large) & (small > 0)
                # Every row is written down, and the next one over it unless it counts: which ones
                # do cannot be guessed, and a wrong guess takes longer than all of this.
                likely[some] = there
                some += enough & (kind[here] == kind[there])
            likely[some : some + AHEAD] = here
            for place in range(some):
                fetch(others, likely[place + AHEAD])
                there = likely[place]
                both = np.float32(shared_bits(words, here, others, there))
                either = max(areas[here] + areas[there] - both, np.float32(1))
                lost = luck[here] + luck[there]
                if both / either * min(worth[here], worth[there]) - lost >= least:
                    found[count, 0], found[count, 1] = here, there
                    count += 1
        at = stop
    return count, at


@njit(nogil=True, cache=True)
def raise_to_overlaps(
    words: Words,
    others: Words,
    areas: NDArray[np.float32],
    worth: NDArray[np.float32],
    kind: NDArray[np.int8],
    one: Numbers,
    other: Numbers,
    wanted: NDArray[np.float32],
    found: NDArray[np.float32],
) -> None:
    """Raises (N, M) to what rows may score with others, where that may be enough.

    Args:
        words: (R, W) of the rows `one`.
        others: (R, W) of the rows `other`: as a rule, the same.
        areas: (R,) set bits, at most 2^24.
        worth: (R,) at most 1.
        kind: (R,) rows of different kinds are passed by.
        one: (N,) rows.
        other: (M,) rows.
        wanted: (N, M) what is enough.
        found: (N, M) is raised.
    """
    likely = np.empty(LIKELY + AHEAD, np.int64)
    for start in range(0, len(other), LIKELY):
        stop = min(start + LIKELY, len(other))
        for row in range(len(one)):
            here, some = one[row], 0
            for column in range(start, stop):
                there = other[column]
                small, large = min(areas[here], areas[there]), max(areas[here], areas[there])
                most = small / max(large, np.float32(1)) * min(worth[here], worth[there])
                alike = (kind[here] == kind[there]) & (small > 0)
                enough = alike & (most >= wanted[row, column])
                # As in `met`: no guess is to be made.
                likely[some] = column
                some += enough
                told = most if alike & ~enough else np.float32(0)
                found[row, column] = max(found[row, column], told)
            likely[some : some + AHEAD] = start
            for place in range(some):
                fetch(others, other[likely[place + AHEAD]])
                column = likely[place]
                there = other[column]
                both = np.float32(shared_bits(words, here, others, there))
                either = areas[here] + areas[there] - both
                most = both / either * min(worth[here], worth[there])
                found[row, column] = max(found[row, column], most)
