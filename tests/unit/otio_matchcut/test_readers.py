"""Each format is found, read and refused as an editor expects; the files are made here."""

from __future__ import annotations

import json
import zipfile
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import locate
from otio_matchcut.placing import placements
from otio_matchcut.readers import Wanted, reader_of, readers, suffixes
from otio_matchcut.reading import read
from otio_matchcut.writing import text_of, write
from tests.unit.otio_matchcut import build

EDL = """TITLE: reel
FCM: NON-DROP FRAME

001  A001 V     C        01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: a.mov
002  B001 V     C        02:00:00:00 02:00:01:00 01:00:02:00 01:00:03:00
* FROM CLIP NAME: b.mov
"""
ALE = (
    "Heading\nFIELD_DELIM\tTABS\nVIDEO_FORMAT\t1080\nFPS\t25\n\nColumn\nName\tStart\tEnd\n\nData\n"
    "one\t01:00:00:00\t01:00:02:00\ntwo\t02:00:00:00\t02:00:01:00\nthree\t\t\n"
)


def _refusal(path: Path, wanted: Wanted | None = None) -> TimelineError:
    with pytest.raises(TimelineError) as error:
        read(path, wanted or Wanted())
    assert error.value.sentence.endswith(".")
    assert error.value.sentence.count("\n") == 0
    assert error.value.next_step
    return error.value


def _sequence(name: str, clip: str = "") -> str:
    return (
        f"<sequence><name>{name}</name><duration>100</duration>"
        "<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>"
        f"<media><video><track>{clip}</track></video></media></sequence>"
    )


def _xmeml(*sequences: str) -> str:
    return f'<?xml version="1.0"?><xmeml version="4">{"".join(sequences)}</xmeml>'


def _clipitem(more: str = "", *, first: int = 0, frames: int = 10, length: int = 100) -> str:
    rate = "<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>"
    return (
        f"<clipitem><name>a</name>{rate}<start>0</start><end>{frames}</end>"
        f"<in>{first}</in><out>{first + frames}</out>"
        f"<file><name>a.mov</name><pathurl>file://localhost/m/a.mov</pathurl>{rate}"
        f"<duration>{length}</duration>"
        f"<timecode>{rate}<frame>90000</frame></timecode></file>{more}</clipitem>"
    )


def _remap(speed: str, *, reverse: bool = False, variable: bool = False) -> str:
    stated = {"speed": speed, "reverse": str(reverse).upper(), "variablespeed": str(int(variable))}
    parameters = "".join(
        f"<parameter><parameterid>{name}</parameterid><value>{value}</value></parameter>"
        for name, value in stated.items()
    )
    return (
        "<filter><effect><name>Time Remap</name><effectid>timeremap</effectid>"
        f"{parameters}</effect></filter>"
    )


def _shown(timeline: otio.schema.Timeline, frames: int) -> list[int]:
    base = Path("/project")
    return [
        locate(timeline, base=base, clip=None, at=str(frame)).source_frame
        for frame in range(frames)
    ]


def test_every_format_says_what_it_is_and_no_suffix_is_claimed_in_capitals() -> None:
    names = [reader.name for reader in readers()]
    assert len(set(names)) == len(names) >= 8
    for reader in readers():
        assert reader.line.endswith(".")
        assert reader.applications
        assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in reader.suffixes)
        assert not reader.sniff(b"")
    assert {".otio", ".edl", ".aaf", ".xml", ".kdenlive"} <= set(suffixes())


def test_a_timeline_with_the_wrong_suffix_is_read_by_its_content(tmp_path: Path) -> None:
    timeline = build.timeline(build.track(build.clip("a", build.span(0, 10))))
    for name in ("cut.txt", "cut.edl", "cut"):
        write(timeline, tmp_path / name)
        assert read(tmp_path / name).is_equivalent_to(timeline)


