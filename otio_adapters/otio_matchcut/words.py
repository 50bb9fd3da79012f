"""Our markers in the words of the hosts that keep a marker's text elsewhere than OpenTimelineIO.

Resolve shows `Resolve_OTIO.Note` of a marker, as its own exports hold it. The importer of Hiero and
Nuke Studio makes a tag of a marker and takes the tag's metadata from under `Hiero`
(apetrynet/hiero-otio, which Foundry's goes back to). Hosts leave the words of others alone.
"""

from __future__ import annotations

import opentimelineio as otio
from opentimelineio.schema import Timeline

from otio_matchcut.entries import our_entry


def with_words(timeline: Timeline) -> Timeline:
    """A copy of the timeline; only markers of ours differ."""
    made = timeline.deepcopy()
    for item in (made.tracks, *made.tracks.find_children(descended_from_type=otio.core.Item)):
        for marker in item.markers:
            if our_entry(marker) is not None:
                marker.metadata["Resolve_OTIO"] = {"Keywords": [], "Note": marker.comment}
                marker.metadata["Hiero"] = {"note": marker.comment}
    return made
