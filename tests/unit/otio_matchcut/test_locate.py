from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from opentimelineio.opentime import RationalTime, TimeRange

from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import ShotInTimeline, locate, settle
from otio_matchcut.placing import placements
from tests.unit.otio_matchcut.build import NTSC, NTSC_FILM, clip, gap, otio, span, timeline, track

BASE = Path("/project")


def _ask(
    made: otio.schema.Timeline, *, clip: str | None = None, at: str | None = None
) -> ShotInTimeline:
    return locate(made, base=BASE, clip=clip, at=at)


def _refusal(made: otio.schema.Timeline, **asked: str) -> TimelineError:
    with pytest.raises(TimelineError) as error:
        _ask(made, **asked)
    assert error.value.sentence.endswith(".")
    assert error.value.next_step
    return error.value


def test_a_clip_asked_for_by_name_means_the_middle_of_its_used_media() -> None:
    shot = _ask(timeline(track(clip("a", span(0, 9)), clip("b", span(10, 20)))), clip="b")
    assert (shot.source_start, shot.source_frame, shot.source_end) == (10, 20, 30)
    assert (shot.media, shot.track_name, shot.address) == (Path("/project/b.mov"), "V1", (0, 1))


def test_without_a_question_the_first_clip_with_media_is_meant() -> None:
    lost = otio.schema.Clip("lost", otio.schema.MissingReference(), span(0, 5))
    empty = clip("empty", span(0, 5), url="")
    assert _ask(timeline(track(lost, empty, clip("b", span(0, 5))))).clip_name == "b"


def test_a_playhead_before_or_behind_the_timeline_is_told_its_range() -> None:
    made = timeline(track(clip("a", span(0, 48))), start=RationalTime(86400, 24))
    error = _refusal(made, at="00:59:59:23")
    assert error.reason == "TIME_OUTSIDE"
    assert "runs from 01:00:00:00 up to 01:00:02:00" in error.sentence
    assert _refusal(made, at="01:00:02:00").reason == "TIME_OUTSIDE"
    assert _ask(made, at="01:00:01:23").source_frame == 47


def test_digits_alone_are_a_frame_from_the_start_of_the_timeline() -> None:
    made = timeline(track(clip("a", span(10, 48))), start=RationalTime(86400, 24))
    assert _ask(made, at="5").source_frame == 15


def test_a_timeline_that_runs_over_midnight_is_followed() -> None:
    start = RationalTime(24 * 3600 * 25 - 25, 25)
    made = timeline(track(clip("a", span(0, 100, 25))), start=start)
    assert _ask(made, at="23:59:59:10").source_frame == 10
    assert _ask(made, at="00:00:01:00").source_frame == 50


def test_drop_frame_is_respected_as_it_is_written() -> None:
    made = timeline(track(clip("a", span(0, 5000, 29.97))), start=RationalTime(107892, 29.97))
    assert _ask(made, at="01:01:00;02").source_frame == 1800
    assert _ask(made, at="01:00:00:00").source_frame == 108
    error = _refusal(made, at="02:00:00;00")
    assert "from 01:00:00;00 up to 01:02:46;24" in error.sentence


def test_a_name_that_is_not_there_is_answered_with_similar_ones() -> None:
    made = timeline(track(clip("sh010_v1", span(0, 5)), clip("sh020_v1", span(0, 5))))
    error = _refusal(made, clip="sh010")
    assert error.reason == "CLIP_NOT_FOUND"
    assert "'sh010_v1'" in error.next_step


def test_case_matters_only_where_two_names_differ_by_it() -> None:
    made = timeline(track(clip("Take", span(0, 5)), clip("take", span(50, 5))))
    assert _ask(made, clip="take").source_start == 50
    assert _ask(made, clip="TAKE").source_start == 0


def test_of_two_clips_with_a_name_the_first_that_is_switched_on_is_taken() -> None:
    made = timeline(track(clip("a", span(0, 5), enabled=False), clip("a", span(50, 5))))
    assert _ask(made, clip="a").source_start == 50


def test_a_clip_and_a_timecode_together_are_refused() -> None:
    made = timeline(track(clip("a", span(0, 5))))
    assert _refusal(made, clip="a", at="00:00:00:00").reason == "QUERY_INVALID"


def test_a_title_over_a_shot_lets_the_shot_through() -> None:
    title = otio.schema.Clip("title", otio.schema.GeneratorReference(), span(0, 5))
    made = timeline(track(clip("a", span(7, 5))), track(title))
    assert _ask(made, at="00:00:00:01").clip_name == "a"
    error = _refusal(timeline(track(title.deepcopy())), at="00:00:00:01")
    assert "generator" in error.sentence


