"""Markers for Avid Media Composer, as its Markers window imports them.

One a line, tab-separated: who, record timecode, track, colour, comment, length in frames. Public
writers of the format agree on it (adamhawkey/EDL_tools, MCMarkerMaker); it was not run in Avid.
"""

from __future__ import annotations

from otio_matchcut.carriers._text import one_line
from otio_matchcut.delivery import Carrier, Delivery

_COLORS = {
    "PINK": "magenta",
    "RED": "red",
    "ORANGE": "red",
    "YELLOW": "yellow",
    "GREEN": "green",
    "CYAN": "cyan",
    "BLUE": "blue",
    "PURPLE": "magenta",
    "MAGENTA": "magenta",
    "BLACK": "black",
    "WHITE": "white",
}
"""By OTIO's name; Avid has eight."""


def write(delivery: Delivery) -> bytes:
    """A line for each marker on the editor's timeline."""
    edited = delivery.edited
    assert edited is not None, "the card says that it needs a timeline"
    lines = [
        "\t".join(
            (
                "matchcut",
                edited.timecode(mark.frame),
                f"V{mark.track}",
                _COLORS.get(mark.match.marker_color, "green"),
                one_line(f"{mark.name}. {mark.comment}"),
                "1",
            )
        )
        for mark in delivery.marks
    ]
    return "".join(f"{line}\n" for line in lines).encode()


CARRIER = Carrier(
    name="avid-markers",
    suffix=".markers.txt",
    label="markers for the sequence that was asked about",
    hosts={
        "avid": "Open the sequence, then Tools > Markers; in that window's menu, Import Markers."
    },
    carries="record timecode, track, colour of eight, rank, score and comment",
    loses="all else; a marker of the last import stays beside the new one",
    write=write,
    needs_timeline=True,
)
