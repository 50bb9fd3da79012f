"""A library of films whose frames are numbered, so that a picture tells which frame it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from matchcut.library import Library
from matchcut.media.decode import read_frames
from matchcut.media.proxy import PROXY, proxy_writer
from matchcut.media.state import file_state
from matchcut.types import MediaTime, Picture, Shot, Side, Span
from tests.unit.media.films import Make, read, write
from tests.unit.server.stand_in import SIDE

BITS = 8
DARK, BRIGHT = 70, 190
WIDE = (160, 90)


def numbered(number: int, width: int, height: int) -> Picture:
    """A picture in which bars from left to right are the bits of its number, the highest first."""
    bits = [number >> bit & 1 for bit in reversed(range(BITS))]
    columns = np.arange(width) * BITS // width
    row = np.where(np.array(bits)[columns], BRIGHT, DARK)
    return np.broadcast_to(row[None, :, None], (height, width, 3)).astype(np.uint8)


def number_of(picture: Picture) -> int:
    """The number in a picture, which may have black beside it."""
    row = picture[picture.shape[0] // 2, :, 1].astype(int)
    inside = np.flatnonzero(row > DARK // 2)
    width = inside[-1] - inside[0] + 1
    middles = inside[0] + (2 * np.arange(BITS) + 1) * width // (2 * BITS)
    return int("".join(str(int(row[at] > (DARK + BRIGHT) // 2)) for at in middles), 2)


def numbers(pictures: Sequence[Picture]) -> list[int]:
    return [number_of(picture) for picture in pictures]


@dataclass(frozen=True)
class Shelf:
    """A library of films whose frames are numbered."""

    folder: Path
    library: Library

    def side(
        self,
        name: str,
        cut: int,
        *,
        count: int = 85,
        rate: Fraction = Fraction(25),
        size: tuple[int, int] = WIDE,
        pts: Sequence[int] | None = None,
        clean: tuple[int, int] | None = None,
    ) -> Side:
        """A film of one shot, stored, as the side of a candidate that is cut at a frame."""
        frames = (
            av.VideoFrame.from_ndarray(numbered(number, *size), format="rgb24")
            for number in range(count)
        )
        milliseconds = Fraction(1, 1000) if pts else None
        made = Make(name, count, rate, size=size, pts=pts, time_base=milliseconds)
        path = write(self.folder, made, frames)
        known, state = read(path), file_state(path)
        source = known.source
        first, end = clean or (0, count)
        whole, shown = (
            Span(int(known.ends[a]), int(known.ends[b]), source.time_base)
            for a, b in ((0, count), (first, end))
        )
        shot = Shot(source.digest, 0, 0, count, whole, "content-v1", first, end, shown)
        self.library.commit(
            source, [shot], shot.detector, known.ends, {}, path, state.size, state.mtime_ns
        )
        return replace(
            SIDE,
            source=path,
            digest=source.digest,
            shot=0,
            end_frame=count,
            cut_frame=cut,
            cut_time=MediaTime(known.pts[cut], source.time_base),
            rate=source.rate,
            clean_start_frame=first,
            clean_end_frame=end,
        )

    def keep_proxy(self, side: Side) -> None:
        """Makes the proxy of a side's film, as indexing does."""
        proxy = self.library.proxy(side.digest, PROXY)
        source = self.library.find_digest(side.digest)
        assert source is not None
        with proxy_writer(proxy) as writer:
            for frame in read_frames(side.source, source.source):
                writer.add(frame.picture)
