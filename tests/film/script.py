"""What a test film is made of, and what is true of it before a pixel is drawn.

Plans are frozen and hashable, so that plates and sprites can be cached by them, and a plan draws
the same frames on every run. Lengths are shares of the picture, times are frames or seconds of the
film. Frame ranges are half-open, 0-based, in the order shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate
from typing import Literal, TypeAlias

FlavorName: TypeAlias = Literal["frame", "camera"]
FLAVORS: tuple[FlavorName, ...] = ("frame", "camera")
"""Flavors for which pairs are planted."""

Pairs: TypeAlias = tuple[tuple[int, int], ...]
"""(outgoing shot, incoming shot) indexes."""


@dataclass(frozen=True, slots=True)
class Plate:
    """The background of a shot: a procedural painting larger than the picture."""

    kind: str
    """A name in `plates.KINDS`."""
    palette: str
    """A name in `palette.PALETTES`."""
    seed: int
    """Two plates that differ in seed alone are two places of one kind."""
    blur: float = 0.0
    """Sigma of the defocus, in pixels of a picture 360 lines high."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What stands in front of the plate. Kind, place and height alone give the silhouette."""

    kind: str
    """A name in `subjects.KINDS`; for figures the kind includes the pose."""
    look: str
    """A name in `palette.LOOKS`: colours and texture, which never change the silhouette."""
    x: float
    """Centre of the subject's box, share of the picture's width from the left."""
    y: float
    """Centre of the subject's box, share of the picture's height from the top."""
    height: float
    """Height of the box, share of the picture's height; above 1 it is cut by the picture."""
    follow: bool = False
    """True: the camera follows it, so it keeps its place in the picture. False: it stands in the
    world and travels with the plate."""
    motion: float = 1.0
    """Strength of its own movement; 0 stands still, 1 is breathing and small gestures."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera path at constant speed, with the reference framing at the shot's middle frame."""

    pan: float = 0.0
    """Picture widths a second; positive turns right, so the picture's content travels left."""
    tilt: float = 0.0
    """Picture heights a second; positive turns up, so the picture's content travels down."""
    zoom: float = 0.0
    """Natural logarithm of magnification a second; positive pushes in."""
    roll: float = 0.0
    """Degrees a second; positive turns the picture's content clockwise."""
    shake: float = 0.0
    """Amplitude of a hand's unrest, share of the picture's height."""


@dataclass(frozen=True, slots=True)
class ShotPlan:
    """One shot: a place, perhaps a subject, a camera path and a length."""

    tag: str
    """Unique in its film."""
    plate: Plate
    subject: Subject | None
    camera: Camera
    frames: int
    """Length, at least 1."""
    setup: str | None = None
    """Shots of one set-up are repeats of each other: duplicates, not matches."""
    phase: float = 0.0
    """Seconds by which the subject's own movement is ahead, so that repeats are not identical."""


@dataclass(frozen=True, slots=True)
class TaggedPair:
    """Two shots of a plan, by tag, and the flavor in which they do or only seem to match."""

    flavor: FlavorName
    outgoing: str
    incoming: str


@dataclass(frozen=True, slots=True)
class FilmPlan:
    """A whole film: its shots in order, its format, and which pairs are planted.

    Raises:
        ValueError: a tag is used twice, or a pair names a shot that is not in the film.
    """

    shots: tuple[ShotPlan, ...]
    rate: Fraction = Fraction(24)
    """Frames a second, exact."""
    width: int = 640
    height: int = 360
    picture_height: int | None = None
    """Lines of the active picture; the rest is black above and below. None: all of `height`."""
    start_timecode: str | None = None
    """Timecode of the first frame, written into the container."""
    tone: float | None = None
    """Frequency in Hz of a quiet tone on an audio track; None: no audio."""
    planted: tuple[TaggedPair, ...] = ()
    decoys: tuple[TaggedPair, ...] = ()
    """Pairs that resemble each other and yet do not match."""

    def __post_init__(self) -> None:
        tags = {shot.tag for shot in self.shots}
        if len(tags) != len(self.shots):
            raise ValueError("two shots of the film have one tag")
        named = {t for pair in self.planted + self.decoys for t in (pair.outgoing, pair.incoming)}
        if named - tags:
            raise ValueError(f"pairs name shots that are not in the film: {sorted(named - tags)}")

    @property
    def active_height(self) -> int:
        """Lines of the active picture."""
        return self.picture_height or self.height

    @property
    def starts(self) -> tuple[int, ...]:
        """First frame of each shot, and one past the last frame of the film."""
        return (0, *accumulate(shot.frames for shot in self.shots))

    def truth(self) -> GroundTruth:
        """What is true of the film, as an answer is marked by it."""
        starts = self.starts
        index = {shot.tag: i for i, shot in enumerate(self.shots)}
        setups: dict[str, list[int]] = {}
        for i, shot in enumerate(self.shots):
            if shot.setup is not None:
                setups.setdefault(shot.setup, []).append(i)

        def by_flavor(pairs: tuple[TaggedPair, ...]) -> dict[str, Pairs]:
            return {
                flavor: tuple(
                    (index[p.outgoing], index[p.incoming]) for p in pairs if p.flavor == flavor
                )
                for flavor in FLAVORS
            }

        return GroundTruth(
            rate=self.rate,
            width=self.width,
            height=self.height,
            start_timecode=self.start_timecode,
            shots=tuple(
                ShotTruth(shot.tag, starts[i], starts[i + 1]) for i, shot in enumerate(self.shots)
            ),
            planted=by_flavor(self.planted),
            decoys=by_flavor(self.decoys),
            duplicates=tuple(tuple(group) for group in setups.values() if len(group) > 1),
        )


