"""Final Cut Pro 7's XML for Premiere Pro: a bin of the clips, and a sequence of the matches.

Frames of a clip count from 0 at its own rate, frames of the sequence at the sequence's; NTSC rates
are a whole timebase and `ntsc` TRUE; a marker is placed in the media of its clip. So it is in the
exports of Premiere that were looked at. The adapter of OpenTimelineIO was measured and is not used:
decision 27.
"""

from __future__ import annotations

import math
from fractions import Fraction
from xml.etree.ElementTree import Element

from otio_matchcut.candidates import clip_name, comment_at_cut
from otio_matchcut.carriers._xml import add, document
from otio_matchcut.clock import timecode_of_frame
from otio_matchcut.delivery import Carrier, Delivery
from otio_matchcut.layout import Gridded, Layout, Piece, on_grid
from otio_matchcut.matches import MatchSide
from otio_matchcut.urls import text_of_name, url_of

_LABELS = {
    "PINK": "Rose",
    "RED": "Rose",
    "ORANGE": "Mango",
    "YELLOW": "Yellow",
    "GREEN": "Forest",
    "CYAN": "Caribbean",
    "BLUE": "Cerulean",
    "PURPLE": "Violet",
    "MAGENTA": "Magenta",
    "BLACK": "Brown",
    "WHITE": "Lavender",
}
"""Premiere's label colours by OTIO's name, as its preferences call them."""
_SIZE = (1920, 1080)


def write(delivery: Delivery) -> bytes:
    """A project of a sequence and a bin."""
    layout = delivery.layout
    root = Element("xmeml", version="4")
    project = add(root, "project")
    add(project, "name", delivery.name)
    children = add(project, "children")
    files: dict[str, str] = {}
    # Readers that skip bins must find each file in full in the sequence, so it comes first.
    _sequence(children, delivery, layout, files)
    holder = add(children, "bin")
    add(holder, "name", f"{delivery.name} matches")
    inside = add(holder, "children")
    for number, piece in enumerate(layout.pieces, 1):
        _clip(inside, piece, number, files)
    return document(root, "<!DOCTYPE xmeml>")


def _clip(parent: Element, piece: Piece, number: int, files: dict[str, str]) -> None:
    """A clip of the bin: the whole file, with its in and out points set."""
    clip = add(parent, "clip", id=f"masterclip-{number}")
    add(clip, "name", clip_name(piece))
    add(clip, "duration", piece.side.source_frames)
    _rate(clip, piece.side.rate)
    add(clip, "in", piece.start)
    add(clip, "out", piece.end)
    add(clip, "masterclipid", f"masterclip-{number}")
    add(clip, "ismasterclip", "TRUE")
    item = add(add(add(add(clip, "media"), "video"), "track"), "clipitem", id=f"bin-item-{number}")
    add(item, "masterclipid", f"masterclip-{number}")
    add(item, "name", clip_name(piece))
    _rate(item, piece.side.rate)
    _file(item, piece.side, files)
    _said(clip, piece)


def _sequence(parent: Element, delivery: Delivery, layout: Layout, files: dict[str, str]) -> None:
    pieces = on_grid(layout)
    sequence = add(parent, "sequence", id="sequence-1")
    add(sequence, "name", f"{delivery.name} matches")
    add(sequence, "duration", pieces[-1].end if pieces else 0)
    _rate(sequence, layout.rate)
    _timecode(sequence, layout.first_frame, layout.rate, drop_frame=False)
    video = add(add(sequence, "media"), "video")
    size = (delivery.matches[0].outgoing.size if delivery.matches else None) or _SIZE
    sample = add(add(video, "format"), "samplecharacteristics")
    _rate(sample, layout.rate)
    add(sample, "width", size[0])
    add(sample, "height", size[1])
    add(sample, "anamorphic", "FALSE")
    add(sample, "pixelaspectratio", "square")
    add(sample, "fielddominance", "none")
    track = add(video, "track")
    for number, gridded in enumerate(pieces, 1):
        _item(track, gridded, number, files)
    for gridded in pieces:
        if gridded.piece.which == "incoming":
            _marker(sequence, gridded.piece, gridded.start)


def _item(track: Element, gridded: Gridded, number: int, files: dict[str, str]) -> None:
    piece = gridded.piece
    item = add(track, "clipitem", id=f"clipitem-{number}")
    add(item, "masterclipid", f"masterclip-{number}")
    add(item, "name", clip_name(piece))
    add(item, "enabled", "TRUE")
    add(item, "duration", piece.side.source_frames)
    _rate(item, piece.side.rate)
    add(item, "start", gridded.start)
    add(item, "end", gridded.end)
    add(item, "in", piece.start)
    add(item, "out", piece.end)
    _file(item, piece.side, files)
    _said(item, piece)


def _said(parent: Element, piece: Piece) -> None:
    """What a clip shows of its match: the marker at the cut, the label, the comment."""
    if piece.which == "incoming":
        _marker(parent, piece, piece.start)
    add(add(parent, "labels"), "label2", _LABELS.get(piece.match.marker_color, "Iris"))
    comments = add(parent, "comments")
    add(comments, "mastercomment1", piece.match.label)
    add(comments, "mastercomment2", comment_at_cut(piece.match))


def _marker(parent: Element, piece: Piece, frame: int) -> None:
    marker = add(parent, "marker")
    add(marker, "comment", comment_at_cut(piece.match))
    add(marker, "name", piece.match.label)
    add(marker, "in", frame)
    add(marker, "out", -1)


def _file(parent: Element, side: MatchSide, files: dict[str, str]) -> None:
    """The media: in full the first time, then by its id."""
    url = url_of(side.path)
    if url in files:
        add(parent, "file", id=files[url])
        return
    files[url] = f"file-{len(files) + 1}"
    file = add(parent, "file", id=files[url])
    add(file, "name", text_of_name(side.name))
    add(file, "pathurl", url.replace("file:///", "file://localhost/", 1))
    _rate(file, side.rate)
    add(file, "duration", side.source_frames)
    _timecode(file, side.start_timecode_frame, side.rate, drop_frame=side.drop_frame)
    video = add(add(file, "media"), "video")
    if side.size is not None:
        sample = add(video, "samplecharacteristics")
        add(sample, "width", side.size[0])
        add(sample, "height", side.size[1])


def _timecode(parent: Element, frame: int, rate: Fraction, *, drop_frame: bool) -> None:
    timecode = add(parent, "timecode")
    _rate(timecode, rate)
    add(timecode, "string", timecode_of_frame(frame, rate, drop_frame=drop_frame))
    add(timecode, "frame", frame)
    add(timecode, "displayformat", "DF" if drop_frame else "NDF")


def _rate(parent: Element, rate: Fraction) -> None:
    element = add(parent, "rate")
    add(element, "timebase", math.floor(rate + Fraction(1, 2)))
    add(element, "ntsc", "TRUE" if rate.denominator == 1001 else "FALSE")


CARRIER = Carrier(
    name="fcp7-xml",
    suffix=".xml",
    label="a bin of the clips, and a sequence of the matches",
    hosts={
        "any": "Import it in an application that reads Final Cut Pro 7's XML.",
        "premiere": "File > Import; a bin with the clips and the sequence appears.",
    },
    carries="a bin, cuts, handles, source timecode, markers with comment, colour as label",
    loses="sound, the marker's colour, reframing (in words only)",
    write=write,
)
