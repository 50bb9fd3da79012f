"""`--shots LIST`: printed, corrected and read back; whose film it is; what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import other_notes
from tests.small_films import DETECTOR, Footage
from tests.unit.cli.conftest import Matchcut, Ran

EDL = """TITLE: DAY TWO
FCM: DROP FRAME
001  AX       V     C        00:00:00;00 00:00:01;16 00:00:58;00 00:00:59;16
002  AX       V     C        00:00:10;00 00:00:11;14 00:00:59;16 00:01:01;02
"""


@pytest.fixture
def printed(footage: Footage, matchcut: Matchcut) -> Ran:
    """What `matchcut shots --json` says of the second film."""
    return matchcut("shots", footage.two, "--detector", DETECTOR, "--json")


def _shots(ran: Ran) -> list[tuple[int, int]]:
    assert ran.code == 0, ran.err
    return [(line["start_frame"], line["end_frame"]) for line in ran.lines]


def test_what_shots_prints_is_read_back_as_it_was(
    footage: Footage, matchcut: Matchcut, printed: Ran, tmp_path: Path
) -> None:
    given = tmp_path / "s.json"
    given.write_text(printed.out)
    again = matchcut("shots", footage.two, "--shots", given, "--json")
    assert (again.code, again.out) == (0, printed.out)


def test_a_list_corrected_by_hand_is_what_is_indexed(
    footage: Footage, matchcut: Matchcut, printed: Ran, tmp_path: Path
) -> None:
    # One cut is deleted, another one moves by two frames.
    first, _, third, fourth = printed.lines
    third |= {"end_frame": 70, "clean_end_frame": 70}
    fourth |= {"start_frame": 70, "clean_start_frame": 70}
    given = tmp_path / "s.json"
    given.write_text("".join(json.dumps(line) + "\n" for line in (first, third, fourth)))
    assert _shots(matchcut("shots", footage.two, "--shots", given, "--json")) == [
        (0, 46),
        (46, 70),
        (70, 90),
    ]
    library = tmp_path / "lib"
    ran = matchcut("index", footage.two, "-l", library, "--shots", given, "--json")
    assert {**ran.lines[-1], "notes": other_notes(ran.lines[-1]["notes"])} == {
        "shots": 3,
        "groups": 0,
        "notes": ["The shots of 1 film(s) are those of s.json."],
    }
    kept = matchcut("index", footage.two, "-l", library)
    assert "1 film(s) keep the shots that a list gave" in kept.err


def test_an_edl_in_drop_frame_gives_the_shots_of_its_render(
    footage: Footage, matchcut: Matchcut, tmp_path: Path
) -> None:
    given = tmp_path / "day two.edl"
    given.write_text(EDL)
    ran = matchcut("shots", footage.two, "--shots", given, "--json")
    assert _shots(ran) == [(0, 46), (46, 90)]
    assert ran.lines[1]["start_timecode"] == "00:00:59;16"


def test_the_editor_s_own_timeline_cuts_the_film_that_it_uses(
    footage: Footage, matchcut: Matchcut
) -> None:
    ran = matchcut("shots", footage.one, "--shots", footage.timeline, "--json")
    assert [start for start, _ in _shots(ran)] == [0, 4, 16, 88, 104]


def test_one_list_serves_each_film_that_its_lines_name(
    footage: Footage, matchcut: Matchcut, printed: Ran, tmp_path: Path
) -> None:
    given = tmp_path / "all.json"
    one = matchcut("shots", footage.one, "--detector", DETECTOR, "--json")
    given.write_text(one.out + printed.out)
    library = tmp_path / "lib"
    ran = matchcut("index", footage.one.parent, "-l", library, "--shots", given, "--json")
    summary = ran.lines[-1]
    assert other_notes(summary["notes"]) == ["The shots of 2 film(s) are those of all.json."]
    assert ran.lines[-1]["shots"] == 10


def test_films_that_no_line_names_are_detected(
    footage: Footage, matchcut: Matchcut, printed: Ran, tmp_path: Path
) -> None:
    given = tmp_path / "two.json"
    given.write_text(printed.out)
    arguments = ("--detector", DETECTOR, "--shots", given, "--json")
    ran = matchcut("index", *footage.both, "-l", tmp_path / "lib", *arguments)
    summary = ran.lines[-1]
    assert other_notes(summary["notes"]) == ["The shots of 1 film(s) are those of two.json."]
    assert ran.lines[-1]["shots"] == 10


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("cut.edl", EDL, "cut.edl is a timeline, which speaks of one film, but 2 are given"),
        ("s.json", '{"start_frame": 0, "end_frame": 9}', "does not say of which of 2 films"),
        (
            "s.json",
            '{"film": "/x/other.mov", "start_frame": 0, "end_frame": 9}',
            "s.json speaks of none of the 2 films",
        ),
        ("s.txt", "", "s.txt is no cut list: its name does not end in"),
    ],
)
def test_a_list_for_several_films_must_say_which(
    footage: Footage, matchcut: Matchcut, tmp_path: Path, name: str, text: str, said: str
) -> None:
    given = tmp_path / name
    given.write_text(text)
    ran = matchcut("index", *footage.both, "-l", tmp_path / "lib", "--shots", given)
    assert said in ran.refused(2, "USAGE")
    assert not (tmp_path / "lib").exists()


def test_two_lists_of_one_film_are_refused(
    footage: Footage, matchcut: Matchcut, printed: Ran, tmp_path: Path
) -> None:
    lists = tmp_path / "a.json", tmp_path / "b.json"
    for given in lists:
        given.write_text(printed.out)
    options = [option for given in lists for option in ("--shots", given)]
    ran = matchcut("index", footage.two, "-l", tmp_path / "lib", *options)
    assert "a.json and b.json both speak of day two.mov" in ran.refused(2, "USAGE")


def test_a_list_and_a_detector_are_not_both_asked_for(footage: Footage, matchcut: Matchcut) -> None:
    ran = matchcut("shots", footage.two, "--shots", "s.json", "--detector", DETECTOR)
    assert "both say where the shots come from" in ran.refused(2, "USAGE")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no cut list at"),
        (b"", "s.json holds no shot"),
        (b"\xff\xfe\x00", "it is not text in UTF-8"),
        (b'{"start_frame": 0, "end_frame": 9}', "Line 1 of s.json ends the list at frame 9"),
        (b'{"start_frame": 0, "end_frame": 999}', "day two.mov has 90 frames"),
        (b'{"film": "x.mov", "start_frame": 0, "end_frame": 90}', "speaks of x.mov, not of day"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_a_sentence(
    footage: Footage, matchcut: Matchcut, tmp_path: Path, content: bytes | None, said: str
) -> None:
    given = tmp_path / "s.json"
    if content is not None:
        given.write_bytes(content)
    assert said in matchcut("shots", footage.two, "--shots", given).refused(1, "CUT_LIST_REFUSED")


def test_an_edl_with_comments_in_an_old_encoding_is_read(
    footage: Footage, matchcut: Matchcut, tmp_path: Path
) -> None:
    given = tmp_path / "day two.edl"
    given.write_bytes(EDL.encode() + "* KOMMENTAR: Türe\n".encode("latin-1"))
    assert len(matchcut("shots", footage.two, "--shots", given, "--json").lines) == 2
