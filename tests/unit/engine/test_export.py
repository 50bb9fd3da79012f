"""Files for editing applications through the engine: named as asked, and for known hosts alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from opentimelineio.opentime import RationalTime

from matchcut.engine import Engine
from matchcut.engine.exporting import hosts
from matchcut.errors import HostUnknown
from matchcut.types import MatchSet, TimelineQuery
from tests.unit.otio_matchcut import build
from tests.unit.server.stand_in import CANDIDATE, SIDE

FOUND = MatchSet((CANDIDATE,), "frame", 7)


@pytest.mark.parametrize("host", hosts())
def test_each_application_gets_files_that_say_how_to_bring_them_in(
    host: str, tmp_path: Path
) -> None:
    exported = Engine(tmp_path).export(FOUND, host=host, name="reel 1")
    assert exported.files or exported.notes
    for file in exported.files:
        assert file.name.startswith("reel 1.")
        assert file.content
        assert file.how.endswith(".")
    assert len({file.name for file in exported.files}) == len(exported.files)
    assert list(tmp_path.iterdir()) == [], "nothing is written"


def test_an_unknown_application_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(HostUnknown, match=hosts()[0]):
        Engine(tmp_path).export(FOUND, host="moviola", name="reel 1")


def test_marks_say_where_the_timeline_shows_each_cut(tmp_path: Path) -> None:
    edited = build.timeline(
        build.track(
            build.gap(24),
            build.clip("a", build.span(86_400 + 50, 60), build.span(86_400, 1000)),
        ),
        start=RationalTime(86_400, 24),
    )
    query = TimelineQuery(edited.to_json_string(), Path("/films"), "reel", at="01:00:02:00")
    second = replace(CANDIDATE, rank=2, incoming=replace(SIDE, shot=7, cut_frame=7))
    found = MatchSet((CANDIDATE, second), "frame", 7)
    marks = Engine(tmp_path).export(found, host="any", name="reel", timeline=query).marks
    assert [(mark.rank, mark.frame, mark.timecode) for mark in marks] == [
        (1, 24 + 49, "01:00:03:01"),
        (2, 24 + 50, "01:00:03:02"),
    ]
    assert marks[0].name == "#1 0.500 frame"
    assert "at 01:00:00:00 (frame 99)" in marks[0].comment
    assert marks[0].color == "CYAN"
    again = Engine(tmp_path).export(found, host="any", name="reel", timeline=query).marks
    assert [mark.id for mark in again] == [mark.id for mark in marks]
    assert len({mark.id for mark in marks}) == 2
