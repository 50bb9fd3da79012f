"""Every kind of transition, and everything that looks like one, in a short film drawn for it.

Where the network alone answers otherwise (its authors' reading: runs over 0.5), a test says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from matchcut import flavors
from matchcut.engine.single import shots_of
from matchcut.pipeline.frames import windows
from matchcut.types import Picture, Transition
from tests.conftest import Quiet
from tests.film.plates import painted
from tests.film.script import Plate
from tests.joined.cadence import CADENCES, Cadence, woven
from tests.joined.joins import joined
from tests.joined.script import Join, Shape
from tests.unit.shots.takes import (
    HEIGHT,
    WIDTH,
    Film,
    cuts,
    cuts_of_network,
    found,
    still_jump,
    take,
)

BLACK, WHITE = (np.full((HEIGHT, WIDTH, 3), level, np.uint8) for level in (0, 255))


def _scaled(picture: Picture, gain: float, lift: float = 0.0) -> Picture:
    return np.asarray(cv2.convertScaleAbs(picture, alpha=gain, beta=lift), np.uint8)


def _mixed(one: Picture, other: Picture, share: float) -> Picture:
    return np.asarray(cv2.addWeighted(one, 1 - share, other, share, 0), np.uint8)


def _joined(old: str, new: str, at: int, join: Join, after: int) -> Film:
    """`old` until `at`, the join, and `new` for `after` pictures."""
    outgoing, incoming = take(old, at + join.frames), take(new, join.frames + after)
    between = [joined(join, n, outgoing[at + n], incoming[n]) for n in range(join.frames)]
    return [*outgoing[:at], *between, *incoming[join.frames :]]


def _near(one: Transition, start: int, end: int, frames: int) -> bool:
    return abs(one.start - start) <= frames and abs(one.end - end) <= frames


# Cuts


@pytest.mark.parametrize(("old", "new"), [("city", "coast"), ("forest", "books")])
def test_a_hard_cut_is_found_to_the_frame(old: str, new: str) -> None:
    assert found([*take(old, 27), *take(new, 23)]) == [Transition(27, 27, 27)]


def _reframed(film: Film, width: float, x: float, y: float) -> Film:
    """The part of each picture that is `width` of it wide, at a place from 0 to 1, enlarged."""
    across, down = round(WIDTH * width), round(HEIGHT * width)
    left, top = round((WIDTH - across) * x), round((HEIGHT - down) * y)
    return [
        np.asarray(cv2.resize(one[top : top + down, left : left + across], (WIDTH, HEIGHT)))
        for one in film
    ]


@pytest.mark.parametrize("who", ["ada", "tree"])
def test_a_jump_cut_to_a_closer_framing_of_the_same_take_is_found(who: str) -> None:
    film = take(who, 50)
    assert cuts([*film[:27], *_reframed(film[27:], 0.75, 0.4, 0.5)]) == [27]


def test_a_punch_in_of_a_tenth_is_found_though_the_network_overlooks_it() -> None:
    film = take("car", 50)
    film = [*film[:27], *_reframed(film[27:], 0.9, 0.5, 0.5)]
    assert cuts(film) == [27]
    assert cuts_of_network(film) == []


def test_a_jump_cut_in_a_still_set_up_is_found_though_the_network_overlooks_it() -> None:
    film = still_jump("coat", moved=0.10, at=25, frames=50)
    assert cuts(film) == [25]
    assert cuts_of_network(film) == []


def test_a_cut_at_twelve_frames_a_second_is_found_alone_among_its_jerks() -> None:
    slow = [*take("city", 54)[::2], *take("coast", 46)[::2]]
    assert cuts(slow) == [27]
    doubled = [picture for picture in slow for _ in range(2)]
    assert cuts(doubled) == [54]


def test_cuts_in_black_and_white_are_found() -> None:
    film = [*take("city", 25), *take("coast", 25), *take("ada", 25), *take("coat", 25)]
    grey = [cv2.cvtColor(one, cv2.COLOR_RGB2GRAY) for one in film]
    assert cuts([np.asarray(cv2.cvtColor(one, cv2.COLOR_GRAY2RGB)) for one in grey]) == [25, 50, 75]


@pytest.mark.parametrize("exposure", [0.12, 0.05])
def test_a_cut_between_two_dark_shots_is_found_though_the_network_overlooks_it(
    exposure: float,
) -> None:
    film = [_scaled(one, exposure) for one in [*take("ada", 27), *take("coat", 23)]]
    assert cuts(film) == [27]
    assert cuts_of_network(film) == []


# Light that comes and goes


@pytest.mark.parametrize(("who", "seen"), [("ada", 1), ("tree", 2), ("city", 0)])
def test_flashes_of_one_two_and_three_frames_are_no_cuts(who: str, seen: int) -> None:
    film = take(who, 90)
    for at in (20, 42, 43, 65, 66, 67):
        film[at] = _mixed(film[at], WHITE, 0.85)
    assert found(film) == []
    # The network alone takes some of them for cuts.
    assert len(cuts_of_network(film)) == seen


def test_a_flash_that_leaves_nothing_of_the_picture_is_no_cut() -> None:
    film = take("ada", 50)
    film[24:27] = [WHITE] * 3
    assert found(film) == []


@pytest.mark.parametrize("who", ["city", "forest"])
def test_a_burst_of_lightning_is_no_cut_though_the_network_sees_one(who: str) -> None:
    film = take(who, 50)
    for at, gain, lift in (
        (20, 2.0, 70.0),
        (21, 2.0, 70.0),
        (24, 1.6, 50.0),
        (25, 2.0, 60.0),
        (30, 2.0, 70.0),
        (31, 1.4, 20.0),
    ):
        film[at] = _scaled(film[at], gain, lift)
    assert found(film) == []
    assert len(cuts_of_network(film)) >= 1


def test_a_strobe_is_no_row_of_cuts_as_the_network_has_it() -> None:
    film = [
        _scaled(one, 0.12) if 10 <= at < 40 and at // 2 % 2 else one
        for at, one in enumerate(take("city", 50))
    ]
    assert found(film) == []
    assert len(cuts_of_network(film)) > 10


def _exposed(film: Film, most: float, frames: int, *, back: bool) -> Film:
    """Brighter by the share `most` over so many frames from 15 on, and perhaps back again."""
    shares = (min(max((at - 15) / frames, 0.0), 1.0) for at in range(len(film)))
    gains = (1 + most * (math.sin(math.pi * share) if back else share) for share in shares)
    return [_scaled(one, gain) for one, gain in zip(film, gains, strict=True)]


@pytest.mark.parametrize(
    ("most", "frames", "back"),
    [(1.2, 8, False), (-0.75, 8, False), (-0.75, 20, True), (1.2, 20, True)],
)
def test_light_that_rises_or_falls_on_a_still_picture_is_no_transition(
    most: float, frames: int, back: bool
) -> None:
    film = _exposed(take("ada", 50), most, frames, back=back)
    assert found(film) == []
    if most < 0 or not back:
        assert len(cuts_of_network(film)) > 0


@pytest.mark.xfail(
    strict=True,
    reason="two frames of a moving camera are alike in few tiles, so the light is not seen to be "
    "all that changed: their correlation is 0.84, where 0.86 is asked for",
)
def test_light_that_falls_while_the_camera_moves_is_no_transition() -> None:
    assert found(_exposed(take("city", 50), -0.75, 20, back=False)) == []


# What moves


def _whipped(plate: Plate, frames: int) -> Film:
    """A camera that swings from one part of a wide picture to another, and blurs it meanwhile."""
    wide = cv2.resize(painted(plate, 640, 360), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    reach = wide.shape[1] - WIDTH - 40
    film: Film = []
    for at in range(50):
        share, next_share = (min(max((n - 20) / frames, 0.0), 1.0) for n in (at, at + 1))
        x, next_x = (10 + reach * (1 - math.cos(math.pi * one)) / 2 for one in (share, next_share))
        moved = np.array([[1, 0, -x - 0.2 * at], [0, 1, -70]], np.float32)
        picture = cv2.warpAffine(wide, moved, (WIDTH, HEIGHT))
        film.append(np.asarray(cv2.blur(picture, (max(round(next_x - x), 1), 1)), np.uint8))
    return film


@pytest.mark.parametrize(
    ("plate", "frames"),
    [
        (Plate("shelves", "mint", 12), 8),
        (Plate("shelves", "mint", 12), 12),
        (Plate("coast", "golden", 7), 6),
    ],
)
def test_a_whip_pan_is_no_cut(plate: Plate, frames: int) -> None:
    film = _whipped(plate, frames)
    assert found(film) == []
    if plate.kind == "shelves":
        assert len(cuts_of_network(film)) == 1


def test_a_whip_pan_of_a_quarter_second_is_no_cut() -> None:
    assert found(_whipped(Plate("shelves", "mint", 12), 6)) == []


def _passed(film: Film, at: int, colour: tuple[int, int, int], frames: int, wide: float) -> None:
    """Something out of focus crosses the picture in so many frames, `wide` widths of it wide."""
    x = np.linspace(0, 1, WIDTH, dtype=np.float32)
    for n in range(frames):
        middle = (n + 0.5) / frames * (1 + wide) - wide / 2
        cover = np.clip((wide / 2 - np.abs(x - middle)) / 0.04 + 0.5, 0, 1)[
            np.newaxis, :, np.newaxis
        ]
        mixed = film[at + n] * (1 - cover) + np.array(colour, np.float32) * cover
        film[at + n] = mixed.astype(np.uint8)


@pytest.mark.parametrize("colour", [(12, 10, 10), (205, 200, 196)], ids=["dark", "bright"])
@pytest.mark.parametrize("who", ["ada", "city"])
def test_things_that_pass_close_to_the_lens_are_no_cuts(
    who: str, colour: tuple[int, int, int]
) -> None:
    film = take(who, 130)
    _passed(film, 20, colour, 8, 0.6)
    _passed(film, 55, colour, 16, 0.6)
    _passed(film, 95, colour, 10, 1.1)
    assert found(film) == []


@pytest.mark.parametrize(("over", "speed"), [("black", 8), ("coast", 3)])
def test_rolling_credits_are_one_shot(over: str, speed: int) -> None:
    chance = np.random.default_rng(3)
    roll = np.zeros((HEIGHT + 100 * 8, WIDTH, 3), np.uint8)
    for y in range(190, len(roll), 22):
        name = "".join(chance.choice(list("abcdefgh KLMN"), 14))
        place = (30 + int(chance.integers(60)), y)
        cv2.putText(roll, name, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (235, 235, 230), 1)
    behind = [BLACK] * 100 if over == "black" else [_scaled(one, 0.5) for one in take(over, 100)]
    film = [np.maximum(one, roll[speed * at :][:HEIGHT]) for at, one in enumerate(behind)]
    assert found(film) == []


def test_a_caption_that_appears_and_vanishes_is_no_cut() -> None:
    film = [picture.copy() for picture in take("city", 50)]
    for picture in film[15:35]:
        cv2.putText(
            picture, "LATER THAT DAY", (26, 160), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (245,) * 3, 2
        )
    assert found(film) == []


# Fades


@pytest.mark.parametrize(("fall", "rest"), [(12, 4), (24, 12)])
@pytest.mark.parametrize("kind", ["fade", "fade white"])
def test_a_fade_out_and_in_is_one_transition_that_cuts_where_nothing_is_seen(
    kind: str, fall: int, rest: int
) -> None:
    frames = 2 * fall + rest
    join = Join("fade" if kind == "fade" else "fade white", frames, frames // 2, fall, rest)
    (one,) = found(_joined("city", "tree", 40, join, after=40))
    assert _near(one, 40, 40 + frames, 3)
    assert 40 + fall - 1 <= one.cut <= 40 + fall + rest


def _risen(film: Film, frames: int) -> Film:
    rising = [_mixed(BLACK, film[at], (at + 1) / (frames + 1)) for at in range(frames)]
    return [*rising, *film[frames:]]


def test_a_cut_to_black_before_a_fade_in_is_where_the_black_begins() -> None:
    film = [*take("ada", 40), *[BLACK] * 10, *_risen(take("coast", 60), 16)]
    (one,) = found(film)
    assert (one.start, one.cut) == (40, 40)
    assert abs(one.end - 66) <= 3
    # The network alone says that there are two.
    assert len(cuts_of_network(film)) == 2


def test_a_fade_out_before_a_cut_from_black_ends_with_that_cut() -> None:
    falling = _risen(take("city", 46)[::-1], 16)[::-1]
    film = [*falling, *[BLACK] * 8, *take("coast", 46)]
    (one,) = found(film)
    assert (one.cut, one.end) == (54, 54)
    assert abs(one.start - 30) <= 3


def test_a_cut_to_black_and_a_cut_from_it_are_two_cuts() -> None:
    film = [*take("ada", 40), *[BLACK] * 10, *take("coast", 40)]
    assert found(film) == [Transition(40, 40, 40), Transition(50, 50, 50)]


def test_a_film_that_fades_in_and_at_last_out_is_one_shot() -> None:
    falling = _risen(take("coat", 100)[::-1], 16)[::-1]
    assert cuts([*[BLACK] * 8, *_risen(falling, 16), *[BLACK] * 8]) == []


# Dissolves


@pytest.mark.parametrize("frames", [12, 36])
@pytest.mark.parametrize(("old", "new"), [("ada", "coast"), ("city", "tree")])
def test_both_ends_of_a_dissolve_are_found(old: str, new: str, frames: int) -> None:
    at = 20 if frames < 20 else 45
    film = _joined(old, new, at, Join("dissolve", frames, frames // 2), after=at - 2)
    (one,) = found(film)
    assert _near(one, at, at + frames, 4)
    assert at < one.cut < at + frames
    if frames == 36:
        assert cuts_of_network(film) == []


def _written(film: Sequence[Picture], path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(24))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "20"}
        for number, picture in enumerate(film):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 24)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def test_no_flavor_looks_at_a_frame_inside_a_dissolve_or_cuts_there(tmp_path: Path) -> None:
    film = _joined("ada", "coast", 45, Join("dissolve", 24, 12), after=45)
    timed = shots_of(_written(film, tmp_path / "a.mp4"), None, None, Quiet())
    before, after = (one.shot for one in timed)
    assert abs(before.clean_end_frame - 45) <= 4
    assert abs(after.clean_start_frame - 69) <= 4
    frame = before.span.end / before.end_frame
    for flavor in flavors.flavors().values():
        for window in windows(flavor.representation, before.clean):
            assert window.moment < before.clean_end_frame * frame
        for window in windows(flavor.representation, after.clean):
            assert window.moment >= after.clean_start_frame * frame


# Wipes


@pytest.mark.parametrize(
    ("shape", "frames", "soft"),
    [("left", 24, 0.0), ("up", 16, 0.0), ("iris", 24, 0.0), ("clock", 16, 0.0), ("left", 16, 0.15)],
)
def test_a_wipe_is_one_transition_with_both_ends_though_the_network_sees_none(
    shape: Shape, frames: int, soft: float
) -> None:
    join = Join("wipe", frames, frames // 2, shape=shape, soft=soft)
    film = _joined("car", "forest", 17, join, after=17)
    (one,) = found(film)
    assert _near(one, 17, 17 + frames, 5)
    assert 17 < one.cut < 17 + frames
    assert cuts_of_network(film) == []


@pytest.mark.xfail(
    strict=True,
    reason="tiles of pictures of like brightness differ by 22 of 255 on average: score 0.34, where "
    "0.54 is asked for, though 0.98 of the times at which they change is explained",
)
def test_a_wipe_between_pictures_of_like_brightness_is_found() -> None:
    film = _joined("coat", "city", 17, Join("wipe", 16, 8, shape="left"), after=17)
    (one,) = found(film)
    assert _near(one, 17, 33, 5)


# What becomes of frames


@pytest.mark.parametrize("cadence", ["doubled", "repeated", "telecine"])
def test_cuts_in_pulled_down_material_are_found_wherever_they_fall(cadence: str) -> None:
    shots = [take("city", 13), take("coast", 13), take("ada", 13), take("coat", 13)]
    frames = list(woven(CADENCES[cadence], chain(*shots)))
    _check_each(cuts(frames), CADENCES[cadence], (13, 26, 39))


@pytest.mark.parametrize("order", ["top field first", "bottom field first"])
def test_cuts_between_the_fields_of_interlaced_material_are_found(order: str) -> None:
    shots = [take("city", 33), take("coast", 33), take("ada", 33)]
    frames = list(woven(CADENCES[order], chain(*shots)))
    _check_each(cuts(frames), CADENCES[order], (33, 66))


def _check_each(answer: list[int], cadence: Cadence, drawn: tuple[int, ...]) -> None:
    """A frame that holds lines of both shots may belong to either."""
    true = [cadence.transition(Transition(at, at, at)) for at in drawn]
    assert len(answer) == len(true)
    assert all(one.start <= cut <= one.end for cut, one in zip(answer, true, strict=True))


# Bars


def _barred(film: Film, high: float, wide: float) -> Film:
    """With black bars over these shares of the height and of the width."""
    over, beside = round(high * HEIGHT / 2), round(wide * WIDTH / 2)
    barred = [np.zeros_like(one) for one in film]
    for one, picture in zip(barred, film, strict=True):
        inside = (slice(over, HEIGHT - over), slice(beside, WIDTH - beside))
        one[inside] = picture[inside]
    return barred


@pytest.mark.parametrize(("high", "wide"), [(0.25, 0), (0, 0.25), (0.45, 0)])
def test_cuts_inside_black_bars_are_found(high: float, wide: float) -> None:
    film = [*take("ada", 17), *take("coat", 17), *take("city", 16)]
    assert cuts(_barred(film, high, wide)) == [17, 34]


@pytest.mark.parametrize("bars", [(0.0, 0.25), (0.0, 0.0)], ids=["pillarbox", "none"])
def test_bars_that_change_at_a_cut_hide_it_not(bars: tuple[float, float]) -> None:
    film = [*_barred(take("ada", 27), 0.25, 0), *_barred(take("coast", 23), *bars)]
    assert cuts(film) == [27]


def test_bars_that_open_slowly_are_no_transition() -> None:
    opening = (min(max(1 - (at - 30) / 24, 0.0), 1.0) for at in range(90))
    film = [
        _barred([one], 0.25 * share, 0)[0]
        for one, share in zip(take("ada", 90), opening, strict=True)
    ]
    assert found(film) == []
