"""A library of an earlier matchcut is read as it is, and brought up to date by who writes."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matchcut.library import Library
from matchcut.library.description import to_json
from matchcut.library.schema import VERSION
from matchcut.library.verdicts import recorded
from matchcut.types import RepresentationSpec
from tests.unit.library.stocking import DETECTOR, IDENTITY, stock

ROOT = Path(__file__).parents[3]

VERSION_1 = """
CREATE TABLE source (
    digest       TEXT PRIMARY KEY,
    description  TEXT NOT NULL,
    frames       INTEGER NOT NULL,
    detector     TEXT NOT NULL
) STRICT;
CREATE TABLE path (
    path      TEXT PRIMARY KEY,
    digest    TEXT NOT NULL REFERENCES source(digest),
    size      INTEGER NOT NULL,
    mtime_ns  INTEGER NOT NULL
) STRICT;
CREATE TABLE shot (
    source       TEXT NOT NULL REFERENCES source(digest),
    detector     TEXT NOT NULL,
    number       INTEGER NOT NULL,
    start_frame  INTEGER NOT NULL,
    end_frame    INTEGER NOT NULL,
    start_pts    INTEGER NOT NULL,
    end_pts      INTEGER NOT NULL,
    PRIMARY KEY (source, detector, number)
) STRICT;
CREATE TABLE representation (
    source    TEXT NOT NULL REFERENCES source(digest),
    detector  TEXT NOT NULL,
    identity  TEXT NOT NULL,
    PRIMARY KEY (source, detector, identity)
) STRICT;
CREATE TABLE duplicate (
    source    TEXT NOT NULL REFERENCES source(digest),
    number    INTEGER NOT NULL,
    first_source  TEXT NOT NULL,
    first_number  INTEGER NOT NULL,
    PRIMARY KEY (source, number)
) STRICT;
CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
PRAGMA user_version = 1;
"""
"""The tables of the first matchcut, word for word but for their comments."""

CLEAN = """    end_pts      INTEGER NOT NULL,
    clean_start_frame  INTEGER NOT NULL,
    clean_end_frame    INTEGER NOT NULL,
    clean_start_pts    INTEGER NOT NULL,
    clean_end_pts      INTEGER NOT NULL,
"""
VERSION_2 = VERSION_1.replace("    end_pts      INTEGER NOT NULL,\n", CLEAN).replace(
    "user_version = 1", "user_version = 2"
)
"""Those of the second one, which knew dissolves."""

PROVIDER = """
CREATE TABLE provider (
    identity  TEXT PRIMARY KEY,
    representation  TEXT NOT NULL,
    provider  TEXT NOT NULL
) STRICT;
"""
VERSION_3 = VERSION_2.replace("user_version = 2", "user_version = 3") + PROVIDER
"""Those of the third one, which said what had computed its arrays."""


@pytest.fixture(params=[1, 2, 3])
def before(request: pytest.FixtureRequest) -> int:
    """The version of an earlier matchcut's tables."""
    return int(request.param)


@pytest.fixture
def old(tmp_path: Path, before: int) -> Path:
    """A library as an earlier matchcut left it, with one source of three shots."""
    folder = tmp_path / "old"
    one = stock("aa")
    arrays = folder / "arrays" / "aa"
    (arrays / DETECTOR).mkdir(parents=True)
    np.save(arrays / "frames.npy", one.frame_pts)
    np.save(arrays / DETECTOR / f"{IDENTITY}.npy", one.rows[IDENTITY])
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute("PRAGMA journal_mode = WAL")
        catalogue.executescript({1: VERSION_1, 2: VERSION_2, 3: VERSION_3}[before])
        catalogue.execute(
            "INSERT INTO source VALUES (?, ?, ?, ?)", ("aa", to_json(one.source), 30, DETECTOR)
        )
        catalogue.execute("INSERT INTO path VALUES (?, ?, ?, ?)", (str(one.path), "aa", 1000, 7))
        for shot in one.shots:
            place = (shot.start_frame, shot.end_frame, shot.span.start, shot.span.end)
            values = (
                "aa",
                DETECTOR,
                shot.index,
                *place * min(before, 2),
            )  # Twice: clean throughout.
            marks = ", ".join("?" * len(values))
            catalogue.execute(f"INSERT INTO shot VALUES ({marks})", values)
        catalogue.execute("INSERT INTO representation VALUES (?, ?, ?)", ("aa", DETECTOR, IDENTITY))
        catalogue.execute("INSERT INTO duplicate VALUES ('aa', 1, 'aa', 0)")
        catalogue.execute("INSERT INTO note VALUES ('basis', 'one')")
    return folder


