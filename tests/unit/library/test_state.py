"""A sidecar keeps what it has read until the library changes, and no longer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from matchcut.errors import LibraryDamaged
from matchcut.library import Library
from tests.unit.library.stocking import DETECTOR, stock


def test_reading_leaves_the_state_as_it_is_and_every_kind_of_writing_changes_it(
    tmp_path: Path,
) -> None:
    library = Library.create(tmp_path / "lib")
    states = [library.state()]
    stock("aa").commit(library)
    states.append(library.state())
    library.remember_path(Path("/elsewhere/a.mov"), "aa", 1, 2)
    states.append(library.state())
    library.remember_providers([])
    states.append(library.state())
    library.use_detector("aa", DETECTOR)
    states.append(library.state())
    library.write_duplicates({("aa", 0): ("aa", 0)}, "made from", "this")
    states.append(library.state())
    assert len(set(states)) == 6
    library.sources()
    library.seen()
    Library.create(library.folder)
    assert library.state() == states[-1]


def test_a_library_that_is_made_anew_in_the_same_place_is_another(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "lib")
    stock("aa").commit(library)
    before = library.state()
    shutil.rmtree(library.folder)
    again = Library.create(tmp_path / "lib")
    stock("aa").commit(again)
    assert again.state() != before


def test_a_change_that_fails_is_none(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "lib")
    stock("aa").commit(library)
    before, paths = library.state(), library.seen()
    with pytest.raises(LibraryDamaged):
        library.remember_path(Path("/b.mov"), "aa", "no size", [])
    assert (library.state(), library.seen()) == (before, paths)
