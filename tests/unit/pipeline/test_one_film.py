"""A film is analysed without a catalogue, and is seen by nobody until it is registered."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from matchcut import flavors, shots
from matchcut.embeddings.appearance import APPEARANCE
from matchcut.errors import LibraryNotShared, MediaUnreadable
from matchcut.library import Library, schema
from matchcut.media.probe import probe
from matchcut.media.state import file_state
from matchcut.pipeline.one_film import Analysed, Analysing, Film, has_proxy
from tests.conftest import Quiet
from tests.small_films import DETECTOR, write_textures


@pytest.fixture(scope="module")
def texture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_textures(tmp_path_factory.mktemp("one") / "film.mp4", 12, 1, 2)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.create(tmp_path / "library")


COLOR = flavors.flavor("color").representation
WANTED = {one.spec.identity: one for one in (APPEARANCE, COLOR)}


def analysing(library: Library, *stored: str) -> Analysing:
    return Analysing(library, WANTED, proxies=True, threads=1, stored=set(stored))


def film(file: Path) -> Film:
    """A file that the library does not know."""
    return Film(file, file_state(file), None, shots.detector(DETECTOR), (), tuple(WANTED))


def register(library: Library, of: Film, found: Analysed) -> None:
    state = of.state
    library.register(
        found.source,
        found.shots,
        found.detector,
        found.frames,
        of.missing,
        of.file,
        state.size,
        state.mtime_ns,
    )


def test_no_catalogue_is_opened_where_a_film_is_analysed(
    library: Library, texture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite on a network disk does not bear many machines: only one may ever ask it."""

    def refused(*_: object) -> None:
        raise AssertionError("the catalogue was opened")

    monkeypatch.setattr(schema, "connection", refused)
    found = analysing(library)(film(texture), Quiet())
    assert isinstance(found, Analysed)
    assert (len(found.shots), found.frames) == (2, 24)


def test_what_a_worker_left_is_seen_by_nobody_until_it_is_registered(
    library: Library, texture: Path
) -> None:
    one = film(texture)
    found = analysing(library)(one, Quiet())
    assert isinstance(found, Analysed)
    assert library.sources() == ()
    assert list((library.folder / "staging").iterdir()) == []
    register(library, one, found)
    [stored] = library.sources()
    assert (stored.source, stored.frames, stored.detector) == (found.source, 24, found.detector)
    assert library.shots(found.source.digest, found.detector) == found.shots
    assert library.representations(found.source.digest, found.detector) == set(WANTED)
    assert has_proxy(library, found.source)


def test_a_film_analysed_twice_is_as_if_analysed_once(library: Library, texture: Path) -> None:
    """A worker that died after it had stored everything is replaced by one that does it again."""
    one = film(texture)
    first = analysing(library)(one, Quiet())
    before = files(library)
    second = analysing(library)(one, Quiet())
    assert first == second
    assert files(library) == before


def files(library: Library) -> dict[Path, bytes]:
    arrays = (library.folder / "arrays").rglob("*.npy")
    return {file.relative_to(library.folder): file.read_bytes() for file in arrays}


def test_a_file_whose_content_is_stored_already_is_not_decoded(
    library: Library, texture: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "under another name.mp4"
    shutil.copy(texture, copy)
    source = probe(texture)
    watch = Quiet()
    assert analysing(library, source.digest)(film(copy), watch) == source
    assert watch.reports == []


def test_a_broken_film_raises_its_sentence_and_leaves_nothing(
    library: Library, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(os.urandom(1000))
    with pytest.raises(MediaUnreadable, match=r"broken\.mp4 cannot be read"):
        analysing(library)(film(broken), Quiet())
    assert files(library) == {}


def test_what_a_worker_stored_on_a_disk_of_its_own_is_not_registered(
    library: Library, texture: Path, tmp_path: Path
) -> None:
    """The catalogue would name arrays that are not there."""
    one = film(texture)
    elsewhere = Library(tmp_path / "the same path on another machine")
    elsewhere.folder.mkdir()
    found = analysing(elsewhere)(one, Quiet())
    assert isinstance(found, Analysed)
    with pytest.raises(LibraryNotShared, match="all machines of the cluster see it"):
        register(library, one, found)
    assert library.sources() == ()
