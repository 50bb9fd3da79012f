"""What every flavor promises. A new flavor is tested here without being named anywhere.

Add a file to `matchcut/flavors/`, or install a distribution with the entry point
`matchcut.flavors`, and run this module.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchcut import flavors
from matchcut.errors import FlavorUnknown, InternalError
from matchcut.pipeline.frames import window, windows
from matchcut.reframing import covers
from matchcut.scoring.working import ROUNDING
from matchcut.types import (
    LARGEST_ROTATION,
    LARGEST_SCALE,
    SOUND_RATE,
    Bits,
    Bounded,
    Evidence,
    Flavor,
    Picture,
    Preparing,
    Products,
    Reframing,
    Rows,
    Sound,
    Span,
    Window,
    WindowRequest,
)
from tests.contract.toy_flavor import install_toy
from tests.textures import as_frames, flat, moving, texture

NAMES = sorted(flavors.flavors())
SYMMETRIC = [name for name in NAMES if flavors.flavor(name).similarity.symmetric]
FOLLOWED = [name for name in NAMES if flavors.flavor(name).follow]
REFRAMED = [name for name in NAMES if flavors.flavor(name).reframe]
VARIANTS = {
    variant.name: (flavor, variant)
    for flavor in flavors.flavors().values()
    for variant in flavor.variants
}
PREPARING = {
    f"{one.name}{', reframed' * (similarity is not one.similarity)}": (flavor.name, similarity)
    for flavor in flavors.flavors().values()
    for one in (flavor, *flavor.variants)
    for similarity in (one.similarity, *([one.reframe.similarity] if one.reframe else []))
    if isinstance(similarity, Preparing)
}
"""What makes rows ready once, and the flavor whose rows those are."""
TIME_BASE = Fraction(1, 24)
Pictures: TypeAlias = NDArray[np.uint8]

every_flavor = pytest.mark.parametrize("flavor", flavors.flavors().values(), ids=NAMES)
every_variant = pytest.mark.parametrize(("flavor", "variant"), VARIANTS.values(), ids=VARIANTS)


def _with_figure(pictures: list[Picture], left: int, step: float) -> list[Picture]:
    """A figure that walks through the shot, for flavors that look for one."""
    shown = []
    for number, picture in enumerate(pictures):
        canvas = picture.copy()
        height, width = canvas.shape[:2]
        middle = left + round(step * number)
        cv2.ellipse(
            canvas,
            (middle, height // 3),
            (width // 16, height // 8),
            0,
            0,
            360,
            (235, 190, 160),
            -1,
        )
        cv2.ellipse(
            canvas, (middle, height), (width // 8, height // 2), 0, 0, 360, (150, 30, 40), -1
        )
        shown.append(canvas)
    return shown


@cache
def _shots() -> dict[str, list[Picture]]:
    """Shots of every kind that a film may hold, short and small."""
    return {
        "pan": moving(1, 30, across=3),
        "tilt": moving(2, 30, across=0, down=-2),
        "figure": _with_figure(moving(3, 30, across=0), left=90, step=3.0),
        "figure elsewhere": _with_figure(moving(4, 30, across=1), left=230, step=-1.0),
        "black": [flat(0, 0, 0)] * 24,
        "white": [flat(255, 255, 255)] * 2,
        "one frame": [texture(5)],
        "one black frame": [flat(0, 0, 0)],
        "portrait": moving(6, 30, width=101, height=180, across=1),
        "scope": moving(7, 30, width=320, height=134, across=-2),
    }


UNHEARD = ("one frame", "scope")
"""Shots of films without any sound."""
SILENT = ("black", "one black frame")


@cache
def _sound(kind: str) -> Sound:
    """Five seconds of a sound of its own for every kind of shot: a tone that beats, and noise."""
    if kind in SILENT:
        return np.zeros(5 * SOUND_RATE, np.float32)
    own = np.random.default_rng(len(kind) * 100 + ord(kind[0]))
    at = np.arange(5 * SOUND_RATE) / SOUND_RATE
    beats = np.exp(-6 * np.mod(at * own.uniform(1, 5), 1))
    tone = np.sin(2 * np.pi * own.uniform(200, 3_000) * at) * beats
    return np.asarray(0.3 * tone + 0.05 * own.standard_normal(len(at)), np.float32)


def _heard(kind: str, span: Span) -> Sound:
    if kind in UNHEARD:
        return np.zeros(0, np.float32)
    start = round(span.start * span.time_base * SOUND_RATE)
    sound = _sound(kind)[start : start + round(span.seconds * SOUND_RATE)].copy()
    sound.flags.writeable = False
    return sound


def _middle(flavor: Flavor, span: Span) -> WindowRequest:
    """The window of the shot's middle moment, or of its only one."""
    requests = windows(flavor.representation, span)
    return requests[len(requests) // 2]


def _window(flavor: Flavor, kind: str) -> Window:
    """What the flavor asks for, as the pipeline hands it over, but read-only."""
    pictures = _shots()[kind]
    span = Span(0, len(pictures), TIME_BASE)
    request = _middle(flavor, span)
    sounds = [_heard(kind, stretch) for stretch in request.sounds]
    given = window(as_frames(pictures), request, span, sounds)
    given.pictures.flags.writeable = False
    given.pts.flags.writeable = False
    return given


@cache
def _windows(name: str) -> list[Window]:
    return [_window(flavors.flavor(name), kind) for kind in _shots()]


@cache
def _rows(name: str) -> Rows:
    """The row of the middle of each shot, in the order of `_shots`, each computed by itself."""
    compute = flavors.flavor(name).representation.compute
    return np.concatenate([compute([one]) for one in _windows(name)])


def _fields(rows: Rows) -> list[Rows]:
    """The plain arrays of which rows consist."""
    names = rows.dtype.names
    return [one for name in names for one in _fields(rows[name])] if names else [rows]


@every_flavor
def test_a_flavor_is_found_under_the_name_that_the_user_types(flavor: Flavor) -> None:
    assert flavors.flavor(flavor.name) is flavor
    assert re.fullmatch(r"[a-z][a-z0-9-]*", flavor.name)


@every_flavor
def test_the_menu_line_and_the_source_are_one_line_each(flavor: Flavor) -> None:
    for text in (flavor.label, flavor.source):
        assert text.strip() == text != ""
        assert "\n" not in text
    assert len(flavor.label) <= 60


def test_markers_of_two_flavors_never_look_alike() -> None:
    colors = [flavor.marker_color for flavor in flavors.flavors().values()]
    assert len(set(colors)) == len(colors)
    known = {name for name in dir(otio.schema.MarkerColor) if name.isupper()}
    assert set(colors) <= known


def test_representations_are_stored_under_names_of_their_own() -> None:
    specs = [flavor.representation.spec for flavor in flavors.flavors().values()]
    identities = {spec.identity for spec in specs}
    assert len(identities) == len(
        {id(flavor.representation) for flavor in flavors.flavors().values()}
    )
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", identity) for identity in identities)


spans = st.builds(
    lambda start, length, base: Span(start, start + length, base),
    st.integers(-(10**6), 10**9),
    st.one_of(st.integers(1, 40), st.integers(1, 10**9)),
    st.sampled_from(
        [
            Fraction(1, 24),
            Fraction(1001, 24000),
            Fraction(1, 25),
            Fraction(1, 1000),  # variable frame rate, as phones and Matroska write it
            Fraction(1, 12800),
            Fraction(1, 90000),
        ]
    ),
)


@every_flavor
@given(span=spans)
def test_the_wanted_frames_lie_inside_the_shot_in_order_around_its_moment(
    flavor: Flavor, span: Span
) -> None:
    moments = list(flavor.representation.moments(span))
    assert moments == sorted(set(moments)) != []
    assert flavor.find_join is None or len(moments) == 1
    third = span.start + (span.end - span.start) // 3
    for moment in (*moments, third):
        request = flavor.representation.window(span, moment)
        assert request.moment == moment
        assert request.moment in request.instants
        assert all(span.start <= instant < span.end for instant in request.instants)
        assert list(request.instants) == sorted(set(request.instants))
        assert flavor.representation.window(span, moment) == request
        starts = [stretch.start for stretch in request.sounds]
        assert starts == sorted(starts)
        for stretch in request.sounds:
            assert span.start <= stretch.start < stretch.end <= span.end
            assert stretch.time_base == span.time_base


@every_flavor
def test_a_shot_of_one_instant_asks_for_that_instant(flavor: Flavor) -> None:
    for base in (Fraction(1, 24), Fraction(1, 90000)):
        (request,) = windows(flavor.representation, Span(7, 8, base))
        assert (request.moment, request.instants) == (7, (7,))
        assert set(request.sounds) <= {Span(7, 8, base)}


@every_flavor
def test_a_row_is_of_the_stated_type_and_shape_and_has_no_hole(flavor: Flavor) -> None:
    spec = flavor.representation.spec
    rows = _rows(flavor.name)
    assert rows.dtype == spec.dtype
    assert rows.shape == (len(_shots()), *spec.shape)
    assert all(np.isfinite(field).all() for field in _fields(rows))


@every_flavor
def test_no_shot_gives_no_row(flavor: Flavor) -> None:
    rows = flavor.representation.compute([])
    assert rows.shape == (0, *flavor.representation.spec.shape)
    assert rows.dtype == flavor.representation.spec.dtype


@every_flavor
def test_a_row_does_not_depend_on_what_else_is_computed_with_it(flavor: Flavor) -> None:
    windows = _windows(flavor.name)
    rows = flavor.representation.compute(windows[::-1])[::-1]
    assert rows.tobytes() == _rows(flavor.name).tobytes()


@every_flavor
def test_a_row_is_the_same_again_in_another_thread_and_under_other_random_numbers(
    flavor: Flavor,
) -> None:
    kinds = list(_shots())
    places = [kinds.index(kind) for kind in ("figure", "pan", "scope")]
    windows = [_windows(flavor.name)[place] for place in places]

    def again() -> bytes:
        # OpenCV's random numbers belong to a thread, and some of its algorithms draw from them.
        cv2.setRNGSeed(1234)
        return flavor.representation.compute(windows).tobytes()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(again).result() == _rows(flavor.name)[places].tobytes()


@every_flavor
def test_scores_are_numbers_within_the_stated_range(flavor: Flavor) -> None:
    rows = _rows(flavor.name)
    scores = flavor.similarity.pairwise(rows, rows)
    assert scores.dtype == np.float32
    assert scores.shape == (len(rows), len(rows))
    assert np.isfinite(scores).all()
    assert scores.min() >= flavor.similarity.lowest
    assert scores.max() <= flavor.similarity.highest
    assert flavor.similarity.lowest < flavor.similarity.highest
    assert 0 < flavor.similarity.fluke < flavor.similarity.highest


@pytest.mark.parametrize("name", SYMMETRIC)
def test_a_symmetric_flavor_scores_both_directions_alike_to_the_last_digit(name: str) -> None:
    flavor = flavors.flavor(name)
    rows = _rows(flavor.name)
    scores = flavor.similarity.pairwise(rows, rows)
    assert np.array_equal(scores, scores.T)


@every_flavor
def test_a_score_does_not_depend_on_the_block_it_is_computed_in(flavor: Flavor) -> None:
    rows = _rows(flavor.name)
    whole = flavor.similarity.pairwise(rows, rows)
    for one in range(len(rows)):
        for start, stop in ((0, 1), (1, 4), (3, len(rows))):
            part = flavor.similarity.pairwise(rows[one : one + 1], rows[start:stop])
            assert np.array_equal(part, whole[one : one + 1, start:stop])
    assert flavor.similarity.pairwise(rows[:0], rows).shape == (0, len(rows))


@pytest.mark.parametrize("name", PREPARING)
def test_rows_made_ready_score_as_they_are_to_the_last_digit(name: str) -> None:
    flavor, similarity = PREPARING[name]
    rows = _rows(flavor)
    expected, every = similarity.pairwise(rows, rows), np.arange(len(rows))
    ready = similarity.prepared([rows[:2], rows[2:]])
    assert len(ready) == len(rows)
    assert np.array_equal(ready.pairwise(every, every), expected)
    one, other = (side.ravel() for side in np.meshgrid(every, every, indexing="ij"))
    assert np.array_equal(ready.along(one, other), expected.ravel())
    assert len(similarity.prepared([])) == 0


@pytest.mark.parametrize("name", PREPARING)
def test_no_pair_scores_more_than_is_quickly_told_of_it(name: str) -> None:
    flavor, similarity = PREPARING[name]
    rows = _rows(flavor)
    scores, every = similarity.pairwise(rows, rows), np.arange(len(rows))
    ready = similarity.prepared([rows])
    if ready.bits:
        most = np.maximum.reduce([_overlaps(bits) for bits in ready.bits])
        assert (most >= scores - ROUNDING).all()
        return
    assert isinstance(ready, Bounded)
    assert ready.cost > 0
    for least in (-1.0, 0.1, 0.5, 0.9):
        most = ready.most(every, every, np.full(scores.shape, least, np.float32))
        assert (most >= np.where(scores >= least, scores - ROUNDING, -np.inf)).all()
    if isinstance(ready, Products):
        assert (ready.vectors @ ready.vectors.T >= scores - ready.error).all()


def _overlaps(bits: Bits) -> Rows:
    """What pairs score at most by their bits, counted the plain way."""
    both = np.bitwise_count(bits.words[:, None] & bits.others[None]).sum(axis=2, dtype=np.float32)
    either = bits.areas[:, None] + bits.areas[None] - both
    worth = np.minimum.outer(bits.worth, bits.worth) * (bits.kind[:, None] == bits.kind[None])
    return np.asarray(both / np.maximum(either, 1) * worth)


@every_flavor
def test_stored_rows_score_as_fresh_ones_do(flavor: Flavor, tmp_path: Path) -> None:
    rows = _rows(flavor.name)
    np.save(tmp_path / "rows.npy", rows, allow_pickle=False)
    stored = np.load(tmp_path / "rows.npy", mmap_mode="r", allow_pickle=False)
    fresh = flavor.similarity.pairwise(rows, rows)
    assert np.array_equal(flavor.similarity.pairwise(stored, stored), fresh)


@every_flavor
def test_an_empty_shot_is_nobodys_best_match(flavor: Flavor) -> None:
    kinds = list(_shots())
    scores = flavor.similarity.pairwise(_rows(flavor.name), _rows(flavor.name))
    for empty in ("black", "one black frame"):
        best = scores[kinds.index("figure"), kinds.index(empty)]
        assert best < flavor.similarity.highest


@every_flavor
def test_a_join_lies_inside_of_both_shots(flavor: Flavor) -> None:
    if flavor.find_join is None:
        return
    rows, kinds = _rows(flavor.name), list(_shots())
    for leaving, entering in ((0, 1), (2, 3), (0, kinds.index("white")), (4, 5), (5, 5)):
        before, after = flavor.find_join(rows[leaving : leaving + 1], rows[entering : entering + 1])
        assert 0 <= before <= len(_shots()[kinds[leaving]]) * TIME_BASE
        assert 0 <= after <= len(_shots()[kinds[entering]]) * TIME_BASE


@every_flavor
def test_the_reason_is_a_picture_of_the_size_of_the_outgoing_one(flavor: Flavor) -> None:
    rows = _rows(flavor.name)
    sides = {
        kind: Evidence(pictures[len(pictures) // 2], rows[place : place + 1])
        for place, (kind, pictures) in enumerate(_shots().items())
    }
    for leaving, entering in (
        ("figure", "figure elsewhere"),
        ("pan", "scope"),
        ("portrait", "tilt"),
        ("scope", "portrait"),
        ("black", "one frame"),
        ("one frame", "black"),
    ):
        outgoing, incoming = sides[leaving], sides[entering]
        before = outgoing.picture.copy(), incoming.picture.copy()
        drawn = flavor.draw_reason(outgoing, incoming)
        assert drawn.dtype == np.uint8
        assert drawn.shape == outgoing.picture.shape
        assert np.array_equal(before[0], outgoing.picture)
        assert np.array_equal(before[1], incoming.picture)


# Refinement: rows of every frame, and the picture moved


@cache
def _stretch(kind: str) -> tuple[Pictures, NDArray[np.float64]]:
    pictures = np.stack(_shots()[kind])
    pictures.flags.writeable = False
    return pictures, np.arange(len(pictures)) / 24


@pytest.mark.parametrize("name", FOLLOWED)
@pytest.mark.parametrize("kind", list(_shots()))
def test_following_gives_a_row_for_every_frame_and_leaves_the_known_ones_as_they_are(
    name: str, kind: str
) -> None:
    flavor = flavors.flavor(name)
    assert flavor.follow is not None
    pictures, seconds = _stretch(kind)
    at = list(_shots()).index(kind)
    row = _rows(name)[at : at + 1]
    ends = [0, len(pictures) // 2, len(pictures) - 1]
    for places in (*([place] for place in ends), sorted(set(ends))):
        known = np.concatenate([row] * len(places))
        told = flavor.follow(known, pictures, places, seconds)
        assert (told.rows.dtype, told.rows.shape) == (row.dtype, (len(pictures), *row.shape[1:]))
        assert told.rows[places].tobytes() == known.tobytes()
        assert all(np.isfinite(field).all() for field in _fields(told.rows))
        again = flavor.follow(known, pictures, places, seconds)
        assert told.rows.tobytes() == again.rows.tobytes()
        if told.fine is not None:
            assert flavor.finer is not None
            assert again.fine is not None
            assert len(told.fine) == len(pictures)
            assert told.fine.tobytes() == again.fine.tobytes()
            scores = flavor.finer.pairwise(told.fine, told.fine)
            assert scores.shape == (len(pictures), len(pictures))
            assert flavor.finer.lowest <= scores.min()
            assert scores.max() <= flavor.finer.highest + 1e-5


@pytest.mark.parametrize("name", REFRAMED)
def test_a_pair_scores_no_less_when_it_may_be_reframed(name: str) -> None:
    flavor, rows = flavors.flavor(name), _rows(name)
    assert flavor.reframe is not None
    rough = flavor.reframe.similarity
    scores = rough.pairwise(rows, rows)
    assert (scores >= flavor.similarity.pairwise(rows, rows)).all()
    assert rough.symmetric == flavor.similarity.symmetric
    assert not rough.symmetric or np.array_equal(scores, scores.T)
    assert (rough.lowest, rough.highest) == (flavor.similarity.lowest, flavor.similarity.highest)
    assert np.array_equal(rough.pairwise(rows[1:3], rows[2:5]), scores[1:3, 2:5])


@pytest.mark.parametrize("name", REFRAMED)
def test_a_reframing_is_admissible_better_than_none_and_what_moving_the_row_gives(
    name: str,
) -> None:
    flavor, rows = flavors.flavor(name), _rows(name)
    assert flavor.reframe is not None
    aspects = [pictures[0].shape[1] / pictures[0].shape[0] for pictures in _shots().values()]
    for one in range(len(rows)):
        for other in range(len(rows)):
            sides = [rows[one : one + 1], rows[other : other + 1]]
            near = aspects[one], aspects[other]
            found = flavor.reframe.find(*sides, near, None)
            assert found == flavor.reframe.find(*sides, near, None)
            if found is None:
                continue
            side = 0 if found.side == "outgoing" else 1
            assert covers(found, near[side])
            assert 1 <= found.scale <= LARGEST_SCALE
            assert abs(found.rotation) <= LARGEST_ROTATION
            assert found.before < found.after
            assert found.before == pytest.approx(flavor.similarity.pairwise(*sides)[0, 0], abs=1e-6)
            sides[side] = flavor.reframe.move(sides[side], near[side], found)
            assert found.after == pytest.approx(flavor.similarity.pairwise(*sides)[0, 0], abs=1e-6)


@pytest.mark.parametrize("name", REFRAMED)
def test_a_reframing_that_moves_nothing_leaves_the_row_as_it_is(name: str) -> None:
    flavor, rows = flavors.flavor(name), _rows(name)
    assert flavor.reframe is not None
    still = Reframing("incoming", 1.0, 0.0, 0.0, 0.0, flop=False, before=0.0, after=1.0)
    for place, pictures in enumerate(_shots().values()):
        row = rows[place : place + 1]
        height, width = pictures[0].shape[:2]
        moved = flavor.reframe.move(row, width / height, still)
        assert flavor.similarity.pairwise(row, moved)[0, 0] == pytest.approx(
            flavor.similarity.pairwise(row, row)[0, 0], abs=1e-3
        )


# Variants: the same rows, compared otherwise


@every_variant
def test_a_variant_is_its_flavor_but_for_what_is_compared(flavor: Flavor, variant: Flavor) -> None:
    assert flavors.flavor(variant.name) is variant
    assert re.fullmatch(rf"{flavor.name}/[a-z][a-z0-9-]*", variant.name)
    for text in (variant.label, variant.source):
        assert text.strip() == text != ""
        assert "\n" not in text
    assert len(variant.label) <= 60
    assert variant.label != flavor.label
    assert variant.representation is flavor.representation
    assert variant.pretrained == flavor.pretrained
    assert variant.find_join is flavor.find_join
    assert variant.follow is flavor.follow
    assert variant.marker_color == flavor.marker_color
    assert variant.variants == ()


@every_variant
def test_scores_of_a_variant_are_numbers_within_its_range(flavor: Flavor, variant: Flavor) -> None:
    rows = _rows(flavor.name)
    scores = variant.similarity.pairwise(rows, rows)
    assert scores.dtype == np.float32
    assert scores.shape == (len(rows), len(rows))
    assert np.isfinite(scores).all()
    assert variant.similarity.lowest <= scores.min()
    assert scores.max() <= variant.similarity.highest
    assert not variant.similarity.symmetric or np.array_equal(scores, scores.T)
    for one in range(len(rows)):
        part = variant.similarity.pairwise(rows[one : one + 1], rows[1:4])
        assert np.array_equal(part, scores[one : one + 1, 1:4])
    assert variant.similarity.pairwise(rows[:0], rows).shape == (0, len(rows))


@every_variant
def test_the_reason_of_a_variant_is_a_picture_of_the_size_of_the_outgoing_one(
    flavor: Flavor, variant: Flavor
) -> None:
    rows = _rows(flavor.name)
    outgoing, incoming = (
        Evidence(flat(90, 90, 90), rows[place : place + 1])
        for place in (list(_shots()).index(kind) for kind in ("figure", "scope"))
    )
    drawn = variant.draw_reason(outgoing, incoming)
    assert (drawn.dtype, drawn.shape) == (np.uint8, outgoing.picture.shape)


def test_variants_of_all_flavors_have_names_of_their_own() -> None:
    listed = [one.name for flavor in flavors.flavors().values() for one in flavor.variants]
    assert len(set(listed)) == len(listed)
    assert not set(listed) & set(NAMES)


# Flavors of other distributions


@pytest.fixture
def others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path in which another distribution can be installed."""
    monkeypatch.syspath_prepend(tmp_path)
    flavors.flavors.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    sys.modules.pop("a_toy_flavor", None)
    flavors.flavors.cache_clear()


def _flavors_command(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "matchcut", "flavors", "--json"],
        env={**os.environ, "PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_flavor_of_another_distribution_appears_by_itself(others: Path) -> None:
    install_toy(others, "zz-toy")
    assert list(flavors.flavors()) == [*NAMES, "zz-toy"]
    assert flavors.flavor("zz-toy").label == "Same brightness"


def test_a_flavor_of_another_distribution_is_in_the_command_line(tmp_path: Path) -> None:
    install_toy(tmp_path, "zz-toy")
    run = _flavors_command(tmp_path)
    assert run.returncode == 0, run.stderr
    listed = [json.loads(line) for line in run.stdout.splitlines()]
    assert [card["name"] for card in listed] == [*NAMES, "zz-toy"]
    assert listed[-1] == {
        "name": "zz-toy",
        "label": "Same brightness",
        "directed": False,
        "lowest": 0.0,
        "highest": 1.0,
        "marker_color": "PINK",
        "source": "a test",
        "variants": [],
    }


def test_a_flavor_that_takes_the_name_of_another_is_refused(others: Path) -> None:
    install_toy(others, NAMES[0])
    with pytest.raises(InternalError, match=f"Two plug-ins are named '{NAMES[0]}'"):
        flavors.flavors()


def test_a_name_clash_is_said_on_the_command_line_without_a_traceback(tmp_path: Path) -> None:
    install_toy(tmp_path, NAMES[0])
    run = _flavors_command(tmp_path)
    assert run.returncode == 1
    assert run.stdout == ""
    assert f"Two plug-ins are named '{NAMES[0]}'" in run.stderr.replace("\n", " ")
    assert "Traceback" not in run.stderr


def test_an_unknown_flavor_is_answered_with_the_known_ones() -> None:
    with pytest.raises(FlavorUnknown) as raised:
        flavors.flavor("smell")
    assert "'smell'" in raised.value.sentence
    assert all(name in raised.value.next_step for name in NAMES)


def test_an_unknown_variant_is_answered_with_the_known_ones() -> None:
    for name in {flavor.name for flavor, _ in VARIANTS.values()}:
        with pytest.raises(FlavorUnknown) as raised:
            flavors.flavor(f"{name}/smell")
        assert f"'{name}/smell'" in raised.value.sentence
        known = [one for one, (flavor, _) in VARIANTS.items() if flavor.name == name]
        assert all(one in raised.value.next_step for one in known)
