"""How likely each pixel of a stretch belongs to the silhouette that is known at some moments.

Everything is told in logarithms of odds: by the plate, by the colours, and by the known masks,
carried along to the other frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.plates import colours, plate, trial
from matchcut.silhouettes.plates.carrying import Paths
from matchcut.silhouettes.plates.plate import Plate
from matchcut.silhouettes.plates.small import Stretch, shrunk
from matchcut.silhouettes.plates.steady import Held, held
from matchcut.silhouettes.warping import Map

Flags = NDArray[np.bool_]

ROUNDS = 2
"""Times that a plate is put together: the second one knows better what covers it."""
SLOPE, AGAINST, FOR = 3.0, -2.5, 3.0
"""Odds of a pixel that differs twice as much as it must, and the least and most that count."""
MASK_LIMIT = 3.0
"""Odds that a known mask gives at most, either way."""
MASK, MASK_DECIDED = 0.6, 0.4
"""What the known masks count beside the plate, and which share of it where that decides."""
COLOUR, COLOUR_FIRM = 0.6, 0.4
"""What the colours count, and which share of it where the plate is firm and decides."""
NEAR = -1.0, 9
"""Odds of the carried masks, and pixels around, in which what differs may be the subject."""
PART = 0.15
"""Area of a part that differs, as a share of the largest part's, below which it is passed over."""
LEFT = trial.LEAST_LEFT, 0.65
"""Shares of the known masks that the subject must have left for the plate to count, and decide."""
STILL = 0.95
"""Share of what is behind the subject that must stand still, for there to be a plate."""
AGREED = 0.2
"""Overlap with the known masks below which the plate has told something else from the rest."""
WHOLE = 0.15, 0.35
"""Shares of the known area that what moves must have for the plate to count, and to decide."""
COVERED = 0.45, 0.8
"""Shares of the frames inside of what differs from which on a pixel that never changes may be
covered all the time, and from which on it is taken to be."""
GIVEN = 0.1
"""What is left of the plate's word against a mask, where it does not decide."""
CAREFUL = 0.3
"""What a plate that is seen in few frames counts."""
OWN = 0.7
"""What a frame's own odds count, where 1 - this is that of the same points at all times."""
SURE = 0.7
"""Odds from which on a pixel's colour is taken for the subject's, or the background's."""
DOUBT = -0.2
"""Odds from which on a pixel is taken to be covered when the plate is put together again."""
EDGE, FLAT = 1, 2e-4
"""Radius in pixels, and variance of brightness, of the filter that draws odds to edges."""
GAIN = 1.5
"""Makes odds of a logistic function's argument: the means above are cautious."""
UNLIKELY = 0.12
"""Likelihood below which a pixel is not part of it at all."""


def told(
    stretch: Stretch, masks: Flags, trust: NDArray[np.float32], at: NDArray[np.intp]
) -> tuple[Map, float] | None:
    """(T, h, w) the likelihood, 0 to 1, and how far the plate decides; None where there is none.

    Args:
        stretch: The frames.
        masks: (K, 36, 64) known ones, on the canvas.
        trust: (K,) their confidence.
        at: (K,) in which frames they are known.
    """
    steady = held(stretch, trial.hidden(stretch, masks) < trial.HARDLY)
    if steady is None:
        return None
    shown = trial.shown(steady, masks, at)
    left = trial.left(steady, shown, trust, at)
    if left < LEFT[0]:
        return None
    paths = Paths.of(steady.stretch.grays, steady.stretch.seconds)
    stage = _Stage.of(steady, _known(steady, paths, masks, trust, at), left)
    if stage.still < STILL:
        return None
    likely = 1 / (1 + np.exp(-GAIN * stage.acted(paths)))
    found = _cleaned(likely.astype(np.float32))
    if _agreement(found[at], np.stack(shown), trust) < AGREED:
        return None
    return steady.back(found), stage.decides


