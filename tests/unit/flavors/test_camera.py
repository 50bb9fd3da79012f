"""The camera flavor measures movement, not how long a shot is."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from matchcut.flavors.camera import FLAVOR
from matchcut.pipeline.frames import window
from matchcut.types import Frame, Span
from tests.textures import as_frames, moving

RATE = 24


def _pan(seconds: int, across: float, *, every: int = 1) -> np.ndarray:
    """The row of a pan by `across` pixels a frame; of the frames every n-th is kept."""
    frames = as_frames(moving(3, seconds * RATE, across=across), 1000)
    kept: list[Frame] = frames[::every]
    span = Span(0, seconds * RATE * 1000, Fraction(1, RATE * 1000))
    [request] = FLAVOR.representation.windows(span)
    return FLAVOR.representation.compute([window(kept, request, span)])


@pytest.mark.parametrize("across", [2.0, 4.0, -6.0])
def test_the_same_pan_gives_the_same_row_however_long_the_shot_is(across: float) -> None:
    speed = -across * RATE / 320
    rows = [_pan(seconds, across) for seconds in (1, 4, 10)]
    for row in rows:
        assert row[0, ..., 0].mean() == pytest.approx(speed, rel=0.1)
        assert abs(row[0, ..., 1].mean()) < 0.02
        assert FLAVOR.similarity.pairwise(rows[0], row)[0, 0] > 0.97


def test_a_long_take_of_which_few_frames_are_kept_still_has_its_direction() -> None:
    row = _pan(40, 1.0, every=12)
    assert row[0, ..., 0].mean() == pytest.approx(-1.0 * RATE / 320, rel=0.15)


def test_a_faster_pan_matches_less_than_one_of_like_speed() -> None:
    slow, like, fast = _pan(3, 2.0), _pan(5, 2.2), _pan(3, 7.0)
    score = FLAVOR.similarity.pairwise
    assert score(slow, like)[0, 0] > score(slow, fast)[0, 0] > 0
