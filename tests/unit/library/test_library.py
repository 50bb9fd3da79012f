"""What is committed is read back in the library's own order; what cannot be trusted is refused."""

from __future__ import annotations

import errno
import itertools
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchcut.errors import LibraryBusy, LibraryDamaged, LibraryMissing, LibraryNewer
from matchcut.library import Library, schema
from matchcut.library.description import from_json, to_json
from matchcut.library.schema import VERSION
from matchcut.types import Source
from tests.unit.library.stocking import DETECTOR, IDENTITY, stock

ratios = st.fractions(min_value=Fraction(1, 100_000), max_value=100_000)


@given(
    st.builds(
        Source,
        digest=st.text("0123456789abcdef", min_size=1),
        rate=ratios,
        time_base=ratios,
        pixel_aspect=ratios,
        duration_pts=st.none() | st.integers(0, 2**62),
        start_pts=st.integers(-(2**62), 2**62),
        start_timecode=st.none() | st.just("00:59:59;28"),
        rotation=st.sampled_from([0, 90, 180, 270]),
        transfer=st.sampled_from(["sdr", "pq", "hlg"]),
        codec=st.text(max_size=9),
    )
)
def test_a_source_is_read_back_as_it_was_written(source: Source) -> None:
    text = to_json(source)
    assert from_json(text) == source
    assert "\n" not in text


def test_what_is_committed_is_read_back(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "lib")
    one = stock("aa")
    one.commit(library)
    (stored,) = Library.open(tmp_path / "lib").sources()
    assert stored.source == one.source
    assert stored.frames == 30
    assert stored.detector == DETECTOR
    assert stored.paths == (one.path,)
    assert library.find_digest("aa") == stored
    assert library.shots("aa", DETECTOR) == one.shots
    assert library.representations("aa", DETECTOR) == {IDENTITY}
    assert library.rows("aa", DETECTOR, IDENTITY).tolist() == one.rows[IDENTITY].tolist()
    assert library.frame_pts("aa").tolist() == one.frame_pts.tolist()


