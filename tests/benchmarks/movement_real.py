"""Movement on real clips of which something is known: that the camera stands, or how it turned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._movement import kind
from matchcut.silhouettes.canvas import fitted
from matchcut.types import Frame, Rows, Span
from tests.benchmarks.lines import say
from tests.moved import gpmf, judged
from tests.moved.moments import MIDDLE, seconds_of

STANDING = (
    ("motion/mdn_flower.mp4", "a flower opens, in time lapse"),
    ("motion/tlrender_train_pan_Dinky.m4v", "a train fills the picture and leaves it"),
    ("people/sam2_01_dog.mp4", "a dog runs across"),
    ("people/sam2_05_juggle.mp4", "a man juggles a ball"),
    ("people/openshot_marathon.mp4", "many runners come nearer"),
    ("people/intel_one_by_one_person.mp4", "people walk in, ten frames a second"),
    ("people/intel_asl_book.mkv", "a woman signs, near the camera"),
    ("people/intel_asl_walk.mkv", "a woman signs, near the camera"),
)
"""Clips whose camera stands from the first frame to the last. Corners of the background move by
less than 0.002 picture widths a second; in the train's clip, the sign at the upper right, whatever
the file is called."""
_LONG, _STEP = 1.5, 0.75
"""Seconds of a window of a standing clip, and from one to the next."""
_GYRO_LONG, _GYRO_STEP = 0.5, 0.25
"""Seconds, so short that the three moments of a window see the same frames."""
_LONGEST_CLIP = 33.0
GYRO = ("motion/gopro_karma_drone.mp4", "motion/gopro_max_walk.mp4")
AXES = (("pan", 0, 2), ("tilt", 1, 0), ("roll", 3, 1))
"""Rate, its place in the estimate, and the gyroscope's axis: upright, across, the way it looks."""


def clip(path: Path) -> tuple[list[Frame], Fraction]:
    """The frames of a file as the pipeline hands them over, and the time base."""
    frames = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        base = Fraction(stream.time_base or 1)
        for index, frame in enumerate(container.decode(stream)):
            if frame.pts is None or frame.pts * base > _LONGEST_CLIP:
                break
            picture = frame.to_ndarray(format="rgb24")
            height, width = fitted(picture.shape[0], picture.shape[1], 180, 320)
            small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
            frames.append(Frame(index, frame.pts, np.asarray(small, np.uint8)))
    return frames, base


def stretches(
    frames: list[Frame], base: Fraction, lasting: float, step: float
) -> Iterator[tuple[float, float, Rows]]:
    """First and last second of each stretch of a clip, and what the estimator tells."""
    start, last = frames[0].pts, frames[-1].pts
    while start + lasting / float(base) <= last:
        end = start + round(lasting / float(base))
        inside = [one for one in frames if start <= one.pts < end]
        span = Span(start, end, base)
        told = seconds_of(inside, span)
        yield float(inside[0].pts * base), float(inside[-1].pts * base), told
        start += round(step / float(base))


def _lasting(frames: list[Frame], base: Fraction) -> float:
    return float((frames[-1].pts - frames[0].pts) * base)


def standing(assets: Path) -> list[Any]:
    """What is said of cameras that stand, at every moment of every stretch."""
    for file, shows in STANDING:
        frames, base = clip(assets / "video" / file)
        ours: Counter[str] = Counter()
        naive: Counter[str] = Counter()
        for start, end, row in stretches(frames, base, _LONG, _STEP):
            ours.update(kind(rates) for rates in row["camera"])
            flow = judged.plain_flow(frames, float(base), start, end)
            naive[kind(judged.least_squares(flow))] += 1
        for way, kinds in (("real", ours), ("real.naive", naive)):
            say(f"{way}.standing", kinds["static"] / kinds.total(), "share called static",
                clip=Path(file).stem, shows=shows, moments=kinds.total(),
                kinds=dict(kinds))  # fmt: skip
        whole = next(stretches(frames, base, _lasting(frames, base), 1.0))[2]
        told = [kind(rates) for rates in whole["camera"]]
        say("real.standing, the clip as one shot", told.count("static") / len(told),
            "share called static", clip=Path(file).stem, moments=told)  # fmt: skip
    return []


def gyro(assets: Path) -> list[Any]:
    """The camera's turning as estimated, against what its own gyroscope measured."""
    for file in GYRO:
        path = assets / "video" / file
        frames, base = clip(path)
        measured, oriented = gpmf.gyroscope(path), gpmf.orientation(path)
        estimates, body, picture = [], [], []
        for start, end, row in stretches(frames, base, _GYRO_LONG, _GYRO_STEP):
            if end > measured.seconds[-1]:
                break
            estimates.append(row["camera"][MIDDLE])
            body.append(measured.turned(start, end))
            if oriented is not None:
                picture.append(oriented.turned(start, end))
        _say_axes("gyro", path.stem, np.array(estimates), np.array(body))
        if oriented is not None:
            # As far as the camera itself says, what is left after its own stabilisation.
            _say_axes("gyro.stabilised", path.stem, np.array(estimates), np.array(picture))
            for name, _, axis in AXES:
                left = _spread(np.array(picture)[:, axis]) / _spread(np.array(body)[:, axis])
                say(f"gyro.left.{name}", left, "share of the turning that stabilisation leaves",
                    clip=path.stem, windows=len(picture))  # fmt: skip
    return []


def _spread(values: NDArray[np.float64]) -> float:
    """Between the quartiles: one whip at a clip's end does not decide it."""
    low, high = np.percentile(values, (25, 75))
    return float(high - low)


def _say_axes(
    way: str, name: str, estimates: NDArray[np.float64], turned: NDArray[np.float64]
) -> None:
    for rate, place, axis in AXES:
        ours, theirs = estimates[:, place], turned[:, axis]
        each = [judged.correlation(ours, other) for other in turned.T]
        slope = float(np.polyfit(theirs, ours, 1)[0])
        say(f"{way}.{rate}", each[axis], "Pearson's correlation",
            clip=name, windows=len(ours), seconds_each=_GYRO_LONG,
            rank=round(judged.rank_correlation(ours, theirs), 3),
            slope=round(slope, 3),
            about=dict(zip("xyz", (round(one, 3) for one in each), strict=True)),
            spread_estimated=round(_spread(ours), 4),
            spread_measured=round(_spread(theirs), 4))  # fmt: skip
