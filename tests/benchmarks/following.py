"""Measures how well silhouettes are followed from one frame to those around it, and what it costs.

    python -m tests.benchmarks.following [--assets ../shared/assets] [--pages DIR]

Prints one JSON object a line: mean overlap with the true silhouette by distance from the known
frame, for three ways: `followed`, `kept` where it was, and `computed` anew without weights. Drawn
shots start from the true silhouette in their middle; real ones lead from each hand-drawn frame to
the others within a second of the same shot, both ways. `--pages` draws real shots instead, a second
either way, with what was followed from a silhouette computed without weights in red.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.pipeline.frames import window
from matchcut.silhouettes.canvas import placed, unpacked
from matchcut.silhouettes.following import follow
from matchcut.silhouettes.rows import Instance, row
from matchcut.silhouettes.weight_free import WEIGHT_FREE
from matchcut.types import Rows
from tests.benchmarks.following_shots import (
    DRAWN,
    LENGTH,
    MIDDLE,
    NEAR,
    Stretch,
    drawn,
    pairs,
    real,
)
from tests.benchmarks.lines import say

AWAY = (6, 12, 24)
"""Frames from the known one at which a drawn shot is judged, both ways."""


@lru_cache(maxsize=64)
def computed(stretch: Stretch, index: int) -> Rows:
    """(1,) the row of a frame, without weights."""
    at = next(frame.pts for frame in stretch.frames if frame.index == index)
    seen = window(stretch.frames, WEIGHT_FREE.window(stretch.span, at), stretch.span)
    return WEIGHT_FREE.compute([seen])


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Intersection over union; 1 where both are empty."""
    either = (one | other).sum()
    return float((one & other).sum() / either) if either else 1.0


def followed(stretch: Stretch, known: int, wanted: int) -> NDArray[np.bool_]:
    """(36, 64) the silhouette of frame `wanted`, followed from that of frame `known`."""
    frames = stretch.between(min(known, wanted), max(known, wanted))
    at = known - frames[0].index
    start = row([Instance(0, 0.9, stretch.masks[known])]).reshape(1)
    seconds = np.array([float(frame.pts * stretch.span.time_base) for frame in frames])
    rows = follow(start, np.stack([frame.picture for frame in frames]), [at], seconds).rows
    return unpacked(rows["subject"]["mask"][wanted - frames[0].index])


def judged(stretch: Stretch, known: int, wanted: int) -> dict[str, float]:
    """The overlap with the true silhouette of frame `wanted`, by way."""
    truth = stretch.masks[wanted]
    ways = {
        "followed": followed(stretch, known, wanted),
        "kept": stretch.masks[known],
        "computed": unpacked(computed(stretch, wanted)["subject"]["mask"][0]),
    }
    return {way: overlap(mask, truth) for way, mask in ways.items()}


def measure_drawn() -> None:
    """Overlap by shot, and over all of them by distance."""
    total: dict[tuple[str, int], list[float]] = defaultdict(list)
    for name, shot in DRAWN.items():
        stretch = drawn(shot)
        for away in AWAY:
            both = [judged(stretch, MIDDLE, MIDDLE + way * away) for way in (-1, 1)]
            for way in both[0]:
                mean = float(np.mean([one[way] for one in both]))
                total[way, away].append(mean)
                say("following.drawn", mean, "IoU", shot=name, way=way, frames=away)
    for (way, away), values in total.items():
        say("following.drawn", float(np.mean(values)), "IoU", shot="all", way=way, frames=away)


def measure_real(assets: Path) -> None:
    """Overlap by film, and over all pairs by quarter of a second."""
    by_film: dict[tuple[str, str], list[float]] = defaultdict(list)
    by_distance: dict[tuple[str, float], list[float]] = defaultdict(list)
    for film, stretch in real(assets):
        unit = float(stretch.span.time_base)
        for one, other in pairs(sorted(stretch.masks), round(NEAR / unit)):
            upto = min(float(np.ceil(4 * (other - one) * unit - 0.05)) / 4, 1.0)
            for known, wanted in ((one, other), (other, one)):
                for way, value in judged(stretch, known, wanted).items():
                    by_film[film, way].append(value)
                    by_distance[way, upto].append(value)
    for (film, way), values in by_film.items():
        say("following.real", float(np.mean(values)), "IoU", film=film, way=way, of=len(values))
    for (way, upto), values in sorted(by_distance.items()):
        mean = float(np.mean(values))
        say("following.real", mean, "IoU", film="all", way=way, seconds=upto, of=len(values))


def measure_cost() -> None:
    """Processor time a frame, for one silhouette and for several that differ."""
    stretch = drawn(DRAWN["walks"])
    pictures = np.stack([frame.picture for frame in stretch.frames])
    for count in (1, 4, 8):
        masks = [np.roll(stretch.masks[MIDDLE], 3 * number, axis=1) for number in range(count)]
        start = row([Instance(1, 0.9, mask) for mask in masks]).reshape(1)
        for rate in (24, 48):
            seconds = np.arange(LENGTH) / rate
            follow(start, pictures, [MIDDLE], seconds)
            before = time.process_time()
            follow(start, pictures, [MIDDLE], seconds)
            spent = 1000 * (time.process_time() - before) / (LENGTH - 1)
            say("following.cost", spent, "ms a frame", silhouettes=count, rate=rate)


def page(stretch: Stretch, index: int) -> NDArray[np.uint8]:
    """Five pictures of a shot, a second around a frame, with what was followed from it in red."""
    rate = 1 / stretch.span.time_base
    frames = stretch.between(index - round(rate), index + round(rate))
    at = next(place for place, frame in enumerate(frames) if frame.index == index)
    seconds = np.array([float(frame.pts * stretch.span.time_base) for frame in frames])
    pictures = np.stack([frame.picture for frame in frames])
    rows = follow(computed(stretch, index), pictures, [at], seconds).rows
    height, width = pictures.shape[1:3]
    lines, columns = placed(height, width)
    tiles = []
    for away in (-1.0, -0.5, 0.0, 0.5, 1.0):
        place = int(np.abs(seconds - seconds[at] - away).argmin())
        tile = pictures[place].copy()
        cells = unpacked(rows["subject"]["mask"][place])[lines, columns].astype(np.uint8)
        large = cv2.resize(cells, (width, height), interpolation=cv2.INTER_NEAREST)
        outline, _ = cv2.findContours(large, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(tile, outline, -1, (255, 0, 0), 1)
        tiles.append(cv2.copyMakeBorder(tile, 0, 182 - height, 0, 322 - width, 0))
    return np.hstack(tiles)


def write(folder: Path, assets: Path) -> None:
    """Writes one picture a real shot."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (film, stretch) in enumerate(real(assets)):
        near = pairs(sorted(stretch.masks), round(NEAR / stretch.span.time_base))
        middle = near[len(near) // 2][0]
        cv2.imwrite(
            str(folder / f"{number:02}-{Path(film).stem}.png"), page(stretch, middle)[..., ::-1]
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=Path, default=Path("../shared/assets"))
    parser.add_argument("--pages", type=Path)
    options = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    if options.pages:
        write(options.pages, options.assets)
        return 0
    measure_cost()
    measure_drawn()
    if options.assets.is_dir():
        measure_real(options.assets)
    return 0


if __name__ == "__main__":
    sys.exit(main())
