"""A reframing as Blender's transform, against the definition of a reframing."""

from __future__ import annotations

from math import cos, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchcut.reframing import affine
from matchcut_blender.plain.matches import Reframing
from matchcut_blender.plain.transforms import Size, Transform, fitted, reframed, upright

SHAPES = [(1920, 1080), (640, 480), (1920, 804), (1080, 1920), (4096, 2160)]


def moved(place: tuple[float, float], own: Transform, pixels: Size) -> np.ndarray:
    """Where Blender shows a place of a picture (shares of its size from its middle, y down).

    As was measured by rendering: scaled, turned counter-clockwise, shifted right and up, mirrored.

    Returns:
        Pixels of the scene from its middle, y down.
    """
    x, y = place[0] * pixels[0] * own.scale_x, -place[1] * pixels[1] * own.scale_y
    turn = own.rotation
    x, y = x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)
    x, y = x + own.offset_x, y + own.offset_y
    return np.array([-x if own.flip_x else x, -y])


@given(
    scale=st.floats(1, 1.4),
    rotation=st.floats(-5, 5),
    right=st.floats(-0.2, 0.2),
    down=st.floats(-0.2, 0.2),
    flop=st.booleans(),
    shown=st.sampled_from(SHAPES),
    scene=st.sampled_from(SHAPES),
    squeeze=st.sampled_from([1.0, 0.5, 0.75]),
    place=st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5)),
)
def test_every_place_of_a_picture_comes_to_lie_where_the_reframing_says(
    scale: float,
    rotation: float,
    right: float,
    down: float,
    flop: bool,
    shown: Size,
    scene: Size,
    squeeze: float,
    place: tuple[float, float],
) -> None:
    pixels = (round(shown[0] * squeeze), shown[1])
    reframing = Reframing(False, scale, rotation, right, down, flop, 0.0, 1.0)
    # The definition, on a 16:9 screen of width 1 into which the picture is fitted.
    wide = min(1.0, shown[0] / shown[1] * 9 / 16)
    matrix = affine(scale, rotation, right, down, flop)
    on_screen = matrix @ [place[0] * wide, place[1] * wide * shown[1] / shown[0], 1]
    # A scene shows the fitted picture as large as it has room for.
    width = min(scene[0], scene[1] * shown[0] / shown[1]) / wide
    got = moved(place, reframed(reframing, pixels, shown, scene), pixels)
    np.testing.assert_allclose(got, on_screen * width, atol=1e-6 * width)


@pytest.mark.parametrize("scene", SHAPES)
@pytest.mark.parametrize("shown", SHAPES)
def test_a_picture_that_is_not_reframed_is_fitted_and_centred(shown: Size, scene: Size) -> None:
    plain = fitted(shown, shown, scene)
    size = plain.scale_x * shown[0], plain.scale_y * shown[1]
    assert size[0] == pytest.approx(scene[0]) or size[1] == pytest.approx(scene[1])
    assert max(size[0] - scene[0], size[1] - scene[1]) < 1e-6
    assert (plain.rotation, plain.offset_x, plain.offset_y, plain.flip_x) == (0, 0, 0, False)


def test_a_picture_that_blender_leaves_lying_keeps_its_shape() -> None:
    assert upright((1920, 1080), (1080, 1920)) == (1920, 1080)
    assert upright((1080, 1920), (1080, 1920)) == (1080, 1920)
    assert upright((720, 576), (1024, 576)) == (1024, 576)


def test_what_32_bits_do_to_a_number_makes_no_other_place() -> None:
    one = Transform(1.2741, 1.2741, 0.0064, -27.408, -19.104, False)
    floats = np.float32([one.scale_x, one.scale_y, one.rotation, one.offset_x, one.offset_y])
    assert one.near(Transform(*map(float, floats), False))
    assert not one.near(Transform(1.28, 1.28, 0.0064, -27.408, -19.104, False))
    assert not one.near(Transform(1.2741, 1.2741, 0.0064, -27.408, -19.104, True))
