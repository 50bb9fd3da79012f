"""The matches as an OpenTimelineIO timeline to play, in the shape that Resolve demands.

Source ranges are in the media's own timecode and the media's whole range is stated, paths are bare
and names one of a kind; see `candidates`. What was measured of Resolve's import: docs/otio.md.
"""

from __future__ import annotations

from otio_matchcut.candidates import matches_timeline
from otio_matchcut.carriers._otio import written
from otio_matchcut.delivery import Carrier, Delivery


def write(delivery: Delivery) -> bytes:
    """OTIO JSON in UTF-8."""
    name = f"{delivery.name} matches"
    return written(matches_timeline(delivery.matches, name), name)


_RESOLVE = (
    "File > Import > Timeline, with 'Automatically import source clips into media pool' ticked."
)

CARRIER = Carrier(
    name="otio-matches",
    suffix=".matches.otio",
    label="a sequence of the matches, one after another",
    hosts={
        "any": "Import it in an application that reads OpenTimelineIO.",
        "blender": "File > Import > OpenTimelineIO, in a Blender that has it; else our extension.",
        "hiero": "Right-click in a project bin > Import > Import OTIO (Nuke Studio and Hiero).",
        "kdenlive": "File > OpenTimelineIO Import (25.04 or later).",
        "premiere": "File > Import (25.6 or later); this one brings the reframing.",
        "resolve": _RESOLVE,
        "resolve-free": _RESOLVE,
    },
    carries="cuts, handles, markers with colour and comment, reframing",
    loses="sound; the markers or the reframing where the host does not read them",
    write=write,
)
