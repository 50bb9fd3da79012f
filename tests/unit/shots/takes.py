"""Takes drawn for tests of shot detection, and what is said of a film that is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.shots import combined
from matchcut.shots._combined import graph, network
from matchcut.types import Picture, Transition
from tests.film.draw import frame_at
from tests.film.script import Camera, FilmPlan, Plate, ShotPlan, Subject

WIDTH, HEIGHT = 320, 180
Film = list[Picture]

_HELD, _PAN, _PUSH = Camera(shake=0.0015), Camera(pan=0.12), Camera(zoom=0.15)
_TAKES: dict[str, tuple[Plate, Subject | None, Camera]] = {
    "ada": (
        Plate("room", "oak", 31, 2.2),
        Subject("close-up long hair", "lilac", 0.36, 0.56, 1.0),
        _HELD,
    ),
    "coat": (
        Plate("hall", "slate", 6, 1.5),
        Subject("standing", "yellow raincoat", 0.40, 0.54, 0.80),
        _HELD,
    ),
    "car": (Plate("city", "winter", 13), Subject("car", "red saloon", 0.46, 0.72, 0.34), _HELD),
    "tree": (Plate("hills", "noon", 16), Subject("tree", "blossom", 0.32, 0.50, 0.80), _HELD),
    "city": (Plate("city", "overcast", 5), None, _PAN),
    "coast": (Plate("coast", "golden", 7), None, _PAN),
    "forest": (Plate("forest", "autumn", 9), None, _PUSH),
    "books": (Plate("shelves", "mint", 12), None, _PUSH),
}


@lru_cache(maxsize=32)
def _drawn(name: str, frames: int) -> tuple[Picture, ...]:
    plate, subject, camera = _TAKES[name]
    shot = ShotPlan(name, plate, subject, camera, frames)
    plan = FilmPlan((shot,), width=WIDTH, height=HEIGHT)
    return tuple(frame_at(plan, frame) for frame in range(frames))


def take(name: str, frames: int) -> Film:
    """So many pictures of a take, (180, 320, 3), at 24 a second: a place, perhaps someone in it."""
    return list(_drawn(name, frames))


_network = cache(network.network)


@lru_cache(maxsize=64)
def _said(window: bytes) -> network.Chances:
    frames = np.frombuffer(window, np.uint8).reshape(-1, graph.HEIGHT, graph.WIDTH, 3)
    return _network().begin(frames)()


class _Remembering:
    """The real network, which works once on each window."""

    def begin(self, window: NDArray[np.uint8], /) -> network.Pending:
        said = _said(window.tobytes())
        return lambda: said


def still_jump(name: str, *, moved: float, at: int, frames: int) -> Film:
    """A take without its middle: from `at` on the person stands `moved` widths further right."""
    plate, subject, camera = _TAKES[name]
    assert subject is not None
    there = replace(subject, x=subject.x + moved)
    shots = (
        ShotPlan("before", plate, subject, camera, at),
        ShotPlan("after", plate, there, camera, frames - at, phase=1.0),
    )
    plan = FilmPlan(shots, width=WIDTH, height=HEIGHT)
    return [frame_at(plan, frame) for frame in range(frames)]


def found(film: Sequence[Picture]) -> list[Transition]:
    """What the default detector says of a film."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "network", _Remembering)
        reading = combined.DETECTOR.begin()
        answers = [*(reading.push(picture) for picture in film), reading.finish()]
    return [one for answer in answers for one in answer.transitions]


def cuts(film: Sequence[Picture]) -> list[int]:
    """The cuts that the default detector finds in a film."""
    return [one.cut for one in found(film)]


def believed(film: Sequence[Picture]) -> network.Chances:
    """(T, 2) what the network says of a film of at most 150 frames."""
    size = (graph.WIDTH, graph.HEIGHT)
    small = [np.asarray(cv2.resize(one, size, interpolation=cv2.INTER_AREA)) for one in film]
    whole = next(size for size in network.WINDOWS if len(film) + 2 * network.PAD <= size)
    after = whole - network.PAD - len(small)
    window = np.stack([small[0]] * network.PAD + small + [small[-1]] * after)
    return _said(window.tobytes())[network.PAD :][: len(small)]


def cuts_of_network(film: Sequence[Picture]) -> list[int]:
    """The cuts that the network alone finds: runs of `middle` over 0.5, as its authors read it."""
    middle = believed(film)[:, 0]
    edges = np.flatnonzero(np.diff(np.concatenate([[False], middle > 0.5, [False]])))
    peaks = [first + int(np.argmax(middle[first:end])) for first, end in edges.reshape(-1, 2)]
    return [peak + 1 for peak in peaks if peak + 1 < len(film)]