def test_a_disabled_track_and_a_disabled_sequence_are_not_seen() -> None:
    hidden = track(clip("hidden", span(0, 10)))
    hidden.enabled = False
    nested = otio.schema.Stack("n", children=[track(clip("nested", span(0, 10)))])
    nested.enabled = False
    made = timeline(track(clip("a", span(0, 10))), hidden, track(nested))
    assert _ask(made, at="00:00:00:05").clip_name == "a"
    assert "disabled" in _refusal(timeline(hidden.deepcopy()), at="00:00:00:05").sentence


def test_an_image_sequence_is_refused_with_a_sentence() -> None:
    sequence = otio.schema.ImageSequenceReference(target_url_base="/frames", frame_zero_padding=4)
    made = timeline(track(otio.schema.Clip("seq", sequence, span(0, 5))))
    assert _refusal(made, clip="seq").reason == "MEDIA_NOT_A_FILE"
    assert _refusal(made).reason == "MEDIA_NOT_A_FILE"


def test_a_timeline_without_picture_is_refused_with_a_sentence() -> None:
    made = timeline(track(clip("a", span(0, 48000, 48000)), kind="Audio"))
    assert "no video clip" in _refusal(made).sentence
    assert _refusal(timeline()).reason == "CLIP_NOT_FOUND"


def test_a_clip_that_states_no_length_is_named() -> None:
    error = _refusal(timeline(track(clip("odd", None))))
    assert error.reason == "TIMELINE_UNREADABLE"
    assert "'odd'" in error.sentence


def test_a_clip_without_a_source_range_is_all_of_its_media() -> None:
    shot = _ask(timeline(track(clip("a", None, span(100, 50)))), clip="a")
    assert (shot.source_start, shot.source_end, shot.media_start) == (0, 50, 100)


def test_a_trim_that_lies_beside_the_contents_shows_them_from_the_start() -> None:
    odd = track(clip("a", span(10, 24)))
    odd.source_range = span(-86400, 24)
    assert _ask(timeline(odd), at="00:00:00:05").source_frame == 15


def test_a_cut_between_rates_falls_where_seconds_say() -> None:
    made = timeline(track(clip("a", span(0, 50, 50)), clip("b", span(0, 48, 24))))
    assert placements(made)[1].start == 1


def test_nested_retimes_multiply() -> None:
    inner = track(clip("a", span(0, 96), speed=2))
    inner.effects.append(otio.schema.LinearTimeWarp(time_scalar=0.5))
    assert _ask(timeline(inner), at="00:00:01:00").source_frame == 24


def test_a_sequence_played_backwards_shows_its_last_frame_first() -> None:
    inner = track(clip("a", span(0, 24)), clip("b", span(100, 24)), name="inner")
    inner.effects.append(otio.schema.LinearTimeWarp(time_scalar=-1))
    made = timeline(inner)
    seen = [_ask(made, at=str(frame)) for frame in (0, 23, 24, 47)]
    assert [(shot.clip_name, shot.source_frame) for shot in seen] == [
        ("b", 123),
        ("b", 100),
        ("a", 23),
        ("a", 0),
    ]


def test_a_sequence_frozen_on_a_frame_shows_it_all_along() -> None:
    inner = track(clip("a", span(0, 24)), clip("b", span(100, 24)), name="inner")
    inner.source_range = span(30, 10)
    inner.effects.append(otio.schema.FreezeFrame())
    shot = _ask(timeline(inner), at="00:00:00:07")
    assert (shot.clip_name, shot.source_frame) == ("b", 106)
    assert (shot.source_start, shot.source_end) == (106, 107)


def test_a_disabled_retime_changes_nothing() -> None:
    made = clip("a", span(0, 24), speed=2)
    made.effects[0].enabled = False
    assert _ask(timeline(track(made)), at="00:00:00:10").source_frame == 10


def test_a_retime_by_key_frames_is_noted_and_counted_at_normal_speed() -> None:
    made = clip("a", span(0, 24))
    made.effects.append(otio.schema.TimeEffect("", "Retime curve"))
    shot = _ask(timeline(track(made)), at="00:00:00:10")
    assert shot.source_frame == 10
    assert "Retime curve" in shot.notes[0]


