"""Made takes show what their truth says: known points are found in the pictures."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest

from matchcut.types import Picture
from tests.moved.grounds import Ground, drawn, figure
from tests.moved.lists import SPEEDS, STATIC, TROUBLES, TURNS, acted, takes
from tests.moved.rates import Rates
from tests.moved.takes import CLOCKS, HEIGHT, WIDTH, Actor, Plan, Take, taken

GREY = np.full((720, 1280, 3), 90, np.uint8)
PIXEL = 1 / WIDTH
"""In picture widths."""


def _dotted() -> Ground:
    picture = GREY.copy()
    rng = np.random.default_rng(3)
    for at in rng.integers(20, (1260, 700), (400, 2)).tolist():
        cv2.circle(picture, at, 5, (255, 255, 255), -1)
    return Ground("dots", [picture])


def _dots(picture: Picture) -> list[complex]:
    """Where dots are that lie wholly in the picture, in widths from its centre."""
    white = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) - 90).clip(0) / 165
    _, _, boxes, _ = cv2.connectedComponentsWithStats((white > 0.15).astype(np.uint8))
    found = []
    for left, top, width, height, _area in boxes[1:].tolist():
        if left > 2 and left + width < WIDTH - 2 and top > 2 and top + height < HEIGHT - 2:
            part = white[top - 1 : top + height + 1, left - 1 : left + width + 1]
            down, across = (np.average(axis + 0.5, weights=part) for axis in np.indices(part.shape))
            x, y = left - 1 + across - WIDTH / 2, top - 1 + down - HEIGHT / 2
            found.append(complex(x, y) / WIDTH)
    return found


def _followed(take: Take, first: int, second: int) -> list[float]:
    """How far each dot of one frame is from where the truth puts it in another, in pixels."""
    lasting = float((take.frames[second].pts - take.frames[first].pts) * take.span.time_base)
    way = take.rates.carried(lasting)
    before, after = (_dots(take.pictures[at]) for at in (first, second))
    inside = [way(dot) for dot in before if abs(way(dot).real) < 0.45 and abs(way(dot).imag) < 0.24]
    return [min(abs(dot - there) for dot in after) / PIXEL for there in inside]


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize(
    "rates",
    [
        Rates(),
        Rates(pan=0.2),
        Rates(tilt=-0.15),
        Rates(zoom=0.4),
        Rates(zoom=-0.4),
        Rates(roll=0.5),
        Rates(0.1, -0.1, 0.3, -0.4),
    ],
)
def test_every_point_is_where_the_truth_puts_it(
    rates: Rates, clock: tuple[Fraction, Fraction]
) -> None:
    take = taken(Plan("dots", _dotted(), rates, clock=clock, seconds=0.5, seed=4))
    errors = _followed(take, 1, len(take.frames) - 2)
    assert len(errors) > 5
    assert np.median(errors) < 0.25


def test_a_subject_is_where_the_truth_puts_it() -> None:
    plan = Plan("figure", Ground("grey", [GREY]), Rates(pan=0.1, zoom=0.2))
    plan = replace(plan, actor=Actor(figure(), 0.2 - 0.1j, 0.02 + 0.01j, 0.08))
    take = taken(plan)
    middles = []
    for picture in take.pictures:
        apart = np.abs(picture.astype(int) - 90).max(axis=2) > 25
        down, across = np.nonzero(apart)
        middles.append(complex(across.mean() - WIDTH / 2, down.mean() - HEIGHT / 2) / WIDTH)
    first, last = 6, len(middles) - 7
    lasting = float((take.frames[last].pts - take.frames[first].pts) * take.span.time_base)
    assert take.own == 0.2 - 0.1j
    way = plan.rates.carried(lasting, 0.2 - 0.1j)
    assert abs(way(middles[first]) - middles[last]) < 1.5 * PIXEL


def test_the_cells_that_a_subject_covers_are_where_it_is_seen() -> None:
    plan = Plan("figure", Ground("grey", [GREY]), Rates(), seconds=0.5)
    take = taken(replace(plan, actor=Actor(figure(), 0.2, 0, 0.15)))
    apart = np.abs(take.pictures[3].astype(np.float32) - 90).max(axis=2) > 25
    cells = cv2.resize(apart.astype(np.float32), (16, 9), interpolation=cv2.INTER_AREA)
    assert np.abs(cells - take.covers[3]).mean() < 0.02
    assert take.covers[3].mean() == pytest.approx(0.15, abs=0.01)
    assert not taken(plan).covers.any()


def test_a_plan_gives_the_same_take_again_to_the_last_digit() -> None:
    plan = Plan(
        "all", drawn(1).stills[0], Rates(pan=0.3), seed=9, seconds=0.3, shake=True, grain=True,
        flicker=True,
    )  # fmt: skip
    once, again = taken(plan), taken(plan)
    assert np.array_equal(np.stack(once.pictures), np.stack(again.pictures))
    other = taken(replace(plan, seed=10))
    assert not np.array_equal(np.stack(once.pictures), np.stack(other.pictures))


@pytest.mark.parametrize("clock", CLOCKS)
def test_frames_are_shown_at_the_rate_of_the_clock(clock: tuple[Fraction, Fraction]) -> None:
    take = taken(Plan("still", drawn(1).stills[0], Rates(), clock=clock, seconds=0.7))
    pts = [frame.pts for frame in take.frames]
    assert pts == sorted(set(pts))
    assert (take.span.start, take.span.time_base) == (pts[0], clock[1])
    assert pts[-1] < take.span.end
    assert float(take.span.seconds) == pytest.approx(len(pts) / float(clock[0]), abs=0.002)
    assert all(picture.shape == (HEIGHT, WIDTH, 3) for picture in take.pictures)


def test_a_cut_to_black_is_black_and_said() -> None:
    take = taken(Plan("black", drawn(1).stills[0], Rates(pan=0.2), black=(0.75, 1.0)))
    assert take.lit.tolist() == [True] * 27 + [False] * 9
    assert all(bool(take.pictures[at].any()) == take.lit[at] for at in range(36))


def test_shake_moves_the_picture_to_and_fro_but_leads_nowhere() -> None:
    plan = Plan("dots", _dotted(), Rates(), seconds=1.5, shake=True, seed=2)
    take = taken(plan)
    first = _dots(take.pictures[0])
    ways = []
    for picture in take.pictures:
        now = _dots(picture)
        nearest = [min((dot - one for dot in now), key=abs) for one in first]
        ways.append(np.median([way.real for way in nearest if abs(way) < 8 * PIXEL]) / PIXEL)
    assert 1 < np.ptp(ways) < 8
    slope = np.polyfit(np.arange(len(ways)), ways, 1)[0]
    assert abs(slope * len(ways)) < 0.3


def test_every_movement_comes_with_every_trouble() -> None:
    listed = list(takes(drawn(), 1, every=61))
    assert {one.trouble for one in listed} <= set(TROUBLES)
    everything = STATIC + 4 * len(SPEEDS) + 4 * len(SPEEDS[::2]) + 4 * len(TURNS)
    assert len(listed) == everything * len(TROUBLES) // 61
    for one in listed:
        assert one.take.name == f"{one.movement}, {one.trouble}"
        assert one.take.lit.all() == (one.trouble != "black")
        assert one.take.covers.any() == (one.trouble in ("subject", "followed", "all"))
        assert (one.kind == "static") == (not one.take.rates.vector.any())


def test_what_a_subject_does_goes_on_in_the_next_take() -> None:
    first, second, *_ = acted(drawn(), 3, 2)
    before, after = first.plan.actor, second.plan.actor
    assert before is not None
    assert after is not None
    half = first.plan.seconds / 2
    ends = first.rates.carried(half, before.own)(before.at)
    begins = second.rates.carried(-half, after.own)(after.at)
    assert abs(ends - begins) < 1e-9
    assert 0.9 <= (after.own / before.own).real <= 1.1
    assert abs((after.own / before.own).imag) < 1e-9
