"""Bad input: one clear sentence, the next step, no traceback, and nothing lost of the rest."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import IO

import av
import numpy as np
import opentimelineio as otio
import pytest

from matchcut.library import Library
from tests.conftest import other_notes
from tests.small_films import DETECTOR, Footage, write_textures
from tests.unit.cli.conftest import Matchcut


def write_sound(path: Path) -> Path:
    """A file with sound and no picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000, layout="mono")
        tone = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.float32), "fltp", "mono")
        tone.sample_rate, tone.pts, tone.time_base = 48000, 0, Fraction(1, 48000)
        container.mux([*stream.encode(tone), *stream.encode(None)])
    return path


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film that nothing is wrong with."""
    return write_textures(tmp_path_factory.mktemp("good") / "good.mp4", 12, 1, 2)


@pytest.fixture
def bad(good: Path, tmp_path: Path) -> dict[str, str]:
    """Files that are no films, by path, and the reason for which each is refused."""
    empty, text, cut = (tmp_path / f"{name}.mp4" for name in ("empty", "text", "cut short"))
    empty.touch()
    text.write_text("Interior. Night.\n" * 40)
    cut.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    return {
        str(empty): "MEDIA_UNREADABLE",
        str(text): "MEDIA_UNREADABLE",
        str(cut): "MEDIA_UNREADABLE",
        str(write_sound(tmp_path / "sound.m4a")): "NO_PICTURE",
        str(tmp_path / "missing.mp4"): "MEDIA_MISSING",
    }


def everything_in(folder: Path) -> dict[str, bytes]:
    """All files below a folder and what is in them."""
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


# Media


def test_broken_files_are_refused_one_by_one_and_the_good_film_is_indexed(
    good: Path, bad: dict[str, str], tmp_path: Path, matchcut: Matchcut
) -> None:
    asked = ("index", *bad, good, "-l", tmp_path / "library", "--detector", DETECTOR)
    told = matchcut(*asked)
    assert (told.code, told.out) == (1, "")
    *sentences, summary = other_notes(told.err.splitlines())
    assert len(sentences) == len(bad)
    for sentence, (path, reason) in zip(sentences, bad.items(), strict=True):
        assert sentence.startswith(f"{reason}: {path} ")
        assert sentence.endswith(".")
    assert summary.startswith(f"1 analysed, 0 known already, {len(bad)} refused.")
    again = matchcut(*asked, "--json")
    assert again.code == 1
    *files, _ = again.lines
    assert {file["path"]: file.get("reason", file["status"]) for file in files} == {
        **bad,
        str(good): "known",
    }


def test_the_shots_of_a_broken_file_are_refused_with_its_sentence(
    bad: dict[str, str], matchcut: Matchcut
) -> None:
    for path, reason in bad.items():
        ran = matchcut("shots", path, "--detector", DETECTOR, "--json")
        assert path in ran.refused(1, reason)


def test_real_broken_files_do_not_keep_a_good_film_out(
    shared: Path, good: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    videos = shared / "assets" / "video"
    broken = [*sorted((videos / "bad").glob("*")), videos / "odd" / "audio_only_opus.mp4"]
    if not all(path.is_file() for path in broken) or len(broken) < 2:
        pytest.skip("the broken films are looked for in ../shared/assets/video/bad")
    ran = matchcut(
        "index", *broken, good, "-l", tmp_path / "library", "--detector", DETECTOR, "--json"
    )
    assert (ran.code, ran.err) == (1, "")
    *files, summary = ran.lines
    by_name = {Path(file["path"]).name: file for file in files}
    assert by_name.pop(good.name)["status"] == "added"
    if "corrupted_nal.mp4" in by_name:
        assert any("corrupted_nal.mp4 (2)" in note for note in summary["notes"])
    # One frame of it is lost; the others can be seen.
    assert by_name.pop("corrupted_nal.mp4", {"status": "added"})["status"] == "added"
    assert by_name.pop("audio_only_opus.mp4")["reason"] == "NO_PICTURE"
    assert {file["reason"] for file in by_name.values()} == {"MEDIA_UNREADABLE"}
    assert all(file["sentence"].endswith(".") for file in by_name.values())
    assert all(file["next_step"].endswith(".") for file in by_name.values())


def test_a_film_with_a_hole_in_it_is_indexed_and_the_hole_is_told(
    good: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    holed = tmp_path / "holed.mp4"
    whole = bytearray(good.read_bytes())
    middle = whole.index(b"mdat") + 4 + len(whole) // 4
    whole[middle : middle + 600] = bytes(600)
    holed.write_bytes(whole)
    ran = matchcut(
        "index", holed, good, "-l", tmp_path / "library", "--detector", DETECTOR, "--json"
    )
    *files, summary = ran.lines
    assert [file["status"] for file in files] == ["added", "added"]
    (note,) = other_notes(summary["notes"])
    assert "holed.mp4 (" in note
    assert good.name not in note


def test_a_folder_without_media_is_said_and_the_good_film_is_indexed(
    good: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    folder = tmp_path / "scripts"
    folder.mkdir()
    (folder / "scene 12.txt").write_text("Interior. Night.")
    asked = ("index", folder, good, "-l", tmp_path / "library", "--detector", DETECTOR)
    ran = matchcut(*asked)
    assert ran.code == 1
    assert ran.err.startswith(f"NO_MEDIA_FOUND: There is no video file in {folder}. ")
    assert "1 analysed" in ran.err
    assert matchcut(*asked[:2], *asked[3:]).err.startswith("NO_MEDIA_FOUND: ")


def test_a_film_that_was_never_indexed_names_the_command_that_does(
    good: Path, footage_library: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("find", "-l", footage_library, "--media", good, "--at", "0")
    assert "has not been indexed" in ran.refused(1, "SOURCE_NOT_INDEXED")
    assert "matchcut index" in ran.err


def test_a_folder_is_no_film_to_find_a_shot_in(
    footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("find", "-l", footage_library, "--media", tmp_path, "--at", "0")
    assert "it is a folder" in ran.refused(1, "MEDIA_UNREADABLE")


# Times


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("09:59:59:24", "TIME_OUTSIDE"),
        ("10:00:05:05", "TIME_OUTSIDE"),
        ("00:00:00:00", "TIME_OUTSIDE"),
        ("130", "TIME_OUTSIDE"),
        ("10:00:00:25", "TIMECODE_INVALID"),
        ("10:00:00;00", "TIMECODE_INVALID"),
        ("ten past four", "TIMECODE_INVALID"),
        ("10:00", "TIMECODE_INVALID"),
        ("-1", "TIMECODE_INVALID"),
        ("1.5", "TIMECODE_INVALID"),
        ("²", "TIMECODE_INVALID"),
        ("", "TIMECODE_INVALID"),
    ],
)
def test_a_time_that_the_film_does_not_have_is_a_usage_error(
    at: str, reason: str, footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("find", "-l", footage_library, "--media", footage.one, "--at", at)
    sentence = ran.refused(2, reason)
    if reason == "TIME_OUTSIDE":
        assert "from 10:00:00:00 to 10:00:05:04" in sentence


def test_a_label_that_drop_frame_leaves_out_is_refused(
    footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    for label in ("00:01:00;00", "00:01:00;01", "00:01:00:00"):
        ran = matchcut("find", "-l", footage_library, "--media", footage.two, "--at", label)
        assert "drop-frame leaves out this label" in ran.refused(2, "TIMECODE_INVALID")


@pytest.mark.parametrize("at", ["09:59:59:24", "10:00:20:00", "99:00:00:00", "noon"])
def test_a_time_outside_of_the_timeline_is_a_usage_error(
    at: str, footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("find", "-l", footage_library, "--timeline", footage.timeline, "--at", at)
    assert at in ran.refused(2, "TIMELINE_QUERY_WRONG")


# Names


@pytest.mark.parametrize(
    ("blend", "why"), [("frame,camera:much", "'much' is no number"), ("camera,camera", "twice")]
)
def test_a_blend_that_cannot_be_read_is_a_usage_error_that_says_how_to_write_one(
    blend: str, why: str, footage_library: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("scan", "-l", footage_library, "--flavor", blend)
    assert why in ran.refused(2, "BLEND_WRONG")
    assert "frame,camera:0.5" in ran.err


@pytest.mark.parametrize("verb", ["find", "scan"])
def test_an_unknown_flavor_is_a_usage_error_that_lists_those_there_are(
    verb: str, footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    where = ("--timeline", footage.timeline) if verb == "find" else ()
    ran = matchcut(verb, "-l", footage_library, *where, "--flavor", "vanilla [x]")
    assert "'vanilla [x]'" in ran.refused(2, "FLAVOR_UNKNOWN")
    assert "camera, " in ran.err
    assert "frame" in ran.err


def test_an_unknown_detector_is_a_usage_error_and_no_library_is_made(
    good: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("index", good, "-l", tmp_path / "library", "--detector", "eyes")
    assert "'eyes'" in ran.refused(2, "DETECTOR_UNKNOWN")
    assert "content" in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("gap", ["nan", "inf", "-1", "soon"])
def test_a_gap_that_is_no_number_of_seconds_is_a_usage_error(
    gap: str, footage_library: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("scan", "-l", footage_library, "--min-gap", gap)
    assert (ran.code, ran.out) == (2, "")
    assert "--min-gap" in ran.err


# Timelines


@pytest.fixture
def altered(footage: Footage, tmp_path: Path) -> Callable[..., Path]:
    """The editor's timeline with its media elsewhere, or without any."""

    def write(media: str | None) -> Path:
        timeline = otio.adapters.read_from_file(str(footage.timeline))
        for clip in timeline.find_clips():
            clip.media_reference = (
                None if media is None else otio.schema.ExternalReference(target_url=media)
            )
        path = tmp_path / "altered.otio"
        otio.adapters.write_to_file(timeline, str(path))
        return path

    return write


