"""Several flavors at once, as the user writes them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from matchcut.engine import Engine
from matchcut.engine.blend import blend, lead_flavor
from matchcut.errors import BlendWrong, FlavorUnknown
from matchcut.types import MatchSet, MediaQuery
from tests.small_films import Footage


def scan(library: Path, flavor: str) -> MatchSet:
    return Engine(library).scan(
        flavor=flavor, top=30, per_shot=None, across=False, min_gap=Fraction(0)
    )


# What is written


@pytest.mark.parametrize(
    ("text", "name", "weights"),
    [
        ("frame", "frame", (1.0,)),
        ("frame:0.5", "frame", (1.0,)),
        ("frame,camera", "frame,camera", (1.0, 1.0)),
        ("frame,camera:0.5", "frame,camera:0.5", (1.0, 0.5)),
        (" frame : 2 , camera:1.0 ", "frame:2,camera", (2.0, 1.0)),
        ("frame/subject:3,camera", "frame/subject:3,camera", (3.0, 1.0)),
    ],
)
def test_a_blend_is_read_as_it_is_written(text: str, name: str, weights: tuple[float, ...]) -> None:
    read = blend(text)
    assert (read.name, read.weights) == (name, weights)
    assert blend(read.name) == read


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("frame,camera:half", "'half' is no number"),
        ("frame,camera:", "'' is no number"),
        ("frame:0,camera", "a weight of 0 is not above 0"),
        ("frame,camera:-1", "a weight of -1 is not above 0"),
        ("frame,camera:nan", "a weight of nan is not above 0"),
        ("frame,camera:inf", "a weight of inf is not above 0"),
        ("frame,frame:2", "it names a flavor twice"),
    ],
)
def test_a_blend_that_cannot_be_meant_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(BlendWrong) as raised:
        blend(text)
    assert why in raised.value.sentence
    assert "frame,camera:0.5" in raised.value.next_step


@pytest.mark.parametrize("text", ["", "frame,", "frame,,camera", "frame,vanilla"])
def test_a_name_that_is_no_flavor_s_is_refused_as_one(text: str) -> None:
    with pytest.raises(FlavorUnknown):
        blend(text)


def test_markers_of_a_blend_look_like_those_of_its_first_flavor() -> None:
    for text in ("frame", "frame/dog", "frame:2,camera", "frame/dog:2,camera"):
        assert lead_flavor(blend(text).name) == "frame"


# What is found


def test_a_blend_ranks_by_the_weighted_mean_of_what_its_parts_are_worth(
    footage_library: Path,
) -> None:
    found = scan(footage_library, "frame,camera:0.5")
    assert found.flavor == "frame,camera:0.5"
    assert found.candidates
    scores = [one.score for one in found.candidates]
    assert scores == sorted(scores, reverse=True)
    for one in found.candidates:
        assert [(part.flavor, part.weight) for part in one.parts] == [("frame", 1), ("camera", 0.5)]
        frame, camera = one.parts
        assert one.at_cut == pytest.approx((frame.rarity + 0.5 * camera.rarity) / 1.5, abs=2e-5)


def test_the_parts_of_a_blend_score_as_the_flavors_do_alone(footage_library: Path) -> None:
    alone = {
        (one.outgoing.cut_time, one.incoming.cut_time): one.at_cut
        for one in scan(footage_library, "frame").candidates
    }
    for one in scan(footage_library, "frame,camera").candidates:
        pair = one.outgoing.cut_time, one.incoming.cut_time
        if pair in alone and one.parts[0].score:
            assert one.parts[0].score == alone[pair]


def test_a_flavor_alone_has_its_own_scores_and_no_parts(footage_library: Path) -> None:
    assert scan(footage_library, "frame:0.5") == scan(footage_library, "frame")
    assert all(one.parts == () for one in scan(footage_library, "frame").candidates)


def test_weights_alone_decide_and_not_their_sum(footage_library: Path) -> None:
    once, twice = (scan(footage_library, text) for text in ("frame,camera:0.5", "frame:2,camera:1"))
    assert [one.score for one in once.candidates] == pytest.approx(
        [one.score for one in twice.candidates], abs=1e-5
    )


def test_a_great_weight_ranks_as_that_flavor_does(footage_library: Path) -> None:
    alone, blended = (
        scan(footage_library, text).candidates[0] for text in ("frame", "camera:0.001,frame:1000")
    )
    pairs = [{one.outgoing.shot, one.incoming.shot} for one in (alone, blended)]
    assert pairs[0] == pairs[1]


def test_a_shot_is_asked_about_by_a_blend_as_by_a_flavor(
    footage: Footage, footage_library: Path
) -> None:
    query = MediaQuery(footage.one, "30")
    found = Engine(footage_library).find(query, flavor="frame,camera", top=5, min_gap=Fraction(0))
    assert {one.outgoing.source for one in found.candidates} == {footage.one}
    scanned = {
        (one.outgoing.cut_time, one.incoming.cut_time): one.score
        for one in scan(footage_library, "frame,camera").candidates
    }
    for one in found.candidates:
        pair = one.outgoing.cut_time, one.incoming.cut_time
        assert pair not in scanned or scanned[pair] == one.score


def test_every_part_says_why(footage_library: Path) -> None:
    best = scan(footage_library, "camera,frame").candidates[0]
    reasons = Engine(footage_library).reasons(best)
    assert [flavor for flavor, _ in reasons.drawn] == ["camera", "frame"]
    assert {picture.shape for _, picture in reasons.drawn} == {reasons.outgoing.shape}
    camera = Engine(footage_library).evidence(best)[0][0].row
    assert camera.dtype != Engine(footage_library).evidence(best)[1][0].row.dtype
