"""Plans scripts from a seed: which takes, how they join, what troubles them.

What a plan promises, measured on the pictures drawn and scaled to 48x27:

- The pictures either side of a hard cut, and those before and after a dissolve or a wipe, differ
  by at least `FLOOR` (mean of 255; a third of it where a shot is darkened), and by more than the
  shots themselves change from picture to picture.
- The new shot shows nothing of the last second that looks nearly the same.
- A fade begins and ends with a picture that is not yet black or white.
- No trouble lies within `APART` frames of a transition.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.joined.draw import shown
from tests.joined.footage import Frames
from tests.joined.looks import Look
from tests.joined.pieces import Piece
from tests.joined.script import (
    HARD,
    SHAPES,
    Frame,
    Grade,
    Join,
    Pan,
    Script,
    Take,
    Trouble,
    TroubleKind,
)

FLOOR = 6.0
APART = 12
_LEAST_MOVED = 2.0
"""How many times the shots' own movement a transition changes the picture, at least."""
_TRIES = 60
_WHIP_SCALE = 0.55
_DARK = 0.2
_LASTS: dict[TroubleKind, tuple[int, int]] = {
    "flash": (1, 3), "lightning": (8, 16), "strobe": (6, 12), "whip": (5, 10), "pass": (8, 20),
    "exposure": (12, 30), "bars": (12, 30), "caption": (24, 60),
}  # fmt: skip
"""Shortest and longest, in 24ths of a second."""
_SOFT = (0.0, 0.0, 0.1, 0.3)
_RESTS = (0, 0, 2, 8, 20)


@dataclass(frozen=True, slots=True)
class _Shot:
    """A shot to be filled with a take: how long it is seen alone, and its trouble in there."""

    length: int
    trouble: Trouble | None
    dark: bool


