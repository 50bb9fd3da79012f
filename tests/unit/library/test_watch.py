"""A sidecar keeps what it has read until the library changes, and no longer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from matchcut.errors import LibraryDamaged
from matchcut.library import Library, Watch
from tests.unit.library.stocking import stock


def test_reading_leaves_the_state_as_it_is_and_every_kind_of_writing_changes_it(
    tmp_path: Path,
) -> None:
    library = Library.create(tmp_path / "lib")
    watch = Watch(library.folder)
    states = [watch.state()]
    stock("aa").commit(library)
    states.append(watch.state())
    library.remember_path(Path("/elsewhere/a.mov"), "aa", 1, 2)
    states.append(watch.state())
    library.write_duplicates({("aa", 0): ("aa", 0)}, "made from", "this")
    states.append(watch.state())
    assert len(set(states)) == 4
    library.sources()
    library.seen()
    assert watch.state() == states[-1]


def test_a_library_that_is_made_anew_in_the_same_place_is_another(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "lib")
    watch = Watch(library.folder)
    stock("aa").commit(library)
    before = watch.state()
    library.folder.rename(tmp_path / "old")
    again = Library.create(tmp_path / "lib")
    stock("aa").commit(again)
    assert watch.state() != before


def test_a_library_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "lib")
    watch = Watch(library.folder)
    watch.state()
    shutil.rmtree(library.folder)
    with pytest.raises(LibraryDamaged, match="does not answer"):
        watch.state()
