"""The asking thread: it always ends, and it is heard or abandoned."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from matchcut_blender.plain.asking import BUG, Asker, Errand
from matchcut_blender.plain.told import Ended, Failed, Noted, Told
from matchcut_client import ClientError


def told_by(asker: Asker, until: Callable[[list[Told]], bool] | None = None) -> list[Told]:
    """All that is told until the question has ended."""
    told: list[Told] = []
    last = time.monotonic() + 20
    while asker.busy and not (until and until(told)):
        assert time.monotonic() < last
        told.extend(asker.told())
        time.sleep(0.001)
    return told


def test_what_is_told_arrives_in_order_and_ends() -> None:
    asker = Asker()

    def ask(errand: Errand) -> None:
        for number in range(100):
            errand.tell(Noted(str(number)))

    asker.ask(ask)
    assert told_by(asker) == [*(Noted(str(number)) for number in range(100)), Ended(False)]
    assert not asker.busy


def test_a_failure_of_the_client_is_told_with_its_next_step() -> None:
    asker = Asker()

    def ask(errand: Errand) -> None:
        raise ClientError("SIDECAR_LOST", "The sidecar went away.", "Ask again.")

    asker.ask(ask)
    assert told_by(asker) == [
        Failed("SIDECAR_LOST", "The sidecar went away.", "Ask again."),
        Ended(False),
    ]


def test_a_bug_is_told_and_does_not_leave_the_panel_waiting(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asker = Asker()

    def ask(errand: Errand) -> None:
        raise KeyError("gone")

    asker.ask(ask)
    failed, ended = told_by(asker)
    assert isinstance(failed, Failed)
    assert failed.reason == BUG
    assert ended == Ended(False)
    assert "KeyError" in capsys.readouterr().err


def test_stopping_lets_go_of_what_is_waited_for_and_is_no_failure() -> None:
    asker, free, begun = Asker(), threading.Event(), threading.Event()

    def ask(errand: Errand) -> None:
        with errand.letting_go(free.set):
            begun.set()
            assert free.wait(20)
            raise ClientError("SIDECAR_REFUSED", "The call was cancelled.", "")

    asker.ask(ask)
    assert begun.wait(20)
    asker.stop()
    assert told_by(asker) == [Ended(True)]


def test_what_begins_to_wait_after_it_was_stopped_is_let_go_of_at_once() -> None:
    asker, stopped, told = Asker(), threading.Event(), []

    def ask(errand: Errand) -> None:
        assert stopped.wait(20)
        with errand.letting_go(lambda: told.append("let go")):
            errand.go_on()

    asker.ask(ask)
    asker.stop()
    stopped.set()
    assert told_by(asker) == [Ended(True)]
    last = time.monotonic() + 20
    while not told:
        assert time.monotonic() < last
        time.sleep(0.001)


def test_one_that_cannot_be_reached_is_abandoned_and_not_listened_to() -> None:
    asker, go_on, done = Asker(), threading.Event(), threading.Event()

    def hanging(errand: Errand) -> None:
        assert go_on.wait(20)
        errand.tell(Noted("too late"))
        done.set()

    asker.ask(hanging)
    asker.stop()
    assert told_by(asker) == [Ended(True)]
    asker.ask(lambda errand: errand.tell(Noted("heard")))
    go_on.set()
    assert done.wait(20)
    assert told_by(asker) == [Noted("heard"), Ended(False)]
