"""The pieces' frames, decoded once into the system's temporary folder and mapped from there."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeAlias

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.types import Picture
from tests.joined.pieces import PIECES, Piece
from tests.joined.script import Half

WIDTH, HEIGHT = 448, 252
"""Of a piece's frames: somewhat more than a film shows, so that a shot can be framed closer."""
ASSETS = Path(__file__).parents[3] / "shared" / "assets" / "video"
"""Where real footage is looked for: `../shared` beside the checkout."""

Frames: TypeAlias = Callable[[Piece], NDArray[np.uint8]]
"""Gives (T, 252, 448, 3) RGB for a piece."""


def footage(half: Half) -> Frames:
    """The frames of all pieces of a half.

    Cost: half a minute the first time, and some gigabytes of disk; nothing after that.

    Raises:
        FileNotFoundError: the footage is not on this machine.
    """
    folder = Path(tempfile.gettempdir()) / f"matchcut-pieces-{version('footage', 'pieces')}"
    folder.mkdir(exist_ok=True)
    for file in sorted({piece.file for piece in PIECES[half]}):
        _store([piece for piece in PIECES[half] if piece.file == file], folder)

    @cache
    def frames(piece: Piece) -> NDArray[np.uint8]:
        return np.asarray(np.load(_place(piece, folder), mmap_mode="r"), np.uint8)

    return frames


def version(*modules: str) -> str:
    """A digest of the sources of these modules of this package."""
    digest = hashlib.blake2b(digest_size=5)
    for module in modules:
        digest.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    return digest.hexdigest()


def _place(piece: Piece, folder: Path) -> Path:
    return folder / f"{Path(piece.file).stem}-{piece.start}-{piece.end}.npy"


def _store(pieces: list[Piece], folder: Path) -> None:
    """Writes the pieces of one file, which is decoded once."""
    missing = [piece for piece in pieces if not _place(piece, folder).is_file()]
    if not missing:
        return
    kept: dict[Piece, list[Picture]] = {piece: [] for piece in missing}
    with av.open(str(ASSETS / missing[0].file), metadata_errors="ignore") as container:
        container.streams.video[0].thread_type = "AUTO"
        for index, decoded in enumerate(container.decode(video=0)):
            wanting = [piece for piece in missing if piece.start <= index < piece.end]
            if wanting:
                picture = np.asarray(decoded.to_ndarray(format="rgb24"), np.uint8)
                for piece in wanting:
                    kept[piece].append(_filled(picture, piece))
    for piece, pictures in kept.items():
        place = _place(piece, folder)
        partial = place.with_name(f"{os.getpid()} {place.name}")
        np.save(partial, np.stack(pictures))
        partial.replace(place)


def _filled(picture: Picture, piece: Piece) -> Picture:
    """The middle of a frame without its bars, in the shape of 16:9, scaled to 448x252."""
    height, width = picture.shape[:2]
    left, top, right, low = piece.area
    picture = picture[round(top * height) : round(low * height)]
    picture = picture[:, round(left * width) : round(right * width)]
    height, width = picture.shape[:2]
    wide, high = min(width, round(height * WIDTH / HEIGHT)), min(height, width * HEIGHT // WIDTH)
    x, y = (width - wide) // 2, (height - high) // 2
    way = cv2.INTER_AREA if high > HEIGHT else cv2.INTER_LINEAR
    part = picture[y : y + high, x : x + wide]
    return np.asarray(cv2.resize(part, (WIDTH, HEIGHT), interpolation=way), np.uint8)
