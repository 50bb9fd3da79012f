from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from matchcut.errors import DiskFull, OperationUnknown, UsageError
from matchcut.server import operations
from matchcut.server.failures import Refused
from matchcut.server.operations import Operation, Operations, State
from matchcut.types import IndexReport, Monitor
from tests.unit.server.stand_in import Gate

PATHS = (Path("/a.mov"),)


@pytest.fixture
def registry() -> Iterator[Operations]:
    registry = Operations()
    yield registry
    assert registry.stop(10)


def start(registry: Operations, gate: Gate, request_id: str = "") -> Operation:
    return registry.start(request_id, PATHS, lambda monitor: gate(PATHS, monitor))


def finish(registry: Operations, name: str) -> Operation:
    return list(registry.watch(name, lambda: True))[-1]


def test_starting_returns_before_the_work_is_done(registry: Operations) -> None:
    gate = Gate()
    begun = start(registry, gate)
    assert begun.state in (State.QUEUED, State.RUNNING)
    gate.open.set()
    last = finish(registry, begun.name)
    assert last.state is State.SUCCEEDED
    assert last.report == IndexReport(added=PATHS)
    assert last.ended is not None


def test_one_piece_of_work_runs_at_a_time_in_the_order_asked_for(registry: Operations) -> None:
    first, second = Gate(), Gate()
    one = start(registry, first)
    two = start(registry, second)
    first.begun.wait()
    assert registry.get(two.name).state is State.QUEUED
    first.open.set()
    second.begun.wait()
    assert registry.get(one.name).state is State.SUCCEEDED
    second.open.set()


def test_asking_twice_with_one_id_is_asking_once(registry: Operations) -> None:
    gate = Gate()
    one = start(registry, gate, "r1")
    assert start(registry, gate, "r1").name == one.name
    assert start(registry, gate, "").name != start(registry, gate, "").name
    gate.open.set()
    finish(registry, one.name)
    assert start(registry, gate, "r1").name == one.name


def test_one_id_for_two_things_is_refused(registry: Operations) -> None:
    gate = Gate()
    gate.open.set()
    start(registry, gate, "r1")
    with pytest.raises(UsageError, match="something else"):
        registry.start("r1", (Path("/b.mov"),), lambda monitor: gate(PATHS, monitor))


def test_a_late_watcher_first_gets_the_current_state(registry: Operations) -> None:
    gate = Gate()
    begun = start(registry, gate)
    gate.begun.wait()
    first = next(iter(registry.watch(begun.name, lambda: True)))
    assert first.state is State.RUNNING
    assert first.progress is not None
    assert first.progress.item == "a.mov"
    gate.open.set()
    finish(registry, begun.name)
    assert [now.state for now in registry.watch(begun.name, lambda: True)] == [State.SUCCEEDED]


def test_two_watchers_both_see_the_end(registry: Operations) -> None:
    gate = Gate()
    begun = start(registry, gate)
    ends: list[State] = []
    watchers = [
        threading.Thread(target=lambda: ends.append(finish(registry, begun.name).state))
        for _ in range(2)
    ]
    for watcher in watchers:
        watcher.start()
    gate.open.set()
    for watcher in watchers:
        watcher.join()
    assert ends == [State.SUCCEEDED] * 2


def test_a_watcher_that_goes_away_cancels_nothing(registry: Operations) -> None:
    gate = Gate()
    begun = start(registry, gate)
    gate.begun.wait()
    there = threading.Event()
    there.set()
    seen: list[Operation] = []

    def watch() -> None:
        seen.extend(registry.watch(begun.name, there.is_set))

    watcher = threading.Thread(target=watch)
    watcher.start()
    there.clear()
    registry.wake()
    watcher.join()
    assert registry.get(begun.name).state is State.RUNNING
    gate.open.set()
    assert finish(registry, begun.name).state is State.SUCCEEDED


def test_cancelling_what_runs_stops_it_at_its_next_safe_point(registry: Operations) -> None:
    begun = start(registry, Gate())
    registry.cancel(begun.name)
    last = finish(registry, begun.name)
    assert last.state is State.CANCELLED
    assert last.cancel_requested


