"""Our markers in record time are where the playhead sees the cut frame, in any timeline."""

from __future__ import annotations

import opentimelineio as otio
from hypothesis import assume, given
from hypothesis import strategies as st

from otio_matchcut.locate import first_frame, locate
from otio_matchcut.marking import mark
from otio_matchcut.marks import edited, matches_in
from tests.property.test_timelines import BASE, _any_shot, _matches, quick, timelines


def _without_markers(made: otio.schema.Timeline) -> otio.schema.Timeline:
    for clip in made.find_clips():
        del clip.markers[:]
    return made


@quick
@given(timelines(retimed=False), st.integers(0, 150))
def test_at_normal_speed_it_stands_on_the_frame_that_was_asked_about(
    made: otio.schema.Timeline, frame: int
) -> None:
    _without_markers(made)
    shot = _any_shot(made, frame)
    assume(shot is not None)
    assert shot is not None
    found = edited(mark(made, shot, _matches(shot, shot.source_frame)))
    # A trim of what it is nested in may show the clip at one place only; each clip is there once.
    (only,) = found.marks
    assert only.frame == first_frame(made) + frame
    assert matches_in(found.timeline) == (only.match,)


@quick
@given(timelines(), st.integers(0, 150))
def test_through_retimes_the_cut_frame_is_seen_there(
    made: otio.schema.Timeline, frame: int
) -> None:
    _without_markers(made)
    shot = _any_shot(made, frame)
    assume(shot is not None)
    assert shot is not None
    found = edited(mark(made, shot, _matches(shot, shot.source_frame)))
    for one in found.marks:
        seen = locate(made, base=BASE, clip=None, at=str(one.frame - found.first_frame))
        if seen.address == shot.address:
            assert seen.source_frame == shot.source_frame
