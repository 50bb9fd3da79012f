"""Random timelines: places agree with OpenTimelineIO's own arithmetic, and nothing is lost."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path, PurePosixPath

import opentimelineio as otio
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from opentimelineio.opentime import RationalTime

from otio_matchcut import clock
from otio_matchcut.candidates import matches_timeline
from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import ShotInTimeline, locate, settle
from otio_matchcut.marking import mark, unmark
from otio_matchcut.matches import Match, MatchSide
from otio_matchcut.placing import placements
from otio_matchcut.reading import parse
from otio_matchcut.urls import path_of, url_of
from otio_matchcut.writing import text_of
from tests.unit.otio_matchcut.build import clip, gap, span, timeline, track

BASE = Path("/project")
RATES = (24, 25, 30, 24000 / 1001, 30000 / 1001, 23.976, 29.97, 60000 / 1001)
SPEEDS = (2, 0.5, 0.75, -1, -2, -0.7, 0, 1.5)
quick = settings(deadline=None, max_examples=25)

names = st.text(
    st.characters(codec="utf-8", exclude_characters="/\0\\", exclude_categories=["Cs"]), min_size=1
).filter(lambda name: name not in (".", ".."))


@st.composite
def clips(draw: st.DrawFn, rate: float, *, retimed: bool) -> otio.schema.Clip:
    first = draw(st.sampled_from([0, 0, 86400, 107892]))
    start = draw(st.integers(0, 200))
    media = draw(st.sampled_from([None, span(first, 1000, rate)]))
    used = span(start + (first if media else 0), draw(st.integers(1, 60)), rate)
    made = clip(draw(names), used, media, url="/media/a.mov")
    if retimed and draw(st.booleans()):
        made.effects.append(otio.schema.LinearTimeWarp(time_scalar=draw(st.sampled_from(SPEEDS))))
    made.enabled = draw(st.sampled_from([True, True, True, False]))
    if draw(st.booleans()):
        made.markers.append(otio.schema.Marker("own", span(start, 1, rate), metadata={"n": [1]}))
    return made


@st.composite
def tracks(draw: st.DrawFn, rate: float, depth: int, *, retimed: bool) -> otio.schema.Track:
    made = track(name=draw(st.sampled_from(["", "V"])))
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["clip", "clip", "gap", "nest"]))
        if kind == "gap":
            made.append(gap(draw(st.integers(1, 30)), rate))
        elif kind == "nest" and depth:
            inside = [
                draw(tracks(rate, depth - 1, retimed=retimed))
                for _ in range(draw(st.integers(1, 2)))
            ]
            nested = otio.schema.Stack("n", children=inside)
            if draw(st.booleans()):
                nested.source_range = span(draw(st.integers(0, 20)), draw(st.integers(1, 60)), rate)
            made.append(nested)
        else:
            made.append(draw(clips(rate, retimed=retimed)))
    return made


@st.composite
def timelines(draw: st.DrawFn, *, retimed: bool = True) -> otio.schema.Timeline:
    rate = draw(st.sampled_from(RATES))
    start = draw(st.sampled_from([None, RationalTime(86400, rate), RationalTime(0, rate)]))
    count = draw(st.integers(1, 3))
    return timeline(*[draw(tracks(rate, 2, retimed=retimed)) for _ in range(count)], start=start)


def _any_shot(made: otio.schema.Timeline, frame: int) -> ShotInTimeline | None:
    try:
        return locate(made, base=BASE, clip=None, at=str(frame))
    except TimelineError as error:
        if error.reason not in ("CLIP_NOT_FOUND", "TIME_OUTSIDE"):
            raise
        return None


def _otio_topmost(
    parent: otio.core.Composition, time: RationalTime
) -> tuple[otio.schema.Clip, RationalTime] | None:
    """The topmost visible clip by OpenTimelineIO's ranges alone, and the time in it."""
    if not parent.enabled:
        return None
    for child in reversed(list(parent)):
        if not isinstance(child, otio.core.Item) or not child.enabled:
            continue
        trimmed = child.trimmed_range_in_parent()
        if trimmed is None or not trimmed.contains(time):
            continue
        inside = parent.transformed_time(time, child)
        if isinstance(child, otio.schema.Clip):
            return child, inside
        if isinstance(child, otio.core.Composition):
            found = _otio_topmost(child, inside)
            if found is not None:
                return found
    return None


