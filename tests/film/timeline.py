"""An editor's timeline on a test film, with much in it that is not ours and must not be lost.

Source ranges are in the media's timecode space: a film that starts at 01:00:00:00 has an available
range from that timecode on, and frame 0 of the file is that instant. A film without a start
timecode counts from zero.
"""

from __future__ import annotations

from pathlib import Path

import opentimelineio as otio

from tests.film.script import GroundTruth

CLIPS = 8
HANDLE = 4
"""Frames left out at either end of a shot, so that a clip lies clearly inside it."""


def write_timeline(truth: GroundTruth, film_path: Path, otio_path: Path) -> otio.schema.Timeline:
    """Writes the timeline of an edit in progress, cut from planted shots of the film.

    One video track: up to `CLIPS` clips, each from inside one shot, with a gap of a second in the
    middle. One audio track: the film's sound below all of it. The editor's own things: a green
    marker named 'producer note' on the second clip, a red one on the track, a colour effect on the
    first clip, and metadata of other applications on every level.

    Returns:
        The timeline as written.

    Raises:
        ValueError: no planted shot is longer than both handles.
    """
    rate = float(truth.rate)
    opens = (
        otio.opentime.from_timecode(truth.start_timecode, rate)
        if truth.start_timecode is not None
        else otio.opentime.RationalTime(0, rate)
    )

    def span(start: int, frames: int) -> otio.opentime.TimeRange:
        return otio.opentime.TimeRange(
            opens + otio.opentime.RationalTime(start, rate),
            otio.opentime.RationalTime(frames, rate),
        )

    def media() -> otio.schema.ExternalReference:
        return otio.schema.ExternalReference(
            target_url=film_path.resolve().as_uri(),
            available_range=span(0, truth.frames),
            metadata={"acme_edit": {"reel": "A001", "bin": "Dailies/Day 3"}},
        )

    planted = [shot for pairs in truth.planted.values() for pair in pairs for shot in pair]
    chosen = [
        truth.shots[index]
        for index in dict.fromkeys(planted)
        if truth.shots[index].end - truth.shots[index].start > 2 * HANDLE
    ][::3][:CLIPS]
    if not chosen:
        raise ValueError("no planted shot is long enough to be cut from")
    picture = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    picture.metadata["acme_edit"] = {"locked": False, "height": 72}
    for number, shot in enumerate(chosen, 1):
        clip = otio.schema.Clip(
            name=f"{number:02d} {shot.tag}",
            media_reference=media(),
            source_range=span(shot.start + HANDLE, shot.end - shot.start - 2 * HANDLE),
            metadata={"acme_edit": {"clip_id": f"c{number:04d}", "take": number, "circled": True}},
        )
        picture.append(clip)
        if number == len(chosen) // 2:
            second = otio.opentime.RationalTime(round(rate), rate)
            picture.append(otio.schema.Gap(duration=second))
    first, noted = picture[0], picture[min(1, len(chosen) - 1)]
    first.effects.append(
        otio.schema.Effect(
            name="grade", effect_name="acme.ColourWheels", metadata={"acme_edit": {"lift": 0.02}}
        )
    )
    noted.markers.append(
        otio.schema.Marker(
            name="producer note",
            marked_range=otio.opentime.TimeRange(
                noted.source_range.start_time + otio.opentime.RationalTime(5, rate),
                otio.opentime.RationalTime(1, rate),
            ),
            color=otio.schema.MarkerColor.GREEN,
            metadata={"acme_edit": {"author": "producer", "text": "Can we lose two frames here?"}},
        )
    )
    picture.markers.append(
        otio.schema.Marker(
            name="reel change",
            marked_range=otio.opentime.TimeRange(
                otio.opentime.RationalTime(40, rate), otio.opentime.RationalTime(0, rate)
            ),
            color=otio.schema.MarkerColor.RED,
        )
    )
    sound = otio.schema.Track("A1", kind=otio.schema.TrackKind.Audio)
    sound.append(
        otio.schema.Clip(
            name="room tone",
            media_reference=media(),
            source_range=span(0, min(truth.frames, int(picture.duration().value))),
        )
    )
    timeline = otio.schema.Timeline("rough cut 3", global_start_time=opens)
    timeline.metadata["acme_edit"] = {"project": "The Quiet Coast", "version": 3, "tags": ["wip"]}
    timeline.tracks.extend([picture, sound])
    otio.adapters.write_to_file(timeline, str(otio_path))
    return timeline
