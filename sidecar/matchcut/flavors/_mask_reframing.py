"""The reframing that makes two silhouettes cover each other, and silhouettes as they are moved.

Searched over masks alone: for either side, flopped or not, every shift at some scales at once by
correlation, then everything together by a simplex on soft masks.

Points are cells of the canvas, its upper left corner (0, 0), unless said otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._outline_reframing import outlined
from matchcut.flavors._parts import SilhouetteIoU, compared
from matchcut.flavors._simplex import climbed
from matchcut.reframing import Move, admissible, affine, effort, extent, matrix, room, worthwhile
from matchcut.silhouettes.canvas import COLUMNS, ROWS, packed, placed, unpacked
from matchcut.silhouettes.rows import KEPT, Instance
from matchcut.types import LARGEST_SCALE, Reframing, Rows

SCALES = tuple(LARGEST_SCALE ** (step / 6) for step in range(7))
"""Scales at which every shift is tried."""
FINE = 2
"""Soft cells across a cell."""
SOFT = 0.4
"""Standard deviation in cells of the blur that makes a mask soft: a cell's border may lie anywhere
in it."""
CLOSE = 0.08
"""Overlap by which a beginning may be worse than the best one and still be followed."""
STEPS = (0.06, 2.5, 0.02, 0.02)
"""First steps in scale, rotation, and shift."""
AGAIN = (-0.03, -1.25, -0.01, -0.01)
"""Those of a second search from where the first one ends: a simplex can shrink too early."""
LEAST = (0.002, 0.05, 0.0005, 0.0005)
"""Steps with which the search ends."""
LONGEST = 160
"""Places looked at in one search, at most."""
EFFORT = 0.003
"""What moving a picture costs in the search, as overlap: what makes no difference is not moved."""
_ROUNDING = 1e-6

Masks = NDArray[np.float32]


def find(
    part: str,
    outgoing: Rows,
    incoming: Rows,
    aspects: tuple[float, float],
    fine: tuple[Rows, Rows] | None = None,
) -> Reframing | None:
    """The reframing of either side by which `part` of two (1,) rows overlaps most; None if none.

    It must be worth it (`reframing.worthwhile`). Of two as good, the incoming side is moved. Where
    the soft silhouettes of both are known, as (1, h, w) of `silhouettes.plates`, their outlines say
    in the end how it is moved.

    Cost: 25 ms on one core, and 15 ms with soft silhouettes.
    """
    masks = [unpacked(mask) for mask in compared(part, outgoing, incoming)]
    if not all(mask.any() for mask in masks):
        return None
    similarity = SilhouetteIoU(part)
    before = float(similarity.pairwise(outgoing, incoming)[0, 0])
    here, there = zip(masks, aspects, strict=True)
    begun = [
        (*search.beginning(flop), flop, search)
        for search in (_Search("incoming", there, here), _Search("outgoing", here, there))
        for flop in (False, True)
    ]
    for steps, close in ((STEPS, CLOSE), (AGAIN, CLOSE / 4)):
        least = max(one[0] for one in begun) - close
        begun = [
            (*search.refined(move, flop, np.array(steps)), flop, search)
            for value, move, flop, search in begun
            if value >= least
        ]
    best = max(one[0] for one in begun) - _ROUNDING
    _, move, flop, search = next(one for one in begun if one[0] >= best)
    side = search.side
    if fine is not None:
        (here_fine, there_fine), aspect = (fine[::-1], aspects[1]) if side == "incoming" else (
            fine, aspects[0])  # fmt: skip
        move = outlined(move, flop, here_fine[0], there_fine[0], aspect)
    wished = Reframing(side, *move, flop, before, before)
    if side == "incoming":
        after = similarity.pairwise(outgoing, moved(incoming, aspects[1], wished))
    else:
        after = similarity.pairwise(moved(outgoing, aspects[0], wished), incoming)
    found = replace(wished, after=float(after[0, 0]))
    return found if worthwhile(found) else None


def moved(row: Rows, aspect: float, reframing: Reframing) -> Rows:
    """The (1,) row of a picture of that aspect once it is reframed.

    All masks move, cut off where the picture's own place on the screen ends; the subject stays the
    subject, and instances of which nothing is left are gone. 0.1 ms a mask.
    """
    whole = _on_canvas(matrix(reframing), aspect)
    result = row.copy()
    one = result[0]
    for part in ("people", "subject"):
        one[part]["mask"] = packed(_moved_mask(unpacked(row[0][part]["mask"]), whole, aspect))
        if not one[part]["mask"].any():
            one[part]["confidence"] = 0
    left = []
    for instance in row[0]["instances"][: row[0]["count"]]:
        mask = _moved_mask(unpacked(instance["mask"]), whole, aspect)
        if mask.any():
            label, confidence = int(instance["label"]), float(instance["confidence"])
            left.append((label, confidence, Instance(label, confidence, mask).box, packed(mask)))
    one["instances"] = np.zeros(KEPT, result.dtype["instances"].base)
    for place, filled in enumerate(left):
        one["instances"][place] = filled
    one["count"] = len(left)
    return result


def _cost(move: Move, flop: bool) -> float:
    return EFFORT * effort(*move, flop)


def _place(aspect: float) -> tuple[slice, slice]:
    """The cells that a picture of this shape covers."""
    return placed(9000, round(9000 * aspect))


def _on_canvas(on_screen: NDArray[np.float64], aspect: float) -> NDArray[np.float64]:
    """A (2, 3) map of the screen as one of the canvas, on which a picture covers whole cells."""
    rows, columns = _place(aspect)
    wide, high = extent(aspect)
    across = (columns.stop - columns.start) / (2 * wide)
    down = (rows.stop - rows.start) / (2 * high)
    middle = (columns.start + columns.stop) / 2, (rows.start + rows.stop) / 2
    cells = np.array([[across, 0, middle[0]], [0, down, middle[1]], [0, 0, 1]])
    whole = cells @ np.vstack([on_screen, [0, 0, 1]]) @ np.linalg.inv(cells)
    return np.asarray(whole[:2])


def _soft(mask: NDArray[np.bool_], place: tuple[slice, slice]) -> Masks:
    """The soft mask of what lies on a place, `FINE` times as many cells.

    It is not softened at the place's border, at which a mask is cut off.
    """
    cells = mask[place].astype(np.float32)
    size = (cells.shape[1] * FINE, cells.shape[0] * FINE)
    large = cv2.resize(cells, size, interpolation=cv2.INTER_LINEAR)
    soft = cv2.GaussianBlur(large, (0, 0), SOFT * FINE, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(soft, np.float32)


def _warped(
    soft: Masks, whole: NDArray[np.float64], place: tuple[slice, slice], fine: int
) -> Masks:
    """A soft mask of a place moved by a map of the canvas, with `fine` cells across a cell."""
    rows, columns = place
    # From the middles of soft cells to the canvas, and from there to those that are wanted.
    left, top = columns.start, rows.start
    into = np.array([[1 / FINE, 0, left + 0.5 / FINE], [0, 1 / FINE, top + 0.5 / FINE], [0, 0, 1]])
    out = np.array([[fine, 0, -left * fine - 0.5], [0, fine, -top * fine - 0.5], [0, 0, 1]])
    chain = out @ np.vstack([whole, [0, 0, 1]]) @ into
    size = ((columns.stop - left) * fine, (rows.stop - top) * fine)
    moved_mask = cv2.warpAffine(
        soft, chain[:2], size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved_mask, np.float32)


def _moved_mask(
    mask: NDArray[np.bool_], whole: NDArray[np.float64], aspect: float
) -> NDArray[np.bool_]:
    place = _place(aspect)
    canvas = np.zeros((ROWS, COLUMNS), np.bool_)
    if mask.any():
        canvas[place] = _warped(_soft(mask, place), whole, place, 1) > 0.5
    return canvas


class _Search:
    """Moves the mask of one side over that of the other."""

    def __init__(
        self,
        side: Literal["outgoing", "incoming"],
        moving: tuple[NDArray[np.bool_], float],
        fixed: tuple[NDArray[np.bool_], float],
    ) -> None:
        """Each mask comes with the aspect of its picture."""
        self.side = side
        mask, self._aspect = moving
        self._place = _place(self._aspect)
        self._mask = _soft(mask, self._place)
        there = np.zeros((ROWS * FINE, COLUMNS * FINE), np.float32)
        its_place = _place(fixed[1])
        there[_finer(its_place)] = _soft(fixed[0], its_place)
        self._power = float(np.vdot(there, there))
        self._there = np.ascontiguousarray(there[_finer(self._place)])

    def overlap(self, move: Move, flop: bool) -> float:
        """Intersection over union of the soft masks (Tanimoto's), once one of them is moved."""
        whole = _on_canvas(affine(*move, flop), self._aspect)
        here = _warped(self._mask, whole, self._place, FINE)
        both = float(np.vdot(here, self._there))
        return both / max(self._power + float(np.vdot(here, here)) - both, 1e-6)

    def beginning(self, flop: bool) -> tuple[float, Move]:
        """The best of all shifts by whole cells at each of `SCALES`, unrotated.

        Returns:
            Its overlap less its cost, and itself.
        """
        still = (1.0, 0.0, 0.0, 0.0)
        found = [(self.overlap(still, flop) - _cost(still, flop), still)]
        rows, columns = self._place
        high, wide = rows.stop - rows.start, columns.stop - columns.start
        there = _halved(self._there)
        mask = _halved(self._mask[:, ::-1] if flop else self._mask)
        power = float(self._power) / FINE**2
        for scale in SCALES[1:]:
            free = room(scale, 0.0, self._aspect)
            aside, above = int(free[0] * COLUMNS), int(free[1] * COLUMNS)
            size = (wide + 2 * aside, high + 2 * above)
            to = np.array(
                [
                    [scale, 0, size[0] / 2 - 0.5 - scale * (wide / 2 - 0.5)],
                    [0, scale, size[1] / 2 - 0.5 - scale * (high / 2 - 0.5)],
                ]
            )
            large = cv2.warpAffine(mask, to, size, borderMode=cv2.BORDER_REPLICATE)
            both = cv2.matchTemplate(large, there, cv2.TM_CCORR)
            added = cv2.integral(large * large)
            powers = added[high:, wide:] - added[:-high, wide:] - added[high:, :-wide]
            powers += added[:-high, :-wide]
            overlaps = both / np.maximum(power + powers - both, 1e-6)
            down, right = np.unravel_index(int(np.argmax(overlaps)), overlaps.shape)
            shift = (aside - int(right)) / COLUMNS, (above - int(down)) / COLUMNS
            move = (scale, 0.0, *shift)
            found.append((float(overlaps[down, right]) - _cost(move, flop), move))
        return max(found)

    def refined(self, move: Move, flop: bool, steps: NDArray[np.float64]) -> tuple[float, Move]:
        """The best reframing around one, with its overlap less the cost."""

        def value(wish: NDArray[np.float64]) -> float:
            kept = self._admissible(wish)
            return self.overlap(kept, flop) - _cost(kept, flop)

        wish = climbed(value, np.array(move), steps, np.array(LEAST), LONGEST)
        return value(wish), self._admissible(wish)

    def _admissible(self, wish: NDArray[np.float64]) -> Move:
        scale, rotation, right, down = wish.tolist()
        return admissible(scale, rotation, right, down, self._aspect)


def _finer(place: tuple[slice, slice]) -> tuple[slice, slice]:
    rows, columns = (slice(side.start * FINE, side.stop * FINE) for side in place)
    return rows, columns


def _halved(soft: Masks) -> Masks:
    """A soft mask of one cell a cell."""
    size = (soft.shape[1] // FINE, soft.shape[0] // FINE)
    return np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_AREA), np.float32)