def _known(
    steady: Held,
    paths: Paths,
    masks: Flags,
    trust: NDArray[np.float32],
    at: NDArray[np.intp],
) -> Map:
    """(T, h, w) odds by the known masks, carried to all frames."""
    values, weights = np.zeros((2, *steady.inside.shape), np.float32)
    for mask, confidence, frame in zip(masks, trust, at.tolist(), strict=True):
        share = steady.taken(shrunk(mask, steady.stretch), frame)
        values[frame] = np.clip(np.log((share + 0.05) / (1.05 - share)), -MASK_LIMIT, MASK_LIMIT)
        weights[frame] = max(float(confidence), trial.LEAST_TRUST)
    return paths.carried(values, weights)


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """What a first look at the plate tells of a stretch."""

    held: Held
    rgbs: Map
    known: Map
    """(T, h, w) odds by the known masks."""
    shades: colours.Shades
    plate: Plate
    """What is seen most of the time."""
    quiet: Map
    """(h, w) as `plate.noise`."""
    differs: Map
    """(T, h, w) as `plate.differing`, from that plate."""
    trusted: Flags
    """(h, w) where that plate is what stands still, or what never moves of the subject."""
    covered: Map
    """(h, w) 0 to 1: how far what never changes there may be the subject."""
    decides: float
    """0 to 1: how far the plate decides what is subject and what is not."""
    changed: Flags
    """(T, h, w) what differs, where the subject may be."""
    still: float
    """Share of what is behind the subject that looks as the plate does."""

    @classmethod
    def of(cls, steady: Held, known: Map, left: float) -> _Stage:
        seen = steady.stretch
        rgbs = seen.pictures.astype(np.float32) / np.float32(2.55)
        most = plate.uncovered(seen.labs, ~steady.inside) if steady.ways else plate.usual(seen.labs)
        quiet = plate.noise(seen.labs, most)
        differs = plate.differing(seen.labs, rgbs, most, quiet)
        chosen = plate.sampled(len(known))
        trusted = (differs[chosen] < 1).mean(axis=0) >= plate.OFTEN
        trusted &= most.seen
        least, around = NEAR
        brush = np.ones((around, around), np.uint8)
        near = np.stack([cv2.dilate((one > least).view(np.uint8), brush) > 0 for one in known])
        changed = (differs > 1) & near & steady.inside
        around_it = np.stack([_hull(one) for one in changed])
        area = max(float((known > 0).sum(axis=(1, 2)).mean()), 20.0)
        moving = max(float(around_it.sum(axis=(1, 2)).mean()), 1.0)
        decides = _between(left, LEFT)
        decides *= _between(moving / area, WHOLE)
        behind = (known[chosen] < least) & steady.inside[chosen] & trial.outer(most.seen.shape)
        still = float((differs[chosen][behind] < 1).mean()) if behind.any() else 0.0
        low, high = COVERED
        inside = around_it[chosen].mean(axis=0)
        covered = np.clip((inside - low) / (high - low), 0, 1).astype(np.float32)
        return cls(
            steady, rgbs, known, colours.shades(seen.labs), most, quiet, differs, trusted,
            covered, decides, changed, still,
        )  # fmt: skip

    @property
    def firm(self) -> Flags:
        """(h, w) where the plate is what stands still."""
        return self.trusted & (self.covered < 0.5)

    def acted(self, paths: Paths) -> Map:
        """(T, h, w) the odds by everything together."""
        labs, inside = self.held.stretch.labs, self.held.inside
        firm = self.firm if self.decides > 0.5 else np.zeros_like(self.trusted)
        subject, background = self._first_colours()
        differs = self.differs
        # What the plate counts where a pixel differs from it, and where it does not.
        other = np.where(self.trusted, 1.0, CAREFUL).astype(np.float32)
        same = GIVEN + (1 - GIVEN) * self.decides * (1 - self.covered) * self.trusted
        same = same.astype(np.float32)
        for turn in range(ROUNDS):
            table = colours.odds(subject, background)
            belief = self._belief(paths, differs, other, same, table)
            if turn == ROUNDS - 1:
                break
            brush = np.ones((3, 3), np.uint8)
            hidden = [cv2.dilate((one > DOUBT).view(np.uint8), brush) > 0 for one in belief]
            better = plate.uncovered(labs, np.stack(hidden) | ~inside)
            better = plate.mixed(self.plate, better, firm)
            differs = plate.differing(labs, self.rgbs, better, self.quiet)
            there = better.seen.astype(np.float32)
            other, same = there, np.where(firm, same, there)
            sure = belief > SURE
            if sure.any():
                subject = colours.shares(self.shades, sure)
            background = colours.shares(self.shades, belief < -SURE)
        return belief

    def _first_colours(self) -> tuple[Map, Map]:
        subject = self.changed & self.trusted
        if not subject.any():
            subject = self.known > 0.5
        background = (self.differs < 1) & self.firm
        if self.decides <= 0.5:
            background &= self.known < -0.5
        return colours.shares(self.shades, subject), colours.shares(self.shades, background)

    def _belief(self, paths: Paths, differs: Map, other: Map, same: Map, table: Map) -> Map:
        by_plate = np.clip((differs - 1) * np.float32(SLOPE), AGAINST, FOR)
        plate_counts = np.where(by_plate > 0, other, same) * self.held.inside
        colour_counts = COLOUR * (1 - (1 - COLOUR_FIRM) * self.firm * np.float32(self.decides))
        mask_counts = np.float32(MASK * (1 - (1 - MASK_DECIDED) * self.decides))
        weights = (plate_counts + colour_counts + mask_counts).astype(np.float32)
        told = plate_counts * by_plate + colour_counts * table[self.shades]
        own = ((told + mask_counts * self.known) / weights).astype(np.float32)
        both = OWN * own + (1 - OWN) * paths.carried(own, weights)
        grays = self.held.stretch.labs[..., 0] / 100
        return np.stack([_drawn(one, gray) for one, gray in zip(both, grays, strict=True)])


