"""What is less than a timeline, as one: a clip, a track, a bin."""

from __future__ import annotations

from collections.abc import Iterable

from opentimelineio.schema import Clip, Stack, Timeline, Track


def laid_out(clips: Iterable[Clip], name: str) -> Timeline:
    """Clips one after the other on one track, each in full length."""
    timeline = Timeline(name)
    track = Track()
    timeline.tracks.append(track)
    for clip in clips:
        track.append(clip.deepcopy())
    return timeline


def wrapped(thing: object) -> Timeline | None:
    """A timeline of a single clip, track or stack; None for anything else."""
    if isinstance(thing, Clip):
        return laid_out([thing], thing.name)
    timeline = Timeline(getattr(thing, "name", ""))
    if isinstance(thing, Stack):
        timeline.tracks = thing
        return timeline
    if isinstance(thing, Track):
        timeline.tracks.append(thing)
        return timeline
    return None
