"""Products of vectors of whole numbers, exact whatever the order in which they are added up."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Vectors = NDArray[np.int16]
Numbers = NDArray[np.int64]


@njit(nogil=True, cache=True)
def _product(one: Vectors, other: Vectors) -> np.int64:
    total = np.int64(0)
    for number in range(len(one)):
        total += np.int64(np.int32(one[number]) * np.int32(other[number]))
    return total


@njit(nogil=True, cache=True)
def products(vectors: Vectors, one: Numbers, other: Numbers) -> NDArray[np.float64]:
    """(N, M) the product of each of the rows `one` of (R, D) vectors with each row `other`."""
    found = np.empty((len(one), len(other)), np.float64)
    for column in range(len(other)):
        for row in range(len(one)):
            found[row, column] = _product(vectors[one[row]], vectors[other[column]])
    return found


@njit(nogil=True, cache=True)
def products_along(vectors: Vectors, one: Numbers, other: Numbers) -> NDArray[np.float64]:
    """(N,) the product of each of the rows `one` with that of `other` beside it."""
    found = np.empty(len(one), np.float64)
    for place in range(len(one)):
        found[place] = _product(vectors[one[place]], vectors[other[place]])
    return found


def multiplied(vectors: Vectors, one: Numbers, other: Numbers) -> NDArray[np.float64]:
    """The products of rows `one` of some vectors with rows `other`.

    Args:
        vectors: (R, D).
        one: (N,), or (N, 1) where each is compared with all others.
        other: (N,), or (1, M).

    Returns:
        (N,) or (N, M).
    """
    if one.ndim == 2:
        return products(vectors, one[:, 0], other[0])
    return products_along(vectors, one, other)
