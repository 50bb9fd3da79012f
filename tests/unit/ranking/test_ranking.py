"""The rules of ranking, one case each."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.errors import Cancelled
from matchcut.ranking import Rules, ShotTable, allowed, best_for, best_pairs
from tests.ranked_by_hand import Library, all_pairs, as_pairs, limited, table

ANY = Rules(across=False, min_gap=0, per_shot=None)


def _library(scores: list[list[float]], shots: ShotTable | None = None) -> Library:
    matrix = np.array(scores, np.float32)
    apart = table([(shot, 0, 1) for shot in range(len(matrix))])
    return Library(apart if shots is None else shots, matrix)


def test_the_best_pair_comes_first() -> None:
    library = _library([[0, 0.25, 1.0], [0.125, 0, 0.5], [0.375, 0.75, 0]])
    ranked = best_pairs(library.block(), library.shots, ANY, top=3, symmetric=False)
    assert as_pairs(ranked) == [(0, 2, 1.0), (2, 1, 0.75), (1, 2, 0.5)]


def test_equal_pairs_stand_in_the_order_of_the_library() -> None:
    library = _library([[0.5] * 4] * 4)
    ranked = best_pairs(library.block(), library.shots, ANY, top=4, symmetric=False, block=1)
    assert [pair[:2] for pair in as_pairs(ranked)] == [(0, 1), (0, 2), (0, 3), (1, 0)]


def test_a_pair_tied_with_the_last_one_shown_is_still_taken_from_a_later_block() -> None:
    # With blocks of two, (1, 0) is seen before (0, 3); the library's order puts (0, 3) first.
    library = _library([[0.5] * 4] * 4)
    ranked = best_pairs(library.block(), library.shots, ANY, top=3, symmetric=False, block=2)
    assert [pair[:2] for pair in as_pairs(ranked)] == [(0, 1), (0, 2), (0, 3)]


def test_a_symmetric_flavor_shows_each_pair_once_in_the_order_of_the_library() -> None:
    library = _library([[0, 0.1, 0.9], [0.1, 0, 0.5], [0.9, 0.5, 0]])
    ranked = best_pairs(library.block(), library.shots, ANY, top=9, symmetric=True, block=2)
    assert [pair[:2] for pair in as_pairs(ranked)] == [(0, 2), (1, 2), (0, 1)]
    assert ranked.compared == 3


def test_a_directed_flavor_shows_both_directions() -> None:
    library = _library([[0, 0.7], [0.2, 0]])
    ranked = best_pairs(library.block(), library.shots, ANY, top=9, symmetric=False)
    assert [pair[:2] for pair in as_pairs(ranked)] == [(0, 1), (1, 0)]


def test_shots_of_one_duplicate_group_are_no_match() -> None:
    shots = table([(0, 0, 1), (1, 0, 1), (2, 0, 1)], groups=[0, 1, 0])
    library = _library([[1.0] * 3] * 3, shots)
    ranked = best_pairs(library.block(), shots, ANY, top=9, symmetric=False)
    assert [pair[:2] for pair in as_pairs(ranked)] == [(0, 1), (1, 0)]


@pytest.mark.parametrize(("gap", "expected"), [(9, True), (10, True), (11, False)])
def test_neighbours_match_from_the_stated_gap_on_whichever_comes_first(
    gap: int, expected: bool
) -> None:
    shots = table([(0, 0, 50), (0, 60, 90)])
    rules = Rules(across=False, min_gap=gap, per_shot=None)
    assert allowed(shots, rules, (0, 1), (1, 2)).item() is expected
    assert allowed(shots, rules, (1, 2), (0, 1)).item() is expected


def test_the_gap_does_not_hold_between_two_films() -> None:
    shots = table([(0, 0, 50), (1, 50, 90)])
    rules = Rules(across=False, min_gap=10**9, per_shot=None)
    assert allowed(shots, rules, (0, 2), (0, 2)).tolist() == [[False, True], [True, False]]


def test_across_shows_no_pair_of_one_film() -> None:
    shots = table([(0, 0, 1), (0, 1000, 1001), (1, 0, 1)])
    library = _library([[1.0] * 3] * 3, shots)
    rules = Rules(across=True, min_gap=0, per_shot=None)
    ranked = best_pairs(library.block(), shots, rules, top=9, symmetric=True)
    assert [pair[:2] for pair in as_pairs(ranked)] == [(0, 2), (1, 2)]


def test_a_shot_is_shown_no_more_often_than_asked_for() -> None:
    library = _library([[0, 0.9, 0.8, 0.7], [0, 0, 0.6, 0.5], [0, 0, 0, 0.4], [0, 0, 0, 0]])
    rules = Rules(across=False, min_gap=0, per_shot=1)
    ranked = best_pairs(library.block(), library.shots, rules, top=9, symmetric=True)
    assert [pair[:2] for pair in as_pairs(ranked)] == [(0, 1), (2, 3)]


def test_the_limit_a_shot_looks_further_down_when_look_alikes_fill_the_first_pool() -> None:
    # 24 look-alikes make 276 pairs of the highest score: more than the first pool of 256 holds, and
    # only 12 of them may be shown.
    count, clique, top = 80, 24, 30
    draw = np.random.default_rng(3)
    scores = np.triu(draw.random((count, count), np.float32) * np.float32(0.5), 1)
    scores[:clique, :clique] = 1.0
    library = _library(scores.tolist())
    passes: list[tuple[int, int]] = []

    def counted(outgoing: tuple[int, int], incoming: tuple[int, int]) -> NDArray[np.float32]:
        passes.append(outgoing)
        return library.block()(outgoing, incoming)

    rules = Rules(across=False, min_gap=0, per_shot=1)
    ranked = best_pairs(counted, library.shots, rules, top=top, symmetric=True)
    assert len(passes) > 1
    expected = limited(all_pairs(library, rules, symmetric=True), 1, top)
    assert len(expected) == top
    assert as_pairs(ranked) == expected
    assert ranked.compared == count * (count - 1) // 2


def test_find_shows_the_kept_shot_of_other_groups_alone_even_for_a_repeat() -> None:
    # Shot 2 repeats shot 0, shot 3 repeats shot 1: asked for shot 2, only shot 1 is left.
    shots = table([(shot, 0, 1) for shot in range(4)], groups=[0, 1, 0, 1])
    library = _library([[1.0] * 4] * 4, shots)
    ranked = best_for(library.block(), shots, ANY, query=2, top=9, block=2)
    assert as_pairs(ranked) == [(2, 1, 1.0)]
    assert ranked.compared == 1


def test_find_reads_the_score_from_the_query_to_the_other_shot() -> None:
    library = _library([[0, 0.125, 0.25], [0.75, 0, 0.5], [0.375, 1.0, 0]])
    ranked = best_for(library.block(), library.shots, ANY, query=1, top=1)
    assert as_pairs(ranked) == [(1, 0, 0.75)]


@pytest.mark.parametrize("per_shot", [None, 1])
def test_an_empty_library_has_no_pairs(per_shot: int | None) -> None:
    library = Library(table([]), np.zeros((0, 0), np.float32))
    rules = Rules(across=False, min_gap=0, per_shot=per_shot)
    ranked = best_pairs(library.block(), library.shots, rules, top=5, symmetric=False)
    assert as_pairs(ranked) == []
    assert ranked.compared == 0


def test_asking_for_no_pairs_gives_none_and_still_says_how_many_there_were() -> None:
    library = _library([[0, 1.0], [1.0, 0]])
    ranked = best_pairs(library.block(), library.shots, ANY, top=0, symmetric=False)
    assert as_pairs(ranked) == []
    assert ranked.compared == 2


def test_ranking_ends_at_once_when_the_user_stops_it() -> None:
    library = _library([[1.0] * 4] * 4)
    asked: list[None] = []

    def stop() -> None:
        asked.append(None)
        if len(asked) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        best_pairs(library.block(), library.shots, ANY, top=1, symmetric=False, block=1, stop=stop)
    assert len(asked) == 2
    asked.clear()
    with pytest.raises(Cancelled):
        best_for(library.block(), library.shots, ANY, query=0, top=1, block=1, stop=stop)
    assert len(asked) == 2
