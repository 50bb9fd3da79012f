"""Pictures that are drawn for one test: textures that differ by their seed, still or moving.

They are no film (that is `tests.film`): what they have is enough structure for a detector to see a
cut, for optical flow to follow, and for an appearance to tell one from another.
"""

from __future__ import annotations

import cv2
import numpy as np

from matchcut.types import Frame, Picture


def texture(seed: int, width: int = 320, height: int = 180) -> Picture:
    """A cloudy coloured picture with a few hard-edged boxes, the same for a seed and size."""
    draw = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3), np.float32) + draw.uniform(40, 215, 3)
    for cells, strength in ((3, 60.0), (8, 35.0), (24, 18.0)):
        coarse = draw.uniform(-strength, strength, (cells, cells, 3)).astype(np.float32)
        picture += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(6):
        left, top = int(draw.integers(0, width)), int(draw.integers(0, height))
        right, low = left + int(draw.integers(8, width // 3)), top + int(draw.integers(8, 60))
        picture[top:low, left:right] += draw.uniform(-80, 80, 3)
    return np.clip(picture, 0, 255).astype(np.uint8)


def moving(
    seed: int,
    frames: int,
    *,
    width: int = 320,
    height: int = 180,
    across: float = 2.0,
    down: float = 0.0,
) -> list[Picture]:
    """A camera that pans over a texture by `across` and `down` pixels a frame."""
    reach_across, reach_down = int(abs(across) * frames) + 1, int(abs(down) * frames) + 1
    wide = texture(seed, width + reach_across, height + reach_down)
    pictures = []
    for frame in range(frames):
        left = int(across * frame) if across >= 0 else reach_across + int(across * frame)
        top = int(down * frame) if down >= 0 else reach_down + int(down * frame)
        pictures.append(np.ascontiguousarray(wide[top : top + height, left : left + width]))
    return pictures


def flat(red: int, green: int, blue: int, width: int = 320, height: int = 180) -> Picture:
    """A picture of one colour."""
    return np.full((height, width, 3), (red, green, blue), np.uint8)


def as_frames(pictures: list[Picture], pts_a_frame: int = 1) -> list[Frame]:
    """Frames at a constant rate from pts 0 on."""
    return [Frame(index, index * pts_a_frame, picture) for index, picture in enumerate(pictures)]
