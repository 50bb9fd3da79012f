"""Action: what moves by itself at the end of A goes on at the start of B, whatever the cameras do.

Compared are velocities on a grid of the picture, with the camera's movement taken out: where
something moves, which way and how fast. The grid is blurred first, so that a cell's shift, or two
shapes that are not quite the same, still match.

Source: Chen et al. 2022, "Match Cutting: Finding Cuts with Smooth Visual Transitions",
arXiv:2210.05766 (which leaves matching actions open); flow: Kroeger et al. 2016, "Fast Optical Flow
using Dense Inverse Search", arXiv:1603.03590, as OpenCV implements it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._movement import GRID_HEIGHT, GRID_WIDTH, MOVEMENT, REACH
from matchcut.flavors._movement_following import follow
from matchcut.types import Evidence, Flavor, Picture, Prepared, Rows

UNSURE, SURE = 0.1, 0.3
"""Share of the picture that follows the camera up to which what does not is not trusted, and from
which on it is in full: before a camera that moves through space, all that is near strays."""
FAINT, PLAIN = 0.01, 0.03
"""Root mean square velocity over the picture, in widths a second, from which on there is an action,
and from which on it counts in full: what a twentieth of the picture makes that moves by 0.05 and by
0.13 widths a second."""
_NUMBERS = GRID_HEIGHT * GRID_WIDTH * 2


@dataclass(frozen=True, slots=True)
class SameAction:
    """Something moves at the same place, the same way and as fast.

    2 a·b / (a·a + b·b) of the blurred velocities a and b: their cosine, times less the more their
    sizes differ. Times the lower trust of the two. Opposite or no movement scores 0.
    """

    name: str = "same-action"
    symmetric: bool = False
    lowest: float = 0.0
    highest: float = 1.0
    fluke: float = 0.06

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """(N, M) float32 in [0, 1] of what is before `a` and after `b`.

        Computed in float64, so that blocks change no digit. Cost: 288 N M multiplications.
        """
        before, after = a["before"], b["after"]
        left, right = _blurred(before["subject"]), _blurred(after["subject"])
        sizes = np.square(left).sum(axis=1)[:, None] + np.square(right).sum(axis=1)[None]
        return _score(left @ right.T, sizes, _trust(before)[:, None], _trust(after)[None])

    def prepared(self, parts: Iterable[Rows], /) -> Prepared:
        """All rows of some arrays, made ready once. Memory: 1.5 KB a row."""
        from matchcut.flavors._action_table import ActionTable

        return ActionTable.of(parts, _blurred, _trust, _score)


def _score(
    products: NDArray[np.float64],
    sizes: NDArray[np.float64],
    left: NDArray[np.float64],
    entered: NDArray[np.float64],
) -> NDArray[np.float32]:
    """What pairs score: see `_action_table.Score`."""
    alike = np.divide(2 * products, sizes, out=np.zeros_like(sizes), where=sizes > 0)
    return np.asarray(np.clip(alike * np.minimum(left, entered), 0, 1), np.float32)


def _trust(moments: Rows) -> NDArray[np.float64]:
    velocity = moments["subject"].astype(np.float64)
    size = np.sqrt(np.square(velocity).sum(axis=-1).mean(axis=(1, 2)))
    acting = np.clip((size - FAINT) / (PLAIN - FAINT), 0, 1)
    return np.asarray(
        acting * np.clip((moments["sure"] - UNSURE) / (SURE - UNSURE), 0, 1), np.float64
    )


def _blurred(subject: Rows) -> NDArray[np.float64]:
    """(N, 288) of (N, 9, 16, 2), each cell spread over its neighbours, 1 2 1 each way."""
    field = np.pad(subject.astype(np.float64), ((0, 0), (1, 1), (1, 1), (0, 0)))
    field = field[:, :-2] + 2 * field[:, 1:-1] + field[:, 2:]
    field = field[:, :, :-2] + 2 * field[:, :, 1:-1] + field[:, :, 2:]
    return np.asarray(field.reshape(len(field), _NUMBERS) / 16, np.float64)


def _draw_action(outgoing: Evidence, incoming: Evidence, /) -> Picture:
    """Arrows where something moves by itself, the camera taken out: A warm, B cool."""
    from matchcut.flavors._arrows import Arrows, drawn

    tail, head = (
        Arrows(velocity, f"action {way}" if (way := _way(velocity)) else "no action")
        for velocity in (
            evidence.row[side][0]["subject"].astype(np.float64)
            for evidence, side in ((outgoing, "before"), (incoming, "after"))
        )
    )
    return drawn(outgoing.picture, tail, head)


def _way(velocity: NDArray[np.float64]) -> str:
    """Which way most of it goes, and how fast; empty where nothing moves."""
    speed = np.hypot(velocity[..., 0], velocity[..., 1])
    if not speed.any():
        return ""
    across, down = velocity[speed > 0].mean(axis=0).tolist()
    sideways = ("right" if across > 0 else "left") if abs(across) > 0.4 * abs(down) else ""
    upright = ("down" if down > 0 else "up") if abs(down) > 0.4 * abs(across) else ""
    return f"{' and '.join(filter(None, (upright, sideways)))} {speed[speed > 0].mean():.2f}/s"


FLAVOR = Flavor(
    name="action",
    label="Same action: what moves in A goes on in B",
    representation=MOVEMENT,
    similarity=SameAction(),
    marker_color="RED",
    source="Chen et al. 2022, arXiv:2210.05766; flow: Kroeger et al. 2016, arXiv:1603.03590",
    draw_reason=_draw_action,
    follow=follow,
    follow_context=REACH,
)