def test_a_file_of_no_known_format_is_told_which_are_known(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("cut faster")
    error = _refusal(tmp_path / "notes.txt")
    assert "in none of the formats" in error.sentence
    assert "CMX 3600 EDL (.edl)" in error.next_step


class TestOpenTimelineIO:
    def test_a_single_clip_is_a_timeline_of_that_clip(self, tmp_path: Path) -> None:
        clip = build.clip("shot", build.span(10, 20))
        (tmp_path / "shot.json").write_text(clip.to_json_string())
        timeline = read(tmp_path / "shot.json")
        [place] = placements(timeline)
        assert place.clip.is_equivalent_to(clip)
        assert (timeline.name, place.start, place.end) == ("shot", 0, Fraction(20, 24))

    def test_a_single_track_keeps_its_gaps(self, tmp_path: Path) -> None:
        track = build.track(build.gap(24), build.clip("a", build.span(0, 10)), name="V")
        (tmp_path / "t.json").write_text(track.to_json_string())
        timeline = read(tmp_path / "t.json")
        assert timeline.tracks[0].is_equivalent_to(track)
        assert placements(timeline)[0].start == 1

    def test_a_bin_of_clips_is_laid_out_in_its_order(self, tmp_path: Path) -> None:
        clips = [build.clip(name, build.span(0, 24)) for name in "ab"]
        collection = otio.schema.SerializableCollection("bin", children=clips)
        (tmp_path / "bin.otio").write_text(collection.to_json_string())
        placed = placements(read(tmp_path / "bin.otio"))
        assert [(place.clip.name, place.start) for place in placed] == [("a", 0), ("b", 1)]

    def test_of_a_bin_of_timelines_one_must_be_named(self, tmp_path: Path) -> None:
        timelines = [build.timeline(name=name) for name in ("reel 1", "reel 2", "reel 2")]
        collection = otio.schema.SerializableCollection("bin", children=timelines)
        path = tmp_path / "bin.otio"
        path.write_text(collection.to_json_string())
        assert "'reel 1', 'reel 2'" in _refusal(path).sentence
        assert _refusal(path).reason == "QUERY_INVALID"
        assert read(path, Wanted(sequence="reel 1")).name == "reel 1"
        assert "no timeline named 'reel 3'" in _refusal(path, Wanted(sequence="reel 3")).sentence
        assert "2 timelines named 'reel 2'" in _refusal(path, Wanted(sequence="reel 2")).sentence

    def test_an_empty_bin_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "bin.otio").write_text(otio.schema.SerializableCollection().to_json_string())
        assert "a collection (a bin)" in _refusal(tmp_path / "bin.otio").sentence


class TestBundles:
    def _text(self, url: str) -> str:
        clip = build.clip("a", build.span(0, 10), build.span(0, 50), url=url)
        return text_of(build.timeline(build.track(clip)))

    def test_media_in_a_zipped_bundle_is_named_inside_of_it(self, tmp_path: Path) -> None:
        path = tmp_path / "cut.otioz"
        with zipfile.ZipFile(path, "w") as bundle:
            bundle.writestr("content.otio", self._text("media/a.mov"))
            bundle.writestr("media/a.mov", b"film")
        shot = locate(read(path), base=tmp_path, clip="a", at=None)
        assert shot.media == path / "media" / "a.mov"
        assert not shot.media.exists()

    def test_media_in_a_folder_bundle_is_used_where_it_lies(self, tmp_path: Path) -> None:
        path = tmp_path / "cut.otiod"
        (path / "media").mkdir(parents=True)
        (path / "media" / "a.mov").write_bytes(b"film")
        (path / "content.otio").write_text(self._text("media/a.mov"))
        assert locate(read(path), base=tmp_path, clip="a", at=None).media.read_bytes() == b"film"

    def test_media_outside_of_a_bundle_stays_where_it_is(self, tmp_path: Path) -> None:
        path = tmp_path / "cut.otiod"
        path.mkdir()
        (path / "content.otio").write_text(self._text("file:///m/a.mov"))
        assert locate(read(path), base=tmp_path, clip="a", at=None).media == Path("/m/a.mov")

    def test_a_bundle_without_a_timeline_or_cut_short_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "cut.otioz"
        with zipfile.ZipFile(path, "w") as bundle:
            bundle.writestr("media/a.mov", b"film" * 100)
        assert "without content.otio" in _refusal(path).sentence
        path.write_bytes(path.read_bytes()[:-30])
        assert "not whole" in _refusal(path).sentence
        (tmp_path / "empty.otiod").mkdir()
        assert _refusal(tmp_path / "empty.otiod").reason == "TIMELINE_MISSING"


class TestEdl:
    def test_without_a_rate_it_is_asked_for(self, tmp_path: Path) -> None:
        path = tmp_path / "reel.edl"
        path.write_text(EDL)
        error = _refusal(path)
        assert (error.reason, "--rate" in error.next_step) == ("QUERY_INVALID", True)

    def test_its_clips_are_at_the_timecodes_it_states(self, tmp_path: Path) -> None:
        path = tmp_path / "reel.edl"
        path.write_bytes(EDL.encode() + b"* caf\xe9\n")
        timeline = read(path, Wanted(Fraction(25)))
        shot = locate(timeline, base=tmp_path, clip=None, at="01:00:02:05")
        assert (shot.clip_name, shot.source_timecode_frame) == ("b.mov", 2 * 3600 * 25 + 5)
        assert shot.media == tmp_path / "b.mov"

    def test_at_a_rate_that_it_does_not_count_at_it_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "reel.edl"
        path.write_text(EDL.replace("01:00:02:00", "01:00:01:29"))
        assert "beyond 23" in _refusal(path, Wanted(Fraction(24))).sentence


