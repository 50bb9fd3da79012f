"""What every search engine promises. A new one is tested here without being named anywhere.

Add a file to `matchcut/index/`, or install a distribution with the entry point `matchcut.engines`,
and run this module. Segments count as large from a thousand rows on here, so that engines build.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut import index
from matchcut.errors import (
    Cancelled,
    DiskFull,
    EngineMissing,
    EngineUnknown,
    IndexMissing,
    IndexStale,
    InternalError,
)
from matchcut.index import Engine, Found, ShotIndex, SourceRows, _segments, _words
from matchcut.index._products import kept

NAMES = sorted(index.engines())
LARGE = 1_000
SOURCES, ROWS, DIMENSIONS = 60, 100, 32
TOP = 10

every_engine = pytest.mark.parametrize("engine", index.engines().values(), ids=NAMES)


@pytest.fixture(autouse=True)
def _segments_are_soon_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_words, "EXACT_UP_TO", LARGE)


def vectors(seed: int, rows: int = ROWS) -> NDArray[np.float32]:
    """(rows, D) rows in some hundred clusters."""
    centres = np.random.default_rng(1).standard_normal((100, DIMENSIONS))
    random = np.random.default_rng(seed)
    found = centres[random.integers(100, size=rows)]
    return np.float32(found + 0.5 * random.standard_normal(found.shape))


def batch(source: int, rows: int = ROWS) -> SourceRows:
    ids = np.arange(source * ROWS, source * ROWS + rows)
    return SourceRows(f"film {source}", ids, vectors(source + 100, rows))


def batches(sources: range = range(SOURCES)) -> Iterator[SourceRows]:
    return (batch(source) for source in sources)


QUERIES = vectors(7, 40)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Engine], ShotIndex]:
    """A large index of each engine, made once, for reading."""
    made: dict[str, ShotIndex] = {}

    def of(engine: Engine) -> ShotIndex:
        if engine.name not in made:
            folder = tmp_path_factory.mktemp(engine.name)
            made[engine.name] = ShotIndex.build(folder, "frame", "1", batches(), by=engine)
        return made[engine.name]

    return of


def truth(queries: NDArray[np.float32], sources: range = range(SOURCES)) -> Found:
    """The right answer, by numpy in doubles."""
    some = list(batches(sources))
    rows = np.concatenate([kept(one.vectors) for one in some]).astype(np.float64)
    ids = np.concatenate([one.ids for one in some])
    scores = np.float32(kept(queries).astype(np.float64) @ rows.T)
    order = np.stack([np.lexsort((ids, -each))[:TOP] for each in scores])
    return Found(ids[order], np.take_along_axis(scores, order, 1), exact=True)


def recall(found: Found, right: Found) -> float:
    pairs = zip(found.ids, right.ids, strict=True)
    return float(np.mean([len(np.intersect1d(one, other)) / TOP for one, other in pairs]))


def source_of(ids: NDArray[np.int64]) -> set[int]:
    return set((ids // ROWS).ravel().tolist())


@every_engine
class TestEveryEngine:
    def test_it_finds_nearly_all_of_the_nearest(
        self, engine: Engine, built: Callable[[Engine], ShotIndex]
    ) -> None:
        found = built(engine).search(QUERIES, TOP)
        assert recall(found, truth(QUERIES)) >= 0.95
        assert found.exact == (engine.name == "exact")

    def test_asked_exactly_it_misses_nothing(
        self, engine: Engine, built: Callable[[Engine], ShotIndex]
    ) -> None:
        found, right = built(engine).search(QUERIES, TOP, exact=True), truth(QUERIES)
        assert found.exact
        np.testing.assert_array_equal(found.ids, right.ids)
        np.testing.assert_array_equal(found.scores, right.scores)

    def test_scores_are_exact_whatever_found_the_rows(
        self, engine: Engine, built: Callable[[Engine], ShotIndex]
    ) -> None:
        found = built(engine).search(QUERIES, TOP)
        rows = np.concatenate([kept(one.vectors) for one in batches()]).astype(np.float64)
        asked = kept(QUERIES).astype(np.float64)
        right = np.einsum("qd,qkd->qk", asked, rows[found.ids])
        np.testing.assert_array_equal(found.scores, np.float32(right))

    def test_asking_for_many_is_asking_one_by_one(
        self, engine: Engine, built: Callable[[Engine], ShotIndex]
    ) -> None:
        opened = built(engine)
        together = opened.search(QUERIES, TOP)
        alone = [opened.search(query[None], TOP) for query in QUERIES]
        np.testing.assert_array_equal(together.ids, np.concatenate([one.ids for one in alone]))

    def test_a_filter_that_leaves_little_loses_nothing(
        self, engine: Engine, built: Callable[[Engine], ShotIndex]
    ) -> None:
        found = built(engine).search(QUERIES, TOP, only={"film 3", "film 30", "film 31"})
        some = batch(3), batch(30), batch(31)
        assert source_of(found.ids) <= {3, 30, 31}
        assert found.exact
        rows = np.concatenate([kept(one.vectors) for one in some]).astype(np.float64)
        right = np.sort(kept(QUERIES).astype(np.float64) @ rows.T, axis=1)[:, : -TOP - 1 : -1]
        np.testing.assert_array_equal(found.scores, np.float32(right))

    def test_a_filter_that_leaves_too_much_to_read_keeps_its_recall(
        self,
        engine: Engine,
        built: Callable[[Engine], ShotIndex],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(_words, "READ_EXACTLY", 0)
        few = range(10, 13)
        found = built(engine).search(QUERIES, TOP, only={f"film {at}" for at in few})
        assert recall(found, truth(QUERIES, few)) >= 0.9
        assert source_of(found.ids) <= set(few)

    def test_what_is_not_wanted_is_not_found(
        self, engine: Engine, built: Callable[[Engine], ShotIndex]
    ) -> None:
        opened = built(engine)
        for source in range(3):
            asked = batch(source).vectors[:20]
            found = opened.search(asked, TOP, without=[f"film {source}"])
            assert source not in source_of(found.ids)
            right = truth(asked, range(source + 1, SOURCES))
            both = np.maximum(found.scores[:, 0], right.scores[:, 0])
            assert (found.scores[:, 0] == both).mean() >= 0.95
        nothing = opened.search(QUERIES, TOP, only={"film 3"}, without={"film 3"})
        assert (nothing.ids == -1).all()
        assert (nothing.scores == -np.inf).all()

    def test_sources_that_are_not_there_leave_nothing(
        self, engine: Engine, built: Callable[[Engine], ShotIndex]
    ) -> None:
        assert (built(engine).search(QUERIES, TOP, only=["no film"]).ids == -1).all()

    def test_threads_get_the_answers_they_would_get_alone(
        self, engine: Engine, built: Callable[[Engine], ShotIndex]
    ) -> None:
        opened = built(engine)
        alone = [opened.search(query[None], TOP).ids for query in QUERIES]
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda query: opened.search(query[None], TOP).ids, QUERIES))
        np.testing.assert_array_equal(together, alone)

    def test_added_rows_are_found_and_the_large_segment_is_not_written_again(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        first = ShotIndex.build(tmp_path, "frame", "1", batches(range(20)), by=engine)
        more = first.extend(batches(range(20, 23)), "2")
        still = more.extend(batches(range(23, 25)), "3")
        assert len(still) == 25 * ROWS
        assert still.manifest.segments[0] == first.manifest.segments[0]
        assert len(still.manifest.segments) == 2, "small segments have become one"
        for source in (5, 21, 24):
            found = still.search(batch(source).vectors, 1)
            assert (found.ids[:, 0] == batch(source).ids).mean() >= 0.95
        assert len(ShotIndex.open(tmp_path, "frame", "3")) == 25 * ROWS
        assert len(first) == 20 * ROWS, "who had it open keeps what there was"

    def test_a_source_that_is_added_again_replaces_its_rows(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        first = ShotIndex.build(tmp_path, "frame", "1", batches(range(20)), by=engine)
        new = SourceRows("film 4", np.arange(9_000, 9_050), vectors(999, 50))
        second = first.extend([new], "2").extend([batch(30)], "3")
        assert len(second) == 20 * ROWS - ROWS + 50 + ROWS
        found = second.search(new.vectors, TOP)
        assert (found.ids[:, 0] == new.ids).all()
        assert 4 not in source_of(second.search(batch(4).vectors, TOP).ids)

    def test_removed_sources_are_not_found(self, engine: Engine, tmp_path: Path) -> None:
        first = ShotIndex.build(tmp_path, "frame", "1", batches(range(20)), by=engine)
        less = first.remove({"film 3", "film 4", "no film"}, "2")
        assert len(less) == 18 * ROWS
        assert less.sources() == {f"film {at}" for at in range(20)} - {"film 3", "film 4"}
        for exact in (False, True):
            assert not source_of(less.search(batch(3).vectors, TOP, exact=exact).ids) & {3, 4}
        back = less.extend([batch(3)], "3")
        assert (back.search(batch(3).vectors, 1).ids[:, 0] == batch(3).ids).all()
        none = back.remove(back.sources(), "4")
        assert len(none) == 0
        assert (none.search(QUERIES, TOP).ids == -1).all()

    def test_many_equal_rows_come_in_the_order_of_their_ids(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        ids = np.random.default_rng(3).permutation(10)
        same = SourceRows("same", ids, np.repeat(QUERIES[:1], 10, axis=0))
        some = [*batches(range(10, 25)), same]
        found = ShotIndex.build(tmp_path, "frame", "1", some, by=engine).search(QUERIES[:1], 10)
        assert found.ids[0].tolist() == list(range(10))

    def test_more_is_never_held_back_than_there_is(self, engine: Engine, tmp_path: Path) -> None:
        opened = ShotIndex.build(tmp_path, "frame", "1", batches(range(12)), by=engine)
        found = opened.search(QUERIES[:2], 1_500)
        assert sorted(found.ids[0][:1_200].tolist()) == list(range(1_200))
        assert (found.ids[:, 1_200:] == -1).all()
        assert found.exact

    def test_an_empty_index_and_one_of_one_row_are_asked_as_any(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        empty = ShotIndex.build(tmp_path, "frame", "1", [], by=engine)
        found = empty.search(QUERIES, TOP)
        assert found.exact
        assert (found.ids == -1).all()
        one = empty.extend([batch(0, 0), batch(1, 1)], "2")
        found = ShotIndex.open(tmp_path, "frame", "2").search(QUERIES, TOP)
        assert len(one) == 1
        assert (found.ids == [100] + [-1] * (TOP - 1)).all()

    def test_rows_of_another_length_are_refused(self, engine: Engine, tmp_path: Path) -> None:
        opened = ShotIndex.build(tmp_path, "frame", "1", batches(range(1)), by=engine)
        with pytest.raises(InternalError):
            opened.search(QUERIES[:, :-1], TOP)
        with pytest.raises(InternalError):
            opened.extend([SourceRows("odd", np.arange(1), QUERIES[:1, :-1])], "2")
        with pytest.raises(InternalError, match="not finite"):
            opened.extend([SourceRows("odd", np.arange(1), np.full((1, DIMENSIONS), np.nan))], "2")
        assert len(ShotIndex.open(tmp_path, "frame", "1")) == ROWS

    def test_one_whose_lists_are_gone_is_stale(self, engine: Engine, tmp_path: Path) -> None:
        there = ShotIndex.build(tmp_path, "frame", "1", batches(range(12)), by=engine)
        near = tmp_path / there.manifest.segments[0].folder / _segments.NEAR
        if engine.open(near, _segments.rows(tmp_path, there.manifest.segments[0])) is None:
            return  # It has none.
        shutil.rmtree(near)
        near.mkdir()
        with pytest.raises(IndexStale):
            ShotIndex.open(tmp_path, "frame", "1")

    def test_parts_that_workers_wrote_are_gathered(self, engine: Engine, tmp_path: Path) -> None:
        shares = [range(15), range(15, 18), range(18, 40)]
        with ThreadPoolExecutor(3) as pool:
            parts = pool.map(lambda one: ShotIndex.part(tmp_path, batches(one), engine), shares)
        gathered = ShotIndex.gather(tmp_path, "frame", "1", chain(*parts), engine)
        assert len(gathered) == 40 * ROWS
        assert recall(gathered.search(QUERIES, TOP), truth(QUERIES, range(40))) >= 0.95
        odd = SourceRows("odd", np.arange(1), QUERIES[:1, :-1])
        part = ShotIndex.part(tmp_path, [odd], engine)
        with pytest.raises(InternalError):
            ShotIndex.gather(tmp_path, "frame", "2", gathered.manifest.segments + part, engine)
        assert len(ShotIndex.open(tmp_path, "frame", "1")) == 40 * ROWS

    def test_work_that_is_stopped_leaves_what_was_there(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        opened = ShotIndex.build(tmp_path, "frame", "1", batches(range(3)), by=engine)
        for after in (0, 5, 20):
            asked = count()
            with pytest.raises(Cancelled):
                opened.extend(batches(), "2", stop=lambda n=after, at=asked: next(at) >= n)
        assert len(ShotIndex.open(tmp_path, "frame", "1")) == 3 * ROWS
        with pytest.raises(Cancelled):
            opened.search(QUERIES, TOP, exact=True, stop=lambda: True)
        assert len(list(tmp_path.iterdir())) == 2, "what was begun is cleared up"

    def test_it_is_stopped_while_it_builds(
        self, engine: Engine, built: Callable[[Engine], ShotIndex], tmp_path: Path
    ) -> None:
        there = built(engine)
        rows = _segments.rows(there.folder, there.manifest.segments[0])
        near = there.folder / there.manifest.segments[0].folder / _segments.NEAR
        if engine.open(near, rows) is None:
            return  # It builds nothing.
        with pytest.raises(Cancelled):
            engine.build(tmp_path, rows, lambda: True)

    @pytest.mark.parametrize("moment", ["batch", "segment", "manifest"])
    def test_a_writer_that_is_killed_leaves_what_was_there(
        self, engine: Engine, moment: str, tmp_path: Path
    ) -> None:
        before = ShotIndex.build(tmp_path, "frame", "1", batches(range(3)), by=engine)
        program = [sys.executable, "-m", "tests.contract.index_killed", str(tmp_path), engine.name]
        root = Path(__file__).parents[2]
        writer = subprocess.Popen([*program, moment], stdout=subprocess.PIPE, cwd=root)
        assert writer.stdout is not None
        with writer.stdout:
            assert writer.stdout.readline().strip() == b"now"
        writer.kill()
        writer.wait()
        opened = ShotIndex.open(tmp_path, "frame", "1")
        assert opened.manifest == before.manifest
        assert (opened.search(batch(2).vectors, 1).ids[:, 0] == batch(2).ids).all()
        with pytest.raises(Cancelled):
            opened.extend(batches(range(1)), "2", stop=lambda: True)
        assert len(list(tmp_path.iterdir())) == 2, "the next writer has cleared up"
        again = ShotIndex.build(tmp_path, "frame", "2", batches(range(4)), by=engine)
        assert len(again) == 4 * ROWS
        assert len(list(tmp_path.iterdir())) == 2


class TestEveryIndex:
    def test_it_refuses_to_open_once_the_library_has_changed(self, tmp_path: Path) -> None:
        ShotIndex.build(tmp_path, "frame", "1", batches(range(2)))
        with pytest.raises(IndexStale, match="matchcut reindex"):
            ShotIndex.open(tmp_path, "frame", "2")
        with pytest.raises(IndexStale):
            ShotIndex.open(tmp_path, "color", "1")
        assert ShotIndex.reopen(tmp_path, "frame").manifest.stamp == "1"

    def test_where_there_is_none_that_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(IndexMissing, match="matchcut reindex"):
            ShotIndex.open(tmp_path / "nothing", "frame", "1")

    @pytest.mark.parametrize("damage", ["{", "{}", '{"version": 99}', "[]"])
    def test_one_of_another_form_is_stale(self, damage: str, tmp_path: Path) -> None:
        ShotIndex.build(tmp_path, "frame", "1", batches(range(2)))
        (tmp_path / _segments.MANIFEST).write_text(damage)
        with pytest.raises(IndexStale):
            ShotIndex.open(tmp_path, "frame", "1")

    @pytest.mark.parametrize("name", ["vectors", "ids", "sources.json"])
    def test_one_that_is_cut_short_is_stale(self, name: str, tmp_path: Path) -> None:
        built = ShotIndex.build(tmp_path, "frame", "1", batches(range(2)))
        file = tmp_path / built.manifest.segments[0].folder / name
        os.truncate(file, file.stat().st_size - 2)
        with pytest.raises(IndexStale):
            ShotIndex.open(tmp_path, "frame", "1")
        file.unlink()
        with pytest.raises(IndexStale):
            ShotIndex.open(tmp_path, "frame", "1")

    def test_one_that_is_replaced_while_it_is_opened_opens(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ShotIndex.build(tmp_path, "frame", "1", batches(range(2)))
        read = _segments.read

        def overtaken(folder: Path) -> _segments.Manifest:
            monkeypatch.setattr(_segments, "read", read)
            found = read(folder)
            ShotIndex.build(folder, "frame", "1", batches(range(3)))
            return found

        monkeypatch.setattr(_segments, "read", overtaken)
        assert len(ShotIndex.open(tmp_path, "frame", "1")) == 3 * ROWS

    @pytest.mark.parametrize(
        "said",
        [
            OSError(errno.ENOSPC, "full"),
            RuntimeError(f"Error in fwrite: {os.strerror(errno.ENOSPC)}"),
            OSError(f"LanceError(IO): {os.strerror(errno.ENOSPC)} (os error 28)"),
        ],
    )
    def test_a_full_disk_is_said_however_an_engine_says_it(
        self, said: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engine = index.engine("exact")
        ShotIndex.build(tmp_path, "frame", "1", batches(range(2)), by=engine)
        monkeypatch.setattr(type(engine), "build", Mock(side_effect=said))
        with pytest.raises(DiskFull):
            ShotIndex.build(tmp_path, "frame", "2", batches(range(12)), by=engine)
        assert len(ShotIndex.open(tmp_path, "frame", "1")) == 2 * ROWS
        assert len(list(tmp_path.iterdir())) == 2, "what was begun takes no room"

    def test_what_an_engine_does_not_find_is_read(self, tmp_path: Path) -> None:
        class Blind:
            def near(self, queries: object, count: int, allowed: object, /) -> NDArray[np.int64]:
                found = np.full((len(QUERIES), count), -1)
                found[:, : TOP - 1] = np.arange(TOP - 1)
                return found

        built = ShotIndex.build(tmp_path, "frame", "1", batches(range(20)))
        parts = tuple(replace(part, near=Blind()) for part in built._parts)
        found = replace(built, _parts=parts).search(QUERIES, TOP)
        assert found.exact
        np.testing.assert_array_equal(found.ids, truth(QUERIES, range(20)).ids)

    def test_segments_do_not_outgrow_what_an_engine_may_hold(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(_segments, "LARGEST", 1_500)
        opened = ShotIndex.build(tmp_path, "frame", "1", batches(range(40)))
        assert [one.rows for one in opened.manifest.segments] == [1_500, 1_500, 1_000]
        assert recall(opened.search(QUERIES, TOP), truth(QUERIES, range(40))) >= 0.95

    def test_its_manifest_says_what_it_is_of(self, tmp_path: Path) -> None:
        ShotIndex.build(tmp_path, "frame", "1", batches(range(2)))
        said = json.loads((tmp_path / _segments.MANIFEST).read_text())
        assert (said["of"], said["stamp"], said["engine"]) == ("frame", "1", index.DEFAULT)


def test_the_default_is_one_of_the_engines() -> None:
    assert index.DEFAULT in NAMES
    assert {"exact", "faiss", "lance"} <= set(NAMES)


def test_an_engine_that_is_not_there_is_said() -> None:
    with pytest.raises(EngineUnknown, match="faiss"):
        index.engine("grep")
    with pytest.raises(EngineMissing, match=r"matchcut\[lance\]"):
        index.loaded("no_module_of_this_name", "lance")


def test_the_libraries_of_engines_are_loaded_when_they_are_used() -> None:
    program = (
        "import sys, matchcut.index as i; i.engines(); print({'faiss', 'lance'} & {*sys.modules})"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert said.stdout.strip() == b"set()"
