"""What was made ready for one question serves the next, until the library changes."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import pytest

from matchcut.engine import Engine, memory
from matchcut.engine.blend import blend
from matchcut.engine.snapshot import Snapshot
from matchcut.errors import RepresentationMissing
from matchcut.library import Library
from matchcut.types import MatchSet
from tests.synthetic import Synthetic, library


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Synthetic:
    folder = tmp_path_factory.mktemp("kept") / "lib"
    return library(folder, shots=60, sources=4, wanted=["frame", "color"])


def asked(engine: Engine, made: Synthetic, shot: int) -> MatchSet:
    return engine.find(made.query(shot), flavor="frame", top=10, min_gap=Fraction(0))


def test_answers_are_those_of_an_engine_that_was_never_asked_before(made: Synthetic) -> None:
    engine = Engine(made.folder)
    for shot in (3, 40, 3):
        assert asked(engine, made, shot) == asked(Engine(made.folder), made, shot)


def test_the_library_is_read_once_for_many_questions(
    made: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[object] = []
    read = memory.read_snapshot

    def counted(*arguments: object) -> Snapshot:
        reads.append(arguments)
        return read(*arguments)

    monkeypatch.setattr(memory, "read_snapshot", counted)
    engine = Engine(made.folder)
    asked(engine, made, 3)
    engine.scan(flavor="frame", top=5, per_shot=None, across=False, min_gap=Fraction(0))
    asked(engine, made, 17)
    assert len(reads) == 1


def test_what_is_written_is_seen_by_the_next_question(made: Synthetic) -> None:
    engine = Engine(made.folder)
    wanted = blend("frame")
    of = Library.open(made.folder)
    before = engine.memory.snapshot(engine.memory.library(made.folder), wanted)
    assert engine.memory.snapshot(engine.memory.library(made.folder), wanted) is before
    source = before.sources[0].source.digest
    of.remember_path(Path("/elsewhere/copy.mov"), source, 1, 1)
    after = engine.memory.snapshot(engine.memory.library(made.folder), wanted)
    assert Path("/elsewhere/copy.mov") in after.seen


def test_what_is_written_is_seen_however_long_nothing_was(
    made: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(made.folder)
    of = engine.memory.library(made.folder)
    catalogue = made.folder / "catalogue.sqlite"
    os.utime(catalogue, (1_000_000_000, 1_000_000_000))
    engine.memory.library(made.folder)
    before = engine.memory.snapshot(of, blend("frame"))
    asked: list[None] = []
    state = Library.state

    def counted(library: Library) -> str | None:
        asked.append(None)
        return state(library)

    monkeypatch.setattr(Library, "state", counted)
    assert engine.memory.snapshot(engine.memory.library(made.folder), blend("frame")) is before
    assert not asked
    of.remember_path(Path("/elsewhere/again.mov"), before.sources[0].source.digest, 1, 1)
    after = engine.memory.snapshot(engine.memory.library(made.folder), blend("frame"))
    assert Path("/elsewhere/again.mov") in after.seen


def test_who_asks_while_it_is_being_made_ready_waits_for_it(
    made: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    everyone = threading.Barrier(4)
    read = memory.read_snapshot

    def slow(*arguments: object) -> Snapshot:
        reads.append(1)
        return read(*arguments)

    monkeypatch.setattr(memory, "read_snapshot", slow)
    engine = Engine(made.folder)

    def ask(shot: int) -> MatchSet:
        everyone.wait(timeout=60)
        return asked(engine, made, shot)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, [1, 2, 3, 4]))
    assert len(reads) == 1
    assert all(answer.candidates for answer in answers)


def test_a_question_that_fails_is_tried_again_by_the_next_one(
    made: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(made.folder)
    with pytest.raises(RepresentationMissing):
        engine.memory.snapshot(engine.memory.library(made.folder), blend("sound"))
    read = memory.read_snapshot

    def missing(*_: object) -> Snapshot:
        raise RepresentationMissing("frame", 4, made.folder)

    monkeypatch.setattr(memory, "read_snapshot", missing)
    with pytest.raises(RepresentationMissing):
        asked(engine, made, 3)
    monkeypatch.setattr(memory, "read_snapshot", read)
    assert asked(engine, made, 3).candidates
