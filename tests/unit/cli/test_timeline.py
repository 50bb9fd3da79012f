"""`matchcut timeline`, and how other verbs reach the media that a timeline names."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import opentimelineio as otio
import pytest

from matchcut.media.probe import clock_of, probe
from matchcut.timecode import timecode_to_frame
from tests.small_films import Footage, write_textures
from tests.unit.cli.conftest import Matchcut
from tests.unit.otio_matchcut import build


@pytest.fixture
def elsewhere(footage: Footage, tmp_path: Path) -> Path:
    """The editor's timeline as her machine wrote it: its media lies on a volume called SAN."""
    text = footage.timeline.read_text(encoding="utf-8")
    moved = text.replace(footage.one.as_uri(), f"file:///Volumes/SAN/rushes/{footage.one.name}")
    path = tmp_path / "editor.otio"
    path.write_text(moved, encoding="utf-8")
    return path


def test_each_clip_is_a_line_in_frames_of_its_file(footage: Footage, matchcut: Matchcut) -> None:
    ran = matchcut("timeline", footage.timeline, "--json")
    assert ran.code == 0
    assert list(ran.lines[0]) == [
        *("name", "track", "record_start", "record_end", "media"),
        *("source_start", "source_end", "online", "notes"),
    ]
    clips = otio.adapters.read_from_file(str(footage.timeline)).video_tracks()[0].find_clips()
    truth = {shot.tag: shot for shot in footage.truth_one.shots}
    assert [line["name"] for line in ran.lines] == [clip.name for clip in clips]
    for line in ran.lines:
        shot = truth[line["name"].split(" ", 1)[1]]
        assert shot.start <= line["source_start"] < line["source_end"] <= shot.end
        assert (line["media"], line["online"]) == (str(footage.one), True)
    assert ran.lines[0]["record_start"] == "10:00:00:00"
    assert f"{len(ran.lines)} clips on 1 video track; {len(ran.lines)} online" in ran.err


def test_people_see_a_table_with_the_same(footage: Footage, matchcut: Matchcut) -> None:
    ran = matchcut("timeline", footage.timeline)
    assert (ran.code, ran.out) == (0, "")
    assert footage.one.name in ran.err
    assert "10:00:00:00" in ran.err


def test_the_round_trip_alone_changes_nothing(
    footage: Footage, tmp_path: Path, matchcut: Matchcut
) -> None:
    out = tmp_path / "same.otio"
    ran = matchcut("timeline", footage.timeline, "-o", out)
    assert ran.err.splitlines()[-1] == f"Written: {out}"
    read = otio.adapters.read_from_file
    assert read(str(out)).is_equivalent_to(read(str(footage.timeline)))


def test_the_timeline_that_is_read_is_never_overwritten(
    footage: Footage, tmp_path: Path, matchcut: Matchcut
) -> None:
    own = Path(shutil.copy(footage.timeline, tmp_path / "own.otio"))
    before = own.read_bytes()
    link = tmp_path / "link.otio"
    link.symlink_to(own)
    for out in (own, link):
        assert "never overwritten" in matchcut("timeline", own, "-o", out).refused(2, "USAGE")
    assert own.read_bytes() == before
    assert ".otio" in matchcut("timeline", own, "-o", tmp_path / "x.edl").refused(2, "USAGE")


