"""A Kdenlive project of the matches: clips in its bin, a sequence, and a guide at each cut.

The shape is that of projects which Kdenlive 22.11 wrote: a `main_bin` with the clips and the
document's properties, tracks as a tractor of two playlists each, and the tractor that mixes them
last. Newer versions open it and convert it.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from otio_matchcut.candidates import comment_at_cut
from otio_matchcut.carriers import _mlt
from otio_matchcut.carriers._guides import categories, guide, text_of
from otio_matchcut.carriers._text import one_line
from otio_matchcut.carriers._xml import add, document
from otio_matchcut.delivery import Carrier, Delivery
from otio_matchcut.entries import digest, match_id
from otio_matchcut.urls import target_of


def write(delivery: Delivery) -> bytes:
    """The project."""
    rate = delivery.layout.rate
    root = Element("mlt", LC_NUMERIC="C", version="7.12.0", producer="main_bin")
    _mlt.add_profile(root, _mlt.size_of(delivery), rate)
    names: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for number, (target, side) in enumerate(_mlt.media_of(delivery).items(), 2):
        names[target], numbers[target] = f"producer{number}", number
        producer = _mlt.add_media(root, names[target], side, rate)
        _mlt.add_property(producer, "kdenlive:clipname", side.name)
        _mlt.add_property(producer, "kdenlive:folderid", -1)
        _mlt.add_property(producer, "kdenlive:id", number)
    _bin(root, delivery, names)
    length = max((piece.end for piece in _mlt.pieces_of(delivery)), default=1)
    _mlt.add_black(root, length)
    playlist = add(root, "playlist", id="playlist0")
    entries = _mlt.add_entries(playlist, delivery, names)
    for entry, gridded in zip(entries, _mlt.pieces_of(delivery), strict=True):
        _mlt.add_property(entry, "kdenlive:id", numbers[target_of(gridded.piece.side.path)])
    add(root, "playlist", id="playlist1")
    track = add(root, "tractor", id="tractor0")
    _mlt.add_property(track, "kdenlive:track_name", "Matches")
    _mlt.add_property(track, "kdenlive:trackheight", 69)
    for playlist_id in ("playlist0", "playlist1"):
        add(track, "track", hide="audio", producer=playlist_id)
    _main(root, length)
    return document(root)


def _bin(root: Element, delivery: Delivery, names: dict[str, str]) -> None:
    holder = add(root, "playlist", id="main_bin")
    size = _mlt.size_of(delivery)
    guides = (
        guide(
            piece.start,
            one_line(f"{piece.piece.match.label}. {comment_at_cut(piece.piece.match)}"),
            piece.piece.match.marker_color,
        )
        for piece in _mlt.pieces_of(delivery)
        if piece.piece.which == "incoming"
    )
    for name, value in (
        ("kdenliveversion", "22.12.3"),
        ("version", "1.04"),
        ("documentid", int(digest(delivery.name, *map(match_id, delivery.matches))[:11], 16)),
        ("position", 0),
        ("activeTrack", 0),
        ("zoom", 6),
        ("enableproxy", 0),
        ("guidesCategories", categories()),
        ("guides", text_of(guides)),
    ):
        _mlt.add_property(holder, f"kdenlive:docproperties.{name}", value)
    _mlt.add_property(holder, "kdenlive:documentnotes", f"{delivery.name}, {size[0]}x{size[1]}")
    _mlt.add_property(holder, "xml_retain", 1)
    rate = delivery.layout.rate
    for target, side in _mlt.media_of(delivery).items():
        last = str(_mlt.length_of(side, rate) - 1)
        add(holder, "entry", producer=names[target], **{"in": "0", "out": last})


def _main(root: Element, length: int) -> None:
    main = add(root, "tractor", id="tractor1", **{"in": "0", "out": str(length - 1)})
    add(main, "track", producer=_mlt.BLACK)
    add(main, "track", producer="tractor0")


CARRIER = Carrier(
    name="kdenlive-project",
    suffix=".kdenlive",
    label="a project with the matches in its bin and as a sequence",
    hosts={"kdenlive": "File > Open."},
    carries="clips in the bin, cuts to the frame, a guide at each cut with comment and category",
    loses="sound, reframing (in words only)",
    write=write,
)
