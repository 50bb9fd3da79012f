"""Refinement: the best frames to cut at within a second of the moments that were compared.

For each candidate, the rows of all frames near both cut frames are compared with each other, and
the two frames that are most alike become the cut; then a reframing is looked for. What was compared
already is among what is compared here, so nothing becomes worse.
"""

from __future__ import annotations

import os
from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from matchcut.engine.comparison import SCORE_DIGITS, Comparison
from matchcut.engine.neighbours import Neighbours, neighbours, shot_of
from matchcut.errors import MediaError, NotFoundError
from matchcut.types import Candidate, Flavor, Refined, Reframing, Similarity

STRIDE = 4
"""Frames between those looked at first, where each has to be computed by itself."""
REMEMBERED = 24
"""Moments whose neighbours are kept: the shot that was asked about meets many others."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """Two frames, by their places among the neighbours of either side."""

    leave: int
    enter: int
    score: float


class Refiner:
    """Refines candidates of one flavor or blend. May be used by many threads."""

    def __init__(self, comparison: Comparison, *, reframe: bool) -> None:
        self._comparison = comparison
        self._flavors = comparison.wanted.flavors
        self._reframe = reframe
        self._known: OrderedDict[tuple[int, int], Neighbours] = OrderedDict()
        self._having = Lock()

    def refined(self, candidate: Candidate) -> Refined:
        """The candidate with its best cut near the one it has; as it was, where none can be had.

        Raises:
            UsageError: it is none of this library's.
        """
        snapshot = self._comparison.snapshot
        shots = [shot_of(snapshot, side) for side in (candidate.outgoing, candidate.incoming)]
        if self._comparison.wanted.lead.find_join is not None:
            # Its join was found in what is heard, much finer than frames are.
            return Refined(replace(candidate, refined=True))
        around = [
            self._around(shot, side.cut_frame)
            for shot, side in zip(shots, (candidate.outgoing, candidate.incoming), strict=True)
        ]
        try:
            return Refined(self._best(candidate, shots, around))
        except (MediaError, NotFoundError) as error:
            return Refined(candidate, error.sentence)

    def _around(self, shot: int, frame: int) -> Neighbours:
        at = self._comparison.at
        row = at.nearest_row(shot, frame)
        with self._having:
            found = self._known.pop((shot, row), None)
            if found is None:
                found = neighbours(self._comparison.snapshot, self._flavors, at, shot, row)
            self._known[shot, row] = found
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found

    def _best(
        self, candidate: Candidate, shots: Sequence[int], around: Sequence[Neighbours]
    ) -> Candidate:
        given = candidate.outgoing.cut_frame, candidate.incoming.cut_frame
        allowed = self._allowed(shots, around, given)
        plain = self._searched(around, allowed, given, self._plain)
        cut, reframing = plain, None
        if self._reframe and any(flavor.reframe for flavor in self._flavors):
            rough = self._searched(around, allowed, given, self._rough)
            found = self._reframed(around, rough)
            if found is not None and self._moved_score(around, rough, found) > plain.score:
                cut, reframing = rough, found
        scores = self._part_scores(around, cut, reframing)
        comparison = self._comparison
        parts = comparison.part_scores(scores)
        leave, enter = around[0].frames[cut.leave], around[1].frames[cut.enter]
        at_cut = scores[0] if len(parts) == 1 else comparison.mean_rarity(parts)
        return replace(
            candidate,
            outgoing=comparison.snapshot.side(shots[0], leave),
            incoming=comparison.snapshot.side(shots[1], enter),
            at_cut=round(at_cut, SCORE_DIGITS),
            parts=parts if len(parts) > 1 else (),
            reframing=reframing,
            refined=True,
        )

    def _allowed(
        self, shots: Sequence[int], around: Sequence[Neighbours], given: tuple[int, int]
    ) -> list[list[int]]:
        """Places of the frames at which either side may be cut; the given ones always may be."""
        handles = self._comparison.handles
        ranges = handles.leaving(shots[0]), handles.entering(shots[1])
        found: list[list[int]] = []
        for near, bounds, cut in zip(around, ranges, given, strict=True):
            inside = range(bounds[0], bounds[1] + 1) if bounds else range(0)
            found.append(
                [n for n, frame in enumerate(near.frames) if frame in inside or frame == cut]
            )
        return found

    def _searched(
        self,
        around: Sequence[Neighbours],
        allowed: Sequence[list[int]],
        given: tuple[int, int],
        similar: Sequence[Similarity],
    ) -> _Cut:
        """The allowed frames that are most alike; of equal ones, the nearest to the given ones."""
        start = [
            near.frames.index(frame) if frame in near.frames else places[0]
            for near, frame, places in zip(around, given, allowed, strict=True)
        ]
        if all(flavor.follow or flavor.find_join for flavor in self._flavors):
            return self._compared(around, allowed, start, similar)
        coarse = [
            sorted({*places[::STRIDE], at}) for places, at in zip(allowed, start, strict=True)
        ]
        best = self._compared(around, coarse, start, similar)
        fine = [
            [place for place in places if abs(place - at) < STRIDE or place == first]
            for places, at, first in zip(allowed, (best.leave, best.enter), start, strict=True)
        ]
        return self._compared(around, fine, start, similar)

    def _compared(
        self,
        around: Sequence[Neighbours],
        places: Sequence[list[int]],
        start: Sequence[int],
        similar: Sequence[Similarity],
    ) -> _Cut:
        rows = [
            [one.of(some) for one in near.rows] for near, some in zip(around, places, strict=True)
        ]
        total = self._total(
            [
                similarity.pairwise(leaving, entering)
                for similarity, leaving, entering in zip(similar, *rows, strict=True)
            ]
        )
        moved = np.add.outer(
            np.abs(np.array(places[0]) - start[0]), np.abs(np.array(places[1]) - start[1])
        )
        nearest = np.where(total == total.max(), moved, moved.max() + 1)
        leave, enter = np.unravel_index(int(nearest.argmin()), nearest.shape)
        return _Cut(places[0][leave], places[1][enter], float(total[leave, enter]))

    def _total(self, scores: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
        """What the flavors say together: a flavor alone its score, a blend its mean rarity."""
        if len(scores) == 1:
            return scores[0].astype(np.float64)
        parts = self._comparison.parts
        weighted = [
            part.weight * part.rarity.of(one) for part, one in zip(parts, scores, strict=True)
        ]
        return np.asarray(sum(weighted) / sum(part.weight for part in parts), np.float64)

    @property
    def _plain(self) -> list[Similarity]:
        return [flavor.similarity for flavor in self._flavors]

    @property
    def _rough(self) -> list[Similarity]:
        return [
            flavor.reframe.similarity if flavor.reframe else flavor.similarity
            for flavor in self._flavors
        ]

    @property
    def _framing(self) -> tuple[int, Flavor]:
        """The flavor that says how to reframe: the first that can."""
        return next((n, one) for n, one in enumerate(self._flavors) if one.reframe)

    def _reframed(self, around: Sequence[Neighbours], cut: _Cut) -> Reframing | None:
        number, flavor = self._framing
        assert flavor.reframe is not None
        leaving, entering = (
            near.rows[number].of([place])
            for near, place in zip(around, (cut.leave, cut.enter), strict=True)
        )
        return flavor.reframe.find(leaving, entering, (around[0].aspect, around[1].aspect))

    def _moved_score(self, around: Sequence[Neighbours], cut: _Cut, reframing: Reframing) -> float:
        scores = self._part_scores(around, cut, reframing)
        total = self._total([np.array([[score]], np.float32) for score in scores])
        return float(total[0, 0])

    def _part_scores(
        self, around: Sequence[Neighbours], cut: _Cut, reframing: Reframing | None
    ) -> list[float]:
        """What each flavor says of two frames, one of them moved where it is reframed."""
        found: list[float] = []
        for flavor, leaving, entering in zip(
            self._flavors, around[0].rows, around[1].rows, strict=True
        ):
            rows = [leaving.of([cut.leave]), entering.of([cut.enter])]
            if reframing is not None and flavor.reframe is not None:
                side = 0 if reframing.side == "outgoing" else 1
                rows[side] = flavor.reframe.move(rows[side], around[side].aspect, reframing)
            found.append(float(flavor.similarity.pairwise(*rows)[0, 0]))
        return found


def refine_all(refiners: Sequence[Refiner], candidates: Sequence[Candidate]) -> Iterator[Refined]:
    """Each candidate by its refiner, in order, as soon as it is done; a few at a time.

    Closing the iterator ends the work once those under way are done.
    """
    from threadpoolctl import threadpool_limits

    workers = max(1, len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else 2
    pool = ThreadPoolExecutor(workers, thread_name_prefix="refining")
    pending: deque[Future[Refined]] = deque()
    waiting = iter(zip(refiners, candidates, strict=True))
    # As in indexing: every worker has a core of its own.
    with threadpool_limits(limits=1, user_api="blas"):
        try:
            for refiner, candidate in waiting:
                pending.append(pool.submit(refiner.refined, candidate))
                if len(pending) > workers:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
