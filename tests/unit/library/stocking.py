"""Sources with made-up analyses, to stock a library with."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.library import Library
from matchcut.types import MOMENT, MomentRows, Rows, Shot, Source, Span

DETECTOR = "content-v1"
IDENTITY = "flow-v1-c0ffee"


@dataclass(frozen=True)
class Stock:
    """One analysed source, as `commit` takes it."""

    source: Source
    shots: tuple[Shot, ...]
    frame_pts: NDArray[np.int64]
    rows: dict[str, Rows]
    path: Path

    @property
    def moments(self) -> Rows:
        """What the rows stand for: the first clean frame of every shot."""
        found = np.zeros(len(self.shots), MOMENT)
        for moment, shot in zip(found, self.shots, strict=True):
            moment["shot"], moment["frame"] = shot.index, shot.clean_start_frame
            moment["pts"] = self.frame_pts[shot.clean_start_frame]
        return found

    def commit(self, library: Library) -> None:
        library.commit(
            self.source,
            self.shots,
            DETECTOR,
            self.frame_pts,
            {identity: MomentRows(rows, self.moments) for identity, rows in self.rows.items()},
            self.path,
            size=1000,
            mtime_ns=7,
        )


def stock(digest: str, path: str | None = None, *, shots: int = 3, width: int = 4) -> Stock:
    """A source of `shots` shots of ten frames each, with rows of `width` numbers."""
    time_base = Fraction(1, 24000)
    source = Source(
        digest=digest,
        width=1920,
        height=1080,
        rate=Fraction(24000, 1001),
        time_base=time_base,
        start_pts=0,
        duration_pts=None,
        start_timecode="01:00:00:00",
        rotation=0,
        pixel_aspect=Fraction(1),
        transfer="sdr",
        codec="h264",
        stream_index=0,
        video_streams=1,
        audio_streams=0,
    )
    frame_pts = np.arange(shots * 10 + 1, dtype=np.int64) * 1001
    found = tuple(
        Shot(
            digest,
            number,
            number * 10,
            number * 10 + 10,
            Span(number * 10010, number * 10010 + 10010, time_base),
            DETECTOR,
            # Each shot but the first begins with three frames of a dissolve.
            number * 10 + (3 if number else 0),
            number * 10 + 10,
            Span(number * 10010 + (3003 if number else 0), number * 10010 + 10010, time_base),
        )
        for number in range(shots)
    )
    values = np.arange(shots * width, dtype=np.float32).reshape(shots, width)
    lying = Path(path or f"/media/{digest}.mov")
    return Stock(source, found, frame_pts, {IDENTITY: values}, lying)


def everything(library: Library) -> list[tuple[str, int, tuple[str, ...], bytes]]:
    """All that can be read of a library, for comparison."""
    return [
        (
            one.source.digest,
            len(library.shots(one.source.digest, one.detector)),
            tuple(str(path) for path in one.paths),
            library.rows(one.source.digest, one.detector, IDENTITY).tobytes()
            + library.frame_pts(one.source.digest).tobytes(),
        )
        for one in library.sources()
    ]
