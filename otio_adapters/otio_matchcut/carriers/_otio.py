"""OpenTimelineIO for hosts: their words on our markers, and a name of its own."""

from __future__ import annotations

from opentimelineio.schema import Timeline

from otio_matchcut.words import with_words
from otio_matchcut.writing import text_of


def written(timeline: Timeline, name: str) -> bytes:
    """The timeline under a name, as OTIO JSON in UTF-8."""
    made = with_words(timeline)
    made.name = name
    return text_of(made).encode()
