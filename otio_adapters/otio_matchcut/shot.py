"""A clip of a timeline as the answer to a question, and its frames once the file is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from otio_matchcut import clock
from otio_matchcut.sources import frames_of_file, place_in_file


@dataclass(frozen=True, slots=True)
class ShotInTimeline:
    """A clip of a timeline, the media frames it uses, and the one that is meant.

    `source_*` are frames at `source_rate`, counted from the media's first frame where the clip says
    which that is (`media_start`), else as the clip writes them; `settle` turns them into frames of
    the file. A rate above 480 counts ticks of a clock.
    """

    media: Path
    """Where the media should lie; nothing has looked."""
    clip_name: str
    track_name: str
    address: tuple[int, ...]
    """Child indices from the timeline's outermost stack to the clip."""
    source_rate: Fraction
    source_frame: int
    """The frame that is meant."""
    source_start: int
    """First frame of the used media, in media order also where the clip runs backwards."""
    source_end: int
    """First frame after the used media: half-open."""
    media_start: int | None
    """Frame number that the timeline gives the media's first frame, None where it does not say."""
    source_timecode_frame: int
    """`source_frame` as the timeline numbers it: in the media's timecode where it uses that."""
    speed: Fraction
    """1 normal, 2 twice as fast, 0 frozen, negative backwards; the clip's own retime alone."""
    record_start: Fraction
    """Seconds from the timeline's first frame to where the clip appears."""
    record_end: Fraction
    """Seconds from the timeline's first frame to where it is gone: half-open."""
    record_rate: Fraction
    """The timeline's frame rate."""
    record_first_frame: int
    """Frame number of the timeline's first frame in its timecode."""
    notes: tuple[str, ...] = ()
    """Sentences the user should read."""
    media_length: Fraction | None = None
    """Seconds that the timeline says the media lasts, None where it does not say."""
    media_digest: str | None = None
    """Digest of the media's content, where matchcut has written it into the timeline."""

    def record_timecode(self, record: Fraction, *, drop_frame: bool = False) -> str:
        """The timeline's timecode at `record` seconds, such as `record_start`."""
        frame = self.record_first_frame + math.floor(record * self.record_rate)
        return clock.timecode_of_frame(frame, self.record_rate, drop_frame=drop_frame)


@dataclass(frozen=True, slots=True)
class MediaFrames:
    """A shot of a timeline in frames of its file, counted from 0."""

    frame: int
    """The frame that is meant."""
    start: int
    """First frame used."""
    end: int
    """First frame after those used: half-open, inside the file."""


def settle(
    shot: ShotInTimeline, *, rate: Fraction, start_timecode_frame: int, frames: int
) -> MediaFrames:
    """The shot in frames of its file, now that the file's own facts are known.

    Args:
        shot: From `locate`.
        rate: Nominal rate of the file.
        start_timecode_frame: Frame number of the file's first frame in its own timecode, 0 without.
        frames: How many frames the file has.

    Raises:
        TimelineError: TIME_OUTSIDE, the timeline uses a frame that the file does not have.
    """
    shift = shot.media_start or 0

    def in_file(number: int) -> Fraction:
        return place_in_file(
            Fraction(number + shift),
            None if shot.media_start is None else Fraction(shift),
            shot.source_rate,
            rate=rate,
            start_timecode_frame=start_timecode_frame,
            frames=frames,
            name=shot.media.name,
        )

    place = in_file(shot.source_frame)
    # The ends follow the frame that is meant: a used range may reach over the end of the file.
    ratio = frames_of_file(shot.source_rate, rate)
    frame = math.floor(place)
    start = math.floor(place - (shot.source_frame - shot.source_start) * ratio)
    end = math.ceil(place + (shot.source_end - shot.source_frame) * ratio)
    return MediaFrames(frame, max(0, min(start, frame)), min(frames, max(end, frame + 1)))
