"""Which frame of its media a strip shows at a frame of the scene, and where it shows a given one.

Measured in Blender 3.4.1 and 5.0.1 by rendering films with burned-in counters, all pairs of 23.976,
24, 25, 29.97 and 59.94 frames a second: a strip shows one frame of the file a frame of the scene,
whatever both rates are; only one that was added in Blender's own file browser with a rate unlike
the scene's is played at its own speed, and then shows the whole part of frame times rate over rate.
A file's own timecode is not heeded, frames count from 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

_CLOSE = Fraction(1, 20_000)
"""How far a float of a rate may lie from the rate that is meant."""


def exact_rate(frames: float, base: float = 1.0) -> Fraction:
    """The rate that a float stands for: 24000/1001 for 23.976 and its kin, whole where it is whole.

    Args:
        frames: Frames a second, times `base`.
        base: Blender keeps 23.976 as 24 and 1.001, both in 32 bits or so.
    """
    stated = Fraction(frames) / Fraction(base)
    whole = round(stated)
    if whole:
        for meant in (Fraction(whole), Fraction(whole * 1000, 1001)):
            if abs(stated - meant) < _CLOSE:
                return meant
    return stated.limit_denominator(1001)


@dataclass(frozen=True, slots=True)
class Played:
    """A movie strip as it is cut and played. Frames are whole, the scene's and the file's."""

    begin: Fraction
    """Frame of the scene at which the first frame of its media would be shown."""
    first: int
    """First frame of the scene at which it is shown."""
    end: int
    """First frame of the scene at which it is shown no more: half-open."""
    media_first: int
    """Frame of the file that Blender counts as the strip's first: above 0 after a hard cut."""
    media_count: int
    """How many frames of the file it has, trimmed ones too."""
    step: Fraction
    """Frames of the file that pass in one of the scene."""
    doubtful: bool = False
    """Whether Blender tells too little to say which of two steps it is: frames may be one off."""

    def media_frame(self, at: int) -> int:
        """The frame of the file shown at a frame of the scene; the nearest outside of the media."""
        passed = math.floor((at - self.begin) * self.step)
        return self.media_first + min(max(passed, 0), self.media_count - 1)

    def last_showing(self, media_frame: int) -> int:
        """The last frame of the scene at which a frame of the file is shown, or would be shown."""
        after = media_frame + 1 - self.media_first
        return math.ceil(self.begin + after / self.step) - 1

    def nearest_showing(self, media_frame: int) -> int:
        """The same, or the nearest frame at which the strip is seen."""
        return min(max(self.last_showing(media_frame), self.first), self.end - 1)


def step_of(
    media_count: int, length: int, media_rate: Fraction, scene_rate: Fraction, speed: Fraction
) -> tuple[Fraction, bool] | None:
    """How many frames of the file pass in one of the scene, and whether that is doubtful.

    Blender does not tell whether a strip plays at its own speed; its length does.

    Args:
        media_count: Frames of the file.
        length: Frames of the scene that all of them take.
        media_rate: The file's frames a second.
        scene_rate: The scene's.
        speed: The strip's speed factor, where Blender has one.

    Returns:
        None where the length fits neither: the strip is retimed.
    """
    own = media_rate / scene_rate
    fits = [
        step
        for step in dict.fromkeys((own * speed, speed))
        if abs(media_count / step - length) <= 1
    ]
    if not fits:
        return None
    return fits[0], len(fits) > 1
