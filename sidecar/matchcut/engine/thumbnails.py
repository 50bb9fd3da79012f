"""One frame of a source as a small JPEG, for the lists of plug-ins."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from matchcut.engine.places import best_place, holds
from matchcut.errors import MediaChanged, MediaError, SourceUnknown, UsageError
from matchcut.library import Library, StoredSource
from matchcut.media.proxy import PROXY, proxy_frames
from matchcut.media.state import is_online
from matchcut.media.stretch import stretch
from matchcut.types import Picture, Thumbnail

SIDE = 320
"""Pixels of the longer side, unless said."""
LONGEST_SIDE = 640
"""Pixels of the longer side, at most."""
_QUALITY = 85
"""Of the JPEG; a picture of 320 by 180 has about 15 kB."""


def thumbnail(library: Library, digest: str, frame: int, max_side: int) -> Thumbnail:
    """The frame `frame` (0-based, in the order shown), upright, with square pixels.

    Args:
        library: Holds the source.
        digest: Of the source.
        frame: As `Side.cut_frame`.
        max_side: Pixels of the longer side, at most; above `LONGEST_SIDE` it means that. Nothing is
            enlarged.

    Cost: about 15 ms from the source's proxy; from the film where there is none, what decoding from
    the keyframe before costs.

    Raises:
        SourceUnknown: the library holds no such source.
        UsageError: it has no such frame, or a size below 1 was asked for.
        MediaMissing: there is no proxy, and the film is offline.
        MediaChanged: there is no proxy, and the film is another than when it was indexed.
        MediaUnreadable, FrameMissing: there is no proxy, and the film cannot be decoded any more.
    """
    if max_side < 1:
        raise UsageError(
            f"A picture of at most {max_side} pixels is none.", "Ask for at least one pixel."
        )
    stored = library.find_digest(digest)
    if stored is None:
        raise SourceUnknown(digest, library.folder)
    if not 0 <= frame < stored.frames:
        raise UsageError(
            f"The source {digest} has {stored.frames} frames, counted from 0: none is {frame}.",
            "Ask for one of them.",
            frame=frame,
            frames=stored.frames,
        )
    side = min(max_side, LONGEST_SIDE)
    return _as_jpeg(_fitted(_picture(library, stored, frame, side), side))


def _picture(library: Library, stored: StoredSource, frame: int, side: int) -> Picture:
    """The frame from the proxy, else from the film."""
    digest = stored.source.digest
    proxy = library.proxy(digest, PROXY)
    if is_online(proxy):
        try:
            return np.asarray(proxy_frames(proxy, frame, frame + 1)[0])
        except MediaError:
            pass  # The proxy is damaged; the film shows the same frame.
    path = _film(library, stored)
    pts = library.frame_pts(digest)
    return np.asarray(stretch(path, stored.source, pts, frame, frame + 1, (side, side))[0])


def _film(library: Library, stored: StoredSource) -> Path:
    seen = library.seen()
    path = best_place(seen, stored)
    if is_online(path) and not holds(seen, path, stored.source.digest):
        raise MediaChanged(path)
    return path


def _fitted(picture: Picture, side: int) -> Picture:
    import cv2

    height, width = picture.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _as_jpeg(picture: Picture) -> Thumbnail:
    import cv2

    _, jpeg = cv2.imencode(
        ".jpg",
        cv2.cvtColor(picture, cv2.COLOR_RGB2BGR),
        [cv2.IMWRITE_JPEG_QUALITY, _QUALITY],
    )
    height, width = picture.shape[:2]
    return Thumbnail(jpeg.tobytes(), width, height)
