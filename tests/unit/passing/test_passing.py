"""Passing films are what their truth says: at the known frames, and nowhere else."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from matchcut import reframing
from matchcut.flavors._movement import effects
from matchcut.similarity import mask_iou
from matchcut.types import Reframing
from tests.film import plates
from tests.film.script import Plate
from tests.moved.rates import Rates
from tests.passing import casting, cutting, poses
from tests.passing.cutting import cut_film, is_clear, mirror_overlap, overlaps, turned_overlap
from tests.passing.directed import APART, LASTING, action_film, camera_film
from tests.passing.draw import frame_at, mask_at, mask_of
from tests.passing.film import cut_list, written
from tests.passing.oracle import best_cut, true_row
from tests.passing.poses import POSES, between
from tests.passing.script import Film, Framing, Pair, Shot, Stance, Way
from tests.passing.sheet import pair_row
from tests.passing.stance import along, carried, covers, moved, onto, place, stretches

WALKER = Stance("walking", 0.5, 0.5, 0.7)


@pytest.fixture(scope="module")
def cut() -> Film:
    return cut_film(5, 2, 1, Fraction(25))


@pytest.fixture(scope="module")
def framed() -> Film:
    return cut_film(6, 6, 0, framed=True)


def shot(tag: str, **changed: object) -> Shot:
    plain = Shot(
        tag, Plate("city", "noon", 1), 60, 20, (Way(),), stance=WALKER, look="lilac", motion=0.0
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def test_the_same_plan_is_made_and_drawn_again() -> None:
    made = cut_film(7, 1, 1)
    picture = frame_at(made, 30)
    for remembered in (cut_film, plates.painted, poses.painted):
        remembered.cache_clear()
    assert cut_film(7, 1, 1) == made
    np.testing.assert_array_equal(frame_at(made, 30), picture)
    assert cut_film(8, 1, 1) != made


def test_a_planted_pair_shows_one_silhouette_at_its_known_frames_alone(cut: Film) -> None:
    assert len(cut.truth()) == 2
    for planted in cut.truth():
        leaving, entering = cut.shots[planted.outgoing], cut.shots[planted.incoming]
        overlap = overlaps(leaving, entering, cut.rate)
        best = overlap.max()
        assert overlap[leaving.at, entering.at] > cutting.ALIKE
        far = overlap.copy()
        near = cutting.NEAR
        far[
            leaving.at - near : leaving.at + near + 1, entering.at - near : entering.at + near + 1
        ] = 0
        assert far.max() < best - cutting.CLEAR
        for one, frames in ((leaving, 6), (entering, 6)):
            there, later = (np.packbits(mask_of(one, at / 25, 160, 90))[None] for at in (0, frames))
            assert mask_iou(there, later)[0, 0] < 0.95


def test_a_pair_alone_is_no_film_since_it_must_not_meet() -> None:
    with pytest.raises(ValueError, match="stand apart"):
        cut_film(7, 1, 0)


def test_known_frames_lie_inside_their_shots_and_in_no_fixed_place(cut: Film) -> None:
    for planted in cut.truth():
        for number in (planted.outgoing, planted.incoming):
            one = cut.shots[number]
            assert 2 <= one.frames / cut.rate <= 6
            assert one.at >= cutting.INSIDE * cut.rate
            assert one.frames - one.at >= cutting.INSIDE * cut.rate
            assert cut.located(cut.starts[number] + one.at) == (number, one.at)


def test_a_pair_never_meets_in_the_film_and_has_two_places_and_two_looks(cut: Film) -> None:
    meeting = {frozenset(pair) for pair in pairwise(range(len(cut.shots)))}
    for planted in cut.truth():
        leaving, entering = cut.shots[planted.outgoing], cut.shots[planted.incoming]
        assert frozenset((planted.outgoing, planted.incoming)) not in meeting
        assert leaving.plate.kind != entering.plate.kind
        assert leaving.look != entering.look


def test_subjects_that_follow_one_path_are_no_clear_pair() -> None:
    there = shot("A", ways=(Way(across=0.15),))
    assert not is_clear(there, shot("B", ways=(Way(across=0.15),)), Fraction(24))
    assert not is_clear(there, shot("B", ways=(Way(across=-0.1),)), Fraction(24))
    assert is_clear(there, shot("B", ways=(Way(down=0.2),)), Fraction(24))


def test_a_planted_reframing_lays_one_silhouette_onto_the_other(framed: Film) -> None:
    flopped = 0
    for planted in framed.truth():
        assert planted.framing is not None
        assert covers(planted.framing)
        a, b = mask_at(framed, planted.leave), mask_at(framed, planted.enter)
        matrix = onto(planted.framing, framed.width, framed.height)[:2]
        size = framed.width, framed.height
        over = cv2.warpAffine(b.astype(np.uint8) * 255, matrix, size) >= 128
        assert (a & over).sum() / (a | over).sum() > 0.9
        assert (a & b).sum() / (a | b).sum() < cutting.OFF + 0.03
        assert mirror_overlap(a) < cutting.MIRRORED + 0.03
        assert turned_overlap(a) < cutting.TURNED + 0.03
        flopped += planted.framing.flop
    assert flopped >= 2
    assert {planted.moves for planted in framed.truth()} == {True, False}


@pytest.mark.parametrize("flop", [False, True])
def test_reframings_mean_what_they_mean_in_the_product(flop: bool) -> None:
    framing = Framing("incoming", 1.3, 3.0, 0.05, -0.02, flop)
    theirs = Reframing("incoming", 1.3, 3.0, 0.05, -0.02, flop, 0.2, 0.9)
    ours = moved(framing, 640, 360)
    plane = np.array([[640, 0, 320], [0, 640, 180], [0, 0, 1]])
    matrix = plane @ np.vstack([reframing.matrix(theirs), [0, 0, 1]]) @ np.linalg.inv(plane)
    np.testing.assert_allclose(ours, matrix, atol=1e-9)
    assert covers(framing) == reframing.covers(theirs, 16 / 9)


def test_a_picture_may_not_be_moved_further_than_it_is_enlarged() -> None:
    assert covers(Framing("incoming", 1.1, right=0.049))
    assert not covers(Framing("incoming", 1.1, right=0.051))
    assert not covers(Framing("incoming", 1.1, rotation=4.5))
    assert covers(Framing("incoming", 1.0, flop=True))


def test_every_drawn_reframing_can_be_done_and_has_the_parts_asked_for() -> None:
    chance = np.random.default_rng(3)
    for parts in casting.PARTS:
        framing = casting.framing(1, parts, chance)
        assert covers(framing)
        assert framing.flop == ("flop" in parts)
        assert (framing.scale > 1) == ("scale" in parts)
        assert (framing.rotation != 0) == ("rotation" in parts)
        assert (abs(framing.right) > 0.02) == ("shift" in parts)


def test_ways_follow_each_other_at_their_turns_in_both_directions() -> None:
    first, second = Way(across=0.1, growth=0.2), Way(down=0.3)
    one = shot("A", ways=(first, second), turns=(-0.5,))
    assert stretches(one, -1.0) == [(second, -0.5), (first, -0.5)]
    assert stretches(one, 0.5) == [(second, 0.5)]
    assert stretches(one, 0.0) == []
    back = along(one, -1.0)
    assert back.across == pytest.approx(-0.05)
    assert back.down == pytest.approx(-0.15)
    assert back.scale == pytest.approx(np.exp(-0.1))


def test_a_camera_that_turns_carries_its_plate_without_a_jump() -> None:
    ways = (Way(camera=Rates(pan=0.2)), Way(camera=Rates(zoom=0.3)))
    one = shot("A", ways=ways, turns=(0.5,))
    before, after = (carried(one, at)(0.1 + 0.1j) for at in (0.499, 0.501))
    assert abs(before - after) < 0.001
    assert carried(one, 0.5)(0) == pytest.approx(-0.1)


def test_a_pan_moves_the_picture_and_not_the_subject_that_is_placed_in_it() -> None:
    way = Way(camera=Rates(pan=0.2))
    film = Film("one", (shot("A", ways=(way,), stance=None),), (), width=320, height=180)
    first, later = (cv2.cvtColor(frame_at(film, at), cv2.COLOR_RGB2GRAY) for at in (20, 26))
    found, _ = cv2.phaseCorrelate(first.astype(np.float32), later.astype(np.float32))
    # 6 frames of 1/24 s at 0.2 widths a second are 16 pixels of 320.
    assert found[0] == pytest.approx(-16, abs=1.5)
    walking = shot("A", ways=(way,))
    np.testing.assert_array_equal(mask_of(walking, 0.0, 64, 36), mask_of(walking, 0.4, 64, 36))


def test_the_known_pose_lies_between_the_poses_of_a_gesture() -> None:
    assert between("walking", "kicking", 0.0) == POSES["walking"]
    hand = between("walking", "kicking", 0.5).hands[0]
    here, there = POSES["walking"].hands[0], POSES["kicking"].hands[0]
    assert hand == pytest.approx(((here[0] + there[0]) / 2, (here[1] + there[1]) / 2))


def test_a_place_is_that_of_the_middle_of_the_silhouette() -> None:
    disc = shot("A", stance=Stance("moon", 0.4, 0.5, 0.5), look="moon", ways=(Way(across=0.2),))
    rows, columns = np.nonzero(mask_of(disc, 0.5, 320, 180))
    middle = place(disc, 0.5, 320, 180)[:2, 2]
    assert (columns.mean(), rows.mean()) == pytest.approx(middle, abs=1)


def test_true_silhouettes_tell_the_known_frames(cut: Film) -> None:
    planted = cut.truth()[0]
    leave, enter = best_cut(cut, planted, 8)
    assert abs(leave - planted.leave) <= 2
    assert abs(enter - planted.enter) <= 2
    assert true_row(cut, planted.leave)["count"].item() == 1


def test_movement_goes_on_from_a_to_b_and_in_no_other_order() -> None:
    film = camera_film(1, 12)
    for planted in film.truth():
        a, b = film.shots[planted.outgoing], film.shots[planted.incoming]
        assert a.at == a.frames - 1
        assert b.at == 0
        assert a.ways[1].camera == b.ways[0].camera
        assert (a.turns, b.turns) == ((-LASTING,), (LASTING,))
        ends, starts = (effects(way.camera.vector) for way in (b.ways[1], a.ways[0]))
        assert ends @ starts < APART * np.sqrt((ends @ ends) * (starts @ starts)) + 1e-6


def test_a_walk_goes_on_where_the_other_has_come_to() -> None:
    film = action_film(1, 2)
    for planted in film.truth():
        a, b = film.shots[planted.outgoing], film.shots[planted.incoming]
        assert a.stance is not None
        assert b.stance is not None
        assert (a.stance.x, a.stance.y) == (b.stance.x, b.stance.y)
        assert a.ways[1] == b.ways[0]
        assert a.ways[0] != b.ways[1]


def test_a_film_is_written_once_and_its_cut_list_is_read_to_the_frame(tmp_path: Path) -> None:
    shots = (shot("A", frames=9, at=3), shot("B", frames=7, at=2))
    film = Film("small", shots, (Pair("frame", "A", "B"),), Fraction(25), 160, 90)
    path = written(film, tmp_path)
    made = path.stat().st_mtime_ns
    assert written(film, tmp_path).stat().st_mtime_ns == made
    with av.open(str(path)) as container:
        assert container.streams.video[0].average_rate == 25
        assert len(list(container.decode(video=0))) == 16
    assert written(replace(film, rate=Fraction(24)), tmp_path) != path
    shown = [json.loads(line) for line in cut_list(path, film.starts).text.splitlines()]
    assert shown == [{"start_frame": 0, "end_frame": 9}, {"start_frame": 9, "end_frame": 16}]


def test_the_sheet_has_a_row_of_seven_pictures_a_pair(cut: Film) -> None:
    row = pair_row(cut, cut.truth()[0])
    assert row.shape == (160, 7 * 258, 3)


def test_a_film_refuses_pairs_of_unknown_shots_and_tags_used_twice() -> None:
    with pytest.raises(ValueError, match="not in the film"):
        Film("one", (shot("A"),), (Pair("frame", "A", "B"),))
    with pytest.raises(ValueError, match="one tag"):
        Film("one", (shot("A"), shot("A")), ())
    with pytest.raises(IndexError, match="60 frames"):
        Film("one", (shot("A"),), ()).located(60)
