"""What OpenTimelineIO's own adapters read in our files: Final Cut Pro 7's XML, and ALE."""

from __future__ import annotations

from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime

from otio_matchcut.clock import nominal_rate
from tests.golden.deliveries import DELIVERIES, FOLDER

cases = pytest.mark.parametrize(
    "case",
    ["pal_25_start_tc_10h", "film_23976", "ntsc_2997_drop_frame", "ntsc_5994_drop_frame",
     "over_midnight", "mixed_rates"],
)  # fmt: skip


def _frames(time: RationalTime) -> int:
    frame = round(time.value)
    assert abs(time.value - frame) < 1e-6
    return frame


@cases
def test_the_xml_holds_media_frames_timecode_and_markers(case: str) -> None:
    layout = DELIVERIES[case]().layout
    read = otio.adapters.read_from_file(str(FOLDER / f"{case}.xml"), "fcp_xml")
    assert isinstance(read, otio.schema.Timeline)
    assert _frames(read.global_start_time) == layout.first_frame
    assert nominal_rate(read.global_start_time.rate) == layout.rate
    clips = list(read.find_clips())
    assert len(clips) == len(layout.pieces)
    assert len(read.tracks.markers) == len(layout.pieces) / 2
    for clip, piece in zip(clips, layout.pieces, strict=True):
        media = piece.side
        first = _frames(clip.media_reference.available_range.start_time)
        assert first == media.start_timecode_frame
        assert nominal_rate(clip.media_reference.available_range.start_time.rate) == media.rate
        assert _frames(clip.source_range.start_time) - first == piece.start
        assert nominal_rate(clip.source_range.start_time.rate) == media.rate
        assert _frames(clip.media_reference.available_range.duration) == media.source_frames
        if piece.which == "incoming":
            (marker,) = clip.markers
            assert (marker.name, _frames(marker.marked_range.start_time)) == (
                piece.match.label,
                media.cut_frame,
            )


@pytest.mark.parametrize("case", ["pal_25_start_tc_10h", "film_23976", "ntsc_2997_drop_frame"])
def test_the_log_exchange_holds_source_timecode(case: str) -> None:
    layout = DELIVERIES[case]().layout
    read = otio.adapters.read_from_file(str(FOLDER / f"{case}.ale"), "ale")
    assert len(read) == len(layout.pieces)
    for clip, piece in zip(read, layout.pieces, strict=True):
        span = clip.source_range
        assert _frames(span.start_time) == piece.side.start_timecode_frame + piece.start
        assert _frames(span.duration) == piece.end - piece.start
        assert Path(clip.media_reference.target_url) == piece.side.path
        assert clip.metadata["ALE"]["Tape"] == piece.side.path.stem
