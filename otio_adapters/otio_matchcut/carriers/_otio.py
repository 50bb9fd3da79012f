"""OpenTimelineIO with our markers in the words of the hosts that keep a marker's text elsewhere.

Resolve shows `Resolve_OTIO.Note` of a marker, as its own exports hold it. The importer of Hiero and
Nuke Studio makes a tag of a marker and takes the tag's metadata from under `Hiero`
(apetrynet/hiero-otio, which Foundry's goes back to). Hosts leave the words of others alone.
"""

from __future__ import annotations

import opentimelineio as otio
from opentimelineio.schema import Timeline

from otio_matchcut.entries import our_entry
from otio_matchcut.writing import text_of


def written(timeline: Timeline, name: str) -> bytes:
    """A copy of the timeline under another name, its markers of ours with the hosts' words."""
    made = timeline.deepcopy()
    made.name = name
    for item in (made.tracks, *made.tracks.find_children(descended_from_type=otio.core.Item)):
        for marker in item.markers:
            if our_entry(marker) is not None:
                marker.metadata["Resolve_OTIO"] = {"Keywords": [], "Note": marker.comment}
                marker.metadata["Hiero"] = {"note": marker.comment}
    return text_of(made).encode()
