"""Takes: short shots, made by moving a camera over a ground, with all that is true of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.types import Frame, Picture, Span
from tests.moved.grounds import Cutout, Ground
from tests.moved.rates import Rates, Similarity
from tests.moved.shake import Shaken, shake, steady

WIDTH, HEIGHT = 320, 180
COLUMNS, ROWS = 16, 9
_FINER = 2
"""Pictures are drawn at so many times their size and averaged, which keeps edges smooth."""
_SHUTTER = 0.5
"""Share of a frame's time for which the shutter is open."""
_STEP = 1.5
"""Pixels between the pictures of which the blur of one frame is made."""
_MOST_STEPS = 6
_LARGEST = 700
"""Pixels of the ground in a picture's width, at most: large stills are cropped, not shrunk."""
_GRAIN = 7.0
"""Standard deviation of film grain, of 255."""
_FLICKER, _FLICKER_RATE = 0.12, 5.3
"""Share of the brightness, and hertz."""

CLOCKS = (
    (Fraction(24), Fraction(1, 24)),
    (Fraction(25), Fraction(1, 12800)),
    (Fraction(30000, 1001), Fraction(1001, 30000)),
    (Fraction(24000, 1001), Fraction(1, 90000)),
    (Fraction(24), Fraction(1, 1000)),
    (Fraction(60), Fraction(1, 60)),
)
"""Frames a second and time bases that films are made in."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A subject and what it does by itself."""

    cutout: Cutout
    own: complex
    """Widths a second in the picture, x right and y down, what the camera does taken out."""
    at: complex
    """Where its middle is in the middle of the take, in widths from the picture's centre."""
    share: float
    """Of the picture that it covers then, where it is whole."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides a take."""

    name: str
    ground: Ground
    rates: Rates
    """What the camera does, apart from shake."""
    seed: int = 0
    clock: tuple[Fraction, Fraction] = CLOCKS[0]
    seconds: float = 1.5
    actor: Actor | None = None
    shake: bool = False
    grain: bool = False
    flicker: bool = False
    black: tuple[float, float] = (0.0, 0.0)
    """Shares of the take between which it is black."""


@dataclass(frozen=True, slots=True)
class Take:
    """A made shot. Its truth holds at every moment of it that is not black."""

    plan: Plan
    frames: list[Frame]
    """Pictures are (180, 320, 3)."""
    span: Span
    lit: NDArray[np.bool_]
    """(T,) False where the frame is black."""
    covers: NDArray[np.float32]
    """(T, 9, 16) the share of each cell that the subject covers."""

    @property
    def name(self) -> str:
        return self.plan.name

    @property
    def pictures(self) -> list[Picture]:
        """The pictures of all frames."""
        return [frame.picture for frame in self.frames]

    @property
    def rates(self) -> Rates:
        """The camera's true rates."""
        return self.plan.rates

    @property
    def own(self) -> complex | None:
        """The subject's true velocity, the camera's taken out; None where there is no subject."""
        return None if self.plan.actor is None else self.plan.actor.own


def taken(plan: Plan) -> Take:
    """Makes a take; the same plan gives the same pictures, to the last digit."""
    rng = np.random.default_rng(plan.seed)
    rate, time_base = plan.clock
    count = round(plan.seconds * rate)
    pts = [round(frame / rate / time_base) for frame in range(count + 1)]
    times = np.array([float(at * time_base) for at in pts[:-1]])
    stage = _staged(plan, times, rng)
    lit = np.ones(count, np.bool_)
    lit[slice(*(round(share * count) for share in plan.black))] = False
    covers = np.zeros((count, ROWS, COLUMNS), np.float32)
    frames = []
    for index, at in enumerate(times.tolist()):
        picture, covers[index] = stage.exposed(index, at, float(_SHUTTER / rate))
        if plan.flicker:
            wave = math.sin(2 * math.pi * _FLICKER_RATE * at) + rng.normal(0, 0.4)
            picture = picture * np.float32(1 + _FLICKER * wave)
        if plan.grain:
            grain = rng.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32)
            soft = cv2.GaussianBlur(grain, (0, 0), 0.6)
            picture = picture + (soft * _GRAIN / soft.std())[..., None]
        picture, covers[index] = picture * lit[index], covers[index] * lit[index]
        frames.append(Frame(index, pts[index], np.clip(picture, 0, 255).astype(np.uint8)))
    return Take(plan, frames, Span(pts[0], pts[-1], time_base), lit, covers)


