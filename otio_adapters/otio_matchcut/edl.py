"""Reads edit decision lists (CMX 3600) into timelines whose record times are those of the list.

The reading itself is OpenTimelineIO's CMX 3600 adapter. An EDL does not say at which rate it
counts, and `FCM: DROP FRAME` may stand over timecodes that are written with colons alone; both are
settled here.
"""

from __future__ import annotations

import re
from fractions import Fraction

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Gap, Timeline, Track, TrackKind

from otio_matchcut import clock
from otio_matchcut.errors import TimelineError
from otio_matchcut.parsing import parse as parse_json

_EVENT = re.compile(r"\s*\d+\s")
_COLONS = re.compile(r"\b(\d\d:\d\d:\d\d):(\d\d)\b")
_TIME = re.compile(r"RationalTime\(([^,]+), [^)]+\)")

_SAID = (otio.exceptions.OTIOError, ValueError)
_UNSAID = (AttributeError, IndexError, TypeError, RuntimeError)
"""What the adapter lets through where it cannot make sense of lines."""


def parse(text: str, name: str, rate: Fraction) -> Timeline:
    """The timeline in an EDL.

    Args:
        text: The list.
        name: What to call it in messages.
        rate: Frames a second that its timecodes count.

    Returns:
        A timeline that starts at the earliest record timecode, with a gap before each track that
        begins later.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, it is no EDL or not one at this rate.
    """
    spelled = _with_drop_frames(text, rate)
    if not any(_EVENT.match(line) for line in spelled.splitlines()):
        raise _unreadable(name, "it holds no event", rate)
    try:
        timeline = otio.adapters.read_from_string(spelled, "cmx_3600", rate=clock.to_float(rate))
    except (*_SAID, *_UNSAID) as error:
        raise _unreadable(name, _in_words(error), rate) from error
    if not isinstance(timeline, Timeline):
        raise _unreadable(name, "it holds no timeline", rate)
    _place(timeline)
    # As it will be read once it is written.
    return parse_json(timeline.to_json_string(), name)


def _with_drop_frames(text: str, rate: Fraction) -> str:
    """The list with `;` before the frames of events that stand under `FCM: DROP FRAME`."""
    if (rate * 1001 / 30000).denominator != 1:
        return text
    drops = False
    lines = []
    for line in text.splitlines():
        mode = line.strip().upper()
        if mode.startswith("FCM"):
            drops = "NON" not in mode and "DROP" in mode
        # An event that has a `;` anywhere says for each time by itself how it counts.
        if drops and _EVENT.match(line) and ";" not in line:
            line = _COLONS.sub(r"\1;\2", line)
        lines.append(line)
    return "\n".join(lines)


def _in_words(error: Exception) -> str:
    words = str(error).split()
    if not words or not isinstance(error, _SAID):
        return "one of its events is incomplete, or of a kind that is not known"
    why = _TIME.sub(lambda time: f"{float(time[1]):g} frames", " ".join(words)).rstrip(".")
    return why[:1].lower() + why[1:]


def _place(timeline: Timeline) -> None:
    """Gives the timeline its start, and each track the gap before its first event.

    The adapter writes a track's first record time, negated, into its source range.
    """
    tracks = [track for track in timeline.tracks if track.kind == TrackKind.Video]
    starts = {id(track): _start(track) for track in tracks}
    if not tracks:
        return
    first = min(starts.values())
    for track in tracks:
        later = starts[id(track)] - first
        track.source_range = None
        if later.value > 0:
            zero = RationalTime(0, later.rate)
            track.insert(0, Gap(source_range=TimeRange(zero, later)))
    timeline.global_start_time = first


def _start(track: Track) -> RationalTime:
    span = track.source_range
    if span is None:
        return RationalTime(0, track.available_range().duration.rate)
    return RationalTime(-span.start_time.value, span.start_time.rate)


def _unreadable(name: str, why: str, rate: Fraction) -> TimelineError:
    return TimelineError(
        "TIMELINE_UNREADABLE",
        f"{name} cannot be read as an edit decision list at {clock.rate_text(rate)} frames a "
        f"second: {why}.",
        "Give the rate that it counts at, or export it again as CMX 3600 or OpenTimelineIO (.otio).",
        timeline=name,
        why=why,
    )
