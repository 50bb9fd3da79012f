"""Films whose every frame says which one it is, to people and to machines.

A strip across the top of the picture holds four rows of sixteen black or white blocks: a fixed
pattern, by which black and white are told apart after any grading; the film's number and the upper
half of the frame number; its lower half; and a check of both. Below stand big digits. It survives
H.264, scaling, and fitting into a screen of another shape as long as the caller cuts the bars off.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from tests.film.encode import write_pictures

Picture = NDArray[np.uint8]
"""(height, width, 3) RGB."""

COLUMNS = 16
STRIP = Fraction(2, 5)
"""Of the picture's height, from the top."""
_PATTERN = 0b1010_0101_1100_0011
_ROWS = 4
_LARGEST_FILM = 255
_LARGEST_FRAME = 2**24 - 1


@dataclass(frozen=True, slots=True)
class Counter:
    """What a frame says of itself."""

    film: int
    """Number of the film, 0 to 255."""
    frame: int
    """Counted from 0 in the file."""


class UnreadableError(ValueError):
    """A picture holds no whole counter."""


def write_counted(
    path: Path,
    *,
    film: int,
    frames: int,
    rate: Fraction,
    size: tuple[int, int] = (320, 180),
    start_timecode: str | None = None,
    over: Path | None = None,
) -> Path:
    """Writes a film with a counter in every frame, H.264 in the container that its name asks for.

    Args:
        path: Where; an existing file is replaced.
        film: Its number.
        frames: How many.
        rate: Frames a second, exact.
        size: Width and height, both even.
        start_timecode: `10:00:00:00`, with `;` before the frames for drop-frame; into a timecode
            track of `.mov` and `.mp4`.
        over: Real footage to write it over, from its first frame on, held where it ends; colours
            that move, without.

    Cost: a millisecond or two a frame at 320x180.
    """
    write_pictures(
        (
            counted(picture, Counter(film, number))
            for number, picture in enumerate(_pictures(film, frames, size, over))
        ),
        path,
        rate=rate,
        size=size,
        start_timecode=start_timecode,
    )
    return path


def counted(picture: Picture, counter: Counter) -> Picture:
    """A copy of a picture with a counter on it.

    Raises:
        ValueError: the film's or the frame's number is too large.
    """
    if not (0 <= counter.film <= _LARGEST_FILM and 0 <= counter.frame <= _LARGEST_FRAME):
        raise ValueError(f"{counter} does not fit into the strip")
    made = picture.copy()
    height, width = made.shape[:2]
    for row, word in enumerate(_words(counter)):
        top, bottom = _edges(row, _ROWS, int(STRIP * height))
        for column in range(COLUMNS):
            left, right = _edges(column, COLUMNS, width)
            white = word >> (COLUMNS - 1 - column) & 1
            made[top:bottom, left:right] = 235 if white else 16
    text = f"{counter.film}:{counter.frame}"
    scale = height / 90
    for color, thick in (((0, 0, 0), 6), ((255, 255, 255), 2)):
        cv2.putText(
            made,
            text,
            (width // 20, height * 4 // 5),
            cv2.FONT_HERSHEY_SIMPLEX,
            scale,
            color,
            max(1, round(thick * scale)),
            cv2.LINE_AA,
        )
    return made


def counter_in(picture: Picture) -> Counter:
    """What a picture's counter says.

    Raises:
        UnreadableError: there is none, or it is damaged.
    """
    grey = picture.astype(np.float32).mean(axis=2)
    height, width = grey.shape
    blocks = np.empty((_ROWS, COLUMNS), np.float32)
    for row in range(_ROWS):
        top, bottom = _middle(*_edges(row, _ROWS, int(STRIP * height)))
        for column in range(COLUMNS):
            left, right = _middle(*_edges(column, COLUMNS, width))
            blocks[row, column] = grey[top:bottom, left:right].mean()
    bits = [_PATTERN >> (COLUMNS - 1 - column) & 1 for column in range(COLUMNS)]
    pattern = np.array(bits, bool)
    black, white = blocks[0, ~pattern].max(), blocks[0, pattern].min()
    if white - black < 40:
        raise UnreadableError("the picture does not begin with the counter's pattern")
    words = [
        sum(1 << (COLUMNS - 1 - column) for column in range(COLUMNS) if row[column])
        for row in blocks > (black + white) / 2
    ]
    counter = Counter(words[1] >> 8, (words[1] & 0xFF) << 16 | words[2])
    if tuple(words) != _words(counter):
        raise UnreadableError(f"the counter's check is wrong; it seems to say {counter}")
    return counter


def counters_of(path: Path) -> list[Counter]:
    """The counter of every frame of a film, in the order shown. Raises as `counter_in`."""
    return [counter_in(picture) for picture in decoded(path)]


def decoded(path: Path) -> Iterator[Picture]:
    """Every frame of a film, in the order shown."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24")


def _words(counter: Counter) -> tuple[int, int, int, int]:
    upper, lower = counter.film << 8 | counter.frame >> 16, counter.frame & 0xFFFF
    check = zlib.crc32(upper.to_bytes(2, "big") + lower.to_bytes(2, "big")) & 0xFFFF
    return _PATTERN, upper, lower, check


def _edges(index: int, count: int, length: int) -> tuple[int, int]:
    return index * length // count, (index + 1) * length // count


def _middle(start: int, end: int) -> tuple[int, int]:
    """The inner half: coding and scaling smear the edges."""
    quarter = max(1, (end - start) // 4)
    return start + quarter, max(start + quarter + 1, end - quarter)


def _pictures(
    film: int, frames: int, size: tuple[int, int], over: Path | None
) -> Iterator[Picture]:
    if over is None:
        yield from (_colors(film, number, size) for number in range(frames))
        return
    last: Picture | None = None
    left = frames
    for picture in islice(decoded(over), frames):
        last = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        left -= 1
        yield last
    if last is None:
        raise ValueError(f"{over} has no frame")
    yield from (last for _ in range(left))


def _colors(film: int, number: int, size: tuple[int, int]) -> Picture:
    """Bands of the film's own hue that wander a pixel a frame."""
    width, height = size
    across = (np.arange(width) + number) % 64 / 64
    down = np.linspace(0.3, 1.0, height)
    value = (down[:, None] * (0.5 + 0.5 * across[None, :]) * 200).astype(np.uint8)
    hue = np.full_like(value, film * 47 % 180)
    hsv = np.stack([hue, np.full_like(value, 160), value], axis=2)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)
