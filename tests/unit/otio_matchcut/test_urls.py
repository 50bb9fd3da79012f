from __future__ import annotations

from pathlib import Path

import pytest

from otio_matchcut.errors import TimelineError
from otio_matchcut.urls import path_of, url_of

BASE = Path("/project/edit")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/mnt/a.mov", "/mnt/a.mov"),
        ("/mnt/a b#1?.mov", "/mnt/a b#1?.mov"),
        ("/mnt/a%20b.mov", "/mnt/a%20b.mov"),
        ("/mnt/trailing .mov ", "/mnt/trailing .mov "),
        ("a.mov", "/project/edit/a.mov"),
        ("../media/a.mov", "/project/edit/../media/a.mov"),
        ("media\\a.mov", "/project/edit/media/a.mov"),
        ("file:///mnt/a%20b.mov", "/mnt/a b.mov"),
        ("file:///mnt/a b#1.mov", "/mnt/a b#1.mov"),
        ("file:///mnt/100%25.mov", "/mnt/100%.mov"),
        ("file:///mnt/100%.mov", "/mnt/100%.mov"),
        ("file:///mnt/gl%C3%BCck.mov", "/mnt/glück.mov"),
        ("FILE:///mnt/a.mov", "/mnt/a.mov"),
        ("file:/mnt/a.mov", "/mnt/a.mov"),
        ("file:media/a%20b.mov", "/project/edit/media/a b.mov"),
        ("file://localhost/mnt/a.mov", "/mnt/a.mov"),
        ("file://localhost/D%3a/media/a%20b.mov", "D:/media/a b.mov"),
        ("file:///X:/media/a.mov", "X:/media/a.mov"),
        ("file://D:/media/a.mov", "D:/media/a.mov"),
        ("file://server/share/a.mov", "//server/share/a.mov"),
        ("file:////server/share/a.mov", "//server/share/a.mov"),
        ("D:\\r\\a b.mp4", "D:/r/a b.mp4"),
        ("D:/r/a#b.mp4", "D:/r/a#b.mp4"),
        ("\\\\server\\share\\a.mov", "//server/share/a.mov"),
        ("//server/share/a.mov", "//server/share/a.mov"),
        ("/mnt/back\\slash.mov", "/mnt/back\\slash.mov"),
    ],
)
def test_every_form_of_media_address_leads_to_its_path(url: str, path: str) -> None:
    assert path_of(url, BASE) == Path(path)


def test_a_bare_path_is_decoded_only_where_just_the_decoded_file_exists(tmp_path: Path) -> None:
    assert path_of("a%20b.mov", tmp_path) == tmp_path / "a%20b.mov"
    (tmp_path / "a b.mov").touch()
    assert path_of("a%20b.mov", tmp_path) == tmp_path / "a b.mov"
    (tmp_path / "a%20b.mov").touch()
    assert path_of("a%20b.mov", tmp_path) == tmp_path / "a%20b.mov"


def test_an_address_that_was_never_encoded_finds_its_file(tmp_path: Path) -> None:
    (tmp_path / "a%20b.mov").touch()
    assert path_of(f"file://{tmp_path}/a%20b.mov", BASE) == tmp_path / "a%20b.mov"


def test_a_name_with_a_backslash_is_found_where_it_exists(tmp_path: Path) -> None:
    (tmp_path / "a\\b.mov").touch()
    assert path_of("a\\b.mov", tmp_path) == tmp_path / "a\\b.mov"


def test_bytes_that_are_no_unicode_survive() -> None:
    path = path_of("file:///mnt/caf%E9.mov", BASE)
    assert bytes(path) == b"/mnt/caf\xe9.mov"
    assert url_of(path) == "file:///mnt/caf%E9.mov"


@pytest.mark.parametrize(("url", "reason"), [("", "MEDIA_OFFLINE"), (" ", "MEDIA_OFFLINE")])
def test_an_empty_address_is_offline_media(url: str, reason: str) -> None:
    with pytest.raises(TimelineError) as error:
        path_of(url, BASE)
    assert error.value.reason == reason


def test_a_web_address_is_refused_with_a_sentence() -> None:
    with pytest.raises(TimelineError, match="is not a file on this machine") as error:
        path_of("https://example.com/a.mov", BASE)
    assert error.value.reason == "MEDIA_NOT_A_FILE"


def test_windows_paths_get_an_address_that_windows_applications_write() -> None:
    assert url_of(Path("D:/media/a b.mov")) == "file:///D:/media/a%20b.mov"
    assert url_of(Path("//server/share/a.mov")) == "file://server/share/a.mov"


def test_a_relative_path_has_no_address() -> None:
    with pytest.raises(ValueError, match="relative"):
        url_of(Path("a.mov"))


def test_a_name_too_long_for_the_disk_is_simply_not_there() -> None:
    name = "%20" + "x" * 5000
    assert path_of(name, BASE) == BASE / name
