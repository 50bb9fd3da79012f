"""Objects whose schema OpenTimelineIO does not know survive reading and writing untouched.

A timeline written by a newer application can hold a `Marker.3`, or an effect of a plug-in that is
not installed here. OpenTimelineIO refuses the whole file then. `set_aside` puts a stand-in that it
can read where such an object was, of the kind that may stand there; the object itself travels as
JSON text in the stand-in's metadata, through deep copies too, and `restored` puts it back. Numbers
keep the form that they were written in, since nothing but a JSON parser ever sees them.

What is set aside: markers, effects, transitions, media references, and anything in metadata; an
unknown child of a track or stack that states its own source range (a gap stands for it); and whole
numbers in metadata beyond 64 bits, which OpenTimelineIO would change without a word. What is
not: tracks, stacks, clips and timelines that are newer than OpenTimelineIO here, because the
places of all other things depend on them; they are refused in one sentence.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import opentimelineio as otio

from otio_matchcut.errors import TimelineError

KEY = "matchcut_kept"
"""Metadata key of a stand-in. It never gets into a file that `writing.write` writes."""

_Json: TypeAlias = Any
_Standing: TypeAlias = Literal["known", "newer", "unknown"]
_HUGE = re.compile(r"(?<![\w.+\"])\d{19,}(?![\w.])")
_INFINITY = re.compile(r'"(?:[^"\\]|\\.)*"|\bInf\b', re.DOTALL)
_STRUCTURE = ("Timeline", "Stack", "Track", "Sequence", "Clip", "Gap", "Filler")


def holds_huge_numbers(text: str) -> bool:
    """Whether a timeline's JSON may hold whole numbers that OpenTimelineIO cannot."""
    return _HUGE.search(text) is not None


def set_aside(text: str, name: str) -> str | None:
    """The timeline's JSON with stand-ins for what cannot be read, or None where there is nothing.

    Args:
        text: A JSON document.
        name: What the timeline is called in messages.

    Raises:
        TimelineError: TIMELINE_NEWER, a track, stack or clip is newer than can be read.
        json.JSONDecodeError: the text is not JSON.
    """
    # OpenTimelineIO's parser takes Inf for Infinity, and so must this.
    document = json.loads(
        _INFINITY.sub(lambda token: "Infinity" if token[0] == "Inf" else token[0], text)
    )
    found: list[str] = []
    document = _without_unknown(document, "", name, found)
    return json.dumps(document) if found else None


def restored(text: str) -> str:
    """A timeline's JSON as OpenTimelineIO writes it, with each stand-in's object in its place."""
    if KEY not in text:
        return text
    document = _with_unknown(json.loads(text))
    plain = json.dumps(document, indent=4, ensure_ascii=False)
    try:
        plain.encode()
    except UnicodeEncodeError:
        # Half a character, which JSON can hold in its escaped form only.
        return json.dumps(document, indent=4)
    return plain


def kept_schema(thing: otio.core.SerializableObjectWithMetadata) -> str | None:
    """The schema of the object that a stand-in stands for (`Marker.3`), None for anything else."""
    entry = thing.metadata.get(KEY)
    return None if entry is None else str(entry["schema"])


def _without_unknown(node: _Json, place: str, name: str, found: list[str]) -> _Json:
    if isinstance(node, list):
        return [_without_unknown(entry, place, name, found) for entry in node]
    if not isinstance(node, dict):
        if type(node) is int and place == "metadata" and not -(2**63) <= node < 2**63:
            found.append("number")
            return {KEY: {"schema": "number", "json": json.dumps(node)}}
        return node
    schema = node.get("OTIO_SCHEMA")
    if isinstance(schema, str) and _standing(schema) != "known":
        stand_in = _stand_in(node, schema, place, name)
        if stand_in is not None:
            found.append(schema)
            return stand_in
    return {
        key: _without_unknown(value, key if schema else _below(place), name, found)
        for key, value in node.items()
    }


def _below(place: str) -> str:
    """What the values of a plain dictionary in `place` are."""
    return "media_reference" if place == "media_references" else "metadata"


def _stand_in(node: dict[str, _Json], schema: str, place: str, name: str) -> _Json | None:
    """What OpenTimelineIO reads instead of `node`; None where it keeps the object by itself."""
    entry = {KEY: {"schema": schema, "json": json.dumps(node)}}
    if place == "markers":
        return {
            "OTIO_SCHEMA": "Marker.2",
            "name": node.get("name") if isinstance(node.get("name"), str) else "",
            "color": "RED",
            "marked_range": _time_range(node.get("marked_range")),
            "metadata": entry,
        }
    if place == "effects":
        return {"OTIO_SCHEMA": "Effect.1", "name": "", "effect_name": schema, "metadata": entry}
    if place == "media_reference":
        return {"OTIO_SCHEMA": "MissingReference.1", "name": "", "metadata": entry}
    if place not in ("", "tracks", "children"):
        return entry if _standing(schema) == "newer" else None
    kind = schema.partition(".")[0]
    if kind == "Transition":
        return {
            "OTIO_SCHEMA": "Transition.1",
            "name": "",
            "transition_type": "Custom_Transition",
            "in_offset": node.get("in_offset"),
            "out_offset": node.get("out_offset"),
            "metadata": entry,
        }
    if place == "children" and kind not in _STRUCTURE and "source_range" in node:
        return {
            "OTIO_SCHEMA": "Gap.1",
            "name": "",
            "source_range": node["source_range"],
            "effects": [],
            "markers": [],
            "metadata": entry,
        }
    if place == "" and _standing(schema) == "unknown":
        return None
    raise _newer(name, schema)


def _newer(name: str, schema: str) -> TimelineError:
    return TimelineError(
        "TIMELINE_NEWER",
        f"The timeline {name} is built of {schema}, which OpenTimelineIO {otio.__version__} "
        "cannot read.",
        "Export it again for an older version of OpenTimelineIO, or update matchcut.",
        timeline=name,
        schema=schema,
    )


def _with_unknown(node: _Json) -> _Json:
    if isinstance(node, list):
        return [_with_unknown(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    metadata = node.get("metadata")
    entry = metadata.get(KEY) if isinstance(metadata, dict) else None
    entry = node.get(KEY, entry)
    if isinstance(entry, dict):
        return json.loads(entry["json"])
    return {key: _with_unknown(value) for key, value in node.items()}


@lru_cache(maxsize=1024)
def _standing(schema: str) -> _Standing:
    """How OpenTimelineIO takes to a schema, plug-in schemas and old names included."""
    probe = json.dumps({"OTIO_SCHEMA": schema})
    try:
        read = otio.core.deserialize_json_from_string(probe)
    except otio.exceptions.UnsupportedSchemaError:
        return "newer"
    except (KeyError, ValueError):
        # It knows the schema and misses the fields that the probe leaves out.
        return "known"
    unknown = isinstance(read, otio.core.SerializableObject) and read.is_unknown_schema
    return "unknown" if unknown else "known"


def _time_range(node: _Json) -> _Json:
    """The marked range where it is one, else nothing from zero on: the stand-in shows no one."""
    try:
        if isinstance(node, dict):
            read = otio.core.deserialize_json_from_string(json.dumps(node))
            if isinstance(read, otio.opentime.TimeRange):
                return node
    except (KeyError, ValueError, otio.exceptions.OTIOError):
        pass
    zero = {"OTIO_SCHEMA": "RationalTime.1", "rate": 1.0, "value": 0.0}
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": zero, "duration": zero}
