"""The words of a joined film: takes, joins between them, what troubles a take, and the truth.

Frames are counted from 0; spans are half-open. A script counts the pictures drawn; the film's own
frames follow from them by its cadence (`tests.joined.cadence`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from matchcut.types import Transition

if TYPE_CHECKING:
    from tests.joined.pieces import Piece

Half: TypeAlias = Literal["tuning", "reported"]
HALVES: tuple[Half, ...] = ("tuning", "reported")

Kind: TypeAlias = Literal["cut", "jump", "dissolve", "fade", "fade white", "wipe"]
"""How one shot gives way to the next; `fade` is out to black and in again, one transition."""
KINDS: tuple[Kind, ...] = ("cut", "jump", "dissolve", "fade", "fade white", "wipe")
HARD: frozenset[Kind] = frozenset({"cut", "jump"})

TroubleKind: TypeAlias = Literal[
    "flash", "lightning", "strobe", "whip", "pass", "exposure", "bars", "caption"
]
TROUBLES: tuple[TroubleKind, ...] = (
    "flash", "lightning", "strobe", "whip", "pass", "exposure", "bars", "caption",
)  # fmt: skip

Shape: TypeAlias = Literal["left", "right", "up", "down", "diagonal", "iris", "clock"]
SHAPES: tuple[Shape, ...] = ("left", "right", "up", "down", "diagonal", "iris", "clock")


@dataclass(frozen=True, slots=True)
class Grade:
    """How a take is coloured."""

    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)
    gamma: float = 1.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of a piece's picture that is shown."""

    scale: float = 1.0
    """Width of the part as a share of the whole."""
    x: float = 0.5
    y: float = 0.5
    """Where the part lies, from 0 (left, top) to 1 (right, bottom)."""
    flop: bool = False


@dataclass(frozen=True, slots=True)
class Pan:
    """A whip of the camera: the frame goes to `x`, and stays there."""

    start: int
    """Picture of the take at which it begins to move."""
    frames: int
    x: float


@dataclass(frozen=True, slots=True)
class Take:
    """One shot of a film: a piece played from `first` on, to and fro where it is too short."""

    piece: Piece
    first: int
    """Frame of the piece, counted from its start, that the take begins with."""
    speed: float = 1.0
    """Frames of the piece a picture; negative plays it backwards."""
    frame: Frame = Frame()
    grade: Grade = Grade()
    pan: Pan | None = None

    def at(self, shown: float) -> int:
        """The frame of the piece that the take shows after this many pictures."""
        length = self.piece.end - self.piece.start
        if length == 1:
            return 0
        turn = int(self.first + self.speed * shown) % (2 * length - 2)
        return turn if turn < length else 2 * length - 2 - turn


@dataclass(frozen=True, slots=True)
class Join:
    """A transition between two takes, in pictures."""

    kind: Kind
    frames: int = 0
    """How many pictures show neither take alone; 0 at a hard cut."""
    middle: int = 0
    """Pictures from its start to the cut."""
    fall: int = 0
    """Of a fade: pictures of fading out, the last of which is black or white."""
    rest: int = 0
    """Of a fade: further pictures that are black or white alone."""
    shape: Shape = "left"
    soft: float = 0.0
    """Of a wipe: width of its edge as a share of the way it goes; 0 is hard."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is no transition, and the frames `[start, end)` it lasts."""

    kind: TroubleKind
    start: int
    end: int
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """A true transition and its kind."""

    kind: Kind
    transition: Transition


@dataclass(frozen=True, slots=True)
class Script:
    """A film before its cadence and codec."""

    takes: tuple[Take, ...]
    joins: tuple[Join, ...]
    """One fewer than takes."""
    starts: tuple[int, ...]
    """Picture at which each join begins, which is when the next take begins to play."""
    pictures: int
    troubles: tuple[Trouble, ...] = ()
    bars: tuple[tuple[int, float, float], ...] = ((0, 0.0, 0.0),)
    """(picture, share of the height that is black, share of the width), straight in between."""

    def marked(self) -> tuple[Marked, ...]:
        """The true transitions, in pictures."""
        return tuple(
            Marked(join.kind, Transition(at, at + join.middle, at + join.frames))
            for at, join in zip(self.starts, self.joins, strict=True)
        )
