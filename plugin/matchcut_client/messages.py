"""Small messages from plain values, for those who call a `Client`."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from matchcut_api.v1 import library_pb2, match_pb2, media_pb2
from matchcut_client.failing import REQUEST_INVALID, ClientError
from matchcut_client.wire_text import from_wire, to_wire

INT64 = range(-(2**63), 2**63)
"""The whole numbers that a message can carry."""


def whole(number: int) -> int:
    """`number`, which a message can carry.

    Raises:
        ClientError: REQUEST_INVALID, it has more than 64 bits.
    """
    if number not in INT64:
        raise ClientError(
            REQUEST_INVALID,
            f"{number} is too large a number to send to the sidecar.",
            "Give a smaller one.",
            {"number": str(number)},
        )
    return number


def rational(fraction: Fraction) -> media_pb2.Rational:
    """`fraction` as a message.

    Raises:
        ClientError: REQUEST_INVALID, numerator or denominator has more than 64 bits.
    """
    return media_pb2.Rational(
        numerator=whole(fraction.numerator), denominator=whole(fraction.denominator)
    )


def fraction(message: media_pb2.Rational) -> Fraction:
    """The fraction that a message holds.

    Raises:
        ValueError: the denominator is not positive.
    """
    if message.denominator < 1:
        raise ValueError(f"a fraction with denominator {message.denominator} is none")
    return Fraction(message.numerator, message.denominator)


def path_text(path: Path) -> str:
    """`path`, made absolute against this process's folder, as a message carries it."""
    return to_wire(str(path.absolute()))


def text_path(text: str) -> Path:
    """The path that a message's text stands for."""
    return Path(from_wire(text))


def media_query(media: Path, at: str) -> match_pb2.MediaQuery:
    """The shot shown at `at` in a file: a source timecode, or a frame number in digits alone."""
    return match_pb2.MediaQuery(media_path=path_text(media), at=to_wire(at))


def path_map(old: str, new: Path) -> media_pb2.PathMap:
    """A folder as timelines name it (an absolute path, also of Windows), and where it lies."""
    return media_pb2.PathMap(from_prefix=to_wire(old), to_prefix=path_text(new))


def timeline_query(
    timeline: str,
    *,
    base: Path,
    name: str,
    clip: str | None = None,
    at: str | None = None,
    maps: Iterable[media_pb2.PathMap] = (),
) -> match_pb2.TimelineQuery:
    """The shot that a clip of a timeline shows.

    Args:
        timeline: The timeline as OTIO JSON.
        base: Folder that relative media paths start from.
        name: What to call the timeline in messages.
        clip: Name of a video clip; the first of that name is taken.
        at: Record timecode; the topmost visible video clip there is taken. With neither, the first
            clip.
        maps: Folders that lie elsewhere on the sidecar's machine, as `path_map` makes them.
    """
    return match_pb2.TimelineQuery(
        timeline_otio=to_wire(timeline),
        base_path=path_text(base),
        timeline_name=to_wire(name),
        clip=None if clip is None else to_wire(clip),
        at=None if at is None else to_wire(at),
        path_maps=maps,
    )


def cut_list(
    media: Path, text: str, *, base: Path, name: str, maps: Iterable[media_pb2.PathMap] = ()
) -> library_pb2.CutList:
    """Where a film cuts.

    Args:
        media: The film.
        text: A shot list (JSON), a timeline (OTIO JSON) or an EDL.
        base: Folder that relative media paths in it start from.
        name: Its file name; the suffix says what it is.
        maps: Folders that lie elsewhere on the sidecar's machine, as `path_map` makes them.
    """
    return library_pb2.CutList(
        media_path=path_text(media),
        text=to_wire(text),
        base_path=path_text(base),
        name=to_wire(name),
        path_maps=maps,
    )
