"""Markers for DaVinci Resolve as the EDL that it exports and imports timeline markers by.

An event a marker, a frame long, and under it a line `note |C:colour |M:name |D:frames`. It is the
one way to markers on an open timeline that the free edition has. The shape was read from public
writers; it was not run in Resolve.
"""

from __future__ import annotations

from otio_matchcut.carriers._text import one_line
from otio_matchcut.delivery import Carrier, Delivery
from otio_matchcut.marks import one_a_frame

_COLORS = {
    "PINK": "Pink",
    "RED": "Red",
    "ORANGE": "Sand",
    "YELLOW": "Yellow",
    "GREEN": "Green",
    "CYAN": "Cyan",
    "BLUE": "Blue",
    "PURPLE": "Purple",
    "MAGENTA": "Fuchsia",
    "BLACK": "Cocoa",
    "WHITE": "Cream",
}
"""By OTIO's name; Resolve has sixteen of its own, none of them orange, black or white."""


def write(delivery: Delivery) -> bytes:
    """An event for each marker on the editor's timeline, in record timecode."""
    edited = delivery.edited
    assert edited is not None, "the card says that it needs a timeline"
    mode = "DROP FRAME" if edited.drop_frame else "NON-DROP FRAME"
    text = f"TITLE: {_plain(delivery.name)}\nFCM: {mode}\n\n"
    for number, (frame, mark) in enumerate(one_a_frame(delivery.marks), 1):
        first, last = edited.timecode(frame), edited.timecode(frame + 1)
        color = _COLORS.get(mark.match.marker_color, "Blue")
        text += (
            f"{number:03d}  001      V     C        {first} {last} {first} {last}  \n"
            f"{_plain(mark.comment)} |C:ResolveColor{color} |M:{_plain(mark.name)} |D:1\n\n"
        )
    return text.encode()


def _plain(text: str) -> str:
    return one_line(text.replace("|", "/"))


_HOW = (
    "Right-click the timeline in the media pool, then Timelines > Import > Timeline Markers from "
    "EDL."
)

CARRIER = Carrier(
    name="resolve-markers",
    suffix=".markers.edl",
    label="markers for the open timeline that was asked about",
    hosts={"resolve": _HOW, "resolve-free": _HOW},
    carries="record timecode, colour of sixteen, name, comment",
    loses="all else; markers at one frame stand side by side",
    write=write,
    needs_timeline=True,
)
