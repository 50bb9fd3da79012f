"""Measures how well reframings are found: `python -m tests.benchmarks.reframing`.

One JSON object a line. True silhouettes of drawn subjects are moved by reframings drawn at random,
at 1280 x 720, and only then put on the canvas, so that the truth is known; then the same with masks
spoilt as segmentation spoils them. Right is a shift within 2 % of the screen's width, a scale
within 3 %, a rotation within 1 degree, and the planted flop. Flop and rotation are not asked of
silhouettes that hardly change by them: their shift is right where the subject comes to lie where it
should. `overlap` is that of the true silhouettes once reframed. Beside every figure stands a naive
way on the same masks: what brings centroids and areas together. Of `composition`, a circle, a
horizon or two lines are planted on textures, and planted reframed on others, no circle cut off:
right is what brings the shape where it should be.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.flavors import _mask_reframing, composition
from matchcut.reframing import SCREEN, admissible, affine, matrix
from matchcut.reframing import moved as reframed
from matchcut.silhouettes.canvas import COLUMNS, ROWS, on_canvas, unpacked
from matchcut.silhouettes.labels import PERSON
from matchcut.silhouettes.rows import Instance, row
from matchcut.types import LARGEST_ROTATION, LARGEST_SCALE, Reframing, Rows, Window
from tests.benchmarks.lines import say
from tests.film.draw import mask_at
from tests.film.script import Camera, FilmPlan, Plate, ShotPlan, Subject
from tests.film.subjects import KINDS
from tests.planted import places
from tests.planted import planted as drawn_shape
from tests.textures import flat, texture

WIDTH, HEIGHT = 1280, 720
SEEN = 0.6
"""Share of a silhouette that the planted reframing leaves in the picture, at least."""
SMALLEST = 0.03
"""Share of the picture that a silhouette covers, at least."""
LANDED = 0.85
"""Overlap of a planted shape with where it should come to lie, if it is found."""
TOGETHER = 0.85
"""Overlap before, at most: else there is nothing to reframe."""
SHIFT, SCALE, ROTATION, OVERLAP = 0.02, 0.03, 1.0, 0.9
"""How far off a reframing may be, and how far the true silhouettes overlap if it is right."""
ALIKE = 0.96
"""Overlap of a silhouette flopped, or turned by `LARGEST_ROTATION`, about its middle with itself,
from which on neither can be told."""
EDGE, COARSENESS = 0.005, 0.02
"""Screen widths by which the border of a spoilt mask lies elsewhere (standard deviation), and of
the bumps that it has."""
BITTEN = 0.5
"""Share of spoilt masks of which a piece is missing."""

ASKED = ("shift", "place", "scale", "rotation", "flop", "overlap")
"""`place` is where the silhouette's middle comes to lie."""

Mask: TypeAlias = NDArray[np.bool_]
Find: TypeAlias = Callable[[Rows, Rows], Reframing | None]


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """Two pictures of one subject, of which one is the other reframed."""

    kind: str
    outgoing: Mask
    incoming: Mask
    truth: Reframing

    @property
    def mask(self) -> Mask:
        """That of the side which is to be moved."""
        return self.incoming if self.truth.side == "incoming" else self.outgoing


def silhouette(kind: str, x: float, y: float, height: float) -> Mask:
    """(HEIGHT, WIDTH) where a subject stands, its middle at (x, y); all in shares."""
    subject = Subject(kind, "stone", x, y, height, motion=0.0)
    shot = ShotPlan("one", Plate("city", "noon", 1), subject, Camera(), 1)
    return mask_at(FilmPlan((shot,), width=WIDTH, height=HEIGHT), 0)


def moved(mask: Mask, reframing: Reframing) -> Mask:
    """The mask as `matchcut.reframing.moved` would move its picture."""
    pictures = np.repeat(mask[..., None], 3, axis=2).astype(np.uint8) * 255
    return np.asarray(reframed(pictures, reframing)[..., 0] > 127)


def planted(rng: np.random.Generator) -> Planted:
    """A subject, and a reframing of either side that the cover of the screen allows."""
    while True:
        kind = str(rng.choice(list(KINDS)))
        height = float(rng.uniform(0.35, 1.0))
        one = silhouette(kind, rng.uniform(0.2, 0.8), rng.uniform(0.3, 0.7), height)
        scale = rng.uniform(1.0, LARGEST_SCALE)
        rotation = rng.uniform(-LARGEST_ROTATION, LARGEST_ROTATION)
        right, down = rng.uniform(-0.2, 0.2), rng.uniform(-0.12, 0.12)
        side: Literal["incoming", "outgoing"] = "incoming" if rng.random() < 0.5 else "outgoing"
        move = admissible(scale, rotation, right, down, SCREEN)
        truth = Reframing(side, *move, bool(rng.random() < 0.5), 0, 1)
        other = moved(one, truth)
        if min(one.mean(), other.mean()) < SMALLEST:
            continue
        if other.sum() < SEEN * one.sum() * truth.scale**2:
            continue
        if overlap(one, other) > TOGETHER:
            continue
        pair = (other, one) if side == "incoming" else (one, other)
        return Planted(kind, *pair, truth)


