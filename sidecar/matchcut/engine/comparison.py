"""The scores of a flavor, or of a blend, over the shots of one library, and where they cut best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import log

import numpy as np
from numpy.typing import NDArray

from matchcut.engine.blend import Blend
from matchcut.engine.moments import Frames, Handles, ShotMoments, ends, middles, moments_of
from matchcut.engine.snapshot import Snapshot
from matchcut.ranking import Find, Sift
from matchcut.scoring import (
    BlendedScores,
    BlendedTable,
    CompareRows,
    MomentScores,
    Part,
    RowNumbers,
    RowScores,
    RowTable,
    bounded,
    entries_of,
    find,
    rarity,
    row_table,
    sift,
)
from matchcut.types import Flavor, PartScore, Prepared, Preparing, Products, Similarity

SCORE_DIGITS = 6
"""Decimals of a score that are shown; scores are computed in single precision."""
SAMPLED = 256
"""Shots whose pairs tell how rare a score is: 65,000 of them, so one in 10,000 is told well."""
PREPARED, NUMBER = 1 << 30, 12
"""Bytes that vectors may take which are made ready once, and bytes of one of their numbers; where
they would take more, rows are read from the library as they are compared."""
DECADE = 1 / log(10)
"""Fluke of rarities: e times as rare is so many decades more."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where two shots meet best, as far as their stored moments tell."""

    leave: int
    """The last frame shown of the outgoing shot."""
    enter: int
    """The first frame shown of the incoming one."""
    rows: tuple[int, int]
    """The moments that were compared there, by number."""
    at_cut: float
    """What they score by themselves, without any reframing."""
    parts: tuple[PartScore, ...]
    """Of a blend, what each flavor says of them."""


