"""A hook: whatever adapter writes a timeline with markers of ours, hosts find their words in it."""

from __future__ import annotations

from collections.abc import Mapping

from opentimelineio.schema import Timeline

from otio_matchcut.words import with_words


def hook_function(in_timeline: object, argument_map: Mapping[str, object] | None = None) -> object:
    """A copy with the words of hosts; anything but a timeline as it is."""
    return with_words(in_timeline) if isinstance(in_timeline, Timeline) else in_timeline
