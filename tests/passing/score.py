"""Marks answers by the truth: where to cut, how to reframe, what is ranked above what."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.film.camera import Matrix
from tests.passing.script import Film, Planted
from tests.passing.stance import Moved, onto, place

WITHIN = 2
"""Frames by which a cut may miss the known one, on either side."""
SHIFT, SCALE, ROTATION = 0.02, 0.03, 1.0
"""Errors of a reframing that are allowed: share of the width, share of the size, degrees."""

Pool = Callable[[NDArray[np.float32]], float]
"""The score of two shots, given that of every moment of A to every moment of B."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Whether a cut is at the known frames."""

    leave: int
    """Frames by which A is left too late; negative: too early."""
    enter: int

    @property
    def sides(self) -> tuple[bool, bool]:
        """Whether either side is near enough."""
        return abs(self.leave) <= WITHIN, abs(self.enter) <= WITHIN

    @property
    def right(self) -> bool:
        """Whether both are."""
        return all(self.sides)


def hit(planted: Planted, leave: int, enter: int) -> Hit:
    """How far a cut at two frames of the film is from the planted one."""
    return Hit(leave - planted.leave, enter - planted.enter)


@dataclass(frozen=True, slots=True)
class Off:
    """By how much a reframing misses what lays B's subject onto A's."""

    place: float
    """Picture widths between where the subject's middle comes to lie and where it should."""
    shift: float
    """The same of the picture's middle."""
    scale: float
    """Share of the size."""
    rotation: float
    """Degrees."""
    flop: bool
    """True where it is flopped wrongly."""

    @property
    def right(self) -> bool:
        """Whether all of it is within what is allowed, the shift told at the subject."""
        return (
            self.place <= SHIFT
            and self.scale <= SCALE
            and self.rotation <= ROTATION
            and not self.flop
        )


def true_move(film: Film, planted: Planted, leave: int, enter: int) -> Matrix:
    """What lays B's subject at one frame onto A's at another, in pixels; exact, both as drawn."""
    a, b = (
        place(film.shots[shot], film.seconds(shot, frame - film.starts[shot]), *_size(film))
        for shot, frame in ((planted.outgoing, leave), (planted.incoming, enter))
    )
    return np.asarray(a @ np.linalg.inv(b), np.float64)


def off(film: Film, planted: Planted, leave: int, enter: int, found: Moved | None) -> Off:
    """How far a reframing of the cut at two frames is from the one that is true of them.

    A push into A tells as much as a pull out of B: what counts is where B's subject comes to lie
    relative to A's. None stands for no reframing.
    """
    width, height = _size(film)
    true = true_move(film, planted, leave, enter)
    got = onto(found, width, height)
    seconds = film.seconds(planted.incoming, enter - film.starts[planted.incoming])
    subject = place(film.shots[planted.incoming], seconds, width, height)[:, 2]
    middle = np.array([width / 2, height / 2, 1.0])
    aside = got @ np.linalg.inv(true)
    flop = bool(np.linalg.det(aside[:2, :2]) < 0)
    if flop:
        aside = aside @ np.diag([-1.0, 1.0, 1.0])
    size = math.sqrt(float(np.linalg.det(aside[:2, :2])))
    return Off(
        place=_apart(got @ subject, true @ subject) / width,
        shift=_apart(got @ middle, true @ middle) / width,
        scale=abs(size - 1),
        rotation=abs(math.degrees(math.atan2(aside[1, 0], aside[0, 0]))),
        flop=flop,
    )


def _apart(one: Matrix, other: Matrix) -> float:
    return float(np.hypot(*(one - other)[:2]))


def _size(film: Film) -> tuple[int, int]:
    return film.width, film.height


def rank_of(shots: Iterable[int], wanted: int) -> int | None:
    """1-based place of a shot in an answer; None where it is not in it."""
    return next((place for place, shot in enumerate(shots, 1) if shot == wanted), None)


def pooled(scores: NDArray[np.float32], firsts: Sequence[int], pool: Pool) -> NDArray[np.float32]:
    """(N, N) scores of shots from the (R, R) scores of all their moments.

    Args:
        scores: Of every moment, outgoing, to every moment, incoming.
        firsts: (N + 1,) number of the first moment of each shot, then R.
        pool: What makes one score of those of two shots.
    """
    count = len(firsts) - 1
    result = np.zeros((count, count), np.float32)
    for one in range(count):
        for other in range(count):
            block = scores[firsts[one] : firsts[one + 1], firsts[other] : firsts[other + 1]]
            result[one, other] = pool(block)
    return result


def middle(scores: NDArray[np.float32]) -> float:
    """That of the two middle moments."""
    return float(scores[scores.shape[0] // 2, scores.shape[1] // 2])


def highest(scores: NDArray[np.float32]) -> float:
    """The best of all, uncorrected."""
    return float(scores.max())


def corrected(fluke: float) -> Pool:
    """The best corrected for how many were compared: fluke x ln of the mean of exp(s / fluke)."""

    def pool(scores: NDArray[np.float32]) -> float:
        most = float(scores.max())
        return most + fluke * math.log(float(np.exp((scores - most) / fluke).mean()))

    return pool


def average_precision(
    scores: NDArray[np.float32],
    planted: Iterable[tuple[int, int]],
    kept: Sequence[int],
    least: float = 0.0,
) -> float:
    """Of the planted pairs among all pairs of some shots, in either order, ranked by score.

    Args:
        scores: (N, N) of outgoing to incoming shots; of a pair the better direction counts.
        planted: Pairs of shots.
        kept: Shots that are ranked, such as one of each duplicate group.
        least: What scores no more is no answer, and comes after all that do.

    Returns:
        0 to 1. Among equal scores planted pairs come last.
    """
    wanted = {frozenset(pair) for pair in planted}
    ranked = sorted(
        (
            (-max(scores[one, other], scores[other, one], least), frozenset((one, other)) in wanted)
            for at, one in enumerate(kept)
            for other in kept[at + 1 :]
        )
    )
    found = 0
    total = 0.0
    for place_, (_, right) in enumerate(ranked, 1):
        if right:
            found += 1
            total += found / place_
    return total / max(len(wanted), 1)
