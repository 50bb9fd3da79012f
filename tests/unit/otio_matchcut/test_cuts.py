"""Where a film cuts, by editorial case: as the render of a timeline, or as its media."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime

from otio_matchcut.cuts import Edit, Film, cuts_of
from otio_matchcut.edl import parse as parse_edl
from otio_matchcut.errors import TimelineError
from otio_matchcut.reading import read
from tests.unit.otio_matchcut.build import NTSC, NTSC_FILM, clip, gap, span, timeline, track

BASE = Path("/project")
FILM = Path("/media/film.mov")
SHARED = Path(__file__).parents[4] / "shared" / "assets" / "timelines"
REAL = sorted([*SHARED.rglob("*.otio"), *SHARED.rglob("*.edl")])
PLAIN = Fraction(24)


def _film(
    frames: int = 1000, rate: Fraction = PLAIN, start: int | None = None, path: Path = FILM
) -> Film:
    return Film(path, rate, start, frames, lambda at: at == path)


def _frames(edits: tuple[Edit, ...]) -> list[tuple[Fraction, ...]]:
    """Each edit as its frames; one number for a hard cut."""
    return [
        (one.cut,) if one.start == one.cut == one.end else (one.start, one.cut, one.end)
        for one in edits
    ]


def _dissolve(before: float, after: float, rate: float = 24) -> otio.schema.Transition:
    return otio.schema.Transition(
        "", "SMPTE_Dissolve", RationalTime(before, rate), RationalTime(after, rate)
    )


def _used(start: float, frames: float, **other: object) -> otio.schema.Clip:
    """A clip whose media is the film."""
    return clip("film", span(start, frames), url=str(FILM), **other)  # type: ignore[arg-type]


def _a(start: float, frames: float, name: str = "a", **other: object) -> otio.schema.Clip:
    return clip(name, span(start, frames), span(0, 5000), **other)  # type: ignore[arg-type]


RENDERED: dict[str, tuple[Callable[[], otio.schema.Timeline], list[tuple[float, ...]]]] = {
    "hard_cuts": (
        lambda: timeline(track(_a(10, 24), _a(100, 48, "b"), _a(0, 28, "c"))),
        [(24,), (72,), (100,)],
    ),
    "dissolve": (
        lambda: timeline(track(_a(10, 24), _dissolve(6, 4), _a(100, 976, "b"))),
        [(18, 24, 28)],
    ),
    "dissolve_as_an_edl_has_it": (
        lambda: timeline(track(_a(10, 24), _dissolve(0, 12), _a(100, 976, "b"))),
        [(24, 24, 36)],
    ),
    "fades_from_and_to_black": (
        lambda: timeline(track(gap(10), _dissolve(0, 8), _a(0, 90), _dissolve(12, 0), gap(900))),
        [(10, 10, 18), (88, 100, 100)],
    ),
    "gap": (
        lambda: timeline(track(_a(0, 24), gap(24), _a(0, 952, "b"))),
        [(24,), (48,)],
    ),
    "black_generator_beside_a_gap": (
        lambda: timeline(
            track(
                _a(0, 24),
                gap(24),
                otio.schema.Clip(
                    "BL", otio.schema.GeneratorReference(generator_kind="black"), span(0, 24)
                ),
                _a(0, 928, "b"),
            )
        ),
        [(24,), (72,)],
    ),
    "through_edit": (
        lambda: timeline(track(_a(10, 24), _a(34, 26), _a(60, 50, "a"), _a(0, 900, "b"))),
        [(100,)],
    ),
    "same_media_that_jumps": (
        lambda: timeline(track(_a(10, 24), _a(35, 976))),
        [(24,)],
    ),
    "through_edit_at_another_speed": (
        lambda: timeline(track(_a(10, 24), _a(34, 976, speed=2))),
        [(24,)],
    ),
    "through_edit_of_a_retime": (
        lambda: timeline(track(_a(10, 24, speed=2), _a(58, 26, speed=2), _a(0, 950, "b"))),
        [(50,)],
    ),
    "nothing_but_through_edits": (
        lambda: timeline(track(_a(10, 24), _a(34, 26), _a(60, 50), gap(900))),
        [(24,), (50,), (100,)],
    ),
    "reverse_that_goes_on": (
        lambda: timeline(track(_a(100, 24, speed=-1), _a(60, 976, speed=-1))),
        [(24,)],
    ),
    "through_edit_of_a_reverse": (
        lambda: timeline(track(_a(1100, 24, speed=-1), _a(1074, 26, speed=-1), _a(0, 950, "b"))),
        [(50,)],
    ),
    "freeze_after_its_clip": (
        lambda: timeline(track(_a(10, 24), _a(33, 976, speed=0))),
        [(24,)],
    ),
    "disabled_clip": (
        lambda: timeline(track(_a(0, 24), _a(0, 26, "b", enabled=False), _a(0, 950, "c"))),
        [(24,), (50,)],
    ),
    "two_tracks": (
        lambda: timeline(
            track(_a(0, 50), _a(0, 950, "b")), track(gap(40), _a(0, 30, "above"), gap(930))
        ),
        [(40,), (70,)],
    ),
    "disabled_clip_above": (
        lambda: timeline(
            track(_a(0, 50), _a(0, 950, "b")),
            track(gap(40), _a(0, 30, "off", enabled=False), gap(930)),
        ),
        [(50,)],
    ),
    "title_above": (
        lambda: timeline(
            track(_a(0, 50), _a(0, 950, "b")),
            track(
                gap(40), otio.schema.Clip("title", otio.schema.GeneratorReference(), span(0, 30))
            ),
        ),
        [(50,)],
    ),
    "dissolve_on_the_upper_track": (
        lambda: timeline(
            track(_a(0, 1000)),
            track(gap(40), _dissolve(0, 8), _a(0, 30, "above"), _dissolve(8, 0), gap(10)),
        ),
        [(40, 40, 48), (62, 70, 70)],
    ),
    "dissolve_that_is_covered": (
        lambda: timeline(
            track(_a(0, 50), _dissolve(6, 6), _a(0, 950, "b")), track(gap(40), _a(0, 10, "above"))
        ),
        [(40,), (44, 50, 56)],
    ),
    "nested_sequence": (
        lambda: timeline(
            track(
                _a(0, 24),
                otio.schema.Stack(
                    "nested",
                    children=[track(_a(0, 100, "n1"), _a(0, 900, "n2"))],
                    source_range=span(90, 76),
                ),
                _a(0, 900, "c"),
            )
        ),
        [(24,), (34,), (100,)],
    ),
    "dissolve_out_of_a_nested_sequence": (
        lambda: timeline(
            track(
                otio.schema.Stack(
                    "nested", children=[track(_a(0, 50, "n1"))], source_range=span(0, 50)
                ),
                _dissolve(5, 5),
                _a(10, 950, "c"),
            )
        ),
        [(45, 50, 55)],
    ),
    "sound_is_no_picture": (
        lambda: timeline(
            track(_a(0, 50), _a(0, 950, "b")),
            track(clip("music", span(0, 48000 * 100, 48000)), kind="Audio"),
        ),
        [(50,)],
    ),
    "timeline_shorter_than_the_film": (
        lambda: timeline(track(_a(0, 24), _a(0, 24, "b"))),
        [(24,), (48,)],
    ),
}


@pytest.mark.parametrize("case", RENDERED)
def test_a_rendered_film_cuts_where_the_picture_of_its_timeline_does(case: str) -> None:
    make, expected = RENDERED[case]
    assert _frames(cuts_of(make(), _film(), base=BASE)) == expected


USED: dict[str, tuple[Callable[[], otio.schema.Timeline], list[int]]] = {
    "hard_cuts": (
        lambda: timeline(track(_used(10, 24), _a(0, 9), _used(100, 48))),
        [10, 34, 100, 148],
    ),
    "ends_of_the_film": (lambda: timeline(track(_used(0, 24), _used(900, 100))), [24, 900]),
    "dissolve_takes_no_handles": (
        lambda: timeline(track(_used(10, 24), _dissolve(6, 6), _used(100, 48))),
        [10, 34, 100, 148],
    ),
    "retime": (lambda: timeline(track(_used(10, 24, speed=2))), [10, 58]),
    "reverse": (lambda: timeline(track(_used(100, 24, speed=-1))), [100, 124]),
    "freeze": (lambda: timeline(track(_used(77, 24, speed=0))), [77, 78]),
    "disabled_clip": (
        lambda: timeline(track(_used(10, 24), _used(100, 24, enabled=False))),
        [10, 34],
    ),
    "both_tracks": (
        lambda: timeline(track(_used(10, 24)), track(_used(200, 24))),
        [10, 34, 200, 224],
    ),
    "over_the_end_of_the_film": (lambda: timeline(track(_used(990, 24))), [990]),
    "offline_but_known_by_name": (
        lambda: timeline(
            track(otio.schema.Clip(FILM.name, otio.schema.MissingReference(), span(5, 7)))
        ),
        [5, 12],
    ),
    "known_by_name_without_its_ending": (
        lambda: timeline(
            track(otio.schema.Clip(FILM.stem, otio.schema.MissingReference(), span(5, 7)))
        ),
        [5, 12],
    ),
}


@pytest.mark.parametrize("case", USED)
def test_a_film_that_a_timeline_uses_cuts_at_the_ends_of_what_is_used(case: str) -> None:
    make, expected = USED[case]
    assert _frames(cuts_of(make(), _film(), base=BASE)) == [(at,) for at in expected]


def test_used_ranges_in_the_timecode_of_the_film_are_understood() -> None:
    used = clip("film", span(86410, 24), url=str(FILM))
    found = cuts_of(timeline(track(used)), _film(start=86400), base=BASE)
    assert _frames(found) == [(10,), (34,)]


def test_a_used_range_that_the_film_does_not_have_is_refused() -> None:
    with pytest.raises(TimelineError, match="which has 1000 frames") as refused:
        cuts_of(timeline(track(_used(5000, 24))), _film(), base=BASE)
    assert refused.value.reason == "TIME_OUTSIDE"


def test_a_relative_address_starts_from_the_folder_of_the_timeline() -> None:
    made = timeline(track(clip("film", span(10, 24), url="../media/film.mov")))
    beside = _film(path=BASE / "../media/film.mov")
    assert _frames(cuts_of(made, beside, base=BASE)) == [(10,), (34,)]


# Where the timeline begins in the film


@pytest.mark.parametrize(
    ("timeline_start", "film_start", "frames", "expected"),
    [
        (86400, 86400, 72, [24, 48]),
        (86400, 86352, 120, [48, 72, 96]),
        (86400, None, 200_000, [24, 48, 72]),
        (86400, 0, 72, [24, 48]),
        (86400, 90000, 72, [24, 48]),
        (None, 86400, 72, [24, 48]),
        # It begins inside, but does not end there: the film is not that part of the programme.
        (86424, 86400, 72, [24, 48]),
    ],
    ids=["equal", "leader", "no timecode", "zero", "other hour", "timeline without", "too long"],
)
def test_record_times_are_placed_by_the_timecode_of_the_film_else_from_its_first_frame(
    timeline_start: int | None, film_start: int | None, frames: int, expected: list[int]
) -> None:
    start = None if timeline_start is None else RationalTime(timeline_start, 24)
    made = timeline(track(_a(0, 24), _a(0, 24, "b"), _a(0, 24, "c")), start=start)
    found = cuts_of(made, _film(frames, start=film_start), base=BASE)
    assert _frames(found) == [(at,) for at in expected]


@pytest.mark.parametrize("written", [23.976, 23.98, 24000 / 1001, 24.0])
def test_a_film_at_23_976_cuts_to_the_frame_however_its_rate_is_written(written: float) -> None:
    children = [clip(f"c{n}", span(0, 1000, written), span(0, 5000, written)) for n in range(200)]
    made = timeline(track(*children), start=RationalTime(86400, written))
    found = cuts_of(made, _film(200_000, NTSC_FILM, 86400), base=BASE)
    assert _frames(found) == [(1000 * n,) for n in range(1, 200)]


def test_a_timeline_at_another_rate_is_placed_by_the_clock() -> None:
    made = timeline(track(clip("a", span(0, 25, 25)), clip("b", span(0, 100, 25))))
    assert _frames(cuts_of(made, _film(120, Fraction(24)), base=BASE)) == [(24,)]


def test_a_timeline_that_is_longer_than_the_film_is_not_its_edit() -> None:
    made = timeline(track(_a(0, 900), _a(0, 900, "b"), _a(0, 900, "c")), name="reel 2")
    with pytest.raises(TimelineError, match=r"'reel 2' cuts at frame 2700 of film\.mov") as refused:
        cuts_of(made, _film(), base=BASE)
    assert refused.value.reason == "TIME_OUTSIDE"


@pytest.mark.parametrize(
    "made", [timeline(), timeline(track()), timeline(track(gap(24))), timeline(track(kind="Audio"))]
)
def test_a_timeline_without_picture_is_refused(made: otio.schema.Timeline) -> None:
    with pytest.raises(TimelineError, match="no video clip to be seen"):
        cuts_of(made, _film(), base=BASE)


# Edit decision lists


EDL = """TITLE: REEL 1
FCM: NON-DROP FRAME

