"""The order that verdicts suggest: learned, judged, and used on a short list where it is better."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.engine.comparison import Comparison, Meeting
from matchcut.engine.pair_features import StoredRows, features, held_by, names
from matchcut.engine.snapshot import Snapshot
from matchcut.engine.verdicts import number_now
from matchcut.errors import TrainedRefused
from matchcut.learn import rerankers, reranking
from matchcut.learn.rerankers import Reranker
from matchcut.types import Verdict


@dataclass(frozen=True, slots=True)
class Learned:
    """What orders the short list of one flavor in one library, if anything does."""

    reranker: Reranker | None
    held: tuple[tuple[str, str], ...] = ()
    """Flavors that it sees, as `pair_features.names` has them."""
    note: str = ""
    """For the user: that it is used, or why it is not."""
    rows: StoredRows | None = None
    """What it compares, of the snapshot that it is for."""

    @property
    def name(self) -> str:
        """That of the reranker; empty for none."""
        return self.reranker.name if self.reranker else ""

    def order(
        self,
        comparison: Comparison,
        pairs: Sequence[tuple[int, int]],
        scores: Sequence[float],
        met: Sequence[Meeting],
        /,
    ) -> list[int]:
        """The places of the pairs, best first; of equals, as they were."""
        if self.reranker is None or self.rows is None or not pairs:
            return list(range(len(pairs)))
        seen = features(comparison, pairs, scores, met, self.held, self.rows)
        wanted = self.reranker.fitted.scores(seen)
        return [int(place) for place in np.argsort(-wanted, kind="stable")]


def learned_for(snapshot: Snapshot, flavor: str, at: Path, *, reframe: bool) -> Learned:
    """What was learned for a flavor, where a file says so and its features can be had here."""
    if not at.is_file():
        return Learned(None)
    try:
        found = rerankers.load(at)
    except TrainedRefused as error:
        return Learned(None, note=f"{error.sentence} The flavor's own order stays.")
    known = {f"{name} {identity}": (name, identity) for name, identity in held_by(snapshot)}
    seen = found.features[len(names((), reframe=reframe)) :]
    held = tuple(known[one] for one in seen if one in known)
    if found.flavor != flavor or names(held, reframe=reframe) != found.features:
        return Learned(
            None,
            note=f"What was learned from verdicts for '{flavor}' does not fit how this library is "
            "compared now; its own order stays. Run `matchcut train verdicts` again.",
        )
    told = found.judgement
    return Learned(
        found,
        held,
        f"Ordered as {told.pairs} verdicts suggest ({found.name}): average precision "
        f"{told.learned:.2f} on verdicts it had not seen, {told.own:.2f} by the flavor's own.",
        StoredRows(snapshot),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """The verdicts on pairs of one flavor, as something can be learned from them."""

    pairs: tuple[tuple[int, int], ...]
    """Numbers of the shots in the snapshot."""
    seen: NDArray[np.float64]
    """(N, D) features of each."""
    kept: NDArray[np.bool_]
    groups: NDArray[np.intp]
    """(N,) the film that is left, where there are enough films; else the shot."""
    held: tuple[tuple[str, str], ...]
    rows: StoredRows


def lesson(comparison: Comparison, verdicts: Iterable[Verdict]) -> Lesson:
    """What some verdicts teach; those on shots that are not compared here are passed over."""
    snapshot, scores = comparison.snapshot, comparison.scores
    held, rows = held_by(snapshot), StoredRows(snapshot)
    pairs: list[tuple[int, int]] = []
    own: list[float] = []
    met: list[Meeting] = []
    kept: list[bool] = []
    for one in verdicts:
        out, into = (number_now(snapshot, side) for side in one.sides)
        if out is None or into is None or scores.best(out, [into]) == [None]:
            continue
        pairs.append((out, into))
        own.append(float(scores.block((out, out + 1), (into, into + 1))[0, 0]))
        met += comparison.met(out, [into])
        kept.append(one.judgement == "keep")
    seen = features(comparison, pairs, own, met, held, rows)
    films = [int(snapshot.source_numbers[out]) for out, _ in pairs]
    shots = [int(snapshot.firsts[out]) for out, _ in pairs]
    group = films if len(set(films)) >= reranking.LEAST_GROUPS else shots
    _, groups = np.unique(np.array(group, np.int64), return_inverse=True)
    return Lesson(tuple(pairs), seen, np.array(kept, np.bool_), groups.reshape(-1), held, rows)


def learn(of: Lesson, flavor: str, *, reframe: bool) -> tuple[Reranker | None, reranking.Judgement]:
    """What a lesson teaches, where it is shown to be better than the flavor's own order."""
    told = reranking.judge(of.seen, of.kept, of.groups)
    if not told.used:
        return None, told
    fitted = reranking.fit(of.seen, of.kept)
    when = datetime.now(UTC).isoformat(timespec="seconds")
    return Reranker(flavor, names(of.held, reframe=reframe), fitted, told, when), told
