"""What moves by itself at the end of A goes on at the start of B, whatever the cameras do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchcut.flavors._movement import ROW
from matchcut.flavors.action import FLAVOR
from matchcut.types import Evidence, Rows
from tests.moved.grounds import Cutout, drawn
from tests.moved.judged import acting, degrees_between
from tests.moved.moments import row_at, seconds_of
from tests.moved.rates import Rates
from tests.moved.takes import Actor, Plan, taken
from tests.textures import flat, texture

FOOTAGE = drawn(2)


def _thing() -> Cutout:
    """A round thing of rich texture, of which no part looks like another."""
    across, down = np.meshgrid(np.linspace(-1, 1, 96), np.linspace(-1, 1, 96))
    cover = (np.hypot(across, down) < 0.95).astype(np.float32)
    small = texture(11, 640, 640)[::4, ::4][:96, :96].astype(np.float32)
    return Cutout("thing", small * cover[..., None], cover)


THING = _thing()


def _acting(column: int, row: int, across: float, down: float, sure: float = 1.0) -> Rows:
    """A shot in which a blob of three cells each way moves."""
    shot = np.zeros(1, ROW)
    for side in ("before", "after"):
        shot[side]["subject"][..., row : row + 3, column : column + 3, :] = (across, down)
        shot[side]["sure"] = sure
    return shot


def _score(a: Rows, b: Rows) -> float:
    return float(FLAVOR.similarity.pairwise(a, b)[0, 0])


HAND = _acting(6, 3, 0.0, -0.4)


def test_a_hand_that_rises_goes_on_rising_at_the_same_place() -> None:
    assert _score(HAND, HAND) == 1


def test_a_cell_beside_still_matches_and_elsewhere_does_not() -> None:
    assert _score(HAND, _acting(7, 3, 0, -0.4)) > 0.75
    assert _score(HAND, _acting(7, 4, 0, -0.4)) > 0.5
    assert _score(HAND, _acting(12, 3, 0, -0.4)) == 0


def test_the_other_way_across_or_at_rest_is_no_match() -> None:
    assert _score(HAND, _acting(6, 3, 0, 0.4)) == 0
    assert _score(HAND, _acting(6, 3, 0.4, 0)) == 0
    assert _score(HAND, _acting(6, 3, 0, 0)) == 0
    assert _score(_acting(6, 3, 0, 0), _acting(6, 3, 0, 0)) == 0


def test_a_much_faster_action_matches_less() -> None:
    assert 0.9 > _score(HAND, _acting(6, 3, 0, -0.8)) > _score(HAND, _acting(6, 3, 0, -1.6)) > 0.2


def test_what_strays_from_a_camera_that_is_unknown_is_not_trusted() -> None:
    assert _score(HAND, _acting(6, 3, 0, -0.4, sure=0.05)) == 0
    assert 0 < _score(HAND, _acting(6, 3, 0, -0.4, sure=0.2)) < 0.7


def test_only_what_is_before_a_is_left_and_after_b_is_entered_counts() -> None:
    a, b = _acting(6, 3, 0, 0), _acting(6, 3, 0, 0)
    a["before"]["subject"] = HAND["before"]["subject"]
    b["after"]["subject"] = HAND["after"]["subject"]
    assert (_score(a, b), _score(b, a)) == (1, 0)


def _row(plan: Plan) -> Rows:
    """(1,) what is before the end of a take of a second, and after its start."""
    take = taken(plan)
    row = row_at(take.frames, take.span, take.span.end - 1)[None]
    row["after"] = row_at(take.frames, take.span, take.span.start)["after"]
    return row


def _plan(rates: Rates, own: complex | None) -> Plan:
    actor = None if own is None else Actor(THING, own=own, at=0, share=0.12)
    return Plan("made", FOOTAGE.stills[0], rates, seed=4, seconds=1.1, actor=actor)


CAMERAS = {
    "stands": Rates(),
    "pans along": Rates(pan=0.25),
    "pans against": Rates(pan=-0.2, tilt=0.1),
    "zooms": Rates(zoom=0.3),
    "rolls": Rates(roll=-0.3),
}


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("own", [0.3, -0.15 + 0.2j])
def test_the_way_of_a_subject_is_told_whatever_the_camera_does(camera: str, own: complex) -> None:
    take = taken(_plan(CAMERAS[camera], own))
    for moment in seconds_of(take.frames, take.span):
        told = acting(moment["subject"])
        assert degrees_between(told, own) < 20
        assert abs(told) == pytest.approx(abs(own), rel=0.35)


def test_the_same_action_before_two_cameras_matches_and_another_does_not() -> None:
    still, panned = (_row(_plan(CAMERAS[name], 0.3)) for name in ("stands", "pans against"))
    other = _row(_plan(CAMERAS["pans against"], -0.3j))
    assert _score(still, panned) > 0.6
    assert _score(still, other) < 0.2


@pytest.mark.parametrize("rates", [Rates(), Rates(pan=0.3), Rates(zoom=0.4), Rates(roll=0.5)])
def test_a_shaken_camera_that_shows_nothing_moving_has_no_action(rates: Rates) -> None:
    row = _row(replace(_plan(rates, None), shake=True))
    assert _score(row, row) == 0


def test_ground_that_flows_by_a_camera_that_moves_forward_is_no_action() -> None:
    from matchcut.flavors._frameflow import COLUMNS, ROWS, STANDS
    from matchcut.flavors._globalmotion import Pair
    from matchcut.flavors._residual import subject

    across, down = np.meshgrid(np.linspace(-0.5, 0.5, COLUMNS), np.linspace(-0.28, 0.28, ROWS))
    place = (across + 1j * down).astype(np.complex64)
    nearer = (np.abs(place) > 0.25).astype(np.float32)
    rich = np.full((ROWS, COLUMNS), 9, np.float32)

    def moved(flow: np.ndarray) -> np.ndarray:
        pair = Pair(place, flow.astype(np.complex64), rich, STANDS, 0.5)
        return subject([pair] * 3, [1 / 12] * 3, [1.0] * 3)

    assert not moved(0.05 * place * nearer).any()
    assert not moved(-0.05 * place * nearer).any()
    assert moved(0.02 * (place.real > 0.2)).any()


def test_the_reason_draws_arrows_only_where_something_moves() -> None:
    picture = flat(128, 128, 128)
    right = _acting(12, 2, 0.3, 0)
    drawn_arrows = FLAVOR.draw_reason(Evidence(picture, HAND), Evidence(picture, right))
    grey = np.ptp(drawn_arrows[:140].astype(int), axis=2) < 8
    assert grey[:, :90].all()
    assert not grey[60:120, 110:190].all()
    assert not grey[40:100, 240:310].all()
