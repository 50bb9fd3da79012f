"""Which files a list of files and folders stands for."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from matchcut.errors import MediaError, MediaMissing, MediaUnreadable, NoMediaFound
from matchcut.media.files import media_files
from matchcut.media.probe import probe
from matchcut.media.state import file_state, is_online


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def test_a_folder_gives_its_films_in_depth_and_in_order(tmp_path: Path) -> None:
    films = [touch(tmp_path / name) for name in ("a.mov", "b/c.MP4", "b/d/e.mxf", "z.mkv")]
    for other in ("notes.txt", ".hidden.mov", ".cache/a.mov", "b/poster.jpg"):
        touch(tmp_path / other)
    assert media_files([tmp_path]) == films


def test_a_file_named_by_itself_is_taken_whatever_its_name(tmp_path: Path) -> None:
    film = touch(tmp_path / "film.bak")
    hidden = touch(tmp_path / ".film.mov")
    assert media_files([film, hidden]) == [film, hidden]


def test_a_missing_path_stays_in_the_list_so_that_it_is_reported(tmp_path: Path) -> None:
    film = touch(tmp_path / "a.mov")
    gone = tmp_path / "gone"
    assert media_files([gone, film]) == [gone, film]


def test_the_same_film_named_twice_is_read_once(tmp_path: Path) -> None:
    film = touch(tmp_path / "a.mov")
    assert media_files([film, tmp_path, tmp_path / "." / "a.mov"]) == [film]


def test_a_folder_without_media_is_said_so(tmp_path: Path) -> None:
    touch(tmp_path / "notes.txt")
    with pytest.raises(NoMediaFound, match="no video file"):
        media_files([tmp_path])


def test_a_folder_without_media_does_not_cost_the_others(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    film = touch(tmp_path / "a.mov")
    assert media_files([empty, film]) == [empty, film]


def test_a_folder_that_links_to_itself_ends(tmp_path: Path) -> None:
    film = touch(tmp_path / "reels" / "a.mov")
    (tmp_path / "reels" / "again").symlink_to(tmp_path / "reels", target_is_directory=True)
    assert media_files([tmp_path]) == [film]


def test_no_paths_are_no_files() -> None:
    assert media_files([]) == []


def test_a_name_that_no_disk_can_hold_is_refused_and_the_others_go_on(tmp_path: Path) -> None:
    film = touch(tmp_path / "a.mov")
    long = tmp_path / ("a" * 300)
    assert media_files([long, film]) == [long, film]
    assert not is_online(long)
    assert is_online(film)
    for refuse in (probe, file_state):
        with pytest.raises(MediaUnreadable) as told:
            refuse(long)
        assert os.strerror(errno.ENAMETOOLONG) in str(told.value)


def test_a_path_that_cannot_be_a_path_is_offline(tmp_path: Path) -> None:
    film = touch(tmp_path / "a.mov")
    for path in (tmp_path / "a\0b", film / "inside"):
        assert media_files([path, film]) == [path, film]
        assert not is_online(path)
        for refuse in (probe, file_state):
            with pytest.raises(MediaMissing):
                refuse(path)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE])
def test_what_cannot_be_looked_at_is_refused_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    film = touch(tmp_path / "a.mov")
    lost = touch(tmp_path / "lost" / "b.mov")
    look, enter = Path.stat, Path.open

    def failing(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if path in (lost, lost.parent / "c"):
            raise OSError(number, os.strerror(number))
        return look(path, follow_symlinks=follow_symlinks)

    def shut(path: Path, mode: str = "r") -> object:
        if path == lost:
            raise OSError(number, os.strerror(number))
        return enter(path, mode)

    monkeypatch.setattr(Path, "stat", failing)
    monkeypatch.setattr(Path, "open", shut)
    assert media_files([lost, film]) == [lost, film]
    assert media_files([tmp_path]) == [film, lost]
    assert not is_online(lost)
    for refuse in (probe, file_state):
        with pytest.raises(MediaError, match=r"cannot be read as a film"):
            refuse(lost)


def test_a_folder_whose_disk_fails_does_not_cost_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = touch(tmp_path / "a.mov")
    lost = touch(tmp_path / "lost" / "b.mov").parent
    listed = Path.iterdir

    def failing(path: Path) -> object:
        if path == lost:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", failing)
    assert media_files([tmp_path]) == [film, lost]
    with pytest.raises(MediaUnreadable, match="the folder cannot be opened"):
        probe(lost)


def test_links_that_lead_in_a_circle_are_refused_and_the_others_go_on(tmp_path: Path) -> None:
    film = touch(tmp_path / "a.mov")
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    assert media_files([circle, film]) == [circle, film]
    assert not is_online(circle)
    with pytest.raises(MediaUnreadable):
        probe(circle)