class _Plan:
    """One script in the making."""

    def __init__(self, look: Look, pieces: Sequence[Piece], frames: Frames, seed: str) -> None:
        self._look = look
        self._frames = frames
        self._chance = random.Random(seed)
        self._pieces = [one for one in pieces if not (look.dark and one.dark)]
        self._pace = look.pictures_a_second / 24
        self._speed = {12: 2.0, 24: 1.0, 48: 0.6}[look.pictures_a_second]
        """At 48 a little faster than life: else every second picture would show the same."""
        self._places: list[str] = []

    def script(self) -> Script:
        total = round(self._look.minutes * 60 * self._look.pictures_a_second)
        shot = self._shot()
        takes = [self._new_take(shot, 0)]
        joins: list[Join] = []
        starts: list[int] = []
        troubles: list[Trouble] = []
        alone, began = 0, 0
        while True:
            if shot.trouble is not None:
                at = alone + shot.trouble.start
                end = alone + shot.trouble.end
                troubles.append(replace(shot.trouble, start=at, end=end))
            start = alone + shot.length
            join = self._join()
            following = self._shot()
            if start + join.frames + following.length > total:
                break
            join, take = self._joined(takes[-1], start - began, join, following)
            starts.append(start)
            joins.append(join)
            takes.append(take)
            shot, began, alone = following, start, start + join.frames
        bars = self._bars(joins, starts, troubles)
        length = alone + shot.length
        return Script(tuple(takes), tuple(joins), tuple(starts), length, tuple(troubles), bars)

    def _shot(self) -> _Shot:
        chance, look = self._chance, self._look
        low, high = look.seconds
        length = round(chance.uniform(low, high) * look.pictures_a_second)
        trouble: Trouble | None = None
        margin = math.ceil((APART + 1) * max(look.cadence.per_frame, self._pace))
        if chance.random() < look.troubled:
            kind = chance.choice(look.troubles)
            shortest, longest = _LASTS[kind]
            lasts = max(1, round(chance.randint(shortest, longest) * self._pace))
            room = length - lasts - 2 * margin
            if room > 0:
                at = margin + chance.randrange(room)
                trouble = Trouble(kind, at, at + lasts, chance.randrange(1 << 30))
        return _Shot(length, trouble, chance.random() < look.dark)

    def _join(self) -> Join:
        chance, mix = self._chance, self._look.mix
        kind = chance.choices([one for one, _ in mix], [weight for _, weight in mix])[0]

        def lasts(low: int, high: int) -> int:
            return max(3, round(chance.randint(low, high) * self._pace))

        if kind in HARD:
            return Join(kind)
        if kind == "dissolve":
            frames = lasts(6, 48)
            return Join(kind, frames, frames // 2)
        if kind == "wipe":
            frames = lasts(10, 30)
            shape, soft = chance.choice(SHAPES), chance.choice(_SOFT)
            return Join(kind, frames, frames // 2, shape=shape, soft=soft)
        fall, rise, rest = lasts(6, 24), lasts(6, 24), round(chance.choice(_RESTS) * self._pace)
        return Join(kind, fall + rest + rise, fall + rest // 2, fall=fall, rest=rest)

    def _joined(self, old: Take, after: int, join: Join, shot: _Shot) -> tuple[Join, Take]:
        """A take for the shot after `old`, of which `after` pictures are shown before the join.

        Where no take can follow in the way wished for, as in a fade of what is nearly black, it is
        a cut to another place.
        """
        for tried in (join, Join("cut")):
            for _ in range(_TRIES):
                jumps = tried.kind == "jump"
                take = (
                    self._jumped(old, after, shot) if jumps else self._new_take(shot, tried.frames)
                )
                if self._apart(old, after, tried, take):
                    self._places = [*self._places[-1:], take.piece.place]
                    return tried, take
        raise RuntimeError(f"no piece differs enough from {old.piece.seen!r}")

    def _new_take(self, shot: _Shot, before: int) -> Take:
        """Any take of another place than the last two; `before`: pictures of the join into it."""
        chance = self._chance
        piece = chance.choice([one for one in self._pieces if one.place not in self._places])
        speed = self._speed * chance.choice((1, 1, 1, -1))
        frame = Frame(
            chance.uniform(0.7, 1), chance.random(), chance.random(), chance.random() < 0.5
        )
        gain, gamma = (1.0, 1.0, 1.0), 1.0
        if chance.random() < 0.5:
            gain = (
                chance.uniform(0.85, 1.12),
                chance.uniform(0.85, 1.12),
                chance.uniform(0.85, 1.12),
            )
            gamma = chance.uniform(0.8, 1.25)
        take = Take(
            piece, chance.randrange(piece.end - piece.start), speed, frame, Grade(gain, gamma)
        )
        return self._shaped(take, shot, before)

    def _shaped(self, take: Take, shot: _Shot, before: int) -> Take:
        """The take as the shot wants it: dark, with room for a whip of the camera."""
        if shot.dark:
            red, green, blue = take.grade.gain
            gain = (red * _DARK, green * _DARK, blue * _DARK)
            take = replace(take, grade=Grade(gain, take.grade.gamma))
        if shot.trouble is not None and shot.trouble.kind == "whip":
            x = self._chance.choice((0.0, 1.0))
            lasts = shot.trouble.end - shot.trouble.start
            pan = Pan(before + shot.trouble.start, lasts, 1 - x)
            take = replace(take, frame=replace(take.frame, scale=_WHIP_SCALE, x=x), pan=pan)
        return take

    def _jumped(self, old: Take, after: int, shot: _Shot) -> Take:
        """The same set-up framed otherwise by 15 to 35 %, at another time, or both."""
        chance = self._chance
        rests = old.frame if old.pan is None else replace(old.frame, x=old.pan.x)
        now = int(old.first + old.speed * after)
        length = old.piece.end - old.piece.start
        later = chance.random() < 0.5 and not old.piece.still
        frame, first = rests, now
        if later:
            first = chance.randrange(2 * length - 2)
        if not later or chance.random() < 0.3:
            share = chance.uniform(0.15, 0.35)
            nearer = max(0.5, rests.scale * (1 - share))
            farther = min(1.0, rests.scale / (1 - share))
            scale = chance.choice((nearer, farther))
            frame = Frame(scale, chance.random(), chance.random(), rests.flop)
        take = Take(old.piece, first, old.speed, frame, old.grade)
        return self._shaped(take, replace(shot, dark=shot.dark and not _dim(old)), 0)

    def _apart(self, old: Take, after: int, join: Join, new: Take) -> bool:
        """Whether the join keeps what this module promises."""
        floor = FLOOR / 3 if _dim(old) or _dim(new) else FLOOR
        before, behind = self._small(old, after - 1), self._small(new, join.frames)
        if join.kind in ("fade", "fade white"):
            plain = 0.0 if join.kind == "fade" else 255.0
            return all(float(np.abs(one - plain).mean()) > 3 * floor for one in (before, behind))
        moved = max(
            _difference(before, self._small(old, after - 2)),
            _difference(behind, self._small(new, join.frames + 1)),
        )
        if _difference(before, behind) < max(floor, _LEAST_MOVED * moved):
            return False
        back = [round(step * self._pace) for step in (1, 6, 12, 18, 24)]
        olds = [self._small(old, after - step) for step in back if step <= after]
        news = [self._small(new, join.frames + step) for step in back]
        least = min((_difference(one, other) for one in olds for other in news), default=math.inf)
        return least > floor / 2

    def _small(self, take: Take, at: int) -> NDArray[np.float32]:
        picture = shown(take, at, self._frames)
        if self._look.grey:
            picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
        return cv2.resize(picture, (48, 27), interpolation=cv2.INTER_AREA).astype(np.float32)

    def _bars(
        self, joins: list[Join], starts: list[int], troubles: list[Trouble]
    ) -> tuple[tuple[int, float, float], ...]:
        fixed = {"none": (0, 0.0, 0.0), "letterbox": (0, 0.24, 0.0), "pillarbox": (0, 0.0, 0.25)}
        if self._look.bars != "changing":
            return (fixed[self._look.bars],)
        at_cuts = [
            (start - 1, start)
            for join, start in zip(joins, starts, strict=True)
            if join.kind in HARD and self._chance.random() < 0.4
        ]
        moving = [(one.start, one.end) for one in troubles if one.kind == "bars"]
        points = [(0, 0.0, 0.0)]
        for start, end in sorted(at_cuts + moving):
            now = points[-1][1:]
            new = self._chance.choice([one[1:] for one in fixed.values() if one[1:] != now])
            points += [(start, *now), (end, *new)]
        return tuple(points)


def _dim(take: Take) -> bool:
    return max(take.grade.gain) < 2 * _DARK


def _difference(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.abs(one - other).mean())


def planned(look: Look, pieces: Sequence[Piece], frames: Frames, seed: str) -> Script:
    """A script of this look from these pieces; the same for the same seed and pictures."""
    return _Plan(look, pieces, frames, seed).script()