001  A001     V     C        01:00:10:00 01:00:11:00 01:00:00:00 01:00:01:00
* FROM CLIP NAME: one
002  A001     V     C        01:00:11:00 01:00:12:00 01:00:01:00 01:00:02:00
* FROM CLIP NAME: one
003  A002     V     C        02:00:00:00 02:00:00:00 01:00:02:00 01:00:02:00
003  A003     V     D    012 03:00:00:00 03:00:02:00 01:00:02:00 01:00:04:00
* FROM CLIP NAME: two
* TO CLIP NAME: three
004  A004     V     C        01:00:00:00 01:00:01:00 01:00:06:00 01:00:07:00
* FROM CLIP NAME: four
"""
"""A through edit, a dissolve, black, and a hard cut out of it."""


@pytest.mark.parametrize("rate", [PLAIN, NTSC_FILM])
def test_an_edl_cuts_at_its_record_times(rate: Fraction) -> None:
    made = parse_edl(EDL, "reel.edl", rate)
    assert made.name == "REEL 1"
    found = cuts_of(made, _film(168, rate, 86400), base=BASE)
    assert _frames(found) == [(48, 48, 60), (96,), (144,)]
    # In a film with 10 frames of leader.
    found = cuts_of(made, _film(200, rate, 86390), base=BASE)
    assert _frames(found) == [(10,), (58, 58, 70), (106,), (154,), (178,)]


def test_an_edl_that_starts_at_zero_cuts_at_its_record_times() -> None:
    made = parse_edl(EDL.replace(" 01:00:0", " 00:00:0"), "reel.edl", PLAIN)
    assert _frames(cuts_of(made, _film(168), base=BASE)) == [(48, 48, 60), (96,), (144,)]


def test_an_edl_that_uses_the_film_cuts_it_at_its_source_times() -> None:
    made = parse_edl(EDL.replace("NAME: four", f"NAME: {FILM.name}"), "reel.edl", PLAIN)
    found = cuts_of(made, _film(100_000, start=86000), base=BASE)
    assert _frames(found) == [(400,), (424,)]


DROP = """TITLE: DROP
FCM: DROP FRAME
001  A001     V     C        00:00:00:00 00:00:01:00 00:00:59{0}00 00:01:00{0}02
002  A002     V     C        00:00:00:00 00:01:00:{1} 00:01:00{0}02 00:02:00{0}04
003  A003     V     C        00:00:00:00 00:00:10:00 00:02:00{0}04 00:02:10{0}04
"""


@pytest.mark.parametrize("mark", [";", ":"])
def test_drop_frame_record_times_are_counted_as_frames(mark: str) -> None:
    # 00:01:00;02 is the frame after 00:00:59;29, and 00:02:00;04 is 1,800 frames on.
    # Where the record is marked, the source's colons mean what they say.
    text = DROP.format(mark, "00" if mark == ";" else "02")
    made = parse_edl(text, "drop.edl", NTSC)
    assert made.global_start_time.value == 1770
    found = cuts_of(made, _film(2130, NTSC, 1770), base=BASE)
    assert _frames(found) == [(30,), (1830,)]


def test_an_edl_without_drop_frame_is_counted_without() -> None:
    text = DROP.format(":", "00").replace("FCM: DROP", "FCM: NON-DROP")
    text = text.replace("00:01:00:02", "00:01:00:00").replace("00:02:00:04", "00:02:00:00")
    made = parse_edl(text.replace("00:02:10:04", "00:02:10:00"), "reel.edl", NTSC)
    assert _frames(cuts_of(made, _film(2130, NTSC, 1770), base=BASE)) == [(30,), (1830,)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "holds no event"),
        ("This is a letter.\nNo list.", "holds no event"),
        (EDL.replace("01:00:04:00\n", "01:00:05:00\n"), "48 frames != 72 frames"),
        (EDL.replace("01:00:01:00 01:00:02:00\n", "01:00:00:12 01:00:01:12\n"), "verlapping"),
        (EDL.replace("01:00:02:00\n* FROM", "01:00:01:30\n* FROM"), "frames beyond 23"),
        (EDL.replace(" V     C ", " V "), "fields"),
        (EDL.replace("003  A003     V     D    012", "003  A003     V     K    012"), "'K'"),
        ("TITLE: X\nSPLIT: AUDIO DELAY= 1\n001  A V C 1 2 1 2", "is incomplete"),
    ],
)
def test_what_is_no_edl_at_this_rate_is_refused_with_a_sentence(text: str, why: str) -> None:
    with pytest.raises(TimelineError) as refused:
        parse_edl(text, "reel.edl", PLAIN)
    assert refused.value.reason == "TIMELINE_UNREADABLE"
    assert "reel.edl cannot be read as an edit decision list at 24 frames" in refused.value.sentence
    assert why in refused.value.sentence
    assert "RationalTime" not in refused.value.sentence


@pytest.mark.skipif(
    not REAL, reason="there are no timelines of other applications in ../shared/assets/timelines"
)
@pytest.mark.parametrize("path", REAL, ids=lambda path: str(path.relative_to(SHARED)))
def test_real_timelines_give_ordered_cuts_or_a_sentence(path: Path) -> None:
    read_any = 0
    refusals: list[TimelineError] = []
    for rate in (NTSC_FILM, PLAIN, Fraction(25), NTSC):
        film = _film(10**6, rate)
        try:
            made = (
                parse_edl(path.read_text(encoding="utf-8"), path.name, rate)
                if path.suffix == ".edl"
                else read(path)
            )
            edits = cuts_of(made, film, base=path.parent)
        except TimelineError as error:
            refusals.append(error)
            continue
        read_any += 1
        assert all(one.start <= one.cut <= one.end for one in edits)
        cuts = [one.cut for one in edits]
        assert cuts == sorted(set(cuts))
        if path.suffix == ".edl":
            assert all(cut.denominator == 1 for cut in cuts)
    assert all(error.sentence.endswith(".") and error.next_step for error in refusals)
    refused = {"dissolve_test_fail.edl", "multi_audio.edl", "timecode_mismatch.edl"}
    assert read_any or path.name in refused or path.suffix == ".otio"
