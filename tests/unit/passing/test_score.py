"""Answers are marked by the truth, whichever side is reframed and however moments are pooled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.film.script import Plate
from tests.passing import score
from tests.passing.script import Film, Framing, Pair, Shot, Stance, Way


def film(framing: Framing, moving: bool = False) -> Film:
    ways = (Way(across=0.1),), (Way(down=0.1),)
    shots = tuple(
        Shot(tag, Plate("city", "noon", 1), 60, 30, way if moving else (Way(),),
             stance=Stance("walking", 0.45, 0.5, 0.6),
             framing=framing if framing.side == side else None)
        for tag, way, side in zip("AB", ways, ("outgoing", "incoming"), strict=True)
    )  # fmt: skip
    return Film("one", shots, (Pair("frame", "A", "B"),))


def test_a_cut_is_right_when_both_sides_are_within_two_frames() -> None:
    planted = film(Framing("incoming")).truth()[0]
    assert score.hit(planted, 32, 88).right
    late = score.hit(planted, 33, 90)
    assert late.sides == (False, True)
    assert not late.right


@pytest.mark.parametrize("side", ["outgoing", "incoming"])
@pytest.mark.parametrize("flop", [False, True])
def test_the_planted_reframing_is_right_and_none_is_not(side: str, flop: bool) -> None:
    framing = Framing("outgoing" if side == "outgoing" else "incoming", 1.2, 3.0, 0.04, 0.01, flop)
    made = film(framing)
    planted = made.truth()[0]
    assert score.off(made, planted, 30, 90, framing).right
    none = score.off(made, planted, 30, 90, None)
    assert not none.right
    assert none.scale == pytest.approx(0.2 if side == "outgoing" else 1 - 1 / 1.2, abs=0.04)
    assert none.flop == flop


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (Framing("incoming", 1.25, 3.0, 0.04, 0.01), "scale"),
        (Framing("incoming", 1.2, 4.5, 0.04, 0.01), "rotation"),
        (Framing("incoming", 1.2, 3.0, 0.07, 0.01), "place"),
        (Framing("incoming", 1.2, 3.0, 0.04, 0.01, True), "flop"),
    ],
)
def test_each_part_of_a_reframing_is_marked(found: Framing, wrong: str) -> None:
    made = film(Framing("incoming", 1.2, 3.0, 0.04, 0.01))
    off = score.off(made, made.truth()[0], 30, 90, found)
    assert not off.right
    allowed = {"scale": score.SCALE, "rotation": score.ROTATION, "place": score.SHIFT, "flop": 0}
    assert getattr(off, wrong) > allowed[wrong]


def test_a_flop_without_scale_is_the_same_on_either_side() -> None:
    made = film(Framing("incoming", flop=True))
    assert score.off(made, made.truth()[0], 30, 90, Framing("outgoing", flop=True)).right


def test_at_other_frames_another_reframing_is_true() -> None:
    framing = Framing("incoming", 1.2)
    made = film(framing, moving=True)
    planted = made.truth()[0]
    assert not score.off(made, planted, 42, 90, framing).right
    # Half a second later A's subject is 0.05 widths further to the right.
    assert score.off(made, planted, 42, 90, replace(framing, right=0.05)).right


def test_ranks_count_from_one_and_what_is_missing_has_none() -> None:
    assert score.rank_of([4, 2, 7], 2) == 2
    assert score.rank_of([4, 2, 7], 3) is None


def test_moments_are_pooled_shot_by_shot() -> None:
    scores = np.arange(16, dtype=np.float32).reshape(4, 4)
    firsts = [0, 3, 4]
    np.testing.assert_array_equal(score.pooled(scores, firsts, score.highest), [[10, 11], [14, 15]])
    np.testing.assert_array_equal(score.pooled(scores, firsts, score.middle), [[5, 7], [13, 15]])


def test_the_corrected_score_is_the_best_less_what_luck_adds() -> None:
    pool = score.corrected(0.05)
    assert pool(np.full((3, 3), 0.5, np.float32)) == pytest.approx(0.5)
    alone = np.zeros((3, 3), np.float32)
    alone[1, 2] = 0.9
    assert pool(alone) == pytest.approx(0.9 - 0.05 * np.log(9), abs=1e-3)


def test_average_precision_ranks_each_pair_once_in_its_better_direction() -> None:
    scores = np.zeros((4, 4), np.float32)
    scores[1, 0] = 0.9
    scores[2, 3] = 0.5
    scores[0, 2] = 0.7
    assert score.average_precision(scores, [(0, 1), (2, 3)], range(4)) == pytest.approx(
        (1 + 2 / 3) / 2
    )
    # Equal scores are counted as if the planted ones came last.
    assert score.average_precision(np.zeros((3, 3), np.float32), [(0, 1)], range(3)) == (
        pytest.approx(1 / 3)
    )
