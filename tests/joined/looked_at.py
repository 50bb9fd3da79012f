"""What was seen by eye in real films: every transition, and the stretches left undecided.

Each film was looked at from its first frame to its last on contact sheets of every second frame
(every fourth of `psd_testvideo`, every eighth of `big_buck_bunny`), and every frame around what
changes fast; where fades begin and end was read off the mean brightness of the frames. No detector
was asked. Frames are 0-based decode indices; the new shot begins at `cut`.

Not among them is `psd_fades`: a plain field that goes six times between black and white, with no
shots to divide.
"""

from __future__ import annotations

from dataclasses import dataclass

from matchcut.types import Transition
from tests.joined.script import Kind, Marked


@dataclass(frozen=True, slots=True)
class LookedAt:
    """One film's truth."""

    file: str
    """Below `assets/video`."""
    marked: tuple[Marked, ...]
    left_out: tuple[tuple[int, int, str], ...] = ()
    """Frames `[start, end)` in which no report is counted, and why."""

    def counted(self, reported: tuple[Transition, ...]) -> tuple[Transition, ...]:
        """The reports whose cut lies in no stretch left out."""
        return tuple(
            one
            for one in reported
            if not any(start <= one.cut < end for start, end, _ in self.left_out)
        )


def _cuts(*frames: int) -> tuple[Marked, ...]:
    return tuple(Marked("cut", Transition(frame, frame, frame)) for frame in frames)


def _gradual(kind: Kind, start: int, cut: int, end: int) -> Marked:
    return Marked(kind, Transition(start, cut, end))


LOOKED_AT = (
    LookedAt("shots/sintel_excerpt_26s_480p.mp4", _cuts(76, 121, 319, 457, 545, 611)),
    LookedAt(
        "shots/sintel_trailer_480x204.mp4",
        (
            _gradual("fade white", 119, 127, 157),  # into grey haze and out of it
            _gradual("fade", 194, 225, 226),  # out, then a card stands on black at once
            _gradual("fade", 246, 282, 309),  # the card fades, an old man appears
            *_cuts(336),
            _gradual("fade", 356, 398, 398),  # out, then snow at once
            *_cuts(406),  # a shot of eight frames ends as something passes the lens
            _gradual("fade", 422, 428, 480),  # to black at once, then in
            _gradual("fade", 494, 524, 556),
            *_cuts(573, 623, 660),
            _gradual("fade", 674, 677, 701),  # to black at once, then in
            _gradual("fade", 757, 773, 796),
            _gradual("dissolve", 826, 848, 869),
        ),
        (
            (0, 110, "the film rises from black: no shot comes before"),
            (940, 1252, "a title over a landscape that darkens, then cards on black"),
        ),
    ),
    LookedAt(
        "shots/psd_testvideo.mp4",
        (
            *_cuts(30),  # from a black card
            _gradual("fade", 180, 195, 240),  # to black at once, then in
            _gradual("fade", 331, 376, 424),
            _gradual("dissolve", 529, 544, 558),
        ),
        ((663, 720, "the film ends in black: no shot comes after"),),
    ),
    LookedAt("shots/big_buck_bunny_10s.mp4", _cuts(44, 137)),
    LookedAt("shots/nasa_13013.mp4", (_gradual("dissolve", 127, 139, 152), *_cuts(202))),
)