def test_stored_rows_are_mapped_and_cannot_be_changed(tmp_path: Path) -> None:
    library = Library.create(tmp_path)
    stock("aa").commit(library)
    rows = library.rows("aa", DETECTOR, IDENTITY)
    assert isinstance(rows, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        rows[0] = 1.0


def test_rows_with_fields_are_read_back(tmp_path: Path) -> None:
    library = Library.create(tmp_path)
    one = stock("aa")
    fields = np.zeros(3, np.dtype([("mask", np.uint8, (9, 2)), ("area", np.float32)]))
    fields["mask"][1] = 255
    fields["area"] = [0.0, 0.5, 1.0]
    replace(one, rows={IDENTITY: fields}).commit(library)
    back = library.rows("aa", DETECTOR, IDENTITY)
    assert back.dtype == fields.dtype
    assert back.tobytes() == fields.tobytes()


def test_a_flavor_added_later_joins_what_is_stored(tmp_path: Path) -> None:
    library = Library.create(tmp_path)
    one = stock("aa")
    one.commit(library)
    before = library.rows("aa", DETECTOR, IDENTITY).tolist()
    replace(one, rows={"color-v1-1": np.ones((3, 2), np.float32)}).commit(library)
    assert library.representations("aa", DETECTOR) == {IDENTITY, "color-v1-1"}
    assert library.rows("aa", DETECTOR, IDENTITY).tolist() == before
    assert library.shots("aa", DETECTOR) == one.shots


def test_what_is_not_stored_is_said_to_be_missing_without_an_error(tmp_path: Path) -> None:
    library = Library.create(tmp_path)
    assert library.sources() == ()
    assert library.find_digest("aa") is None
    assert library.shots("aa", DETECTOR) == ()
    assert library.representations("aa", DETECTOR) == frozenset()
    assert library.find_path(Path("/media/a.mov"), 1, 1) is None
    assert library.duplicates() == {}
    assert library.note("anything") is None


def test_the_order_of_the_library_does_not_depend_on_the_order_of_indexing(tmp_path: Path) -> None:
    stocks = [
        stock("c1", "/b/one.mov"),
        stock("b2", "/a/two.mov"),
        stock("a3", "/z/one.mov"),
    ]
    orders = []
    for number, order in enumerate(itertools.permutations(stocks)):
        library = Library.create(tmp_path / str(number))
        for one in order:
            one.commit(library)
        orders.append([stored.source.digest for stored in library.sources()])
    # By file name, then by path.
    assert orders == [["c1", "a3", "b2"]] * len(orders)


def test_a_file_seen_at_two_places_is_one_source_with_both(tmp_path: Path) -> None:
    library = Library.create(tmp_path)
    stock("aa", "/b/film.mov").commit(library)
    library.remember_path(Path("/a/film.mov"), "aa", 1000, 9)
    (stored,) = library.sources()
    assert stored.paths == (Path("/a/film.mov"), Path("/b/film.mov"))


def test_a_path_whose_file_was_replaced_belongs_to_the_new_content_alone(tmp_path: Path) -> None:
    library = Library.create(tmp_path)
    stock("aa", "/media/film.mov").commit(library)
    stock("bb", "/media/film.mov").commit(library)
    assert library.seen()[Path("/media/film.mov")][2] == "bb"
    # The old content has no place any more: it comes last.
    assert [(one.source.digest, one.paths) for one in library.sources()] == [
        ("bb", (Path("/media/film.mov"),)),
        ("aa", ()),
    ]


def test_a_file_that_changed_in_size_or_time_is_read_again(tmp_path: Path) -> None:
    library = Library.create(tmp_path)
    one = stock("aa")
    one.commit(library)
    assert library.find_path(one.path, 1000, 7) == "aa"
    assert library.find_path(one.path, 1001, 7) is None
    assert library.find_path(one.path, 1000, 8) is None
    assert library.seen()[one.path] == (1000, 7, "aa")


def test_the_shots_of_the_detector_in_use_are_the_ones_shown(tmp_path: Path) -> None:
    library = Library.create(tmp_path)
    stock("aa").commit(library)
    library.use_detector("aa", "other-v1")
    (stored,) = library.sources()
    assert stored.detector == "other-v1"
    assert library.shots("aa", "other-v1") == ()
    assert len(library.shots("aa", DETECTOR)) == 3


def test_groups_of_repeats_replace_the_ones_before(tmp_path: Path) -> None:
    library = Library.create(tmp_path)
    stock("aa").commit(library)
    library.write_duplicates({("aa", 0): ("aa", 0), ("aa", 1): ("aa", 0)}, "basis", "one")
    library.write_duplicates({("aa", 2): ("aa", 2)}, "basis", "two")
    assert library.duplicates() == {("aa", 2): ("aa", 2)}
    assert library.note("basis") == "two"


def test_a_folder_without_a_library_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing, match="There is no matchcut library in"):
        Library.open(tmp_path)
    with pytest.raises(LibraryMissing):
        Library.open(tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_a_library_whose_making_was_cut_off_is_missing_and_can_be_made(tmp_path: Path) -> None:
    # What a full disk or a killed program leaves: a catalogue without its tables.
    (tmp_path / "catalogue.sqlite").touch()
    with pytest.raises(LibraryMissing):
        Library.open(tmp_path)
    library = Library.create(tmp_path)
    stock("aa").commit(library)
    assert len(Library.open(tmp_path).sources()) == 1


def test_making_a_library_twice_keeps_what_is_in_it(tmp_path: Path) -> None:
    stock("aa").commit(Library.create(tmp_path))
    assert len(Library.create(tmp_path).sources()) == 1


def test_a_library_of_a_newer_matchcut_is_refused_and_not_touched(tmp_path: Path) -> None:
    stock("aa").commit(Library.create(tmp_path))
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as catalogue:
        catalogue.execute(f"PRAGMA user_version = {VERSION + 8}")
    before = {
        file.relative_to(tmp_path): file.read_bytes()
        for file in tmp_path.rglob("*")
        if file.is_file()
    }
    for use in (Library.open, Library.create):
        with pytest.raises(
            LibraryNewer, match=r"newer matchcut .* Nothing was changed\."
        ) as raised:
            use(tmp_path)
        assert raised.value.facts["found"] == str(VERSION + 8)
        assert raised.value.facts["supported"] == str(VERSION)
    after = {
        file.relative_to(tmp_path): file.read_bytes()
        for file in tmp_path.rglob("*")
        if file.is_file()
    }
    assert after == before


def test_a_file_that_is_no_catalogue_is_refused_with_a_sentence(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.sqlite"
    catalogue.write_bytes(b"This was never a database. " * 200)
    before = catalogue.read_bytes()
    for use in (Library.open, Library.create):
        with pytest.raises(LibraryDamaged, match=r"cannot be read: .*not a database") as raised:
            use(tmp_path)
        assert raised.value.next_step
    assert catalogue.read_bytes() == before


def test_a_catalogue_with_text_that_is_none_is_damaged(tmp_path: Path) -> None:
    library = Library.create(tmp_path)
    stock("aa").commit(library)
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute("UPDATE source SET description = CAST(x'ff' AS TEXT)")
    with pytest.raises(LibraryDamaged, match="cannot be read"):
        library.sources()


def test_a_library_cannot_be_made_where_a_file_lies(tmp_path: Path) -> None:
    (tmp_path / "lib").write_text("a file")
    with pytest.raises(LibraryDamaged, match="the folder cannot be made"):
        Library.create(tmp_path / "lib")


def test_a_missing_array_is_said_and_the_other_sources_are_still_read(tmp_path: Path) -> None:
    library = Library.create(tmp_path)
    stock("aa").commit(library)
    stock("bb").commit(library)
    (tmp_path / "arrays" / "aa" / DETECTOR / f"{IDENTITY}.npy").unlink()
    with pytest.raises(LibraryDamaged, match=f"{IDENTITY}.npy of a source is gone"):
        library.rows("aa", DETECTOR, IDENTITY)
    assert library.rows("bb", DETECTOR, IDENTITY).shape == (3, 4)
    assert len(library.sources()) == 2


def test_a_lost_array_is_computed_again_by_the_next_index(tmp_path: Path) -> None:
    library = Library.create(tmp_path)
    one = stock("aa")
    one.commit(library)
    (tmp_path / "arrays" / "aa" / DETECTOR / f"{IDENTITY}.npy").unlink()
    assert library.representations("aa", DETECTOR) == frozenset()
    one.commit(library)
    assert library.representations("aa", DETECTOR) == {IDENTITY}
    (tmp_path / "arrays" / "aa" / "frames.npy").unlink()
    assert library.representations("aa", DETECTOR) == frozenset()
    one.commit(library)
    assert library.frame_pts("aa").tolist() == one.frame_pts.tolist()


def test_a_library_whose_folder_cannot_be_looked_at_is_refused_with_a_sentence(
    tmp_path: Path,
) -> None:
    with pytest.raises(LibraryDamaged, match="the folder cannot be looked at"):
        Library.open(tmp_path / ("a" * 300))


def test_an_array_that_the_disk_does_not_give_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library.create(tmp_path)
    stock("aa").commit(library)

    def broken(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(np, "load", broken)
    with pytest.raises(LibraryDamaged, match=r"frames\.npy of a source does not open"):
        library.frame_pts("aa")


@pytest.mark.parametrize("length", [0, 5, 40, 130])
def test_an_array_cut_short_is_said(tmp_path: Path, length: int) -> None:
    library = Library.create(tmp_path)
    stock("aa").commit(library)
    array = tmp_path / "arrays" / "aa" / "frames.npy"
    array.write_bytes(array.read_bytes()[:length])
    with pytest.raises(LibraryDamaged, match=r"frames\.npy of a source is cut short"):
        library.frame_pts("aa")


def test_a_catalogue_that_another_program_keeps_writing_is_said_to_be_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library.create(tmp_path)
    stock("aa").commit(library)
    monkeypatch.setattr(schema, "PATIENCE", 0.05)
    with schema.connection(tmp_path) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusy):
            library.remember_path(tmp_path / "film.mov", "aa", 1, 1)
        other.execute("ROLLBACK")
    library.remember_path(tmp_path / "film.mov", "aa", 1, 1)
