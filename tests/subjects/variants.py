"""More frames than were drawn: crops of them, and their subjects before other backgrounds.

Every map is computed again from the changed pictures, since medians, ranks and borders change with
the crop. All is decided by a seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import COLUMNS, ROWS
from matchcut.silhouettes.cues import features, maps
from matchcut.types import Window
from tests.subjects.frames import Subject

_LEAST_SHOWN, _LEAST, _MOST = 0.7, 0.006, 0.75
"""A crop shows at least so much of the subject; it covers at least and at most so much of it."""

Pictures = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """What the training sees of one frame."""

    features: NDArray[np.float16]
    """(features.COUNT, 36, 64)."""
    picture: NDArray[np.uint8]
    """(h, w, 3) the picture of the maps."""
    share: NDArray[np.float16]
    """(36, 64) of each cell, how much the subject covers."""
    groups: frozenset[str]
    """Groups whose pixels are in it: it is left out together with any of them."""
    group: str
    """That of the subject."""


def sample(window: Window, share: NDArray[np.float32], groups: Sequence[str]) -> Sample:
    """A frame as the training sees it; the first of the groups is the subject's."""
    seen = maps.found(window)
    return Sample(
        features.features(seen).astype(np.float16),
        seen.picture,
        share.astype(np.float16),
        frozenset(groups),
        groups[0],
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What to make: a crop of a frame, or its subject before the background of another."""

    subject: Subject
    background: Subject | None
    seed: int


def changed(change: Change) -> Sample | None:
    """A sample of a change; None where nothing of the subject is left."""
    rng = np.random.default_rng(change.seed)
    if change.background is None:
        groups = [change.subject.group]
        window, covered = _cropped(change.subject, rng)
    else:
        groups = [change.subject.group, change.background.group]
        window, covered = _before(change.subject, change.background, rng)
    if covered.mean() < _LEAST:
        return None
    pictures, pts, centre = window.pictures, window.pts, window.centre
    if rng.random() < 0.12:
        pictures, pts, centre = pictures[centre : centre + 1], pts[centre : centre + 1], 0
    pictures = _looked(pictures, rng)
    if rng.random() < 0.5:
        pictures, covered = np.ascontiguousarray(pictures[:, :, ::-1]), covered[:, ::-1].copy()
    share = cv2.resize(covered, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    return sample(
        Window(pictures, pts, window.time_base, centre), np.asarray(share, np.float32), groups
    )


def _covered(subject: Subject, height: int, width: int) -> NDArray[np.float32]:
    return (subject.drawn(height, width) > 0.5).astype(np.float32)


def _cropped(subject: Subject, rng: np.random.Generator) -> tuple[Window, NDArray[np.float32]]:
    window = subject.window
    height, width = subject.size
    covered = _covered(subject, height, width)
    top, left, rows, columns = 0, 0, height, width
    for _ in range(20):
        size = rng.uniform(0.55, 1.0)
        tall, wide = int(height * size * rng.uniform(0.9, 1.0)), int(width * size)
        down, across = rng.integers(0, height - tall + 1), rng.integers(0, width - wide + 1)
        part = covered[down : down + tall, across : across + wide]
        if part.sum() > _LEAST_SHOWN * covered.sum() and part.mean() < _MOST:
            top, left, rows, columns = int(down), int(across), tall, wide
            break
    scale = min(180 / rows, 320 / columns)
    size_now = (max(int(columns * scale), 48), max(int(rows * scale), 48))
    place = np.s_[top : top + rows, left : left + columns]
    pictures = np.stack([cv2.resize(picture[place], size_now) for picture in window.pictures])
    shown = np.asarray(cv2.resize(covered[place], size_now), np.float32)
    return Window(pictures, window.pts, window.time_base, window.centre), shown


def _before(
    subject: Subject, background: Subject, rng: np.random.Generator
) -> tuple[Window, NDArray[np.float32]]:
    """The cut-out of a subject, scaled and moving, before frames that show nobody."""
    window = background.window
    height, width = background.size
    cut = subject.window.pictures[subject.window.centre].astype(np.float32)
    alpha = cv2.GaussianBlur(_covered(subject, *cut.shape[:2]), (0, 0), 0.8)
    stands = alpha[-2:].sum() > 3
    y, x = np.nonzero(alpha > 0.5)
    foot = y.max() if stands else (y.min() + y.max()) / 2
    middle = (x.min() + x.max()) / 2
    scale, flip = rng.uniform(0.55, 1.5), -1 if rng.random() < 0.5 else 1
    aside = rng.uniform(0.2, 0.8) * width
    down = height + rng.uniform(0, 8) if stands else rng.uniform(0.3, 0.8) * height
    speed = (rng.normal(0, 12), 0.0 if stands else rng.normal(0, 3), np.deg2rad(rng.normal(0, 4)))
    still = rng.random() < 0.3
    if rng.random() < 0.7:
        inside, outside = cut[alpha > 0.5].mean(), window.pictures.mean()
        cut = np.clip(cut * (1 + 0.6 * (outside / max(inside, 1) - 1)), 0, 255)
    pictures, covered = [], np.zeros((height, width), np.float32)
    for place, seconds in enumerate(window.seconds):
        at = 0.0 if still else float(seconds)
        angle = speed[2] * at
        turn = scale * np.array(
            [[flip * np.cos(angle), -np.sin(angle)], [flip * np.sin(angle), np.cos(angle)]]
        )
        goal = np.array([aside + speed[0] * at, down + speed[1] * at])
        affine = np.concatenate([turn, (goal - turn @ (middle, foot))[:, None]], axis=1)
        size = (width, height)
        front = cv2.warpAffine(cut, affine, size, borderMode=cv2.BORDER_REPLICATE)
        mask = cv2.warpAffine(alpha, affine, size)[..., None]
        pictures.append(np.clip(window.pictures[place] * (1 - mask) + front * mask, 0, 255))
        if place == window.centre:
            covered = np.asarray(mask[..., 0], np.float32)
    frames = np.stack(pictures).astype(np.uint8)
    return Window(frames, window.pts, window.time_base, window.centre), covered


def _looked(pictures: Pictures, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The pictures with another colour, contrast, sharpness and grain, alike in all frames."""
    light = pictures.astype(np.float32) / 255
    gray = light @ np.array([0.3, 0.59, 0.11], np.float32)
    if rng.random() < 0.25:
        light = np.repeat(gray[..., None], 3, axis=-1)
    else:
        light = gray[..., None] + (light - gray[..., None]) * rng.uniform(0.4, 1.3)
    light = np.clip(light, 0, 1) ** rng.uniform(0.7, 1.5)
    mean = light.mean()
    light = mean + (light - mean) * rng.uniform(0.6, 1.2) + rng.uniform(-0.08, 0.08)
    if rng.random() < 0.4:
        light = light * rng.uniform(0.85, 1.15, 3).astype(np.float32)
    if rng.random() < 0.3:
        soft = rng.uniform(0.5, 1.3)
        light = np.stack([cv2.GaussianBlur(each, (0, 0), soft) for each in light])
    if rng.random() < 0.4:
        light = light + rng.normal(0, rng.uniform(0.005, 0.03), light.shape).astype(np.float32)
    return (np.clip(light, 0, 1) * 255).astype(np.uint8)


def changes(subjects: Sequence[Subject], crops: int, composites: int, seed: int) -> list[Change]:
    """What to make of the frames: about so many crops a frame, and so many composites in all.

    Groups of few frames are cropped oftener, and every group gives as many cut-outs as any other.
    """
    rng = np.random.default_rng(seed)
    shown = [one for one in subjects if one.polygons]
    nobody = [one for one in subjects if not one.polygons]
    by_group: dict[str, list[Subject]] = {}
    for one in shown:
        by_group.setdefault(one.group, []).append(one)
    each = len(shown) / len(by_group)
    wanted = [
        Change(one, None, int(rng.integers(1 << 31)))
        for one in shown
        for _ in range(max(2, round(crops * (each / len(by_group[one.group])) ** 0.5)))
    ]
    groups = sorted(by_group)
    for _ in range(composites):
        members = by_group[groups[int(rng.integers(len(groups)))]]
        one = members[int(rng.integers(len(members)))]
        other = nobody[int(rng.integers(len(nobody)))]
        wanted.append(Change(one, other, int(rng.integers(1 << 31))))
    return wanted
