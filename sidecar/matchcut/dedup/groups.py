"""Groups of shots that look alike, whatever the order in which they are given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOCK = 2048
TOLD = 1 << 13
"""Pairs that are told in float64 at a time: 100 MB of vectors of 700 numbers."""


def duplicate_groups(
    embeddings: NDArray[np.float32], threshold: float, block: int = BLOCK
) -> NDArray[np.int32]:
    """(N,) for every shot the number of the first shot of its group, in the order given.

    Two shots are of one group when a chain of pairs, each with a cosine of at least `threshold`,
    joins them: so the groups do not depend on the order, and grouping the kept shots again
    changes nothing.

    Args:
        embeddings: (N, D) float32, rows of length 1.
        threshold: Smallest cosine of a repeat; it depends on what embedded the shots.
        block: Rows compared at a time; changes memory, never the result.

    Cost: N²·D/2 multiplications of float32, about 9·block² bytes, and 1 µs a pair that is alike.
    """
    count = len(embeddings)
    first, least = list(range(count)), np.float32(threshold)

    def root(shot: int) -> int:
        while first[shot] != shot:
            first[shot] = first[first[shot]]
            shot = first[shot]
        return shot

    for row in range(0, count, block):
        for column in range(row, count, block):
            alike = _alike(
                embeddings, slice(row, row + block), slice(column, column + block), least
            )
            if row == column:
                alike = np.triu(alike, k=1)
            for a, b in np.argwhere(alike).tolist():
                one, other = root(row + a), root(column + b)
                first[max(one, other)] = min(one, other)
    return np.array([root(shot) for shot in range(count)], np.int32)


def _alike(
    embeddings: NDArray[np.float32], rows: slice, columns: slice, threshold: np.float32
) -> NDArray[np.bool_]:
    """(N, M) whether the cosine of each of some rows with each of some others reaches a threshold.

    In float32 a cosine's last digit depends on the shape of the block it is computed in, and a pair
    at the threshold with it. Such pairs are told in float64, whose digits are rounded away again.
    """
    one, other = embeddings[rows], embeddings[columns]
    cosines = one @ other.T
    # Half a unit in the last place for each term: by no more is a product in float32 wrong.
    error = (embeddings.shape[1] + 4) * 2.0**-23
    alike = np.asarray(cosines >= threshold)
    unsure = np.flatnonzero(np.abs(cosines - threshold) <= error)
    for some in np.array_split(unsure, len(unsure) // TOLD + 1):
        a, b = np.divmod(some, len(other))
        exactly = np.einsum("kd,kd->k", one[a].astype(np.float64), other[b].astype(np.float64))
        alike.flat[some] = exactly.astype(np.float32) >= threshold
    return alike
