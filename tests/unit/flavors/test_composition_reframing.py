"""Circles, horizons and lines are brought over each other by moving one of two pictures."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest

from matchcut import reframing
from matchcut.flavors import _arrangement as made
from matchcut.flavors import _composition_reframing as at_once
from matchcut.flavors._composition_reframing import Recomposable, flopped
from matchcut.flavors._recomposed import moved
from matchcut.flavors.composition import FLAVOR, SameComposition
from matchcut.reframing import SCREEN, covers, worthwhile
from matchcut.reframing import moved as picture_moved
from matchcut.types import Picture, Reframing, Rows, Window
from tests.planted import places, planted
from tests.textures import flat, texture

assert FLAVOR.reframe is not None
FIND, MOVE, ROUGHLY = FLAVOR.reframe.find, FLAVOR.reframe.move, FLAVOR.reframe.similarity
PUSHED = Reframing("incoming", 1.3, 3.0, 0.06, -0.04, False, 0.0, 1.0)
FLOPPED = Reframing("incoming", 1.15, 0.0, -0.03, 0.02, True, 0.0, 1.0)


def _row(picture: Picture) -> Rows:
    window = Window(picture[None], np.zeros(1, np.int64), Fraction(1, 24), 0)
    return FLAVOR.representation.compute([window])


def _disc(x: int, y: int, radius: int, size: tuple[int, int] = (180, 320)) -> Picture:
    picture = np.full((*size, 3), 20, np.uint8)
    cv2.circle(picture, (x, y), radius, (220, 220, 220), -1, cv2.LINE_AA)
    return picture


def _score(one: Rows, other: Rows) -> float:
    return float(SameComposition().pairwise(one, other)[0, 0])


@pytest.mark.parametrize("reframing", [PUSHED, FLOPPED], ids=["pushed", "flopped"])
@pytest.mark.parametrize("kind", ["circle", "horizon", "lines"])
def test_a_moved_row_is_that_of_the_moved_picture(kind: str, reframing: Reframing) -> None:
    picture = planted(places(kind)[3], flat(230, 230, 230), flat(60, 60, 60))
    before = _row(picture)
    after, expected = moved(before, SCREEN, reframing), _row(picture_moved(picture, reframing))
    assert _score(after, expected) > 0.6
    assert _score(before, expected) < 0.3


def test_masses_move_along() -> None:
    picture = _disc(100, 60, 30)
    after = moved(_row(picture), SCREEN, FLOPPED)
    expected = _row(picture_moved(picture, FLOPPED))
    assert made.same_masses(after, expected)[0, 0] > 0.6 * made.same_masses(expected, expected)
    assert abs(int(after["masses"].sum())) <= 80, "shares of all weight, less an even spread"


@pytest.mark.parametrize("shape", range(0, 18, 3))
def test_a_circle_is_brought_onto_one_of_another_size_at_another_place(shape: int) -> None:
    picture = planted(places("circle")[shape], texture(1), texture(2))
    here, there = _row(picture), _row(picture_moved(picture, PUSHED))
    found = FIND(there, here, (SCREEN, SCREEN), None)
    if found is None:
        # What is hardly seen any more cannot be found again.
        assert there["circles"]["strength"].max() < 0.2
        return
    assert found.side == "incoming"
    assert found.scale == pytest.approx(PUSHED.scale, rel=0.05)
    assert covers(found, SCREEN)
    circle, wanted = moved(here, SCREEN, found)["circles"][0, 0], there["circles"][0, 0]
    assert abs(circle["x"] - wanted["x"]) < 0.02
    assert abs(circle["y"] - wanted["y"]) < 0.02
    assert found.before == _score(there, here)
    assert found.after == _score(there, MOVE(here, SCREEN, found))
    assert worthwhile(found)


def test_a_horizon_is_levelled_onto_the_other_one() -> None:
    level = planted(places("horizon")[7], flat(220, 220, 220), flat(60, 60, 60))
    tilted = picture_moved(level, Reframing("incoming", 1.25, 4.0, 0.0, 0.05, False, 0.0, 1.0))
    found = FIND(_row(tilted), _row(level), (SCREEN, SCREEN), None)
    assert found is not None
    sign = 1 if found.side == "incoming" else -1
    assert sign * found.rotation == pytest.approx(4, abs=1)
    assert found.after > 0.6 > found.before


@pytest.mark.parametrize("aspect", [SCREEN, 2.39, 9 / 16])
def test_many_moves_at_once_are_what_each_is_alone(aspect: float) -> None:
    draw = np.random.default_rng(7)
    wishes = draw.uniform((0.9, -9, -0.3, -0.2), (1.6, 9, 0.3, 0.2), (200, 4))
    wishes[0] = (1, 0, 0, 0)
    moves = at_once.admissible(wishes, aspect)
    for wish, move in zip(wishes.tolist(), moves.tolist(), strict=True):
        assert move == pytest.approx(reframing.admissible(*wish, aspect), abs=1.01e-4)
    for flop in (False, True):
        alone = [reframing.affine(*move, flop) for move in moves.tolist()]
        assert at_once.affine(moves, flop) == pytest.approx(np.array(alone))
        efforts = [reframing.effort(*move, flop) for move in moves.tolist()]
        assert at_once.effort(moves, flop) == pytest.approx(efforts)


def test_a_match_that_is_as_good_as_it_is_stays_as_it_is() -> None:
    row = _row(_disc(200, 80, 36))
    assert FIND(row, row, (SCREEN, SCREEN), None) is None


def test_flat_pictures_are_not_reframed() -> None:
    nothing = _row(flat(90, 90, 90))
    assert FIND(nothing, nothing, (SCREEN, SCREEN), None) is None
    assert FIND(nothing, _row(_disc(200, 80, 36)), (SCREEN, SCREEN), None) is None
    assert np.array_equal(moved(nothing, SCREEN, PUSHED)["lines"], nothing["lines"])


def test_pictures_of_other_shapes_are_moved_within_their_own_place() -> None:
    scope, tall = _disc(130, 70, 30, (134, 320)), _disc(50, 80, 30, (180, 101))
    aspects = 320 / 134, 101 / 180
    found = FIND(_row(scope), _row(tall), aspects, None)
    assert found is not None
    assert covers(found, aspects[0] if found.side == "outgoing" else aspects[1])


def test_what_is_cut_off_leads_less() -> None:
    row = np.zeros(1, made.ROW)
    row["lines"][0, 0] = (0.0, 0.1, 1.0, 0.0, 0.45, 0.9)
    row["circles"][0, 0] = (0.35, 0.0, 0.1, 0.8)
    row["total"] = 0.9
    out = Reframing("incoming", 1.4, 0.0, 0.19, 0.0, False, 0.0, 1.0)
    after = moved(row, SCREEN, out)
    assert after["circles"]["strength"][0, 0] == 0, "it lies outside"
    line = after["lines"][0, 0]
    assert line["x"] + line["half"] == pytest.approx(0.5, abs=1e-5)
    assert line["y"] == pytest.approx(0.14)
    assert after["total"] == pytest.approx(line["strength"])


# Roughly, for all pairs


def test_reframing_never_lowers_a_score_and_helps_who_could_be_brought_together() -> None:
    discs = [(200, 80, 36), (120, 80, 36), (190, 84, 42), (60, 120, 15)]
    rows = np.concatenate([*(_row(_disc(*one)) for one in discs), _row(texture(3))])
    plain, scores = SameComposition().pairwise(rows, rows), ROUGHLY.pairwise(rows, rows)
    assert (scores >= plain).all()
    assert np.array_equal(scores, scores.T)
    assert scores.max() <= ROUGHLY.highest
    assert scores[0, 1] > plain[0, 1] + 0.5, "on the other side: flopped"
    assert scores[0, 2] > plain[0, 2] + 0.1, "a little larger"
    assert scores[0, 3] < plain[0, 3] + 0.01, "too small and too far away"
    for one in range(len(rows)):
        part = ROUGHLY.pairwise(rows[one : one + 1], rows[1:4])
        assert np.array_equal(part, scores[one : one + 1, 1:4])
    assert ROUGHLY.pairwise(rows[:0], rows).shape == (0, len(rows))


def test_a_flopped_row_flopped_again_is_the_row() -> None:
    rows = np.concatenate([_row(texture(seed)) for seed in range(3)])
    assert flopped(flopped(rows)).tobytes() == rows.tobytes()
    assert isinstance(ROUGHLY, Recomposable)
