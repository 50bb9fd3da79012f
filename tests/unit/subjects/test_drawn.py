"""The frames that the weight-free silhouettes are trained on: drawn by hand, listed by film."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from matchcut.types import Window
from tests.subjects import variants
from tests.subjects.frames import DRAWN, Subject
from tests.textures import moving

FILES = sorted(DRAWN.glob("*.json"))
FORBIDDEN = ("psd_", "delayed_start_pts")
"""Films whose licence allows testing only."""


def frames() -> list[tuple[str, dict]]:
    films = [json.loads(path.read_text()) for path in FILES]
    return [(film["file"], frame) for film in films for frame in film["frames"]]


def test_enough_frames_are_drawn_and_every_kind_is_among_them():
    kinds = Counter(frame["kind"] for _, frame in frames())
    assert sum(kinds.values()) - kinds["none"] >= 150
    assert {"person", "people", "animal", "figure", "object", "none"} == set(kinds)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_frame_lies_in_its_shot_and_every_outline_in_the_picture(path: Path):
    film = json.loads(path.read_text())
    assert not film["file"].split("/")[-1].startswith(FORBIDDEN)
    numbers = [frame["frame"] for frame in film["frames"]]
    assert numbers == sorted(set(numbers))
    for frame in film["frames"]:
        start, end = frame["shot"]
        assert start <= frame["frame"] < end
        assert bool(frame["polygons"]) == (frame["kind"] != "none")
        for polygon in frame["polygons"]:
            corners = np.array(polygon)
            assert corners.shape[1] == 2
            assert len(corners) >= 3
            assert ((corners >= 0) & (corners <= 100)).all()


def subject(group: str, *polygons: list[tuple[float, float]]) -> Subject:
    pictures = np.stack(moving(len(group), 5, across=2))
    window = Window(pictures, np.arange(5), Fraction(1, 24), 2)
    return Subject("film.mp4", 2, "film", group, window, polygons)


BOX = [(30.0, 20.0), (60.0, 20.0), (60.0, 90.0), (30.0, 90.0)]


def test_the_same_seed_makes_the_same_sample():
    change = variants.Change(subject("one", BOX), subject("nobody in film"), 5)
    one, other = variants.changed(change), variants.changed(change)
    assert one is not None
    assert other is not None
    assert one.features.tobytes() == other.features.tobytes()
    assert one.share.tobytes() == other.share.tobytes()


def test_a_cut_out_is_left_out_together_with_the_film_behind_it():
    made = variants.changed(variants.Change(subject("one", BOX), subject("nobody in x"), 5))
    assert made is not None
    assert made.groups == {"one", "nobody in x"}
    assert made.group == "one"


def test_a_crop_still_shows_most_of_its_subject():
    whole = subject("one", BOX)
    for seed in range(5):
        made = variants.changed(variants.Change(whole, None, seed))
        assert made is not None
        assert 0.1 < made.share.astype(float).mean() < 0.8


def test_every_group_is_cropped_at_least_twice_a_frame():
    several = [subject("many", BOX)] * 6 + [subject("few", BOX), subject("nobody in film")]
    wanted = variants.changes(several, crops=2, composites=4, seed=1)
    crops = Counter(one.subject.group for one in wanted if one.background is None)
    assert crops["few"] >= 2
    assert crops["many"] >= 12
    assert sum(one.background is not None for one in wanted) == 4
