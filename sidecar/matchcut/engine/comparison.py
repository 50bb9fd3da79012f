"""The scores of a flavor, or of a blend, over the shots of one library."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matchcut.engine.blend import Blend
from matchcut.engine.snapshot import Snapshot
from matchcut.scoring import BlendedScores, PairScores, Part, rarity, row_table
from matchcut.types import Flavor, PartScore

SCORE_DIGITS = 6
"""Decimals of a score that are shown; scores are computed in single precision."""
SAMPLED = 256
"""Shots whose pairs tell how rare a score is: 65,000 of them, so one in 10,000 is told well."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, of which shots, and how."""

    snapshot: Snapshot
    wanted: Blend
    scores: PairScores | BlendedScores

    def block(self, outgoing: tuple[int, int], incoming: tuple[int, int], /) -> NDArray[np.float32]:
        """(N, M) scores of the shots `outgoing` (half-open range of shot numbers) to `incoming`."""
        return self.scores.block(outgoing, incoming)

    def parts(self, outgoing: int, incoming: int) -> tuple[PartScore, ...]:
        """What each flavor of a blend says of one pair; nothing for a flavor alone."""
        if isinstance(self.scores, PairScores):
            return ()
        pair = (outgoing, outgoing + 1), (incoming, incoming + 1)
        found: list[PartScore] = []
        for flavor, part in zip(self.wanted.flavors, self.scores.parts, strict=True):
            score = part.scores.block(*pair)
            found.append(
                PartScore(
                    flavor=flavor.name,
                    weight=part.weight,
                    score=round(float(score[0, 0]), SCORE_DIGITS),
                    rarity=round(float(part.rarity.of(score)[0, 0]), SCORE_DIGITS),
                )
            )
        return tuple(found)


def compared(snapshot: Snapshot, wanted: Blend) -> Comparison:
    """The scores of what is asked for.

    A flavor alone has its own. Those of a blend are made comparable by how rare they are among
    pairs of this library's shots, drawn at random but always alike.

    Cost: for a blend, the scores of up to 65,000 pairs a flavor.
    """
    tables = [
        _pair_scores(snapshot, flavor, identity)
        for flavor, identity in zip(wanted.flavors, snapshot.identities, strict=True)
    ]
    if len(tables) == 1:
        return Comparison(snapshot, wanted, tables[0])
    shots = _drawn(np.flatnonzero(snapshot.table.earliest))
    parts = tuple(
        Part(table, rarity(_sampled(table, shots), table.similarity.highest), weight)
        for table, weight in zip(tables, wanted.weights, strict=True)
    )
    return Comparison(snapshot, wanted, BlendedScores(parts))


def _pair_scores(snapshot: Snapshot, flavor: Flavor, identity: str) -> PairScores:
    counts = Counter(shot.source for shot in snapshot.shots)
    rows = [
        (
            counts[stored.source.digest],
            partial(snapshot.library.rows, stored.source.digest, stored.detector, identity),
        )
        for stored in snapshot.sources
    ]
    return PairScores(row_table(rows), flavor.similarity)


def _drawn(shots: NDArray[np.intp]) -> NDArray[np.int64]:
    """Up to `SAMPLED` of these shots, by increasing number."""
    chosen = np.random.default_rng(1).permutation(shots)[:SAMPLED]
    return np.sort(chosen).astype(np.int64)


def _sampled(scores: PairScores, shots: NDArray[np.int64]) -> NDArray[np.float32]:
    """The scores of all ordered pairs of different shots."""
    if len(shots) < 2:
        return np.zeros(0, np.float32)
    everyone = scores.between(shots, shots)
    return everyone[~np.eye(len(shots), dtype=np.bool_)]
