"""Vectors in a few numbers each, which tell how far any two of them point the same way at most.

Each vector, brought to length 1, is laid along the few directions that say most of all of them,
and of what is left only the length is kept. By Cauchy and Schwarz, the cosine of two is at most
the product of what lies along these directions, plus that of the lengths of what is left.

Source of the directions: Eckart and Young 1936, "The approximation of one matrix by another of
lower rank", Psychometrika 1(3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matchcut.types import Rows

NUMBERS = 32
"""Directions along which vectors are laid, at most."""
SAMPLED = 512
"""Vectors that say which directions those are."""
SLACK = 4e-6
"""By how much single precision may make a cosine too small: `NUMBERS` products and their sum."""
_AT_ONCE = 1 << 12


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """Many vectors, each in `NUMBERS` numbers. Memory: 140 bytes a vector."""

    along: NDArray[np.float32]
    """(R, K) along each direction, of the vector at length 1; 0 where it has no length."""
    rest: NDArray[np.float32]
    """(R,) length of what is left of it."""
    length: NDArray[np.float64]
    """(R,) of the vector itself."""


def sketched(rows: Rows, vectors: Callable[[Rows], Rows] = np.asarray) -> Sketch:
    """The sketch of (R, D) vectors: of rows, or of what is made of some of them at a time.

    Cost: 10 µs a vector of 1,000 numbers.
    """
    count, step = len(rows), max(len(rows) // SAMPLED, 1)
    sample = vectors(rows[::step][:SAMPLED]).astype(np.float64)
    directions = _most_telling(_shortened(sample, np.sqrt(np.square(sample).sum(axis=1))))
    along = np.zeros((count, directions.shape[1]), np.float32)
    rest, length = np.zeros(count, np.float32), np.zeros(count)
    for start in range(0, count, _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        flat = vectors(rows[some]).astype(np.float64)
        length[some] = np.sqrt(np.einsum("nd,nd->n", flat, flat))
        laid = _shortened(flat @ directions, length[some])
        along[some] = laid
        left = (length[some] > 0) - np.square(laid).sum(axis=1)
        # A little more than it is, for what is lost by rounding.
        rest[some] = np.sqrt(np.maximum(left, 0) + 1e-12)
    return Sketch(along, rest, length)


def _shortened(vectors: NDArray[np.float64], lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, D) vectors over (N,) lengths; 0 where there is none."""
    by = lengths[:, None]
    return np.divide(vectors, by, out=np.zeros_like(vectors), where=by > 0)


def _most_telling(sample: NDArray[np.float64]) -> NDArray[np.float64]:
    """(D, up to NUMBERS) directions at right angles, along which (N, D) vectors lie most."""
    rows, numbers = sample.shape
    if rows >= numbers:
        return np.asarray(np.linalg.eigh(sample.T @ sample)[1][:, max(numbers - NUMBERS, 0) :])
    # Of few vectors, the same is told by how they lie to each other: a smaller problem.
    most = np.linalg.eigh(sample @ sample.T)[1][:, max(rows - NUMBERS, 0) :]
    return np.asarray(np.linalg.qr(sample.T @ most)[0])


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def cosine_at_most(
    along: NDArray[np.float32], rest: NDArray[np.float32], one: int, other: int
) -> float:
    """No more than this, and 1, is the cosine of the vectors `one` and `other` of a sketch."""
    total = rest[one] * rest[other]
    for number in range(along.shape[1]):
        total += along[one, number] * along[other, number]
    return float(min(total + SLACK, 1.0))


@njit(nogil=True, cache=True)
def cosines_at_most(
    along: NDArray[np.float32],
    rest: NDArray[np.float32],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
) -> NDArray[np.float32]:
    """(N, M) as `cosine_at_most`, of each of the rows `one` with each row `other`."""
    found = np.empty((len(one), len(other)), np.float32)
    for column in range(len(other)):
        for row in range(len(one)):
            found[row, column] = cosine_at_most(along, rest, one[row], other[column])
    return found
