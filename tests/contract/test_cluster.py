"""A library made by a cluster is the library that one process makes, whatever dies on the way.

The cluster is real: two nodes of Ray on this machine, of one core each.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchcut import index as indexing
from matchcut.engine import Engine, scanning
from matchcut.engine.blend import blend
from matchcut.engine.memory import Memory
from matchcut.errors import (
    Cancelled,
    ClusterUnfit,
    ClusterUnreachable,
    CutListRefused,
    MediaUnreadable,
    UsageError,
    WorkerLost,
)
from matchcut.index import MANIFEST, ShotIndex
from matchcut.library import Library
from matchcut.pipeline import Workers, workers_of
from matchcut.pipeline.workers import Argument, Result, Results
from matchcut.ranking import Rules
from matchcut.types import CutList, MatchSet, Monitor
from tests.conftest import Quiet
from tests.small_films import DETECTOR, write_textures
from tests.synthetic import library

pytestmark = pytest.mark.slow

FILMS = 6
OpenWorkers = Callable[[], AbstractContextManager[Workers]]


@pytest.fixture(scope="module")
def cluster() -> Iterator[OpenWorkers]:
    """Two nodes that import what this process imports."""
    from ray.cluster_utils import Cluster

    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    node = {"num_cpus": 1, "object_store_memory": 100 << 20}
    nodes = Cluster(initialize_head=True, head_node_args=node)
    try:
        nodes.add_node(**node, num_gpus=1)  # Ray takes our word for the GPU.
        yield workers_of("ray", nodes.address)
    finally:
        nodes.shutdown()
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Small films, the last two of one content, and a file that is none."""
    folder = tmp_path_factory.mktemp("films")
    made = [
        write_textures(folder / f"{number}.mp4", 12, 3 * number + 1, 3 * number + 2, 1)
        for number in range(FILMS)
    ]
    copy, broken = folder / "6 copy.mp4", folder / "7 broken.mp4"
    copy.write_bytes(made[-1].read_bytes())
    broken.write_bytes(bytes(1000))
    return [*made, copy, broken]


