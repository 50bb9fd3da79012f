"""A camera's movement at the end of A goes on at the start of B: the way, the speed, the kind."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from matchcut.flavors import flavor
from matchcut.flavors._movement import MOVEMENT, ROW
from matchcut.flavors.camera import FLAVOR
from matchcut.pipeline.frames import window
from matchcut.types import Evidence, Rows, Span
from tests.textures import as_frames, flat, moving

STATIC, AVERAGE = flavor("camera/static"), flavor("camera/average")


def _moving(*camera: float, sure: float = 1.0, shake: float = 0.0) -> Rows:
    """A shot that moves so from its start to its end: pan, tilt, zoom, roll."""
    row = np.zeros(1, ROW)
    for side in ("before", "after"):
        row[side]["camera"], row[side]["sure"], row[side]["shake"] = camera, sure, shake
    return row


def _score(a: Rows, b: Rows, similarity: object = FLAVOR.similarity) -> float:
    assert hasattr(similarity, "pairwise")
    return float(similarity.pairwise(a, b)[0, 0])


PAN, TILT = _moving(0.3, 0, 0, 0), _moving(0, 0.3, 0, 0)
ZOOM, ROLL = _moving(0, 0, 0.6, 0), _moving(0, 0, 0, 0.6)


@pytest.mark.parametrize("shot", [PAN, TILT, ZOOM, ROLL])
def test_a_movement_matches_itself_and_no_other_kind_nor_its_opposite(shot: Rows) -> None:
    assert _score(shot, shot) == 1
    back = shot.copy()
    for side in ("before", "after"):
        back[side]["camera"] *= -1
    assert _score(shot, back) == 0
    assert sum(_score(shot, other) > 0 for other in (PAN, TILT, ZOOM, ROLL)) == 1


def test_a_faster_pan_matches_less_than_one_of_like_speed() -> None:
    like, twice, whip = (_moving(speed, 0, 0, 0) for speed in (0.33, 0.6, 1.2))
    assert _score(PAN, like) > 0.9 > _score(PAN, twice) > 0.4 > _score(PAN, whip) > 0.2


def test_ten_degrees_off_still_matches_and_sixty_do_not() -> None:
    def turned(degrees: float) -> Rows:
        way = 0.3 * np.exp(1j * np.radians(degrees))
        return _moving(way.real, way.imag, 0, 0)

    assert _score(PAN, turned(10)) > 0.8 > _score(PAN, turned(30)) > 0.4
    assert _score(PAN, turned(61)) == 0


def test_standing_cameras_match_nothing_unless_they_are_asked_for() -> None:
    stands, shakes = _moving(0, 0, 0, 0), _moving(0, 0, 0, 0, shake=0.004)
    assert _score(stands, stands) == 0
    assert _score(stands, PAN) == 0
    score = STATIC.similarity
    assert _score(stands, stands, score) == 1
    assert 0 < _score(stands, shakes, score) < 0.3
    assert _score(stands, PAN, score) == _score(PAN, PAN, score) == 0


def test_what_is_hardly_sure_matches_less_and_what_is_unknown_not_at_all() -> None:
    doubtful, unknown = _moving(0.3, 0, 0, 0, sure=0.1), _moving(0.3, 0, 0, 0, sure=0)
    assert 0 < _score(PAN, doubtful) < 0.5
    assert _score(PAN, unknown) == 0
    black = _moving(0, 0, 0, 0, sure=0)
    assert _score(black, black, STATIC.similarity) == 0


@pytest.mark.parametrize("similarity", [FLAVOR.similarity, STATIC.similarity])
def test_only_what_is_before_a_is_left_and_after_b_is_entered_counts(similarity: object) -> None:
    a, b = _moving(0, 0, 0, 0), _moving(0, 0, 0, 0)
    a["before"]["camera"] = b["after"]["camera"] = (0.3, 0, 0, 0)
    there, back = (_score(*pair, similarity) for pair in ((a, b), (b, a)))
    assert sorted((there, back)) == [0, 1]


def _pan(seconds: float, across: float) -> Rows:
    frames = as_frames(moving(3, round(seconds * 24), across=across))
    span = Span(0, len(frames), Fraction(1, 24))
    middle = MOVEMENT.window(span, span.end // 2)
    return MOVEMENT.compute([window(frames, middle, span)])


def test_pans_over_pictures_match_by_direction_and_speed() -> None:
    slow, like, fast, back = (
        _pan(seconds, across) for seconds, across in ((3, 2.0), (1.5, 2.2), (2, 7.0), (2, -2.0))
    )
    assert _score(slow, like) > 0.85 > 0.4 > _score(slow, fast) > 0
    assert _score(slow, back) == 0


def test_the_published_way_sees_direction_alone_of_the_whole_shot() -> None:
    slow, fast, back = _pan(2, 2.0), _pan(2, 6.0), _pan(2, -2.0)
    assert _score(slow, fast, AVERAGE.similarity) > 0.9
    assert _score(slow, back, AVERAGE.similarity) < -0.9
    assert _score(slow, _pan(2, 0.0), AVERAGE.similarity) == 0


def test_the_reason_shows_the_movement_of_both_shots_in_their_colours() -> None:
    picture = flat(128, 128, 128)
    for one in (FLAVOR, STATIC, AVERAGE):
        drawn = one.draw_reason(Evidence(picture, _pan(1, 3.0)), Evidence(picture, _pan(1, 4.0)))
        red, blue = drawn[..., 0].astype(int), drawn[..., 2].astype(int)
        assert ((red - blue) > 100).sum() > 200
        assert ((blue - red) > 100).sum() > 200
