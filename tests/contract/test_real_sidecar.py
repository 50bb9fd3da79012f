"""A real sidecar process answers as the engine in this process does, and dies without harm."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from matchcut import models
from matchcut.engine import Engine
from matchcut.errors import (
    Cancelled,
    FlavorUnknown,
    HostUnknown,
    ModelDamaged,
    ModelMissing,
    ProfileUnknown,
    SidecarLost,
    SidecarMissing,
    TimelineRefused,
    UsageError,
)
from matchcut.library import Library
from matchcut.server.remote import RemoteMatching
from matchcut.types import MediaQuery, PathMap, Progress, TimelineQuery
from matchcut_client import connect, connect_http
from matchcut_client.client import Client
from matchcut_client.handover import read_handover
from tests.conftest import DemoFilm, Quiet
from tests.contract.toy_flavor import install_toy
from tests.film.demo import demo_plan
from tests.film.encode import write_film
from tests.film.script import FilmPlan

SERVE = (sys.executable, "-m", "matchcut", "serve", "--json", "--library")
GAP = Fraction(2)


@contextmanager
def serving(library: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A sidecar that is ready; killed at the end if it still runs."""
    with subprocess.Popen(
        [*SERVE, str(library), *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        try:
            assert json.loads(ready)["host"] == "127.0.0.1"
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def served(demo_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the drawn film's library, served by a process of its own."""
    library = tmp_path_factory.mktemp("served") / "library"
    shutil.copytree(demo_library, library)
    with serving(library):
        yield library


@pytest.fixture(scope="module")
def three_films(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three short films, quick to draw, each of a few seconds."""
    folder = tmp_path_factory.mktemp("films")
    shots = demo_plan().shots
    films = []
    for number in range(3):
        plan = FilmPlan(shots=shots[4 * number : 4 * number + 3], width=320, height=180)
        films.append(folder / f"film {number}.mp4")
        write_film(plan, films[-1])
    return films


@pytest.mark.parametrize("flavor", ["frame", "frame/subject", "camera", "frame,camera:0.5"])
def test_scan_gives_the_same_answer_in_process_and_through_the_sidecar(
    served: Path, flavor: str
) -> None:
    here, there = Engine(served), RemoteMatching(served)
    for per_shot, across in ((None, False), (2, False), (None, True)):
        asked = {"flavor": flavor, "top": 30, "per_shot": per_shot, "across": across}
        assert there.scan(**asked, min_gap=GAP) == here.scan(**asked, min_gap=GAP)


def test_find_gives_the_same_answer_in_process_and_through_the_sidecar(
    served: Path, demo_film: DemoFilm
) -> None:
    queries = [
        MediaQuery(demo_film.path, "01:00:03:18"),
        MediaQuery(demo_film.path, "400"),
        TimelineQuery(demo_film.timeline.read_text(), demo_film.timeline.parent, "cut", at=None),
    ]
    for query in queries:
        here = Engine(served).find(query, flavor="frame", top=10, min_gap=GAP)
        assert here.candidates
        assert RemoteMatching(served).find(query, flavor="frame", top=10, min_gap=GAP) == here


@pytest.mark.parametrize(
    ("flavor", "reframe"), [("frame", True), ("frame", False), ("frame,camera:0.5", True)]
)
def test_refinement_is_the_same_in_process_and_through_the_sidecar(
    served: Path, flavor: str, reframe: bool
) -> None:
    asked = {"flavor": flavor, "top": 3, "per_shot": None, "across": False, "reframe": reframe}
    found = Engine(served).scan(**asked, min_gap=GAP).candidates
    here = list(Engine(served).refine(found, min_handle=4, reframe=reframe))
    there = list(RemoteMatching(served).refine(found, min_handle=4, reframe=reframe))
    assert there == here
    assert [one.candidate.rank for one in here] == [1, 2, 3]
    for given, one in zip(found, here, strict=True):
        assert one.candidate.refined
        assert one.note == ""
        assert one.candidate.at_cut >= given.at_cut, "never worse"
        assert reframe or one.candidate.reframing is None


def test_a_candidate_of_shots_or_frames_that_are_not_there_is_refused_alike(served: Path) -> None:
    asked = {"flavor": "frame", "top": 1, "per_shot": None, "across": False}
    [one] = Engine(served).scan(**asked, min_gap=GAP).candidates
    wrong = [
        replace(one, outgoing=replace(one.outgoing, shot=10_000)),
        replace(one, outgoing=replace(one.outgoing, shot=-1)),
        replace(one, incoming=replace(one.incoming, cut_frame=10**9)),
        replace(one, incoming=replace(one.incoming, cut_frame=-1)),
        replace(one, outgoing=replace(one.outgoing, digest="0" * 64)),
        replace(one, flavor="smell"),
        replace(one, flavor=""),
    ]
    for candidate in wrong:
        with pytest.raises(UsageError) as here:
            list(Engine(served).refine([candidate]))
        with pytest.raises(UsageError) as there:
            list(RemoteMatching(served).refine([candidate]))
        assert type(there.value) is type(here.value)
        assert str(there.value) == str(here.value)
    with pytest.raises(UsageError, match="handle"):
        list(RemoteMatching(served).refine([one], min_handle=0))


def test_a_dropped_refinement_leaves_the_sidecar_at_once(served: Path) -> None:
    asked = {"flavor": "frame", "top": 30, "per_shot": None, "across": False}
    found = RemoteMatching(served).scan(**asked, min_gap=GAP).candidates
    refining = RemoteMatching(served).refine(found)
    first = next(refining)
    del refining
    assert next(iter(RemoteMatching(served).refine(found))) == first


def test_flavors_and_sources_are_the_same_through_the_sidecar(served: Path) -> None:
    assert RemoteMatching(served).flavors() == Engine(served).flavors()
    assert RemoteMatching(served).sources() == Engine(served).sources()


def test_variants_travel_and_an_unknown_one_is_refused_alike(served: Path) -> None:
    cards = {card.name: card for card in RemoteMatching(served).flavors()}
    assert {"frame/subject", "frame/dog"} <= set(cards["frame"].variants)
    asked = {"flavor": "frame/smell", "top": 1, "per_shot": None, "across": False}
    with pytest.raises(FlavorUnknown) as here:
        Engine(served).scan(**asked, min_gap=GAP)
    with pytest.raises(FlavorUnknown) as there:
        RemoteMatching(served).scan(**asked, min_gap=GAP)
    assert str(there.value) == str(here.value)


def test_an_error_of_the_engine_arrives_as_the_same_error(served: Path, tmp_path: Path) -> None:
    query = TimelineQuery("not a timeline", tmp_path, "broken.otio")
    with pytest.raises(TimelineRefused) as here:
        Engine(served).find(query, flavor="frame", top=1, min_gap=GAP)
    with pytest.raises(TimelineRefused) as there:
        RemoteMatching(served).find(query, flavor="frame", top=1, min_gap=GAP)
    assert str(there.value) == str(here.value)
    assert there.value.facts == here.value.facts


def test_an_import_through_the_sidecar_shows_progress_and_stores_what_it_read(
    served: Path, three_films: list[Path]
) -> None:
    monitor = Quiet()
    report = RemoteMatching(served).index(three_films[:1], detector="content", monitor=monitor)
    assert report.added == (three_films[0],)
    [note] = report.notes
    assert "without pretrained weights, since the weights of 'lraspp' are not here" in note
    assert any(one.stage == "reading" and one.unit == "frames" for one in monitor.reports)
    again = RemoteMatching(served).index(three_films[:1], detector="content", monitor=Quiet())
    assert again.known == (three_films[0],)


def test_the_profile_reaches_the_sidecar_and_its_answer_comes_back(
    served: Path, three_films: list[Path]
) -> None:
    there = RemoteMatching(served)
    asked = {"detector": "content", "monitor": Quiet()}
    classical = there.index(three_films[:1], profile="classical", **asked)
    assert "Flavor 'frame': without pretrained weights, as asked for." in classical.notes
    with pytest.raises(ModelMissing) as missing:
        there.index(three_films[:1], profile="pretrained", **asked)
    assert missing.value.facts["model"] == "lraspp"
    assert "matchcut models fetch lraspp" in missing.value.next_step
    with pytest.raises(ProfileUnknown, match="'best'"):
        there.index(three_films[:1], profile="best", **asked)


def test_the_sidecar_looks_for_weights_in_the_folder_it_was_started_with(
    tmp_path: Path, three_films: list[Path]
) -> None:
    carried = tmp_path / "carried"
    carried.mkdir()
    damaged = carried / models.model("lraspp").file
    damaged.write_bytes(b"cut short")
    with serving(tmp_path / "library", "--models", str(carried)):
        there = RemoteMatching(tmp_path / "library")
        with pytest.raises(ModelDamaged) as told:
            there.index(three_films[:1], detector="content", profile="lraspp", monitor=Quiet())
    assert told.value.facts["path"] == str(damaged)


class _Stopping(Quiet):
    """Asks to stop as soon as frames are read."""

    def cancelled(self) -> bool:
        return any(one.stage == "reading" for one in self.reports)


def test_a_cancelled_import_ends_and_the_sidecar_goes_on(
    served: Path, three_films: list[Path]
) -> None:
    with pytest.raises(Cancelled):
        RemoteMatching(served).index([three_films[1]], detector=None, monitor=_Stopping())
    assert RemoteMatching(served).flavors()


def test_a_second_sidecar_says_where_the_first_is(served: Path) -> None:
    second = subprocess.run(
        [*SERVE, str(served)], capture_output=True, text=True, timeout=60, check=False
    )
    assert second.returncode == 1
    assert "SIDECAR_RUNNING" in second.stderr
    assert "127.0.0.1" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_stopped_sidecar_leaves_no_hand_over_file(tmp_path: Path) -> None:
    with serving(tmp_path) as process:
        assert read_handover(tmp_path) is not None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert read_handover(tmp_path) is None
    with pytest.raises(SidecarMissing):
        RemoteMatching(tmp_path).flavors()


class _Killing(Quiet):
    """Kills the sidecar, as the kernel would, while it reads the second file."""

    def __init__(self, process: subprocess.Popen[str], second: str) -> None:
        super().__init__()
        self._process = process
        self._second = second

    def report(self, progress: Progress, /) -> None:
        super().report(progress)
        if progress.stage == "reading" and progress.item == self._second and progress.done > 0:
            self._process.kill()


def test_a_sidecar_killed_while_indexing_loses_nothing_that_was_committed(
    tmp_path: Path, three_films: list[Path]
) -> None:
    with serving(tmp_path) as process:
        killing = _Killing(process, three_films[1].name)
        with pytest.raises(SidecarLost):
            RemoteMatching(tmp_path).index(three_films, detector="content", monitor=killing)
        process.wait(timeout=30)
    [kept] = Library.open(tmp_path).sources()
    assert kept.paths == (three_films[0],)
    # No lock is left behind: another sidecar starts at once, and only the rest is read.
    with serving(tmp_path):
        report = RemoteMatching(tmp_path).index(three_films, detector="content", monitor=Quiet())
    assert report.known == (three_films[0],)
    assert report.added == (three_films[1], three_films[2])


def test_a_flavor_of_another_distribution_is_in_the_api(
    three_films: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installed beside matchcut, it is listed, computed, searched for and blended like our own."""
    install_toy(tmp_path, "zz-toy")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    library = tmp_path / "library"
    with serving(library):
        remote = RemoteMatching(library)
        card = {one.name: one for one in remote.flavors()}["zz-toy"]
        assert (card.label, card.marker_color) == ("Same brightness", "PINK")
        remote.index(three_films, detector=None, cut_lists=(), profile="classical", monitor=Quiet())
        for flavor in ("zz-toy", "frame,zz-toy:0.5"):
            found = remote.scan(flavor=flavor, top=5, per_shot=None, across=False, min_gap=GAP)
            assert found.flavor == flavor
            assert found.candidates
        assert [part.flavor for part in found.candidates[0].parts] == ["frame", "zz-toy"]


@pytest.mark.parametrize("connected", [connect, connect_http], ids=["grpc", "http"])
def test_both_doors_hand_over_the_same_pictures_and_files(
    served: Path, demo_film: DemoFilm, connected: Callable[[Path], Client]
) -> None:
    here, there = Engine(served), RemoteMatching(served, connected)
    query = TimelineQuery(
        demo_film.timeline.read_text(),
        demo_film.timeline.parent,
        "cut",
        maps=(PathMap("/Volumes/SAN", Path("/mnt/san")),),
    )
    found = there.find(query, flavor="frame", top=3, min_gap=GAP)
    assert found == here.find(query, flavor="frame", top=3, min_gap=GAP)
    refined = list(there.refine(found.candidates, min_handle=4))
    assert refined == list(here.refine(found.candidates, min_handle=4))
    side = refined[0].candidate.incoming
    assert there.thumbnail(side.digest, side.cut_frame, max_side=100) == here.thumbnail(
        side.digest, side.cut_frame, max_side=100
    )
    asked = {"host": "resolve", "name": "reel 1", "timeline": query}
    exported = there.export(found, **asked)
    assert len(exported.marks) == 3
    assert exported == here.export(found, **asked)
    with pytest.raises(HostUnknown, match="resolve-free"):
        there.export(found, host="moviola", name="x", timeline=None)
