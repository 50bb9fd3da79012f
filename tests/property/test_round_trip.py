"""Random timelines full of what is not ours survive: read, marked, written, read, unmarked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import opentimelineio as otio
from hypothesis import given, settings
from hypothesis import strategies as st
from opentimelineio.opentime import RationalTime

from otio_matchcut.entries import our_entry
from otio_matchcut.locate import shot_of
from otio_matchcut.marking import mark, unmark
from otio_matchcut.matches import Match, MatchSide
from otio_matchcut.placing import placements
from otio_matchcut.reading import parse, read
from otio_matchcut.writing import text_of, write
from tests.property.test_time_maps import RATES, build, rows, spellings

LONG = 10**7
quick = settings(deadline=None, max_examples=40)

# OpenTimelineIO ends a text at a NUL, which no application writes.
characters = st.characters(codec="utf-8", exclude_characters="\0")
keys = st.text(characters, max_size=8).filter(
    # The first is OpenTimelineIO's own, the others are ours.
    lambda key: key not in ("OTIO_SCHEMA", "matchcut", "matchcut_kept")
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**80), 2**80)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.text(characters, max_size=12)
)
foreign = st.recursive(
    scalars, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(keys, inside, max_size=3)
)
metadata = st.dictionaries(keys, foreign, max_size=3)
UNKNOWN = {
    "markers": {"OTIO_SCHEMA": "Marker.3", "name": "new", "color": {"OTIO_SCHEMA": "Color.1"}},
    "effects": {"OTIO_SCHEMA": "StudioGrain.4", "amount": 0.25, "nested": [{"deep": None}]},
    "media_references": {"OTIO_SCHEMA": "StudioAsset.2", "asset": "sh010"},
}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """The JSON of a timeline with metadata of others and objects of unknown schemas all over."""
    made = build(
        draw(st.lists(rows(2), min_size=1, max_size=2)),
        draw(st.sampled_from(RATES)),
        draw(spellings()),
    )
    document = json.loads(made.to_json_string())
    document["metadata"] = draw(metadata)
    things = list(_things(document["tracks"]))
    chosen = draw(st.lists(st.sampled_from(things), max_size=5, unique_by=id))
    for thing in chosen:
        thing["metadata"] = draw(metadata)
        kind = draw(st.sampled_from(sorted(UNKNOWN)))
        unknown = {**UNKNOWN[kind], "metadata": draw(metadata)}
        if isinstance(thing.get(kind), list):
            thing[kind].insert(draw(st.integers(0, len(thing[kind]))), unknown)
        elif isinstance(thing.get(kind), dict):
            thing[kind]["proxy"] = unknown
    return document


def _things(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything below that can hold metadata."""
    found = [node]
    for child in node.get("children", ()):
        found += _things(child)
    return found


def _marked(timeline: otio.schema.Timeline, wanted: list[int]) -> otio.schema.Timeline:
    """The timeline with matches on some of its clips."""
    placed = placements(timeline)
    for number in wanted:
        if not placed:
            break
        shot = shot_of(timeline, placed[number % len(placed)], Path("/media/a.mov"), None)
        side = MatchSide(
            path=Path("/media/a.mov"),
            name="a.mov",
            rate=shot.source_rate,
            start_timecode_frame=0,
            source_frames=LONG,
            start_frame=0,
            end_frame=LONG,
            clean_start_frame=0,
            clean_end_frame=LONG,
            cut_frame=max(0, shot.source_frame),
            timecode="00:00:00:00",
            shot=0,
        )
        found = [Match(rank, 0.1, "frame", 0.1, True, side, side, "GREEN") for rank in (1, 2)]
        timeline = mark(timeline, shot, found)
    return timeline


def _ours(timeline: otio.schema.Timeline) -> int:
    return sum(
        our_entry(marker) is not None for clip in timeline.find_clips() for marker in clip.markers
    )


@quick
@given(documents(), st.lists(st.integers(0, 50), min_size=1, max_size=3))
def test_what_is_not_ours_survives_marking_writing_reading_and_unmarking(
    tmp_path_factory: Any, document: dict[str, Any], wanted: list[int]
) -> None:
    path = tmp_path_factory.mktemp("round") / "cut.otio"
    timeline = parse(json.dumps(document), "cut.otio")
    marked = _marked(timeline, wanted)
    write(marked, path)
    again = read(path)
    assert again.is_equivalent_to(marked)
    assert _ours(again) == _ours(marked)
    assert (_ours(again) > 0) == bool(placements(timeline))
    assert unmark(again).is_equivalent_to(timeline)
    # By content, not by OpenTimelineIO's own words alone: every object and number of others.
    assert json.loads(text_of(unmark(again))) == json.loads(text_of(timeline))


@quick
@given(documents())
def test_objects_and_numbers_of_others_are_written_as_they_were_read(
    document: dict[str, Any],
) -> None:
    text = text_of(parse(json.dumps(document), "cut.otio"))
    written, read_ = json.loads(text), document
    assert written["metadata"] == read_["metadata"]
    for one, other in zip(_things(written["tracks"]), _things(read_["tracks"]), strict=True):
        assert one["metadata"] == other["metadata"]
        for kind in UNKNOWN:
            assert one.get(kind) == other.get(kind)


@quick
@given(documents(), st.integers(0, 50))
def test_marking_again_after_a_round_trip_replaces_only_our_own(
    document: dict[str, Any], number: int
) -> None:
    timeline = parse(json.dumps(document), "cut.otio")
    once = _marked(timeline, [number])
    twice = _marked(parse(text_of(once), "cut.otio"), [number])
    assert twice.is_equivalent_to(once)


@given(st.sampled_from(RATES), st.integers(0, 10**7))
def test_a_time_of_whole_frames_survives_at_any_rate(rate: Any, frame: int) -> None:
    time = RationalTime(frame, float(rate))
    made = otio.schema.Timeline(global_start_time=time)
    assert parse(text_of(made), "cut.otio").global_start_time == time
