"""Shots of which the silhouette is known in several frames: drawn ones and real ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.media.decode import read_frames
from matchcut.media.probe import probe
from matchcut.silhouettes.canvas import on_canvas
from matchcut.types import Frame, Span, Window
from tests.film.draw import frame_at, mask_at
from tests.film.script import Camera, FilmPlan, Plate, ShotPlan, Subject
from tests.subjects import frames as listed

LENGTH, MIDDLE, RATE = 49, 24, Fraction(24)
"""Frames of a drawn shot, the known one among them, and frames a second."""
NEAR = 1.02
"""Seconds between two frames of a pair at most."""
PAIRS = 5
"""Pairs of one shot, about."""
STEADY = Camera(shake=0.0015)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A shot of a subject that may move through the picture by itself."""

    plate: tuple[str, str]
    subject: Subject
    camera: Camera = STEADY
    speed: float = 0.0
    """Widths of the picture a second."""
    size: tuple[int, int] = (320, 180)


def _walks(x: float, look: str, height: float = 0.7, pose: str = "walking") -> Subject:
    return Subject(pose, look, x, 0.6, height, motion=2)


DRAWN = {
    "waves": Drawn(("city", "dusk"), _walks(0.6, "white shirt", 0.82, "arms raised")),
    "talks": Drawn(("room", "oak"), Subject("close-up long hair", "lilac", 0.36, 0.56, 1.0)),
    "walks": Drawn(("hills", "autumn"), _walks(0.5, "teal knit"), speed=0.15),
    "runs": Drawn(("shelves", "oak"), _walks(0.5, "red coat"), speed=0.5),
    "leaves": Drawn(("city", "winter"), _walks(0.8, "charcoal coat"), speed=0.35),
    "drives": Drawn(("city", "overcast"), Subject("car", "taxi", 0.5, 0.72, 0.3), speed=0.4),
    "pan": Drawn(("coast", "golden"), _walks(0.5, "blue stripes"), Camera(pan=0.25)),
    "pan along": Drawn(
        ("forest", "autumn"),
        replace(_walks(0.5, "yellow raincoat"), follow=True),
        Camera(pan=0.35, shake=0.002),
    ),
    "push in": Drawn(("room", "rose"), _walks(0.5, "lilac", 0.6, "sitting"), Camera(zoom=0.3)),
    "pull out": Drawn(
        ("shelves", "slate"),
        Subject("close-up", "blue stripes", 0.6, 0.58, 0.96),
        Camera(zoom=-0.3),
    ),
    "tilt": Drawn(("hall", "slate"), _walks(0.4, "green check"), Camera(tilt=0.3, shake=0.002)),
    "shaky": Drawn(("bricks", "mint"), _walks(0.4, "red coat"), Camera(shake=0.02), 0.1),
    "far": Drawn(("dunes", "golden"), _walks(0.5, "charcoal coat", 0.3), speed=0.15),
    "alike": Drawn(("dunes", "golden"), _walks(0.5, "yellow raincoat"), speed=0.15),
    "upright": Drawn(("coast", "noon"), _walks(0.5, "red coat", 0.5), speed=0.3, size=(102, 180)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Frames of one shot, of some of which the silhouette is known."""

    frames: list[Frame]
    span: Span
    masks: dict[int, NDArray[np.bool_]]
    """(36, 64) by frame index."""

    def between(self, first: int, last: int) -> list[Frame]:
        """The frames from one index to another, both included."""
        return [frame for frame in self.frames if first <= frame.index <= last]


def drawn(shot: Drawn) -> Stretch:
    """A drawn shot; the silhouette of each of its frames is known."""
    width, height = shot.size
    frames, masks = [], {}
    for index in range(LENGTH):
        x = shot.subject.x + shot.speed * (index - MIDDLE) / float(RATE)
        plan = ShotPlan(
            "shot", Plate(*shot.plate, 7, 1.2), replace(shot.subject, x=x), shot.camera, LENGTH
        )
        film = FilmPlan((plan,), RATE, width, height)
        frames.append(Frame(index, index, frame_at(film, index)))
        masks[index] = on_canvas(mask_at(film, index), height, width)
    return Stretch(frames, Span(0, LENGTH, 1 / RATE), masks)


def real(assets: Path) -> Iterator[tuple[str, Stretch]]:
    """By film, the shots of which several frames within a second were drawn by hand."""
    by_file: dict[str, dict[tuple[int, int], dict[int, Sequence[Sequence[tuple[float, float]]]]]]
    by_file = defaultdict(lambda: defaultdict(dict))
    for entry in listed.listed(assets):
        if entry["polygons"]:
            by_file[entry["file"]][tuple(entry["shot"])][entry["frame"]] = entry["polygons"]
    for file, shots in sorted(by_file.items()):
        source = probe(assets / file)
        reach = round(NEAR * source.rate)
        wanted = {shot: at for shot, at in shots.items() if pairs(sorted(at), reach)}
        if not wanted:
            continue
        needed = {
            index
            for at in wanted.values()
            for pair in pairs(sorted(at), reach)
            for index in range(pair[0] - reach, pair[1] + reach + 1)
        }
        kept = []
        for frame in read_frames(assets / file, source):
            if frame.index in needed:
                kept.append(Frame(frame.index, frame.index, frame.picture))
            if frame.index >= max(needed):
                break
        for shot, at in wanted.items():
            span = Span(*shot, 1 / source.rate)
            inside = [frame for frame in kept if shot[0] <= frame.index < shot[1]]
            masks = {
                index: listed.Subject(
                    file, index, "", "", _alone(inside[0].picture), polygons
                ).truth()
                for index, polygons in at.items()
            }
            yield Path(file).name, Stretch(inside, span, masks)


def _alone(picture: NDArray[np.uint8]) -> Window:
    return Window(picture[None], np.zeros(1, np.int64), 1 / RATE, 0)


def pairs(indices: Sequence[int], reach: int) -> list[tuple[int, int]]:
    """Those pairs of frames that are at most `reach` frames apart, thinned out."""
    near = [(a, b) for a in indices for b in indices if 0 < b - a <= reach]
    return near[:: max(1, len(near) // PAIRS)]