@dataclass(frozen=True, slots=True)
class _Stage:
    """What is before the camera, and where."""

    plan: Plan
    middle: float
    """Seconds at which the picture's plane and the ground lie on each other as `base` says."""
    base: Similarity
    """From the picture's plane, in the middle of the take, to pixels of the ground."""
    shaken: Shaken

    def exposed(
        self, index: int, at: float, shutter: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """A frame, (180, 320, 3) 0 to 255, and the (9, 16) cells that the subject covers."""
        levels = _halves(self.plan.ground.shown(index))
        steps = self._steps(at, shutter)
        total = np.zeros((HEIGHT * _FINER, WIDTH * _FINER, 3), np.float32)
        covered = np.zeros((HEIGHT * _FINER, WIDTH * _FINER), np.float32)
        for step in range(steps):
            moment = at + ((step + 0.5) / steps - 0.5) * shutter
            self._add(levels, moment, total, covered)
        small = cv2.resize(total / steps, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        cells = cv2.resize(covered / steps, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.float32), np.asarray(cells, np.float32)

    def _steps(self, at: float, shutter: float) -> int:
        rates, actor = self.plan.rates, self.plan.actor
        ways = [rates.flow(corner) for corner in _CORNERS]
        if actor is not None:
            ways.append(rates.flow(0) + actor.own)
        reach = max(abs(way) for way in ways) * shutter * WIDTH
        return min(max(1, math.ceil(reach / _STEP)), _MOST_STEPS)

    def _add(
        self,
        levels: list[Picture],
        moment: float,
        total: NDArray[np.float32],
        covered: NDArray[np.float32],
    ) -> None:
        size = (WIDTH * _FINER, HEIGHT * _FINER)
        since = moment - self.middle
        carried = self.shaken(moment).after(self.plan.rates.carried(since))
        seen = self.base.after(carried.inverse()).after(_PLANE)
        level = min(max(0, math.floor(math.log2(abs(seen.scale)) + 0.3)), len(levels) - 1)
        seen = _PIXELS.after(Similarity(2.0**-level)).after(seen)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        ground = cv2.warpAffine(
            levels[level], seen.matrix(), size, flags=flags, borderMode=cv2.BORDER_REFLECT_101
        )
        actor = self.plan.actor
        if actor is None:
            cv2.accumulate(ground, total)
            return
        carried = self.shaken(moment).after(self.plan.rates.carried(since, actor.own))
        place = _PIXELS.after(_placed(actor).inverse()).after(carried.inverse()).after(_PLANE)
        matrix = place.matrix()
        picture = cv2.warpAffine(actor.cutout.picture, matrix, size, flags=flags)
        cover = cv2.warpAffine(actor.cutout.cover, matrix, size, flags=flags)
        total += ground * (1 - cover[..., None]) + picture
        covered += cover


_CORNERS = [complex(x, y * HEIGHT / WIDTH) for x in (-0.5, 0.5) for y in (-0.5, 0.5)]
_PLANE = Similarity(
    1 / (WIDTH * _FINER), complex(0.5 / (WIDTH * _FINER) - 0.5, (0.5 / _FINER - HEIGHT / 2) / WIDTH)
)
"""From the index of a pixel that is drawn to the picture's plane."""
_PIXELS = Similarity(1, -0.5 - 0.5j)
"""From a place on a picture to the index of a pixel: the middle of pixel 0 lies at 0.5."""


def _staged(plan: Plan, times: NDArray[np.float64], rng: np.random.Generator) -> _Stage:
    """Lays the ground so that the camera never leaves it, at a random place where there is room."""
    middle = float(times[0] + times[-1]) / 2
    shaken = shake(times, rng) if plan.shake else steady
    margin = 0.5 / float(plan.clock[0])
    reached = [
        shaken(at).after(plan.rates.carried(at - middle)).inverse()(corner)
        for time in times.tolist()
        for at in (time - margin, time + margin)
        for corner in _CORNERS
    ]
    across, down = np.real(reached), np.imag(reached)
    height, width = plan.ground.pictures[0].shape[:2]
    wide, tall = float(np.ptp(across)), float(np.ptp(down))
    scale = min((width - 2) / wide, (height - 2) / tall, _LARGEST)
    left = 1 + rng.uniform(0, max(0.0, width - 2 - scale * wide))
    top = 1 + rng.uniform(0, max(0.0, height - 2 - scale * tall))
    shift = complex(left - scale * across.min(), top - scale * down.min())
    return _Stage(plan, middle, Similarity(scale, shift), shaken)


def _placed(actor: Actor) -> Similarity:
    """From a place on the cut-out to the picture's plane in the middle of the take."""
    height, width = actor.cutout.cover.shape
    covered = float(actor.cutout.cover.sum())
    scale = math.sqrt(actor.share * HEIGHT / WIDTH / covered)
    return Similarity(scale, actor.at - scale * complex(width / 2, height / 2))


def _halves(picture: Picture) -> list[Picture]:
    """The picture, and it at half, a quarter and an eighth of its size."""
    levels = [picture]
    for _ in range(3):
        height, width = levels[-1].shape[:2]
        half = cv2.resize(levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        levels.append(np.asarray(half, np.uint8))
    return levels
