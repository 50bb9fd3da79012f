"""The figures by which movement is judged, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.moved import judged
from tests.moved.grounds import drawn
from tests.moved.rates import Rates
from tests.moved.takes import Plan, taken


def test_average_precision_is_one_only_where_all_that_is_alike_comes_first() -> None:
    scores = np.array([0.9, 0.8, 0.7, 0.6], np.float32)
    assert judged.average_precision(scores, np.array([True, True, False, False])) == 1
    by_hand = (1 / 2 + 2 / 4) / 2
    assert judged.average_precision(scores, np.array([False, True, False, True])) == by_hand


def test_scoring_all_alike_earns_nothing() -> None:
    same = np.zeros(4, np.float32)
    by_hand = (1 / 3 + 2 / 4) / 2
    assert judged.average_precision(same, np.array([True, True, False, False])) == by_hand
    assert judged.rank(same, 0) == 4


def test_an_angle_does_not_depend_on_the_side_and_nothing_is_never_right() -> None:
    assert judged.degrees_between(1 + 1j, 2) == pytest.approx(45)
    assert judged.degrees_between(1 - 1j, 2) == pytest.approx(45)
    assert judged.degrees_between(-1, 1) == pytest.approx(180)
    assert judged.degrees_between(0, 1) == 180


def test_correlations_are_one_for_what_grows_together_and_zero_for_what_stands() -> None:
    grows = np.array([1.0, 2.0, 3.0, 4.0])
    assert judged.correlation(grows, 3 * grows + 1) == pytest.approx(1)
    assert judged.correlation(grows, np.ones(4)) == 0
    assert judged.rank_correlation(grows, np.exp(grows)) == pytest.approx(1)


@pytest.mark.parametrize(
    "rates", [Rates(0.3, -0.2), Rates(zoom=0.5), Rates(roll=-0.4), Rates(0.1, 0.2, -0.3, 0.4)]
)
def test_the_naive_way_finds_the_rates_of_a_flow_that_is_only_the_cameras(rates: Rates) -> None:
    flow = np.zeros((9, 16, 2), np.float32)
    for row, column in np.ndindex(9, 16):
        point = complex((column + 0.5) / 16 - 0.5, ((row + 0.5) / 9 - 0.5) * 9 / 16)
        way = rates.flow(point)
        flow[row, column] = way.real, way.imag
    assert judged.least_squares(flow) == pytest.approx(rates.vector, abs=1e-6)


def test_the_naive_way_sees_a_plain_pan() -> None:
    take = taken(Plan("pan", drawn(1).stills[0], Rates(pan=0.2), seconds=0.6))
    flow = judged.plain_flow(take.frames, float(take.span.time_base), 0, 0.5)
    pan, tilt, zoom, roll = judged.least_squares(flow).tolist()
    assert pan == pytest.approx(0.2, abs=0.03)
    assert max(abs(tilt), abs(zoom), abs(roll)) < 0.06


def test_a_field_tells_the_way_of_what_moves_and_not_of_the_rest() -> None:
    field = np.zeros((9, 16, 2), np.float16)
    assert judged.acting(field) == 0
    field[2:5, 3:6] = (0.25, -0.125)
    assert judged.acting(field) == 0.25 - 0.125j
