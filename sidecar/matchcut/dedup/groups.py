"""Groups of shots that look alike, whatever the order in which they are given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOCK = 2048


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

    Cost: N²·D/2 multiplications of float64, about 12·block² bytes.
    """
    count = len(embeddings)
    # In float32 a cosine's last digit depends on the shape of the block it is computed in, and a
    # pair at the threshold with it. The digits that float64 adds are rounded away again.
    exact = embeddings.astype(np.float64)
    first = list(range(count))

    def root(shot: int) -> int:
        while first[shot] != shot:
            first[shot] = first[first[shot]]
            shot = first[shot]
        return shot

    for row in range(0, count, block):
        for column in range(row, count, block):
            cosines = exact[row : row + block] @ exact[column : column + block].T
            alike = cosines.astype(np.float32) >= np.float32(threshold)
            if row == column:
                alike = np.triu(alike, k=1)
            for a, b in np.argwhere(alike).tolist():
                one, other = root(row + a), root(column + b)
                first[max(one, other)] = min(one, other)
    return np.array([root(shot) for shot in range(count)], np.int32)