def spoilt(mask: Mask, rng: np.random.Generator) -> Mask:
    """The mask as segmentation might have it: a border that wanders, sometimes a piece missing."""
    inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(1 - mask.astype(np.uint8), cv2.DIST_L2, 5)
    noise = cv2.GaussianBlur(rng.normal(size=mask.shape), (0, 0), COARSENESS * WIDTH)
    result = np.asarray(inside - outside + noise / noise.std() * EDGE * WIDTH > 0)
    if rng.random() < BITTEN:
        rows, columns = np.nonzero(mask & (inside < 2))
        at = rng.integers(len(rows))
        radius = round(float(0.25 * np.sqrt(mask.sum())))
        hole = np.zeros(mask.shape, np.uint8)
        cv2.circle(hole, (int(columns[at]), int(rows[at])), radius, 1, -1)
        result &= hole == 0
    return result


def rows_of(mask: Mask) -> Rows:
    """(1,) the row of a picture in which one person is seen."""
    return row([Instance(PERSON, 1.0, on_canvas(mask, *mask.shape))])[None]


def overlap(one: Mask, other: Mask) -> float:
    """Intersection over union."""
    return float((one & other).sum() / max((one | other).sum(), 1))


def turned(mask: Mask, degrees: float, flop: bool) -> Mask:
    """The mask turned and flopped about its own centroid."""
    rows, columns = np.nonzero(mask)
    middle = np.array([columns.mean(), rows.mean()])
    turn = affine(1.0, degrees, 0.0, 0.0, flop)
    turn[:, 2] = middle - turn[:, :2] @ middle
    size = mask.shape[::-1]
    return np.asarray(cv2.warpAffine(mask.astype(np.uint8) * 255, turn, size) > 127)


def by_moments(outgoing: Rows, incoming: Rows) -> Reframing | None:
    """The naive way: what brings centroids and areas together, as far as it is allowed."""
    places = []
    for side in (outgoing, incoming):
        mask = unpacked(side["people"]["mask"])[0]
        rows, columns = np.nonzero(mask)
        middle = (columns.mean() + 0.5 - COLUMNS / 2, rows.mean() + 0.5 - ROWS / 2)
        places.append((float(np.sqrt(mask.sum())), np.array(middle) / COLUMNS))
    larger = places[0][0] >= places[1][0]
    (wanted, there), (size, here) = places if larger else places[::-1]
    scale = min(wanted / size, LARGEST_SCALE)
    right, down = (there - scale * here).tolist()
    move = admissible(scale, 0.0, right, down, SCREEN)
    return Reframing("incoming" if larger else "outgoing", *move, False, 0.0, 1.0)


def by_search(outgoing: Rows, incoming: Rows) -> Reframing | None:
    """Ours."""
    return _mask_reframing.find("people", outgoing, incoming, (SCREEN, SCREEN))


def marks(one: Planted, found: Reframing | None) -> dict[str, bool]:
    """What of a reframing is right; what cannot be told from the silhouette is left out."""
    truth = one.truth
    tells_flop = overlap(one.mask, turned(one.mask, 0.0, True)) < ALIKE
    tells_turn = overlap(one.mask, turned(one.mask, LARGEST_ROTATION, False)) < ALIKE
    asked = {name for name in ASKED if tells_flop or name != "flop"}
    asked -= set() if tells_turn else {"rotation"}
    if found is None or found.side != truth.side:
        return dict.fromkeys(asked, False)
    rows, columns = np.nonzero(one.mask)
    middle = np.array([columns.mean() + 0.5 - WIDTH / 2, rows.mean() + 0.5 - HEIGHT / 2]) / WIDTH
    there, here = (matrix(each) @ np.array([*middle, 1]) for each in (truth, found))
    shift = np.hypot(truth.right - found.right, truth.down - found.down)
    if not tells_flop and found.flop != truth.flop:
        shift = np.hypot(*(there - here))
    aim = one.outgoing if truth.side == "incoming" else one.incoming
    result = {
        "shift": bool(shift <= SHIFT),
        "place": bool(np.hypot(*(there - here)) <= SHIFT),
        "scale": abs(found.scale / truth.scale - 1) <= SCALE,
        "overlap": overlap(moved(one.mask, found), aim) >= OVERLAP,
        "rotation": abs(found.rotation - truth.rotation) <= ROTATION,
        "flop": found.flop == truth.flop,
    }
    return {name: bool(result[name]) for name in asked}


