"""Pieces of work that give pairs of shots, done side by side."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from matchcut.scoring.entries import Scored

ROUNDING = 1e-5
"""By how much what is told quickly may be wrong."""


class Work(Protocol):
    """A piece of work."""

    def done(self, least: float) -> tuple[Scored, Work | None]:
        """Some of the pairs that score `least` or more, and what is left to do; None if nothing."""
        ...


def one_by_one(works: Iterator[Work], least: Callable[[], float]) -> Iterator[Scored]:
    """What the works give, by the thread that asks."""
    for work in works:
        left: Work | None = work
        while left is not None:
            scored, left = left.done(least())
            yield scored


def side_by_side(works: Iterator[Work], least: Callable[[], float]) -> Iterator[Scored]:
    """What the works give, several under way at a time."""
    workers = max(1, len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else 2
    pending: deque[Future[tuple[Scored, Work | None]]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="sifting") as pool:
        try:
            for work in works:
                pending.append(pool.submit(work.done, least()))
                while len(pending) > workers:
                    yield from _ended(pending, pool, least)
            while pending:
                yield from _ended(pending, pool, least)
        finally:
            for one in pending:
                one.cancel()


def _ended(
    pending: deque[Future[tuple[Scored, Work | None]]],
    pool: ThreadPoolExecutor,
    least: Callable[[], float],
) -> Iterator[Scored]:
    scored, left = pending.popleft().result()
    yield scored
    if left is not None:
        pending.append(pool.submit(left.done, least()))
