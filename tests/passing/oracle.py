"""What could be told from true silhouettes, were they found without fault: an upper bound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import on_canvas, packed
from matchcut.silhouettes.rows import Instance, row
from matchcut.similarity import mask_iou
from matchcut.types import Rows
from tests.passing.draw import mask_at
from tests.passing.script import Film, Planted


def best_cut(film: Film, planted: Planted, min_handle: int) -> tuple[int, int]:
    """The frames of a pair whose true 64x36 silhouettes overlap most, handles respected."""
    leaving = range(film.starts[planted.outgoing] + min_handle - 1,
                    film.starts[planted.outgoing + 1])  # fmt: skip
    entering = range(film.starts[planted.incoming],
                     film.starts[planted.incoming + 1] - min_handle + 1)  # fmt: skip
    overlap = mask_iou(_masks(film, leaving), _masks(film, entering))
    leave, enter = np.unravel_index(int(overlap.argmax()), overlap.shape)
    return leaving[int(leave)], entering[int(enter)]


def _masks(film: Film, frames: range) -> NDArray[np.uint8]:
    size = film.height, film.width
    return np.stack([packed(on_canvas(mask_at(film, frame), *size)) for frame in frames])


def true_row(film: Film, frame: int) -> Rows:
    """(1,) the row of a frame of which the subject was found without fault."""
    mask = on_canvas(mask_at(film, frame), film.height, film.width)
    return row([Instance(0, 1.0, mask)])[None]
