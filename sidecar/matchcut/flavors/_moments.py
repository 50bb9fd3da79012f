"""What the movement between the frames of a shot adds up to before and after a moment.

Frames next to each other tell roughly how the camera moves. How far apart frames may be to tell it
exactly depends on that: of a slow movement, half a second tells more than a twelfth, since noise
and shake weigh less and a subject has left the place where it was.

A large subject that moves before a standing camera looks like a moving camera, but for what is
around it: nothing stands still before a camera that moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._frameflow import Model, Seen, flow_estimator, seen
from matchcut.flavors._globalmotion import Pair, followed, searched, settled, standing
from matchcut.flavors._movement import AREA, GRID_HEIGHT, GRID_WIDTH, REACH, ROW
from matchcut.flavors._residual import subject
from matchcut.types import Picture, Rows, Window

Rates = NDArray[np.complex128]
"""(2,) growth and shift a second: a and b of the velocity a w + b."""

LONGEST_GAP, FALLBACK_GAP = 0.15, 0.7
"""Seconds; frames further apart are not compared, since flow loses fast movement between them. The
fallback is for shots of which no two frames are closer."""
FARTHEST = 0.5
"""Seconds between frames that tell exactly how a slow camera moves."""
DISPLACED = 0.06
"""Widths by which the picture may be displaced between them."""
GONE = 0.008
"""Widths by which a moving camera must displace the picture to tell that something stands still."""
STANDS_STILL = 0.1
"""Share of the picture that stands still only if the camera does."""
AGREED = 0.02
"""Widths a second by which rates may differ and still agree."""
NEAR = 0.5
"""Seconds from the moment in which what a subject does loses two thirds of its weight."""
_STANDS: Rates = np.zeros(2, np.complex128)


@dataclass(frozen=True, slots=True)
class _Step:
    """Two frames, by index, and how the picture moved from one to the other."""

    earlier: int
    later: int
    lasting: float
    """Seconds between them."""
    pair: Pair

    @property
    def rates(self) -> Rates:
        """Those that make the pair's similarity."""
        growth, shift = self.pair.model
        rate = complex(np.log(1 + growth))
        carried = rate / growth if abs(growth) > 1e-6 else 1
        return np.array([rate, shift * carried], np.complex128) / self.lasting


@dataclass(frozen=True, slots=True)
class _Shot:
    frames: Sequence[Seen]
    seconds: Sequence[float]
    """Of each frame, from the first one."""
    rough: Any
    fine: Any
    """Estimators of flow."""

    def searched(self, earlier: int, later: int) -> _Step:
        """What the camera does between two frames, of which nothing is known."""
        pair = searched(self.frames[earlier], self.frames[later], self.rough)
        return _Step(earlier, later, self._lasting(earlier, later), pair)

    def settled(self, earlier: int, later: int, about: Rates) -> _Step:
        """What the camera exactly does between two frames, at about these rates."""
        lasting = self._lasting(earlier, later)
        model = _after(about, lasting)
        pair = settled(self.frames[earlier], self.frames[later], self.fine, model)
        return _Step(earlier, later, lasting, pair)

    def followed(self, earlier: int, later: int, rates: Rates) -> _Step:
        """The flow between two frames, the camera moving at these rates."""
        lasting = self._lasting(earlier, later)
        model = _after(rates, lasting)
        pair = followed(self.frames[earlier], self.frames[later], self.fine, model)
        return _Step(earlier, later, lasting, pair)

    def _lasting(self, earlier: int, later: int) -> float:
        return self.seconds[later] - self.seconds[earlier]


def told(window: Window) -> Rows:
    """The () row of `ROW` of one moment."""
    row = np.zeros((), ROW)
    seconds = (window.seconds - window.seconds[0]).tolist()
    frames = [seen(picture) for picture in window.pictures]
    shot = _Shot(frames, seconds, flow_estimator(2), flow_estimator(1))
    gaps = np.diff(seconds)
    longest = LONGEST_GAP if (gaps <= LONGEST_GAP).any() else FALLBACK_GAP
    steps = [shot.searched(at, at + 1) for at in np.flatnonzero(gaps <= longest).tolist()]
    here = seconds[window.centre]
    sides = {
        "before": [step for step in steps if step.later <= window.centre],
        "after": [step for step in steps if step.earlier >= window.centre],
    }
    for side, inside in sides.items():
        if any(step.pair.support for step in inside):
            _tell(row[side], shot, inside, here)
    if steps:
        row["average"] = _average(steps)
    return row


def roughly_told(pictures: Sequence[Picture], seconds: Sequence[float]) -> Rows:
    """(N,) of `ROW`, for each of N pictures of one shot, from one flow between neighbours alone.

    Only `camera`, `sure` and `subject` are told.

    Args:
        pictures: About a twelfth of a second apart.
        seconds: When each is shown.
    """
    frames = [seen(picture) for picture in pictures]
    shot = _Shot(frames, seconds, flow_estimator(2), flow_estimator(1))
    steps = [shot.searched(at, at + 1) for at in range(len(frames) - 1)]
    rows = np.zeros(len(frames), ROW)
    reach = float(REACH) * 1.02
    for at, here in enumerate(seconds):
        sides = {
            "before": [one for one in steps[:at] if here - seconds[one.earlier] <= reach],
            "after": [one for one in steps[at:] if seconds[one.later] - here <= reach],
        }
        for side, inside in sides.items():
            support = np.array([step.pair.support for step in inside])
            if support.any():
                rows[side][at]["camera"] = _camera(_agreed(inside))
                rows[side][at]["sure"] = np.square(support).sum() / support.sum()
                rows[side][at]["subject"] = _acting(shot, inside, here)
    return rows