@pytest.fixture(scope="module")
def local(films: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that one process makes."""
    folder = tmp_path_factory.mktemp("local") / "library"
    report = index(folder, films, Quiet())
    assert (len(report.added), len(report.known), len(report.refused)) == (FILMS, 1, 1)
    return folder


def index(folder: Path, films: Iterable[Path], monitor: Monitor, **engine: Any) -> Any:
    return Engine(folder, **engine).index(
        list(films), detector=DETECTOR, profile="classical", monitor=monitor
    )


def arrays(folder: Path) -> dict[Path, bytes]:
    """All that is stored but the catalogue."""
    found = [file for file in (folder / "arrays").rglob("*") if file.is_file()]
    return {file.relative_to(folder): file.read_bytes() for file in found}


def catalogue(folder: Path) -> dict[str, list[Any]]:
    tables = ("source", "path", "shot", "representation", "duplicate", "provider", "note")
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as opened:
        found = {name: sorted(opened.execute(f"SELECT * FROM {name}")) for name in tables}
    # Another one after each change, drawn by chance.
    found["note"] = [(key, value) for key, value in found["note"] if key != "state"]
    return found


def assert_same(folder: Path, other: Path) -> None:
    """Every byte of every array, every row of the catalogue, and what a user is shown."""
    assert arrays(folder) == arrays(other)
    assert catalogue(folder) == catalogue(other)
    for flavor in ("frame", "camera", "color"):
        [one, two] = [
            Engine(library).scan(
                flavor=flavor, top=50, per_shot=None, across=False, min_gap=Fraction(0)
            )
            for library in (folder, other)
        ]
        assert one == two
        assert one.candidates


class Killer(Quiet):
    """A monitor that kills the first worker it sees at work."""

    def __init__(self) -> None:
        super().__init__()
        self.killed: int | None = None

    def cancelled(self) -> bool:
        if self.killed is None:
            self.killed = next(at_work(), None)
            if self.killed is not None:
                os.kill(self.killed, signal.SIGKILL)
        return False


def at_work() -> Iterator[int]:
    """Workers of our cluster that have a call under way: Ray names them after it."""
    for title in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if title.read_bytes().startswith(b"ray::_called"):
                worker = int(title.parent.name)
                if parent(parent(worker)) == os.getpid():
                    yield worker
        except OSError:
            continue  # It has ended meanwhile.


def parent(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"^PPid:\s+(\d+)", status, re.MULTILINE)[1])


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="workers are found in Linux' /proc")
def test_a_cluster_that_loses_a_worker_makes_the_library_that_one_process_makes(
    cluster: OpenWorkers,
    films: list[Path],
    local: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    folder, killer = tmp_path / "library", Killer()
    report = index(folder, films, killer, workers=cluster)
    assert killer.killed is not None
    # Programs read it: Ray must not tell there of the worker that died.
    assert capfd.readouterr().out == ""
    assert (len(report.added), len(report.known)) == (FILMS, 1)
    [refused] = report.refused
    assert (refused.path, refused.reason) == (films[-1], "MEDIA_UNREADABLE")
    assert str(films[-1]) in refused.sentence
    assert_same(folder, local)

    # The second run finds all of it there, and adds nothing.
    before = arrays(folder), catalogue(folder)
    again = index(folder, films, Quiet(), workers=cluster)
    assert (again.added, again.known, len(again.refused)) == ((), tuple(films[:-1]), 1)
    assert (arrays(folder), catalogue(folder)) == before


@dataclass(frozen=True)
class Deadly:
    """Workers of which each kills itself once for each of its arguments, in a way of their own."""

    workers: Workers
    marks: Path
    dies: Callable[..., Any]

    @property
    def device(self) -> str:
        return self.workers.device

    @property
    def threads(self) -> int | None:
        return self.workers.threads

    @property
    def calls(self) -> int:
        return self.workers.calls

    def run(
        self,
        function: Callable[[Argument, Monitor], Result],
        arguments: Iterable[Argument],
        monitor: Monitor,
        *,
        gpu: bool = False,
    ) -> Results[Argument, Result]:
        deadly: Callable[[Argument, Monitor], Result] = partial(self.dies, function, self.marks)
        yield from self.workers.run(deadly, arguments, monitor, gpu=gpu)


def dies_writing(
    function: Callable[[Any, Monitor], Any], marks: Path, film: Any, monitor: Monitor, /
) -> Any:
    save, saved = np.save, []

    def save_some(*given: Any, **named: Any) -> None:
        save(*given, **named)
        saved.append(given)
        mark = marks / film.file.name
        if len(saved) == 2 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    np.save = save_some
    try:
        return function(film, monitor)
    finally:
        np.save = save


def test_workers_killed_in_the_middle_of_writing_leave_nothing_half_done(
    cluster: OpenWorkers, films: list[Path], local: Path, tmp_path: Path
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()

    @contextmanager
    def deadly() -> Iterator[Deadly]:
        with cluster() as workers:
            yield Deadly(workers, marks, dies_writing)

    folder = tmp_path / "library"
    report = index(folder, films[:2], Quiet(), workers=deadly)
    assert sorted(mark.name for mark in marks.iterdir()) == [film.name for film in films[:2]]
    assert report.added == tuple(films[:2])
    # What the dead have left is out of the way, and the next writer removes it.
    assert len(list((folder / "staging").iterdir())) == 2
    index(folder, films, Quiet())
    assert list((folder / "staging").iterdir()) == []
    assert_same(folder, local)


def dies_comparing(
    function: Callable[[Any, Monitor], Any], marks: Path, share: Any, monitor: Monitor, /
) -> Any:
    mark = marks / str(share.part[0])
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return function(share, monitor)


@pytest.mark.parametrize("flavor", ["frame", "camera", "frame,color:0.5"])
@pytest.mark.parametrize("per_shot", [None, 2])
def test_a_cluster_of_which_every_worker_dies_once_scans_as_one_process_does(
    cluster: OpenWorkers, drawn: Path, tmp_path: Path, flavor: str, per_shot: int | None
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()

    @contextmanager
    def deadly() -> Iterator[Deadly]:
        with cluster() as workers:
            yield Deadly(workers, marks, dies_comparing)

    def scan(engine: Engine) -> MatchSet:
        return engine.scan(
            flavor=flavor, top=60, per_shot=per_shot, across=True, min_gap=Fraction(0)
        )

    expected = scan(Engine(drawn))
    assert len(expected.candidates) > 20
    assert scan(Engine(drawn, workers=deadly)) == expected
    assert len(list(marks.iterdir())) == 2


def test_a_library_that_changes_while_a_cluster_scans_it_is_said_to(
    cluster: OpenWorkers, drawn: Path
) -> None:
    snapshot = Memory().snapshot(Library.open(drawn), blend("frame"))
    rules = Rules(across=False, min_gap=0, per_shot=None)
    scan = scanning.Scan(drawn, "frame", 8, True, rules)
    share = scanning.Share(scan, "of another time", snapshot.table.earliest, (), 10, (0, 2))
    with cluster() as workers:
        [(_, result)] = workers.run(scanning.compared, [share], Quiet())
        with pytest.raises(UsageError, match="changed during the scan"):
            result()


@pytest.mark.parametrize("by", ["exact", "faiss"])
def test_an_index_that_workers_build_answers_as_comparing_everything_does(
    cluster: OpenWorkers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr(indexing, "EXACT_UP_TO", 100)
    made = library(tmp_path / "library", shots=240, sources=5, wanted=["camera"])
    [done] = [
        one
        for one in Engine(made.folder, workers=cluster).reindex(by=by, monitor=Quiet())
        if one.flavor == "camera/average"
    ]
    assert (done.engine, done.added) == (by, 5)
    [folder] = (made.folder / "index").iterdir()
    opened = ShotIndex.reopen(folder, read_of(folder))
    assert len(opened.manifest.segments) == 2
    for shot in (3, 77, 200):
        asked = {"flavor": "camera/average", "top": 8, "min_gap": Fraction(0)}
        found = Engine(made.folder).find(made.query(shot), **asked)
        expected = Engine(made.folder).find(made.query(shot), exact=True, **asked)
        assert not any(one.exact for one in found.candidates)
        assert [replace(one, exact=True) for one in found.candidates] == list(expected.candidates)


def read_of(folder: Path) -> str:
    """What an index is of, as its manifest says."""
    return str(json.loads((folder / MANIFEST).read_text())["of"])


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of drawn shots."""
    folder = tmp_path_factory.mktemp("drawn") / "library"
    return library(folder, shots=240, sources=5, wanted=["frame", "camera", "color"]).folder


def test_cuts_that_are_given_are_counted_out_by_the_workers(
    cluster: OpenWorkers, films: list[Path], tmp_path: Path
) -> None:
    shots = [{"film": str(films[0]), "index": 0, "start_frame": 0, "end_frame": 12}]
    shots.append({"film": str(films[0]), "index": 1, "start_frame": 12, "end_frame": 36})
    good = CutList(films[0], lines(shots), tmp_path, "cut.json")
    shots[1] = {**shots[1], "film": str(films[1]), "end_frame": 99}
    shots[0] = {**shots[0], "film": str(films[1])}
    wrong = CutList(films[1], lines(shots), tmp_path, "wrong.json")
    reports = [
        Engine(tmp_path / name, **engine).index(
            films[:2], cut_lists=[good, wrong], profile="classical", monitor=Quiet()
        )
        for name, engine in (("here", {}), ("there", {"workers": cluster}))
    ]
    assert reports[0] == reports[1]
    assert [one.reason for one in reports[1].refused] == [CutListRefused.reason]
    assert_same(tmp_path / "here", tmp_path / "there")


class Stopping(Quiet):
    """A monitor whose user stops the work once a file is finished."""

    def cancelled(self) -> bool:
        return any(one.done for one in self.reports)


def test_work_that_is_stopped_keeps_what_was_finished(
    cluster: OpenWorkers, films: list[Path], local: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "library"
    with pytest.raises(Cancelled):
        index(folder, films, Stopping(), workers=cluster)
    kept = len(Engine(folder).sources())
    assert 0 < kept < FILMS
    report = index(folder, films, Quiet(), workers=cluster)
    assert len(report.added) == FILMS - kept
    assert_same(folder, local)


def test_something_that_kills_every_worker_is_given_up_and_the_rest_is_done(
    cluster: OpenWorkers,
) -> None:
    with cluster() as workers:
        results = dict(workers.run(halved_or_dead, (8, 13, 3), Quiet()))
        assert results[8]() == 4
        with pytest.raises(WorkerLost, match="Every worker that was given 13 died"):
            results[13]()
        with pytest.raises(MediaUnreadable, match=r"3\.mov cannot be read as a film: it is odd"):
            results[3]()


def halved_or_dead(number: int, monitor: Monitor, /) -> int:
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if number % 2:
        raise MediaUnreadable(f"{number}.mov", "it is odd")
    return number // 2


def test_few_arguments_are_taken_before_their_turn(cluster: OpenWorkers) -> None:
    """A season of films is not sent to the cluster all at once."""
    taken = iter(range(1000))
    with cluster() as workers, closing(workers.run(slowly, taken, Quiet())) as results:
        next(results)
    assert next(taken) < 10


def slowly(number: int, monitor: Monitor, /) -> int:
    time.sleep(0.2)
    return number


def test_a_gpu_is_asked_for_by_those_who_want_one_alone(
    cluster: OpenWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MATCHCUT_DEVICE")
    with cluster() as workers:
        assert workers.device == "cuda"
        for gpu in (True, False):
            [(_, result)] = workers.run(gpus_given, [0], Quiet(), gpu=gpu)
            assert result() == int(gpu)


def gpus_given(number: int, monitor: Monitor, /) -> int:
    import ray

    return len(ray.get_gpu_ids())


def test_a_machine_that_lacks_what_this_one_has_is_said(
    cluster: OpenWorkers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "only_here.py").write_text("def whole(number, monitor, /):\n    return number\n")
    monkeypatch.syspath_prepend(tmp_path)
    whole = importlib.import_module("only_here").whole
    with cluster() as workers:
        [(_, result)] = workers.run(whole, [1], Quiet())
        with pytest.raises(ClusterUnfit, match="Install the same matchcut"):
            result()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nonsense"])
def test_a_cluster_that_is_not_there_is_said_at_once(address: str, tmp_path: Path) -> None:
    engine = Engine(tmp_path / "library", workers=workers_of("ray", address))
    with pytest.raises(ClusterUnreachable, match="cannot be reached"):
        engine.index([tmp_path], profile="classical", monitor=Quiet())


def lines(shots: Iterable[dict[str, object]]) -> str:
    return "\n".join(map(json.dumps, shots))
