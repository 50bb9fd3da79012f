"""The cosine of embeddings as they are, without anything learned from labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matchcut.learn.features import features_of
from matchcut.learn.pairs import Floats, Pairs
from matchcut.learn.scorers import Given, Scorer
from matchcut.learn.vectors import Matrix, encoders_in

_PREFIX = "cosine:"


@dataclass(frozen=True, slots=True)
class _Cosine:
    encoder: str
    folder: Path

    @property
    def name(self) -> str:
        return _PREFIX + self.encoder

    def score(self, pairs: Pairs, /) -> Floats:
        """0 where a vector is all zero."""
        features = features_of(self.folder, [self.encoder], pairs.shots)
        one, other = (_unit(side) for side in features.sides(pairs))
        return np.asarray(np.einsum("nd,nd->n", one, other))


def _unit(rows: Matrix) -> Floats:
    exact = rows.astype(np.float64)
    length = np.linalg.norm(exact, axis=1, keepdims=True)
    return np.asarray(np.divide(exact, length, out=np.zeros_like(exact), where=length > 0))


class _Cosines:
    name = "cosine"
    usage = f"{_PREFIX}ENCODER, with --embeddings"

    def offered(self, given: Given, /) -> Sequence[str]:
        if given.embeddings is None:
            return ()
        return tuple(_PREFIX + one for one in encoders_in(given.embeddings))

    def scorer(self, name: str, given: Given, /) -> Scorer | None:
        if given.embeddings is None or not name.startswith(_PREFIX):
            return None
        return _Cosine(name.removeprefix(_PREFIX), given.embeddings)


SCORERS = _Cosines()
