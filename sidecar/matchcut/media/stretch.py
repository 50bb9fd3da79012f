"""Reads pictures out of the middle of a film: what no proxy holds, or what is wanted larger."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.media.decode import pictures_at
from matchcut.media.picture import ANALYSIS_SIZE
from matchcut.types import Source


def stretch(
    path: Path,
    source: Source,
    frame_pts: NDArray[np.int64],
    start: int,
    end: int,
    bounds: tuple[int, int] = ANALYSIS_SIZE,
) -> NDArray[np.uint8]:
    """(T, H, W, 3) uint8, as `Picture`: those of the frames [start, end), as indexing saw them.

    Args:
        path: Where the film lies now.
        source: What it was when it was indexed.
        frame_pts: (frames + 1,) pts of every frame, as indexing found them.
        start: First frame, 0-based.
        end: The frame after the last; more than `start`, and not after the film's last.
        bounds: Width and height that the pictures fit into; larger ones are for people to look at.

    Cost: decodes from the keyframe before, which may lie ten seconds back; from the beginning where
    a seek does not lead there. The limit of `frame_at` holds here as well.

    Raises:
        MediaMissing: nothing is at the path.
        MediaUnreadable: the file cannot be opened.
        FrameMissing: the film has one of the frames no more.
    """
    return np.stack(pictures_at(path, source, frame_pts[start:end].tolist(), start, bounds))
