"""What models see of a pair of shots: the vectors of both, put together.

Several encoders are joined end to end, and then count as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from matchcut.errors import FeaturesUnfit
from matchcut.learn.pairs import Floats, Pairs, Shot
from matchcut.learn.vectors import Encoded, Matrix, gathered, open_vectors


@dataclass(frozen=True, eq=False)
class ShotFeatures:
    """The vectors of some shots, by one encoder or several."""

    encoded: tuple[Encoded, ...]
    """Those that made them, in the order in which they are joined."""
    shots: tuple[Shot, ...]
    """(N,) which."""
    rows: Matrix
    """(N, D)."""

    @cached_property
    def _place(self) -> dict[Shot, int]:
        return {shot: at for at, shot in enumerate(self.shots)}

    def places(self, shots: Sequence[Shot]) -> NDArray[np.intp]:
        """(M,) where the vectors of some of the shots are."""
        return np.fromiter((self._place[shot] for shot in shots), np.intp, len(shots))

    def sides(self, pairs: Pairs) -> tuple[Matrix, Matrix]:
        """(M, D) each: the vectors of the outgoing and of the incoming shots of pairs of them."""
        return self.rows[self.places(pairs.outgoing)], self.rows[self.places(pairs.incoming)]


def features_of(folder: Path, encoders: Sequence[str], shots: Iterable[Shot]) -> ShotFeatures:
    """The vectors of some shots, from a folder of embeddings; the errors are those of reading."""
    listed = tuple(shots)
    opened = [open_vectors(folder, encoder) for encoder in encoders]
    rows = [gathered(one, listed) for one in opened]
    joined = rows[0] if len(rows) == 1 else np.concatenate(rows, axis=1)
    return ShotFeatures(tuple(one.encoded for one in opened), listed, joined)


@dataclass(frozen=True, slots=True)
class Aggregation:
    """How the vectors of two shots become what a classifier sees."""

    name: str
    symmetric: bool
    """Whether A to B looks as B to A does."""
    of: Callable[[Matrix, Matrix], Matrix]


def _half(a: Matrix, b: Matrix) -> Matrix:
    # The same to the last bit whichever comes first.
    return np.asarray((a + b) * np.float32(0.5))


def _side_by_side(a: Matrix, b: Matrix) -> Matrix:
    return np.concatenate([a, b], axis=1)


def _apart(a: Matrix, b: Matrix) -> Matrix:
    return np.asarray(np.abs(a - b))


def _product(a: Matrix, b: Matrix) -> Matrix:
    return np.asarray(a * b)


AGGREGATIONS = MappingProxyType(
    {
        one.name: one
        for one in (
            Aggregation("mean", True, _half),
            Aggregation("concat", False, _side_by_side),
            Aggregation("abs_diff", True, _apart),
            Aggregation("product", True, _product),
        )
    }
)
"""By name. The first three are the paper's."""


def check_fit(model: Path | str, wants: tuple[Encoded, ...], given: tuple[Encoded, ...]) -> None:
    """Refuses features that are not of the kind that a model was trained on.

    Raises:
        FeaturesUnfit: encoder, length, identity or order differ.
    """
    if wants != given:
        raise FeaturesUnfit(model, described(wants), described(given))


def described(encoded: Sequence[Encoded]) -> str:
    """What made features, for people; identities where they tell more than names."""
    return " + ".join(
        f"{one.encoder} ({one.length} numbers"
        + (f", {one.identity})" if one.identity != one.encoder else ")")
        for one in encoded
    )


def scale(rows: Matrix, share: Floats) -> tuple[Matrix, Matrix]:
    """(models, D) each: mean and deviation of (N, D) rows, of which (models, N) shares count.

    The deviation is 1 where all are the same but for rounding, so that it is not blown up.
    """
    exact = rows.astype(np.float64)
    mean = share @ exact
    deviation = np.sqrt(np.maximum(share @ exact**2 - mean**2, 0))
    flat = deviation <= 1e-6 * np.maximum(np.abs(mean), 1e-6)
    return mean.astype(np.float32), np.where(flat, 1, deviation).astype(np.float32)
