from __future__ import annotations

from pathlib import Path

import pytest

from otio_matchcut.cuts import Film, cuts_of
from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import locate
from otio_matchcut.mapping import FolderMap, folder_of, mapped
from otio_matchcut.urls import path_of
from tests.unit.otio_matchcut import build


def _map(old: str, new: str) -> FolderMap:
    return FolderMap(folder_of(old), Path(new))


SAN = _map("/Volumes/SAN", "/mnt/san")


@pytest.mark.parametrize(
    ("path", "maps", "there"),
    [
        ("/Volumes/SAN/day 1/a.mov", [SAN], "/mnt/san/day 1/a.mov"),
        ("/Volumes/SAN", [SAN], "/mnt/san"),
        ("/Volumes/SAN2/a.mov", [SAN], "/Volumes/SAN2/a.mov"),
        ("/volumes/san/a.mov", [SAN], "/volumes/san/a.mov"),
        ("/Volumes/SAN/a.mov", [], "/Volumes/SAN/a.mov"),
        ("/Volumes/SAN/a.mov", [_map("/Volumes/SAN/", "/mnt/san/")], "/mnt/san/a.mov"),
        ("/Volumes/SAN/a.mov", [_map("/", "/host")], "/host/Volumes/SAN/a.mov"),
        ("D:/Media/a.mov", [_map("d:\\media", "/mnt/d")], "/mnt/d/a.mov"),
        ("D:/Media/a.mov", [_map("D:", "/mnt/d")], "/mnt/d/Media/a.mov"),
        ("D:/Media/a.mov", [_map("D:\\", "/mnt/d")], "/mnt/d/Media/a.mov"),
        ("//Server/Share/a.mov", [_map("\\\\server\\share", "/mnt/s")], "/mnt/s/a.mov"),
        ("//server/share2/a.mov", [_map("//server/share", "/mnt/s")], "//server/share2/a.mov"),
    ],
)
def test_a_folder_leads_elsewhere_by_whole_names(
    path: str, maps: list[FolderMap], there: str
) -> None:
    assert mapped(Path(path), maps) == Path(there)


def test_the_longest_folder_decides_in_whatever_order_the_maps_are_given() -> None:
    maps = [SAN, _map("/Volumes/SAN/day 1", "/fast/1"), _map("/Volumes", "/slow")]
    for order in (maps, maps[::-1]):
        assert mapped(Path("/Volumes/SAN/day 1/a.mov"), order) == Path("/fast/1/a.mov")
        assert mapped(Path("/Volumes/SAN/day 2/a.mov"), order) == Path("/mnt/san/day 2/a.mov")


def test_what_is_mapped_is_not_mapped_again() -> None:
    maps = [_map("/a", "/b"), _map("/b", "/c")]
    assert mapped(Path("/a/x.mov"), maps) == Path("/b/x.mov")


def test_a_relative_folder_is_refused() -> None:
    with pytest.raises(TimelineError, match="not an absolute path") as error:
        folder_of("Media")
    assert error.value.reason == "QUERY_INVALID"


@pytest.mark.parametrize(
    "address",
    ["file:///Volumes/SAN/a%20b.mov", "/Volumes/SAN/a b.mov", "/Volumes/SAN/a%20b.mov"],
)
def test_which_spelling_is_meant_is_told_where_the_folder_lies_here(
    tmp_path: Path, address: str
) -> None:
    (tmp_path / "a b.mov").touch()
    maps = [FolderMap(Path("/Volumes/SAN"), tmp_path)]
    assert path_of(address, Path("/project"), maps) == tmp_path / "a b.mov"


def test_a_relative_address_is_mapped_with_the_folder_of_its_timeline() -> None:
    assert path_of("a.mov", Path("/Volumes/SAN"), [SAN]) == Path("/mnt/san/a.mov")


def test_questions_and_cut_lists_follow_the_maps() -> None:
    clip = build.clip("a", build.span(10, 24), url="/Volumes/SAN/a.mov")
    made = build.timeline(build.track(clip))
    shot = locate(made, base=Path("/p"), clip="a", at=None, maps=[SAN])
    assert shot.media == Path("/mnt/san/a.mov")
    film = Film(Path("/x.mov"), 24, None, 100, lambda path: path == Path("/mnt/san/a.mov"))
    assert [edit.cut for edit in cuts_of(made, film, base=Path("/p"), maps=[SAN])] == [10, 34]
    assert [edit.cut for edit in cuts_of(made, film, base=Path("/p"))] == [24]