class TestFinalCutPro7:
    def _read(self, tmp_path: Path, *sequences: str) -> otio.schema.Timeline:
        (tmp_path / "cut.xml").write_text(_xmeml(*sequences))
        return read(tmp_path / "cut.xml")

    def test_source_times_are_those_of_the_files_timecode(self, tmp_path: Path) -> None:
        timeline = self._read(tmp_path, _sequence("s", _clipitem(first=7)))
        shot = locate(timeline, base=tmp_path, clip=None, at="0")
        assert (shot.media, shot.source_frame) == (Path("/m/a.mov"), 7)
        assert shot.source_timecode_frame == 90007

    def test_what_is_switched_off_is_not_seen(self, tmp_path: Path) -> None:
        timeline = self._read(tmp_path, _sequence("s", _clipitem("<enabled>FALSE</enabled>")))
        assert [place.enabled for place in placements(timeline)] == [False]
        track = _clipitem() + "<enabled>FALSE</enabled>"
        assert not placements(self._read(tmp_path, _sequence("s", track)))[0].enabled

    def test_at_double_speed_in_points_count_frames_as_they_play(self, tmp_path: Path) -> None:
        item = _clipitem(_remap("200"), first=5, frames=4)
        assert _shown(self._read(tmp_path, _sequence("s", item)), 4) == [10, 12, 14, 16]

    def test_in_reverse_frame_0_is_the_last_of_the_media(self, tmp_path: Path) -> None:
        item = _clipitem(_remap("100", reverse=True), first=5, frames=4)
        assert _shown(self._read(tmp_path, _sequence("s", item)), 4) == [94, 93, 92, 91]

    def test_a_frame_held_of_a_still_is_that_frame(self, tmp_path: Path) -> None:
        item = _clipitem(_remap("0.25"), first=326_400 // 100, frames=4)
        assert _shown(self._read(tmp_path, _sequence("s", item)), 4) == [8, 8, 8, 8]

    @pytest.mark.parametrize("remap", [_remap("100", variable=True), _remap("0"), _remap("x")])
    def test_a_retime_of_unknown_course_is_noted(self, tmp_path: Path, remap: str) -> None:
        timeline = self._read(tmp_path, _sequence("s", _clipitem(remap)))
        assert "unknown course" in locate(timeline, base=tmp_path, clip="a", at=None).notes[0]

    def test_of_several_sequences_one_must_be_named(self, tmp_path: Path) -> None:
        path = tmp_path / "cut.xml"
        path.write_text(_xmeml(_sequence("one"), _sequence("two", _clipitem())))
        assert "2 timelines: 'one', 'two'" in _refusal(path).sentence
        assert len(placements(read(path, Wanted(sequence="two")))) == 1

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            ("<filter/>", "no timeline of a kind"),
            ("<xmeml/>", "holds no sequence"),
            ("<xmeml><sequence>", "no element found|is incomplete"),
            (_xmeml(_sequence("s", "<clipitem/>")), "is incomplete"),
        ],
    )
    def test_what_is_no_sequence_is_refused(self, tmp_path: Path, content: str, why: str) -> None:
        (tmp_path / "cut.xml").write_text(content)
        with pytest.raises(TimelineError, match=why):
            read(tmp_path / "cut.xml")


class TestAvidLogExchange:
    def test_a_log_is_its_clips_one_after_the_other(self, tmp_path: Path) -> None:
        (tmp_path / "bin.ale").write_text(ALE)
        placed = placements(read(tmp_path / "bin.ale"))
        assert [(one.clip.name, one.start, one.end) for one in placed] == [
            ("one", 0, 2),
            ("two", 2, 3),
        ]

    def test_a_log_whose_clips_have_no_times_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "bin.ale").write_text(ALE.replace("01:00:00:00", "").replace("02:00:00:00", ""))
        assert "states a start and an end" in _refusal(tmp_path / "bin.ale").sentence

    def test_a_broken_log_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "bin.ale").write_text(ALE.replace("01:00:02:00", "noon"))
        _refusal(tmp_path / "bin.ale")


def test_what_is_no_aaf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cut.aaf").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert _refusal(tmp_path / "cut.aaf").reason == "TIMELINE_UNREADABLE"
    assert _refusal(tmp_path / "none.aaf").reason == "TIMELINE_MISSING"


def test_what_is_no_xges_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cut.xges").write_text("<ges><project/></ges>")
    assert _refusal(tmp_path / "cut.xges").reason == "TIMELINE_UNREADABLE"


def test_what_an_adapter_makes_survives_being_written(tmp_path: Path) -> None:
    (tmp_path / "cut.xml").write_text(_xmeml(_sequence("s", _clipitem(_remap("66.67")))))
    timeline = read(tmp_path / "cut.xml")
    write(timeline, tmp_path / "cut.otio")
    assert read(tmp_path / "cut.otio").is_equivalent_to(timeline)
    assert json.loads(text_of(timeline))["OTIO_SCHEMA"] == "Timeline.1"


def test_nothing_that_an_adapter_prints_or_logs_reaches_the_user(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cut.xml").write_text(_xmeml(_sequence("s", _clipitem())))
    read(tmp_path / "cut.xml")
    assert reader_of(tmp_path / "cut.xml").name == "Final Cut Pro 7 XML"
    assert capfd.readouterr() == ("", "")
