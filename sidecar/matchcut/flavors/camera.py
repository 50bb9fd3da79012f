"""Camera movement: optical flow averaged over the shot on a coarse grid.

Background pixels outnumber the subject's, so the average follows the camera: pans, tilts, pushes
and pulls. Two shots match when their average flow points the same way everywhere in the picture.

Source: Chen et al. 2022, "Match Cutting: Finding Cuts with Smooth Visual Transitions",
arXiv:2210.05766 (motion matches); flow: Kroeger et al. 2016, "Fast Optical Flow using Dense
Inverse Search", arXiv:1603.03590, as OpenCV implements it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.types import (
    Evidence,
    Flavor,
    Picture,
    RepresentationSpec,
    Rows,
    Span,
    Window,
    WindowRequest,
)

GRID_WIDTH, GRID_HEIGHT = 16, 9
PAIRS = 10
"""Frame pairs a shot, spread evenly; more changes the average of smooth movement little."""
PAIR_GAP = Fraction(1, 12)
"""Seconds between the frames of a pair: two frames of film, where fast pans are still followed."""
LONGEST_GAP = 0.15
"""Seconds; frames further apart are not compared, since flow loses fast movement between them."""
LONG_TAKE = Fraction(30)
"""Seconds from which on a shot may keep too few frames in memory for pairs this close."""
FALLBACK_GAP = 0.7
"""Seconds; the longest gap where such a take has no two frames closer than `LONGEST_GAP`."""
FLOW_WIDTH = 160
"""Width in pixels at which flow is computed: camera movement needs no more."""
LEAST_HEIGHT = 36
"""Flow is computed on no fewer lines, however wide the picture: OpenCV's DIS crashes on 24."""
STILL = 0.006
"""Mean speed in picture widths a second under which a shot counts as static: its row is zero."""


class _AverageFlow:
    """Mean flow of the shot: (9, 16, 2) float32, picture widths a second, x right and y down."""

    @property
    def spec(self) -> RepresentationSpec:
        return RepresentationSpec(
            name="average-flow",
            version=2,
            dtype=np.dtype(np.float32),
            shape=(GRID_HEIGHT, GRID_WIDTH, 2),
            parameters=(
                ("pairs", str(PAIRS)),
                ("pair_gap", str(PAIR_GAP)),
                ("longest_gap", str(LONGEST_GAP)),
                ("long_take", str(LONG_TAKE)),
                ("fallback_gap", str(FALLBACK_GAP)),
                ("flow_width", str(FLOW_WIDTH)),
                ("least_height", str(LEAST_HEIGHT)),
                ("still", str(STILL)),
            ),
        )

    def windows(self, span: Span) -> Sequence[WindowRequest]:
        half_gap = PAIR_GAP / 2
        instants: set[int] = set()
        for pair in range(PAIRS):
            middle = span.at(Fraction(2 * pair + 1, 2 * PAIRS))
            instants.add(span.clamp(middle - span.offset(half_gap)))
            instants.add(span.clamp(middle + span.offset(half_gap)))
            if span.seconds > LONG_TAKE:
                instants.add(span.clamp(middle - span.offset(PAIR_GAP * 3)))
                instants.add(span.clamp(middle + span.offset(PAIR_GAP * 3)))
        moment = span.at(Fraction(1, 2))
        return [WindowRequest(moment, tuple(sorted(instants | {moment})))]

    def compute(self, windows: Sequence[Window], /) -> Rows:
        rows = np.zeros((len(windows), GRID_HEIGHT, GRID_WIDTH, 2), np.float32)
        for row, window in zip(rows, windows, strict=True):
            row[:] = _average_flow(window)
        return rows


