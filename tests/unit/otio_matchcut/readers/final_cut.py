"""Small FCPXML documents, and what is seen and written in a timeline, in frames."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
from opentimelineio.schema import Clip, Timeline

from otio_matchcut import clock
from otio_matchcut.locate import shot_of
from otio_matchcut.placing import placements
from otio_matchcut.readers import AS_IT_SAYS, Wanted, reader_of

FOLDER = Path(__file__).parents[5] / "shared" / "assets" / "timelines"

Seen = tuple[str, str, int, int, int, int]
"""Track, clip, record frames from and up to (from the timeline's first), media frames alike."""


def read(path: Path, sequence: str | None = None) -> Timeline:
    reader = reader_of(path)
    assert reader.name == "Final Cut Pro XML"
    return reader.read(path, AS_IT_SAYS if sequence is None else Wanted(sequence=sequence))


def seen(timeline: Timeline, *, enabled: bool = True) -> list[Seen]:
    """Every clip of pictures that is switched on (or off), from the lowest track up."""
    found = []
    for place in placements(timeline):
        if place.enabled is enabled:
            shot = shot_of(timeline, place, Path("a.mov"), None)
            first = shot.media_start or 0
            record = (place.start / place.frame, place.end / place.frame)
            found.append(
                (
                    place.track,
                    place.clip.name,
                    math.floor(record[0]),
                    math.ceil(record[1]),
                    shot.source_start + first,
                    shot.source_end + first,
                )
            )
    return found


def marked(item: otio.core.Item) -> list[tuple[str, float]]:
    """The markers of an item: name, and frame in the time of what it shows."""
    return [
        (marker.name, round(marker.marked_range.start_time.value, 3)) for marker in item.markers
    ]


def marks(timeline: Timeline) -> dict[str, list[tuple[str, float]]]:
    """The markers of every item that has some, by its name; tracks too."""
    return {
        item.name: marked(item)
        for item in timeline.tracks.find_children(descended_from_type=otio.core.Item)
        if item.markers
    }


def only_clip(timeline: Timeline, name: str) -> Clip:
    (found,) = (clip for clip in timeline.find_clips() if clip.name == name)
    return found


def rate_of(timeline: Timeline) -> Fraction:
    return clock.nominal_rate(timeline.global_start_time.rate)


def document(
    spine: str,
    *,
    frame: str = "1/25s",
    resources: str = "",
    sequence: str = 'tcStart="3600s" tcFormat="NDF"',
    version: str = "1.11",
) -> str:
    """A project of one storyline; `r1` is its format, `r2` a film of 100 s from 10 hours on."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'
        f'<fcpxml version="{version}"><resources>'
        f'<format id="r1" frameDuration="{frame}" width="1920" height="1080"/>'
        '<format id="r5" frameDuration="1/25s" width="1920" height="1080"/>'
        '<asset id="r2" name="film" start="36000s" duration="100s" hasVideo="1" hasAudio="1"'
        ' audioRate="48000" format="r5">'
        '<media-rep kind="original-media" src="file:///media/film%20%231.mov"/></asset>'
        f'{resources}</resources><event><project name="cut">'
        f'<sequence format="r1" {sequence}><spine>{spine}</spine></sequence>'
        "</project></event></fcpxml>"
    )


def made(folder: Path, spine: str, **rest: str) -> Timeline:
    path = folder / "cut.fcpxml"
    path.write_text(document(spine, **rest), encoding="utf-8")
    return read(path)