def test_a_timeline_whose_media_is_offline_and_unknown_is_refused(
    altered: Callable[..., Path], footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    media = tmp_path / "unmounted" / "reel.mov"
    ran = matchcut("find", "-l", footage_library, "--timeline", altered(str(media)))
    assert str(media) in ran.refused(1, "MEDIA_MISSING")


def test_a_timeline_that_lost_its_media_is_refused(
    altered: Callable[..., Path], footage_library: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("find", "-l", footage_library, "--timeline", altered(None))
    assert "is offline" in ran.refused(1, "TIMELINE_REFUSED")


def test_a_timeline_whose_media_is_not_indexed_names_the_command_that_does(
    altered: Callable[..., Path], good: Path, footage_library: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("find", "-l", footage_library, "--timeline", altered(good.as_uri()))
    assert str(good) in ran.refused(1, "SOURCE_NOT_INDEXED")


def test_media_that_went_offline_after_indexing_is_still_matched_with_a_note(
    footage: Footage, own_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    film, timeline = tmp_path / "reel.mov", tmp_path / "cut.otio"
    shutil.copy(footage.one, film)
    text = footage.timeline.read_text(encoding="utf-8")
    assert footage.one.as_uri() in text
    timeline.write_text(text.replace(footage.one.as_uri(), film.as_uri()), encoding="utf-8")
    shutil.rmtree(own_library)
    matchcut("index", film, footage.two, "-l", own_library, "--detector", DETECTOR)
    asked = ("find", "-l", own_library, "--json", "--timeline", timeline)
    online = matchcut(*asked)
    film.unlink()
    offline = matchcut(*asked, "-o", tmp_path / "marked.otio")
    assert (online.code, offline.code) == (0, 0)
    assert offline.lines == online.lines
    assert online.err == ""
    note, *_ = offline.err.splitlines()
    assert film.name in note
    assert note.startswith("Offline")
    assert (tmp_path / "marked.otio").is_file()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"TITLE: ROUGH CUT\nFCM: NON-DROP FRAME\n001 A001 V C\n",
        b'{"OTIO_SCHEMA": "Timeline.1", "tracks": {',
        b'{"clips": []}',
        b'{"OTIO_SCHEMA": "Clip.2", "name": "alone"}',
        b"PK\x03\x04 a bundle",
        b"\xff\xfe\x00\x01",
        None,
    ],
    ids=["empty", "EDL", "cut short", "other JSON", "a clip", "a bundle", "binary", "missing"],
)
def test_a_file_that_is_no_timeline_is_refused(
    content: bytes | None, footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    path = tmp_path / "cut.otio"
    if content is not None:
        path.write_bytes(content)
    ran = matchcut("find", "-l", footage_library, "--timeline", path)
    assert str(path) in ran.refused(1, "TIMELINE_REFUSED")


def test_a_folder_is_no_timeline(footage_library: Path, tmp_path: Path, matchcut: Matchcut) -> None:
    matchcut("find", "-l", footage_library, "--timeline", tmp_path).refused(1, "TIMELINE_REFUSED")


def test_an_unknown_clip_offers_names_that_are_similar(
    footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    timeline = otio.adapters.read_from_file(str(footage.timeline))
    name = next(iter(timeline.find_clips())).name
    asked = ("find", "-l", footage_library, "--timeline", footage.timeline, "--clip")
    ran = matchcut(*asked, name[:-1])
    assert f"'{name[:-1]}'" in ran.refused(1, "TIMELINE_REFUSED")
    assert f"'{name}'" in ran.err


# Libraries


@pytest.mark.parametrize("verb", ["index", "find", "scan", "serve"])
def test_a_library_of_a_newer_version_is_refused_and_not_touched(
    verb: str, good: Path, footage: Footage, own_library: Path, matchcut: Matchcut
) -> None:
    with closing(sqlite3.connect(own_library / "catalogue.sqlite")) as catalogue:
        catalogue.execute("PRAGMA user_version = 99")
    before = everything_in(own_library)
    more = {"index": (good, "--detector", DETECTOR), "find": ("--timeline", footage.timeline)}
    ran = matchcut(verb, *more.get(verb, ()), "--library", own_library)
    assert "newer matchcut" in ran.refused(1, "LIBRARY_NEWER")
    assert everything_in(own_library) == before


def test_doctor_says_that_a_library_is_newer(own_library: Path, matchcut: Matchcut) -> None:
    with closing(sqlite3.connect(own_library / "catalogue.sqlite")) as catalogue:
        catalogue.execute("PRAGMA user_version = 99")
    ran = matchcut("doctor", "-l", own_library, "--json")
    assert ran.code == 1
    assert "newer matchcut" in ran.lines[0]["library"]


@pytest.mark.parametrize("kind", ["folder", "nothing", "file"])
def test_what_is_no_library_is_refused_and_stays_as_it_is(
    kind: str, tmp_path: Path, matchcut: Matchcut
) -> None:
    place = tmp_path / "place"
    if kind == "folder":
        place.mkdir()
        (place / "notes.txt").write_text("keep me")
    elif kind == "file":
        place.write_text("keep me")
    before = everything_in(tmp_path)
    ran = matchcut("scan", "-l", place)
    assert str(place) in ran.refused(1, "LIBRARY_MISSING")
    assert everything_in(tmp_path) == before


def test_a_file_cannot_become_a_library(good: Path, tmp_path: Path, matchcut: Matchcut) -> None:
    place = tmp_path / "place"
    place.write_text("keep me")
    matchcut("index", good, "-l", place, "--detector", DETECTOR).refused(1, "LIBRARY_DAMAGED")
    assert place.read_text() == "keep me"


def test_a_catalogue_that_is_garbage_is_refused(
    own_library: Path, footage: Footage, matchcut: Matchcut
) -> None:
    (own_library / "catalogue.sqlite").write_bytes(b"no catalogue at all" * 400)
    matchcut("scan", "-l", own_library).refused(1, "LIBRARY_DAMAGED")


def test_an_array_that_is_gone_is_said_and_the_next_run_computes_it_again(
    footage: Footage, own_library: Path, matchcut: Matchcut
) -> None:
    for array in (own_library / "arrays").rglob("movement*.npy"):
        array.unlink()
    ran = matchcut("scan", "-l", own_library, "--flavor", "camera")
    assert "'camera'" in ran.refused(1, "REPRESENTATION_MISSING")
    assert matchcut("scan", "-l", own_library, "--flavor", "frame").code == 0
    again = matchcut("index", *footage.both, "-l", own_library, "--detector", DETECTOR)
    assert "2 analysed" in again.err
    assert matchcut("scan", "-l", own_library, "--flavor", "camera").code == 0


def test_a_library_that_another_program_fills_is_busy(
    good: Path, own_library: Path, matchcut: Matchcut
) -> None:
    with Library.open(own_library).writing():
        ran = matchcut("index", good, "-l", own_library, "--detector", DETECTOR)
        assert matchcut("scan", "-l", own_library).code == 0, "finding and scanning work meanwhile"
    ran.refused(1, "LIBRARY_BUSY")


def test_a_sidecar_that_does_not_run_is_said(footage_library: Path, matchcut: Matchcut) -> None:
    ran = matchcut("scan", "-l", footage_library, "--sidecar")
    assert "No sidecar" in ran.refused(1, "SIDECAR_MISSING")


# Full disks


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk answers that it is full when what was written should reach it."""

    def refuse(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("this user may not mount a small disk; the full disk is injected elsewhere")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def _written(file: IO[bytes], size: int) -> bool:
    try:
        return file.write(b"\0" * size) == size
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
    return False


def fill(disk: Path) -> Path:
    """Takes all room that is left, to the last byte."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            while _written(file, size):
                pass
    return ballast


def test_a_disk_that_fills_up_while_indexing_keeps_what_was_finished(
    good: Path,
    own_library: Path,
    tmp_path: Path,
    matchcut: Matchcut,
    full_disk: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = everything_in(own_library / "arrays")
    asked = ("index", good, "-l", own_library, "--detector", DETECTOR)
    assert str(own_library) in matchcut(*asked).refused(1, "DISK_FULL")
    assert everything_in(own_library / "arrays") == before
    assert matchcut("scan", "-l", own_library).code == 0
    monkeypatch.undo()
    assert [line.get("status") for line in matchcut(*asked, "--json").lines] == ["added", None]


def test_a_really_full_disk_keeps_what_was_finished(
    good: Path, footage: Footage, small_disk: Path, matchcut: Matchcut
) -> None:
    library = small_disk / "library"
    asked = ("index", good, footage.two, "-l", library, "--detector", DETECTOR)
    matchcut(*asked[:2], *asked[3:])
    ballast = fill(small_disk)
    # SQLite needs 32 kB beside the catalogue, without which nothing could be told of it.
    os.truncate(ballast, ballast.stat().st_size - 40_000)
    matchcut(*asked).refused(1, "DISK_FULL")
    ballast.unlink()
    ran = matchcut(*asked, "--json")
    assert ran.code == 0
    assert [line.get("status") for line in ran.lines] == ["added", "known", None]


def test_a_disk_without_any_room_is_said_when_the_library_is_made(
    good: Path, small_disk: Path, matchcut: Matchcut
) -> None:
    fill(small_disk)
    ran = matchcut("index", good, "-l", small_disk / "library", "--detector", DETECTOR)
    ran.refused(1, "DISK_FULL")


@pytest.mark.parametrize("ending", ["otio", "html", "csv"])
def test_an_output_that_finds_no_room_leaves_the_old_file_whole(
    ending: str, footage_library: Path, tmp_path: Path, matchcut: Matchcut, full_disk: None
) -> None:
    output = tmp_path / f"x.{ending}"
    output.write_text("the old one")
    ran = matchcut("scan", "-l", footage_library, "--top", "1", "-o", output)
    assert ran.code == 1
    assert f"DISK_FULL The disk that holds {output} is full." in ran.err
    assert "Written" not in ran.err
    assert {*tmp_path.iterdir()} == {output}
    assert output.read_text() == "the old one"


@pytest.mark.parametrize("ending", ["otio", "html", "csv"])
def test_an_output_on_a_really_full_disk_is_refused_and_leaves_nothing(
    ending: str, footage_library: Path, small_disk: Path, matchcut: Matchcut
) -> None:
    ballast = fill(small_disk)
    ran = matchcut("scan", "-l", footage_library, "-k", "1", "-o", small_disk / f"x.{ending}")
    assert ran.code == 1
    assert "DISK_FULL " in ran.err
    assert list(small_disk.iterdir()) == [ballast]


def test_an_output_that_cannot_be_written_is_refused(
    footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    for ending in ("otio", "html", "csv"):
        place = tmp_path / f"x.{ending}"
        place.mkdir()
        ran = matchcut("scan", "-l", footage_library, "--top", "1", "-o", place)
        assert ran.code == 1
        assert f"{place} cannot be written: is a directory." in ran.err


def test_what_went_to_stdout_before_an_output_failed_is_whole(
    footage_library: Path, tmp_path: Path, matchcut: Matchcut, full_disk: None
) -> None:
    ran = matchcut("scan", "-l", footage_library, "-k", "2", "--json", "-o", tmp_path / "x.csv")
    assert ran.code == 1
    assert [json.loads(line)["rank"] for line in ran.out.splitlines()] == [1, 2]


def test_a_result_of_an_impossible_name_is_refused_with_a_sentence(
    footage: Footage, footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    name = "x" * 300
    asked = ("scan", "-l", footage_library, "--flavor", "camera")
    ran = matchcut(*asked, "-o", tmp_path / f"{name}.csv")
    assert ran.code == 1
    assert "OUTPUT_UNWRITABLE" in ran.err
    matchcut(*asked, "-o", tmp_path / name / "x.csv").refused(2, "USAGE")
    marked = (
        "find",
        "-l",
        footage_library,
        "--timeline",
        footage.timeline,
        "--clip",
        "02 pan coast",
    )
    ran = matchcut(*marked, "--flavor", "camera", "-o", tmp_path / f"{name}.otio")
    assert ran.code == 1
    assert "OUTPUT_UNWRITABLE" in ran.err
    assert list(tmp_path.iterdir()) == []
