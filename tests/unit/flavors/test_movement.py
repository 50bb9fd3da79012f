"""What the camera does is told apart from what moves before it, at both ends of a shot."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from matchcut.flavors._movement import MOVEMENT, described, effects, kind
from matchcut.pipeline.frames import windows
from matchcut.types import Frame, Picture, Rows, Span
from tests.moved.grounds import Footage, drawn
from tests.moved.moments import HEAD, MIDDLE, TAIL, row_at, seconds_of
from tests.moved.rates import Rates
from tests.moved.takes import CLOCKS, Actor, Plan, taken
from tests.textures import as_frames, flat, moving

RATE = 24


@cache
def _footage() -> Footage:
    return drawn(2)


def _plan(rates: Rates) -> Plan:
    return Plan("made", _footage().stills[0], rates, seed=3, seconds=1.2)


def _actor(own: complex, share: float = 0.15) -> Actor:
    return Actor(_footage().cutouts[0], own=own, at=0, share=share)


def _moments(plan: Plan) -> Rows:
    take = taken(plan)
    return seconds_of(take.frames, take.span)


def _of(pictures: list[Picture], rate: int = RATE) -> Rows:
    span = Span(0, len(pictures) * 1000, Fraction(1, rate * 1000))
    return seconds_of(as_frames(pictures, 1000), span)


def _right(estimated: Rows, true: Rates) -> bool:
    """Whether the displacement that the rates cause is right by 15 % of the true one."""
    off = effects(estimated) - effects(true.vector)
    return bool(np.linalg.norm(off) < 0.15 * np.linalg.norm(effects(true.vector)))


MOVEMENTS = {
    "pan": Rates(pan=0.25),
    "slow pan": Rates(pan=-0.06),
    "whip": Rates(pan=1.0),
    "tilt": Rates(tilt=-0.3),
    "diagonal": Rates(pan=0.2, tilt=0.2),
    "zoom": Rates(zoom=0.3),
    "pull out": Rates(zoom=-0.5),
    "roll": Rates(roll=0.4),
}


@pytest.mark.parametrize("name", MOVEMENTS)
def test_each_movement_is_told_by_name_and_rate_at_every_moment(name: str) -> None:
    true = MOVEMENTS[name]
    for moment in _moments(_plan(true)):
        assert kind(moment["camera"]) == kind(true.vector)
        assert _right(moment["camera"], true)
        assert moment["sure"] > 0.5


@pytest.mark.parametrize("name", ["pan", "zoom", "roll"])
def test_grain_shake_and_a_subject_on_its_own_way_change_no_rate_by_much(name: str) -> None:
    true = MOVEMENTS[name]
    plan = replace(_plan(true), grain=True, shake=True, actor=_actor(0.2 + 0.1j))
    assert _right(_moments(plan)[TAIL]["camera"], true)


@pytest.mark.parametrize("own", [0.15, 0.4, 0.2j])
def test_a_large_subject_before_a_standing_camera_is_no_camera_movement(own: complex) -> None:
    for moment in _moments(replace(_plan(Rates()), actor=_actor(own, share=0.25))):
        assert kind(moment["camera"]) == "static"


def test_a_handheld_camera_that_stays_where_it_is_stands_but_shakes() -> None:
    tripod, handheld = (_moments(replace(_plan(Rates()), shake=shake)) for shake in (False, True))
    assert [kind(moment["camera"]) for moment in handheld] == ["static"] * 3
    assert tripod["shake"].max() < 0.0005 < 0.0015 < handheld["shake"].min()


@pytest.mark.parametrize("black", [(0.4, 0.5), (0.75, 1.0)])
def test_a_cut_to_black_does_not_matter(black: tuple[float, float]) -> None:
    true = MOVEMENTS["pan"]
    moments = _moments(replace(_plan(true), black=black))
    assert all(_right(moment["camera"], true) for moment in moments)


@pytest.mark.parametrize("clock", [CLOCKS[1], CLOCKS[5], (Fraction(12), Fraction(1, 600))])
def test_the_rate_of_frames_does_not_matter(clock: tuple[Fraction, Fraction]) -> None:
    true = MOVEMENTS["diagonal"]
    assert _right(_moments(replace(_plan(true), clock=clock))[HEAD]["camera"], true)


def test_frames_that_come_at_uneven_times_do_not_matter() -> None:
    pictures = moving(3, 72, across=1.0)
    kept = [at for at in range(72) if at % 3 != 1]
    span = Span(0, 72, Fraction(1, 48))
    moments = seconds_of([Frame(at, at, pictures[at]) for at in kept], span)
    assert all(_right(moment["camera"], Rates(pan=48 / 320)) for moment in moments)


def test_the_end_of_a_shot_is_told_apart_from_its_start() -> None:
    there = moving(3, 3 * RATE, across=3.0)
    moments = _of(there + there[::-1])
    speed = 3.0 * RATE / 320
    assert _right(moments[HEAD]["camera"], Rates(pan=speed))
    assert _right(moments[TAIL]["camera"], Rates(pan=-speed))


@pytest.mark.parametrize("seconds", [1, 4, 10])
def test_the_same_pan_gives_the_same_rates_however_long_the_shot_is(seconds: int) -> None:
    moments = _of(moving(3, seconds * RATE, across=2.0))
    assert all(_right(moment["camera"], Rates(pan=2.0 * RATE / 320)) for moment in moments)


def test_a_long_take_of_which_few_frames_are_kept_still_has_its_direction() -> None:
    frames = as_frames(moving(3, 40 * RATE, across=1.0), 1000)[::12]
    span = Span(0, 40 * RATE * 1000, Fraction(1, RATE * 1000))
    row = row_at(frames, span, span.end // 2)
    for side in ("before", "after"):
        assert _right(row[side]["camera"], Rates(pan=RATE / 320))
    assert row["average"][0, ..., 0].mean() == pytest.approx(-RATE / 320, rel=0.15)


@pytest.mark.parametrize("size", [(101, 180), (320, 134), (320, 40)])
def test_pictures_of_any_shape_have_their_movement_told_in_widths(size: tuple[int, int]) -> None:
    width, height = size
    row = _of(moving(5, 30, width=width, height=height, across=1.0, down=0.5))
    true = Rates(pan=RATE / width, tilt=-0.5 * RATE / width)
    assert _right(row[MIDDLE]["camera"], true)


@pytest.mark.parametrize(
    "pictures", [[flat(0, 0, 0)] * 30, [flat(255, 255, 255)] * 2, moving(1, 1)]
)
def test_nothing_is_sure_where_nothing_can_be_seen_to_move(pictures: list[Picture]) -> None:
    row = _of(pictures)
    assert not row["sure"].any()
    assert not row["camera"].any()
    assert not row["subject"].any()


def test_the_frames_of_a_moment_are_asked_for_once_however_short_the_shot() -> None:
    for count in (1, 2, 12, 30, 70, 75, 2000):
        span = Span(0, count, Fraction(1, 24))
        requests = windows(MOVEMENT, span)
        assert all(len(request.instants) <= 25 for request in requests)
        assert requests[0].moment == requests[0].instants[0] == 0
        assert requests[-1].moment == requests[-1].instants[-1] == count - 1


@pytest.mark.parametrize(
    ("rates", "name", "words"),
    [
        (Rates(), "static", "camera stands"),
        (Rates(pan=0.01), "static", "camera stands"),
        (Rates(pan=0.3, tilt=0.1), "pan", "pan right 0.30/s"),
        (Rates(pan=-0.1, tilt=-0.3), "tilt", "tilt down 0.30/s"),
        (Rates(pan=-0.2, tilt=0.2), "diagonal", "pan left 0.20/s, tilt up 0.20/s"),
        (Rates(zoom=0.3, pan=0.03), "zoom", "zoom in 0.30/s"),
        (Rates(roll=-0.5, tilt=0.05), "roll", "roll counter-clockwise 29 deg/s"),
        (Rates(pan=0.1, zoom=0.3), "mixed", "pan right 0.10/s, zoom in 0.30/s"),
    ],
)
def test_a_movement_has_the_name_that_an_operator_would_give_it(
    rates: Rates, name: str, words: str
) -> None:
    assert kind(rates.vector) == name
    assert described(rates.vector) == words


def _clip(path: Path, first: int, count: int) -> list[Picture]:
    from itertools import islice

    import av
    import cv2

    with av.open(str(path)) as container:
        frames = islice(container.decode(video=0), first, first + count)
        pictures = [frame.to_ndarray(format="rgb24") for frame in frames]
    return [
        np.asarray(cv2.resize(picture, (320, 180), interpolation=cv2.INTER_AREA), np.uint8)
        for picture in pictures
    ]


@pytest.mark.parametrize(
    ("clip", "first"), [("mdn_flower.mp4", 60), ("tlrender_train_pan_Dinky.m4v", 140)]
)
def test_what_grows_or_passes_before_a_standing_camera_is_no_camera_movement(
    clip: str, first: int, shared: Path
) -> None:
    pictures = _clip(shared / "assets/video/motion" / clip, first, 36)
    assert {kind(moment["camera"]) for moment in _of(pictures)} == {"static"}
