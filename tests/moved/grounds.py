"""What made takes are made of: real stills and clips of a standing camera, and cut-out subjects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.types import Picture
from tests.subjects.frames import annotated_in
from tests.textures import texture

STILLS = (
    ("motion/gopro_karma_drone.mp4", 60),
    ("motion/gopro_max_walk.mp4", 60),
    ("motion/gopro_max_walk.mp4", 250),
    ("motion/openshot_shaky_pan.avi", 150),
    ("motion/mdn_crystal_push_in.mp4", 60),
    ("odd/hdr10_1080p_10bit.mp4", 5),
    ("odd/vfr_slow_motion_7frames.mp4", 5),
    ("people/openshot_marathon.mp4", 60),
    ("people/sam2_01_dog.mp4", 60),
    ("people/sam2_05_juggle.mp4", 60),
    ("people/intel_one_by_one_person.mp4", 5),
    ("people/his_girl_friday_cc0.mp4", 60),
    ("shots/big_buck_bunny_10s.mp4", 5),
    ("shots/big_buck_bunny_10s.mp4", 60),
    ("shots/sintel_excerpt_26s_480p.mp4", 150),
    ("shots/sintel_excerpt_26s_480p.mp4", 250),
)
"""File and frame; rich in detail at very different sizes."""
CLIPS = (
    ("people/openshot_marathon.mp4", 0),
    ("people/sam2_01_dog.mp4", 100),
    ("people/sam2_05_juggle.mp4", 0),
)
"""File and first frame; the camera stands and things move before it."""
CLIP_FRAMES = 60
SUBJECTS = (
    ("video/people/sam2_05_juggle.mp4", 123),
    ("video/people/intel_asl_walk.mkv", 44),
    ("video/people/intel_one_by_one_person.mp4", 439),
    ("video/people/sam2_01_dog.mp4", 72),
    ("video/shots/big_buck_bunny_10s.mp4", 179),
    ("video/motion/mdn_flower.mp4", 145),
)
"""File and frame, as in `subjects.json`, which has their outline."""
_BLACK = 24
"""Brightness up to which a row or column counts as black bar."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies before the camera: larger than any picture of it."""

    name: str
    pictures: Sequence[Picture]
    """One of a still; of a clip the frames, which are shown one after the other, there and back."""

    def shown(self, frame: int) -> Picture:
        """The picture of the ground at a frame of the take, counted from its start."""
        last = len(self.pictures) - 1
        return self.pictures[last - abs(last - frame % (2 * last)) if last else 0]


@dataclass(frozen=True, slots=True)
class Cutout:
    """A subject without its background."""

    name: str
    picture: NDArray[np.float32]
    """(H, W, 3) 0 to 255, multiplied by `cover`."""
    cover: NDArray[np.float32]
    """(H, W) 0 to 1."""


@dataclass(frozen=True, slots=True)
class Footage:
    """All that takes are made of."""

    stills: Sequence[Ground]
    clips: Sequence[Ground]
    cutouts: Sequence[Cutout]


def real(assets: Path) -> Footage:
    """Stills, clips of a standing camera, and subjects cut out along their drawn outline."""
    clips = {file: range(first, first + CLIP_FRAMES) for file, first in CLIPS}
    found = []
    for file, frame in SUBJECTS:
        for subject in annotated_in(assets, file, frame):
            picture = subject.window.pictures[subject.window.centre]
            cover = (subject.drawn(*subject.size) > 0.5).astype(np.float32)
            found.append(_cut(f"{Path(file).stem} {frame}", picture, cover))
    return Footage(
        [_ground(assets / "video" / file, [frame]) for file, frame in STILLS],
        [_ground(assets / "video" / file, frames) for file, frames in clips.items()],
        found,
    )


def drawn(count: int = 4) -> Footage:
    """Textures and a plain figure, where there is no footage; nothing moves by itself."""
    grounds = [Ground(f"texture {seed}", [texture(seed, 1280, 720)]) for seed in range(count)]
    return Footage(grounds, grounds, [figure()])


def figure() -> Cutout:
    """A plain figure, where there is no footage."""
    picture, cover = np.zeros((160, 90, 3), np.uint8), np.zeros((160, 90), np.float32)
    for centre, axes, colour in (
        ((45, 105), (34, 55), (150, 30, 40)),
        ((45, 30), (20, 25), (235, 190, 160)),
    ):
        cv2.ellipse(picture, centre, axes, 0, 0, 360, colour, -1)
        cv2.ellipse(cover, centre, axes, 0, 0, 360, 1.0, -1)
    for line in range(60, 150, 12):
        cv2.line(picture, (10, line), (80, line + 8), (240, 220, 90), 3)
    return _cut("figure", picture, cover)


def _cut(name: str, picture: Picture, cover: NDArray[np.float32]) -> Cutout:
    down, across = (np.flatnonzero(cover.max(axis=axis)) for axis in (1, 0))
    place = np.s_[down[0] : down[-1] + 1, across[0] : across[-1] + 1]
    edge = ((2, 2), (2, 2))
    soft = cv2.GaussianBlur(np.pad(cover[place], edge), (0, 0), 0.7).astype(np.float32)
    seen = np.pad(picture[place].astype(np.float32), (*edge, (0, 0)), mode="edge")
    return Cutout(name, seen * soft[..., None], soft)


def _ground(path: Path, frames: Sequence[int]) -> Ground:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        pictures = []
        for index, frame in enumerate(container.decode(stream)):
            if index in frames:
                pictures.append(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
            if index >= frames[-1]:
                break
    light = pictures[0].max(axis=2) > _BLACK
    down, across = (np.flatnonzero(light.mean(axis=axis) > 0.3) for axis in (1, 0))
    # Two pixels off what may be a soft edge; whole numbers of 8, so that halves stay exact.
    top, left = down[0] + 2, across[0] + 2
    height, width = (down[-1] - 1 - top) // 8 * 8, (across[-1] - 1 - left) // 8 * 8
    place = np.s_[top : top + height, left : left + width]
    kept = [np.ascontiguousarray(picture[place]) for picture in pictures]
    return Ground(f"{path.stem} {frames[0]}", kept)
