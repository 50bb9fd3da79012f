"""Camera movement: what the camera does at the end of A goes on at the start of B.

The camera's pan, tilt, zoom and roll are told apart from what moves by itself, and two movements
are as alike as the displacement of the picture that they cause. Variants: `camera/static` matches
standing cameras, `camera/average` is the published way: the cosine of flow averaged over the shot.

Source: Chen et al. 2022, "Match Cutting: Finding Cuts with Smooth Visual Transitions",
arXiv:2210.05766 (motion matches); flow: Kroeger et al. 2016, "Fast Optical Flow using Dense
Inverse Search", arXiv:1603.03590, as OpenCV implements it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._movement import (
    GRID_HEIGHT,
    GRID_WIDTH,
    MOVEMENT,
    REACH,
    STILL,
    described,
    effects,
    velocity,
)
from matchcut.flavors._movement_following import follow
from matchcut.similarity import Cosine
from matchcut.similarity.vectors import VectorTable
from matchcut.types import Evidence, Flavor, Picture, Prepared, Rows

SURE = 0.25
"""Share of the picture that follows the camera from which on its movement is fully trusted."""
SHAKY = 0.002
"""Widths; a camera that shakes by that much stands half as still as one on a tripod."""
STANDING_FLOW = 0.006
"""Mean speed of averaged flow in widths a second under which a shot has none."""


def _trust(moments: Rows) -> NDArray[np.float64]:
    return np.asarray(np.minimum(moments["sure"] / SURE, 1), np.float64)


@dataclass(frozen=True, slots=True)
class SameMovement:
    """The camera of B's start moves as that of A's end: same way, same speed, same kind.

    One minus the distance between the two movements over the faster one, by the displacement of
    the picture that they cause: 1 where they are the same, 0.5 where one is twice as fast, 0 from
    60 degrees between them on. Times the lower trust of the two. A camera that stands scores 0.
    """

    name: str = "same-movement"
    symmetric: bool = False
    lowest: float = 0.0
    highest: float = 1.0
    fluke: float = 0.1

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """(N, M) float32 in [0, 1] of what is before `a` and after `b`."""
        return _continued(_movement(a["before"])[:, None], _movement(b["after"])[None])

    def prepared(self, parts: Iterable[Rows], /) -> Prepared:
        """All rows of some arrays, made ready once. Memory: 100 bytes a row."""
        from matchcut.flavors._camera_table import CameraTable, moving_alike

        return CameraTable.of(parts, _movement, _continued, moving_alike)


def _movement(moments: Rows) -> NDArray[np.float64]:
    """(N, 6) what a camera does to the picture, how fast, and how far that is a movement."""
    does = effects(moments["camera"])
    speed = np.sqrt(np.square(does).sum(axis=-1))
    moving = np.clip(speed / STILL - 1, 0, 1) * _trust(moments)
    return np.column_stack([does, speed, moving])


def _continued(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float32]:
    """(...) float32 in [0, 1] of (..., 6) movements that are broadcast."""
    faster = np.maximum(before[..., 4], after[..., 4])
    apart = np.sqrt(np.square(before[..., :4] - after[..., :4]).sum(axis=-1))
    alike = np.maximum(1 - apart / np.maximum(faster, STILL), 0)
    return np.asarray(alike * np.minimum(before[..., 5], after[..., 5]), np.float32)


@dataclass(frozen=True, slots=True)
class BothStand:
    """The camera stands at A's end and at B's start, as on a tripod; the shakier one decides."""

    name: str = "both-stand"
    symmetric: bool = False
    lowest: float = 0.0
    highest: float = 1.0
    fluke: float = 0.12

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """(N, M) float32 in [0, 1] of what is before `a` and after `b`."""
        return _both_steady(_steady(a["before"])[:, None], _steady(b["after"])[None])

    def prepared(self, parts: Iterable[Rows], /) -> Prepared:
        """All rows of some arrays, made ready once. Memory: 20 bytes a row."""
        from matchcut.flavors._camera_table import CameraTable, standing_alike

        return CameraTable.of(parts, _steady, _both_steady, standing_alike)


def _steady(moments: Rows) -> NDArray[np.float64]:
    """(N, 1) how far a camera stands."""
    speed = np.sqrt(np.square(effects(moments["camera"])).sum(axis=-1))
    shake = np.square(moments["shake"].astype(np.float64) / SHAKY)
    still = np.clip(1 - speed / STILL, 0, 1) / (1 + shake) * _trust(moments)
    return np.asarray(still[:, None], np.float64)


def _both_steady(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float32]:
    """(...) float32 in [0, 1] of (..., 1) that are broadcast."""
    return np.asarray(np.minimum(before[..., 0], after[..., 0]), np.float32)


@dataclass(frozen=True, slots=True)
class AverageFlow:
    """Cosine of the two shots' averaged flow, whatever its speed; 0 where a shot has none."""

    name: str = "average-flow"
    symmetric: bool = True
    lowest: float = -1.0
    highest: float = 1.0
    fluke: float = 0.2

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """(N, M) float32 in [-1, 1] of whole shots."""
        return Cosine().pairwise(_flow(a), _flow(b))

    def prepared(self, parts: Iterable[Rows], /) -> VectorTable:
        """The averaged flow of all rows of some arrays. Memory: 7 KB a row."""
        return Cosine().prepared(_flow(rows) for rows in parts)


