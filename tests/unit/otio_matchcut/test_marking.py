from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from opentimelineio.opentime import RationalTime
from opentimelineio.schema import Marker

from otio_matchcut.entries import KEY, our_entry
from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import ShotInTimeline, locate
from otio_matchcut.marking import mark, unmark
from otio_matchcut.reading import parse
from otio_matchcut.writing import text_of
from tests.unit.otio_matchcut.build import (
    NTSC_FILM,
    clip,
    gap,
    match,
    otio,
    reframe,
    side,
    span,
    timeline,
    track,
)

BASE = Path("/project")


def _shot(made: otio.schema.Timeline, name: str = "a") -> ShotInTimeline:
    return locate(made, base=BASE, clip=name, at=None)


def _markers(made: otio.schema.Timeline, name: str = "a") -> list[otio.schema.Marker]:
    return [m for found in made.find_clips() if found.name == name for m in found.markers]


def test_a_marker_says_the_match_and_holds_all_of_it() -> None:
    made = timeline(track(clip("a", span(40, 24), span(0, 1000))))
    (marker,) = _markers(mark(made, _shot(made), [match()]))
    assert (marker.name, marker.color) == ("#1 0.873 frame", "GREEN")
    assert marker.marked_range == span(50, 1)
    assert marker.comment == (
        "Cut from a.mov at 00:00:02:02 to b é.mov at 00:00:02:02 (frame 300). "
        "Handles before and after the cut frame: A 50 + 949, B 100 + 99 frames."
    )
    entry = our_entry(marker)
    assert entry is not None
    assert (entry["version"], entry["rank"], entry["flavor"], entry["exact"]) == (
        3,
        1,
        "frame",
        True,
    )
    assert (entry["score"], entry["at_cut"], entry["refined"]) == (0.873, 0.75, False)
    assert "reframing" not in entry
    assert entry["pairs_compared"] == 999
    assert entry["incoming"]["path"] == "/media/b é.mov"
    assert (entry["incoming"]["cut_frame"], entry["outgoing"]["rate"]) == (300, "24")
    assert set(marker.metadata) == {"matchcut"}


def test_a_marker_says_how_to_reframe_and_leaves_the_editors_clip_as_it_is() -> None:
    made = timeline(track(clip("a", span(40, 24), span(0, 1000))))
    marked = mark(made, _shot(made), [match(reframing=reframe("outgoing"))])
    (marker,) = _markers(marked)
    assert "Reframe A: flop, scale 1.25, rotate 2.0 degrees clockwise, move" in marker.comment
    entry = marker.metadata["matchcut"]
    assert dict(entry["reframing"]) == {
        "side": "outgoing",
        "scale": 1.25,
        "rotation": 2.0,
        "right": 0.05,
        "down": -0.02,
        "flop": True,
        "before": 0.5,
        "after": 0.75,
    }
    assert unmark(marked).is_equivalent_to(made)


def test_markers_of_an_earlier_version_are_replaced() -> None:
    made = timeline(track(clip("a", span(40, 24), span(0, 1000))))
    old = {"version": 1, "flavor": "frame", "rank": 1, "score": 0.9}
    made.find_clips()[0].markers.append(Marker("#1 0.900 frame", span(41, 1), metadata={KEY: old}))
    assert [one.name for one in _markers(mark(made, _shot(made), [match()]))] == ["#1 0.873 frame"]
    assert not _markers(unmark(made))


def test_the_timeline_given_is_untouched() -> None:
    made = timeline(track(clip("a", span(40, 24))))
    before = made.to_json_string()
    mark(made, _shot(made), [match()])
    assert made.to_json_string() == before