def _agreement(likely: Map, shown: Flags, trust: NDArray[np.float32]) -> float:
    """The mean overlap of what is likely with the known masks, by trust."""
    found = likely > 0.5
    both = (found & shown).sum(axis=(1, 2))
    either = np.maximum((found | shown).sum(axis=(1, 2)), 1)
    return float(np.average(both / either, weights=np.maximum(trust, trial.LEAST_TRUST)))


def _between(value: float, limits: tuple[float, float]) -> float:
    low, high = limits
    return min(max((value - low) / (high - low), 0.0), 1.0)


def _hull(changed: Flags) -> Flags:
    """(h, w) the convex hull of the larger parts of what differs, without threads."""
    brush = np.ones((2, 2), np.uint8)
    thick = cv2.morphologyEx(changed.view(np.uint8), cv2.MORPH_OPEN, brush)
    count, part, sizes, _ = cv2.connectedComponentsWithStats(thick, connectivity=8)
    hull = np.zeros(changed.shape, np.uint8)
    if count > 1:
        areas = sizes[:, cv2.CC_STAT_AREA].copy()
        areas[0] = 0
        kept = areas >= max(PART * areas.max(), 1)
        points = np.argwhere(kept[part])[:, ::-1].astype(np.int32)
        cv2.fillConvexPoly(hull, cv2.convexHull(points), 1)
    return hull > 0


def _drawn(odds: Map, gray: Map) -> Map:
    """Odds drawn to the edges of a picture.

    Source: He, Sun and Tang 2010, "Guided Image Filtering".
    """
    size = (2 * EDGE + 1, 2 * EDGE + 1)
    mean_gray, mean = cv2.blur(gray, size), cv2.blur(odds, size)
    slope = cv2.blur(gray * odds, size) - mean_gray * mean
    slope /= cv2.blur(gray * gray, size) - mean_gray * mean_gray + np.float32(FLAT)
    shift = mean - slope * mean_gray
    return np.asarray(cv2.blur(slope, size) * gray + cv2.blur(shift, size), np.float32)


def _cleaned(likely: Map) -> Map:
    """Without what is unlikely, and without minor parts."""
    found = np.where(likely < UNLIKELY, np.float32(0), likely)
    brush = np.ones((5, 5), np.uint8)
    for one in found:
        there = (one > 0.3).view(np.uint8)
        count, part = cv2.connectedComponents(there)
        if count > 2:
            mass = np.bincount(part.ravel(), one.ravel(), count)
            mass[0] = 0
            kept = (mass >= PART * mass.max())[part] & (mass > 0)[part]
            one *= cv2.dilate(kept.view(np.uint8), brush)
    return found