@quick
@given(timelines(retimed=False), st.integers(0, 150))
def test_at_normal_speed_the_frame_is_the_one_that_opentimelineio_arrives_at(
    made: otio.schema.Timeline, frame: int
) -> None:
    # A trim that lies beside all of its contents is read in a kinder way than OpenTimelineIO's.
    for nested in made.find_children(descended_from_type=otio.schema.Stack):
        if nested.source_range is not None:
            inside = nested.available_range().duration.value
            assume(nested.source_range.start_time.value < inside)
    rate = made.tracks.duration().rate
    expected = _otio_topmost(made.tracks, RationalTime(frame, rate))
    shot = _any_shot(made, frame)
    if expected is None:
        assert shot is None
        return
    found, time = expected
    assert shot is not None
    assert shot.clip_name == found.name
    media = found.media_reference.available_range
    first = media.start_time.value if media else 0
    assert shot.source_frame == round(time.value) - first
    assert shot.source_start <= shot.source_frame < shot.source_end


@quick
@given(timelines(), st.integers(0, 150))
def test_the_frame_seen_is_always_one_that_the_clip_uses(
    made: otio.schema.Timeline, frame: int
) -> None:
    shot = _any_shot(made, frame)
    if shot is not None:
        assert shot.source_start <= shot.source_frame < shot.source_end
        assert shot.record_start <= frame / shot.record_rate < shot.record_end
        found = settle(shot, rate=shot.source_rate, start_timecode_frame=0, frames=10**9)
        assert (found.frame, found.start, found.end) == (
            shot.source_frame,
            max(0, shot.source_start),
            shot.source_end,
        )


@quick
@given(timelines(), st.sampled_from(SPEEDS), st.integers(1, 100))
def test_a_retimed_clip_shows_the_frames_of_its_exact_time_map(
    made: otio.schema.Timeline, speed: float, length: int
) -> None:
    rate = made.tracks.duration().rate
    only = timeline(track(clip("a", span(500, length, rate), speed=speed)))
    exact = Fraction(repr(speed))
    forward = [500 + int(frame * abs(exact)) for frame in range(length)]
    shown = [locate(only, base=BASE, clip=None, at=str(f)).source_frame for f in range(length)]
    assert shown == (forward if speed >= 0 else forward[::-1])


@quick
@given(timelines())
def test_on_one_track_no_two_clips_are_seen_at_a_time(made: otio.schema.Timeline) -> None:
    for index in range(len(made.tracks)):
        placed = [p for p in placements(made) if p.address[0] == index and len(p.address) == 2]
        for before, after in itertools.pairwise(placed):
            assert before.end <= after.start


def _matches(shot: ShotInTimeline, cut: int) -> list[Match]:
    outgoing = MatchSide(
        Path("/media/a.mov"),
        "a.mov",
        shot.source_rate,
        start_timecode_frame=0,
        source_frames=10**6,
        start_frame=0,
        end_frame=10**6,
        clean_start_frame=0,
        clean_end_frame=10**6,
        cut_frame=cut,
        timecode="tc",
        shot=0,
    )
    incoming = replace(outgoing, path=Path("/b.mov"), rate=Fraction(25), cut_frame=150, shot=1)
    return [Match(1, 0.5, "frame", 0.5, True, outgoing, incoming, "GREEN")]


@quick
@given(timelines(), st.integers(0, 150), st.integers(0, 300))
def test_marking_twice_is_marking_once_and_unmarking_gives_the_original_back(
    made: otio.schema.Timeline, frame: int, cut: int
) -> None:
    shot = _any_shot(made, frame)
    assume(shot is not None)
    assert shot is not None
    original = made.deepcopy()
    once = mark(made, shot, _matches(shot, cut))
    assert made.is_equivalent_to(original)
    assert not once.is_equivalent_to(original)
    assert mark(once, shot, _matches(shot, cut)).is_equivalent_to(once)
    assert unmark(once).is_equivalent_to(original)
    assert parse(text_of(once), "t").is_equivalent_to(once)


@quick
@given(st.integers(1, 60), st.sampled_from(SPEEDS), st.integers(0, 200), st.sampled_from(RATES))
def test_a_marker_on_a_retimed_clip_lies_where_the_nearest_frame_is_shown(
    length: int, speed: float, cut: int, rate: float
) -> None:
    made = timeline(track(clip("a", span(50, length, rate), span(0, 1000, rate), speed=speed)))
    shot = locate(made, base=BASE, clip="a", at=None)
    marker = mark(made, shot, _matches(shot, cut)).find_clips()[0].markers[0]
    index = marker.marked_range.start_time.value - 50
    assert 0 <= index < length
    shown = [locate(made, base=BASE, clip=None, at=str(f)).source_frame for f in range(length)]
    wanted = min(abs(seen - cut) for seen in shown)
    # A clip that runs fast skips frames; then the one before the cut is as good as the nearest.
    slack = 0 if abs(speed) <= 1 else 1
    assert abs(shown[int(index)] - cut) <= wanted + slack


