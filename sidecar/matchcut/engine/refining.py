"""Refinement: the best frames to cut at near the moments that were compared.

For each candidate, all frames near both cut frames are compared with each other (`likeness`), and
the two that are most alike become the cut; then a reframing is looked for. What was compared
already is among what is compared here, so nothing becomes worse.
"""

from __future__ import annotations

import os
from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Lock

import numpy as np

from matchcut.engine.comparison import SCORE_DIGITS, Comparison
from matchcut.engine.likeness import Cut, FramePairs
from matchcut.engine.neighbours import Neighbours, neighbours, shot_of
from matchcut.errors import MediaError, NotFoundError
from matchcut.reframing import worthwhile
from matchcut.types import Candidate, Flavor, Refined, Reframing

REMEMBERED = 8
"""Moments whose neighbours are kept: the shot that was asked about meets many others. Each may hold
25 MB of pictures."""


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
        try:
            return Refined(self._best(candidate, shots))
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

    def _best(self, candidate: Candidate, shots: Sequence[int]) -> Candidate:
        pairs = self._met(candidate, shots)
        cut, reframing = pairs.best(), None
        if self._reframe and any(flavor.reframe for flavor in self._flavors):
            cut, reframing = self._perhaps_reframed(pairs, cut)
        scores = pairs.part_scores(cut, reframing)
        comparison = self._comparison
        parts = comparison.part_scores(scores)
        leave, enter = (
            near.frames[place]
            for near, place in zip(pairs.around, (cut.leave, cut.enter), strict=True)
        )
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

    def _met(self, candidate: Candidate, shots: Sequence[int]) -> FramePairs:
        given = candidate.outgoing.cut_frame, candidate.incoming.cut_frame
        leaving, entering = (
            self._around(shot, frame) for shot, frame in zip(shots, given, strict=True)
        )
        handles = self._comparison.handles
        ranges = handles.leaving(shots[0]), handles.entering(shots[1])
        allowed: list[list[int]] = []
        for near, bounds, cut in zip((leaving, entering), ranges, given, strict=True):
            inside = range(bounds[0], bounds[1] + 1) if bounds else range(0)
            allowed.append(
                [n for n, frame in enumerate(near.frames) if frame in inside or frame == cut]
            )
        start = [
            near.frames.index(frame) if frame in near.frames else places[0]
            for near, frame, places in zip((leaving, entering), given, allowed, strict=True)
        ]
        return FramePairs(
            self._comparison,
            (leaving, entering),
            (allowed[0], allowed[1]),
            (start[0], start[1]),
        )

    @property
    def _framing(self) -> tuple[int, Flavor]:
        """The flavor that says how to reframe: the first that can."""
        return next((n, one) for n, one in enumerate(self._flavors) if one.reframe)

    def _perhaps_reframed(self, pairs: FramePairs, plain: Cut) -> tuple[Cut, Reframing | None]:
        """The best cut with a reframing, where that is clearly better than the one without."""
        best: tuple[Cut, Reframing | None] = plain, None
        likest = -1.0
        for cut in pairs.promising():
            found = self._found(pairs, cut)
            if found is not None and self._pays(pairs, plain, cut, found):
                like = self._likeness(pairs, cut, found)
                if like > likest:
                    best, likest = (cut, found), like
        return best

    def _found(self, pairs: FramePairs, cut: Cut) -> Reframing | None:
        number, flavor = self._framing
        assert flavor.reframe is not None
        at = [cut.leave], [cut.enter]
        aspects = pairs.around[0].aspect, pairs.around[1].aspect
        return flavor.reframe.find(*pairs.rows(at)[number], aspects, pairs.fine(number, at))

    def _pays(self, pairs: FramePairs, plain: Cut, cut: Cut, reframing: Reframing) -> bool:
        """Whether a cut with a reframing is clearly better than the best one without any."""
        number, _ = self._framing
        before = pairs.part_scores(plain, None)[number]
        scores = pairs.part_scores(cut, reframing)
        if not worthwhile(replace(reframing, before=before, after=scores[number])):
            return False
        return _together(pairs, scores) > plain.score

    def _likeness(self, pairs: FramePairs, cut: Cut, reframing: Reframing) -> float:
        """How alike two frames are, one of them reframed, by what is known finest of them."""
        number, flavor = self._framing
        fine = pairs.fine(number, ([cut.leave], [cut.enter]))
        reframe = flavor.reframe
        if fine is None or flavor.finer is None or reframe is None or reframe.move_finer is None:
            return _together(pairs, pairs.part_scores(cut, reframing))
        both = list(fine)
        side = 0 if reframing.side == "outgoing" else 1
        both[side] = reframe.move_finer(both[side], pairs.around[side].aspect, reframing)
        return float(flavor.finer.pairwise(*both)[0, 0])


def _together(pairs: FramePairs, scores: Sequence[float]) -> float:
    total = pairs.total([np.array([[score]], np.float32) for score in scores])
    return float(total[0, 0])


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