@dataclass(frozen=True, slots=True)
class ShotTruth:
    """Where one shot lies in the film."""

    tag: str
    start: int
    """First frame."""
    end: int
    """First frame after it."""

    @property
    def middle(self) -> int:
        """The frame at which the camera has its reference framing."""
        return (self.start + self.end) // 2


@dataclass(frozen=True)
class GroundTruth:
    """What is true of a film: its cuts, its matches, what only resembles a match, its repeats."""

    rate: Fraction
    width: int
    height: int
    start_timecode: str | None
    shots: tuple[ShotTruth, ...]
    """In order; together they are the film, without gap or overlap."""
    planted: Mapping[str, Pairs] = field(default_factory=dict)
    """Matches by flavor. The earlier shot is the outgoing one."""
    decoys: Mapping[str, Pairs] = field(default_factory=dict)
    """Pairs by flavor that resemble each other and yet do not match."""
    duplicates: tuple[tuple[int, ...], ...] = ()
    """Groups of shots that repeat one set-up, each in order."""

    @property
    def frames(self) -> int:
        """Length of the film."""
        return self.shots[-1].end

    @property
    def cuts(self) -> tuple[int, ...]:
        """First frame of each shot but the first."""
        return tuple(shot.start for shot in self.shots[1:])

    def shot_at(self, frame: int) -> int:
        """Index of the shot that shows `frame`.

        Raises:
            IndexError: the film has no such frame.
        """
        for index, shot in enumerate(self.shots):
            if shot.start <= frame < shot.end:
                return index
        raise IndexError(f"the film has {self.frames} frames, not a frame {frame}")

    def representative(self, shot: int) -> int:
        """The earliest shot of the duplicate group that `shot` is in; itself where in none."""
        return next((group[0] for group in self.duplicates if shot in group), shot)

    def to_json(self) -> str:
        """The truth as indented JSON, with the rate as `numerator/denominator`."""
        document = {
            "rate": f"{self.rate.numerator}/{self.rate.denominator}",
            "width": self.width,
            "height": self.height,
            "start_timecode": self.start_timecode,
            "shots": [{"tag": s.tag, "start": s.start, "end": s.end} for s in self.shots],
            "planted": self.planted,
            "decoys": self.decoys,
            "duplicates": self.duplicates,
        }
        return json.dumps(document, indent=1)

    @classmethod
    def from_json(cls, text: str) -> GroundTruth:
        """The truth that `to_json` wrote."""
        read = json.loads(text)

        def pairs(by_flavor: dict[str, list[list[int]]]) -> dict[str, Pairs]:
            return {name: tuple((a, b) for a, b in rows) for name, rows in by_flavor.items()}

        return cls(
            rate=Fraction(read["rate"]),
            width=read["width"],
            height=read["height"],
            start_timecode=read["start_timecode"],
            shots=tuple(ShotTruth(s["tag"], s["start"], s["end"]) for s in read["shots"]),
            planted=pairs(read["planted"]),
            decoys=pairs(read["decoys"]),
            duplicates=tuple(tuple(group) for group in read["duplicates"]),
        )
