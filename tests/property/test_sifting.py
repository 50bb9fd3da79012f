"""Sifting all pairs by their bits comes to what scoring every pair comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from numpy.typing import NDArray

from matchcut.errors import Cancelled
from matchcut.flavors import _arrangement, _lightness, _movement, _palette, _spectrum
from matchcut.flavors._aligned import AlignedIoU
from matchcut.flavors._composition_reframing import Recomposable
from matchcut.flavors._parts import SilhouetteIoU
from matchcut.flavors.action import SameAction
from matchcut.flavors.camera import BothStand, SameMovement
from matchcut.flavors.color import SameColors, SamePalette
from matchcut.flavors.composition import SameComposition
from matchcut.flavors.light import SameLight
from matchcut.flavors.sound import FLAVOR as FLAVOR_OF_SOUND
from matchcut.flavors.sound import Continuation
from matchcut.ranking import (
    Pool,
    Ranked,
    Rules,
    ShotTable,
    best_brought,
    best_for,
    best_found,
    best_pairs,
    sifting,
)
from matchcut.scoring import (
    BlendedScores,
    BlendedTable,
    Entries,
    Moments,
    MomentScores,
    Part,
    Rarity,
    entries_of,
    find,
    rarity,
    sift,
)
from matchcut.scoring.entries import Scored
from matchcut.scoring.working import ROUNDING
from matchcut.silhouettes.canvas import COLUMNS, ROWS, packed
from matchcut.silhouettes.rows import ROW
from matchcut.similarity import Cosine, directions
from matchcut.similarity.vectors import alike
from matchcut.types import Bounded, Prepared, Preparing, Rows, Similarity
from tests.ranked_by_hand import as_pairs, table

Drawn = tuple[ShotTable, Rows, NDArray[np.int64], Moments, Moments]
"""Shots, the rows of all moments, the shot of each, and where shots may be left and entered."""


def silhouettes(count: int, rng: np.random.Generator) -> Rows:
    """Few shapes, so that many pairs are equally alike, some people, some things, some nothing."""
    down, across = np.mgrid[:ROWS, :COLUMNS]
    rows = np.zeros(count, ROW)
    for row in rows:
        x, y = rng.choice([16, 24, 40]), rng.choice([12, 20])
        wide, high = rng.choice([6, 9, 14]), rng.choice([5, 10])
        mask = ((across - x) / wide) ** 2 + ((down - y) / high) ** 2 < 1
        part = rng.choice(["people", "subject"])
        if rng.random() < 0.9:
            row[part]["mask"] = packed(mask)
            row[part]["confidence"] = rng.choice([0.2, 0.5, 1.0])
    return rows


@st.composite
def libraries(draw: DrawFn) -> Drawn:
    counts = draw(st.lists(st.integers(1, 3), min_size=1, max_size=14))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    sources = np.cumsum(rng.random(len(counts)) < 0.3)
    spans = [(int(sources[at]), 10 * at, 10 * at + 10) for at in range(len(counts))]
    groups = rng.integers(0, len(counts), len(counts)) if draw(st.booleans()) else None
    shots = table(spans, None if groups is None else groups.tolist())
    sides = []
    for _ in range(2):
        flags = rng.random(firsts[-1]) < 0.8
        counted = np.concatenate([[0], np.cumsum(flags)]).astype(np.int64)
        middle = (firsts[:-1] + firsts[1:]) // 2
        plain = np.where(flags[middle], counted[middle], -1)
        sides.append(Moments(np.flatnonzero(flags), counted[firsts], plain))
    of = np.repeat(np.arange(len(counts)), counts)
    return shots, silhouettes(len(of), rng), of, sides[0], sides[1]


def each_like_all(
    drawn: Drawn, plain: Similarity, scores: Similarity, rules: Rules, top: int
) -> tuple[MomentScores, tuple[Entries, ...]]:
    """Finding the best of each shot comes to what scoring all does; and what both compare."""
    _, rows, of, leaving, entering = drawn
    assert isinstance(plain, Preparing)
    assert isinstance(scores, Preparing)
    ways = 1 if plain is scores else 2
    every = MomentScores(
        lambda one, other: plain.pairwise(rows[one], rows[other]),
        lambda one, other: scores.pairwise(rows[one], rows[other]),
        ways,
        leaving,
        entering,
        scores.fluke,
    )
    parts = [plain.prepared([rows[:3], rows[3:]]), scores.prepared([rows])]
    entries = entries_of(
        parts[0],
        parts[1],
        leaving,
        entering,
        of,
        symmetric=plain.symmetric,
        ways=ways,
        fluke=scores.fluke,
    )
    found_like_scored(drawn, every, entries, rules, top)
    return every, entries


def both(
    drawn: Drawn, plain: Similarity, scores: Similarity, rules: Rules, top: int
) -> tuple[Ranked, Ranked]:
    """The best pairs by sifting, and by scoring all.

    Those of each shot are alike by both, and those of three shares of the work are those of all.
    """
    every, entries = each_like_all(drawn, plain, scores, rules, top)
    sifted = in_shares_as_whole(partial(sift, entries), drawn[0], rules, top, symmetric=True)
    return sifted, best_pairs(every.either, drawn[0], rules, top=top, symmetric=True, block=5)


def in_shares_as_whole(
    sift: Callable[..., Iterator[Scored]],
    shots: ShotTable,
    rules: Rules,
    top: int,
    *,
    symmetric: bool,
) -> Ranked:
    """The best pairs by sifting; those of three shares of the work together are the same."""
    whole = best_brought(sifting(sift, shots, rules), shots, rules, top=top, symmetric=symmetric)
    shares = [sifting(partial(sift, part=(at, 3)), shots, rules) for at in range(3)]

    def together(pool: Pool, kept: NDArray[np.bool_]) -> None:
        for share in shares:
            own = Pool(pool.top, pool.without)
            share(own, kept)
            ended = own.ranked(0)
            pool.add(ended.outgoing, ended.incoming, ended.scores)

    divided = best_brought(together, shots, rules, top=top, symmetric=symmetric)
    assert as_pairs(divided) == as_pairs(whole)
    return whole


rules = st.builds(
    Rules,
    across=st.booleans(),
    min_gap=st.sampled_from([0, 10, 25]),
    per_shot=st.one_of(st.none(), st.integers(1, 2)),
)


@settings(max_examples=60, deadline=None)
@given(libraries(), rules, st.integers(1, 40))
def test_silhouettes_rank_as_they_do_when_every_pair_is_scored(
    drawn: Drawn, rule: Rules, top: int
) -> None:
    similarity = SilhouetteIoU("people")
    sifted, scored = both(drawn, similarity, similarity, rule, top)
    assert as_pairs(sifted) == as_pairs(scored)
    assert sifted.compared == scored.compared


@settings(max_examples=60, deadline=None)
@given(libraries(), rules, st.integers(1, 40))
def test_silhouettes_that_may_be_reframed_rank_as_they_do_when_every_pair_is_scored(
    drawn: Drawn, rule: Rules, top: int
) -> None:
    plain = SilhouetteIoU("people")
    sifted, scored = both(drawn, plain, SilhouetteIoU("people", AlignedIoU()), rule, top)
    assert as_pairs(sifted) == as_pairs(scored)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["people", "subject", "person", "dog"]))
def test_masks_made_ready_score_to_the_last_bit_as_their_rows_do(seed: int, part: str) -> None:
    rows = silhouettes(24, np.random.default_rng(seed))
    every = np.arange(24)
    for similarity in (SilhouetteIoU(part), SilhouetteIoU(part, AlignedIoU())):
        ready = similarity.prepared([rows[:5], rows[5:]])
        expected = similarity.pairwise(rows, rows)
        np.testing.assert_array_equal(ready.pairwise(every, every), expected)
        one, other = np.divmod(np.arange(24 * 24), 24)
        np.testing.assert_array_equal(ready.along(one, other), expected.ravel())
        assert len(ready) == 24


def test_sifting_ends_when_the_user_stops_it() -> None:
    rng = np.random.default_rng(1)
    count = 2000
    ready = SilhouetteIoU("people").prepared([silhouettes(count, rng)])
    firsts = np.arange(count + 1)
    every = Moments(np.arange(count), firsts, np.arange(count))
    entries = entries_of(
        ready, ready, every, every, np.arange(count), symmetric=True, ways=1, fluke=0.1
    )
    shots = table([(shot, 0, 1) for shot in range(count)])
    asked: list[None] = []

    def stop() -> None:
        asked.append(None)
        if len(asked) == 3:
            raise Cancelled

    rules_ = Rules(across=False, min_gap=0, per_shot=None)
    with pytest.raises(Cancelled):
        best_brought(
            sifting(partial(sift, entries), shots, rules_, stop),
            shots,
            rules_,
            top=10,
            symmetric=True,
        )
    assert len(asked) == 3


@settings(max_examples=40, deadline=None)
@given(libraries(), rules, st.integers(1, 40), st.integers(1, 6))
def test_vectors_rank_as_they_do_when_every_pair_is_scored(
    drawn: Drawn, rule: Rules, top: int, numbers: int
) -> None:
    shots, rows, of, leaving, entering = drawn
    # Few directions, so that many pairs are equally alike, and some without any.
    vectors = np.random.default_rng(top).integers(-1, 2, (len(rows), numbers)).astype(np.float32)
    sifted, scored = both((shots, vectors, of, leaving, entering), Cosine(), Cosine(), rule, top)
    assert as_pairs(sifted) == as_pairs(scored)


@pytest.mark.parametrize("device", ["cpu", "cpu:0"])
def test_products_are_told_alike_by_numpy_and_by_torch(device: str) -> None:
    vectors = directions(np.random.default_rng(3).standard_normal((300, 64))).astype(np.float32)
    one, other = np.arange(100), np.arange(50, 300)
    rows, columns = alike(vectors, one, other, 0.2, device)
    expected = np.nonzero(vectors[:100] @ vectors[50:].T >= np.float32(0.2))
    assert len(rows) > 50
    np.testing.assert_array_equal(rows, expected[0])
    np.testing.assert_array_equal(columns, expected[1] + 50)


def _colors(count: int, rng: np.random.Generator) -> Rows:
    """Few palettes and layouts, some flat, some grey, so that many pairs are equally alike."""
    rows = np.zeros(count, _palette.ROW)
    kinds = rng.integers(0, 4096, (3, rows["histogram"].shape[1]))
    layouts = rng.integers(-300, 1000, (3, *rows["layout"].shape[1:]))
    rows["histogram"] = kinds[rng.integers(0, 3, count)] * rng.integers(0, 2, (count, 1))
    rows["layout"] = layouts[rng.integers(0, 3, count)] + rng.integers(-40, 40, (count, 1, 1, 1))
    rows["lightness"] = rng.choice([0.05, 0.3, 0.32, 0.9], count)
    rows["chroma"], rows["variety"] = rng.choice([0, 0.02, 0.2], (2, count))
    return rows


def _lights(count: int, rng: np.random.Generator) -> Rows:
    rows = np.zeros(count, _lightness.ROW)
    layouts = rng.integers(-900, 900, (3, *rows["layout"].shape[1:]))
    rows["layout"] = layouts[rng.integers(0, 3, count)] * rng.integers(-1, 2, (count, 1, 1))
    rows["key"], rows["contrast"] = rng.choice([-4, -1, -0.9], count), rng.choice([0.2, 0.5, 2])
    return rows


def _compositions(count: int, rng: np.random.Generator) -> Rows:
    """Few lines, level, upright and slanted, and circles, in no order of strength.

    Of every second library, lines run and lie a little otherwise than those of the others.
    """
    rows = np.zeros(count, _arrangement.ROW)
    lines, circles = rows["lines"], rows["circles"]
    angle = rng.choice([0, np.pi / 2, np.pi / 2 + 0.1, 0.7, 0.7 + 0.139, np.pi - 0.01], lines.shape)
    lines["x"], lines["y"] = rng.choice([-0.2, -0.19, 0, 0.1], (2, *lines.shape))
    if rng.random() < 0.5:
        angle = angle + rng.normal(0, 0.08, lines.shape)
        lines["x"] += rng.normal(0, 0.03, lines.shape)
        lines["y"] += rng.normal(0, 0.03, lines.shape)
    lines["along_x"], lines["along_y"] = np.cos(angle), np.sin(angle)
    lines["half"] = rng.choice([0.1, 0.4], lines.shape)
    lines["strength"] = rng.choice([0, 0.1, 0.3], lines.shape)
    rows["total"] = lines["strength"].sum(axis=1) * rng.choice([1, 1.5], count)
    circles["x"], circles["y"] = rng.choice([-0.2, 0, 0.05, 0.45], (2, *circles.shape))
    circles["radius"] = rng.choice([0.1, 0.12, 0.3], circles.shape)
    circles["strength"] = rng.choice([0, 0, 0.4, 1], circles.shape)
    rows["masses"] = rng.integers(-3, 4, (count, 1, 1)) * rng.integers(-90, 90, (1, 9, 16))
    rows["weight"] = rng.choice([0, 0.5, 1], count)
    return rows


def _movements(count: int, rng: np.random.Generator) -> Rows:
    rows = np.zeros(count, _movement.ROW)
    acting = rng.normal(0, 0.1, (2, *_movement.MOMENT["subject"].shape))
    for side in ("before", "after"):
        rows[side]["camera"] = rng.choice([0, 0.1, 0.11, -0.3], (count, 4))
        rows[side]["sure"] = rng.choice([0, 0.15, 0.9], count)
        rows[side]["shake"] = rng.choice([0, 0.001, 0.01], count)
        rows[side]["subject"] = acting[rng.integers(0, 2, count)] * rng.choice(
            [0, 1, 1.5], (count, 1, 1, 1)
        )
    return rows


def _sounds(count: int, rng: np.random.Generator) -> Rows:
    """Lively and steady ones, some of which are cut out of others, short ones, and silence."""
    rows = np.zeros(count, FLAVOR_OF_SOUND.representation.spec.dtype)
    long = rng.integers(-45, 46, (2 * _spectrum.FRAMES, _spectrum.BANDS))
    for row in rows:
        for side in ("head", "tail"):
            heard = row[side]
            frames = rng.choice([0, 20, 45, 120, _spectrum.FRAMES])
            at = rng.integers(0, 3) * 40
            own = slice(_spectrum.FRAMES - frames, None) if side == "tail" else slice(frames)
            heard["changes"][own] = long[at : at + frames] * rng.choice([0, 1])
            heard["onset"][own] = rng.choice([0, 3, 40], frames)
            heard["loud"][own] = rng.choice([-90, -20], frames)
            heard["envelope"] = rng.choice([-3.1, 0, 5], _spectrum.BANDS)
            heard["lively"], heard["frames"] = rng.choice([1, 3, 9]), frames
    return rows


Draw = Callable[[int, np.random.Generator], Rows]
SYMMETRIC: dict[str, tuple[Draw, Similarity, Similarity]] = {
    "color": (_colors, SameColors(), SameColors()),
    "color/palette": (_colors, SamePalette(), SamePalette()),
    "light": (_lights, SameLight(), SameLight()),
    "composition": (_compositions, SameComposition(), SameComposition()),
    "composition, reframed": (_compositions, SameComposition(), Recomposable(SameComposition())),
}
DIRECTED: dict[str, tuple[Draw, Similarity, Similarity]] = {
    "camera": (_movements, SameMovement(), SameMovement()),
    "camera/static": (_movements, BothStand(), BothStand()),
    "action": (_movements, SameAction(), SameAction()),
    "sound": (_sounds, Continuation(), Continuation()),
}
EVERY = SYMMETRIC | DIRECTED


@pytest.mark.parametrize("name", SYMMETRIC)
@settings(max_examples=30, deadline=None)
@given(libraries(), rules, st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_what_bounds_tell_ranks_as_it_does_when_every_pair_is_scored(
    name: str, drawn: Drawn, rule: Rules, top: int, seed: int
) -> None:
    draw, plain, scores = SYMMETRIC[name]
    shots, rows, of, leaving, entering = drawn
    made = draw(len(rows), np.random.default_rng(seed))
    sifted, scored = both((shots, made, of, leaving, entering), plain, scores, rule, top)
    assert as_pairs(sifted) == as_pairs(scored)
    assert sifted.compared == scored.compared


@pytest.mark.parametrize("name", DIRECTED)
@settings(max_examples=30, deadline=None)
@given(libraries(), rules, st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_what_is_left_and_what_is_entered_are_not_taken_for_each_other(
    name: str, drawn: Drawn, rule: Rules, top: int, seed: int
) -> None:
    draw, plain, _ = DIRECTED[name]
    shots, rows, of, leaving, entering = drawn
    made = draw(len(rows), np.random.default_rng(seed))
    every, entries = each_like_all((shots, made, of, leaving, entering), plain, plain, rule, top)
    led = in_shares_as_whole(partial(sift, entries), shots, rule, top, symmetric=False)
    scored = best_pairs(every.block, shots, rule, top=top, symmetric=False, block=5)
    assert as_pairs(led) == as_pairs(scored)
    assert led.compared == scored.compared


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(-1, 1, width=32))
def test_rows_made_ready_score_to_the_last_bit_as_they_do_and_never_more_than_is_told(
    name: str, seed: int, least: float
) -> None:
    draw, plain, scores = EVERY[name]
    rows = draw(24, np.random.default_rng(seed))
    every = np.arange(24)
    wanted = np.full((24, 24), least, np.float32)
    for similarity in (plain, scores):
        assert isinstance(similarity, Preparing)
        ready = similarity.prepared([rows[:5], rows[5:]])
        assert isinstance(ready, Bounded)
        expected = similarity.pairwise(rows, rows)
        np.testing.assert_array_equal(ready.pairwise(every, every), expected)
        one, other = np.divmod(np.arange(24 * 24), 24)
        np.testing.assert_array_equal(ready.along(one, other), expected.ravel())
        most = ready.most(every, every, wanted)
        assert (most >= np.where(expected >= wanted, expected - ROUNDING, -1)).all()
        assert len(ready) == 24


def _curve(rng: np.random.Generator) -> Rarity:
    """Of scores that come again and again."""
    return rarity(np.asarray(rng.choice([0, 0.1, 0.100001, 0.4, 0.7], 60), np.float32), 1.0)


def blend(
    drawn: Drawn,
    made: Sequence[tuple[Prepared, NDArray[np.int64] | None]],
    rng: np.random.Generator,
) -> tuple[MomentScores, BlendedTable]:
    """Some rows blended, given which of them stand for each moment: scored plainly, and quickly."""
    ready = tuple(rows for rows, _ in made)
    parts = tuple(
        Part(rows.pairwise, at, _curve(rng), rng.choice([0.2, 1, 3]).item()) for rows, at in made
    )
    scores = BlendedScores(parts)
    every = MomentScores(scores, scores, 2, drawn[3], drawn[4], 0.43)
    return every, BlendedTable(parts, ready, (1.0,) * len(parts), len(drawn[1]))


def found_like_scored(
    drawn: Drawn, every: MomentScores, entries: tuple[Entries, ...], rule: Rules, top: int
) -> None:
    """Finding the best of each shot comes to what scoring all does."""
    shots = drawn[0]
    for query in range(len(shots)):
        found = best_found(partial(find, entries), shots, rule, query=query, top=top)
        scored = best_for(every.block, shots, rule, query=query, top=top, block=5)
        assert as_pairs(found) == as_pairs(scored)
        assert found.compared == scored.compared


@settings(max_examples=40, deadline=None)
@given(libraries(), rules, st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_blends_rank_as_they_do_when_every_pair_is_scored(
    drawn: Drawn, rule: Rules, top: int, seed: int
) -> None:
    shots, rows, of, leaving, entering = drawn
    rng = np.random.default_rng(seed)
    # The second part has other moments than the first.
    at = np.sort(rng.integers(0, len(rows), len(rows)))
    made = (
        (SilhouetteIoU("people", AlignedIoU()).prepared([rows]), None),
        (SameColors().prepared([_colors(len(rows), rng)]), at),
        (SameLight().prepared([_lights(len(rows), rng)]), None),
    )
    every, quick = blend(drawn, made, rng)
    entries = entries_of(
        quick, quick, leaving, entering, of, symmetric=True, ways=2, fluke=every.fluke
    )
    found_like_scored(drawn, every, entries, rule, top)
    sifted = in_shares_as_whole(partial(sift, entries), shots, rule, top, symmetric=True)
    scored = best_pairs(every.either, shots, rule, top=top, symmetric=True, block=5)
    assert as_pairs(sifted) == as_pairs(scored)
    one = np.arange(len(rows))
    expected = every.scores(one, one)
    for least in (0.0, 0.3, 1.0):
        most = quick.most(one, one, np.full(expected.shape, least, np.float32))
        assert (most >= np.where(expected >= least, expected - ROUNDING, -np.inf)).all()


@settings(max_examples=40, deadline=None)
@given(libraries(), rules, st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_a_blend_with_a_direction_ranks_as_it_does_when_every_pair_is_scored(
    drawn: Drawn, rule: Rules, top: int, seed: int
) -> None:
    shots, rows, of, leaving, entering = drawn
    rng = np.random.default_rng(seed)
    made = (
        (SameMovement().prepared([_movements(len(rows), rng)]), None),
        (SilhouetteIoU("people", AlignedIoU()).prepared([rows]), None),
        # Sounds have one row a shot: of each shot all moments have the same.
        (Continuation().prepared([_sounds(len(shots), rng)]), of),
    )
    every, quick = blend(drawn, made, rng)
    entries = entries_of(
        quick, quick, leaving, entering, of, symmetric=False, ways=2, fluke=every.fluke
    )
    found_like_scored(drawn, every, entries, rule, top)
    led = in_shares_as_whole(partial(sift, entries), shots, rule, top, symmetric=False)
    scored = best_pairs(every.block, shots, rule, top=top, symmetric=False, block=5)
    assert as_pairs(led) == as_pairs(scored)
