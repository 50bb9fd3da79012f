"""Streaming in blocks comes to what sorting all pairs comes to, whatever the library."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from matchcut.ranking import NO_MATCH, Rules, best_for, best_pairs
from tests.ranked_by_hand import Library, all_pairs, as_pairs, limited, may_meet, table

FEW_SCORES = (-1.0, -0.0, 0.0, 0.25, 0.5)
"""Few enough for ties everywhere; zero has two signs and is one score."""


@st.composite
def libraries(draw: DrawFn, most: int = 10, *, symmetric: bool = False) -> Library:
    count = draw(st.integers(0, most))
    spans: list[tuple[int, int, int]] = []
    source = time = 0
    for _ in range(count):
        if spans and draw(st.booleans()):
            source, time = source + 1, 0
        time += draw(st.integers(0, 2))
        length = draw(st.integers(1, 3))
        spans.append((source, time, time + length))
        time += length
    groups = [draw(st.integers(0, max(count - 1, 0))) for _ in range(count)]
    cells = st.lists(st.sampled_from(FEW_SCORES), min_size=count**2, max_size=count**2)
    scores = np.array(draw(cells), np.float32).reshape(count, count)
    if symmetric:
        scores = np.triu(scores) + np.triu(scores, 1).T
    return Library(table(spans, groups), scores)


rules = st.builds(
    Rules,
    across=st.booleans(),
    min_gap=st.integers(0, 4),
    per_shot=st.one_of(st.none(), st.integers(1, 3)),
)


@given(libraries(), rules, st.integers(0, 30), st.integers(1, 12))
def test_blocks_of_any_size_rank_as_sorting_all_directed_pairs_does(
    library: Library, rule: Rules, top: int, block: int
) -> None:
    ranked = best_pairs(library.block(), library.shots, rule, top=top, symmetric=False, block=block)
    expected = all_pairs(library, rule, symmetric=False)
    assert as_pairs(ranked) == limited(expected, rule.per_shot, top)
    assert ranked.compared == len(expected)


@given(libraries(symmetric=True), rules, st.integers(0, 30), st.integers(1, 12))
def test_blocks_of_any_size_rank_as_sorting_all_undirected_pairs_does(
    library: Library, rule: Rules, top: int, block: int
) -> None:
    ranked = best_pairs(library.block(), library.shots, rule, top=top, symmetric=True, block=block)
    expected = all_pairs(library, rule, symmetric=True)
    assert as_pairs(ranked) == limited(expected, rule.per_shot, top)
    assert ranked.compared == len(expected)


pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12)


@given(libraries(symmetric=True), rules, st.integers(1, 20), st.booleans(), pairs)
def test_pairs_left_out_make_room_for_the_next_best_and_change_nothing_else(
    library: Library, rule: Rules, top: int, symmetric: bool, without: list[tuple[int, int]]
) -> None:
    ranked = best_pairs(
        library.block(), library.shots, rule, top=top, symmetric=symmetric, without=without
    )
    expected = all_pairs(library, rule, symmetric=symmetric)
    left = [pair for pair in expected if pair[:2] not in without]
    assert as_pairs(ranked) == limited(left, rule.per_shot, top)
    assert ranked.compared == len(expected), "they were compared all the same"


@given(libraries(), rules, st.integers(1, 20), pairs, st.data())
def test_shots_left_out_for_one_query_make_room_for_the_next_best(
    library: Library, rule: Rules, top: int, without: list[tuple[int, int]], data: st.DataObject
) -> None:
    if not len(library.shots):
        return
    query = data.draw(st.integers(0, len(library.shots) - 1), label="query")
    found = [
        best_for(library.block(), library.shots, rule, query=query, top=many, without=some)
        for many, some in ((top, without), (len(library.shots), []))
    ]
    left = [pair for pair in as_pairs(found[1]) if pair[:2] not in without]
    assert as_pairs(found[0]) == left[:top]
    assert found[0].compared == found[1].compared


@given(libraries(), rules, st.integers(1, 40), st.integers(1, 12))
def test_no_repeat_and_no_neighbour_is_ever_shown(
    library: Library, rule: Rules, top: int, block: int
) -> None:
    shots = library.shots
    ranked = best_pairs(library.block(), shots, rule, top=top, symmetric=False, block=block)
    for a, b, _ in as_pairs(ranked):
        assert shots.group[a] != shots.group[b]
        if shots.source[a] == shots.source[b]:
            assert not rule.across
            first, second = sorted((a, b), key=lambda shot: int(shots.start[shot]))
            assert shots.start[second] - shots.end[first] >= rule.min_gap


@given(libraries(), rules, st.integers(0, 12), st.integers(1, 12), st.data())
def test_find_lists_the_shots_that_sorting_all_partners_of_the_query_lists(
    library: Library, rule: Rules, top: int, block: int, data: st.DataObject
) -> None:
    shots = library.shots
    if not len(shots):
        return
    query = data.draw(st.integers(0, len(shots) - 1), label="query")
    ranked = best_for(library.block(), shots, rule, query=query, top=top, block=block)
    partners = sorted(
        (
            (query, other, float(library.scores[query, other]))
            for other in range(len(shots))
            if shots.earliest[other] and may_meet(shots, rule, query, other)
        ),
        key=lambda pair: (-pair[2], pair[1]),
    )
    assert as_pairs(ranked) == [pair for pair in partners if pair[2] > NO_MATCH][:top]
    assert ranked.compared == len(partners)


@settings(max_examples=25)
@given(
    st.integers(30, 45),
    st.integers(1, 25),
    st.integers(1, 2),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
def test_a_limit_a_shot_is_the_greedy_one_even_where_a_few_shots_have_all_the_best_pairs(
    count: int, top: int, per_shot: int, symmetric: bool, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    # A clique of look-alikes outscores all else: the pool that is ranked first holds nothing else.
    clique = 25
    scores = draw.choice(np.array([0.0, 0.25, 0.5], np.float32), (count, count))
    scores[:clique, :clique] = 1.0
    if symmetric:
        scores = np.triu(scores) + np.triu(scores, 1).T
    library = Library(table([(shot, 0, 1) for shot in range(count)]), scores)
    rule = Rules(across=False, min_gap=0, per_shot=per_shot)
    ranked = best_pairs(
        library.block(), library.shots, rule, top=top, symmetric=symmetric, block=16
    )
    expected = all_pairs(library, rule, symmetric=symmetric)
    assert as_pairs(ranked) == limited(expected, per_shot, top)
