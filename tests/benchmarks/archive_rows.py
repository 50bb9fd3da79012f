"""A drawn archive: unit vectors in clusters of clusters, source by source, seeded, on disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

SUPER, CENTRES = 200, 20_000
"""Centres of centres, and centres."""
SHARES = (0.42, 0.30, 0.28)
"""Variance that a row owes to its centre of centres, to its centre and to itself."""
PARETO = 1.2
"""Shape of the distribution of cluster sizes: a few are large, most are small."""
OWN = 20
"""Clusters from which a source takes half of its rows; the others come from all of them."""

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]


@dataclass(frozen=True)
class Archive:
    """Sources of `rows` vectors each, of `dimensions` numbers, alike wherever drawn with a seed."""

    sources: int
    rows: int = 2_000
    dimensions: int = 128
    seed: int = 7

    @cached_property
    def _spectrum(self) -> Floats:
        """(D,) standard deviation of every dimension: it decays, as after a network."""
        decaying = np.arange(1, self.dimensions + 1, dtype=np.float32) ** -0.35
        return np.asarray(decaying / np.sqrt((decaying**2).sum()), np.float32)

    @cached_property
    def _centres(self) -> Floats:
        random = np.random.default_rng(self.seed)
        above = random.standard_normal((SUPER, self.dimensions), np.float32)
        own = random.standard_normal((CENTRES, self.dimensions), np.float32)
        over = above[random.integers(SUPER, size=CENTRES)]
        mixed = np.sqrt(SHARES[0]) * over + np.sqrt(SHARES[1]) * own
        return np.asarray(mixed * self._spectrum, np.float32)

    @cached_property
    def _reach(self) -> NDArray[np.float64]:
        """(CENTRES,) chance of a cluster, summed up."""
        sizes = np.random.default_rng(self.seed + 1).pareto(PARETO, CENTRES) + 1
        return np.cumsum(sizes / sizes.sum())

    def drawn(self, source: int, rows: int | None = None) -> Halves:
        """(rows, D) float16 of unit length: the vectors of one source."""
        rows = self.rows if rows is None else rows
        random = np.random.default_rng((self.seed, 2, source))
        which = np.minimum(np.searchsorted(self._reach, random.random(rows)), CENTRES - 1)
        own = random.integers(CENTRES, size=OWN)
        which[: rows // 2] = own[random.integers(OWN, size=rows // 2)]
        found = random.standard_normal((rows, self.dimensions), np.float32)
        found *= np.sqrt(np.float32(SHARES[2])) * self._spectrum
        found += self._centres[which]
        found /= np.sqrt(np.einsum("nd,nd->n", found, found))[:, None]
        return found.astype(np.float16)

    def all(self) -> Iterator[tuple[int, Halves]]:
        """Every source's number and vectors."""
        for source in range(self.sources):
            yield source, self.drawn(source)
