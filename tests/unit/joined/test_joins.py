"""What a transition shows, picture by picture."""

from __future__ import annotations

import numpy as np
import pytest

from matchcut.types import Picture
from tests.joined.joins import joined, way
from tests.joined.script import SHAPES, Join, Shape

OLD: Picture = np.full((90, 160, 3), 40, np.uint8)
NEW: Picture = np.full((90, 160, 3), 200, np.uint8)


def means(join: Join) -> list[float]:
    return [float(joined(join, at, OLD, NEW).mean()) for at in range(join.frames)]


def test_a_dissolve_mixes_in_equal_steps_and_is_never_one_shot_alone() -> None:
    shown = means(Join("dissolve", 9, 4))
    assert shown == pytest.approx([40 + 160 * step / 10 for step in range(1, 10)], abs=0.6)


@pytest.mark.parametrize(("kind", "colour"), [("fade", 0), ("fade white", 255)])
def test_the_plain_pictures_of_a_fade_belong_to_the_one_transition(kind: str, colour: int) -> None:
    join = Join("fade" if kind == "fade" else "fade white", 15, 7, fall=5, rest=5)
    shown = means(join)
    assert [at for at, mean in enumerate(shown) if mean == colour] == [4, 5, 6, 7, 8, 9]
    # None of its pictures is a shot alone, but for the first a little of the old one remains.
    assert shown[0] == pytest.approx(40 + (colour - 40) / 5, abs=0.6)
    assert shown[-1] == pytest.approx(colour + (200 - colour) * 5 / 6, abs=0.6)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("soft", [0.0, 0.3])
def test_a_wipe_shows_both_shots_from_its_first_picture_to_its_last(
    shape: Shape, soft: float
) -> None:
    join = Join("wipe", 12, 6, shape=shape, soft=soft)
    shown = means(join)
    assert 40 < shown[0] < shown[-1] < 200
    assert shown == sorted(shown)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_wipe_reaches_every_pixel(shape: Shape) -> None:
    when = way(shape, 160, 90)
    assert when.shape == (90, 160)
    assert when.min() < 0.01
    assert when.max() > 0.98
    assert 0 <= when.min() <= when.max() <= 1