@quick
@given(timelines(), st.data())
def test_newer_markers_survive_wherever_they_are(
    made: otio.schema.Timeline, data: st.DataObject
) -> None:
    document = json.loads(made.to_json_string())
    newer = {"OTIO_SCHEMA": "Marker.3", "color": {"OTIO_SCHEMA": "Color.1"}, "n": 2**90}

    def add(node: object) -> None:
        if isinstance(node, dict):
            if "markers" in node and data.draw(st.booleans()):
                node["markers"].insert(0, newer)
            for value in node.values():
                add(value)
        elif isinstance(node, list):
            for value in node:
                add(value)

    add(document)
    assert json.loads(text_of(parse(json.dumps(document), "t").deepcopy())) == document


@given(st.lists(names, min_size=1, max_size=4), st.sampled_from(["/", "//host/", "D:/"]))
def test_a_path_survives_its_address(parts: list[str], root: str) -> None:
    path = Path(root + "/".join(parts))
    if root == "/":
        # A first folder of that form is read as a drive; see `urls`.
        assume(not (len(parts[0]) == 2 and parts[0][1] == ":"))
        assume(len(PurePosixPath(str(path)).parts) > 1)
    assert path_of(url_of(path), BASE) == path


@given(st.binary(min_size=1, max_size=20).filter(lambda name: not {0, 47} & set(name)))
def test_a_path_of_any_bytes_survives_its_address(name: bytes) -> None:
    path = Path("/media") / name.decode(errors="surrogateescape")
    assert path_of(url_of(path), BASE) == path


@given(
    st.sampled_from([Fraction(30000, 1001), Fraction(60000, 1001), Fraction(24000, 1001)]),
    st.integers(0, 10**7),
    st.booleans(),
)
def test_timecode_and_frame_number_are_one(rate: Fraction, frame: int, drop: bool) -> None:
    drop = drop and rate != Fraction(24000, 1001)
    frame %= clock.day_of_frames(rate, drop_frame=drop)
    assert clock.frame_of_timecode(clock.timecode_of_frame(frame, rate, drop_frame=drop), rate) == (
        frame
    )


@quick
@given(
    st.lists(
        st.tuples(
            st.sampled_from([Fraction(24), Fraction(25), Fraction(30000, 1001)]),
            st.integers(0, 99),
            st.integers(1, 100),
            st.sampled_from([0, 86400]),
            st.integers(0, 99),
            st.integers(0, 99),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_candidates_play_clean_frames_of_their_shots_and_meet_at_the_cut(
    drawn: list[tuple[Fraction, int, int, int, int, int]],
) -> None:
    matches = []
    for rank, (rate, into, more, first, fade_in, fade_out) in enumerate(drawn, 1):
        cut = 100 + into
        side = MatchSide(
            Path("/m.mov"),
            "m.mov",
            rate,
            start_timecode_frame=first,
            source_frames=500,
            start_frame=100,
            end_frame=cut + more,
            clean_start_frame=min(100 + fade_in, cut),
            clean_end_frame=max(cut + more - fade_out, cut + 1),
            cut_frame=cut,
            timecode="tc",
            shot=0,
        )
        matches.append(Match(rank, 0.5, "frame", 0.5, True, side, side, "RED"))
    made = matches_timeline(matches, "m")
    items = [part for part in made.tracks[0] if isinstance(part, otio.schema.Clip)]
    for match, outgoing, incoming in zip(matches, items[::2], items[1::2], strict=True):
        side = match.outgoing
        leave = outgoing.source_range.end_time_inclusive().value - side.start_timecode_frame
        enter = incoming.source_range.start_time.value - side.start_timecode_frame
        assert (leave, enter) == (side.cut_frame, side.cut_frame)
        begin = outgoing.source_range.start_time.value - side.start_timecode_frame
        end = incoming.source_range.end_time_exclusive().value - side.start_timecode_frame
        assert side.clean_start_frame <= begin <= side.cut_frame < end <= side.clean_end_frame
        assert outgoing.source_range.duration.to_seconds() <= 2
