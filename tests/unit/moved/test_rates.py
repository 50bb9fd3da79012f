"""The truth about a camera's movement, against arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.moved.rates import Rates, Similarity

rate = st.floats(-1, 1)
point = st.builds(complex, st.floats(-0.5, 0.5), st.floats(-0.3, 0.3))


@pytest.mark.parametrize(
    ("rates", "start", "end"),
    [
        (Rates(pan=0.25), 0.1 + 0.1j, -0.4 + 0.1j),  # to the right: content goes left
        (Rates(tilt=0.1), 0.1 + 0j, 0.1 + 0.2j),  # up: content goes down
        (Rates(zoom=math.log(2) / 2), 0.1 - 0.2j, 0.2 - 0.4j),  # in: away from the centre
        (Rates(roll=math.pi / 4), 0.2 + 0j, -0.2j),  # clockwise: what was right is now above
        (Rates(), 0.3 + 0.1j, 0.3 + 0.1j),
    ],
)
def test_two_seconds_carry_a_point_where_the_hand_says(
    rates: Rates, start: complex, end: complex
) -> None:
    assert abs(rates.carried(2)(start) - end) < 1e-12


def test_a_subject_goes_its_own_way_besides_the_cameras() -> None:
    assert abs(Rates(pan=0.25).carried(2, own=0.25 + 0.1j)(0) - 0.2j) < 1e-12


@given(rate, rate, rate, rate, st.floats(-2, 2), st.floats(-2, 2), point)
def test_going_on_is_the_same_as_going_at_once(
    pan: float, tilt: float, zoom: float, roll: float, first: float, then: float, start: complex
) -> None:
    rates = Rates(pan, tilt, zoom, roll)
    at_once = rates.carried(first + then)(start)
    step_by_step = rates.carried(then).after(rates.carried(first))(start)
    assert abs(at_once - step_by_step) < 1e-6 * (1 + abs(at_once))


@given(rate, rate, rate, rate, point)
def test_the_flow_is_how_fast_a_point_is_carried(
    pan: float, tilt: float, zoom: float, roll: float, start: complex
) -> None:
    rates = Rates(pan, tilt, zoom, roll)
    step = 1e-5
    moved = rates.carried(step)(start) - rates.carried(-step)(start)
    assert abs(moved / (2 * step) - rates.flow(start)) < 1e-5


@given(rate, rate, point)
def test_the_way_back_undoes_the_way(zoom: float, roll: float, start: complex) -> None:
    way = Rates(0.2, -0.1, zoom, roll).carried(1.5)
    assert abs(way.inverse()(way(start)) - start) < 1e-9


def test_the_matrix_is_the_same_map() -> None:
    way = Similarity(0.5 + 0.25j, 3 - 2j)
    across, down = way.matrix() @ np.array([4.0, 7.0, 1.0])
    assert complex(across, down) == way(4 + 7j)
