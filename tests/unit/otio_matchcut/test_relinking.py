from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from opentimelineio.opentime import TimeRange

from otio_matchcut.entries import KEY
from otio_matchcut.locate import ShotInTimeline, locate
from otio_matchcut.relinking import MediaFile, fitting
from tests.unit.otio_matchcut.build import clip, otio, span, timeline, track


def _file(
    name: str, *, rate: int = 24, start: int = 0, frames: int = 100, digest: str | None = None
) -> MediaFile:
    return MediaFile(
        Path("/rushes") / name / "a.mov", Fraction(rate), start, frames, lambda: digest or name
    )


def _shot(
    used: TimeRange, media: TimeRange | None = None, *, digest: str | None = None
) -> ShotInTimeline:
    made = clip("a", used, media)
    if digest:
        made.media_reference.metadata[KEY] = {"digest": digest}
    return locate(timeline(track(made)), base=Path("/p"), clip="a", at=None)


def _fitting(shot: ShotInTimeline, *files: MediaFile) -> list[str]:
    return [file.path.parent.name for file in fitting(shot, files)]


def test_a_single_file_that_holds_the_frames_is_the_one() -> None:
    assert _fitting(_shot(span(10, 20)), _file("x")) == ["x"]


def test_a_file_of_the_name_without_the_frames_is_another_film() -> None:
    assert _fitting(_shot(span(90, 20)), _file("short"), _file("long", frames=500)) == ["long"]
    assert _fitting(_shot(span(86410, 20)), _file("x")) == []


def test_the_timecode_that_the_clip_uses_tells_two_cards_apart() -> None:
    cards = (_file("morning", start=86400), _file("evening", start=2 * 86400))
    assert _fitting(_shot(span(86410, 20)), *cards) == ["morning"]
    assert _fitting(_shot(span(2 * 86400 + 5, 20)), *cards) == ["evening"]


def test_of_two_that_hold_the_frames_the_stated_start_and_then_the_length_decide() -> None:
    shot = _shot(span(86410, 20), span(86400, 100))
    same_start = (_file("x", start=86400), _file("y", start=86380, frames=200))
    assert _fitting(shot, *same_start) == ["x"]
    lengths = (_file("x", start=86400, frames=150), _file("y", start=86400))
    assert _fitting(shot, *lengths) == ["y"]


def test_then_the_rate_decides() -> None:
    assert _fitting(_shot(span(10, 20)), _file("x", rate=25), _file("y")) == ["y"]


def test_two_that_are_alike_are_both_named_and_copies_of_one_count_as_one() -> None:
    shot = _shot(span(10, 20))
    assert _fitting(shot, _file("x"), _file("y")) == ["x", "y"]
    assert _fitting(shot, _file("x", digest="same"), _file("y", digest="same")) == ["x"]


def test_a_digest_that_we_have_written_decides_alone() -> None:
    shot = _shot(span(10, 20), digest="d2")
    assert _fitting(shot, _file("d1"), _file("d2", frames=5)) == ["d2"]
    assert _fitting(shot, _file("d1")) == []


def test_a_marker_of_ours_tells_the_digest_of_the_film_that_bears_the_name() -> None:
    made = clip("a", span(10, 20))
    sides = {"outgoing": {"name": "a.mov", "digest": "d2"}, "incoming": {"name": "b.mov"}}
    marker = otio.schema.Marker("match", span(12, 1), metadata={KEY: sides})
    made.markers.append(marker)
    shot = locate(timeline(track(made)), base=Path("/p"), clip="a", at=None)
    assert _fitting(shot, _file("d1"), _file("d2")) == ["d2"]
    made.markers[0].metadata[KEY]["incoming"] = {"name": "a.mov", "digest": "d1"}
    shot = locate(timeline(track(made)), base=Path("/p"), clip="a", at=None)
    assert shot.media_digest is None


def test_of_a_clip_that_names_no_file_its_own_name_may_be_one() -> None:
    lost = otio.schema.Clip("A001.mov", otio.schema.MissingReference(), span(0, 5))
    shot = locate(timeline(track(lost)), base=Path("/p"), clip="A001.mov", at=None)
    assert shot.media == Path("/p/A001.mov")
