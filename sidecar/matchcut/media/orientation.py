"""How the decoded picture has to be mirrored and turned before it is shown.

Containers and bitstreams say it with a display matrix: a phone held upright writes a quarter turn,
a selfie camera a mirror too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
from av.sidedata.sidedata import Type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from av.sidedata.sidedata import SideData
    from av.video.frame import VideoFrame

_TURNS: tuple[Literal[0, 90, 180, 270], ...] = (0, 90, 180, 270)


@dataclass(frozen=True, slots=True)
class Orientation:
    """First mirrored, then turned."""

    mirrored: bool
    """Left and right change places."""
    rotation: Literal[0, 90, 180, 270]
    """Degrees clockwise."""


UPRIGHT = Orientation(mirrored=False, rotation=0)


def orientation(frame: VideoFrame) -> Orientation:
    """What a decoded frame's display matrix says; upright where it has none.

    Cost: a microsecond, but the frame then lives until the next garbage collection.
    """
    # PyAV's types know of motion vectors alone.
    matrix = cast("Mapping[Type, SideData]", frame.side_data).get(Type.DISPLAYMATRIX)
    if matrix is None:
        return UPRIGHT
    return oriented(np.frombuffer(bytes(matrix), np.int32).tolist())


def oriented(matrix: Sequence[int]) -> Orientation:
    """The mirror and the quarter turn, nearest to it, of a display matrix.

    Args:
        matrix: Nine numbers in libav's order, of which the first, second, fourth and fifth are the
            turn: a pixel one to the right is shown (matrix[0], matrix[1]) to the right and below,
            a pixel one below (matrix[3], matrix[4]).
    """
    right, down = matrix[0], matrix[1]
    mirrored = right * matrix[4] - down * matrix[3] < 0
    if mirrored:
        right, down = -right, -down
    quarters = round(math.atan2(down, right) / (math.pi / 2))
    return Orientation(mirrored, _TURNS[quarters % 4])
