"""What Final Cut Pro itself wrote, read: expectations by hand from the XML, and plain arithmetic.

The files are third-party and no part of the project; without them these tests are skipped.
Frames by hand: a time of the XML times the rate, such as 107089700/2500 s * 25 = 1070897.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import opentimelineio as otio
import pytest
from opentimelineio.schema import Clip, ExternalReference, Transition

from otio_matchcut import clock
from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import locate
from otio_matchcut.placing import placements, record_length, speed_of
from otio_matchcut.sources import source_clock
from tests.unit.otio_matchcut.readers.final_cut import FOLDER, marked, marks, rate_of, read, seen

EXPORTS = FOLDER / "fcp_exports"
ALL = sorted([*FOLDER.rglob("*.fcpxml"), *FOLDER.rglob("*.fcpxmld")])
REFUSED = {
    "fcpx_clips.fcpxml": "holds no project",
    "fcpx_event.fcpxml": "holds 2 timelines: 'OpenTimeline_Project', 'OpenTimeline_Project 1'",
    "fcpx_example.fcpxml": "holds 2 timelines: 'OpenTimeline_Project', 'OpenTimeline_Project 1'",
    "Timeline 1.fcpxml": "states no frame rate: its format 'r0'",
}
READ = [path for path in ALL if path.name not in REFUSED]
MAIN = "Primary storyline"

pytestmark = pytest.mark.skipif(
    not ALL, reason="there are no exports of Final Cut in ../shared/assets/timelines"
)
each = pytest.mark.parametrize("path", READ, ids=lambda path: path.name)


@pytest.mark.parametrize("path", [path for path in ALL if path not in READ], ids=lambda p: p.name)
def test_a_file_without_one_clear_project_is_refused_in_a_sentence(path: Path) -> None:
    with pytest.raises(TimelineError) as error:
        read(path)
    assert REFUSED[path.name] in error.value.sentence


@pytest.mark.parametrize("name", ["fcpx_event.fcpxml", "fcpx_example.fcpxml"])
@pytest.mark.parametrize("project", ["OpenTimeline_Project", "OpenTimeline_Project 1"])
def test_either_project_of_an_event_is_read_by_its_name(name: str, project: str) -> None:
    timeline = read(FOLDER / "fcpx_adapter" / name, sequence=project)
    assert timeline.name == project
    assert len(seen(timeline)) > 10


def test_25_in_24_plays_frame_for_frame() -> None:
    timeline = read(EXPORTS / "24With25Media.fcpxml")
    assert timeline.global_start_time.value == 86_400
    assert seen(timeline) == [
        (MAIN, "TestVideo", 240, 294, 684, 738),
        (MAIN, "TestVideo2", 360, 3911, 0, 3551),
    ]
    assert [marked(clip) for clip in timeline.find_clips()] == [
        [("keyword1", 0), ("keyword2", 395), ("Marker 1", 685)],
        [("Marker 2", 2753), ("Marker 3", 3210)],
    ]


def test_disabled_clips_stand_where_they_were_and_are_off() -> None:
    timeline = read(EXPORTS / "DisabledClips.fcpxml")
    assert seen(timeline) == [
        (MAIN, "Basic Title", 0, 241, 86_400, 86_641),
        (MAIN, "TestVideo", 482, 10_460, 0, 9978),
    ]
    assert seen(timeline, enabled=False) == [
        (MAIN, "Basic Title 2", 241, 482, 86_400, 86_641),
        (MAIN, "TestVideo", 10_460, 20_438, 0, 9978),
    ]


def test_compound_clips_are_nested_as_deep_as_they_are() -> None:
    timeline = read(EXPORTS / "CompoundClips.fcpxml")
    assert timeline.global_start_time.value == 90_000
    assert seen(timeline) == [
        (MAIN, "Basic Title", 0, 251, 90_000, 90_251),
        (MAIN, "Clouds", 251, 501, 90_000, 90_250),
        (MAIN, "Basic Title", 501, 752, 90_000, 90_251),
    ]
    first, second = timeline.video_tracks()[0]
    assert marked(first) == [("Marker On Title Compound Clip in Main Timeline", 100)]
    assert marked(second) == [("Marker On Clouds Compound Clip in Main Timeline", 374)]
    inner = second[0][1]
    assert marked(inner) == [("Marker on Title Compound Clip Within Clouds Compound Clip", 150)]


def test_the_active_angle_of_a_multicam_clip_is_the_one_that_is_seen() -> None:
    timeline = read(EXPORTS / "MulticamMarkers.fcpxml")
    assert timeline.global_start_time.value == 86_400
    # Angle D shows Cam 4 from its frame 101 on, B shows Cam 2 from 125 on.
    assert seen(timeline) == [
        (MAIN, "Cam 4", 0, 960, 241 - 101, 1201 - 101),
        (MAIN, "Cam 2", 960, 1200, 313 - 125, 553 - 125),
    ]
    assert [marked(item) for item in timeline.video_tracks()[0]] == [
        [("Marker on Multicam Clip 1", 274)],
        [("Marker on Multicam Clip 2", 417)],
    ]


def test_a_synchronized_clip_keeps_its_picture_its_sound_and_all_their_markers() -> None:
    timeline = read(EXPORTS / "SyncClip.fcpxml")
    assert seen(timeline) == [(MAIN, "TestVideo", 0, 738, 0, 738)]
    assert marks(timeline) == {
        "TestVideo - Synchronized Clip": [("Marker on Sync Clip", 250)],
        "TestVideo": [("keyword1", 0), ("keyword2", 395), ("Marker on TestVideo", 685)],
        "TestAudio": [("Marker on Audio", 3 * 22_050)],
    }


def test_the_picked_clip_of_an_audition_is_the_one_that_is_seen() -> None:
    timeline = read(EXPORTS / "AuditionMarkers.fcpxml")
    assert timeline.global_start_time.value == 108_000
    assert seen(timeline) == [(MAIN, "Basic Title 1", 0, 300, 108_000, 108_300)]
    assert marks(timeline) == {"Basic Title 1": [("Marker 1", 108_150)]}


def test_transitions_lie_over_cuts_and_their_markers_on_the_track() -> None:
    timeline = read(EXPORTS / "TransitionMarkers1.fcpxml")
    (track,) = timeline.tracks
    crossings = [child for child in track if isinstance(child, Transition)]
    assert [(one.in_offset.value, one.out_offset.value) for one in crossings] == [
        *((0, 24), (12, 12), (12, 12), (24, 0))
    ]
    assert [child.name for child in track] == [
        *("Cross Dissolve", "Basic Title 1", "Cross Dissolve", "Basic Title 2"),
        *("Cross Dissolve", "Basic Title 3", "Cross Dissolve"),
    ]
    assert marked(track) == [
        *(("Marker 1", 0), ("Marker 2", 12), ("Marker 4", 228), ("Marker 5", 240)),
        *(("Marker 7", 468), ("Marker 8", 480), ("Marker 10", 696), ("Marker 11", 708)),
    ]


def test_titles_over_and_sound_under_two_long_clips() -> None:
    timeline = read(EXPORTS / "Complex.fcpxml")
    assert seen(timeline) == [
        (MAIN, "Nature Makes You Happy", 0, 3551, 0, 3551),
        (MAIN, "Is This The Land of Fire or Ice", 3551, 8696, 0, 5145),
        (MAIN, "Clouds", 8696, 11_199, 90_000, 92_503),
        ("Lane 1", "Basic Title - Basic Title", 4740, 5170, 90_000, 90_430),
        ("Lane 1", "Basic Title 2 - Basic Title", 5308, 5617, 90_000, 90_309),
    ]
    found = marks(timeline)
    assert found["Nature Makes You Happy"] == [
        *(("(To-Do) Penguin", 516), ("(Standard) Flamingo Bird", 630), ("Chapter 1", 898)),
        *(("(To-Do) Red Crabs", 1375), ("(To-Do) Giraffe", 1945), ("(Standard) Mountains", 2616)),
        ("(Completed) Frog Jump", 2927),
    ]
    nature = timeline.video_tracks()[0][0]
    assert [(mark.color, mark.comment) for mark in nature.markers][:3] == [
        *(("RED", "Note Test 1"), ("BLUE", "Colour Fix"), ("ORANGE", "Note Test 2"))
    ]
    assert nature.markers[-1].color == "GREEN"
    sound = [clip for track in timeline.audio_tracks() for clip in track.find_clips()]
    assert [clip.source_range.start_time.value for clip in sound] == [
        0,
        pytest.approx(24_982_556 / 720_000 * 44_100),
    ]
    # It is connected 67929201/720000 s into the second clip, between two frames.
    second = timeline.audio_tracks()[1][0].source_range.duration.value
    assert second == pytest.approx(3551 + 67_929_201 / 720_000 * 25)


def test_lanes_of_synchronized_clips_lie_where_their_own_clock_says() -> None:
    timeline = read(EXPORTS / "Occlusion3.fcpxml")
    assert timeline.global_start_time.value == 3590 * 25
    assert seen(timeline) == [
        (MAIN, "Basic Title", 0, 126, 90_000, 90_126),
        (MAIN, "B003C008_200304_RO6B", 126, 209, 1_070_897, 1_070_980),
        (MAIN, "1-X-1", 209, 266, 1_792_413, 1_792_470),
        ("Lane 1", "TestVideo", 126, 209, 1_070_897, 1_070_980),
        (MAIN, "1-2-2 MOS", 209, 266, 1_738_533, 1_738_590),
        ("Lane 2", "VFX - Add SFX", 126, 209, 89_120, 89_203),
        ("Lane 2", "TestAudio2", 209, 266, 1_738_533, 1_738_590),
        ("Lane 3", "VFX - Set extension", 209, 266, 89_165, 89_222),
        ("Lane 4", "Watermark", 0, 8436, 90_000, 98_436),
    ]
    assert [clip.name for track in timeline.audio_tracks() for clip in track.find_clips()] == [
        *("TempMusic", "Intro", "TestAudio", "Helicopter Land Close And Wind Down")
    ]
    (music,) = (clip for clip in timeline.find_clips() if clip.name == "TempMusic")
    assert not music.enabled


def test_drop_frame_storylines_and_speeds_are_right_to_the_frame() -> None:
    timeline = read(EXPORTS / "29.97d.fcpxml")
    assert timeline.metadata["fcpxml"]["tcFormat"] == "DF"
    found = seen(timeline)
    assert [entry for entry in found if entry[0] == "Lane 1"] == [
        ("Lane 1", "TestVideo", 442, 448, 1689, 1695),
        ("Lane 1", "TestVideo", 448, 457, 1700, 1709),
        ("Lane 1", "TestVideo", 457, 466, 1719, 1728),
        ("Lane 1", "TestVideo", 466, 474, 1738, 1746),
    ]
    assert found[:3] == [
        (MAIN, "TestVideo", 0, 103, 0, 103),
        (MAIN, "TestVideo", 103, 209, 214, 320),
        (MAIN, "TestVideo", 209, 317, 452, 560),
    ]
    # The map leads 4436211/90000 s of the clip to 9168210/90000 s of the film; 427683/30000 s is
    # 882.9991 frames in: the clip begins with 883, as times are rounded to 1/30000 s.
    speed = Fraction(9_168_210, 4_436_211)
    start = Fraction(427_683, 30_000) * speed * Fraction(30_000, 1001)
    assert round(start) == 883
    assert found[3] == (MAIN, "TestVideo", 317, 417, 883, -(-(start + 100 * speed) // 1))


def test_23_98_in_59_94_is_connected_in_the_clock_that_final_cut_wrote() -> None:
    timeline = read(EXPORTS / "59.94.fcpxml")
    # The clip that it is connected to begins at 75909834/360000 s, which is frame 12639. In the
    # clip's clock it is 23349128803/60000000 - 11461639189/30000000 s away: 425 * 1.001 frames.
    away = Fraction(23_349_128_803, 60_000_000) - Fraction(11_461_639_189, 30_000_000)
    assert away == 425 * Fraction(1001, 60_000) * Fraction(1001, 1000)
    assert (13_064, 13_989) in [entry[2:4] for entry in seen(timeline) if entry[0] == "Lane 1"]


@pytest.mark.parametrize(
    ("name", "at", "clip", "frame"),
    [
        # Under a title and a watermark, one frame into the clip of lane 2: its film begins at
        # 890123264/12800 s, the clip at 22253222400/320000 s of it.
        ("Occlusion3", "00:59:58:10", "TestAudio2", 1_738_533 + 1 - 1_738_522),
        ("24With25Media", "01:00:10:10", "TestVideo", 684 + 10),
        ("MulticamMarkers", "01:00:40:00", "Cam 2", 188),
        ("CompoundClips", "01:00:00:00", None, 0),
    ],
)
def test_the_shot_at_the_playhead_is_the_one_that_final_cut_shows(
    name: str, at: str, clip: str | None, frame: int
) -> None:
    timeline = read(EXPORTS / f"{name}.fcpxml")
    if clip is None:
        with pytest.raises(TimelineError, match="generator"):
            locate(timeline, base=Path("/"), clip=None, at=at)
    else:
        shot = locate(timeline, base=Path("/"), clip=None, at=at)
        assert (shot.clip_name, shot.source_frame) == (clip, frame)


@each
def test_the_storyline_is_as_long_as_the_project_says(path: Path) -> None:
    timeline = read(path)
    sequence = _sequence(path)
    # Sound of a film may end between two samples, which floats hold to a billionth of a second.
    assert abs(record_length(timeline) - _time(sequence, "duration")) < Fraction(1, 10**9)


@each
def test_every_element_of_the_storyline_begins_where_it_says(path: Path) -> None:
    timeline = read(path)
    rate = rate_of(timeline)
    origin = _time(_sequence(path), "tcStart")
    track = next(track for track in timeline.tracks if track.name == MAIN)
    written = [entry for entry in _sequence(path).find("spine") if entry.tag != "transition"]
    items = [child for child in track if isinstance(child, otio.core.Item)]
    assert len(items) == len(written)
    for item, entry in zip(items, written, strict=True):
        start = clock.exact_value(
            item.range_in_parent().start_time.rescaled_to(clock.to_float(rate)).value
        )
        assert start / rate == pytest.approx(_time(entry, "offset") - origin, abs=1e-6)


@each
def test_final_cut_never_has_two_pictures_in_one_lane_at_one_time(path: Path) -> None:
    names = [track.name for track in read(path).video_tracks()]
    assert len(set(names)) == len(names)


@each
def test_no_clip_uses_what_its_file_does_not_have(path: Path) -> None:
    for place in placements(read(path)):
        media = place.clip.media_reference
        if not isinstance(media, ExternalReference) or media.available_range is None:
            continue
        source = source_clock(place.clip)
        first = clock.exact_value(media.available_range.start_time.value)
        count = clock.exact_value(media.available_range.duration.value)
        used = source.start + source.length * abs(source.speed) * source.rate
        # Final Cut states the length of a film in thousandths of a second.
        assert first <= source.start < used <= first + count + Fraction(1, 10)


@each
def test_markers_of_the_storyline_stand_where_their_clips_clock_says(path: Path) -> None:
    """Where they are seen, by the XML alone: offset + (marker's start - clip's start) / pace."""
    timeline = read(path)
    track = next(track for track in timeline.tracks if track.name == MAIN)
    written = [entry for entry in _sequence(path).find("spine") if entry.tag != "transition"]
    compared = 0
    items = [child for child in track if isinstance(child, otio.core.Item)]
    for item, entry in zip(items, written, strict=True):
        shown = entry[0] if entry.tag == "audition" else entry
        own = [child for child in shown if child.tag in ("marker", "chapter-marker", "keyword")]
        assert [mark.name for mark in item.markers] == [child.get("value") for child in own]
        speed = speed_of(item)
        conform = shown.find("conform-rate")
        scaled = conform is not None and conform.get("scaleEnabled") != "0"
        for mark, child in zip(item.markers, own, strict=True):
            into = _time(child, "start") - _time(shown, "start")
            if scaled:
                into /= speed
            source = clock.seconds(mark.marked_range.start_time) - clock.seconds(
                item.source_range.start_time
            )
            assert source / speed == pytest.approx(into, abs=1e-4)
            compared += 1
    assert compared == sum(len(item.markers) for item in items)


def test_every_marker_of_every_export_is_somewhere() -> None:
    for path in READ:
        if path.parent.name == "fcp_exports":
            timeline = read(path)
            found = {
                marker.name
                for item in [timeline.tracks, *timeline.tracks.find_children()]
                for marker in getattr(item, "markers", ())
            }
            written = {
                child.get("value")
                for tag in ("marker", "chapter-marker")
                for child in _seen_in(path, tag)
            }
            assert written <= found, path.name


def _seen_in(path: Path, tag: str) -> list[Element]:
    """Markers of the project, without those of clips that an audition passes over."""
    sequence = _sequence(path)
    passed = [other for audition in sequence.iter("audition") for other in list(audition)[1:]]
    hidden = {id(child) for other in passed for child in other.iter(tag)}
    return [child for child in sequence.iter(tag) if id(child) not in hidden]


def _sequence(path: Path) -> Element:
    found = ElementTree.parse(path).find(".//project/sequence")
    assert found is not None
    return found


def _time(element: Element, name: str) -> Fraction:
    return Fraction(element.get(name, "0s").removesuffix("s"))


def test_media_has_the_address_of_its_original_file() -> None:
    timeline = read(EXPORTS / "Occlusion3.fcpxml")
    (clip,) = (c for c in timeline.find_clips() if c.name == "B003C008_200304_RO6B")
    assert isinstance(clip, Clip)
    assert clip.media_reference.target_url == "file:///Users/user/Movies/B003C008_200304_RO6B.mov"
