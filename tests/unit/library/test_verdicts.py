"""What an editor said is never lost, never changed, and disturbs nothing else of a library."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

from matchcut.errors import LibraryBusy, LibraryDamaged, LibraryNewer
from matchcut.library import Library, schema
from matchcut.library.description import verdict_fields, verdict_of
from matchcut.library.verdicts import merge, record, recorded, state
from matchcut.types import EPOCH, JudgedShot, Span, Verdict
from tests.unit.library.stocking import everything, stock
from tests.unit.server import drawn

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BASE = Fraction(1, 24000)


def judged(digest: str, shot: int) -> JudgedShot:
    start = shot * 10010
    return JudgedShot(digest, Span(start, start + 10010, BASE), shot * 10 + 5, start + 5005)


def verdict(judgement: str = "keep", a: int = 0, b: int = 1, why: str = "") -> Verdict:
    return Verdict(
        judgement,  # type: ignore[arg-type]
        judged("aa", a),
        judged("bb", b),
        flavor="frame",
        score=0.5,
        at_cut=0.6,
        reframing=None,
        scorer="",
        why=why,
        when=EPOCH,
    )


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library.create(tmp_path / "lib")
    for digest in ("aa", "bb"):
        stock(digest).commit(made)
    return made


def test_all_that_was_said_is_kept_in_its_order_with_its_time(library: Library) -> None:
    first = record(library, [verdict("reject", why="lens")], NOON)
    second = record(library, [verdict("keep"), verdict("clear", b=2)], NOON + timedelta(hours=1))
    assert recorded(Library.open(library.folder)) == (*first, *second)
    assert [one.when - NOON for one in (*first, *second)] == [
        timedelta(),
        timedelta(hours=1),
        timedelta(hours=1, microseconds=1),
    ]


def test_a_clock_that_was_set_back_does_not_make_a_later_word_the_older_one(
    library: Library,
) -> None:
    record(library, [verdict("keep")], NOON)
    record(library, [verdict("reject")], NOON - timedelta(days=1))
    assert [one.judgement for one in recorded(library)] == ["keep", "reject"]


def test_the_analysis_stays_what_it_was_and_need_not_be_read_again(library: Library) -> None:
    before, held, said = library.state(), everything(library), state(library)
    record(library, [verdict()], NOON)
    assert (library.state(), everything(library)) == (before, held)
    assert state(library) != said


def test_what_was_recorded_elsewhere_comes_in_once_and_with_its_own_time(
    library: Library, tmp_path: Path
) -> None:
    other = Library.create(tmp_path / "other")
    theirs = record(other, [verdict("keep"), verdict("reject", b=2)], NOON)
    ours = record(library, [verdict("reject")], NOON + timedelta(hours=1))
    assert merge(library, theirs) == 2
    assert merge(library, [*theirs, *ours]) == 0
    assert recorded(library) == (*theirs, *ours)


def test_verdicts_outlive_the_sources_that_they_name(tmp_path: Path) -> None:
    empty = Library.create(tmp_path / "empty")
    said = record(empty, [verdict()], NOON)
    assert recorded(empty) == said


@given(drawn.verdicts)
def test_a_verdict_survives_the_way_through_json(drawn_verdict: Verdict) -> None:
    text = json.dumps(verdict_fields(drawn_verdict))
    assert verdict_of(json.loads(text)) == drawn_verdict


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("judgement", "maybe", "no judgement"),
        ("when", "2026-03-01T12:00:00", "time zone"),
        ("when", "yesterday", "Invalid isoformat"),
        ("why", "other", "changed after"),
        ("outgoing", {}, "digest"),
        ("score", "high", "could not convert"),
    ],
)
def test_a_verdict_that_was_tampered_with_is_not_taken(field: str, value: object, why: str) -> None:
    fields = verdict_fields(replace(verdict(), when=NOON)) | {field: value}
    with pytest.raises(ValueError, match=why):
        verdict_of(fields)


def test_a_verdict_that_cannot_be_read_is_said_and_not_passed_over(library: Library) -> None:
    record(library, [verdict()], NOON)
    with closing(sqlite3.connect(library.folder / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute("UPDATE verdict SET description = '{}'")
    with pytest.raises(LibraryDamaged, match="verdict"):
        recorded(library)


def test_recording_does_not_wait_for_indexing(library: Library) -> None:
    with library.writing():
        assert len(record(library, [verdict()], NOON)) == 1


def test_all_of_what_was_said_together_is_recorded_or_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "PATIENCE", 0.01)
    with closing(sqlite3.connect(library.folder / "catalogue.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusy):
            record(library, [verdict(), verdict(b=2)], NOON)
    with pytest.raises(ZeroDivisionError):
        _fail_in_the_middle(library)
    assert recorded(library) == ()


def _fail_in_the_middle(library: Library) -> None:
    with schema.changing(library.folder, schema.SAID) as catalogue:
        catalogue.execute("INSERT INTO verdict VALUES ('x', 0, '{}')")
        raise ZeroDivisionError


def test_a_matchcut_that_knows_no_verdicts_refuses_a_library_that_has_some(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(library, [verdict()], NOON)
    monkeypatch.setattr(schema, "VERSION", 3)
    with pytest.raises(LibraryNewer, match="newer matchcut"):
        Library.open(library.folder)


TALKING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from matchcut.library import Library
from matchcut.library.verdicts import record
from tests.unit.library.test_verdicts import verdict

library, name, times = Library.open(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
for number in range(times):
    [said] = record(library, [verdict(why=f"{name} {number}")], datetime.now(UTC))
    print(said.id, flush=True)
"""


def talking(library: Library, name: str, times: int) -> subprocess.Popen[str]:
    """Another process that records verdicts, and says the id of each once it is recorded."""
    return subprocess.Popen(
        [sys.executable, "-c", TALKING, str(library.folder), name, str(times)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_several_programs_record_at_once_and_nothing_is_lost(library: Library) -> None:
    programs = [talking(library, name, 20) for name in ("one", "other")]
    with library.writing():
        ids = [program.communicate(timeout=60)[0].split() for program in programs]
    said = recorded(library)
    assert {one.id for one in said} == {*ids[0], *ids[1]}
    assert len(said) == 40
    assert len({one.when for one in said}) == 40


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 on this system")
@pytest.mark.parametrize("after", [1, 7, 20])
def test_what_was_recorded_before_a_kill_is_there_after_it(library: Library, after: int) -> None:
    with talking(library, "killed", 1_000_000) as program:
        assert program.stdout is not None
        told = [program.stdout.readline().strip() for _ in range(after)]
        program.kill()
        told += program.stdout.read().split()
    ids = [one.id for one in recorded(Library.open(library.folder))]
    # One more may be there: recorded, and not told yet.
    assert ids[: len(told)] == told
    assert len(ids) <= len(told) + 1
    assert len(record(library, [verdict()], datetime.now(UTC))) == 1
