"""How ranking by several moments compares with one: `python -m tests.benchmarks.moments`.

    python -m tests.benchmarks.moments [--assets ../shared/assets] [--library DIR]

One JSON object a line. The frames of `subjects.json`, of which the subject is drawn by hand, stand
for the middles of their shots; beside each, silhouettes of up to four other moments of the same
shot are computed. Pairs of different groups are ranked by the middles alone, by the bare maximum
and the mean over all moments, and as the product ranks; a pair is right where the drawn subjects of
the middles overlap by so much. Other moments may match in truth as well and count as wrong all the
same, so what is lost to them is an upper bound.

With a library of films, the `fluke` of every flavor: how much higher a score must be to be e times
as rare among plainly compared moments of different films, between one in ten and one in a hundred.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut import flavors
from matchcut.errors import RepresentationMissing
from matchcut.moments import moments
from matchcut.scoring import Moments, MomentScores, RowNumbers
from matchcut.silhouettes.weight_free import WEIGHT_FREE
from matchcut.similarity import MaskIoU
from matchcut.types import Rows, Similarity, Span
from tests.benchmarks.lines import say
from tests.subjects.frames import Subject, decoded, first, listed_shots

OTHERS = 4
"""Moments besides the middle."""
APART = 6
"""Frames by which they differ from it at least."""
ALIKE = (0.5, 0.6)
RATE = 25
"""Frames a second, about: it only places the moments."""

Ranking = Callable[[NDArray[np.float32]], float]
"""A pair's score, given those of its moments; the plain one is the first of all."""


@dataclass(frozen=True)
class Seen:
    """A shot whose middle is drawn by hand, and silhouettes of its moments."""

    subject: Subject
    rows: Rows
    """(M,) of the middle first, then of the others."""


def seen(assets: Path) -> list[Seen]:
    """All shots of the list. Cost: some minutes."""
    found: list[Seen] = []
    for subject in first(assets):
        shot = listed_shots(assets)[subject.file, subject.frame]
        others = [
            moment
            for moment in moments(Span(*shot, Fraction(1, RATE)))
            if abs(moment - subject.frame) > APART
        ]
        nearest = sorted(others, key=lambda moment: abs(moment - subject.frame))[:OTHERS]
        wanted = [(moment, shot) for moment in (subject.frame, *nearest)]
        found.append(Seen(subject, WEIGHT_FREE.compute(decoded(assets / subject.file, wanted))))
    return found


def corrected(similarity: Similarity) -> Ranking:
    """The score that the product ranks by."""

    def score(cells: NDArray[np.float32]) -> float:
        def of(outgoing: RowNumbers, incoming: RowNumbers) -> NDArray[np.float32]:
            return cells[np.ix_(outgoing, incoming)]

        sides = (
            Moments(np.arange(length), np.array([0, length]), np.array([0]))
            for length in cells.shape
        )
        return float(MomentScores(of, of, 1, *sides, similarity.fluke).block((0, 1), (0, 1))[0, 0])

    return score


def average_precision(right: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Of pairs in the order of their scores, ties in the order given."""
    ordered = right[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    return float(precision[ordered].mean())


def rank(shots: Sequence[Seen]) -> None:
    """Says how well each ranking finds the pairs that are right."""
    similarity = MaskIoU()
    rankings: dict[str, Ranking] = {
        "middle": lambda cells: float(cells[0, 0]),
        "maximum": lambda cells: float(cells.max()),
        "mean": lambda cells: float(cells.mean()),
        "corrected": corrected(similarity),
    }
    truth = np.array([one.subject.truth().reshape(-1) for one in shots], np.float64)
    shared, area = truth @ truth.T, truth.sum(axis=1)
    overlap = shared / np.maximum(area[:, None] + area[None] - shared, 1)
    pairs = [
        (one, other)
        for one in range(len(shots))
        for other in range(one + 1, len(shots))
        if shots[one].subject.group != shots[other].subject.group
    ]
    cells = [
        similarity.pairwise(shots[one].rows["subject"], shots[other].rows["subject"])
        for one, other in pairs
    ]
    for name, ranking in rankings.items():
        scores = np.array([ranking(one) for one in cells])
        for alike in ALIKE:
            right = np.array([overlap[pair] >= alike for pair in pairs])
            found = average_precision(right, scores)
            say(f"moments.{name}", found, "average precision", alike=alike, pairs=len(pairs))


def flukes(library: Path) -> None:
    """Says the scale of the tail of every flavor on the films of a library."""
    from matchcut.engine.blend import blend
    from matchcut.engine.comparison import compared
    from matchcut.engine.snapshot import read_snapshot
    from matchcut.library import Library

    for flavor in flavors.flavors().values():
        for one in (flavor, *(each for each in flavor.variants if not each.needs_pretrained)):
            try:
                snapshot = read_snapshot(Library.open(library), (one,))
            except RepresentationMissing as error:
                sys.stderr.write(f"{error.sentence}\n")
                continue
            for reframe in (False, True) if one.reframe else (False,):
                comparison = compared(snapshot, blend(one.name), min_handle=1, reframe=reframe)
                leaving, entering = comparison.scores.leaving, comparison.scores.entering
                left = np.flatnonzero((leaving.plain >= 0) & snapshot.table.earliest)
                there = np.flatnonzero((entering.plain >= 0) & snapshot.table.earliest)
                scores = comparison.scores.scores(
                    leaving.numbers[leaving.plain[left]], entering.numbers[entering.plain[there]]
                )
                across = (
                    snapshot.source_numbers[left][:, None] != snapshot.source_numbers[there][None]
                )
                tenth, hundredth = np.quantile(scores[across], (0.9, 0.99))
                say(
                    f"fluke.{one.name}",
                    float((hundredth - tenth) / np.log(10)),
                    "score",
                    stated=one.similarity.fluke,
                    reframe=reframe,
                    pairs=int(across.sum()),
                )


def main() -> None:
    """Measures what there is footage for."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--assets", type=Path, default=Path("../shared/assets"))
    arguments.add_argument("--library", type=Path)
    asked = arguments.parse_args()
    if (asked.assets / "subjects.json").is_file():
        rank(seen(asked.assets))
    else:
        sys.stderr.write(f"No footage in {asked.assets}: ranking is not measured.\n")
    if asked.library is not None:
        flukes(asked.library)


if __name__ == "__main__":
    main()
