"""A large library is searched by an index, which is never more than a short cut to the answer."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from matchcut import index
from matchcut.engine import Engine, comparison, indexes, nearest, vectors
from matchcut.engine.blend import blend
from matchcut.engine.vectors import FOLDER, indexable
from matchcut.errors import Cancelled, EngineUnknown, InternalError, LibraryBusy
from matchcut.flavors import flavor, flavors
from matchcut.index import ShotIndex, _words
from matchcut.library import Library
from matchcut.types import Candidate, MatchSet, Products, Progress, Rows
from tests.synthetic import Synthetic, library

FLAVOR = "camera/average"
SHOTS, SOURCES, MOMENTS, TOP = 400, 8, 3, 10
LARGE = 200
"""Rows from which a library is large here."""


class Watcher:
    """Keeps what it is told, and says stop after so many reports."""

    def __init__(self, reports: int = 1_000_000) -> None:
        self.told: list[Progress] = []
        self._reports = reports

    def report(self, progress: Progress, /) -> None:
        self.told.append(progress)

    def cancelled(self) -> bool:
        return len(self.told) >= self._reports


@pytest.fixture(autouse=True)
def _libraries_are_soon_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "EXACT_UP_TO", LARGE)
    monkeypatch.setattr(_words, "EXACT_UP_TO", LARGE)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Synthetic:
    folder = tmp_path_factory.mktemp("large") / "lib"
    return library(folder, shots=SHOTS, sources=SOURCES, moments=MOMENTS, wanted=["camera"])


@pytest.fixture
def made(drawn: Synthetic, tmp_path: Path) -> Synthetic:
    """A copy of the library that a test may change; the films stay where they are."""
    return replace(drawn, folder=Path(shutil.copytree(drawn.folder, tmp_path / "lib")))


def reindexed(made: Synthetic, by: str | None = "exact") -> indexes.Reindexed:
    [one] = Engine(made.folder).reindex(by=by, monitor=Watcher())
    return one


def found(
    made: Synthetic,
    shot: int,
    *,
    exact: bool = False,
    top: int = TOP,
    min_handle: int = 8,
    engine: Engine | None = None,
) -> MatchSet:
    return (engine or Engine(made.folder)).find(
        made.query(shot),
        flavor=FLAVOR,
        top=top,
        min_gap=Fraction(2),
        min_handle=min_handle,
        exact=exact,
    )


def certain(candidates: tuple[Candidate, ...]) -> list[Candidate]:
    """The candidates, whatever found them."""
    return [replace(one, exact=True) for one in candidates]


def index_of(made: Synthetic) -> ShotIndex:
    """The index that lies in the library, whatever it was built from."""
    [folder] = (made.folder / FOLDER).iterdir()
    return ShotIndex.reopen(folder, f"{folder.name.removeprefix('camera-average-')} average-flow")


def forget(made: Synthetic, source: int) -> Callable[[], None]:
    """Takes away where a film was seen, as when its file has other content now; brings it back."""
    of, film = Library.open(made.folder), made.films[source].resolve()
    size, mtime, digest = of.seen()[film]
    with closing(sqlite3.connect(made.folder / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute("DELETE FROM path WHERE path = ?", [str(film)])
    # Something is written through the library as well, so that it counts as changed.
    other, (other_size, other_mtime, other_digest) = next(iter(of.seen().items()))
    of.remember_path(other, other_digest, other_size, other_mtime)
    return lambda: of.remember_path(film, digest, size, mtime)


def test_an_index_gives_the_answers_that_comparing_everything_gives(made: Synthetic) -> None:
    assert reindexed(made).engine == "exact"
    engine, matches = Engine(made.folder), 0
    for shot in range(0, SHOTS, 7):
        right, answer = found(made, shot, exact=True), found(made, shot, engine=engine)
        assert certain(answer.candidates) == list(right.candidates)
        assert all(one.exact for one in right.candidates)
        assert not any(one.exact for one in answer.candidates)
        assert answer.notes == right.notes
        matches += len(answer.candidates)
    assert matches > 300


@pytest.mark.parametrize("by", sorted(index.engines().keys() - {"exact"}))
def test_an_index_that_is_searched_approximately_finds_nearly_all(made: Synthetic, by: str) -> None:
    assert reindexed(made, by).engine == by
    engine, same, total = Engine(made.folder), 0, 0
    for shot in range(0, SHOTS, 7):
        right = {one.incoming for one in found(made, shot, exact=True).candidates}
        answer = {one.incoming for one in found(made, shot, engine=engine).candidates}
        same, total = same + len(right & answer), total + len(right)
    assert total > 300
    assert same >= 0.98 * total


def test_few_vectors_are_made_ready_where_an_index_says_which(
    made: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    reindexed(made)
    ready = comparison._ready
    left: list[object] = []

    def watched(*arguments: object) -> object:
        left.append(ready(*arguments))
        return left[-1]

    monkeypatch.setattr(comparison, "_ready", watched)
    assert found(made, 3).candidates
    assert [one.prepared for one in left] == [None]


def test_vectors_without_room_are_read_as_they_are_compared_with_the_same_scores(
    made: Synthetic,
) -> None:
    kept, wanted = Engine(made.folder).memory, blend(FLAVOR)
    snapshot = kept.snapshot(Library.open(made.folder), wanted)
    ready, read = (
        kept.comparison(snapshot, wanted, min_handle=8, reframe=True, room=room)
        for room in (1 << 30, 0)
    )
    assert (ready.sifting is None, read.sifting is None) == (False, True)
    every = (0, SHOTS)
    np.testing.assert_array_equal(
        ready.scores.block((0, 9), every), read.scores.block((0, 9), every)
    )


def test_without_an_index_everything_is_compared_and_that_is_said(made: Synthetic) -> None:
    answer = found(made, 3)
    assert answer.candidates == found(made, 3, exact=True).candidates
    assert all(one.exact for one in answer.candidates)
    [note] = answer.notes
    assert "there is no search index" in note
    assert "matchcut reindex" in note
    assert found(made, 3, exact=True).notes == ()


def test_a_small_library_needs_none_and_is_told_of_none(
    made: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "EXACT_UP_TO", SHOTS * MOMENTS)
    one = reindexed(made)
    assert (one.engine, one.moments) == ("", SHOTS * MOMENTS)
    assert "needs no search index" in one.sentence
    assert not (made.folder / FOLDER).exists()
    assert found(made, 3).notes == ()
    assert all(candidate.exact for candidate in found(made, 3).candidates)


def test_a_stale_index_is_not_used_and_the_exact_answer_is_given(made: Synthetic) -> None:
    reindexed(made)
    forget(made, SOURCES - 1)
    answer = found(made, 3)
    assert answer.candidates == found(made, 3, exact=True).candidates
    [note] = answer.notes
    assert "stale: run `matchcut reindex`" in note


def test_only_what_is_new_is_read_and_what_is_gone_is_found_no_more(
    made: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_back = forget(made, SOURCES - 1)
    built = reindexed(made)
    assert (built.added, built.removed) == (SOURCES - 1, 0)
    before = index_of(made)
    bring_back()
    forget(made, 0)
    read: list[int] = []
    prepared = vectors.Vectors.prepared

    def counted(of: vectors.Vectors, rows: Rows) -> Products:
        read.append(len(rows))
        return prepared(of, rows)

    monkeypatch.setattr(vectors.Vectors, "prepared", counted)
    changed = reindexed(made)
    assert read == [SHOTS // SOURCES * MOMENTS]
    assert (changed.added, changed.removed) == (1, 1)
    assert "1 read, 1 removed" in changed.sentence
    after = index_of(made)
    assert after.manifest.segments[0].folder == before.manifest.segments[0].folder
    assert len(after.sources() - before.sources()) == len(before.sources() - after.sources()) == 1
    for shot in (SHOTS // SOURCES, SHOTS - 5):
        answer = found(made, shot)
        assert certain(answer.candidates) == list(found(made, shot, exact=True).candidates)
        assert not any(one.exact for one in answer.candidates)
        assert made.films[0].resolve() not in {one.incoming.source for one in answer.candidates}
    again = reindexed(made)
    assert (again.added, again.removed) == (0, 0)
    assert "is up to date" in again.sentence


def test_an_open_engine_sees_that_the_index_was_built_anew(made: Synthetic) -> None:
    engine = Engine(made.folder)
    assert all(one.exact for one in found(made, 3, engine=engine).candidates)
    reindexed(made)
    assert not any(one.exact for one in found(made, 3, engine=engine).candidates)
    forget(made, SOURCES - 1)
    assert all(one.exact for one in found(made, 3, engine=engine).candidates)
    reindexed(made)
    assert not any(one.exact for one in found(made, 3, engine=engine).candidates)


def test_a_library_whose_index_is_deleted_is_as_it_was(made: Synthetic) -> None:
    right = found(made, 3, exact=True)
    reindexed(made)
    shutil.rmtree(made.folder / FOLDER)
    answer = found(made, 3)
    assert (answer.candidates, answer.pairs_compared) == (right.candidates, right.pairs_compared)
    assert reindexed(made).added == SOURCES
    assert certain(found(made, 3).candidates) == list(right.candidates)


def test_an_index_that_most_sources_have_left_is_built_anew(made: Synthetic) -> None:
    reindexed(made)
    for source in range(SOURCES // 2 + 1):
        forget(made, source)
    assert reindexed(made).removed == SOURCES // 2 + 1
    assert [one.removed for one in index_of(made).manifest.segments] == [()]


def test_another_engine_builds_anew_and_none_named_keeps_the_one_there(made: Synthetic) -> None:
    assert reindexed(made, "exact").engine == "exact"
    again = reindexed(made, None)
    assert (again.engine, again.added) == ("exact", 0)
    other = reindexed(made, "faiss")
    assert (other.engine, other.added) == ("faiss", SOURCES)
    with pytest.raises(EngineUnknown):
        reindexed(made, "grep")


def test_what_no_flavor_needs_is_deleted(made: Synthetic) -> None:
    left = made.folder / FOLDER / "camera-average-of-earlier"
    left.mkdir(parents=True)
    reindexed(made)
    assert not left.exists()
    assert len(index_of(made)) == SHOTS * MOMENTS


def test_who_stops_it_leaves_an_index_that_is_refused_until_the_next_run(made: Synthetic) -> None:
    bring_back = forget(made, SOURCES - 1)
    reindexed(made)
    bring_back()
    forget(made, 0)
    with pytest.raises(Cancelled):
        Engine(made.folder).reindex(monitor=Watcher(1))
    assert "stale" in found(made, SHOTS - 1).notes[0]
    assert (reindexed(made).added, len(index_of(made).sources())) == (1, SOURCES - 1)
    assert found(made, SHOTS - 1).notes == ()


def test_it_tells_how_far_it_is_and_waits_for_no_other_writer(made: Synthetic) -> None:
    watcher = Watcher()
    Engine(made.folder).reindex(monitor=watcher)
    reading = [one for one in watcher.told if one.stage == "reading"]
    assert [one.done for one in reading] == list(range(SOURCES))
    assert {(one.total, one.unit) for one in reading} == {(SOURCES, "films")}
    with Library.open(made.folder).writing(), pytest.raises(LibraryBusy):
        reindexed(made)


def test_where_handles_forbid_nearly_all_that_is_near_everything_is_compared(
    made: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    reindexed(made)
    shot = int((made.plan.end - made.plan.start).argmax())
    monkeypatch.setattr(nearest, "MANY", 64)
    answer = found(made, shot, min_handle=150)
    assert answer.candidates
    assert answer == found(made, shot, min_handle=150, exact=True)


def test_a_shot_without_any_flow_matches_nothing_and_nothing_is_searched(
    made: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    shot, identity = 3, flavor(FLAVOR).representation.spec.identity
    of = Library.open(made.folder)
    stored = of.sources()[0]
    rows = np.array(of.rows(stored.source.digest, stored.detector, identity))
    rows["average"][shot * MOMENTS : (shot + 1) * MOMENTS] = 0
    np.save(of._arrays.of(stored.source.digest, stored.detector, identity), rows)
    reindexed(made)
    right = found(made, shot, exact=True)
    assert right.pairs_compared > 0
    monkeypatch.setattr(ShotIndex, "search", None)
    assert found(made, shot) == right


def test_a_blend_and_a_flavor_of_other_rows_are_compared_as_ever(made: Synthetic) -> None:
    reindexed(made)
    engine = Engine(made.folder)
    for name in ("camera", f"{FLAVOR},camera"):
        answer = engine.find(made.query(3), flavor=name, top=TOP, min_gap=Fraction(0))
        assert all(one.exact for one in answer.candidates)
        assert answer.notes == ()


def test_every_flavor_that_compares_vectors_can_have_an_index() -> None:
    every = [each for one in flavors().values() for each in (one, *one.variants)]
    indexed = {one.name for one in every if indexable(one)}
    assert FLAVOR in indexed
    assert not indexed & {"camera", "frame", "frame/subject", "color", "sound"}


def test_two_sources_of_one_number_are_refused(
    made: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "SOURCE_BITS", 1)
    with pytest.raises(InternalError, match="--exact"):
        reindexed(made)


def test_refining_what_an_index_found_makes_nothing_else_ready(
    made: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    reindexed(made)
    engine = Engine(made.folder)
    candidates = found(made, 3, engine=engine).candidates
    monkeypatch.setattr(comparison, "_ready", None)
    assert len(list(engine.refine(candidates))) == len(candidates)
