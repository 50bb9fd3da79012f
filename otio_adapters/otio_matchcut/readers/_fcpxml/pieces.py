"""What a timeline is made of once it is laid out: runs of pieces, and what each shows.

A *run* is a storyline: pieces one after the other, on one level. The primary storyline has the
level `()`, what is connected to it in lane 2 the level `(2,)`, what is connected to that in lane -1
the level `(2, -1)`. Times are in seconds, exact, from the first frame of the timeline they are in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from otio_matchcut.readers._fcpxml.marks import Mark

Level = tuple[int, ...]
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Media:
    """A file, or its sound alone."""

    asset: Element
    rate: Fraction
    """Frames a second, samples a second for sound."""
    sound: bool
    still: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A title or generator, which the application draws."""

    kind: str
    effect: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """A gap."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A transition, from and up to these seconds, over the cut between two pieces."""

    name: str
    start: Fraction
    cut: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that is seen or heard from `start` for `length` seconds.

    It shows `source_time = at + speed * (time - start)`.
    """

    source: Media | Made | Nothing | Timeline
    tag: str
    name: str
    start: Fraction
    length: Fraction
    at: Fraction = _ZERO
    speed: Fraction = Fraction(1)
    unknown: str = ""
    """The name of a retime whose course is not kept; `speed` is 1 then."""
    enabled: bool = True
    marks: tuple[Mark, ...] = ()
    """In the source's time."""
    note: str = ""

    @property
    def end(self) -> Fraction:
        """Seconds at which it is gone."""
        return self.start + self.length

    @property
    def sound(self) -> bool:
        """Whether it is heard only."""
        if isinstance(self.source, Timeline):
            return self.source.sound
        return isinstance(self.source, Media) and self.source.sound


@dataclass(frozen=True, slots=True)
class Run:
    """A storyline, or one connected clip."""

    level: Level
    pieces: tuple[Piece, ...]
    crossings: tuple[Crossing, ...] = ()
    marks: tuple[Mark, ...] = ()
    """Of its transitions, in seconds of the timeline."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A sequence, a multicam angle, or what a clip spans."""

    name: str
    frame: Fraction
    """Seconds a frame."""
    runs: tuple[Run, ...]
    size: int = field(init=False)
    """How many pieces it takes to write it out, nested ones counted each time they are used."""
    sound: bool = field(init=False)
    """Whether it is heard only: no picture, and some sound."""

    def __post_init__(self) -> None:
        # Known from here on: nested timelines are shared, and walking all their uses may not end.
        shown = [piece for piece in self.pieces if not isinstance(piece.source, Nothing)]
        inside = [piece.source.size for piece in shown if isinstance(piece.source, Timeline)]
        object.__setattr__(self, "size", sum(1 for _ in self.pieces) + sum(inside))
        object.__setattr__(self, "sound", bool(shown) and all(piece.sound for piece in shown))

    @property
    def pieces(self) -> Iterator[Piece]:
        """All of them, run by run."""
        return (piece for run in self.runs for piece in run.pieces)
