"""One adapter for each carrier: OpenTimelineIO runs this file under the name of each."""

from __future__ import annotations

import opentimelineio as otio

from otio_matchcut.carriers import carriers
from otio_matchcut.delivery import Delivery
from otio_matchcut.errors import TimelineError
from otio_matchcut.marks import edited, is_editors, matches_in

_CARRIER = __name__.rpartition(".matchcut_")[2].replace("_", "-")


def write_to_string(
    input_otio: otio.schema.Timeline, name: str | None = None, drop_frame: bool | None = None
) -> str:
    """What the carrier makes of a timeline with markers of ours.

    Args:
        input_otio: A timeline of candidates, or an editor's own with our markers.
        name: What to call the result in the application; the timeline's own name without.
        drop_frame: Whether the editor's timeline counts so; told from its start without.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, it holds no marker of ours; CLIP_NOT_FOUND, the format
            is one of markers on an editor's timeline, and this one is none.
    """
    carrier = carriers()[_CARRIER]
    matches = matches_in(input_otio)
    if not matches:
        raise TimelineError(
            "TIMELINE_UNREADABLE",
            f"The timeline '{input_otio.name}' holds no candidate of ours.",
            "Write one that `matchcut find -o` or `matchcut scan -o` has made.",
            timeline=input_otio.name,
        )
    asked = edited(input_otio, drop_frame=drop_frame) if is_editors(input_otio) else None
    if carrier.needs_timeline and asked is None:
        raise TimelineError(
            "CLIP_NOT_FOUND",
            f"'{carrier.name}' writes markers for an editor's timeline, and "
            f"'{input_otio.name}' is one of candidates.",
            "Write the timeline that `matchcut find --timeline … -o` has marked.",
            timeline=input_otio.name,
        )
    delivery = Delivery(name or input_otio.name or "matches", matches, asked)
    return carrier.write(delivery).decode()