def _average_flow(window: Window) -> NDArray[np.float32]:
    import cv2

    height, width = window.pictures.shape[1:3]
    size = (FLOW_WIDTH, max(LEAST_HEIGHT, round(FLOW_WIDTH * height / width)))
    grey = [
        cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA)
        for picture in window.pictures
    ]
    dis: Any = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    total = np.zeros((GRID_HEIGHT, GRID_WIDTH, 2), np.float64)
    gaps = np.diff(window.seconds)
    longest = LONGEST_GAP if (gaps <= LONGEST_GAP).any() else FALLBACK_GAP
    compared = 0.0
    for earlier, gap in enumerate(gaps.tolist()):
        if gap > longest:
            continue
        flow = dis.calc(grey[earlier], grey[earlier + 1], None)
        total += cv2.resize(flow, (GRID_WIDTH, GRID_HEIGHT), interpolation=cv2.INTER_AREA)
        compared += gap
    if compared == 0.0:
        return np.zeros((GRID_HEIGHT, GRID_WIDTH, 2), np.float32)
    # Displacement over time, not the mean of speeds: a pair with a longer gap weighs as much more.
    pixels_a_width = (FLOW_WIDTH, size[1] * width / height)
    speed = (total / compared / pixels_a_width).astype(np.float32)
    if float(np.hypot(speed[..., 0], speed[..., 1]).mean()) < STILL:
        return np.zeros_like(speed)
    return speed


@dataclass(frozen=True, slots=True)
class FlowAgreement:
    """Cosine of two average flows, weighted by how alike their speeds are.

    cos(a, b) x sqrt(slower / faster): a slow drift does not match a whip pan of the same direction.
    A static shot (zero row) scores 0 against everything. The published system used the cosine
    alone.
    """

    name: str = "flow-agreement"
    symmetric: bool = True
    lowest: float = -1.0
    highest: float = 1.0

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """(N, M) float32 in [-1, 1]; computed in float64, so that blocks change no digit."""
        numbers = GRID_HEIGHT * GRID_WIDTH * 2
        left = a.reshape(-1, numbers).astype(np.float64)
        right = b.reshape(-1, numbers).astype(np.float64)
        left_speed, right_speed = np.linalg.norm(left, axis=1), np.linalg.norm(right, axis=1)
        moving = np.outer(left_speed > 0, right_speed > 0)
        faster = np.maximum(left_speed[:, None], right_speed[None, :])
        slower = np.minimum(left_speed[:, None], right_speed[None, :])
        product = np.where(moving, np.outer(left_speed, right_speed), 1.0)
        agreement = (left @ right.T) / product
        agreement *= np.sqrt(slower / np.where(moving, faster, 1.0))
        return np.clip(np.where(moving, agreement, 0.0), -1.0, 1.0).astype(np.float32)


WARM, COOL = (255, 176, 59), (70, 200, 255)


def _draw_arrows(outgoing: Evidence, incoming: Evidence, /) -> Picture:
    """Flow of A (warm) and B (cool) over a dimmed picture; an arrow is a quarter second's way."""
    import cv2

    canvas = (outgoing.picture * 0.35).astype(np.uint8)
    height, width = canvas.shape[:2]
    thickness = max(1, width // 320)
    for evidence, color, shift in ((outgoing, WARM, -0.15), (incoming, COOL, 0.15)):
        flow = evidence.row[0]
        for row in range(1, GRID_HEIGHT, 2):
            for column in range(1, GRID_WIDTH, 2):
                start = np.array(
                    [
                        (column + 0.5 + shift) * width / GRID_WIDTH,
                        (row + 0.5 + shift) * height / GRID_HEIGHT,
                    ]
                )
                way = flow[row, column] * width * 0.25
                start, end = start - way / 2, start + way / 2
                cv2.arrowedLine(
                    canvas,
                    tuple(int(v) for v in start.round()),
                    tuple(int(v) for v in end.round()),
                    color,
                    thickness,
                    cv2.LINE_AA,
                    tipLength=0.3,
                )
    return canvas


FLAVOR = Flavor(
    name="camera",
    label="Same camera movement: pans, tilts, pushes and pulls",
    representation=_AverageFlow(),
    similarity=FlowAgreement(),
    cut_at="edges",
    marker_color="ORANGE",
    source="Chen et al. 2022, arXiv:2210.05766; flow: Kroeger et al. 2016, arXiv:1603.03590",
    draw_reason=_draw_arrows,
)
