"""What the editor said of a pair is known wherever the pair is found again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from matchcut import index
from matchcut.engine import Engine, memory
from matchcut.engine.verdicts import record_now, shot_now, unsaid, verdict_on
from matchcut.errors import SourceUnknown, UsageError
from matchcut.library import Library
from matchcut.types import Candidate, CutList, MatchSet, Shot, Span
from tests.conftest import Quiet
from tests.small_films import Footage
from tests.synthetic import Synthetic, library

GAP = Fraction(0)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Synthetic:
    folder = tmp_path_factory.mktemp("judged") / "lib"
    return library(folder, shots=60, sources=4, wanted=["frame", "camera"])


@pytest.fixture
def made(drawn: Synthetic, tmp_path: Path) -> Synthetic:
    """A library of its own for each test, with the same films."""
    folder = tmp_path / "lib"
    shutil.copytree(drawn.folder, folder)
    return replace(drawn, folder=folder)


def found(made: Synthetic, shot: int = 3, *, top: int = 10, flavor: str = "frame") -> MatchSet:
    return Engine(made.folder).find(made.query(shot), flavor=flavor, top=top, min_gap=GAP)


def scanned(
    made: Synthetic, *, top: int = 10, flavor: str = "frame", rejected: bool = False
) -> MatchSet:
    return Engine(made.folder).scan(
        flavor=flavor, top=top, per_shot=None, across=False, min_gap=GAP, rejected=rejected
    )


def pairs(matches: MatchSet) -> list[tuple[str, int, str, int]]:
    return [pair(one) for one in matches.candidates]


def pair(one: Candidate) -> tuple[str, int, str, int]:
    return one.outgoing.digest, one.outgoing.shot, one.incoming.digest, one.incoming.shot


def turned(one: Candidate) -> Candidate:
    return replace(one, outgoing=one.incoming, incoming=one.outgoing)


def test_a_rejected_pair_makes_room_for_the_next_one(made: Synthetic) -> None:
    before = found(made, top=11)
    Engine(made.folder).record_verdict(before.candidates[2], "reject", why="eyeline")
    after = found(made, top=10)
    assert pairs(after) == [*pairs(before)[:2], *pairs(before)[3:]]
    assert [one.score for one in after.candidates] == [
        one.score for one in before.candidates if one is not before.candidates[2]
    ]
    assert after.pairs_compared == before.pairs_compared
    assert "1 rejected pair(s) are left out; --rejected shows them." in after.notes


def test_who_asks_for_them_sees_rejected_pairs_as_such(made: Synthetic) -> None:
    engine = Engine(made.folder)
    before = scanned(made)
    engine.record_verdict(before.candidates[0], "reject")
    engine.record_verdict(before.candidates[1], "keep")
    after = scanned(made, rejected=True)
    assert [one.verdict for one in after.candidates[:3]] == ["reject", "keep", None]
    assert [replace(one, verdict=None) for one in after.candidates] == list(before.candidates)
    assert after.notes == before.notes


def test_without_verdicts_answers_are_the_same_to_the_bit(made: Synthetic) -> None:
    before = found(made), scanned(made)
    [first, *_] = before[0].candidates
    engine = Engine(made.folder)
    engine.record_verdict(first, "reject")
    engine.record_verdict(first, "clear")
    assert (found(made), scanned(made)) == before


def test_the_newest_word_counts(made: Synthetic) -> None:
    engine = Engine(made.folder)
    one = found(made).candidates[0]
    for judgement in ("keep", "reject", "keep"):
        engine.record_verdict(one, judgement)  # type: ignore[arg-type]
    assert found(made).candidates[0] == replace(one, verdict="keep")
    [counts] = engine.verdicts()
    assert counts.judgement == "keep"
    assert [said.judgement for said in engine.verdicts(history=True)] == ["keep", "reject", "keep"]
    engine.record_verdict(one, "clear")
    assert engine.verdicts() == ()
    assert len(engine.verdicts(history=True)) == 4


def test_one_engine_knows_of_a_verdict_at_once_and_reads_nothing_else_again(
    made: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(made.folder)

    def asked() -> MatchSet:
        return engine.find(made.query(3), flavor="frame", top=5, min_gap=GAP)

    before = asked()
    monkeypatch.setattr(memory, "read_snapshot", None)
    monkeypatch.setattr(memory, "compared", None)
    Engine(made.folder).record_verdict(before.candidates[0], "reject")
    assert pairs(asked())[0] == pairs(before)[1]
    assert engine.scan(
        flavor="frame", top=5, per_shot=None, across=False, min_gap=GAP, rejected=True
    )


def test_a_pair_that_matches_either_way_is_rejected_either_way(made: Synthetic) -> None:
    best = scanned(made).candidates[0]
    Engine(made.folder).record_verdict(turned(best), "reject")
    after = pairs(scanned(made))
    assert pair(best) not in after
    assert pair(turned(best)) not in after


def test_what_was_said_of_one_direction_is_taken_back_by_the_other(made: Synthetic) -> None:
    before = scanned(made)
    best, library = before.candidates[0], Library.open(made.folder)
    Engine(made.folder).record_verdict(turned(best), "reject")
    clear = verdict_on(best, "clear", "", library)
    assert unsaid(library, [clear, clear]) == [clear]
    record_now(library, [clear])
    assert scanned(made) == before
    assert unsaid(library, [clear]) == []


def test_where_a_flavor_has_a_direction_only_that_one_is_rejected(made: Synthetic) -> None:
    everything = pairs(scanned(made, top=2000, flavor="camera"))
    both = next(one for one in everything if (one[2], one[3], one[0], one[1]) in everything)
    one = scanned(made, top=2000, flavor="camera").candidates[everything.index(both)]
    Engine(made.folder).record_verdict(one, "reject")
    after = pairs(scanned(made, top=2000, flavor="camera"))
    assert sorted(after) == sorted(set(everything) - {both})


def test_what_is_said_of_a_shot_is_said_of_its_repeats(made: Synthetic) -> None:
    plan = made.plan
    repeats = [
        (int(first), int(shot)) for shot, first in enumerate(plan.setup.tolist()) if first != shot
    ]
    first, repeat = repeats[0]
    one = found(made, repeat).candidates[0]
    Engine(made.folder).record_verdict(one, "reject")
    for query in (first, repeat):
        assert pair(one)[2:] not in [each[2:] for each in pairs(found(made, query))]


def test_a_limit_a_shot_counts_only_what_is_shown(made: Synthetic) -> None:
    def limited() -> MatchSet:
        return Engine(made.folder).scan(
            flavor="frame", top=10, per_shot=1, across=False, min_gap=GAP
        )

    best = limited().candidates[0]
    Engine(made.folder).record_verdict(best, "reject")
    after = limited()
    assert len(after.candidates) == 10
    assert pair(best) not in pairs(after)


def test_an_index_passes_over_rejected_shots_as_comparing_all_does(
    made: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (index, index._words):
        monkeypatch.setattr(module, "EXACT_UP_TO", 100)
    engine = Engine(made.folder)
    engine.reindex(monitor=Quiet())
    first = found(made, flavor="camera/average").candidates[0]
    engine.record_verdict(first, "reject")
    quick, exact = (
        engine.find(made.query(3), flavor="camera/average", top=5, min_gap=GAP, exact=exact)
        for exact in (False, True)
    )
    assert not quick.candidates[0].exact
    assert pairs(quick) == pairs(exact)
    assert pair(first) not in pairs(quick)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda one: replace(one, digest="0" * 64), SourceUnknown),
        (lambda one: replace(one, cut_frame=10**9), UsageError),
        (lambda one: replace(one, cut_frame=-1), UsageError),
        (lambda one: replace(one, cut_frame=one.end_frame), UsageError),
    ],
)
def test_what_is_none_of_the_librarys_is_not_recorded(
    made: Synthetic, change: Callable[..., object], error: type[Exception]
) -> None:
    one = scanned(made).candidates[0]
    with pytest.raises(error):
        Engine(made.folder).record_verdict(replace(one, incoming=change(one.incoming)), "keep")
    assert Engine(made.folder).verdicts(history=True) == ()


def test_a_reason_is_a_word_or_a_few_on_one_line(made: Synthetic) -> None:
    engine = Engine(made.folder)
    one = scanned(made).candidates[0]
    assert engine.record_verdict(one, "keep", why=" the\n hands ").why == "the hands"
    with pytest.raises(UsageError, match="too long"):
        engine.record_verdict(one, "keep", why="x" * 201)


def test_verdicts_hold_for_the_shots_of_another_detector_and_a_file_that_moved(
    footage: Footage, footage_library: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(footage_library, tmp_path / "library"))
    films = [Path(shutil.copy(film, tmp_path / f"moved {film.name}")) for film in footage.both]
    engine = Engine(folder)

    def best() -> MatchSet:
        return engine.scan(flavor="camera", top=50, per_shot=None, across=False, min_gap=GAP)

    rejected, kept = best().candidates[:2]
    engine.record_verdict(rejected, "reject")
    engine.record_verdict(kept, "keep")
    library = Library.open(folder)
    digest = rejected.outgoing.digest
    before = library.shots(digest, next(iter(library.sources())).detector)
    # The same film, cut otherwise: a frame later at each cut.
    _cut_later(engine, films, tmp_path)
    stored = library.find_digest(digest)
    assert stored is not None
    assert [one.id for one in library.shots(digest, stored.detector)] != [one.id for one in before]
    after = best()
    assert "1 rejected pair(s) are left out; --rejected shows them." in after.notes
    assert pair(rejected) not in pairs(after)
    assert {pair(one) for one in after.candidates if one.verdict == "keep"} == {pair(kept)}
    assert len(engine.verdicts()) == 2
    engine.record_verdict(next(one for one in after.candidates if one.verdict), "clear")
    assert [one.judgement for one in engine.verdicts()] == ["reject"]


def _cut_later(engine: Engine, films: list[Path], folder: Path) -> None:
    """Indexes the films anew by cut lists that say each cut one frame later."""
    library = engine.memory.library(engine.folder)
    stored = {path.name: one for one in library.sources() for path in one.paths}
    lists = []
    for film in films:
        one = stored[film.name.removeprefix("moved ")]
        shots = library.shots(one.source.digest, one.detector)
        edges = [0, *(shot.start_frame + 1 for shot in shots[1:]), one.frames]
        text = _shot_list(edges)
        lists.append(CutList(film, text, folder, "cuts.json"))
    engine.index(films, cut_lists=lists, profile="classical", monitor=Quiet())


def _shot_list(edges: list[int]) -> str:
    return json.dumps([{"start_frame": start, "end_frame": end} for start, end in pairwise(edges)])


BASE = Fraction(1, 24)


def shots(*edges: int) -> list[Shot]:
    return [
        Shot("a", n, start, end, Span(start, end, BASE), "d", start, end, Span(start, end, BASE))
        for n, (start, end) in enumerate(pairwise(edges))
    ]


@pytest.mark.parametrize(
    ("span", "place"),
    [
        ((0, 10), 0),
        ((9, 21), 1),
        ((11, 19), 1),
        ((5, 15), 0),
        ((6, 16), 1),
        ((0, 40), 2),
        ((-9, 0), None),
        ((40, 50), None),
        ((-9, 1), 0),
    ],
)
def test_the_shot_that_is_meant_is_the_one_that_shares_most_time(
    span: tuple[int, int], place: int | None
) -> None:
    assert shot_now(shots(0, 10, 20, 40), Span(*span, BASE)) == place
