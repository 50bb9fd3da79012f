"""What the estimator, and beside it the naive way, tell of a take."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from matchcut.flavors._movement import ROW
from matchcut.types import Picture, Rows
from tests.moved import judged
from tests.moved.moments import HEAD, TAIL, row_at, seconds_of
from tests.moved.rates import Rates
from tests.moved.takes import Take

_AROUND = 0.4
"""Seconds: of the first, the middle and the last so long, a moment is judged."""
_NAIVE = 1.0
"""Seconds from which the naive way has its flow, as ours."""
_SHOWN = 0.04
"""Share of the picture that a subject covers, on average around a moment, to be asked for."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was estimated of one take."""

    name: str
    rates: Rates
    own: complex | None
    picture: Picture
    """Of the middle of the take."""
    judged: NDArray[np.bool_]
    """(3,) whether there is a truth at each moment."""
    seconds: Rows
    """(3,) of the first, the middle and the last second, as the estimator tells them."""
    milliseconds: float
    """Of processor time, for all of them."""
    flow: NDArray[np.float32]
    """(3, 9, 16, 2) the naive way's, at each moment."""

    average: NDArray[np.float32]
    """(9, 16, 2) the mean flow around the middle of the take, as the estimator tells it."""

    @property
    def row(self) -> Rows:
        """(1,) what is before the end of the take and after its start, as of one moment."""
        made = np.zeros(1, ROW)
        made["before"], made["after"] = self.seconds[TAIL], self.seconds[HEAD]
        made["average"] = self.average
        return made

    @property
    def cameras(self) -> NDArray[np.float32]:
        """(3, 4) the estimated rates."""
        return np.asarray(self.seconds["camera"], np.float32)

    @property
    def naive(self) -> NDArray[np.float32]:
        """(3, 4) the naive way's rates."""
        return np.stack([judged.least_squares(flow) for flow in self.flow])


def seen(take: Take, asked: NDArray[np.bool_]) -> Seen:
    """Estimates the movement of a take, by our way and by the naive one."""
    with threadpool_limits(limits=1, user_api="blas"):  # as in the pipeline
        before = time.process_time()
        told = seconds_of(take.frames, take.span)
        spent = 1000 * (time.process_time() - before)
    halfway = take.span.at(Fraction(1, 2))
    average = row_at(take.frames, take.span, halfway)["average"]
    flow = [
        judged.plain_flow(take.frames, float(take.span.time_base), start, start + _NAIVE)
        for start in _starts(take, _NAIVE)
    ]
    middle = take.frames[len(take.frames) // 2].picture
    ways = np.stack(flow)
    return Seen(take.name, take.rates, take.own, middle, asked, told, spent, ways, average)


def _starts(take: Take, lasting: float) -> list[float]:
    """When the first, the middle and the last so many seconds of a take begin."""
    last = float(take.frames[-1].pts * take.span.time_base)
    return [0.0, (last - lasting) / 2, last - lasting]


def _around(take: Take) -> list[NDArray[np.bool_]]:
    """For each moment, which frames are near it."""
    times = np.array([float(one.pts * take.span.time_base) for one in take.frames])
    near = 1e-6
    return [(times >= at - near) & (times <= at + _AROUND + near) for at in _starts(take, _AROUND)]


def lit(take: Take) -> NDArray[np.bool_]:
    """(3,) whether nothing around each moment is black."""
    return np.array([bool(take.lit[near].all()) for near in _around(take)])


def shown(take: Take) -> NDArray[np.bool_]:
    """(3,) whether enough of the subject is in the picture around each moment."""
    return np.array([float(take.covers[near].mean()) >= _SHOWN for near in _around(take)])
