from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime

from otio_matchcut.candidates import matches_timeline
from otio_matchcut.delivery import Edited
from otio_matchcut.locate import locate
from otio_matchcut.marking import mark
from otio_matchcut.marks import counts_in_drop_frame, edited, is_editors, matches_in, one_a_frame
from otio_matchcut.matches import Match
from tests.golden.deliveries import DELIVERIES
from tests.unit.otio_matchcut.build import NTSC, clip, gap, match, side, span, timeline, track

HOUR = RationalTime(86_400, 24)


def _marked(made: otio.schema.Timeline, *cuts: int, name: str = "a") -> Edited:
    shot = locate(made, base=Path("/media"), clip=name, at=None)
    found = [match(rank, outgoing=side(cut=cut)) for rank, cut in enumerate(cuts, 1)]
    return edited(mark(made, shot, found))


def _shown(found: Edited) -> list[str]:
    return [found.timecode(mark.frame) for mark in found.marks]


def test_a_mark_counts_the_timelines_start_in() -> None:
    made = timeline(track(gap(10), clip("a", span(40, 24), span(0, 1000))), start=HOUR)
    assert _shown(_marked(made, 40, 63)) == ["01:00:00:10", "01:00:01:09"]


def test_it_stands_where_a_retimed_clip_shows_the_frame() -> None:
    fast = timeline(track(clip("a", span(40, 24), span(0, 1000), speed=2)))
    assert _shown(_marked(fast, 50)) == ["00:00:00:05"]
    back = timeline(track(clip("a", span(40, 24), span(0, 1000), speed=-1)))
    assert _shown(_marked(back, 63, 40)) == ["00:00:00:00", "00:00:00:23"]


def test_it_is_followed_through_nested_sequences_and_left_out_where_they_trim_it() -> None:
    inner = otio.schema.Stack(
        "scene",
        children=[track(clip("a", span(40, 48), span(0, 1000)))],
        source_range=span(10, 20),
    )
    made = timeline(track(gap(24), inner))
    found = _marked(made, 50, 69, 45)
    assert _shown(found) == ["00:00:01:00", "00:00:01:19"]
    assert [mark.match.rank for mark in found.marks] == [1, 2]


def test_a_disabled_clip_shows_no_mark() -> None:
    made = timeline(track(clip("a", span(40, 24), span(0, 1000))))
    marked = _marked(made, 50).timeline
    marked.tracks[0][0].enabled = False
    assert edited(marked).marks == ()


def test_tracks_of_sound_are_not_counted() -> None:
    sound = track(gap(24), kind="Audio")
    below = track(clip("below", span(0, 24), span(0, 1000)))
    made = timeline(sound, below, track(clip("a", span(40, 24), span(0, 1000))))
    (mark_,) = _marked(made, 50).marks
    assert mark_.track == 2


@pytest.mark.parametrize(
    ("rate", "first", "drops"),
    [
        (NTSC, 107_892, True),
        (NTSC, 108_000, False),
        (NTSC, 0, True),
        (Fraction(60000, 1001), 215_784, True),
        (Fraction(24000, 1001), 86_400, False),
        (Fraction(25), 90_000, False),
    ],
)
def test_a_timelines_start_tells_whether_it_drops_frames(
    rate: Fraction, first: int, drops: bool
) -> None:
    assert counts_in_drop_frame(rate, first) is drops


def test_marks_at_one_frame_stand_side_by_side_where_a_host_keeps_one() -> None:
    found = _marked(timeline(track(clip("a", span(40, 24), span(0, 1000)))), 50)
    (one,) = found.marks
    assert [frame for frame, _ in one_a_frame((one, one, one))] == [10, 11, 12]


def test_all_of_a_match_comes_back_from_what_was_written() -> None:
    for name in ("mixed_rates", "pal_25_start_tc_10h"):
        delivery = DELIVERIES[name]()
        again = matches_timeline(delivery.matches, "x")
        assert matches_in(again) == delivery.matches
        assert not is_editors(again)
        if delivery.edited is not None:
            assert matches_in(delivery.edited.timeline) == delivery.matches
            assert is_editors(delivery.edited.timeline)


def test_markers_of_earlier_versions_are_read_with_what_they_did_not_say_left_open() -> None:
    made = matches_timeline(DELIVERIES["pal_25_start_tc_10h"]().matches[1:], "x")
    (marker,) = [marker for one in made.find_clips() for marker in one.markers]
    entry = marker.metadata["matchcut"]
    entry["version"] = 1
    for key in ("at_cut", "refined"):
        del entry[key]
    for which in ("outgoing", "incoming"):
        for key in ("size", "digest", "clean_start_frame", "clean_end_frame"):
            del entry[which][key]
    (found,) = matches_in(made)
    assert isinstance(found, Match)
    assert (found.at_cut, found.refined) == (found.score, False)
    assert (found.outgoing.size, found.outgoing.digest) == (None, "")
    assert (found.outgoing.clean_start_frame, found.outgoing.clean_end_frame) == (100, 400)
