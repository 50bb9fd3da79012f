"""Classifiers of pairs. One file a kind.

A new one is one new file here with a constant `LEARNER`; other distributions add theirs through the
entry-point group `matchcut.learners`. What a learner has learned is a table of tensors: it can be
stored without running anything when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matchcut import registry
from matchcut.errors import LearnerUnknown
from matchcut.learn.pairs import Flags, Floats
from matchcut.learn.vectors import Matrix

Tensors: TypeAlias = Mapping[str, NDArray[Any]]
"""What was learned, by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The pairs that several models of one kind are to be fitted to, each to a resample of them."""

    rows: Matrix
    """(N, D) what is seen of each pair, as it is."""
    match: Flags
    """(N,)."""
    counts: NDArray[np.int64]
    """(models, N) how often each pair counts for each model."""
    mean: Matrix
    """(models, D) of the resample of each."""
    deviation: Matrix
    """(models, D) of the resample of each; 1 where all are alike."""

    def scaled(self, model: int) -> tuple[Matrix, Flags, NDArray[np.int64]]:
        """The pairs that count for one of the models, scaled for it; and how often they count."""
        used = np.flatnonzero(self.counts[model])
        rows = (self.rows[used] - self.mean[model]) / self.deviation[model]
        return rows, self.match[used], self.counts[model][used]


class Learner(Protocol):
    """A kind of classifier."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str:
        """What it is, in one line."""
        ...

    def fit(
        self, sample: Sample, seed: int, device: str, stop: Callable[[], bool], /
    ) -> list[Tensors]:
        """Fits a model to each resample; the same arguments give the same tensors.

        `device` is as PyTorch names it; a learner that has no use for it computes on the CPU.

        Raises:
            Cancelled: `stop`, which is asked now and then, said so.
            LearningMissing: the library that fits it is not installed.
        """
        ...

    def scores(self, tensors: Tensors, rows: Matrix, /) -> Floats:
        """(N,) how surely each pair matches, 0 to 1, given its scaled (N, D) rows.

        Each value depends on its own row alone.
        """
        ...


@cache
def learners() -> dict[str, Learner]:
    """Every kind of classifier by name."""
    return registry.discover(__name__, "LEARNER", "matchcut.learners")


def learner(name: str) -> Learner:
    """The kind of this name.

    Raises:
        LearnerUnknown: there is none.
    """
    known = learners()
    if name not in known:
        raise LearnerUnknown(name, list(known))
    return known[name]
