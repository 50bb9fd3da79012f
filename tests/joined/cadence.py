"""How the pictures drawn become the frames of a film: doubled, pulled down, woven from fields.

A cadence says for each frame which picture gives its even lines and which its odd ones. Everything
that is true of the film's frames follows from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from matchcut.types import Picture, Transition
from tests.joined.script import Marked, Trouble

_TELECINE = ((0, 0), (1, 1), (1, 2), (2, 3), (3, 3))
"""Four film frames in five of video: two fields, three, two, three."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """Which pictures a frame shows; both numbers never fall."""

    name: str
    per_frame: float
    """Pictures a frame, on average."""
    lines: Callable[[int], tuple[int, int]]
    """(picture of the even lines, picture of the odd lines) of a frame."""

    def frames(self, pictures: int) -> int:
        """How many frames can be made of so many pictures."""
        count = int(pictures / self.per_frame) + 2
        while count and max(self.lines(count - 1)) >= pictures:
            count -= 1
        return count

    def transition(self, drawn: Transition) -> Transition:
        """The transition in frames: a frame that holds lines of both shots is part of it."""
        return Transition(
            self._first(drawn.start, max), self._first(drawn.cut, min), self._first(drawn.end, min)
        )

    def marked(self, drawn: Iterable[Marked]) -> tuple[Marked, ...]:
        """The true transitions in frames."""
        return tuple(Marked(one.kind, self.transition(one.transition)) for one in drawn)

    def troubles(self, drawn: Iterable[Trouble]) -> tuple[Trouble, ...]:
        """What is no transition, in frames."""
        return tuple(
            Trouble(one.kind, self._first(one.start, max), self._first(one.end, min), one.seed)
            for one in drawn
        )

    def _first(self, picture: int, of: Callable[[tuple[int, int]], int]) -> int:
        """The first frame whose later (`max`) or earlier (`min`) picture is this one or after."""
        frame = max(0, int(picture / self.per_frame) - 2)
        while of(self.lines(frame)) < picture:
            frame += 1
        return frame


def _telecine(frame: int) -> tuple[int, int]:
    even, odd = _TELECINE[frame % 5]
    return 4 * (frame // 5) + even, 4 * (frame // 5) + odd


CADENCES = {
    one.name: one
    for one in (
        Cadence("straight", 1, lambda frame: (frame, frame)),
        Cadence("doubled", 0.5, lambda frame: (frame // 2, frame // 2)),
        Cadence("repeated", 0.8, lambda frame: (4 * frame // 5, 4 * frame // 5)),
        Cadence("telecine", 0.8, _telecine),
        Cadence("top field first", 2, lambda frame: (2 * frame, 2 * frame + 1)),
        Cadence("bottom field first", 2, lambda frame: (2 * frame + 1, 2 * frame)),
    )
}


def woven(cadence: Cadence, pictures: Iterator[Picture]) -> Iterator[Picture]:
    """The frames, as long as there are pictures for them; holds two pictures."""
    held: dict[int, Picture] = {}
    drawn = 0
    frame = 0
    while True:
        even, odd = cadence.lines(frame)
        while drawn <= max(even, odd):
            picture = next(pictures, None)
            if picture is None:
                return
            held = {number: one for number, one in held.items() if number >= drawn - 1}
            held[drawn] = picture
            drawn += 1
        if even == odd:
            yield held[even]
        else:
            both = np.array(held[even])
            both[1::2] = held[odd][1::2]
            yield both
        frame += 1
