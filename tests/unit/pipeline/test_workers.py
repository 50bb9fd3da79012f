"""Work gives the same results whoever does it, and whoever cannot do it says so in a sentence."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from matchcut import flavors, shots
from matchcut.embeddings.appearance import APPEARANCE
from matchcut.embeddings.pretrained import pretrained as embeddings
from matchcut.engine import Engine
from matchcut.errors import (
    Cancelled,
    MatchcutError,
    MediaUnreadable,
    RayMissing,
    UsageError,
    WorkerLost,
)
from matchcut.flavors._visible import VISIBLE
from matchcut.pipeline import here, workers_of
from matchcut.types import Monitor
from tests.conftest import Quiet


def _half(number: int, monitor: Monitor, /) -> int:
    if number % 2:
        raise MediaUnreadable(f"{number}.mov", "it is odd")
    return number // 2


def test_an_argument_is_taken_only_when_the_result_before_it_has_been_used() -> None:
    """What one file brings to the library is known before the next file is looked at."""
    course: list[str] = []

    def arguments() -> Iterator[int]:
        for number in (2, 4):
            course.append(f"take {number}")
            yield number

    with here() as workers:
        for number, result in workers.run(_half, arguments(), Quiet()):
            course.append(f"use {number}: {result()}")
    assert course == ["take 2", "use 2: 1", "take 4", "use 4: 2"]


def test_what_fails_is_told_for_its_own_argument_and_the_others_go_on() -> None:
    with here() as workers:
        results = dict(workers.run(_half, (3, 8), Quiet()))
    assert results[8]() == 4
    with pytest.raises(MediaUnreadable):
        results[3]()


@pytest.mark.parametrize(
    ("engine", "address", "sentence"),
    [
        ("spark", None, "There is no engine named 'spark'"),
        ("local", "auto", "--ray-address is the address of a Ray cluster"),
    ],
)
def test_an_engine_that_cannot_be_had_so_is_refused(
    engine: str, address: str | None, sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        workers_of(engine, address)


def test_without_ray_the_next_step_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    engine = Engine(tmp_path / "library", workers=workers_of("ray", None))
    with pytest.raises(RayMissing, match=r"pip install 'matchcut\[ray\]'"):
        engine.index([tmp_path], profile="classical", monitor=Quiet())
    assert not (tmp_path / "library").exists(), "nothing was begun"


@pytest.mark.parametrize(
    "error",
    [
        MediaUnreadable("/a film.mov", "it is cut short"),
        WorkerLost("/a film.mov", "it ran out of memory"),
        UsageError("This is wrong.", "Do that.", fact=7),
        Cancelled(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_of_a_worker_arrives_as_it_was_raised(error: MatchcutError) -> None:
    arrived = pickle.loads(pickle.dumps(error))
    assert type(arrived) is type(error)
    assert (str(arrived), arrived.facts) == (str(error), error.facts)


def test_whatever_computes_something_can_be_sent_to_a_worker() -> None:
    """A network is read where it runs: neither it nor the lock around it travels."""
    ways = [APPEARANCE, VISIBLE]
    ways += [one.representation for one in flavors.flavors().values()]
    learned = [two for one in flavors.flavors().values() for two in one.pretrained]
    ways += [one.representation(Path("w.pt"), "cpu") for one in (*learned, *embeddings())]
    arrived = pickle.loads(pickle.dumps(ways))
    assert [one.spec for one in arrived] == [one.spec for one in ways]
    detectors = list(shots.detectors().values())
    assert pickle.loads(pickle.dumps(detectors)) == detectors
