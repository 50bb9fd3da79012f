"""Whatever ends a program while it writes, the library holds whole sources, and readers read on."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from matchcut.errors import DiskFull, LibraryBusy, LibraryDamaged, MatchcutError
from matchcut.library import Library, schema
from tests.unit.library.stocking import DETECTOR, everything, stock

ROOT = Path(__file__).parents[3]

START = """
import os, signal, sys
from pathlib import Path
import numpy as np
from matchcut.library import Library, schema, store
from tests.unit.library.stocking import stock

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

library = Library.open(Path(sys.argv[1]))
"""

ENDS = {
    "between two arrays": """
save, saved = np.save, []
def save_one(*given, **named):
    save(*given, **named)
    saved.append(given)
    if len(saved) == 2:
        die()
np.save = save_one
""",
    "between the arrays and the catalogue": """
schema.connection = die
""",
    "inside the catalogue's transaction": """
store.write_path = die
""",
}
"""How a program ends while it commits a source, as code that runs before it does."""

COMMIT = """
with library.writing():
    stock("bb").commit(library)
"""


def _python(code: str, library: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, str(library)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library with one source in it."""
    made = Library.create(tmp_path / "lib")
    stock("aa").commit(made)
    return made


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 on this system")
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_a_program_killed_while_it_commits_leaves_nothing_of_that_source(
    library: Library, end: str
) -> None:
    before = everything(library)
    run = _python(START + end + COMMIT, library.folder)
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert everything(library) == before
    # The next run does what was left, and nothing stays behind of the one before.
    with library.writing():
        assert not (library.folder / "staging").exists()
        stock("bb").commit(library)
    assert [one[0] for one in everything(library)] == ["aa", "bb"]
    assert list((library.folder / "staging").iterdir()) == []


