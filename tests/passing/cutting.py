"""Plans films of pairs that should be cut at known frames, with or without a reframing.

What a plan promises, measured on true silhouettes:

- At the known frames the two silhouettes of a pair, reframed where that is planted, overlap by
  more than `ALIKE`, and wherever they overlap by no more than `CLEAR` less, both frames are within
  `NEAR` of the known ones. So the subjects never follow one another's path.
- Shots that are no pair never overlap by more than `UNLIKE`.
- A reframing can be done, and without it the silhouettes overlap by less than `OFF`. Whether it
  flops and turns can be told: the silhouette overlaps with its mirror image by less than
  `MIRRORED`, and with itself turned by 3 degrees by less than `TURNED`.
- A subject covers `LEAST` of the picture in every frame, and a known frame lies `INSIDE` seconds
  from either end of its shot, or further.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.similarity import mask_iou
from tests.passing import casting
from tests.passing.casting import FIGURES, PARTS, STATUES, THINGS, WAYS, Cast, Chance
from tests.passing.draw import mask_of
from tests.passing.script import Film, Pair, Shot, Way

ALIKE = 0.9
CLEAR = 0.03
NEAR = 2
UNLIKE = 0.72
OFF = 0.8
MIRRORED = 0.8
TURNED = 0.93
LEAST = 0.012
INSIDE = 0.4
_TALL = 0.72, 0.9
"""Heights of subjects that are to be reframed: small ones cannot be told so exactly."""
_SIZE = 160, 90
_SMALL = 64, 36
_EVERY = 3
"""One of so many frames is looked at to tell that shots are no pair."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """Two shots that are a pair, or one that is none."""

    shots: tuple[Shot, ...]
    moves: bool = True


@lru_cache(maxsize=8)
def cut_film(
    seed: int, pairs: int, fillers: int, rate: Fraction = Fraction(24), framed: bool = False
) -> Film:
    """A film of `pairs` planted pairs and `fillers` other shots, in an order drawn by chance.

    Args:
        seed: Of all that is drawn.
        pairs: How many are planted.
        fillers: Shots that are like none of the others.
        rate: Frames a second.
        framed: Whether each pair needs a reframing; every second one of them stands still then.

    Raises:
        ValueError: there is nothing to stand between the two shots of a pair.

    Cost: about half a second a pair.
    """
    if pairs + fillers < 2:
        raise ValueError("the two shots of a pair stand apart: plan another pair, or a filler")
    chance = np.random.default_rng([seed, 6])
    kept: list[_Draft] = []
    known: list[NDArray[np.uint8]] = []
    for number in range(pairs + fillers):
        drafts = _framed(number, chance, rate) if framed else _pairs(number, chance, rate)
        if number >= pairs:
            drafts = _fillers(number, chance, rate)
        for draft in drafts:
            seen = np.concatenate([_packed(shot, rate, _SMALL, _EVERY) for shot in draft.shots])
            if not known or mask_iou(seen, np.concatenate(known)).max() < UNLIKE:
                kept.append(draft)
                known.append(seen)
                break
    return _joined(f"{'framed' if framed else 'cut'} {seed}", kept, rate, chance)


def _joined(name: str, kept: list[_Draft], rate: Fraction, chance: Chance) -> Film:
    """The shots in an order in which no pair meets."""
    pairs = [one for one in kept if len(one.shots) == 2]
    partners = {frozenset(shot.tag for shot in one.shots) for one in pairs}
    shots = [shot for one in kept for shot in one.shots]
    while True:
        order = [shots[at] for at in chance.permutation(len(shots)).tolist()]
        meeting = pairwise(order)
        if not any(frozenset((a.tag, b.tag)) in partners for a, b in meeting):
            break
    planted = tuple(Pair("frame", one.shots[0].tag, one.shots[1].tag, one.moves) for one in pairs)
    return Film(name, tuple(order), planted, rate)


def _pairs(number: int, chance: Chance, rate: Fraction) -> Iterator[_Draft]:
    """Pairs whose subjects come and go on ways that cross at the known pose alone."""
    while True:
        cast = _cast(number, chance)
        first, second = _drawn(number, cast, chance, rate, 0.45)
        names = chance.permutation([one for one in WAYS if one != "gesture" or cast in FIGURES])
        shots = tuple(
            _acting(shot, str(name), cast, chance)
            for shot, name in zip((first, second), names[:2].tolist(), strict=True)
        )
        if is_clear(shots[0], shots[1], rate):
            yield _Draft(shots)


def _framed(number: int, chance: Chance, rate: Fraction) -> Iterator[_Draft]:
    """Pairs of which one picture has to be moved; every second one stands still."""
    parts = PARTS[number % len(PARTS)]
    casts = [
        replace(one, low=_TALL[0], high=_TALL[1])
        for one in (*FIGURES, *STATUES, *THINGS)
        if one.one_sided
    ]
    while True:
        cast = casting.one(casts, chance)
        shots = _drawn(number, cast, chance, rate, 0.3)
        moves = number % 2 == 1
        if moves:
            names = chance.permutation(["cross", "rise", "slant"])[:2].tolist()
            shots = (
                _acting(shots[0], names[0], cast, chance),
                _acting(shots[1], names[1], cast, chance),
            )
        side = int(chance.integers(2))
        framing = casting.framing(side, parts, chance)
        framed = tuple(
            replace(shot, framing=framing) if at == side else shot for at, shot in enumerate(shots)
        )
        if (
            (is_clear(shots[0], shots[1], rate) if moves else _stays(shots))
            and _needs(framed)
            and all(_visible(_masks(one, rate, _SIZE, 1)) for one in framed)
        ):
            yield _Draft(framed, moves)


def _fillers(number: int, chance: Chance, rate: Fraction) -> Iterator[_Draft]:
    while True:
        cast = _cast(number, chance)
        first, _ = _drawn(number, cast, chance, rate, 0.8)
        shot = _acting(first, casting.one(WAYS, chance), cast, chance)
        if _visible(_masks(shot, rate, _SIZE, 1)):
            yield _Draft((shot,))


def _cast(number: int, chance: Chance) -> Cast:
    """Of each six, three who gesture, one who does not, two things."""
    return casting.one((FIGURES, THINGS, FIGURES, STATUES, FIGURES, THINGS)[number % 6], chance)


def _drawn(
    number: int, cast: Cast, chance: Chance, rate: Fraction, room: float
) -> tuple[Shot, Shot]:
    """Two shots that share a known pose, before they move."""
    dressed, plates = casting.dressed(cast, chance), casting.plates(chance)
    stance = casting.stance(dressed[0][0], cast, chance, room)
    shots = []
    for side, (kind, look), plate in zip("AB", dressed, plates, strict=True):
        frames = round(float(chance.uniform(2, 6)) * rate)
        inside = round(INSIDE * rate + 0.5)
        at = int(chance.integers(inside, frames - inside))
        shots.append(
            Shot(
                f"{number} {side}", plate, frames, at, (Way(),),
                stance=replace(stance, kind=kind), look=look, motion=0.6,
            )
        )  # fmt: skip
    return shots[0], shots[1]


def _acting(shot: Shot, name: str, cast: Cast, chance: Chance) -> Shot:
    """The shot with a subject that goes some way."""
    assert shot.stance is not None
    gesture = None
    if cast in FIGURES and (name == "gesture" or chance.random() < 0.5):
        gesture = casting.gesture(shot.stance.kind, chance, name == "gesture")
    pace = float(chance.choice((-1, 1)) * chance.uniform(0.6, 1.4))
    return replace(
        shot, ways=(casting.way(name, chance),), gesture=gesture, pace=round(pace, 2), motion=1.0
    )


def overlaps(outgoing: Shot, incoming: Shot, rate: Fraction) -> NDArray[np.float32]:
    """(frames of A, frames of B) true overlap of their silhouettes, once reframed as planted."""
    a, b = (_packed(replace(shot, framing=None), rate, _SIZE, 1) for shot in (outgoing, incoming))
    return mask_iou(a, b)


def is_clear(outgoing: Shot, incoming: Shot, rate: Fraction) -> bool:
    """Whether the known frames are the only ones to cut at."""
    if not all(_visible(_masks(shot, rate, _SIZE, 1)) for shot in (outgoing, incoming)):
        return False
    overlap = overlaps(outgoing, incoming, rate)
    if overlap[outgoing.at, incoming.at] <= ALIKE:
        return False
    leave, enter = np.nonzero(overlap >= overlap.max() - CLEAR)
    return bool(
        (np.abs(leave - outgoing.at) <= NEAR).all() and (np.abs(enter - incoming.at) <= NEAR).all()
    )


def _stays(shots: tuple[Shot, ...]) -> bool:
    """Whether both of a pair that stands still look the same at the known frames."""
    masks = [np.packbits(mask_of(shot, 0.0, *_SIZE)).reshape(1, -1) for shot in shots]
    return bool(mask_iou(*masks)[0, 0] > ALIKE)


def _needs(shots: tuple[Shot, ...]) -> bool:
    """Whether the silhouettes differ as they are drawn, and a flop or a turn would be seen."""
    drawn = [mask_of(shot, 0.0, *_SIZE) for shot in shots]
    off = mask_iou(*(np.packbits(mask).reshape(1, -1) for mask in drawn))[0, 0]
    return bool(
        off < OFF and mirror_overlap(drawn[0]) < MIRRORED and turned_overlap(drawn[0]) < TURNED
    )


def mirror_overlap(mask: NDArray[np.bool_]) -> float:
    """How much a silhouette overlaps with its mirror image, laid over it as well as can be."""
    width = mask.shape[1]
    there = mask.astype(np.float32)
    wide = cv2.copyMakeBorder(there, 0, 0, width // 2, width // 2, cv2.BORDER_CONSTANT, value=0)
    both = cv2.matchTemplate(wide, np.ascontiguousarray(there[:, ::-1]), cv2.TM_CCORR).max()
    return float(both / (2 * there.sum() - both))


def turned_overlap(mask: NDArray[np.bool_]) -> float:
    """How much a silhouette overlaps with itself turned by 3 degrees about its middle."""
    rows, columns = np.nonzero(mask)
    turn = cv2.getRotationMatrix2D((float(columns.mean()), float(rows.mean())), 3.0, 1.0)
    turned = cv2.warpAffine(mask.astype(np.uint8) * 255, turn, mask.shape[::-1]) >= 128
    return float((mask & turned).sum() / (mask | turned).sum())


def _visible(masks: NDArray[np.bool_]) -> bool:
    return bool(masks.mean(axis=(1, 2)).min() >= LEAST)


def _masks(shot: Shot, rate: Fraction, size: tuple[int, int], every: int) -> NDArray[np.bool_]:
    """(T, height, width) of one of so many frames, the known one among them."""
    first = shot.at % every
    return np.stack(
        [
            mask_of(shot, float((frame - shot.at) / rate), *size)
            for frame in range(first, shot.frames, every)
        ]
    )


def _packed(shot: Shot, rate: Fraction, size: tuple[int, int], every: int) -> NDArray[np.uint8]:
    masks = _masks(shot, rate, size, every)
    return np.packbits(masks.reshape(len(masks), -1), axis=1)