def test_marking_again_replaces_only_our_own_of_the_same_clip_and_flavor() -> None:
    made = timeline(track(clip("a", span(40, 24)), clip("b", span(40, 24))))
    mine = otio.schema.Marker("mine", span(41, 1))
    foreign = otio.schema.Marker("host", span(42, 1), metadata={"Resolve_OTIO": {"Note": "x"}})
    made.find_clips()[0].markers.extend([mine, foreign])
    once = mark(made, _shot(made), [match(1), match(2)])
    camera = mark(once, _shot(once), [match(1, flavor="camera", color="BLUE")])
    other = mark(camera, _shot(camera, "b"), [match(1)])
    again = mark(other, _shot(other), [match(1, score=0.5)])
    assert [m.name for m in _markers(again)] == [
        "mine",
        "host",
        "#1 0.873 camera",
        "#1 0.500 frame",
    ]
    assert [m.name for m in _markers(again, "b")] == ["#1 0.873 frame"]
    assert unmark(again).is_equivalent_to(made)


def test_our_markers_are_replaced_where_a_host_has_moved_them_to() -> None:
    made = timeline(track(clip("a", span(40, 24))))
    marked = mark(made, _shot(made), [match()])
    found = marked.find_clips()[0]
    moved = found.markers[0].deepcopy()
    del found.markers[0]
    marked.tracks[0].markers.append(moved)
    again = mark(marked, _shot(marked), [match()])
    assert not again.tracks[0].markers
    assert len(_markers(again)) == 1


def test_markers_of_a_clip_that_was_trimmed_since_are_replaced() -> None:
    made = timeline(track(clip("a", span(40, 24))))
    marked = mark(made, _shot(made), [match()])
    marked.find_clips()[0].source_range = span(45, 10)
    assert len(_markers(mark(marked, _shot(marked), [match()]))) == 1


def test_a_second_clip_of_the_same_media_keeps_its_markers() -> None:
    made = timeline(track(clip("a", span(40, 24)), clip("a", span(40, 24))))
    first = mark(made, locate(made, base=BASE, clip=None, at="0"), [match()])
    both = mark(first, locate(first, base=BASE, clip=None, at="30"), [match()])
    assert [len(found.markers) for found in both.find_clips()] == [1, 1]


def test_a_cut_outside_of_the_clip_gets_its_nearest_frame_and_a_sentence() -> None:
    made = timeline(track(clip("a", span(40, 24))))
    for cut, nearest in ((10, 40), (500, 63)):
        (marker,) = _markers(mark(made, _shot(made), [match(outgoing=side(cut=cut))]))
        assert marker.marked_range.start_time.value == nearest
        assert f"does not show frame {cut} of a.mov" in marker.comment
        assert marker.comment.endswith(f"nearest one that it does is {nearest}.")


def test_a_clip_in_timecode_is_marked_in_timecode() -> None:
    made = timeline(track(clip("a", span(900040, 25, 25), span(900000, 1000, 25))))
    outgoing = side(rate=Fraction(25), first=900000, cut=50)
    (marker,) = _markers(mark(made, _shot(made), [match(outgoing=outgoing)]))
    assert marker.marked_range == span(900050, 1, 25)


def test_a_clip_in_timecode_that_states_no_media_range_is_marked_by_the_files() -> None:
    made = timeline(track(clip("a", span(900040, 25, 25))))
    outgoing = side(rate=Fraction(25), first=900000, cut=50)
    (marker,) = _markers(mark(made, _shot(made), [match(outgoing=outgoing)]))
    assert marker.marked_range == span(900050, 1, 25)


def test_a_clip_in_ticks_is_marked_in_ticks_of_a_frames_length() -> None:
    made = timeline(track(clip("a", span(0, 60060, 24000), span(0, 240240, 24000))))
    outgoing = side(rate=NTSC_FILM, frames=240, shot=(0, 240), cut=50)
    (marker,) = _markers(mark(made, _shot(made), [match(outgoing=outgoing)]))
    assert marker.marked_range == span(50 * 1001, 1001, 24000)
    assert "does not show" not in marker.comment


def test_a_clip_written_at_24_of_a_file_at_23976_is_marked_to_the_frame() -> None:
    made = timeline(track(clip("a", span(0, 100_000))))
    outgoing = side(rate=NTSC_FILM, frames=200_000, shot=(0, 100_000), cut=90_000)
    (marker,) = _markers(mark(made, _shot(made), [match(outgoing=outgoing)]))
    assert marker.marked_range == span(90_000, 1)


