"""The matches as MLT has them: what Kdenlive, Shotcut and melt play.

MLT counts all frames at the rate of the profile, those of the media too, and media from their first
frame, whatever its timecode. A playlist holds entries whose `in` and `out` are inclusive. Rendered
by melt and compared frame by frame: tests/hosts/test_melt.py.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, gcd
from xml.etree.ElementTree import Element

from otio_matchcut.carriers._xml import add
from otio_matchcut.delivery import Delivery
from otio_matchcut.layout import Gridded, on_grid
from otio_matchcut.matches import MatchSide
from otio_matchcut.urls import target_of

_SIZE = (1920, 1080)
BLACK = "black_track"
"""Name of the producer below all tracks."""
EARLY = Fraction(1, 2)
"""Of a media frame's duration, by which it is shown before its time."""


def size_of(delivery: Delivery) -> tuple[int, int]:
    """Width and height of the picture: of the first match's outgoing side, made even."""
    size = (delivery.matches[0].outgoing.size if delivery.matches else None) or _SIZE
    return size[0] + size[0] % 2, size[1] + size[1] % 2


def add_profile(root: Element, size: tuple[int, int], rate: Fraction) -> None:
    """The profile, with square pixels."""
    width, height = size
    common = gcd(width, height)
    add(
        root,
        "profile",
        description=f"{width}x{height} {float(rate):.2f} fps",
        width=str(width),
        height=str(height),
        progressive="1",
        sample_aspect_num="1",
        sample_aspect_den="1",
        display_aspect_num=str(width // common),
        display_aspect_den=str(height // common),
        frame_rate_num=str(rate.numerator),
        frame_rate_den=str(rate.denominator),
        colorspace="709" if height >= 720 else "601",
    )


def add_property(parent: Element, name: str, value: object) -> None:
    """A property of an MLT object."""
    add(parent, "property", value, name=name)


def length_of(side: MatchSide, rate: Fraction) -> int:
    """Frames of the profile that show a file, up to the last that shows its last frame."""
    return max(1, ceil((side.source_frames - EARLY) * rate / side.rate))


def add_media(root: Element, name: str, side: MatchSide, rate: Fraction) -> Element:
    """A producer of a file's picture, without its sound."""
    length = length_of(side, rate)
    producer = add(root, "producer", id=name, **{"in": "0", "out": str(length - 1)})
    add_property(producer, "resource", target_of(side.path))
    add_property(producer, "mlt_service", "avformat-novalidate")
    add_property(producer, "length", length)
    add_property(producer, "eof", "pause")
    add_property(producer, "audio_index", -1)
    add_property(producer, "video_index", 0)
    add_property(producer, "seekable", 1)
    return producer


def add_black(root: Element, length: int) -> None:
    """The track below all others: a blank alone is white."""
    black = add(root, "producer", id=BLACK, **{"in": "0", "out": str(length - 1)})
    for name, value in (
        ("length", 2147483647),
        ("eof", "continue"),
        ("resource", "black"),
        ("aspect_ratio", 1),
        ("mlt_service", "color"),
        ("mlt_image_format", "rgba"),
        ("set.test_audio", 0),
    ):
        add_property(black, name, value)


def add_entries(playlist: Element, delivery: Delivery, names: dict[str, str]) -> list[Element]:
    """The pieces of the matches as entries, with blanks where there is black.

    Args:
        playlist: To which they are added.
        delivery: What was found.
        names: Of the producers, by `target_of` the file's path.
    """
    entries = []
    end = 0
    for gridded in pieces_of(delivery):
        if gridded.start > end:
            add(playlist, "blank", length=str(gridded.start - end))
        span = {"in": str(gridded.source_start), "out": str(gridded.source_end - 1)}
        producer = names[target_of(gridded.piece.side.path)]
        entries.append(add(playlist, "entry", producer=producer, **span))
        end = gridded.end
    return entries


def pieces_of(delivery: Delivery) -> tuple[Gridded, ...]:
    """The pieces on the profile's frames. MLT shows the media frame that is nearest in time."""
    return on_grid(delivery.layout, early=EARLY)


def media_of(delivery: Delivery) -> dict[str, MatchSide]:
    """Each file once, by `target_of` its path, in the order of use."""
    found: dict[str, MatchSide] = {}
    for match in delivery.matches:
        for side in (match.outgoing, match.incoming):
            found.setdefault(target_of(side.path), side)
    return found
