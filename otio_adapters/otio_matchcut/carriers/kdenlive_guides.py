"""Guides for the project that is open in Kdenlive, as its Guides panel imports them."""

from __future__ import annotations

from otio_matchcut.carriers._guides import guide, text_of
from otio_matchcut.carriers._text import one_line
from otio_matchcut.delivery import Carrier, Delivery
from otio_matchcut.marks import one_a_frame


def write(delivery: Delivery) -> bytes:
    """A guide for each marker on the editor's timeline, from its first frame on."""
    edited = delivery.edited
    assert edited is not None, "the card says that it needs a timeline"
    guides = (
        guide(
            frame - edited.first_frame,
            one_line(f"{mark.name}. {mark.comment}"),
            mark.match.marker_color,
        )
        for frame, mark in one_a_frame(delivery.marks)
    )
    return (text_of(guides) + "\n").encode()


CARRIER = Carrier(
    name="kdenlive-guides",
    suffix=".guides.json",
    label="guides for the open project that was asked about",
    hosts={"kdenlive": "Open the project, then View > Guides; in its menu, Import."},
    carries="position, comment, category by colour",
    loses="all else; guides at one frame stand side by side",
    write=write,
    needs_timeline=True,
)