def _camera(rates: Rates) -> tuple[float, float, float, float]:
    """Pan, tilt, zoom and roll that these rates are."""
    growth, shift = rates.tolist()
    return (-shift.real, shift.imag, growth.real, -growth.imag)


def _acting(shot: _Shot, steps: Sequence[_Step], here: float) -> NDArray[np.float32]:
    """What moves by itself, what is nearer to a moment weighing more."""
    middles = [(shot.seconds[step.earlier] + shot.seconds[step.later]) / 2 for step in steps]
    near = np.exp(-np.abs(np.array(middles) - here) / NEAR).tolist()
    return subject([step.pair for step in steps], [step.lasting for step in steps], near)


def _tell(moment: Rows, shot: _Shot, steps: Sequence[_Step], here: float) -> None:
    """Fills in one side of a moment, of which `steps` are between neighbouring frames."""
    about = _agreed(steps)
    sure, rates = _stands(shot, steps, about), _STANDS
    if sure < STANDS_STILL:
        spaced = _spaced(steps, DISPLACED, about)
        exact = [shot.settled(earlier, later, about) for earlier, later in spaced]
        support = np.array([step.pair.support for step in exact])
        if not support.any():
            return
        rates, sure = _agreed(exact), float(np.square(support).sum() / support.sum())
    moment["camera"] = _camera(rates)
    moment["sure"] = sure
    again = [shot.followed(step.earlier, step.later, rates) for step in steps]
    moment["shake"] = _shake(again, rates)
    moment["subject"] = _acting(shot, again, here)


def _stands(shot: _Shot, steps: Sequence[_Step], about: Rates) -> float:
    """Share of the picture that stands still; 0 where the camera hardly seems to move anyway."""
    if _speed(about) * FARTHEST < GONE:
        return 0.0
    spaced = _spaced(steps, GONE, about)
    neighbours = {(step.earlier, step.later): step for step in steps}
    gone = [neighbours.get(frames) or shot.searched(*frames) for frames in spaced]
    return float(np.median([standing(step.pair) for step in gone]))


def _speed(rates: Rates) -> float:
    """Root mean square displacement of the picture, in widths a second."""
    return float(np.hypot(abs(rates[1]), AREA * abs(rates[0])))


def _spaced(steps: Sequence[_Step], displaced: float, about: Rates) -> list[tuple[int, int]]:
    """Frames between which the picture is displaced by so many widths, as far as that goes."""
    gap = min(displaced / max(_speed(about), 1e-6), FARTHEST)
    usual = sum(step.lasting for step in steps) / len(steps)
    apart = max(1, min(len(steps), round(gap / usual)))
    starts = range(0, len(steps) - apart + 1, (apart + 1) // 2)
    return [(steps[at].earlier, steps[at + apart - 1].later) for at in starts]


def _after(rates: Rates, lasting: float) -> Model:
    """The similarity that these rates make in so many seconds."""
    growth = complex(np.exp(rates[0] * lasting)) - 1
    carried = growth / complex(rates[0]) if abs(rates[0]) > 1e-6 else lasting
    return Model(growth, complex(rates[1]) * carried)


def _agreed(steps: Sequence[_Step]) -> Rates:
    """The rates on which most of the pairs agree: their weighted geometric median."""
    rates = np.array([step.rates for step in steps])
    support = np.array([step.pair.support**2 * step.lasting for step in steps])
    weight = support
    for _ in range(7):
        mean = np.asarray((weight[:, None] * rates).sum(axis=0) / weight.sum(), np.complex128)
        off = np.hypot(np.abs(rates[:, 1] - mean[1]), AREA * np.abs(rates[:, 0] - mean[0]))
        weight = support / np.maximum(off, AGREED)
    return mean


def _shake(steps: Sequence[_Step], rates: Rates) -> float:
    """How far the picture's middle strays from steady movement: root mean square, in widths."""
    shifts = [step.pair.model.shift - _after(rates, step.lasting).shift for step in steps]
    strayed = np.cumsum(shifts)
    return float(np.sqrt(np.square(np.abs(strayed - strayed.mean())).mean()))


def _average(steps: Sequence[_Step]) -> NDArray[np.float32]:
    """(9, 16, 2) mean flow of all pairs: displacement over time, so that longer gaps weigh more."""
    flow = np.sum([step.pair.flow for step in steps], axis=0) / sum(s.lasting for s in steps)
    cells = flow.reshape(GRID_HEIGHT, -1, GRID_WIDTH, flow.shape[1] // GRID_WIDTH)
    mean = cells.mean(axis=(1, 3))
    return np.asarray(np.stack([mean.real, mean.imag], axis=-1), np.float32)
