"""Find and scan follow what verdicts teach, where that is better, and say so; else they do not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from matchcut.engine import Engine
from matchcut.engine.ordering import LEAST
from matchcut.engine.suggesting import spread
from matchcut.learn import rerankers
from matchcut.learn.reranking import Judgement
from matchcut.types import Candidate, MatchSet
from tests.synthetic import Synthetic, library

GAP = Fraction(0)
Wish = Callable[[Candidate], bool]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Synthetic:
    folder = tmp_path_factory.mktemp("learned") / "lib"
    return library(folder, shots=160, sources=8, wanted=["frame", "camera"])


@pytest.fixture
def made(drawn: Synthetic, tmp_path: Path) -> Synthetic:
    folder = tmp_path / "lib"
    shutil.copytree(drawn.folder, folder)
    return replace(drawn, folder=folder)


def scanned(made: Synthetic, top: int = 10, *, reframe: bool = True) -> MatchSet:
    return Engine(made.folder).scan(
        flavor="frame", top=top, per_shot=None, across=False, min_gap=GAP, reframe=reframe
    )


def stays_long(candidate: Candidate) -> bool:
    """An editor who keeps what stays on screen for three seconds, and nothing else."""
    side = candidate.incoming
    return side.handle_after > 3 * side.rate


def judged(made: Synthetic, wish: Wish, pairs: int = 240) -> Judgement:
    """Every other one of the best pairs is judged, and that is learned from."""
    engine = Engine(made.folder)
    for one in scanned(made, pairs).candidates[::2]:
        engine.record_verdict(one, "keep" if wish(one) else "reject")
    return engine.learn_from_verdicts("frame")


def test_what_the_editor_keeps_comes_first_afterwards(made: Synthetic) -> None:
    before = scanned(made, 40).candidates[1::2]
    told = judged(made, stays_long)
    assert told.used, told
    after = scanned(made, 20)
    new = [one for one in after.candidates if one.verdict is None]
    assert len(new) >= 5
    assert sum(map(stays_long, new)) / len(new) > sum(map(stays_long, before)) / 20
    assert sum(map(stays_long, after.candidates)) >= 15
    assert [one.rank for one in after.candidates] == list(range(1, 21))
    [name] = {one.scorer for one in after.candidates}
    [note] = [note for note in after.notes if note.startswith("Ordered as")]
    assert f"({name})" in note
    assert f"{told.own:.2f} by the flavor's own" in note


def test_it_orders_the_best_pairs_and_no_others_and_leaves_their_scores(made: Synthetic) -> None:
    judged(made, stays_long)
    at = rerankers.place(made.folder, "frame")
    learned = scanned(made, 10)
    kept = at.read_bytes()
    at.unlink()
    short = scanned(made, LEAST)
    own = {(one.outgoing, one.incoming): one for one in short.candidates}
    for one in learned.candidates:
        plain = own[one.outgoing, one.incoming]
        assert replace(one, rank=plain.rank, scorer="") == plain
    at.write_bytes(kept)
    assert scanned(made, 10) == learned, "nothing is left to chance"


def test_what_is_not_better_is_not_used_and_what_was_learned_before_is_forgotten(
    made: Synthetic,
) -> None:
    best = scanned(made, 240).candidates[::2]
    judged(made, stays_long)
    assert rerankers.place(made.folder, "frame").is_file()
    # An editor of another mind judges the same pairs anew, by nothing that can be seen.
    engine = Engine(made.folder)
    draw = np.random.default_rng(1)
    for one in best:
        engine.record_verdict(one, "keep" if draw.random() < 0.5 else "reject")
    told = engine.learn_from_verdicts("frame")
    assert not told.used
    assert not rerankers.place(made.folder, "frame").exists()
    assert {one.scorer for one in scanned(made).candidates} == {""}


def test_few_verdicts_change_no_order(made: Synthetic) -> None:
    engine = Engine(made.folder)
    best = scanned(made)
    for one in best.candidates[:3]:
        engine.record_verdict(one, "keep")
    assert "too few verdicts" in engine.learn_from_verdicts("frame").why_not
    assert [replace(one, verdict=None) for one in scanned(made).candidates] == list(best.candidates)


def test_it_is_left_aside_where_pairs_are_scored_otherwise_than_it_learned(
    made: Synthetic,
) -> None:
    judged(made, stays_long)
    plain = scanned(made, reframe=False)
    assert {one.scorer for one in plain.candidates} == {""}
    assert any("does not fit" in note for note in plain.notes)


def test_a_file_that_cannot_be_read_is_said_and_the_flavors_order_stays(made: Synthetic) -> None:
    own = scanned(made)
    at = rerankers.place(made.folder, "frame")
    at.parent.mkdir()
    at.write_bytes(b"nothing of ours")
    found = scanned(made)
    assert found.candidates == own.candidates
    assert any("own order stays" in note for note in found.notes)


def test_only_verdicts_on_the_flavor_itself_teach_it(made: Synthetic) -> None:
    engine = Engine(made.folder)
    for one in scanned(made, 40).candidates:
        engine.record_verdict(
            replace(one, flavor="camera"), "keep" if stays_long(one) else "reject"
        )
    assert engine.learn_from_verdicts("frame").pairs == 0


def test_what_is_suggested_was_not_judged_and_is_of_many_shots(made: Synthetic) -> None:
    engine = Engine(made.folder)
    first = engine.suggest(flavor="frame", top=10).candidates
    shots = [(side.digest, side.shot) for one in first for side in (one.outgoing, one.incoming)]
    assert len(set(shots)) == 20, "no shot comes twice"
    for place, one in enumerate(first):
        engine.record_verdict(one, "keep" if place % 2 else "reject")
    second = engine.suggest(flavor="frame", top=10).candidates
    pairs = [(one.outgoing.digest, one.outgoing.shot, one.incoming.shot) for one in first]
    for one in second:
        assert (one.outgoing.digest, one.outgoing.shot, one.incoming.shot) not in pairs
        assert one.verdict is None
    assert [one.rank for one in second] == list(range(1, 11))


def test_a_shot_comes_again_only_once_all_others_have_come() -> None:
    pairs = [(0, 1), (0, 2), (2, 3), (4, 5), (1, 5)]
    assert spread([0, 1, 2, 3, 4], pairs, [], 9) == [0, 2, 3, 1, 4]
    assert spread([0, 1, 2, 3, 4], pairs, [(4, 9)], 2) == [0, 2]
    assert spread([3, 0, 1, 2, 4], pairs, [(4, 9)], 3) == [0, 2, 3]
    assert spread([], [], [], 3) == []