def measured(count: int, seed: int) -> None:
    """Prints the share that is right, on true masks and on spoilt ones, for both ways."""
    rng = np.random.default_rng(seed)
    cases = [planted(rng) for _ in range(count)]
    spoil: tuple[Callable[[Mask], Mask], ...] = (lambda mask: mask, lambda mask: spoilt(mask, rng))
    for masks, way in zip(("true", "spoilt"), spoil, strict=True):
        sides = [(rows_of(way(one.outgoing)), rows_of(way(one.incoming))) for one in cases]
        for name, find in (("search", by_search), ("centroid and area", by_moments)):
            begun = time.process_time()
            found = [find(*rows) for rows in sides]
            spent = (time.process_time() - begun) / count
            judged = [marks(*pair) for pair in zip(cases, found, strict=True)]
            for asked in ASKED:
                told = [one[asked] for one in judged if asked in one]
                share = float(np.mean(told))
                say(f"reframing {asked}", share, "share right", masks=masks, way=name,
                    pairs=len(told))  # fmt: skip
            every = [all(one.values()) for one in judged]
            say(
                "reframing all",
                float(np.mean(every)),
                "share right",
                masks=masks,
                way=name,
                pairs=count,
            )
            say("reframing cost", 1000 * spent, "ms a pair", way=name)


def composed(rng: np.random.Generator) -> tuple[str, Mask, Mask, Rows, Rows, Reframing]:
    """A circle, a horizon or two lines, and the same reframed, on other textures.

    Returns:
        The kind; where it is, and where it comes to lie in the second picture, the outgoing one;
        the row of either; and the truth.
    """
    while True:
        kind = str(rng.choice(["circle", "horizon", "lines"]))
        shapes = places(kind)
        shape = shapes[rng.integers(len(shapes))]
        move = admissible(
            rng.uniform(1, LARGEST_SCALE),
            rng.uniform(-LARGEST_ROTATION, LARGEST_ROTATION),
            rng.uniform(-0.2, 0.2),
            rng.uniform(-0.12, 0.12),
            SCREEN,
        )
        truth = Reframing("incoming", *move, bool(rng.random() < 0.5), 0, 1)
        drawn = drawn_shape(shape, np.full((180, 320, 3), 255, np.uint8), flat(0, 0, 0))
        where = drawn[..., 0] > 128
        there = moved(where, truth)
        if kind == "circle" and any(side.any() for side in (*there[[0, -1]], *there.T[[0, -1]])):
            continue
        if min(there.mean(), 1 - there.mean()) > 0.02 and overlap(where, there) < TOGETHER:
            break
    rows = []
    for cover in (where, there):
        seeds = rng.integers(1000, size=2)
        inside, around = (0.5 * texture(int(seed)) for seed in seeds)
        soft = cv2.GaussianBlur(cover.astype(np.float32), (0, 0), 0.6)[..., None]
        inside, around = inside - inside.mean() + 185, around - around.mean() + 80
        picture = np.clip(inside * soft + around * (1 - soft), 0, 255).astype(np.uint8)
        window = Window(picture[None], np.zeros(1, np.int64), Fraction(1, 24), 0)
        rows.append(composition.FLAVOR.representation.compute([window]))
    return kind, where, there, rows[0], rows[1], truth


def measured_compositions(count: int, seed: int) -> None:
    """Prints how often the planted shape comes to lie where it should, and what scores become."""
    rng = np.random.default_rng(seed)
    reframe = composition.FLAVOR.reframe
    assert reframe is not None
    cases = [composed(rng) for _ in range(count)]
    begun = time.process_time()
    found = [reframe.find(there, here, (SCREEN, SCREEN), None) for *_, here, there, _ in cases]
    spent = (time.process_time() - begun) / count
    for kind in ("circle", "horizon", "lines"):
        here = [pair for pair in zip(cases, found, strict=True) if pair[0][0] == kind]
        right = [
            one is not None and overlap(*_together(case[1], case[2], one)) >= LANDED
            for case, one in here
        ]
        say("recomposing", float(np.mean(right)), "share right", shape=kind, pairs=len(here))
        before, after = (
            float(np.mean([getattr(one, when) for _, one in here if one is not None]))
            for when in ("before", "after")
        )
        say("recomposing score before", before, "mean score", shape=kind)
        say("recomposing score after", after, "mean score", shape=kind)
    say("recomposing cost", 1000 * spent, "ms a pair")


def _together(incoming: Mask, outgoing: Mask, found: Reframing) -> tuple[Mask, Mask]:
    """Both shapes once one is moved."""
    if found.side == "incoming":
        return moved(incoming, found), outgoing
    return incoming, moved(outgoing, found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    measured(given.pairs, given.seed)
    measured_compositions(given.pairs, given.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
