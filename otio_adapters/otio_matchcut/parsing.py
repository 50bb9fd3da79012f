"""OTIO JSON as timelines; what is none is refused in one sentence.

Objects of an unknown schema are kept (see `kept`); `writing.write` puts them back.
"""

from __future__ import annotations

import json
import re

import opentimelineio as otio
from opentimelineio.schema import Timeline

from otio_matchcut import kept
from otio_matchcut.decimals import respelled
from otio_matchcut.errors import TimelineError

DEEPEST = 400
"""How deep a timeline's JSON may nest: a hundred nested sequences. OpenTimelineIO's parser has no
limit of its own and ends the process where the stack does."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_LINE = re.compile(r"line (\d+)")


def parse(text: str, name: str) -> Timeline:
    """The timeline in a JSON text.

    Args:
        text: OTIO JSON.
        name: What to call the timeline in messages: its path, or the host's name for it.

    Raises:
        TimelineError: TIMELINE_UNREADABLE or TIMELINE_NEWER.
    """
    return whole(parse_anything(text, name), name)


def whole(read: object, name: str) -> Timeline:
    """What was read, which must be a timeline that has tracks.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, it is something else, in words.
    """
    if not isinstance(read, Timeline):
        raise _not_a_timeline(read, name)
    if read.tracks is None:
        raise unreadable(name, "it has no tracks, not even an empty list of them")
    return read


def parse_anything(text: str, name: str) -> object:
    """Whatever a JSON text holds that OpenTimelineIO can read: a timeline, a clip, a bin.

    Raises:
        TimelineError: as `parse`.
    """
    _check(text, name)
    text = respelled(text)
    stood_in = _with_stand_ins(text, name) if kept.holds_huge_numbers(text) else None
    try:
        return otio.core.deserialize_json_from_string(stood_in or text)
    except (ValueError, KeyError, otio.exceptions.OTIOError) as error:
        stood_in = stood_in or _with_stand_ins(text, name)
        if stood_in is None:
            raise unreadable(name, _in_words(error)) from error
        try:
            return otio.core.deserialize_json_from_string(stood_in)
        except (ValueError, KeyError, otio.exceptions.OTIOError) as second:
            raise unreadable(name, _in_words(second)) from second


def _check(text: str, name: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise unreadable(name, "it holds characters that no file can hold") from None
    depth = 0
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
            if depth > DEEPEST:
                raise unreadable(name, f"its parts are nested more than {DEEPEST} deep")
        elif mark in "]}":
            depth -= 1


def _with_stand_ins(text: str, name: str) -> str | None:
    try:
        stood_in = kept.set_aside(text, name)
        return None if stood_in is None else respelled(stood_in)
    except json.JSONDecodeError as error:
        if not text.strip():
            why = "it is empty"
        elif error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated"):
            why = "it ends in the middle: it was cut short"
        else:
            why = f"it is not JSON (line {error.lineno}, column {error.colno})"
        raise unreadable(name, why) from None


def _in_words(error: Exception) -> str:
    line = _LINE.search(str(error))
    # With stand-ins the text is one line, and its number says nothing about the file.
    where = f" (near line {line[1]})" if line and line[1] != "1" else ""
    if isinstance(error, KeyError):
        return f"a part of it lacks what OpenTimelineIO demands{where}"
    return f"a part of it is not what OpenTimelineIO allows there{where}"


def _not_a_timeline(read: object, name: str) -> TimelineError:
    if isinstance(read, otio.schema.SerializableCollection):
        inside = sum(isinstance(entry, Timeline) for entry in read)
        kind = f"a collection (a bin) with {inside} timeline(s) in it"
    elif isinstance(read, otio.core.SerializableObject) and read.is_unknown_schema:
        kind = "an object of a schema that OpenTimelineIO does not know"
    elif isinstance(read, otio.core.SerializableObject):
        kind = f"a single {read.schema_name()}"
    else:
        kind = "JSON of another sort"
    return TimelineError(
        "TIMELINE_UNREADABLE",
        f"{name} holds {kind}, not a timeline.",
        "Export the timeline itself from the editing application as OpenTimelineIO (.otio).",
        timeline=name,
        why=f"it holds {kind}, not a timeline",
    )


def unreadable(name: str, why: str) -> TimelineError:
    """What is said of a timeline that cannot be read: the name, why in words, what to do."""
    return TimelineError(
        "TIMELINE_UNREADABLE",
        f"The timeline {name} cannot be read: {why}.",
        "Export it again from the editing application as OpenTimelineIO (.otio).",
        timeline=name,
        why=why,
    )
