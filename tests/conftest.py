"""What many tests share: the drawn film, a library of it, a state folder of their own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

from matchcut.engine import Engine
from matchcut.types import Progress
from tests.film.demo import demo_plan
from tests.film.encode import write_film
from tests.film.script import GroundTruth
from tests.film.timeline import write_timeline

# One run is like another, and a busy machine is no failure.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.load_profile("steady")

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(autouse=True, scope="session")
def _own_state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees sidecars, stored weights or a GPU of whoever runs the tests, nor leaves any."""
    ours = {
        "MATCHCUT_STATE_DIR": str(tmp_path_factory.mktemp("state")),
        "MATCHCUT_CACHE_DIR": str(tmp_path_factory.mktemp("cache")),
        "MATCHCUT_MODELS": str(tmp_path_factory.mktemp("models")),
        "TORCH_HOME": str(tmp_path_factory.mktemp("torch")),
        "MATCHCUT_OFFLINE": "1",
        "MATCHCUT_DEVICE": "cpu",
    }
    names = (*ours, "MATCHCUT_LIBRARY")
    before = {name: os.environ.pop(name) for name in names if name in os.environ}
    os.environ.update(ours)
    yield
    for name in ours:
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real footage and timelines, where this machine has them."""
    if not SHARED.is_dir():
        pytest.skip("real footage is looked for in ../shared, which is not here")
    return SHARED


class Quiet:
    """A monitor that never stops the work and remembers what it was told."""

    def __init__(self) -> None:
        self.reports: list[Progress] = []

    def report(self, progress: Progress, /) -> None:
        self.reports.append(progress)

    def cancelled(self) -> bool:
        return False


def other_notes(notes: Iterable[str]) -> list[str]:
    """What a report of indexing tells besides how each flavor was computed."""
    return [note for note in notes if not note.startswith("Flavor '")]


@dataclass(frozen=True)
class DemoFilm:
    """The drawn film of a minute, and what is true of it."""

    path: Path
    truth: GroundTruth
    timeline: Path
    """An editor's timeline on it."""


@pytest.fixture(scope="session")
def demo_film(tmp_path_factory: pytest.TempPathFactory) -> DemoFilm:
    """The film that `make demo` draws, drawn once a session."""
    folder = tmp_path_factory.mktemp("film")
    path, timeline = folder / "demo film.mp4", folder / "editor's cut.otio"
    truth = write_film(demo_plan(), path)
    write_timeline(truth, path, timeline)
    return DemoFilm(path, truth, timeline)


@pytest.fixture(scope="session")
def demo_library(demo_film: DemoFilm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that holds the drawn film, as the default detector and all flavors see it without
    pretrained weights.

    Tests read it; one that writes copies it first.
    """
    folder = tmp_path_factory.mktemp("library")
    report = Engine(folder).index(
        [demo_film.path], detector=None, profile="classical", monitor=Quiet()
    )
    assert report.added == (demo_film.path,)
    return folder