@dataclass(frozen=True, slots=True)
class Sifting:
    """Finds what scores most without scoring all."""

    pairs: Callable[[tuple[int, int]], Sift] | None
    """Given which share of the work, from 0 on, and of how many equal ones. None where nothing
    tells what A to B scores, and B to A."""
    shots: Find


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, of which shots, and how."""

    snapshot: Snapshot
    wanted: Blend
    at: ShotMoments
    """The moments that are compared."""
    parts: tuple[Part, ...]
    """One a flavor, scored as it is without any reframing."""
    scores: MomentScores
    """What ranks: with reframing, where it is allowed."""
    handles: Handles
    sifting: Sifting | None
    """Finds what scores most without scoring all; None where nothing tells it."""

    def met(self, outgoing: int, incoming: Sequence[int]) -> list[Meeting]:
        """Where a shot meets each of some others best; they have moments at which they may."""
        best = [one for one in self.scores.best(outgoing, incoming) if one is not None]
        assert len(best) == len(incoming), "only pairs that score are asked about"
        found, left = [], self.handles.leaving(outgoing)
        for shot, rows, scores in zip(incoming, best, self._scores_at(best), strict=True):
            parts = self.part_scores(scores) if len(scores) > 1 else ()
            at_cut = self.mean_rarity(parts) if parts else scores[0]
            leave, enter = self._cut(outgoing, shot, rows)
            leave, enter = _within(leave, left), _within(enter, self.handles.entering(shot))
            found.append(Meeting(leave, enter, rows, round(at_cut, SCORE_DIGITS), parts))
        return found

    def _scores_at(self, rows: Sequence[tuple[int, int]]) -> list[list[float]]:
        """What each flavor says of each pair of moments."""
        leaving, one = np.unique([leave for leave, _ in rows], return_inverse=True)
        entering, other = np.unique([enter for _, enter in rows], return_inverse=True)
        scores = [part.of(leaving, entering)[one, other].tolist() for part in self.parts]
        return [list(at) for at in zip(*scores, strict=True)]

    def part_scores(self, scores: list[float]) -> tuple[PartScore, ...]:
        """The scores of each flavor with how rare they are."""
        return tuple(
            PartScore(
                flavor=flavor.name,
                weight=part.weight,
                score=round(score, SCORE_DIGITS),
                rarity=round(float(part.rarity.of(np.array([score], np.float32))[0]), SCORE_DIGITS),
            )
            for flavor, part, score in zip(self.wanted.flavors, self.parts, scores, strict=True)
        )

    def mean_rarity(self, parts: tuple[PartScore, ...]) -> float:
        """The score of a blend, given what its flavors say."""
        total = sum(part.weight * part.rarity for part in parts)
        return total / sum(part.weight for part in parts)

    def _cut(self, outgoing: int, incoming: int, rows: tuple[int, int]) -> Frames:
        """The frames at which two shots are cut, wherever they may be left and entered."""
        lead = self.wanted.lead
        leave, enter = (int(self.at.frame[row]) for row in rows)
        if lead.find_join is not None:
            sides = (
                self.snapshot.row(number, self.snapshot.identities[0])
                for number in (outgoing, incoming)
            )
            before, after = lead.find_join(*sides)
            leaving, entering = (self.snapshot.shots[one].clean for one in (outgoing, incoming))
            leave = self.snapshot.nearest_frame(
                outgoing, leaving.clamp(leaving.end - 1 - leaving.offset(before))
            )
            enter = self.snapshot.nearest_frame(
                incoming, entering.clamp(entering.start + entering.offset(after))
            )
        return leave, enter


def compared(
    snapshot: Snapshot, wanted: Blend, *, min_handle: int, reframe: bool, room: int = PREPARED
) -> Comparison:
    """The scores of what is asked for; vectors are made ready where they have `room`, in bytes.

    A flavor alone has its own. Those of a blend are made comparable by how rare they are among
    moments of this library's shots, drawn at random but always alike.

    Cost: opens two arrays a source and flavor; for a blend, the scores of up to 65,000 pairs of
    moments a flavor.
    """
    of = [moments_of(snapshot, identity) for identity in snapshot.identities]
    lead = moments_lead(wanted)
    at = of[lead]
    handles = Handles(snapshot, min_handle)
    if wanted.flavors[lead].find_join is None:
        plain_moments = middles if wanted.flavors[lead].similarity.symmetric else ends
        leaving, entering = handles.moments(at, plain_moments(at))
    else:
        leaving = entering = handles.shots(at)
    similar = [one.similarity for one in wanted.flavors]
    rough = [_rough(flavor) if reframe else flavor.similarity for flavor in wanted.flavors]
    tables = [_table(snapshot, number, each) for number, each in enumerate(of)]
    ready = [_ready(*each, room) for each in zip(tables, similar, strict=True)]
    plain = _parts(snapshot, wanted, at, of, similar, [one.compare for one in ready])
    scored, reframed = plain, ready
    if rough != similar:
        reframed = [
            one if as_it_is == moved else _ready(rows, moved, room)
            for one, rows, as_it_is, moved in zip(ready, tables, similar, rough, strict=True)
        ]
        scored = _parts(snapshot, wanted, at, of, rough, [one.compare for one in reframed])
    scores = MomentScores(
        plain=_together(plain),
        scores=_together(scored),
        ways=1 if scored is plain else 2,
        leaving=leaving,
        entering=entering,
        fluke=rough[0].fluke if len(rough) == 1 else DECADE,
    )
    comparison = Comparison(snapshot, wanted, at, plain, scores, handles, None)
    plainly = together = _prepared(at, plain, ready, similar)
    if scored is not plain:
        together = _prepared(at, scored, reframed, rough)
    if plainly is None or together is None:
        return comparison
    return replace(comparison, sifting=_sifting(comparison, plainly, together))


def _prepared(
    at: ShotMoments, parts: tuple[Part, ...], ready: list[_Ready], similar: list[Similarity]
) -> Prepared | None:
    """The moments that are compared, where it is quickly told what they score at most."""
    rows = [one.prepared for one in ready if one.prepared is not None]
    if len(rows) < len(ready) or not all(map(bounded, rows)):
        return None
    if len(rows) == 1:
        return rows[0]
    highest = tuple(one.highest for one in similar)
    return BlendedTable(parts, tuple(rows), highest, len(at.frame))


def _sifting(of: Comparison, plain: Prepared, rough: Prepared) -> Sifting:
    scores, firsts = of.scores, of.at.firsts
    shots = np.repeat(np.arange(len(firsts) - 1), np.diff(firsts))
    symmetric = of.wanted.symmetric
    every = entries_of(
        plain,
        rough,
        scores.leaving,
        scores.entering,
        shots,
        symmetric=symmetric,
        ways=scores.ways,
        fluke=scores.fluke,
    )
    found = partial(find, every)
    if not symmetric and (plain.bits or rough.bits):
        return Sifting(None, found)
    return Sifting(lambda part: partial(sift, every, part=part), found)


def moments_lead(wanted: Blend) -> int:
    """Which of the flavors has the moments that are compared.

    The first that has several: what has one row a shot says the same at all of its moments.
    """
    return next((n for n, one in enumerate(wanted.flavors) if one.find_join is None), 0)


def _together(parts: tuple[Part, ...]) -> CompareRows:
    return parts[0].of if len(parts) == 1 else BlendedScores(parts)


def _rough(flavor: Flavor) -> Similarity:
    return flavor.reframe.similarity if flavor.reframe else flavor.similarity


@dataclass(frozen=True, slots=True)
class _Ready:
    """The rows of one flavor, ready to be compared."""

    compare: CompareRows
    prepared: Prepared | None
    """Where its similarity prepares them."""


def _ready(rows: RowTable, similarity: Similarity, room: int) -> _Ready:
    """The rows of one of the flavors; vectors that have no room are not made ready."""
    if not isinstance(similarity, Preparing):
        return _Ready(RowScores(rows.held(), similarity), None)
    one = similarity.prepared(opens()[:1] for opens in rows.parts[:1])
    if isinstance(one, Products) and len(rows) * one.vectors.shape[1] * NUMBER > room:
        return _Ready(RowScores(rows, similarity), None)
    prepared = similarity.prepared(opens() for opens in rows.parts)
    return _Ready(prepared.pairwise, prepared)


def _parts(
    snapshot: Snapshot,
    wanted: Blend,
    at: ShotMoments,
    of: list[ShotMoments],
    similar: list[Similarity],
    compare: list[CompareRows],
) -> tuple[Part, ...]:
    drawn = _drawn(np.flatnonzero(snapshot.table.earliest), at)
    parts: list[Part] = []
    for number, similarity in enumerate(similar):
        rows = None if of[number] is at else _unless_same(at.nearest(of[number]))
        sampled = np.zeros(0, np.float32)
        if len(similar) > 1:
            sampled = _sampled(compare[number], drawn if rows is None else rows[drawn])
        curve = rarity(sampled, similarity.highest)
        parts.append(Part(compare[number], rows, curve, wanted.weights[number]))
    return tuple(parts)


def _unless_same(rows: RowNumbers) -> RowNumbers | None:
    """None where each moment has the row of its own number."""
    return None if np.array_equal(rows, np.arange(len(rows))) else rows


def _table(snapshot: Snapshot, flavor: int, at: ShotMoments) -> RowTable:
    """The rows of one of the flavors, given what they stand for."""
    first_shots = np.concatenate([[0], np.cumsum(snapshot.shot_counts)]).astype(np.int64)
    counts = np.diff(at.firsts[first_shots]).tolist()
    identity = snapshot.identities[flavor]
    return row_table(
        [(count, partial(snapshot.rows, number, identity)) for number, count in enumerate(counts)]
    )


def _drawn(shots: NDArray[np.intp], at: ShotMoments) -> RowNumbers:
    """The middle moment of up to `SAMPLED` of these shots, increasing."""
    chosen = np.sort(np.random.default_rng(1).permutation(shots)[:SAMPLED])
    return np.asarray((at.firsts[chosen] + at.firsts[chosen + 1]) // 2, np.int64)


def _sampled(scores: CompareRows, rows: RowNumbers) -> NDArray[np.float32]:
    """The scores of all ordered pairs of different ones."""
    if len(rows) < 2:
        return np.zeros(0, np.float32)
    everyone = scores(rows, rows)
    return everyone[~np.eye(len(rows), dtype=np.bool_)]


def _within(frame: int, allowed: Frames | None) -> int:
    assert allowed is not None, "only shots that may be cut to and from have moments"
    return min(max(frame, allowed[0]), allowed[1])
