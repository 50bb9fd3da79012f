"""Which files a list of files and folders stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchcut.errors import NoMediaFound
from matchcut.media.files import media_files


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