def test_a_map_leads_from_the_editors_volume_to_the_files_here(
    elsewhere: Path, footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    maps = ("--map", f"/Volumes/SAN/rushes={footage.one.parent}")
    ran = matchcut("timeline", elsewhere, "--json", *maps)
    assert {(line["media"], line["online"]) for line in ran.lines} == {(str(footage.one), True)}
    asked = ("find", "-l", footage_library, "--json", "--timeline")
    assert matchcut(*asked, elsewhere, *maps).lines == matchcut(*asked, footage.timeline).lines


def test_media_that_is_offline_is_said_and_counted_as_written(
    elsewhere: Path, footage: Footage, matchcut: Matchcut
) -> None:
    ran = matchcut("timeline", elsewhere, "--json")
    assert {line["online"] for line in ran.lines} == {False}
    assert {line["media"] for line in ran.lines} == {f"/Volumes/SAN/rushes/{footage.one.name}"}
    assert {line["notes"][0] for line in ran.lines} == {"Offline: frames as written."}
    assert f"0 online, {len(ran.lines)} offline" in ran.err


@pytest.mark.parametrize("by", ["folder", "library"])
def test_media_that_is_offline_is_relinked_by_its_name(
    elsewhere: Path, footage: Footage, footage_library: Path, by: str, matchcut: Matchcut
) -> None:
    places = {"folder": ("--relink", footage.one.parent), "library": ("-l", footage_library)}
    ran = matchcut("timeline", elsewhere, "--json", *places[by])
    here = matchcut("timeline", footage.timeline, "--json")
    for line, other in zip(ran.lines, here.lines, strict=True):
        assert line["notes"][-1].startswith("Relinked: /Volumes/SAN/rushes/")
        assert {**line, "notes": []} == {**other, "notes": []}


def test_find_takes_the_film_of_the_library_that_bears_the_name(
    elsewhere: Path, footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    asked = ("find", "-l", footage_library, "--json", "--timeline")
    ran = matchcut(*asked, elsewhere)
    assert ran.lines == matchcut(*asked, footage.timeline).lines
    assert "of the library is taken for it" in ran.err


def test_media_that_is_zipped_in_a_bundle_is_said_to_be(
    footage: Footage, tmp_path: Path, matchcut: Matchcut
) -> None:
    text = footage.timeline.read_text(encoding="utf-8")
    bundle = tmp_path / "cut.otioz"
    with zipfile.ZipFile(bundle, "w") as file:
        file.writestr("content.otio", text.replace(footage.one.as_uri(), "media/day.mov"))
        file.write(footage.one, "media/day.mov")
    for line in matchcut("timeline", bundle, "--json").lines:
        assert line["media"] == str(bundle / "media" / "day.mov")
        assert "zipped in cut.otioz" in line["notes"][-1]


def test_two_files_that_may_both_be_it_are_named_and_neither_is_taken(
    elsewhere: Path, footage: Footage, tmp_path: Path, matchcut: Matchcut
) -> None:
    copies = [tmp_path / "rushes" / card / footage.one.name for card in ("1", "2")]
    for number, copy in enumerate(copies):
        copy.parent.mkdir(parents=True)
        # Other bytes behind the film: the same frames, another content.
        copy.write_bytes(footage.one.read_bytes() + bytes(number))
    ran = matchcut("timeline", elsewhere, "--json", "--relink", tmp_path / "rushes")
    for line in ran.lines:
        assert not line["online"]
        assert all(str(copy) in line["notes"][-1] for copy in copies)


def test_a_film_of_the_name_without_the_frames_is_not_taken(
    elsewhere: Path, footage: Footage, tmp_path: Path, matchcut: Matchcut
) -> None:
    (tmp_path / "rushes").mkdir()
    write_textures(tmp_path / "rushes" / footage.one.name, 4, 1)
    ran = matchcut("timeline", elsewhere, "--json", "--relink", tmp_path / "rushes")
    last = ran.lines[-1]
    assert not last["online"]
    assert "does not hold the frames" in last["notes"][-1]


def test_an_edl_wants_its_rate_and_finds_its_clips_by_name(
    footage: Footage, tmp_path: Path, matchcut: Matchcut
) -> None:
    edl = tmp_path / "reel.edl"
    start = clock_of(footage.one).start_timecode or "00:00:00:00"
    rate = clock_of(footage.one).rate
    first = timecode_to_frame(start, rate)
    out = start[:-2] + f"{int(start[-2:]) + 5:02d}"
    edl.write_text(
        f"TITLE: reel\n\n001  AX       V     C        {start} {out} 01:00:00:00 01:00:00:05\n"
        f"* FROM CLIP NAME: {footage.one.name}\n"
    )
    assert "--rate" in matchcut("timeline", edl).err
    assert matchcut("timeline", edl).code == 2
    asked = ("timeline", edl, "--json", "--rate", str(rate), "--relink", footage.one.parent)
    [line] = matchcut(*asked).lines
    assert first >= 0
    assert (line["source_start"], line["source_end"], line["online"]) == (0, 5, True)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--map", "/Volumes/SAN"), "does not say which folder lies where"),
        (("--map", "=/mnt"), "does not say which folder lies where"),
        (("--rate", "fast"), "is no frame rate"),
        (("--rate", "0"), "is no frame rate"),
        (("--rate", "1/0"), "is no frame rate"),
    ],
)
def test_an_option_that_says_nothing_is_refused(
    footage: Footage, option: tuple[str, str], said: str, matchcut: Matchcut
) -> None:
    assert said in matchcut("timeline", footage.timeline, *option).refused(2, "USAGE")


def test_a_map_of_a_relative_folder_is_refused(footage: Footage, matchcut: Matchcut) -> None:
    ran = matchcut("timeline", footage.timeline, "--map", "rushes=/mnt")
    assert "not an absolute path" in ran.refused(2, "TIMELINE_QUERY_WRONG")


def test_a_sidecar_is_not_told_of_maps(
    footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    asked = ("find", "-l", footage_library, "--timeline", footage.timeline, "--sidecar")
    ran = matchcut(*asked, "--map", "/a=/b")
    assert ran.code in (1, 2)
    assert ran.out == ""


def test_what_is_no_timeline_is_refused(tmp_path: Path, matchcut: Matchcut) -> None:
    (tmp_path / "notes.txt").write_text("cut faster")
    matchcut("timeline", tmp_path / "notes.txt").refused(1, "TIMELINE_REFUSED")
    matchcut("timeline", tmp_path / "none.otio").refused(1, "TIMELINE_REFUSED")


def test_media_that_is_no_film_is_said_beside_its_clip(tmp_path: Path, matchcut: Matchcut) -> None:
    (tmp_path / "a.mov").write_text("no film")
    made = build.timeline(build.track(build.clip("a", build.span(3, 10))))
    path = tmp_path / "cut.otio"
    otio.adapters.write_to_file(made, str(path))
    [line] = matchcut("timeline", path, "--json").lines
    assert (line["online"], line["source_start"], line["source_end"]) == (True, 3, 13)
    assert "no film" in line["notes"][-1]


def test_headers_tell_what_a_full_look_tells(footage: Footage) -> None:
    for film in (footage.one, footage.two):
        clock, source = clock_of(film), probe(film)
        assert (clock.rate, clock.start_timecode) == (source.rate, source.start_timecode)
        assert source.duration_pts is not None
        assert clock.frames == round(source.duration_pts * source.time_base * source.rate)
