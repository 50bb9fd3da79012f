"""Many trainings, one after the other or side by side; what is finished is never done again.

A run is a folder, which appears whole. A run whose folder is there, and was made from the same
recipe, is taken as it is: so a grid that was stopped, or killed, goes on where it was.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait as wait_for
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, Protocol

from matchcut.errors import Cancelled, TrainedMissing, WorkerLost
from matchcut.learn.trained import Measured, Trained, facts_in, measured
from matchcut.types import Monitor, Progress

WATCH = 0.25
"""Seconds between two looks at the monitor."""


class Run(Protocol):
    """One training. Travels to another process."""

    @property
    def name(self) -> str:
        """Of its folder."""
        ...

    @property
    def recipe(self) -> dict[str, Any]:
        """All that the result depends on, as JSON."""
        ...

    def train(self, stop: Callable[[], bool], /) -> Trained:
        """Does it; `Cancelled` once `stop` says so."""
        ...


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that is done."""

    name: str
    recipe: dict[str, Any]
    measured: Measured
    known: bool
    """Whether it was done before."""


def finish(runs: Sequence[Run], folder: Path, workers: int, monitor: Monitor) -> Iterator[Finished]:
    """Does all runs that are not done yet, and gives each as it is done, known ones first.

    Every run computes with one thread, so that its result does not depend on how many there are.

    Args:
        runs: Each with a name of its own.
        folder: In which theirs are.
        workers: Processes; with 1, and for a single run, this one does the work.
        monitor: Is told how many are done; what is under way ends soon once it says so.

    Raises:
        Cancelled: the monitor said so; finished runs are kept.
        WorkerLost: a process died.
    """
    left: list[Run] = []
    done = 0

    def told(finished: Finished) -> Finished:
        nonlocal done
        done += 1
        monitor.report(Progress("training", finished.name, done, len(runs), "runs"))
        return finished

    for run in runs:
        known = _known(run, folder)
        if known is None:
            left.append(run)
        else:
            yield told(known)
    if workers == 1 or len(left) == 1:
        for run in left:
            monitor.report(Progress("training", run.name, done, len(runs), "runs"))
            yield told(_finished(run, folder, monitor.cancelled))
    elif left:
        for finished in _side_by_side(left, folder, min(workers, len(left)), monitor):
            yield told(finished)


def _side_by_side(
    runs: Sequence[Run], folder: Path, workers: int, monitor: Monitor
) -> Iterator[Finished]:
    # Forking a process that has threads of torch or BLAS may hang; a fresh one does not.
    fresh = multiprocessing.get_context("spawn")
    stopping = fresh.Event()
    with ProcessPoolExecutor(workers, fresh, _begin, (stopping,)) as pool:
        pending: dict[Future[Finished], Run] = {
            pool.submit(_in_worker, run, folder): run for run in runs
        }
        try:
            while pending:
                ready, _ = wait(pending, WATCH, FIRST_COMPLETED)
                for future in ready:
                    run = pending.pop(future)
                    try:
                        yield future.result()
                    except BrokenProcessPool as error:
                        why = "the system ended it, perhaps for want of memory"
                        raise WorkerLost(f"the run {run.name}", why) from error
                if monitor.cancelled():
                    raise Cancelled
        finally:
            stopping.set()
            pool.shutdown(cancel_futures=True)


_stopping: Event | None = None
"""Of a worker: set once it should stop."""


def _begin(stopping: Event) -> None:
    """Prepares a worker: the parent alone hears Ctrl-C, and no worker outlives it."""
    global _stopping
    _stopping = stopping
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        wait_for([parent.sentinel])
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def _in_worker(run: Run, folder: Path) -> Finished:
    assert _stopping is not None
    return _finished(run, folder, _stopping.is_set)


def _finished(run: Run, folder: Path, stop: Callable[[], bool]) -> Finished:
    import torch
    from threadpoolctl import threadpool_limits

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(limits=1):
            trained = run.train(stop)
    finally:
        torch.set_num_threads(threads)
    trained.save(folder / run.name)
    return Finished(run.name, run.recipe, trained.measured, known=False)


def _known(run: Run, folder: Path) -> Finished | None:
    """The run as it was done before, if it was."""
    try:
        facts = facts_in(folder / run.name)
    except TrainedMissing:
        return None
    if facts["recipe"] != run.recipe:
        return None
    return Finished(run.name, run.recipe, measured(facts), known=True)