@pytest.mark.parametrize(
    ("used", "media", "frame"),
    [
        # The converted source times of applications that write 23.976 in two ways; the frames are
        # those that their own conforming tools arrive at.
        ((1937905.9905694576, 82, 23.976024627685547), (1937896, 98, 23.976), 8),
        ((86424.08877306872, 52, 23.976024627685547), (86400, 216, 23.976), 24),
        ((883159, 108, 23.976), (883750, 755, 24), 884043 - 883750),
        ((947726, 32, 23.976), (941478, 7607, 24), 948674 - 941478),
        ((29.970030784606937, 11, 23.976024627685547), (0, 101, 24), 30),
        ((90032, 44, 25), (86400, 100, 24), 30),
        ((91046.625, 74, 25), (87399, 101, 24), 5),
    ],
)
def test_source_times_converted_between_rates_lead_to_the_frame_meant(
    used: tuple[float, float, float], media: tuple[float, float, float], frame: int
) -> None:
    shot = _ask(timeline(track(clip("a", span(*used), span(*media)))), at="0")
    assert shot.source_frame == frame


def test_media_that_states_a_range_elsewhere_is_not_believed() -> None:
    shot = _ask(timeline(track(clip("a", span(0, 10), span(1000, 100)))), at="3")
    assert (shot.source_frame, shot.media_start) == (3, None)


def test_a_start_time_of_zero_at_a_default_rate_takes_the_rate_of_the_duration() -> None:
    used = TimeRange(RationalTime(0, 1), RationalTime(50, 25))
    shot = _ask(timeline(track(clip("a", used))), at="00:00:01:24")
    assert (shot.source_rate, shot.source_frame) == (25, 49)


class TestSettling:
    """What the file itself says decides what the timeline leaves open."""

    def _shot(self, used: TimeRange, media: TimeRange | None = None) -> ShotInTimeline:
        return _ask(timeline(track(clip("a", used, media))), at="5")

    def test_timecode_of_the_file_is_taken_off(self) -> None:
        shot = self._shot(span(86500, 20))
        found = settle(shot, rate=Fraction(24), start_timecode_frame=86400, frames=1000)
        assert (found.frame, found.start, found.end) == (105, 100, 120)

    def test_a_count_from_zero_stays_one_though_the_file_has_timecode(self) -> None:
        shot = self._shot(span(100, 20))
        found = settle(shot, rate=Fraction(24), start_timecode_frame=86400, frames=1000)
        assert (found.frame, found.start, found.end) == (105, 100, 120)

    def test_a_stated_media_range_wins_over_timecode(self) -> None:
        shot = self._shot(span(150, 20), span(100, 1000))
        found = settle(shot, rate=Fraction(24), start_timecode_frame=120, frames=1000)
        assert found.frame == 55

    def test_ticks_of_a_clock_become_frames_of_the_file(self) -> None:
        shot = self._shot(span(84000, 96000, 24000), span(0, 240240, 24000))
        found = settle(shot, rate=NTSC_FILM, start_timecode_frame=0, frames=240)
        # 84000 ticks are 83.9 frames; five frames later.
        assert (found.frame, found.start, found.end) == (88, 83, 180)

    def test_a_rate_written_as_24_for_a_file_of_23976_counts_the_same_frames(self) -> None:
        shot = self._shot(span(86400 + 5000, 100))
        found = settle(shot, rate=NTSC_FILM, start_timecode_frame=86400, frames=9000)
        assert found.frame == 5005

    def test_frames_at_another_rate_are_converted_through_seconds(self) -> None:
        shot = self._shot(span(50, 25, 25))
        found = settle(shot, rate=NTSC, start_timecode_frame=0, frames=1000)
        assert found.frame == 65  # 2.2 s at 29.97

    def test_a_frame_that_the_file_does_not_have_is_said(self) -> None:
        with pytest.raises(TimelineError, match=r"a\.mov, which has 50 frames") as error:
            settle(self._shot(span(500, 24)), rate=Fraction(24), start_timecode_frame=0, frames=50)
        assert error.value.reason == "TIME_OUTSIDE"

    def test_a_clip_longer_than_its_file_keeps_to_the_file(self) -> None:
        shot = self._shot(span(0, 100), span(0, 100))
        found = settle(shot, rate=Fraction(24), start_timecode_frame=0, frames=50)
        assert (found.frame, found.start, found.end) == (5, 0, 50)


def test_a_record_place_is_said_in_timecode() -> None:
    made = timeline(track(gap(10), clip("a", span(0, 5))), start=RationalTime(86400, 24))
    shot = _ask(made, clip="a")
    assert shot.record_timecode(shot.record_start) == "01:00:00:10"
    assert shot.record_timecode(shot.record_end) == "01:00:00:15"


def test_a_name_that_two_clips_have_is_taken_with_a_note() -> None:
    made = timeline(track(clip("a", span(0, 24)), clip("a", span(48, 24))))
    found = locate(made, base=BASE, clip="a", at=None)
    assert found.source_start == 0
    assert "2 clips are named 'a'" in found.notes[-1]
    assert locate(made, base=BASE, clip=None, at="30").notes == ()
