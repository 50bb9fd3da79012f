"""Indexing that is stopped or killed keeps what was finished, and the next run does the rest."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from matchcut.engine import Engine
from tests.conftest import Quiet
from tests.small_films import DETECTOR, write_textures

POLL = 0.02
"""Seconds between two looks at the catalogue."""


@pytest.fixture(scope="module")
def reels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A short film, one that takes seconds to index, and another short one."""
    folder = tmp_path_factory.mktemp("reels")
    return (
        write_textures(folder / "1 short.mp4", 12, 1, 2),
        write_textures(folder / "2 long.mp4", 500, 3, 4, 5),
        write_textures(folder / "3 short.mp4", 12, 6, 7),
    )


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended."""

    code: int
    out: str
    err: str


@contextmanager
def indexing(library: Path, *paths: Path) -> Iterator[subprocess.Popen[str]]:
    """A real `matchcut index`, killed at the end if it still runs."""
    command = [sys.executable, "-m", "matchcut", "index", *map(str, paths)]
    command += ["--library", str(library), "--detector", DETECTOR, "--json"]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with program:
        try:
            yield program
        finally:
            program.kill()


def committed(library: Path) -> int:
    """How many sources the catalogue holds, looked at without touching it."""
    try:
        with closing(sqlite3.connect(f"file:{library}/catalogue.sqlite?mode=ro", uri=True)) as it:
            return int(it.execute("SELECT count(*) FROM source").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # Not made yet, or not its tables.


def await_first_commit(program: subprocess.Popen[str], library: Path) -> None:
    """Waits until the first source is stored while the program runs on."""
    while committed(library) == 0:
        try:
            program.wait(POLL)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"it ended with {program.returncode}: {program.communicate()}")


def stopped(program: subprocess.Popen[str], number: signal.Signals) -> Ended:
    program.send_signal(number)
    out, err = program.communicate(timeout=60)
    return Ended(program.returncode, out, err)


def names(paths: tuple[Path, ...]) -> list[str]:
    return [path.name for path in paths]


def test_an_interrupt_keeps_what_was_finished_and_says_one_sentence(
    reels: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    with indexing(library, *reels) as program:
        await_first_commit(program, library)
        ended = stopped(program, signal.SIGINT)
    assert ended.code == 130
    assert ended.out == ""
    assert ended.err.splitlines() == ["Stopped. What was finished is kept; run it again to go on."]
    assert names(tuple(card.paths[0] for card in Engine(library).sources())) == ["1 short.mp4"]


def test_a_killed_run_keeps_what_was_committed_and_the_next_does_the_rest(
    reels: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    with indexing(library, *reels) as program:
        await_first_commit(program, library)
        assert stopped(program, signal.SIGKILL).code == -signal.SIGKILL
    assert committed(library) == 1
    assert [card.shots for card in Engine(library).sources()] == [2]
    watch = Quiet()
    report = Engine(library).index(reels, detector=DETECTOR, monitor=watch)
    assert (names(report.known), names(report.added)) == (
        ["1 short.mp4"],
        ["2 long.mp4", "3 short.mp4"],
    )
    assert {one.item for one in watch.reports if one.stage == "reading"} == {
        "2 long.mp4",
        "3 short.mp4",
    }
    assert report.refused == ()
    assert report.shots == 7
    assert list((library / "staging").glob("*")) == [], "nothing half done is left"


def test_a_run_killed_while_it_stores_leaves_no_half_source(
    reels: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    """What a kill between the arrays and the catalogue leaves: arrays that nothing names."""
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    for library, films in ((whole, reels[::2]), (torn, reels[:1])):
        Engine(library).index(films, detector=DETECTOR, monitor=Quiet())
    shutil.copytree(whole / "arrays", torn / "arrays", dirs_exist_ok=True)
    half = torn / "staging" / "killed"
    half.mkdir(parents=True)
    (half / "frames.npy").write_bytes(b"\x93NUMPY")
    assert len(Engine(torn).sources()) == 1
    report = Engine(torn).index(reels[::2], detector=DETECTOR, monitor=Quiet())
    assert names(report.added) == ["3 short.mp4"]
    assert not half.exists()
    answers = [
        Engine(library).scan(
            flavor="camera", top=9, per_shot=None, across=False, min_gap=Fraction(0)
        )
        for library in (torn, whole)
    ]
    assert answers[0] == answers[1]


def test_the_json_of_a_finished_run_is_one_object_a_line(
    reels: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    with indexing(tmp_path / "library", reels[0]) as program:
        out, err = program.communicate(timeout=120)
    assert (program.returncode, err) == (0, "")
    assert [json.loads(line).get("status") for line in out.splitlines()] == ["added", None]