def test_an_error_between_the_arrays_and_the_catalogue_leaves_nothing_of_that_source(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(library)

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("matchcut.library.store.write_path", broken)
    with pytest.raises(KeyboardInterrupt):
        stock("bb").commit(library)
    assert everything(library) == before
    monkeypatch.undo()
    stock("bb").commit(library)
    assert len(library.sources()) == 2


def test_a_second_program_that_wants_to_write_is_refused_with_a_sentence(library: Library) -> None:
    code = START + (
        "from matchcut.errors import LibraryBusy\n"
        "try:\n"
        "    with library.writing():\n"
        "        print('it wrote')\n"
        "except LibraryBusy as error:\n"
        "    print(error)\n"
    )
    with library.writing():
        run = _python(code, library.folder)
        assert "Another program is indexing into the library" in run.stdout, run.stderr
        with pytest.raises(LibraryBusy), library.writing():
            pass
    assert _python(code, library.folder).stdout == "it wrote\n"


def test_a_writer_that_failed_lets_the_next_one_in(library: Library) -> None:
    with pytest.raises(KeyError), library.writing():
        raise KeyError
    with library.writing():
        stock("bb").commit(library)
    assert len(library.sources()) == 2


def test_a_worker_that_outlives_its_run_does_not_come_between_the_next(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may write a file into a folder at the very moment in which that is being removed."""
    aside = library.folder / "staging" / "of a worker"
    aside.mkdir(parents=True)
    remove = os.rmdir

    def late(*given: object, **named: object) -> None:
        with suppress(FileNotFoundError):
            (aside / "late.npy").touch()
        remove(*given, **named)

    monkeypatch.setattr(os, "rmdir", late)
    with library.writing():
        assert not aside.exists()
        stock("bb").commit(library)
    assert len(library.sources()) == 2


def test_readers_see_the_library_as_it_was_until_a_source_is_whole(library: Library) -> None:
    before = everything(library)
    with library.writing(), schema.connection(library.folder) as catalogue:
        catalogue.execute("BEGIN IMMEDIATE")
        catalogue.execute("INSERT INTO source SELECT 'zz', description, 1, 'x' FROM source")
        assert everything(Library.open(library.folder)) == before
        code = START + "print(len(library.sources()))"
        assert _python(code, library.folder).stdout == "1\n"
        catalogue.execute("COMMIT")
    assert len(library.sources()) == 2


Failing = Callable[..., None]


def _no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _over_quota(*_: object, **__: object) -> None:
    raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))


@pytest.mark.parametrize("failing", [_no_room, _over_quota])
@pytest.mark.parametrize("step", ["numpy.save", "os.fsync"])
def test_a_disk_that_fills_while_arrays_are_written_loses_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch, step: str, failing: Failing
) -> None:
    before = everything(library)
    monkeypatch.setattr(step, failing)
    with pytest.raises(DiskFull, match=r"is full\. Free some space"):
        stock("bb").commit(library)
    monkeypatch.undo()
    assert everything(library) == before
    assert list((library.folder / "staging").iterdir()) == []
    stock("bb").commit(library)
    assert len(library.sources()) == 2


def test_another_failure_to_write_is_not_called_a_full_disk(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(np, "save", broken)
    with pytest.raises(LibraryDamaged, match=os.strerror(errno.EIO)):
        stock("bb").commit(library)


@pytest.mark.skipif(os.name != "posix", reason="folders cannot be synced on this system")
def test_the_arrays_places_are_on_the_disk_before_the_catalogue_names_them(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    sync = os.fsync

    def noted(handle: int) -> None:
        synced.append(os.fstat(handle).st_ino)
        sync(handle)

    def power_lost(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr("matchcut.library.store.write_path", power_lost)
    with pytest.raises(KeyboardInterrupt):
        stock("bb").commit(library)
    source = library.folder / "arrays" / "bb"
    frames = (source / "frames.npy").stat().st_ino
    for folder in (source / DETECTOR, source, source.parent):
        assert synced.index(folder.stat().st_ino) > synced.index(frames)


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, DiskFull), (errno.EROFS, LibraryDamaged)]
)
@pytest.mark.parametrize("step", ["filelock.FileLock.acquire", "shutil.rmtree"])
def test_a_disk_that_does_not_let_the_library_be_held_is_said_with_a_sentence(
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    kind: type[MatchcutError],
    step: str,
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(step, failing)
    with pytest.raises(kind), library.writing():
        pass
    monkeypatch.undo()
    with library.writing():
        stock("bb").commit(library)


def test_a_disk_that_fills_while_the_catalogue_is_written_loses_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(library)
    check = schema._check_version

    def without_room(opened: sqlite3.Connection, folder: Path) -> None:
        check(opened, folder)
        (pages,) = opened.execute("PRAGMA page_count").fetchone()
        opened.execute(f"PRAGMA max_page_count = {pages}")

    monkeypatch.setattr(schema, "_check_version", without_room)
    with pytest.raises(DiskFull):
        stock("bb", shots=2000).commit(library)
    groups = {("aa", number): ("aa", number) for number in range(2000)}
    with pytest.raises(DiskFull):
        library.write_duplicates(groups, "basis", "one")
    monkeypatch.undo()
    assert everything(library) == before
    assert library.duplicates() == {}
    stock("bb", shots=2000).commit(library)
    assert len(library.sources()) == 2


def test_a_folder_for_which_there_is_no_room_is_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "mkdir", _no_room)
    with pytest.raises(DiskFull):
        Library.create(tmp_path / "lib")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    if not sys.platform.startswith("linux"):
        pytest.skip("a disk of one megabyte is made with Linux' tmpfs, which is not here")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("a disk of one megabyte cannot be made: there is no mount program")
    if mounted.returncode:
        pytest.skip("a disk of one megabyte cannot be made: this user may not mount")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], capture_output=True, check=True)


def _fill(disk: Path, leave: int) -> Path:
    """Fills a disk up to `leave` bytes; the file to delete again."""
    state = os.statvfs(disk)
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(max(0, state.f_bavail * state.f_frsize - leave)))
    return ballast


@pytest.mark.parametrize(
    ("leave", "shots"), [(0, 3), (16_384, 3), (36_864, 3), (49_152, 3), (131_072, 4000)]
)
def test_a_disk_that_is_really_full_is_said_and_loses_nothing(
    small_disk: Path, leave: int, shots: int
) -> None:
    # From no room at all, over room for the arrays but not to open the catalogue, and room to open
    # it but not to write, to arrays that only begin to fit: the sentence is the same.
    library = Library.create(small_disk / "lib")
    stock("aa").commit(library)
    before = everything(library)
    ballast = _fill(small_disk, leave)
    with pytest.raises(DiskFull, match=r"is full\. Free some space"):
        stock("bb", shots=shots).commit(library)
    ballast.unlink()
    assert everything(library) == before
    with library.writing():
        stock("bb").commit(library)
    assert len(library.sources()) == 2


@pytest.mark.parametrize("leave", [0, 8_192, 40_960])
def test_a_library_that_a_full_disk_kept_from_being_made_is_made_later(
    small_disk: Path, leave: int
) -> None:
    ballast = _fill(small_disk, leave)
    with pytest.raises(DiskFull):
        Library.create(small_disk / "lib")
    ballast.unlink()
    stock("aa").commit(Library.create(small_disk / "lib"))
    assert len(Library.open(small_disk / "lib").sources()) == 1
