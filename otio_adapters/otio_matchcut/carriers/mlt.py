"""The matches for MLT: to play with melt, or to open in Shotcut."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from otio_matchcut.carriers import _mlt
from otio_matchcut.carriers._xml import add, document
from otio_matchcut.delivery import Carrier, Delivery


def write(delivery: Delivery) -> bytes:
    """One track of pictures, black between two matches."""
    rate = delivery.layout.rate
    title = f"{delivery.name} matches"
    root = Element("mlt", LC_NUMERIC="C", version="7.0.0", producer="matches")
    root.set("title", title)
    _mlt.add_profile(root, _mlt.size_of(delivery), rate)
    names = {}
    for number, (target, side) in enumerate(_mlt.media_of(delivery).items(), 1):
        names[target] = f"media{number}"
        _mlt.add_media(root, names[target], side, rate)
    playlist = add(root, "playlist", id="track")
    entries = _mlt.add_entries(playlist, delivery, names)
    for entry, gridded in zip(entries, _mlt.pieces_of(delivery), strict=True):
        match = gridded.piece.match
        caption = f"{gridded.piece.name} {match.flavor} {match.score:.3f} {gridded.piece.side.name}"
        _mlt.add_property(entry, "shotcut:caption", caption)
    length = max((piece.end for piece in _mlt.pieces_of(delivery)), default=1)
    _mlt.add_black(root, length)
    tractor = add(root, "tractor", id="matches", **{"in": "0", "out": str(length - 1)})
    _mlt.add_property(tractor, "shotcut", 1)
    add(tractor, "track", producer=_mlt.BLACK)
    add(tractor, "track", producer="track", hide="audio")
    return document(root)


CARRIER = Carrier(
    name="mlt",
    suffix=".mlt",
    label="a sequence of the matches for MLT",
    hosts={"any": "Play it with melt, or open it in Shotcut with File > Open."},
    carries="cuts to the frame, black between the matches",
    loses="handles, markers, reframing, sound",
    write=write,
)
