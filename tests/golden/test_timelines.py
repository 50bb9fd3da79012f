from __future__ import annotations

import pytest

from otio_matchcut.candidates import matches_timeline
from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import locate
from otio_matchcut.marking import mark, unmark
from otio_matchcut.reading import read
from tests.golden.editorial import BASE, CASES, FOLDER, matches_for, shot_of

cases = pytest.mark.parametrize("name", CASES)


@cases
def test_each_record_timecode_shows_the_frame_an_editor_expects(name: str) -> None:
    case = CASES[name]
    timeline = read(FOLDER / f"{name}.otio")
    seen = {}
    for at in case.asked:
        shot = locate(timeline, base=BASE, clip=None, at=at)
        seen[at] = (shot.clip_name, shot.source_frame)
    assert seen == case.asked


@cases
def test_gaps_and_lost_media_are_said_and_not_guessed(name: str) -> None:
    case = CASES[name]
    timeline = read(FOLDER / f"{name}.otio")
    expected = dict.fromkeys(case.gaps, "CLIP_NOT_FOUND") | dict.fromkeys(
        case.offline, "MEDIA_OFFLINE"
    )
    reasons = {}
    for at in expected:
        with pytest.raises(TimelineError) as error:
            locate(timeline, base=BASE, clip=None, at=at)
        reasons[at] = error.value.reason
    assert reasons == expected


@cases
def test_the_stored_timelines_are_what_the_code_makes(name: str) -> None:
    case = CASES[name]
    shot = shot_of(case)
    made = {
        "otio": case.make(),
        "marked.otio": mark(case.make(), shot, matches_for(shot)),
        "matches.otio": matches_timeline(matches_for(shot), name),
    }
    for kind, timeline in made.items():
        assert read(FOLDER / f"{name}.{kind}").is_equivalent_to(timeline), kind


@cases
def test_without_our_markers_the_marked_timeline_is_the_editors_own(name: str) -> None:
    marked = read(FOLDER / f"{name}.marked.otio")
    assert unmark(marked).is_equivalent_to(read(FOLDER / f"{name}.otio"))
