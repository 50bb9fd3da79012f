"""What a passing film is made of, and what is true of it before a pixel is drawn.

Every shot has one known instant: where its subject stands then, and what its camera looks at then,
is stated; `ways` say how both come there and go on. Lengths are shares of the picture, times are
seconds from the known instant, frames are 0-based and count from the start of the film or shot.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Literal

from tests.film.script import Plate
from tests.moved.rates import Rates

Edge = Literal["outgoing", "incoming"]
Flavor = Literal["frame", "camera", "action"]


_STANDS = Rates()


@dataclass(frozen=True, slots=True)
class Stance:
    """The known pose: kind, place and height alone give the silhouette."""

    kind: str
    """A name in `film.subjects.KINDS` or in `poses.POSES`."""
    x: float
    """Centre of the box, share of the picture's width from the left."""
    y: float
    """Centre of the box, share of the picture's height from the top."""
    height: float
    """Of the box, share of the picture's height."""


@dataclass(frozen=True, slots=True)
class Framing:
    """The reframing that lays one shot's subject onto the other's; as `matchcut.types.Reframing`.

    The picture is flopped, scaled and turned about its middle, then shifted.
    """

    side: Edge
    """Whose picture has to be moved."""
    scale: float = 1.0
    rotation: float = 0.0
    """Degrees clockwise."""
    right: float = 0.0
    """Picture widths."""
    down: float = 0.0
    """Picture widths."""
    flop: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """How things move for a while, at constant rates."""

    across: float = 0.0
    """Picture widths a second to the right, of the subject in the picture."""
    down: float = 0.0
    """Picture heights a second downwards."""
    growth: float = 0.0
    """Natural logarithm of the subject's magnification a second."""
    camera: Rates = _STANDS
    """What the camera does to the plate; the subject's rates are those in the picture already."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """Poses that a figure comes from and goes to, besides moving through the picture."""

    before: str
    """A name in `poses.POSES`: the pose some seconds before the known instant."""
    after: str
    """The pose as long after it."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Shot:
    """One shot that passes through a known instant."""

    tag: str
    """Unique in its film."""
    plate: Plate
    frames: int
    at: int
    """Frame of the known instant, 0-based in the shot."""
    ways: tuple[Way, ...]
    """One more than `turns`."""
    turns: tuple[float, ...] = ()
    """When one way gives way to the next, increasing."""
    stance: Stance | None = None
    """None: nobody is there."""
    look: str = "stone"
    """A name in `film.palette.LOOKS`."""
    gesture: Gesture | None = None
    pace: float = 1.0
    """How fast the subject's own small movements are; negative runs them backwards."""
    motion: float = 1.0
    """How strong they are; 0 stands still."""
    framing: Framing | None = None
    """A reframing of this shot that brings its subject to the stance: it is drawn without."""
    shake: float = 0.001
    """Unrest of the camera, share of the picture's height."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two shots of a plan, by tag, that are planted: leave one and enter the other."""

    flavor: Flavor
    outgoing: str
    incoming: str
    moves: bool = True
    """Whether their silhouettes change, so that the frames of the cut can be told."""


@dataclass(frozen=True, slots=True)
class Film:
    """A whole film: its shots in order, and which pairs are planted.

    Raises:
        ValueError: a tag is used twice, or a pair names a shot that is not in the film.
    """

    name: str
    shots: tuple[Shot, ...]
    pairs: tuple[Pair, ...]
    rate: Fraction = Fraction(24)
    width: int = 640
    height: int = 360

    def __post_init__(self) -> None:
        tags = {shot.tag for shot in self.shots}
        if len(tags) != len(self.shots):
            raise ValueError("two shots of the film have one tag")
        named = {tag for pair in self.pairs for tag in (pair.outgoing, pair.incoming)}
        if named - tags:
            raise ValueError(f"pairs name shots that are not in the film: {sorted(named - tags)}")

    @property
    def starts(self) -> tuple[int, ...]:
        """First frame of each shot, and one past the last frame of the film."""
        return (0, *accumulate(shot.frames for shot in self.shots))

    def located(self, frame: int) -> tuple[int, int]:
        """The number of the shot that shows a frame of the film, and which of its frames it is.

        Raises:
            IndexError: the film has no such frame.
        """
        for number, (start, end) in enumerate(zip(self.starts, self.starts[1:], strict=False)):
            if start <= frame < end:
                return number, frame - start
        raise IndexError(f"the film has {self.starts[-1]} frames, not a frame {frame}")

    def seconds(self, shot: int, within: int) -> float:
        """Seconds from the known instant of a shot to one of its frames."""
        return float((within - self.shots[shot].at) / self.rate)

    def truth(self) -> tuple[Planted, ...]:
        """What is true of the film's pairs, in their order."""
        number = {shot.tag: at for at, shot in enumerate(self.shots)}
        return tuple(
            self._planted(pair, number[pair.outgoing], number[pair.incoming]) for pair in self.pairs
        )

    def _planted(self, pair: Pair, outgoing: int, incoming: int) -> Planted:
        framings = [self.shots[one].framing for one in (outgoing, incoming)]
        return Planted(
            flavor=pair.flavor,
            outgoing=outgoing,
            incoming=incoming,
            leave=self.starts[outgoing] + self.shots[outgoing].at,
            enter=self.starts[incoming] + self.shots[incoming].at,
            framing=next((one for one in framings if one is not None), None),
            moves=pair.moves,
        )


@dataclass(frozen=True, slots=True)
class Planted:
    """What is true of a pair: where to cut, and how to reframe."""

    flavor: Flavor
    outgoing: int
    """Number of the shot to leave."""
    incoming: int
    leave: int
    """Its last frame shown, counted from the start of the film."""
    enter: int
    """The first frame shown of the other."""
    framing: Framing | None
    moves: bool
    """Whether the frames of the cut can be told."""
