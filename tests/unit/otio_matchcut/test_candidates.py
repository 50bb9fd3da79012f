from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest

from otio_matchcut.candidates import matches_timeline
from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import locate
from otio_matchcut.reading import read
from otio_matchcut.spreadsheet import COLUMNS, write_csv
from otio_matchcut.writing import write
from tests.unit.otio_matchcut.build import NTSC, NTSC_FILM, match, otio, reframe, side, span


def _parts(made: otio.schema.Timeline) -> list[otio.core.Item]:
    return list(made.tracks[0])


def test_the_cut_joins_the_last_frame_of_a_to_the_first_of_b() -> None:
    made = matches_timeline([match()], "candidates")
    outgoing, incoming = _parts(made)
    assert (outgoing.name, incoming.name) == ("A #1 a.mov shot 3", "B #1 b é.mov shot 3")
    assert outgoing.source_range == span(3, 48)
    assert outgoing.source_range.end_time_inclusive().value == 50
    assert incoming.source_range == span(300, 48)
    assert [m.marked_range for m in incoming.markers] == [span(300, 1)]
    assert incoming.markers[0].metadata["matchcut"]["rank"] == 1
    assert not outgoing.markers


def test_no_side_shows_frames_of_a_transition_or_of_another_shot() -> None:
    short = match(
        outgoing=side(shot=(30, 60), clean=(45, 55), cut=50),
        incoming=side(shot=(290, 330), clean=(295, 310), cut=300),
    )
    outgoing, incoming = _parts(matches_timeline([short], "candidates"))
    assert outgoing.source_range == span(45, 6)
    assert incoming.source_range == span(300, 10)


def test_clips_are_in_the_shape_that_resolve_demands() -> None:
    outgoing = side("/media/tc.mov", rate=Fraction(25), first=900000, cut=50)
    made = matches_timeline([match(outgoing=outgoing)], "candidates")
    written = json.loads(made.to_json_string())["tracks"]["children"][0]["children"][0]
    assert written["OTIO_SCHEMA"] == "Clip.2"
    media = written["media_references"]["DEFAULT_MEDIA"]
    assert media["target_url"] == "/media/tc.mov"
    assert media["available_range"]["start_time"]["value"] == 900000
    assert media["available_range"]["duration"]["value"] == 1000
    assert written["source_range"]["start_time"]["value"] == 900001
    assert made.global_start_time.to_timecode() == "01:00:00:00"


def test_names_are_unique_and_a_second_of_black_lies_between_candidates() -> None:
    made = matches_timeline([match(1), match(2), match(3)], "candidates")
    names = [part.name for part in _parts(made) if isinstance(part, otio.schema.Clip)]
    assert len(set(names)) == len(names) == 6
    gaps = [part for part in _parts(made) if isinstance(part, otio.schema.Gap)]
    assert [part.duration().to_seconds() for part in gaps] == [1, 1]


def test_where_rates_are_mixed_every_cut_is_on_a_frame_of_the_timeline() -> None:
    mixed = [
        match(1, outgoing=side(rate=Fraction(25)), incoming=side(rate=NTSC_FILM)),
        match(2, outgoing=side(rate=NTSC), incoming=side(rate=Fraction(50))),
        match(3, outgoing=side(rate=NTSC_FILM, shot=(44, 90)), incoming=side(rate=Fraction(24))),
    ]
    made = matches_timeline(mixed, "candidates")
    assert made.global_start_time.rate == 25
    track = made.tracks[0]
    for index, part in enumerate(_parts(made)):
        if part.name.startswith("B "):
            start = track.range_of_child_at_index(index).start_time.to_seconds() * 25
            assert start == pytest.approx(round(start), abs=1e-6)
            before = track[index - 2]
            if isinstance(before, otio.schema.Gap):
                assert 1 <= before.duration().to_seconds() < 1.05


def test_every_candidate_is_found_again_at_its_cut(tmp_path: Path) -> None:
    write(matches_timeline([match(1), match(2)], "candidates"), tmp_path / "m.otio")
    made = read(tmp_path / "m.otio")
    before = locate(made, base=tmp_path, clip=None, at="01:00:01:23")
    after = locate(made, base=tmp_path, clip=None, at="01:00:02:00")
    assert (before.media, before.source_frame) == (Path("/media/a.mov"), 50)
    assert (after.media, after.source_frame) == (Path("/media/b é.mov"), 300)


def test_no_matches_give_an_empty_timeline() -> None:
    assert _parts(matches_timeline([], "none")) == []


def test_a_path_that_is_no_unicode_is_written_as_an_address() -> None:
    odd = side("/media/caf\udce9.mov", shot=(0, 400), cut=300)
    (_, incoming) = _parts(matches_timeline([match(incoming=odd)], "candidates"))
    assert incoming.media_reference.target_url == "file:///media/caf%E9.mov"


def test_a_cut_outside_of_its_shot_is_a_bug_said_at_once() -> None:
    with pytest.raises(ValueError, match="must lie in the shot"):
        side(shot=(0, 50), cut=50)


@pytest.mark.parametrize("clean", [(51, 90), (10, 50), (-1, 90), (10, 101)])
def test_a_cut_inside_of_a_transition_is_a_bug_said_at_once(clean: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="must lie in the clean frames"):
        side(shot=(0, 100), clean=clean, cut=50)


def test_the_comment_says_how_far_the_cut_can_be_moved() -> None:
    rolled = match(
        outgoing=side(shot=(0, 100), clean=(2, 63), cut=50),
        incoming=side(shot=(290, 340), clean=(295, 332), cut=300),
    )
    (_, incoming) = _parts(matches_timeline([rolled], "candidates"))
    assert incoming.markers[0].comment.endswith(
        "Handles before and after the cut frame: A 48 + 12, B 5 + 31 frames."
    )
    entry = incoming.markers[0].metadata["matchcut"]
    assert (entry["outgoing"]["handle_before"], entry["outgoing"]["handle_after"]) == (48, 12)
    assert (entry["incoming"]["clean_start_frame"], entry["incoming"]["handle_after"]) == (295, 31)


def test_the_table_has_a_row_for_each_match(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    write_csv([match(1), match(2, score=1 / 3, reframing=reframe("outgoing"))], path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert [row["rank"] for row in rows] == ["1", "2"]
    assert float(rows[1]["score"]) == 1 / 3
    assert rows[0]["incoming_source"] == "/media/b é.mov"
    assert (rows[0]["outgoing_cut_frame"], rows[0]["incoming_end_frame"]) == ("50", "400")
    assert rows[0]["exact"] == "true"
    assert [row["at_cut"] for row in rows] == ["0.75", "0.75"]
    assert [row["refined"] for row in rows] == ["false", "true"]
    assert (rows[0]["incoming_handle_before"], rows[0]["outgoing_handle_after"]) == ("100", "949")
    assert rows[0]["reframing"] == ""
    assert rows[1]["reframing"].startswith("A: flop, scale 1.25, rotate 2.0 degrees clockwise")


def test_a_table_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TimelineError, match="cannot be written"):
        write_csv([match()], tmp_path / "none" / "m.csv")
