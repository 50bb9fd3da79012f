"""Final Cut's XML, element by element, in small documents."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from opentimelineio.schema import (
    Clip,
    ExternalReference,
    FreezeFrame,
    LinearTimeWarp,
    Stack,
    TimeEffect,
    Track,
)

from otio_matchcut.errors import TimelineError
from otio_matchcut.placing import unknown_retimes
from otio_matchcut.reading import read as read_any
from otio_matchcut.urls import path_of
from tests.unit.otio_matchcut.readers.final_cut import (
    document,
    made,
    marked,
    marks,
    only_clip,
    read,
    seen,
)

MAIN = "Primary storyline"


def refused(folder: Path, text: str | bytes) -> str:
    path = folder / "cut.fcpxml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(TimelineError) as error:
        read(path)
    assert error.value.reason in ("TIMELINE_UNREADABLE", "QUERY_INVALID")
    assert error.value.next_step.endswith(".")
    return error.value.sentence


def test_a_clip_of_the_storyline_keeps_its_place_its_media_and_its_address(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<gap duration="2s" offset="3600s" start="3600s"/>'
        '<asset-clip ref="r2" name="a" offset="3602s" start="36010s" duration="4s"/>',
    )
    assert seen(timeline) == [(MAIN, "a", 50, 150, 900_250, 900_350)]
    assert timeline.global_start_time.value == 90_000
    reference = only_clip(timeline, "a").media_reference
    assert isinstance(reference, ExternalReference)
    assert path_of(reference.target_url, tmp_path) == Path("/media/film #1.mov")
    assert reference.available_range.start_time.value == 900_000
    assert reference.available_range.duration.value == 2500


def test_every_way_of_reading_a_timeline_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "cut.xml"
    path.write_text(document('<gap duration="2s"/>'))
    assert read_any(path).name == "cut"


def test_a_bundle_is_read_as_the_document_inside(tmp_path: Path) -> None:
    bundle = tmp_path / "cut.fcpxmld"
    bundle.mkdir()
    (bundle / "Info.fcpxml").write_text(document('<asset-clip ref="r2" name="a" duration="1s"/>'))
    assert len(seen(read(bundle))) == 1


def test_without_offsets_clips_follow_each_other(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<asset-clip ref="r2" name="a" start="36001s" duration="1s"/>'
        '<asset-clip ref="r2" name="b" start="36005s" duration="3s"/>',
    )
    assert [(entry[1], *entry[2:4]) for entry in seen(timeline)] == [("a", 0, 25), ("b", 25, 100)]


def test_a_hole_between_offsets_is_black(tmp_path: Path) -> None:
    timeline = made(tmp_path, '<asset-clip ref="r2" name="a" offset="3602s" duration="1s"/>')
    assert seen(timeline)[0][2:4] == (50, 75)


def test_connected_clips_stand_above_and_below_where_their_parents_clock_says(
    tmp_path: Path,
) -> None:
    timeline = made(
        tmp_path,
        '<asset-clip ref="r2" name="main" offset="3600s" start="36010s" duration="4s">'
        '<asset-clip ref="r2" name="two" lane="2" offset="36011s" start="36020s" duration="1s"/>'
        '<asset-clip ref="r2" name="one" lane="1" offset="36012s" start="36030s" duration="9s">'
        '<asset-clip ref="r2" name="under one" lane="-1" offset="36031s" duration="1s"/>'
        "</asset-clip>"
        '<asset-clip ref="r2" name="under" lane="-1" offset="36013s" duration="1s"/>'
        "</asset-clip>",
    )
    assert [entry[:4] for entry in seen(timeline)] == [
        ("Lane -1", "under", 75, 100),
        (MAIN, "main", 0, 100),
        ("Lane 1, -1", "under one", 75, 100),
        ("Lane 1", "one", 50, 275),
        ("Lane 2", "two", 25, 50),
    ]


def test_two_connected_clips_of_one_lane_at_one_time_get_a_track_each(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<gap duration="9s" start="0s">'
        '<asset-clip ref="r2" name="a" lane="1" offset="0s" duration="3s"/>'
        '<asset-clip ref="r2" name="b" lane="1" offset="1s" duration="3s"/>'
        '<asset-clip ref="r2" name="c" lane="1" offset="3s" duration="3s"/></gap>',
    )
    names = [[clip.name for clip in track.find_clips()] for track in timeline.video_tracks()]
    assert names == [[], ["a", "c"], ["b"]]


def test_a_connected_storyline_has_a_clock_of_its_own(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<gap duration="9s" start="3600s"><spine lane="1" offset="3602s">'
        '<asset-clip ref="r2" name="a" offset="0s" duration="1s"/>'
        '<asset-clip ref="r2" name="b" offset="1s" duration="1s"/></spine></gap>',
    )
    assert [entry[:4] for entry in seen(timeline)] == [
        ("Lane 1", "a", 50, 75),
        ("Lane 1", "b", 75, 100),
    ]


def test_a_transition_lies_over_its_cut_and_takes_no_time(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<gap duration="4s" start="0s"><spine lane="1" offset="1s">'
        '<asset-clip ref="r2" name="a" offset="0s" duration="1s"/>'
        '<transition name="Cross Dissolve" offset="4/5s" duration="2/5s"/>'
        '<asset-clip ref="r2" name="b" offset="1s" duration="1s"/>'
        '<transition name="Wipe" offset="9/5s" duration="1/5s"/>'
        '</spine><asset-clip ref="r2" name="c" lane="1" offset="7/2s" duration="1/2s"/></gap>',
    )
    track = timeline.video_tracks()[1]
    assert [type(child).__name__ for child in track] == [
        *("Gap", "Clip", "Transition", "Clip", "Transition", "Gap", "Clip")
    ]
    first, last = track[2], track[4]
    assert (first.in_offset.value, first.out_offset.value) == (5, 5)
    assert (last.in_offset.value, last.out_offset.value) == (5, 0)
    assert [entry[2:4] for entry in seen(timeline)] == [(25, 50), (50, 75), (87, 100)]


@pytest.mark.parametrize(
    ("media", "project", "at_once"),
    [
        ("24", "1/25s", Fraction(25, 24)),
        ("25", "1/24s", Fraction(24, 25)),
        ("23.98", "1/24s", Fraction(1001, 1000)),
        ("23.98", "1/25s", Fraction(1001, 960)),
        ("29.97", "1/30s", Fraction(1001, 1000)),
        ("60", "1001/60000s", Fraction(1000, 1001)),
        ("50", "1/24s", Fraction(24, 25)),
        ("23.98", "1001/60000s", Fraction(1001, 1000)),
    ],
)
def test_a_conformed_rate_plays_the_media_faster_or_slower(
    media: str, project: str, at_once: Fraction, tmp_path: Path
) -> None:
    timeline = made(
        tmp_path,
        '<asset-clip ref="r2" name="a" start="36010s" duration="10s">'
        f'<conform-rate srcFrameRate="{media}"/></asset-clip>',
        frame=project,
    )
    (warp,) = only_clip(timeline, "a").effects
    assert isinstance(warp, LinearTimeWarp)
    assert Fraction(warp.metadata["fcpxml"]["speed"]) == at_once


def test_where_conforming_is_off_the_media_plays_in_real_time(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<asset-clip ref="r2" name="a" start="36010s" duration="10s">'
        '<conform-rate scaleEnabled="0" srcFrameRate="25"/></asset-clip>',
        frame="1/24s",
    )
    assert not only_clip(timeline, "a").effects
    assert seen(timeline) == [(MAIN, "a", 0, 240, 900_250, 900_500)]


def test_what_is_connected_to_a_conformed_clip_follows_its_clock(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        # Played at 24, 50 frames of the film from its start on are 50 of the project.
        '<asset-clip ref="r2" name="a" start="36010s" duration="10s">'
        '<conform-rate srcFrameRate="25"/>'
        '<asset-clip ref="r2" name="b" lane="1" offset="36012s" duration="1s"/></asset-clip>',
        frame="1/24s",
    )
    assert seen(timeline)[1][:4] == ("Lane 1", "b", 50, 74)


def test_a_conform_that_apple_does_not_list_is_said_and_not_guessed(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<asset-clip ref="r2" name="a" duration="10s">'
        '<conform-rate srcFrameRate="24"/></asset-clip>',
        frame="1001/60000s",
    )
    assert unknown_retimes(only_clip(timeline, "a")) == ("rate conform from 24 to 59.94",)


def timed(points: str, *, start: str = "36000s", duration: str = "4s", interp: str = "") -> str:
    marks = "".join(
        f'<timept time="{time}s" value="{value}s"{interp}/>'
        for time, value in (point.split("=") for point in points.split())
    )
    return (
        f'<asset-clip ref="r2" name="a" start="{start}" duration="{duration}">'
        f"<timeMap>{marks}</timeMap>"
        '<marker start="36001s" duration="1/25s" value="m"/></asset-clip>'
    )


def test_a_constant_speed_is_exact_and_moves_markers_with_it(tmp_path: Path) -> None:
    timeline = made(tmp_path, timed("36000=36000 36050=36100", start="36001s"))
    assert seen(timeline) == [(MAIN, "a", 0, 100, 900_050, 900_250)]
    assert marks(timeline) == {"a": [("m", 900_050)]}
    assert isinstance(only_clip(timeline, "a").effects[0], LinearTimeWarp)


def test_backwards_the_frames_are_those_of_the_forward_clip(tmp_path: Path) -> None:
    timeline = made(tmp_path, timed("36000=36100 36100=36000", start="36010s"))
    # From local 10 s on, the media runs from 90 s down to 86 s.
    assert seen(timeline) == [(MAIN, "a", 0, 100, 900_000 + 2150, 900_000 + 2250)]
    assert only_clip(timeline, "a").effects[0].time_scalar == -1


def test_a_held_frame_is_a_freeze_frame(tmp_path: Path) -> None:
    timeline = made(tmp_path, timed("36000=36020 36100=36020"))
    assert seen(timeline) == [(MAIN, "a", 0, 100, 900_500, 900_501)]
    assert isinstance(only_clip(timeline, "a").effects[0], FreezeFrame)


@pytest.mark.parametrize(
    ("points", "interp", "known"),
    [
        ("36000=36000 36010=36005 36020=36025", ' interp="linear"', True),
        ("36000=36000 36010=36005 36020=36025", "", False),
        ("36000=36000 36010=36020 36020=36040", "", True),
        ("36000=36000 36002=36005 36020=36025", ' interp="linear"', False),
        ("36000=36007", "", True),
    ],
)
def test_a_speed_that_changes_where_the_clip_plays_is_said_and_not_guessed(
    points: str, interp: str, known: bool, tmp_path: Path
) -> None:
    (effect,) = only_clip(made(tmp_path, timed(points, interp=interp)), "a").effects
    assert isinstance(effect, LinearTimeWarp) is known
    assert isinstance(effect, TimeEffect)


def test_a_clip_of_one_picture_is_that_picture(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<clip name="a" start="36002s" duration="1s" offset="3600s">'
        '<video ref="r2" offset="36000s" start="36010s" duration="50s">'
        '<audio ref="r2" lane="-1" offset="36010s" start="36010s" duration="50s"/></video>'
        '<marker start="36002s" duration="1/25s" value="m" note="why" completed="1"/></clip>',
    )
    assert seen(timeline) == [(MAIN, "a", 0, 25, 900_300, 900_325)]
    (marker,) = only_clip(timeline, "a").markers
    assert (marker.name, marker.comment, marker.color) == ("m", "why", "GREEN")
    assert marker.marked_range.start_time.value == 900_300
    assert dict(marker.metadata["fcpxml"]) == {"element": "marker", "completed": "1"}


def test_a_clip_of_two_pictures_is_a_nested_stack(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<clip name="a" start="36002s" duration="3s">'
        '<video ref="r2" name="low" offset="36000s" start="36010s" duration="50s">'
        '<video ref="r2" name="high" lane="1" offset="36013s" start="36040s" duration="1s"/>'
        "</video></clip>",
    )
    assert isinstance(timeline.video_tracks()[0][0], Stack)
    assert [entry[1:] for entry in seen(timeline)] == [
        ("low", 0, 75, 900_300, 900_375),
        ("high", 25, 50, 901_000, 901_025),
    ]


def test_a_synchronized_clip_may_hold_a_storyline(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<sync-clip name="s" start="101s" duration="2s"><spine offset="100s">'
        '<asset-clip ref="r2" name="x" offset="0s" start="36000s" duration="2s">'
        '<asset-clip ref="r2" name="over" lane="1" offset="36001s" start="36009s" duration="1s"/>'
        '</asset-clip><asset-clip ref="r2" name="y" offset="2s" start="36050s" duration="2s"/>'
        '</spine><marker start="102s" value="m"/></sync-clip>',
    )
    assert [entry[1:] for entry in seen(timeline)] == [
        ("x", 0, 25, 900_025, 900_050),
        ("y", 25, 50, 901_250, 901_275),
        ("over", 0, 25, 900_225, 900_250),
    ]
    assert marks(timeline) == {"s": [("m", 50)]}


COMPOUND = (
    '<media id="r3" name="inside"><sequence format="r1" tcStart="7200s"><spine>'
    '<asset-clip ref="r2" name="x" offset="7200s" start="36000s" duration="2s"/>'
    '<asset-clip ref="r2" name="y" offset="7202s" start="36050s" duration="2s"/>'
    "</spine></sequence></media>"
)


def test_a_compound_clip_is_trimmed_in_its_own_timecode(tmp_path: Path) -> None:
    timeline = made(
        tmp_path, '<ref-clip ref="r3" name="c" start="7201s" duration="2s"/>', resources=COMPOUND
    )
    assert [entry[1:] for entry in seen(timeline)] == [
        ("x", 0, 25, 900_025, 900_050),
        ("y", 25, 50, 901_250, 901_275),
    ]


def test_the_sound_of_a_compound_clip_alone_shows_no_picture(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<gap duration="9s"><ref-clip ref="r3" name="c" lane="-1" srcEnable="audio" start="7200s"'
        ' duration="4s"/></gap>',
        resources=COMPOUND,
    )
    assert seen(timeline) == []
    (track,) = timeline.audio_tracks()
    assert [clip.name for clip in track.find_clips()] == ["x", "y"]


def test_a_compound_clip_inside_itself_is_refused(tmp_path: Path) -> None:
    loop = (
        '<media id="r3"><sequence format="r1"><spine><ref-clip ref="r3" name="c" duration="1s"/>'
        "</spine></sequence></media>"
    )
    text = document('<ref-clip ref="r3" name="c" duration="1s"/>', resources=loop)
    assert "nested in itself" in refused(tmp_path, text)


def test_compound_clips_that_multiply_are_refused_before_they_fill_the_memory(
    tmp_path: Path,
) -> None:
    doubled = "".join(
        f'<media id="m{level}"><sequence format="r1"><spine>'
        + 10 * f'<ref-clip ref="m{level + 1}" name="c" duration="1s"/>'
        + "</spine></sequence></media>"
        for level in range(40)
    )
    last = (
        '<media id="m40"><sequence format="r1"><spine><gap duration="1s"/></spine></sequence>'
        "</media>"
    )
    text = document('<ref-clip ref="m0" name="c" duration="1s"/>', resources=doubled + last)
    assert "more than 100000 clips" in refused(tmp_path, text)


ANGLES = (
    '<media id="r3" name="mc"><multicam format="r1" tcStart="0s">'
    '<mc-angle name="A" angleID="one"><gap duration="4s"/>'
    '<asset-clip ref="r2" name="left" offset="4s" start="36000s" duration="50s"/></mc-angle>'
    '<mc-angle name="B" angleID="two">'
    '<asset-clip ref="r2" name="right" offset="0s" start="36000s" duration="50s"/></mc-angle>'
    "</multicam></media>"
)


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ('<mc-source angleID="one"/>', ("left", 900_025)),
        (
            '<mc-source angleID="one" srcEnable="audio"/>'
            '<mc-source angleID="two" srcEnable="video"/>',
            ("right", 900_125),
        ),
        (
            '<mc-source angleID="one" srcEnable="none"/><mc-source angleID="two"/>',
            ("right", 900_125),
        ),
    ],
)
def test_of_a_multicam_clip_the_active_angle_is_seen(
    sources: str, expected: tuple[str, int], tmp_path: Path
) -> None:
    timeline = made(
        tmp_path,
        f'<mc-clip ref="r3" name="c" start="5s" duration="2s">{sources}</mc-clip>',
        resources=ANGLES,
    )
    ((_, name, _, _, first, _),) = seen(timeline)
    assert (name, first) == expected


def test_a_multicam_clip_that_does_not_say_its_angle_is_refused(tmp_path: Path) -> None:
    text = document('<mc-clip ref="r3" name="c" duration="2s"/>', resources=ANGLES)
    assert "which angle" in refused(tmp_path, text)


def test_of_an_audition_the_first_clip_is_the_one_that_plays(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<gap duration="2s" offset="3600s"/><audition offset="3602s">'
        '<asset-clip ref="r2" name="a" start="36001s" duration="1s"/>'
        '<asset-clip ref="r2" name="b" start="36005s" duration="1s"/></audition>',
    )
    assert seen(timeline) == [(MAIN, "a", 50, 75, 900_025, 900_050)]


def test_a_still_is_held_and_has_no_time_of_its_own(tmp_path: Path) -> None:
    still = (
        '<format id="r8" name="FFVideoFormatRateUndefined" width="99" height="99"/>'
        '<asset id="r9" name="still" start="0s" duration="0s" hasVideo="1" format="r8">'
        '<media-rep src="file:///media/still.png"/></asset>'
    )
    timeline = made(
        tmp_path,
        '<video ref="r9" name="s" start="3600s" duration="2s">'
        '<marker start="3601s" value="m"/></video>',
        resources=still,
    )
    assert seen(timeline) == [(MAIN, "s", 0, 50, 0, 1)]
    assert marked(only_clip(timeline, "s")) == [("m", 25)]


def test_sound_alone_lies_on_a_sound_track(tmp_path: Path) -> None:
    sound = (
        '<asset id="r9" name="song" start="0s" duration="60s" hasAudio="1" audioRate="44100">'
        '<media-rep src="file:///media/song.wav"/></asset>'
    )
    timeline = made(
        tmp_path,
        '<asset-clip ref="r2" name="a" start="36000s" duration="4s">'
        '<asset-clip ref="r9" name="song" lane="-1" offset="3240045/90s" duration="2s"/>'
        '<asset-clip ref="r2" name="voice" lane="-2" srcEnable="audio" offset="36001s"'
        ' start="36000s" duration="1s"/></asset-clip>',
        resources=sound,
    )
    assert [entry[1] for entry in seen(timeline)] == ["a"]
    names = [
        (track.name, [clip.name for clip in track.find_clips()])
        for track in timeline.audio_tracks()
    ]
    assert names == [("Lane -2", ["voice"]), ("Lane -1", ["song"])]
    song = only_clip(timeline, "song")
    # Half a second in: sound need not begin on a frame.
    assert timeline.audio_tracks()[1][0].source_range.duration.value == 12.5
    assert song.media_reference.available_range.duration.value == 60 * 44100


def test_what_is_switched_off_stays_and_says_so(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<asset-clip ref="r2" name="a" start="36000s" duration="1s" enabled="0">'
        '<asset-clip ref="r2" name="b" lane="1" offset="36000s" duration="1s"/></asset-clip>',
    )
    assert [entry[1] for entry in seen(timeline)] == ["b"]
    assert [entry[1] for entry in seen(timeline, enabled=False)] == ["a"]


def test_keywords_and_chapters_are_markers_with_their_kind(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<asset-clip ref="r2" name="a" start="36000s" duration="9s"><note>seen twice</note>'
        '<keyword start="36001s" duration="2s" value="dog, cat" note="k"/>'
        '<chapter-marker start="36003s" duration="1/25s" value="One" posterOffset="11/25s"/>'
        '<marker start="36004s" duration="1/25s" value="todo" completed="0"/></asset-clip>',
    )
    clip = only_clip(timeline, "a")
    assert clip.metadata["fcpxml"]["note"] == "seen twice"
    told = [
        (
            marker.name,
            marker.color,
            marker.marked_range.duration.value,
            dict(marker.metadata["fcpxml"]),
        )
        for marker in clip.markers
    ]
    assert told == [
        ("dog, cat", "PURPLE", 50, {"element": "keyword"}),
        ("One", "ORANGE", 1, {"element": "chapter-marker", "posterOffset": "11/25s"}),
        ("todo", "RED", 1, {"element": "marker", "completed": "0"}),
    ]


def test_drop_frame_is_kept_for_those_who_show_timecode(tmp_path: Path) -> None:
    timeline = made(
        tmp_path,
        '<gap duration="1001/30000s"/>',
        frame="1001/30000s",
        sequence='tcStart="107999892/30000s" tcFormat="DF"',
    )
    assert timeline.metadata["fcpxml"]["tcFormat"] == "DF"
    assert timeline.global_start_time.value == 107_892


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("FFVideoFormat1080i5994", 30000 / 1001),
        ("FFVideoFormatDV720x480i5994_16x9", 30000 / 1001),
        ("FFVideoFormat3840x2160p2398", 24000 / 1001),
        ("FFVideoFormat1080p50", 50),
    ],
)
def test_a_format_is_known_by_its_name_alone(name: str, rate: float, tmp_path: Path) -> None:
    text = document('<gap duration="1s"/>').replace(
        '<format id="r1" frameDuration="1/25s" width="1920" height="1080"/>',
        f'<format id="r1" name="{name}"/>',
    )
    path = tmp_path / "cut.fcpxml"
    path.write_text(text)
    assert read(path).global_start_time.rate == rate


def test_one_project_of_several_is_chosen_by_its_name(tmp_path: Path) -> None:
    one = document('<asset-clip ref="r2" name="a" duration="1s"/>')
    project = one[one.index("<project") : one.index("</event>")]
    both = one.replace(project, project + project.replace('"cut"', '"other"'))
    assert "'cut', 'other'" in refused(tmp_path, both)
    assert read(tmp_path / "cut.fcpxml", sequence="other").name == "other"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "empty"),
        (b"<fcpxml><resources>", "not whole XML"),
        (b"<playlist version='5'/>", "another kind"),
        (b"\xff\xfe\x00<fcpxml", "not whole XML"),
        (b'<!DOCTYPE fcpxml [<!ENTITY a "b">]><fcpxml>&a;</fcpxml>', "entities"),
        (b"<fcpxml>" + b"<clip>" * 300, "nested more than 200 deep"),
        (document('<gap duration="x"/>'), "no time"),
        (document('<gap duration="1/0s"/>'), "no time"),
        (document(f'<gap duration="{10**30}s"/>'), "no time"),
        (document('<gap duration="-1s"/>'), "states no duration"),
        (document('<clip name="a" duration="1s"/>'), "holds no media"),
        (document('<asset-clip ref="r9" name="a" duration="1s"/>'), "does not hold"),
        (document('<asset-clip ref="r1" name="a" duration="1s"/>'), "not to an asset"),
        (document('<holograph name="a" duration="1s"/>'), "not known here"),
        (
            document('<gap duration="9s"><holograph lane="1" duration="1s"/></gap>'),
            "not known here",
        ),
        (document('<gap duration="9s"/><gap offset="3601s" duration="1s"/>'), "has ended"),
        (document('<gap duration="9s"/><transition offset="3601s" duration="1s"/>'), "over a cut"),
        (document('<gap duration="1s"><title lane="up" duration="1s"/></gap>'), "the lane 'up'"),
        (document(timed("36001=36000 36001=36009")), "out of order"),
        (document('<gap duration="1s"/>', frame="0s"), "no frame rate"),
        (document("").replace("<project", "<thing").replace("</project", "</thing"), "no project"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    text: str | bytes, why: str, tmp_path: Path
) -> None:
    assert why in refused(tmp_path, text)


def test_a_track_is_named_as_editors_call_it(tmp_path: Path) -> None:
    timeline = made(tmp_path, '<asset-clip ref="r2" name="a" duration="1s"/>')
    (track,) = timeline.tracks
    assert isinstance(track, Track)
    assert isinstance(track[0], Clip)
    assert track.name == MAIN