def test_cancelling_what_waits_ends_it_at_once_and_the_others_go_on(registry: Operations) -> None:
    gate = Gate()
    runs, waits = start(registry, gate), start(registry, Gate())
    gate.begun.wait()
    assert registry.cancel(waits.name).state is State.CANCELLED
    gate.open.set()
    assert finish(registry, runs.name).state is State.SUCCEEDED


def test_cancelling_what_has_ended_changes_nothing(registry: Operations) -> None:
    gate = Gate()
    gate.open.set()
    last = finish(registry, start(registry, gate).name)
    assert registry.cancel(last.name) == last


def test_work_that_finishes_though_it_was_cancelled_has_succeeded(registry: Operations) -> None:
    begun, asked = threading.Event(), threading.Event()

    def work(monitor: Monitor) -> IndexReport:
        begun.set()
        asked.wait()
        return IndexReport()

    name = registry.start("", None, work).name
    begun.wait()
    assert registry.cancel(name).cancel_requested
    asked.set()
    assert finish(registry, name).state is State.SUCCEEDED


def test_work_that_fails_says_why_and_the_next_one_runs(registry: Operations) -> None:
    def work(monitor: Monitor) -> IndexReport:
        raise DiskFull("/films")

    failed = finish(registry, registry.start("", None, work).name)
    assert failed.state is State.FAILED
    assert isinstance(failed.error, DiskFull)
    gate = Gate()
    gate.open.set()
    assert finish(registry, start(registry, gate).name).state is State.SUCCEEDED


def test_only_the_last_ended_operations_are_remembered(
    registry: Operations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "ENDED_AT_MOST", 3)
    gate = Gate()
    gate.open.set()
    names = [finish(registry, start(registry, gate, f"r{n}").name).name for n in range(5)]
    assert [each.name for each in registry.all()] == names[:1:-1]
    with pytest.raises(OperationUnknown, match=names[0]):
        registry.get(names[0])
    assert start(registry, gate, "r0").name not in names


def test_a_full_queue_and_too_many_watchers_are_refused(
    registry: Operations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "QUEUED_AT_MOST", 1)
    monkeypatch.setattr(operations, "WATCHERS_AT_MOST", 1)
    gate = Gate()
    begun = start(registry, gate)
    gate.begun.wait()
    start(registry, gate)
    with pytest.raises(Refused) as told:
        start(registry, gate)
    assert told.value.failure.reason == "QUEUE_FULL"
    watch = registry.watch(begun.name, lambda: True)
    next(watch)
    with pytest.raises(Refused) as told:
        next(registry.watch(begun.name, lambda: True))
    assert told.value.failure.reason == "TOO_MANY_WATCHERS"
    gate.open.set()
    assert list(watch)[-1].state is State.SUCCEEDED
    assert finish(registry, begun.name).state is State.SUCCEEDED


def test_stopping_cancels_everything_and_takes_no_more_work() -> None:
    registry = Operations()
    gate = Gate()
    runs, waits = start(registry, gate), start(registry, Gate())
    gate.begun.wait()
    assert registry.stop(10)
    assert {registry.get(each.name).state for each in (runs, waits)} == {State.CANCELLED}
    with pytest.raises(Refused) as told:
        start(registry, Gate())
    assert told.value.failure.reason == "SIDECAR_STOPPING"


def test_work_that_does_not_stop_is_not_waited_for_for_ever() -> None:
    registry = Operations()
    begun, done = threading.Event(), threading.Event()

    def work(monitor: Monitor) -> IndexReport:
        begun.set()
        done.wait()
        return IndexReport()

    registry.start("", None, work)
    begun.wait()
    assert not registry.stop(0)
    done.set()
    assert registry.stop(10)


class _Pictures:
    """What reading a film holds in memory."""


def test_work_that_ended_badly_keeps_nothing_of_the_film_in_memory(registry: Operations) -> None:
    held: list[weakref.ref[_Pictures]] = []

    def reading(monitor: Monitor) -> IndexReport:
        pictures = _Pictures()
        held.append(weakref.ref(pictures))
        try:
            raise OSError("no space left")
        except OSError as error:
            raise DiskFull(Path("/library")) from error

    assert finish(registry, registry.start("", PATHS, reading).name).state is State.FAILED
    start(registry, gate := Gate())
    gate.begun.wait()  # The worker has let go of the work before.
    gate.open.set()
    gc.collect()
    assert held[0]() is None
