"""Silhouettes drawn as unions of ellipses with uneven edges, many thousands at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import COLUMNS, ROWS
from matchcut.silhouettes.labels import PERSON
from matchcut.silhouettes.rows import ROW
from matchcut.types import Rows
from tests.synthetic.plan import Plan

PEOPLE, THING = 0.55, 0.25
"""Shares of contents that show people, and one thing that nobody has a name for; the rest shows
nothing at all. Of those with people, three in ten show a second person."""
SECOND = 0.3
AREA = (0.02, 0.5)
"""Share of the canvas that a silhouette is drawn to cover, evenly over its logarithm. Planted ones
cover 0.1 to 0.4."""
PARTS = 4
UNEVEN, SPOILT = 0.25, 0.04
"""How far edges stray: of the content, and of each moment by itself."""
_FIELDS = 64
_AT_ONCE = 2048


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    """(N,) figures: the ellipses of each, and by which of the uneven fields its edge strays."""

    x: NDArray[np.float32]
    """(N, PARTS) in canvas widths, as all lengths; 0 is the left edge."""
    y: NDArray[np.float32]
    across: NDArray[np.float32]
    """(N, PARTS) half widths; of a part that is not there, next to nothing."""
    down: NDArray[np.float32]
    uneven: NDArray[np.int64]

    def of(self, which: NDArray[np.int64]) -> _Figures:
        return _Figures(
            self.x[which],
            self.y[which],
            self.across[which],
            self.down[which],
            self.uneven[which],
        )

    def scaled(
        self, by: NDArray[np.float32], x: NDArray[np.float32], y: NDArray[np.float32]
    ) -> _Figures:
        """Larger by (N,) about the canvas' middle, then shifted by (N,) widths."""
        scale = by[:, None]
        middle = ROWS / COLUMNS / 2
        return _Figures(
            (self.x - 0.5) * scale + 0.5 + x[:, None],
            (self.y - middle) * scale + middle + y[:, None],
            self.across * scale,
            self.down * scale,
            self.uneven,
        )


def silhouettes(plan: Plan, rng: np.random.Generator) -> Rows:
    """(S, M) of `silhouettes.rows.ROW`.

    A content's silhouette drifts and grows over its shot by about a tenth. Shots of one content
    show it at the same places, but for a shift of half a cell and edges spoilt anew at every
    moment. Confidence is even over 0.2 to 1, and 0.9 to 1 where pairs are planted.

    Cost: 60,000 rows in about 5 s on one core.
    """
    shots, moments = plan.moments.shape
    sure = plan.sure
    drawn_as = rng.random(shots)
    person = (drawn_as < PEOPLE) | (sure & (drawn_as > PEOPLE + THING))
    thing = ~person & (drawn_as < PEOPLE + THING)
    second = person & ~sure & (rng.random(shots) < SECOND)
    areas = np.asarray(np.exp(rng.uniform(np.log(AREA[0]), np.log(AREA[1]), (2, shots))))
    areas[0, sure] = rng.uniform(0.1, 0.4, int(sure.sum()))
    trust = np.where(sure, rng.uniform(0.9, 1, shots), rng.uniform(0.2, 1, shots))
    fields = _fields(rng)
    figures = [_sized(_figures(person, rng), area, fields, rng) for area in areas]
    drift, grown = rng.normal(0, 0.05, (2, shots)), rng.normal(0, 0.1, (shots,))

    content = np.repeat(plan.content, moments)
    place = np.tile(np.linspace(-0.5, 0.5, moments) if moments > 1 else np.zeros(1), shots)
    shift = np.repeat(rng.normal(0, 0.25 / COLUMNS, (2, shots)), moments, axis=1)
    growth = np.exp(grown[content] * place).astype(np.float32)
    x, y = (drift[:, content] * place + shift).astype(np.float32)
    spoilt = rng.integers(0, _FIELDS, len(content))

    rows = np.zeros(len(content), ROW)
    masks = []
    for number, shown in enumerate((person | thing, second)):
        seen = np.flatnonzero(shown[content])
        drawn = figures[number].of(content[seen]).scaled(growth[seen], x[seen], y[seen])
        packed, boxes, areas_drawn = _drawn(drawn, spoilt[seen], fields)
        one = rows["instances"][:, number]
        one["mask"][seen], one["box"][seen] = packed, boxes
        one["label"][seen] = np.where(person[content[seen]], PERSON, 0)
        one["confidence"][seen] = trust[content[seen]]
        there = np.zeros(len(rows), np.bool_)
        there[seen] = areas_drawn > 0
        masks.append(there)
    _joined(rows, masks)
    return rows.reshape(shots, moments)


