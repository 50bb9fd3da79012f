"""What proxies cost and what they keep: `python -m tests.benchmarks.proxies FILM…`.

One JSON object a line. Of each film: what writing its proxy takes of a core and of the disk; what
49 frames take to read, from the proxy and from the film itself; and how like what is read back is
to what indexing saw: in the picture (PSNR), in the movement from frame to frame, and in the
weight-free silhouettes. The least noise changes these: beside the overlap of the proxy's, the one
is said that noise of one level leaves, and the one with the frame after.

Times are of all threads together. Reading is timed at 5 places spread over the film, the median is
said. Likeness is measured in one second in four.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.media.decode import read_frames
from matchcut.media.probe import probe
from matchcut.media.proxy import proxy_frames, proxy_writer
from matchcut.media.stretch import stretch
from matchcut.pipeline.frames import window
from matchcut.silhouettes.weight_free import WEIGHT_FREE
from matchcut.types import Frame, Picture, Source, Span
from tests.benchmarks.lines import say

FRAMES = 49
"""A second to either side of a moment at 24 frames a second."""
PLACES = 5
TIMED = 500
"""Pictures that writing is timed on: the film's first."""
MIN_FRAMES = 4
Pictures = NDArray[np.uint8]


def measured(film: Path) -> None:
    """Says all figures of one film."""
    import cv2

    cv2.setNumThreads(1)
    source = probe(film)
    few: list[Picture] = []
    pts = []
    with TemporaryDirectory() as folder:
        path, again = Path(folder) / "proxy.mp4", Path(folder) / "again.mp4"
        with proxy_writer(path) as writer, closing(read_frames(film, source)) as frames:
            for frame in frames:
                writer.add(frame.picture)
                pts.append(frame.pts)
                if len(few) < TIMED:
                    few.append(frame.picture)
        of = {"film": film.name, "frames": len(pts)}
        hours = len(pts) / float(source.rate) / 3600
        say("proxies.size", path.stat().st_size / hours / 1e6, "MB an hour", **of)
        taken = 1000 * _seconds(lambda: _write(again, few)) / len(few)
        say("proxies.writing", taken, "ms a frame", **of)
        taken = 1000 * _seconds(lambda: _read(film, source)) / len(pts)
        say("proxies.reading_all", taken, "ms a frame", of="the film", **of)
        length = min(FRAMES, len(pts))
        starts = np.linspace(0, len(pts) - length, PLACES).astype(int).tolist()
        known = np.array(pts, np.int64)
        ways: dict[str, Callable[[int], object]] = {
            "the proxy": lambda start: proxy_frames(path, start, start + length),
            "the film": lambda start: stretch(film, source, known, start, start + length),
        }
        for way, read in ways.items():
            taken = statistics.median(_seconds(partial(read, start)) for start in starts)
            say("proxies.reading", 1000 * taken, f"ms for {length} frames", way=way, **of)
        likeness(film, source, path)


def _write(path: Path, pictures: Sequence[Picture]) -> None:
    with proxy_writer(path) as writer:
        for picture in pictures:
            writer.add(picture)


def _read(film: Path, source: Source) -> None:
    with closing(read_frames(film, source)) as frames:
        deque(frames, maxlen=0)


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def likeness(film: Path, source: Source, path: Path) -> None:
    """Says how like a film its proxy is."""
    errors: list[float] = []
    shifts: list[float] = []
    moved: list[float] = []
    overlaps: dict[str, list[float]] = {}
    noise = np.random.default_rng(0)
    for seen in _some_seconds(film, source):
        pictures = np.stack([frame.picture for frame in seen])
        kept = proxy_frames(path, seen[0].index, seen[-1].index + 1)
        differences = kept.astype(np.float32) - pictures
        errors.extend(np.square(differences).mean((1, 2, 3)).tolist())
        shifts.append(float(differences.mean()))
        moved.append(float(np.hypot(*np.moveaxis(_flow(kept) - _flow(pictures), -1, 0)).mean()))
        noisy = pictures + noise.integers(-1, 2, pictures.shape)
        middle = len(seen) // 2
        one = _mask(seen, pictures, source, middle)
        others = {
            "the proxy": _mask(seen, kept, source, middle),
            "noise of one level": _mask(
                seen, np.clip(noisy, 0, 255).astype(np.uint8), source, middle
            ),
            "the frame after": _mask(seen, pictures, source, middle + 1),
        }
        for way, other in others.items():
            overlaps.setdefault(way, []).append(_overlap(one, other))
    of = {"film": film.name, "frames": len(errors)}
    say("proxies.psnr", _decibel(float(np.mean(errors))), "dB", **of)
    say("proxies.psnr_worst_frame", _decibel(max(errors)), "dB", **of)
    say("proxies.shift", float(np.mean(shifts)), "levels of 255", **of)
    say("proxies.movement_error", float(np.mean(moved)), "pixels a frame", **of)
    for way, found in overlaps.items():
        say("proxies.silhouettes", float(np.mean(found)), "overlap", way=way, **of)


def _some_seconds(film: Path, source: Source) -> Iterator[list[Frame]]:
    """One second in four; the whole film where it is shorter."""
    second: list[Frame] = []
    length = max(MIN_FRAMES, round(source.rate))
    came = False
    with closing(read_frames(film, source)) as frames:
        for frame in frames:
            if frame.index // length % 4 == 0:
                second.append(frame)
            if len(second) == length:
                came = True
                yield second
                second = []
    if len(second) >= MIN_FRAMES and not came:
        yield second


def _decibel(error: float) -> float:
    return float(10 * np.log10(255**2 / max(error, 1e-6)))


def _flow(pictures: Pictures) -> NDArray[np.float32]:
    """(H, W, 2) pixels that everything moves from the first picture to the second."""
    import cv2

    estimator: Any = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    first, then = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in pictures[:2])
    return np.asarray(estimator.calc(first, then, None), np.float32)


def _mask(
    seen: Sequence[Frame], pictures: Pictures, source: Source, place: int
) -> NDArray[np.bool_]:
    """The weight-free silhouette of one of the frames of a second, if they showed this."""
    from matchcut.silhouettes.cues.moment import silhouette

    step = max(1, round(1 / (source.rate * source.time_base)))
    span = Span(seen[0].pts, seen[-1].pts + step, source.time_base)
    frames = [replace(frame, picture=new) for frame, new in zip(seen, pictures, strict=True)]
    wanted = WEIGHT_FREE.window(span, seen[place].pts)
    return silhouette(window(frames, wanted, span)).mask


def _overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Intersection over union; 1 where both are empty."""
    union = np.count_nonzero(one | other)
    return np.count_nonzero(one & other) / union if union else 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.proxies")
    parser.add_argument("films", type=Path, nargs="+", metavar="FILM")
    for film in parser.parse_args(arguments).films:
        measured(film)
    return 0


if __name__ == "__main__":
    sys.exit(main())
