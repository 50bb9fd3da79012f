from __future__ import annotations

import json
from typing import Any

import pytest

from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import locate
from otio_matchcut.marking import mark, unmark
from otio_matchcut.reading import parse
from otio_matchcut.writing import text_of
from tests.unit.otio_matchcut import build

BASE = build.Path("/project")
NEWER_MARKER = {
    "OTIO_SCHEMA": "Marker.3",
    "metadata": {"huge": 170141183460469231731687303715884105728, "exact": 0.1},
    "name": "look",
    "color": {"OTIO_SCHEMA": "Color.1", "r": 1.0, "g": 0.0, "b": 0.0, "a": 1.0, "name": "RED"},
    "marked_range": json.loads(build.otio.core.serialize_json_to_string(build.span(3, 1))),
}
UNKNOWN_EFFECT = {"OTIO_SCHEMA": "StudioGrain.4", "amount": 0.25, "nested": [{"deep": None}]}


def _document() -> dict[str, Any]:
    text = build.timeline(
        build.track(build.clip("a", build.span(0, 10)), build.gap(5), name="V")
    ).to_json_string()
    return json.loads(text)


def _clip(document: dict[str, Any]) -> dict[str, Any]:
    return document["tracks"]["children"][0]["children"][0]


def _round_trip(document: dict[str, Any]) -> dict[str, Any]:
    timeline = parse(json.dumps(document), "t.otio")
    return json.loads(text_of(timeline.deepcopy()))


def test_a_newer_marker_survives_untouched_and_in_its_place() -> None:
    document = _document()
    old = json.loads(build.otio.schema.Marker("old").to_json_string())
    _clip(document)["markers"] = [old, NEWER_MARKER, old]
    assert _round_trip(document) == document


def test_effects_and_media_of_unknown_kinds_survive_untouched() -> None:
    document = _document()
    _clip(document)["effects"] = [UNKNOWN_EFFECT]
    _clip(document)["media_references"] = {
        "DEFAULT_MEDIA": {"OTIO_SCHEMA": "StudioAsset.2", "asset": "sh010"},
        "proxy": {"OTIO_SCHEMA": "ExternalReference.9", "target_url": "x"},
    }
    assert _round_trip(document) == document


def test_newer_objects_anywhere_in_metadata_survive_untouched() -> None:
    document = _document()
    document["metadata"] = {"host": {"markers": [NEWER_MARKER], "unknown": UNKNOWN_EFFECT}}
    clip_in_metadata = json.loads(build.clip("m", build.span(0, 1)).to_json_string())
    clip_in_metadata["markers"] = [NEWER_MARKER]
    document["tracks"]["metadata"] = {"clip": clip_in_metadata}
    assert _round_trip(document) == document


def test_a_newer_transition_and_an_unknown_item_with_a_range_survive_untouched() -> None:
    document = _document()
    clip = _clip(document)
    children = document["tracks"]["children"][0]["children"]
    offset = {"OTIO_SCHEMA": "RationalTime.1", "rate": 24.0, "value": 2.0}
    transition = {"OTIO_SCHEMA": "Transition.5", "in_offset": offset, "out_offset": offset, "q": 1}
    children.insert(1, transition)
    children.append({"OTIO_SCHEMA": "StudioTitle.1", "source_range": clip["source_range"]})
    children.append(json.loads(json.dumps(clip)))
    assert _round_trip(document) == document
    timeline = parse(json.dumps(document), "t.otio")
    shot = locate(timeline, base=BASE, clip=None, at="00:00:01:04")
    assert (shot.address, shot.source_frame) == ((0, 4), 3)


def test_marking_a_timeline_with_newer_markers_keeps_them() -> None:
    document = _document()
    _clip(document)["markers"] = [NEWER_MARKER]
    timeline = parse(json.dumps(document), "t.otio")
    shot = locate(timeline, base=BASE, clip="a", at=None)
    marked = mark(timeline, shot, [build.match(outgoing=build.side(cut=4))])
    written = _clip(json.loads(text_of(marked)))["markers"]
    assert written[0] == NEWER_MARKER
    assert written[1]["name"] == "#1 0.873 frame"
    assert json.loads(text_of(unmark(marked))) == document


def test_media_of_an_unknown_kind_is_said_when_it_is_asked_for() -> None:
    document = _document()
    _clip(document)["media_references"]["DEFAULT_MEDIA"] = {"OTIO_SCHEMA": "StudioAsset.2"}
    with pytest.raises(TimelineError, match=r"StudioAsset\.2") as error:
        locate(parse(json.dumps(document), "t"), base=BASE, clip="a", at=None)
    assert error.value.reason == "MEDIA_NOT_A_FILE"


def test_a_retime_of_unknown_course_is_noted() -> None:
    document = _document()
    _clip(document)["effects"] = [{"OTIO_SCHEMA": "LinearTimeWarp.7", "curve": [1, 2]}]
    shot = locate(parse(json.dumps(document), "t"), base=BASE, clip="a", at=None)
    assert "LinearTimeWarp.7" in shot.notes[0]


@pytest.mark.parametrize("schema", ["Clip.3", "Track.2", "Stack.9", "StudioTitle.1"])
def test_newer_parts_that_places_depend_on_are_refused_in_one_sentence(schema: str) -> None:
    document = _document()
    document["tracks"]["children"].append({"OTIO_SCHEMA": schema, "children": []})
    with pytest.raises(TimelineError, match=schema) as error:
        parse(json.dumps(document), "t.otio")
    assert error.value.reason == "TIMELINE_NEWER"


def test_half_a_character_inside_a_kept_object_survives() -> None:
    document = _document()
    _clip(document)["effects"] = [{"OTIO_SCHEMA": "StudioGrain.4", "text": "\ud800"}]
    assert _round_trip(document) == document


@pytest.mark.parametrize("number", [2**64 - 1, 2**127, -(2**70), 2**63 - 1, -(2**63)])
def test_whole_numbers_of_any_size_in_metadata_survive(number: int) -> None:
    document = _document()
    document["metadata"] = {"host": {"ids": [number, 1], "text": f"not {number}"}}
    _clip(document)["metadata"] = {"id": number}
    assert _round_trip(document) == document


def test_infinity_as_opentimelineio_spells_it_does_not_stop_the_keeping() -> None:
    document = _document()
    document["metadata"] = {"limit": "Inf", "id": 2**80}
    text = json.dumps(document).replace('"limit": "Inf"', '"limit": Inf, "word": "an Inf"')
    written = json.loads(text_of(parse(text, "t")))
    assert written["metadata"] == {"limit": float("inf"), "word": "an Inf", "id": 2**80}