def _flow(rows: Rows) -> NDArray[np.float32]:
    """(N, GRID_HEIGHT, GRID_WIDTH, 2) the averaged flow; 0 where a shot has none."""
    flow = rows["average"]
    standing = np.hypot(flow[..., 0], flow[..., 1]).mean(axis=(1, 2)) < STANDING_FLOW
    return np.asarray(np.where(standing, 0, flow.T).T, np.float32)


def _draw_movement(outgoing: Evidence, incoming: Evidence, /) -> Picture:
    """Arrows of what each camera does to the picture, and its name: A warm, B cool."""
    from matchcut.flavors._arrows import Arrows, drawn

    height, width = outgoing.picture.shape[:2]
    cameras = (
        evidence.row[side][0]["camera"]
        for evidence, side in ((outgoing, "before"), (incoming, "after"))
    )
    tail, head = (
        Arrows(velocity(camera, 3, 5, height / width), described(camera)) for camera in cameras
    )
    return drawn(outgoing.picture, tail, head)


def _draw_average(outgoing: Evidence, incoming: Evidence, /) -> Picture:
    """Arrows of the averaged flow of both shots: A warm, B cool."""
    from matchcut.flavors._arrows import Arrows, drawn

    tail, head = (
        Arrows(
            evidence.row["average"][0, 1:GRID_HEIGHT:3, 1:GRID_WIDTH:3].astype(np.float64),
            "average flow of the shot",
        )
        for evidence in (outgoing, incoming)
    )
    return drawn(outgoing.picture, tail, head)


_MOVING = Flavor(
    name="camera",
    label="Same camera movement: pans, tilts, zooms and rolls go on",
    representation=MOVEMENT,
    similarity=SameMovement(),
    marker_color="ORANGE",
    source="Chen et al. 2022, arXiv:2210.05766; flow: Kroeger et al. 2016, arXiv:1603.03590",
    draw_reason=_draw_movement,
    follow=follow,
    follow_context=REACH,
)

FLAVOR = replace(
    _MOVING,
    variants=(
        replace(
            _MOVING,
            name="camera/static",
            label="Both cameras stand still, as on a tripod",
            similarity=BothStand(),
        ),
        replace(
            _MOVING,
            name="camera/average",
            label="Same flow, averaged over the whole shot",
            similarity=AverageFlow(),
            draw_reason=_draw_average,
        ),
    ),
)
