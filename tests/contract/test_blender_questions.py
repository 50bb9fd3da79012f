"""The Blender plug-in's questions to a real sidecar, without Blender."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from matchcut.engine import Engine
from matchcut.flavors import flavors
from matchcut.types import MediaQuery
from matchcut_blender.plain import questions, told
from matchcut_blender.plain.asking import Asker, Question
from tests.conftest import DemoFilm
from tests.contract.test_real_sidecar import serving
from tests.film.demo import demo_plan
from tests.film.encode import write_film
from tests.film.script import FilmPlan


@pytest.fixture(scope="module")
def library(demo_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[told.Library]:
    folder = tmp_path_factory.mktemp("asked") / "library"
    shutil.copytree(demo_library, folder)
    with serving(folder):
        yield told.Library(folder, None)


def answers(
    question: Question, stop_when: Callable[[told.Told], bool] | None = None
) -> list[told.Told]:
    """All that is told of a question, which is stopped once something is heard."""
    asker = Asker()
    asker.ask(question)
    heard: list[told.Told] = []
    last = time.monotonic() + 120
    while asker.busy:
        assert time.monotonic() < last
        for one in asker.told():
            heard.append(one)
            if stop_when and stop_when(one):
                asker.stop()
                stop_when = None
        time.sleep(0.005)
    return heard


def query(film: Path, frame: int = 20, top: int = 3) -> told.Query:
    return told.Query("Cut", "A", film, frame, "frame", top, 8, True)


def test_the_menu_is_filled_with_the_sidecars_flavors(library: told.Library) -> None:
    [told_of] = [
        one for one in answers(questions.flavors(library)) if isinstance(one, told.Flavors)
    ]
    assert [one.name for one in told_of.flavors] == sorted(flavors())
    assert all(one.label for one in told_of.flavors)


def test_matches_come_first_then_their_pictures_then_their_best_cuts(
    library: told.Library, demo_film: DemoFilm
) -> None:
    heard = answers(questions.matches(library, query(demo_film.path)))
    assert heard[-1] == told.Ended(stopped=False)
    kinds = [type(one) for one in heard]
    found = kinds.index(told.Found)
    assert told.Picture not in kinds[:found]
    assert kinds.index(told.Picture) < kinds.index(told.Refined)
    matches = heard[found].matches
    assert [match.rank for match in matches] == [1, 2, 3]
    refined = {one.place: one.match for one in heard if isinstance(one, told.Refined)}
    assert refined.keys() == {0, 1, 2}
    pictures = {(one.digest, one.frame): one for one in heard if isinstance(one, told.Picture)}
    for match in (*matches, *refined.values()):
        for side in (match.outgoing, match.incoming):
            assert pictures[side.digest, side.decoded_cut].jpeg.startswith(b"\xff\xd8")
            # The drawn film has a constant rate: its frames are Blender's.
            assert side.cut == side.decoded_cut
            assert side.start <= side.cut < side.end <= side.frames
    assert len(pictures) == sum(isinstance(one, told.Picture) for one in heard), "each once"


def test_matches_are_those_of_the_engine(library: told.Library, demo_film: DemoFilm) -> None:
    [found] = [
        one
        for one in answers(questions.matches(library, query(demo_film.path)))
        if isinstance(one, told.Found)
    ]
    here = Engine(library.folder).find(
        MediaQuery(demo_film.path, "20"), flavor="frame", top=3, min_gap=questions.MIN_GAP
    )
    for match, theirs in zip(found.matches, here.candidates, strict=True):
        assert match.score == theirs.score
        assert match.incoming.decoded_cut == theirs.incoming.cut_frame
        assert match.incoming.digest == theirs.incoming.digest


def test_a_question_that_is_stopped_ends_at_once_and_the_sidecar_goes_on(
    library: told.Library, demo_film: DemoFilm
) -> None:
    question = questions.matches(library, query(demo_film.path, top=30))
    heard = answers(question, stop_when=lambda one: isinstance(one, told.Refined))
    assert heard[-1] == told.Ended(stopped=True)
    assert sum(isinstance(one, told.Refined) for one in heard) < 10
    assert not any(isinstance(one, told.Failed) for one in heard)
    assert answers(questions.flavors(library))[-1] == told.Ended(stopped=False)


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Path:
    film = tmp_path_factory.mktemp("another") / "another.mp4"
    write_film(FilmPlan(shots=demo_plan().shots[4:8], width=320, height=180), film)
    return film


@pytest.mark.slow
def test_a_film_that_is_not_indexed_is_indexed_and_then_asked_about(
    library: told.Library, another: Path
) -> None:
    [failed] = [
        one
        for one in answers(questions.matches(library, query(another)))
        if isinstance(one, told.Failed)
    ]
    assert failed.reason == "SOURCE_NOT_INDEXED"

    indexing = questions.index_then_matches(library, query(another))
    stopped = answers(indexing, stop_when=lambda one: "reading" in getattr(one, "sentence", ""))
    assert stopped[-1] == told.Ended(stopped=True)
    assert not any(isinstance(one, told.Found) for one in stopped)

    heard = answers(indexing)
    shares = [one.share for one in heard if isinstance(one, told.Working) and one.share]
    assert shares
    assert max(shares) <= 1
    assert any(isinstance(one, told.Found) for one in heard)
    assert heard[-1] == told.Ended(stopped=False)


def test_a_film_that_cannot_be_read_is_refused_in_a_sentence(
    library: told.Library, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")
    heard = answers(questions.index_then_matches(library, query(broken)))
    [failed] = [one for one in heard if isinstance(one, told.Failed)]
    assert failed.reason == "MEDIA_UNREADABLE"
    assert "broken.mp4" in failed.sentence
