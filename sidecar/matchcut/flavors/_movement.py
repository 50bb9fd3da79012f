"""How the camera moves, and what moves by itself, before and after a moment of a shot.

The camera's movement is one similarity of the picture's plane between two frames: it shifts, grows
and turns. What does not follow it moves by itself. Both come from the same optical flow, so the
frames are analysed once for every flavor that compares movement.

Source: flow: Kroeger et al. 2016, "Fast Optical Flow using Dense Inverse Search",
arXiv:1603.03590, as OpenCV implements it; robust fit: Fischler and Bolles 1981, "Random Sample
Consensus", CACM 24(6), and Torr and Zisserman 2000, "MLESAC", CVIU 78(1).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import degrees, hypot
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.moments import moments
from matchcut.types import RepresentationSpec, Rows, Span, Window, WindowRequest

PAN, TILT, ZOOM, ROLL = 0, 1, 2, 3
"""Places in `camera`."""
GRID_WIDTH, GRID_HEIGHT = 16, 9

MOMENT = np.dtype(
    [
        ("camera", "<f4", (4,)),
        ("sure", "<f4"),
        ("shake", "<f4"),
        ("subject", "<f2", (GRID_HEIGHT, GRID_WIDTH, 2)),
    ]
)
"""The second before a moment, or the second after it; of a shorter shot, what there is.

- `camera`: the camera's rates. Pan in picture widths a second, positive when the camera turns
  right, so that content moves left. Tilt in picture widths a second, positive when it turns up.
  Zoom as the growth of the logarithm of the scale a second, positive when content grows. Roll in
  radians a second, positive when the camera turns clockwise, so that content turns the other way.
- `sure`: 0 to 1, the share of what can be told that moves as the camera does; 0 where nothing can.
- `shake`: how far the picture strays from that steady movement, root mean square in widths.
- `subject`: what moves by itself, in widths a second, x right and y down, the camera taken out;
  0 where nothing does. What is nearer to the moment weighs more.
"""
ROW = np.dtype(
    [("before", MOMENT), ("after", MOMENT), ("average", "<f4", (GRID_HEIGHT, GRID_WIDTH, 2))]
)
"""One moment: what is seen by who leaves a shot there, and by who enters it; `average` is the mean
flow of both, in widths a second, x right and y down."""

REACH = Fraction(1)
"""Seconds before and after a moment."""
STEP = Fraction(1, 12)
"""Seconds between frames: two frames of film, where fast pans are still followed."""
STILL = 0.012
"""Mean displacement in picture widths a second under which a camera counts as standing."""
AREA = hypot(1, 9 / 16) / 12**0.5
"""Root mean square distance from the centre of a 16:9 picture, in widths: what zooming or rolling
by 1 a second displaces the picture by on average."""
PURE = 0.5
"""A movement is of one kind where every other displaces the picture by less than this share."""
SLANT = 0.414
"""A pan is diagonal from this share of tilt on, and the other way round: 22.5 degrees."""


def effects(camera: NDArray[Any]) -> NDArray[np.float64]:
    """Rates as what they do to the picture: root mean square displacement in widths a second.

    The distance between two of them is the root mean square difference of their flow over a 16:9
    picture.

    Args:
        camera: (..., 4) as in `MOMENT`.

    Returns:
        (..., 4) float64 of the same signs.
    """
    return np.asarray(camera, np.float64) * (1, 1, AREA, AREA)


def kind(camera: NDArray[Any]) -> str:
    """What an operator would call the movement: static, pan, tilt, diagonal, zoom, roll or mixed.

    Args:
        camera: (4,) as in `MOMENT`.
    """
    pan, tilt, zoom, roll = np.abs(effects(camera)).tolist()
    by_kind = {"pan": hypot(pan, tilt), "zoom": zoom, "roll": roll}
    *others, largest = sorted(by_kind.values())
    if largest < STILL:
        return "static"
    if max(others) > PURE * largest:
        return "mixed"
    if largest > by_kind["pan"]:
        return "zoom" if zoom == largest else "roll"
    if min(pan, tilt) > SLANT * max(pan, tilt):
        return "diagonal"
    return "pan" if pan > tilt else "tilt"


_WORDS = (("pan right", "pan left"), ("tilt up", "tilt down"), ("zoom in", "zoom out"),
          ("roll clockwise", "roll counter-clockwise"))  # fmt: skip


def described(camera: NDArray[Any]) -> str:
    """The movement in words: `pan right 0.31/s`, or `camera stands`.

    What displaces the picture by less than half as much as the largest part is left out. Pans and
    tilts are told in widths a second, zooms in parts of the size, rolls in degrees.

    Args:
        camera: (4,) as in `MOMENT`.
    """
    sizes = effects(camera)
    if float(np.hypot.reduce(sizes)) < STILL:
        return "camera stands"
    told = []
    for place in np.argsort(-np.abs(sizes), kind="stable").tolist():
        if abs(sizes[place]) > min(PURE, SLANT) * np.abs(sizes).max():
            rate = abs(float(camera[place]))
            size = f"{degrees(rate):.0f} deg/s" if place == ROLL else f"{rate:.2f}/s"
            told.append(f"{_WORDS[place][int(sizes[place] < 0)]} {size}")
    return ", ".join(told)


def velocity(camera: NDArray[Any], rows: int, columns: int, aspect: float) -> NDArray[np.float64]:
    """What the camera does to content, on an even grid of a picture.

    Args:
        camera: (4,) as in `MOMENT`.
        rows: Of the grid.
        columns: Of the grid.
        aspect: Height of the picture over its width.

    Returns:
        (rows, columns, 2) float64 widths a second, x right and y down.
    """
    pan, tilt, zoom, roll = np.asarray(camera, np.float64).tolist()
    across = ((np.arange(columns) + 0.5) / columns - 0.5)[None, :]
    down = ((np.arange(rows) + 0.5) / rows - 0.5)[:, None] * aspect
    return np.stack(
        [zoom * across + roll * down - pan, zoom * down - roll * across + tilt], axis=-1
    )


class _Movement:
    """Rows of `ROW`. About 75 ms a moment on one core: up to 24 pairs of frames, two flows each."""

    @property
    def spec(self) -> RepresentationSpec:
        return RepresentationSpec(
            name="movement",
            version=2,
            dtype=ROW,
            shape=(),
            parameters=(("reach", str(REACH)), ("step", str(STEP)), ("still", str(STILL))),
        )

    def moments(self, span: Span) -> Sequence[int]:
        # Of a very short shot, all that moves is before its last frame and after its first.
        return sorted({span.start, *moments(span), span.end - 1})

    def window(self, span: Span, moment: int) -> WindowRequest:
        steps = [span.offset(STEP * number) for number in range(1, int(REACH / STEP) + 1)]
        wanted = {span.clamp(moment + way * step) for step in steps for way in (-1, 1)}
        return WindowRequest(moment, tuple(sorted(wanted | {moment})))

    def compute(self, windows: Sequence[Window], /) -> Rows:
        from matchcut.flavors._moments import told

        rows = np.zeros(len(windows), ROW)
        for number, window in enumerate(windows):
            rows[number] = told(window)
        return rows


MOVEMENT = _Movement()