def _joined(rows: Rows, there: list[NDArray[np.bool_]]) -> None:
    """Fills in the people, the subject and the count, as `silhouettes.rows.row` would."""
    first, second = rows["instances"][:, 0], rows["instances"][:, 1]
    for instance, seen in zip((first, second), there, strict=True):
        instance[~seen] = np.zeros((), instance.dtype)
    rows["count"] = np.sum(there, axis=0)
    alone = there[1] & ~there[0]
    first[alone], second[alone] = second[alone], np.zeros((), second.dtype)
    rows["subject"]["mask"], rows["subject"]["confidence"] = first["mask"], first["confidence"]
    people = first["label"] == PERSON
    rows["people"]["mask"][people] = first["mask"][people] | second["mask"][people]
    rows["people"]["confidence"][people] = first["confidence"][people]


def _figures(person: NDArray[np.bool_], rng: np.random.Generator) -> _Figures:
    """Somebody's head and shoulders, body and legs, or up to four ellipses of a thing."""
    count = len(person)
    x, y = rng.normal(0, 0.5, (2, count, PARTS))
    across, down = rng.uniform(0.3, 1, (2, count, PARTS))
    gone = rng.random((count, PARTS)) < (0, 0.3, 0.5, 0.7)
    across[gone] = down[gone] = 1e-3
    lean = rng.normal(0, 0.3, (count, PARTS))
    wide = rng.uniform(0.6, 1.6, (count, PARTS))
    body = person[:, None]
    x = np.where(body, lean, x)
    y = np.where(body, np.array([-1.5, -0.5, 0.9, -0.9]), y)
    across = np.where(body, np.array([0.3, 0.55, 0.45, 0.5]) * wide, across)
    down = np.where(body, np.array([0.4, 0.9, 1.2, 0.35]), down)
    uneven = rng.integers(0, _FIELDS, count)
    x, y, across, down = np.stack([x, y, across, down]).astype(np.float32)
    return _Figures(x, y, across, down, uneven)


def _sized(
    figures: _Figures,
    areas: NDArray[np.float64],
    fields: NDArray[np.float32],
    rng: np.random.Generator,
) -> _Figures:
    """The same figures, covering these shares of the canvas, at a place that mostly holds them."""
    middle = ROWS / COLUMNS / 2
    count = len(areas)
    scale = np.full(count, 0.1, np.float32)
    none = np.zeros(count, np.float32)
    centred = _Figures(
        figures.x + np.float32(0.5),
        figures.y + np.float32(middle),
        figures.across,
        figures.down,
        figures.uneven,
    )
    covered = _drawn(centred.scaled(scale, none, none), None, fields)[2] / (ROWS * COLUMNS)
    scale *= np.sqrt(areas / np.maximum(covered, 1e-3)).astype(np.float32)
    room = (1 - np.sqrt(areas)) / 2
    x, y = rng.uniform(-1, 1, (2, count)) * room
    return centred.scaled(scale, x.astype(np.float32), (y * middle * 2).astype(np.float32))


def _drawn(
    figures: _Figures, spoilt: NDArray[np.int64] | None, fields: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.int64]]:
    """The (N, 288) packed masks of figures, their (N, 4) boxes and (N,) cells."""
    columns = ((np.arange(COLUMNS) + 0.5) / COLUMNS).astype(np.float32)
    lines = ((np.arange(ROWS) + 0.5) / COLUMNS).astype(np.float32)
    count = len(figures.uneven)
    packed = np.zeros((count, ROWS * COLUMNS // 8), np.uint8)
    boxes, areas = np.zeros((count, 4), np.float32), np.zeros(count, np.int64)
    for start in range(0, count, _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        # 1 in the middle of a part, 0 on its edge.
        edge = 1 + np.float32(UNEVEN) * fields[figures.uneven[some]]
        if spoilt is not None:
            edge += np.float32(SPOILT) * fields[spoilt[some]]
        mask = np.zeros(edge.shape, np.bool_)
        for part in range(PARTS):
            x, y = figures.x[some, part, None], figures.y[some, part, None]
            across = np.square((columns - x) / figures.across[some, part, None])
            down = np.square((lines - y) / figures.down[some, part, None])
            mask |= down[:, :, None] + across[:, None, :] < edge
        packed[some] = np.packbits(mask.reshape(len(mask), -1), axis=1)
        areas[some] = mask.sum(axis=(1, 2))
        for side, (axis, cells) in enumerate(((1, COLUMNS), (2, ROWS))):
            seen = np.asarray(mask.any(axis=axis))
            boxes[some, side] = seen.argmax(axis=1) / cells
            boxes[some, side + 2] = (cells - seen[:, ::-1].argmax(axis=1)) / cells
    boxes[areas == 0] = 0
    return packed, boxes, areas


def _fields(rng: np.random.Generator) -> NDArray[np.float32]:
    """(_FIELDS, 36, 64) fields that vary smoothly around 0, by 1 on average."""
    import cv2

    coarse = rng.normal(0, 1, (_FIELDS, 7, 12)).astype(np.float32)
    return np.stack(
        [cv2.resize(one, (COLUMNS, ROWS), interpolation=cv2.INTER_CUBIC) for one in coarse]
    )
