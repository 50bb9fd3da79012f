"""Pages of takes with the true and the estimated movement, for a person to look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.moved import judged
from tests.moved.rates import Rates
from tests.moved.seen import Seen

_ACROSS, _DOWN = 5, 8
_TRUE, _ESTIMATED, _OWN, _ACTED = (90, 255, 90), (255, 80, 80), (90, 200, 255), (255, 200, 60)
_SHOWN = 0.3
"""An arrow is the way of so many seconds."""
_BAR = 34


def write(folder: Path, found: Sequence[Seen]) -> None:
    """Writes pages as PNG, the worst takes first: content's way green (true) and red (estimated),
    the subject's blue (true) and yellow (estimated)."""
    folder.mkdir(parents=True, exist_ok=True)
    tiles = [_tile(one) for one in sorted(found, key=_wrong, reverse=True)]
    page = _ACROSS * _DOWN
    for start in range(0, len(tiles), page):
        some = tiles[start : start + page]
        some += [np.zeros_like(tiles[0])] * (page - len(some))
        rows = [np.hstack(some[at : at + _ACROSS]) for at in range(0, page, _ACROSS)]
        cv2.imwrite(str(folder / f"page{start // page}.png"), np.vstack(rows)[..., ::-1])


def _wrong(one: Seen) -> float:
    """How wrong a take is: the camera's rates, or the subject's way where it acts."""
    if not one.judged.any():
        return 0.0
    if one.name.startswith("action"):
        told = [judged.acting(field) for field in one.seconds["subject"]]
        return max(abs(told[at] - (one.own or 0)) for at in np.flatnonzero(one.judged))
    errors = np.abs(one.cameras[one.judged] - one.rates.vector)
    return float((errors / (0.05 + np.abs(one.rates.vector).max())).max())


def _tile(one: Seen) -> NDArray[np.uint8]:
    picture = (one.picture * 0.6).astype(np.uint8)
    height, width = picture.shape[:2]
    asked = np.flatnonzero(one.judged)
    at = 1 if one.judged[1] or not len(asked) else int(asked[0])
    estimated = Rates(*(float(rate) for rate in one.cameras[at]))
    for across in (0.15, 0.5, 0.85):
        for down in (0.2, 0.5, 0.8):
            point = complex(across - 0.5, (down - 0.5) * height / width)
            for rates, colour, aside in ((one.rates, _TRUE, -2), (estimated, _ESTIMATED, 2)):
                _arrow(picture, point, rates.flow(point), colour, aside)
    if one.own is not None:
        _arrow(picture, 0j, one.own, _OWN, -6)
        _arrow(picture, 0j, judged.acting(one.seconds["subject"][at]), _ACTED, 6)
    tile = np.zeros((height + _BAR, width, 3), np.uint8)
    tile[:height] = picture
    told = ["true " + _said(one.rates), f"{'HMT'[at]} " + _said(estimated)]
    for line, text in enumerate([f"{one.name}  {told[0]}", told[1]]):
        place = (3, height + 13 + 15 * line)
        cv2.putText(tile, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.38, (255, 255, 255), 1)
    return tile


def _said(rates: Rates) -> str:
    return " ".join(f"{name}{rate:+.2f}" for name, rate in zip("ptzr", rates.vector, strict=True))


def _arrow(
    picture: NDArray[np.uint8],
    point: complex,
    way: complex,
    colour: tuple[int, int, int],
    aside: int,
) -> None:
    height, width = picture.shape[:2]
    middle = complex(width / 2, height / 2 + aside) + point * width
    ends = [middle + side * way * width * _SHOWN / 2 for side in (-1, 1)]
    start, end = ((round(place.real), round(place.imag)) for place in ends)
    cv2.arrowedLine(picture, start, end, colour, 1, cv2.LINE_AA, tipLength=0.3)
