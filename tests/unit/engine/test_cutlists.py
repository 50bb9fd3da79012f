"""What a cut list means for a film: which frames, and what is said where it does not fit."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchcut.engine.cutlists import transitions_of
from matchcut.engine.snapshot import timecode_of
from matchcut.errors import CutListRefused
from matchcut.pipeline import given_shots, shots_between
from matchcut.types import CutList, Shot, Source, Transition
from tests.unit.library.stocking import stock
from tests.unit.otio_matchcut.build import clip, span, timeline, track

FILM = Path("/media/film.mov")
FRAMES = 100
STEADY = np.arange(FRAMES + 1, dtype=np.int64) * 1001
"""24000/1001 frames a second, in 1/24000 s."""
SOURCE = stock("aa").source


def _cuts(
    text: str,
    name: str = "s.json",
    *,
    source: Source = SOURCE,
    pts: NDArray[np.int64] = STEADY,
) -> tuple[Transition, ...]:
    return transitions_of(CutList(FILM, text, Path("/project"), name), source, pts)


def _hard(*cuts: int) -> tuple[Transition, ...]:
    return tuple(Transition(cut, cut, cut) for cut in cuts)


def _lines(*shots: dict[str, object]) -> str:
    return "".join(json.dumps(shot) + "\n" for shot in shots)


def _shot(start: int, end: int, **more: object) -> dict[str, object]:
    return {"start_frame": start, "end_frame": end, **more}


def _refusal(text: str, **other: object) -> CutListRefused:
    with pytest.raises(CutListRefused) as refused:
        _cuts(text, **other)  # type: ignore[arg-type]
    assert refused.value.sentence.endswith(".")
    assert refused.value.next_step.endswith(".")
    return refused.value


# Shot lists


def test_a_shot_list_needs_no_more_than_frames() -> None:
    text = _lines(_shot(0, 40), _shot(40, 41), _shot(41, 100))
    assert _cuts(text) == _hard(40, 41)
    assert _cuts(json.dumps([_shot(0, 40), _shot(40, 100)], indent=2)) == _hard(40)
    assert _cuts("\n" + _lines(_shot(0, 100)) + "\n\n") == ()


def test_clean_frames_of_a_list_are_the_ends_of_transitions() -> None:
    text = _lines(
        _shot(0, 40, clean_end_frame=35),
        _shot(40, 60, clean_start_frame=44),
        _shot(60, 100, clean_start_frame=60, clean_end_frame=100),
    )
    assert _cuts(text) == (Transition(35, 40, 44), Transition(60, 60, 60))


def _printed(shots: tuple[Shot, ...], film: str = str(FILM)) -> list[dict[str, object]]:
    """As `matchcut shots --json` prints them."""
    return [
        {
            "film": film,
            "index": one.index,
            "start_frame": one.start_frame,
            "end_frame": one.end_frame,
            "clean_start_frame": one.clean_start_frame,
            "clean_end_frame": one.clean_end_frame,
            "start_timecode": timecode_of(SOURCE, STEADY, one.start_frame),
            "end_timecode": timecode_of(SOURCE, STEADY, one.end_frame),
            "seconds": 1.5,
        }
        for one in shots
    ]


@st.composite
def transition_lists(draw: st.DrawFn) -> tuple[Transition, ...]:
    frames = sorted(draw(st.lists(st.integers(0, FRAMES), max_size=30)))
    made: list[Transition] = []
    for start, cut, end in zip(frames[::3], frames[1::3], frames[2::3], strict=False):
        if 0 < cut < FRAMES and (not made or made[-1].cut < cut):
            made.append(Transition(start, cut, end))
    return tuple(made)


@given(transition_lists())
def test_a_list_that_is_printed_and_read_back_gives_the_same_shots(
    transitions: tuple[Transition, ...],
) -> None:
    shots = shots_between(transitions, STEADY, SOURCE, "any-v1")
    back = _cuts(_lines(*_printed(shots)))
    assert shots_between(back, STEADY, SOURCE, "any-v1") == shots
    assert given_shots(_cuts(json.dumps(_printed(shots)))).identity == given_shots(back).identity


@given(transition_lists(), st.data())
def test_deleted_lines_take_their_cuts_away_and_no_other(
    transitions: tuple[Transition, ...], data: st.DataObject
) -> None:
    printed = _printed(shots_between(transitions, STEADY, SOURCE, "any-v1"))
    kept = [
        number
        for number in range(len(printed))
        if number == len(printed) - 1 or data.draw(st.booleans())
    ]
    found = _cuts(_lines(*(printed[number] for number in kept)))
    assert [one.cut for one in found] == [printed[number]["start_frame"] for number in kept[1:]]


def test_timecodes_are_read_where_a_line_has_no_frames() -> None:
    text = _lines(
        {"start_timecode": "01:00:00:00", "end_timecode": "01:00:01:16"},
        {"start_timecode": "01:00:01:16", "end_timecode": "01:00:04:04"},
    )
    assert _cuts(text) == _hard(40)


def test_timecodes_are_passed_over_where_there_are_frames() -> None:
    text = _lines(_shot(0, 40, start_timecode="nonsense"), _shot(40, 100, end_timecode=7))
    assert _cuts(text) == _hard(40)


def test_drop_frame_timecodes_are_read_by_the_film_s_own_way_of_counting() -> None:
    source = replace(
        SOURCE,
        rate=Fraction(30000, 1001),
        time_base=Fraction(1, 30000),
        start_timecode="00:00:59;00",
    )
    text = _lines(
        {"start_timecode": "00:00:59;00", "end_timecode": "00:01:00;02"},
        {"start_timecode": "00:01:00;02", "end_timecode": "00:01:02;12"},
    )
    assert _cuts(text, source=source) == _hard(30)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "s.json holds no shot"),
        (" \n", "s.json holds no shot"),
        ("[]", "s.json holds no shot"),
        ("{not json}", "Line 1 of s.json is not a JSON object on one line"),
        (_lines(_shot(0, 9)) + "[1, 2]\n", "Line 2 of s.json is not a JSON object"),
        ('[{"start_frame": 1},\n oops]', "Line 2 of s.json is not JSON"),
        ("[3]", "Entry 1 of s.json is not a JSON object"),
        (_lines({"index": 0}), "Line 1 of s.json has neither start_frame nor start_timecode"),
        (_lines({"start_frame": 0}), "has neither end_frame nor end_timecode"),
        (_lines(_shot(0, 9.5)), "Line 1 of s.json has 9.5 as end_frame"),  # type: ignore[arg-type]
        (_lines(_shot(False, 9)), "has False as start_frame"),
        (_lines(_shot(9, 9)), "Line 1 of s.json runs from frame 9 to 9"),
        (_lines(_shot(-3, 9)), "runs from frame -3 to 9"),
        (
            _lines({"start_timecode": "01:00:00:00", "end_timecode": "01:00:00:99"}),
            "has '01:00:00:99' as end_timecode: frames run from 00 to 23",
        ),
        (_lines(_shot(0, 40, clean_start_frame=41), _shot(40, 100)), "clean from frame 41 to 40"),
        (
            _lines(_shot(0, 40), "", _shot(50, 100)).replace('""\n', "\n"),  # type: ignore[arg-type]
            "Line 3 of s.json begins at frame 50, but line 1 ends at 40: frames are left over",
        ),
        (
            _lines(_shot(0, 40, index=0), _shot(44, 100, index=1)),
            "Line 2 of s.json begins at frame 44, but line 1 ends at 40",
        ),
        (
            _lines(_shot(0, 40), _shot(39, 100)),
            "Line 2 of s.json begins at frame 39, before line 1 ends at 40",
        ),
        (_lines(_shot(40, 100), _shot(0, 40)), "Line 1 of s.json begins the list at frame 40"),
        (_lines(_shot(0, 100, clean_start_frame=9)), "begins the list at frame 9"),
        (
            _lines(_shot(0, 40), _shot(40, 120)),
            "Line 2 of s.json ends the list at frame 120, but film.mov has 100 frames",
        ),
        (_lines(_shot(0, 40)), "ends the list at frame 40, but film.mov has 100 frames"),
        (
            _lines(_shot(0, 100, film="/media/other.mov")),
            "s.json speaks of /media/other.mov, not of film.mov",
        ),
    ],
)
def test_a_list_that_does_not_fit_is_refused_with_its_line(text: str, said: str) -> None:
    refused = _refusal(text)
    assert said in refused.sentence
    assert refused.facts["list"] == "s.json"


def test_a_list_of_several_films_gives_each_its_own_lines() -> None:
    other, here = _shot(0, 7, film="/media/other.mov"), "/moved/film.mov"
    text = _lines(other, _shot(0, 40, film=here), _shot(40, 100, film=here))
    assert _cuts(text) == _hard(40)
    # Where two films have one name, the path decides.
    text += _lines(_shot(0, 100, film=str(FILM)))
    assert _cuts(text) == ()


def test_a_list_that_is_no_timeline_is_refused_whatever_it_is_called() -> None:
    assert "cuts.txt cannot be read" in _refusal("x", name="cuts.txt").sentence


# Timelines


def _otio(*lengths: int, rate: float = 24000 / 1001) -> str:
    children = [clip(f"c{n}", span(0, length, rate)) for n, length in enumerate(lengths)]
    return str(otio.adapters.write_to_string(timeline(track(*children)), "otio_json"))


def test_a_timeline_gives_the_cuts_of_its_render() -> None:
    assert _cuts(_otio(40, 20, 40), "cut.otio") == _hard(40, 60)
    assert _cuts(_otio(40, 20, 40, rate=24), "CUT.OTIO") == _hard(40, 60)


def test_at_a_variable_rate_a_cut_is_the_frame_that_is_shown_then() -> None:
    # Every third frame is missing, and the clock of the phone jitters.
    numbers = [n for n in range(100) if n % 3 != 2]
    jitter = [(37 * n) % 400 - 200 for n in numbers]
    pts = np.array([n * 1001 + j for n, j in zip(numbers, jitter, strict=True)] + [100_100])
    found = _cuts(_otio(30, 32, 38), "cut.otio", pts=pts)
    # Frame 62 of the clock is one of those missing: the next one that is shown is number 63.
    assert [one.cut for one in found] == [numbers.index(30), numbers.index(63)]


def test_cuts_that_fall_on_one_frame_are_one() -> None:
    sparse = np.array([0, 10010, 60060, 100_100])
    assert _cuts(_otio(20, 10, 10, 60), "cut.otio", pts=sparse) == _hard(2)


def test_transitions_that_a_timeline_lets_overlap_are_kept_apart() -> None:
    def dissolve(frames: int) -> otio.schema.Transition:
        offset = otio.opentime.RationalTime(frames, 24)
        return otio.schema.Transition("", "SMPTE_Dissolve", offset, offset)

    a, b, c = (clip(name, span(0, length)) for name, length in (("a", 40), ("b", 6), ("c", 54)))
    made = timeline(track(a, dissolve(10), b, dissolve(10), c))
    text = otio.adapters.write_to_string(made, "otio_json")
    assert _cuts(text, "cut.otio") == (Transition(30, 40, 46), Transition(46, 46, 56))


def test_an_edl_counts_at_the_rate_of_the_film() -> None:
    text = (
        "TITLE: X\n"
        "001  AX V C 00:00:00:00 00:00:01:16 01:00:00:00 01:00:01:16\n"
        "002  AX V C 00:00:10:00 00:00:12:12 01:00:01:16 01:00:04:04\n"
    )
    assert _cuts(text, "cut.edl") == _hard(40)
    later = replace(SOURCE, start_timecode="00:59:59:23")
    assert _cuts(text, "cut.edl", source=later, pts=np.arange(120) * 1001) == _hard(1, 41, 101)


@pytest.mark.parametrize("name", ["cut.otio", "cut.edl"])
@pytest.mark.parametrize("text", ["", "{}", "no list\nat all", '{"OTIO_SCHEMA": "Clip.2"}'])
def test_a_timeline_that_is_none_is_refused_with_a_sentence(name: str, text: str) -> None:
    assert _refusal(text, name=name).facts["why"] == "TIMELINE_UNREADABLE"


def test_a_timeline_of_another_film_is_refused() -> None:
    refused = _refusal(_otio(400, 400, 400), name="cut.otio")
    assert "cuts at frame 1200 of film.mov, which has 100 frames" in refused.sentence
    assert refused.facts["why"] == "TIME_OUTSIDE"


def test_a_clip_whose_media_is_the_film_in_another_place_is_known_by_its_content(
    tmp_path: Path,
) -> None:
    from matchcut.media.digest import content_digest

    film, copy, other = (tmp_path / name for name in ("film.mov", "copy.mov", "other.mov"))
    film.write_bytes(b"a film" * 99)
    copy.write_bytes(film.read_bytes())
    other.write_bytes(b"a f1lm" * 99)
    source = replace(SOURCE, digest=content_digest(film))
    for path, expected in ((copy, _hard(10, 30)), (other, _hard(20))):
        made = timeline(track(clip("x", span(10, 20), url=path.name)))
        text = otio.adapters.write_to_string(made, "otio_json")
        cut_list = CutList(film, text, tmp_path, "cut.otio")
        assert transitions_of(cut_list, source, STEADY) == expected