@pytest.mark.parametrize(
    ("speed", "cut", "local", "shown"),
    [
        (2, 60, 50, 60),
        (2, 61, 50, 60),
        (0.5, 43, 47, 43),
        (-1, 63, 40, 63),
        (-1, 40, 63, 40),
        (-0.5, 51, 41, 51),
        (0, 40, 40, 40),
        (0, 50, 40, 40),
    ],
)
def test_on_a_retimed_clip_the_marker_is_where_the_frame_is_last_shown(
    speed: float, cut: int, local: int, shown: int
) -> None:
    made = timeline(track(clip("a", span(40, 24), speed=speed)))
    (marker,) = _markers(mark(made, _shot(made), [match(outgoing=side(cut=cut))]))
    assert marker.marked_range.start_time.value == local
    assert ("does not show" in marker.comment) == (shown != cut)
    at = str(local - 40)
    assert locate(made, base=BASE, clip=None, at=at).source_frame == shown


def test_a_clip_in_a_nested_sequence_is_marked_there() -> None:
    nested = otio.schema.Stack("n", children=[track(gap(5), clip("a", span(40, 24)))])
    made = timeline(track(clip("x", span(0, 5)), nested), start=RationalTime(86400, 24))
    marked = mark(made, _shot(made), [match()])
    assert len(_markers(marked)) == 1
    assert parse(text_of(marked), "t").is_equivalent_to(marked)


def test_a_timeline_that_has_changed_since_is_refused() -> None:
    made = timeline(track(clip("x", span(0, 5)), clip("a", span(40, 24))))
    with pytest.raises(TimelineError, match="does not hold the clip 'a'") as error:
        mark(timeline(track(clip("x", span(0, 5)))), _shot(made), [match()])
    assert error.value.reason == "CLIP_NOT_FOUND"
    shorter = timeline(track(clip("a", span(40, 24))))
    with pytest.raises(TimelineError):
        mark(shorter, _shot(made), [match()])


def test_paths_that_are_no_unicode_do_not_stop_the_marking() -> None:
    made = timeline(track(clip("a", span(40, 24))))
    odd = side("/media/caf\udce9.mov", shot=(0, 400), cut=300)
    (marker,) = _markers(mark(made, _shot(made), [match(incoming=odd)]))
    assert marker.metadata["matchcut"]["incoming"]["path"] == "file:///media/caf%E9.mov"


def test_matches_at_one_frame_stand_side_by_side_best_first() -> None:
    made = timeline(track(clip("a", span(40, 24))))
    matches = [match(rank=rank, outgoing=side(cut=50)) for rank in (1, 2, 3)]
    marked = mark(made, _shot(made), matches)
    assert [one.marked_range.start_time.value for one in _markers(marked)] == [50, 51, 52]
    assert "2 frame(s) after the cut" in _markers(marked)[2].comment
    again = mark(marked, _shot(marked), matches)
    assert again.is_equivalent_to(marked)


def test_no_marker_is_put_on_a_frame_that_holds_the_editors_own() -> None:
    made = timeline(track(clip("a", span(40, 24))))
    own = Marker(name="mine", marked_range=span(50, 1))
    made.find_clips()[0].markers.append(own)
    marked = mark(made, _shot(made), [match(outgoing=side(cut=50))])
    ours = [one for one in _markers(marked) if our_entry(one)]
    assert [one.marked_range.start_time.value for one in ours] == [51]
    assert unmark(marked).is_equivalent_to(made)


def test_a_clip_with_fewer_frames_than_matches_still_holds_them_all() -> None:
    made = timeline(track(clip("a", span(40, 2))))
    matches = [match(rank=rank, outgoing=side(cut=40)) for rank in (1, 2, 3)]
    placed = [
        one.marked_range.start_time.value for one in _markers(mark(made, _shot(made), matches))
    ]
    assert placed == [40, 41, 40]
