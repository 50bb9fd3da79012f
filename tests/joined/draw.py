"""The pictures of a script, one after another: takes, joins, troubles, bars."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import cv2
import numpy as np

from matchcut.types import Picture
from tests.joined.footage import Frames
from tests.joined.joins import joined
from tests.joined.script import Grade, Script, Take
from tests.joined.troubles import troubled

SIZE = (320, 180)
"""Width and height of a film."""
_DRAWN_BY_THE_TAKE = ("whip", "bars")
"""Troubles that are not drawn over a picture: the camera's own movement, and the bars'."""


def pictures(script: Script, frames: Frames) -> Iterator[Picture]:
    """Every picture of a script, (180, 320, 3) RGB."""
    number = 0
    for at in range(script.pictures):
        while number < len(script.joins) and at >= (
            script.starts[number] + script.joins[number].frames
        ):
            number += 1
        began = script.starts[number - 1] if number else 0
        picture = shown(script.takes[number], at - began, frames)
        if number < len(script.joins) and at >= script.starts[number]:
            since = at - script.starts[number]
            new = shown(script.takes[number + 1], since, frames)
            picture = joined(script.joins[number], since, picture, new)
        for trouble in script.troubles:
            if trouble.start <= at < trouble.end and trouble.kind not in _DRAWN_BY_THE_TAKE:
                picture = troubled(trouble, at - trouble.start, picture)
        yield _barred(picture, *bars_at(script, at))


def shown(take: Take, at: int, frames: Frames) -> Picture:
    """Picture `at` of a take, framed and graded, (180, 320, 3) RGB."""
    source = frames(take.piece)[take.at(at)]
    high, wide = source.shape[:2]
    frame = take.frame
    here, before = _panned(take, at), _panned(take, at - 1)
    scale = frame.scale * min(wide / SIZE[0], high / SIZE[1])
    left = here * (wide - scale * SIZE[0])
    top = frame.y * (high - scale * SIZE[1])
    mirror = -1.0 if frame.flop else 1.0
    start = left + (scale * (SIZE[0] - 1) if frame.flop else 0.0)
    way = np.array([[mirror * scale, 0.0, start], [0.0, scale, top]], np.float64)
    picture = cv2.warpAffine(
        source, way, SIZE, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    # What a camera sweeps over in a picture is blurred along the way.
    blur = round(abs(here - before) * (wide - scale * SIZE[0]) / scale)
    if blur > 1:
        picture = cv2.blur(picture, (blur, 1))
    if take.grade != Grade():
        picture = cv2.LUT(picture, _curve(take.grade))
    return np.asarray(picture, np.uint8)


def _panned(take: Take, at: int) -> float:
    """Where the frame lies from left to right, 0 to 1; a pan begins and ends slowly."""
    if take.pan is None or at < take.pan.start:
        return take.frame.x
    share = min(1.0, (at - take.pan.start + 1) / take.pan.frames)
    eased = share * share * (3 - 2 * share)
    return take.frame.x + (take.pan.x - take.frame.x) * eased


@lru_cache(maxsize=256)
def _curve(grade: Grade) -> Picture:
    """(1, 256, 3): what a grade makes of each value of each channel."""
    value = np.linspace(0, 1, 256)[:, np.newaxis] ** grade.gamma
    return np.asarray(np.clip(value * grade.gain * 255 + 0.5, 0, 255), np.uint8)[np.newaxis]


def bars_at(script: Script, at: int) -> tuple[float, float]:
    """Share of the height and of the width that is black bars in a picture."""
    places = [place for place, _, _ in script.bars]
    return (
        float(np.interp(at, places, [high for _, high, _ in script.bars])),
        float(np.interp(at, places, [wide for _, _, wide in script.bars])),
    )


def _barred(picture: Picture, high: float, wide: float) -> Picture:
    rows, columns = round(high * picture.shape[0] / 2), round(wide * picture.shape[1] / 2)
    if not (rows or columns):
        return picture
    barred = np.zeros_like(picture)
    inside = (slice(rows, len(picture) - rows), slice(columns, picture.shape[1] - columns))
    barred[inside] = picture[inside]
    return barred
