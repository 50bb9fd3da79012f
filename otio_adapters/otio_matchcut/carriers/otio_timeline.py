"""The editor's own timeline with our markers on it, and nothing else changed."""

from __future__ import annotations

from otio_matchcut.carriers._otio import written
from otio_matchcut.delivery import Carrier, Delivery


def write(delivery: Delivery) -> bytes:
    """OTIO JSON in UTF-8, under another name, so that it can be imported beside the original."""
    edited = delivery.edited
    assert edited is not None, "the card says that it needs a timeline"
    return written(edited.timeline, f"{edited.timeline.name or delivery.name} with matches")


_RESOLVE = "File > Import > Timeline, into the project that holds its media."

CARRIER = Carrier(
    name="otio-timeline",
    suffix=".marked.otio",
    label="the timeline that was asked about, with markers",
    hosts={
        "any": "Import it in an application that reads OpenTimelineIO.",
        "hiero": "Right-click in a project bin > Import > Import OTIO; the markers are tags.",
        "resolve": _RESOLVE,
        "resolve-free": _RESOLVE,
    },
    carries="all of the timeline that the host exported, and a marker a match with all of it",
    loses="what the host itself loses by exporting and importing OpenTimelineIO",
    write=write,
    needs_timeline=True,
)
