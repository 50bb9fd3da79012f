from __future__ import annotations

from pathlib import Path

from opentimelineio.opentime import RationalTime

from otio_matchcut.listing import listed, written_frames
from otio_matchcut.mapping import FolderMap
from tests.unit.otio_matchcut.build import clip, gap, otio, span, timeline, track

BASE = Path("/project")


def test_every_clip_is_listed_with_its_place_and_its_frames() -> None:
    made = timeline(
        track(clip("a", span(10, 24), span(0, 500)), gap(12), clip("b", span(0, 24), speed=2)),
        track(clip("above", span(7, 6), enabled=False), name="Titles"),
        start=RationalTime(86400, 24),
    )
    lines = [
        (
            one.clip.name,
            one.shot.track_name,
            one.record_start,
            one.record_end,
            one.shot.source_start,
            one.shot.source_end,
            one.notes,
        )
        for one in listed(made, BASE)
    ]
    assert lines == [
        ("a", "V1", "01:00:00:00", "01:00:01:00", 10, 34, ()),
        ("b", "V1", "01:00:01:12", "01:00:02:12", 0, 48, ()),
        ("above", "Titles", "01:00:00:00", "01:00:00:06", 7, 13, ("Switched off.",)),
    ]


def test_ticks_of_a_clock_are_made_frames_of_the_timeline() -> None:
    start = RationalTime(0, 24000 / 1001)
    made = timeline(track(clip("a", span(84000, 96000, 24000))), start=start)
    # From 3.5 seconds to 7.5; half a frame is used at either end.
    assert written_frames(next(listed(made, BASE)).shot) == (83, 180)
    plain = timeline(track(clip("a", span(10, 20))))
    assert written_frames(next(listed(plain, BASE)).shot) == (10, 30)


def test_media_is_where_the_maps_say() -> None:
    made = timeline(track(clip("a", span(0, 24), url="/Volumes/SAN/a.mov")))
    maps = [FolderMap(Path("/Volumes"), Path("/mnt"))]
    assert [one.media for one in listed(made, BASE, maps)] == [Path("/mnt/SAN/a.mov")]


def test_a_clip_without_media_is_listed_with_the_reason() -> None:
    title = otio.schema.Clip("title", otio.schema.GeneratorReference(), span(0, 5))
    lost = otio.schema.Clip("lost", otio.schema.MissingReference(), span(0, 5))
    web = clip("web", span(0, 5), url="https://example.com/a.mov")
    found = list(listed(timeline(track(title, lost, web)), BASE))
    assert [one.media for one in found] == [None, None, None]
    said = [note for one in found for note in one.notes]
    for word, note in zip(("generator", "offline", "not a file"), said, strict=True):
        assert word in note


def test_timecode_is_drop_frame_where_the_application_says_so() -> None:
    start = RationalTime(107892, 30000 / 1001)
    made = timeline(track(clip("a", span(0, 1800, 30000 / 1001))), start=start)
    assert next(listed(made, BASE)).record_end == "01:00:56:12"
    made.metadata["fcp_xml"] = {"timecode": {"displayformat": "DF"}}
    assert next(listed(made, BASE)).record_start == "01:00:00;00"
    assert next(listed(made, BASE)).record_end == "01:01:00;02"