def _version(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as catalogue:
        return int(catalogue.execute("PRAGMA user_version").fetchone()[0])


def _tables(folder: Path) -> dict[str, str]:
    """The statements that made the tables, without their comments."""
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as catalogue:
        rows = catalogue.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: " ".join(re.sub("--.*", "", sql).split()) for name, sql in rows}


def _check_old_source(library: Library) -> None:
    (stored,) = library.sources()
    assert (stored.source, stored.frames) == (stock("aa").source, 30)
    shots = library.shots("aa", DETECTOR)
    assert [shot.id for shot in shots] == [shot.id for shot in stock("aa").shots]
    for shot in shots:
        assert (shot.clean_start_frame, shot.clean_end_frame) == (shot.start_frame, shot.end_frame)
        assert shot.clean == shot.span
    assert library.representations("aa", DETECTOR) == {IDENTITY}
    assert library.rows("aa", DETECTOR, IDENTITY).shape == (3, 4)
    assert library.duplicates() == {("aa", 1): ("aa", 0)}
    assert library.note("basis") == "one"
    assert library.providers() == {}
    assert recorded(library) == ()


def test_who_only_reads_an_old_library_finds_all_of_it_and_changes_nothing(
    old: Path, before: int
) -> None:
    content = (old / "catalogue.sqlite").read_bytes()
    library = Library.open(old)
    _check_old_source(library)
    assert (old / "catalogue.sqlite").read_bytes() == content
    # What find and scan note down fits the old tables.
    library.write_duplicates({("aa", 1): ("aa", 0)}, "basis", "one")
    library.remember_path(Path("/media/other.mov"), "aa", 1000, 7)
    assert _version(old) == before
    _check_old_source(library)


def test_who_writes_into_an_old_library_brings_it_up_to_date_and_loses_nothing(
    old: Path, tmp_path: Path
) -> None:
    reader = Library.open(old)
    library = Library.create(old)
    assert _version(old) == VERSION
    Library.create(tmp_path / "new")
    assert _tables(old) == _tables(tmp_path / "new")
    for one in (library, reader):
        _check_old_source(one)
    stock("bb").commit(library)
    assert library.shots("bb", DETECTOR) == stock("bb").shots
    assert Library.create(old).shots("bb", DETECTOR) == stock("bb").shots


def test_what_is_computed_after_that_says_who_made_it(old: Path) -> None:
    library = Library.create(old)
    ours = RepresentationSpec("silhouette", 1, np.dtype(np.uint8), (4,))
    theirs = replace(ours, parameters=(("model", "lraspp"),), weights="0" * 64)
    for _ in range(2):
        library.remember_providers([ours, theirs])
    assert Library.open(old).providers() == {
        ours.identity: "weight-free",
        theirs.identity: "lraspp",
    }
    assert Library.create(old).providers() == library.providers()


KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from matchcut.library import Library, schema

run, ran = schema._run, []
def run_some(opened, statements):
    class Dying:
        def execute(self, statement):
            if len(ran) == int(sys.argv[2]):
                os.kill(os.getpid(), signal.SIGKILL)
            ran.append(statement)
            return opened.execute(statement)
    run(Dying(), statements)
    if len(ran) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

schema._run = run_some
Library.create(Path(sys.argv[1]))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 on this system")
@pytest.mark.parametrize(
    ("before", "done"),
    [(1, 1), (1, 3), (1, 4), (1, 5), (1, 6), (2, 0), (2, 2), (3, 0), (3, 1)],
    indirect=["before"],
)
def test_a_program_killed_while_it_brings_a_library_up_to_date_leaves_the_old_one(
    old: Path, before: int, done: int
) -> None:
    tables = _tables(old)
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(old), str(done)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert (_version(old), _tables(old)) == (before, tables)
    _check_old_source(Library.open(old))
    _check_old_source(Library.create(old))
    assert _version(old) == VERSION
