"""Parts of an FCPXML document: resources, times, texts and transforms as Final Cut takes them."""

from __future__ import annotations

import os
from fractions import Fraction
from itertools import count
from pathlib import Path, PureWindowsPath
from xml.etree.ElementTree import Element

from otio_matchcut.carriers._text import one_line
from otio_matchcut.carriers._xml import add, clean
from otio_matchcut.layout import Piece
from otio_matchcut.matches import MatchSide
from otio_matchcut.urls import text_of_name, url_of

Size = tuple[int, int]
"""Width and height in square pixels."""
_FINEST = 2**31 - 1
"""Denominators of times have 32 bits."""


class Resources:
    """The formats and assets of a document, each once, and their ids."""

    def __init__(self, parent: Element) -> None:
        self.element = add(parent, "resources")
        self._ids = (f"r{number}" for number in count(1))
        self._known: dict[object, str] = {}

    def format(self, rate: Fraction, size: tuple[int, int] | None) -> str:
        """The id of a format."""
        key = (rate, size)
        if key not in self._known:
            self._known[key] = next(self._ids)
            shape = {"width": str(size[0]), "height": str(size[1])} if size else {}
            frame = time_said(1 / rate)
            add(self.element, "format", id=self._known[key], frameDuration=frame, **shape)
        return self._known[key]

    def asset(self, side: MatchSide) -> str:
        """The id of a file."""
        key = side.path
        if key not in self._known:
            film = self.format(side.rate, side.size)
            self._known[key] = next(self._ids)
            asset = add(
                self.element,
                "asset",
                id=self._known[key],
                name=plain(text_of_name(side.name)),
                start=time_said(begin_of(side)),
                duration=time_said(side.source_frames / side.rate),
                hasVideo="1",
                format=film,
                videoSources="1",
            )
            add(asset, "media-rep", kind="original-media", src=url_of(_absolute(side.path)))
        return self._known[key]


def begin_of(side: MatchSide) -> Fraction:
    """Seconds of the media's timecode at its first frame."""
    return side.start_timecode_frame / side.rate


def _absolute(path: Path) -> Path:
    # As a text: from a path of this system, Python 3.11 takes the parts alone.
    return path if PureWindowsPath(os.fspath(path)).is_absolute() else path.absolute()


def add_reframing(clip: Element, piece: Piece, screen: Size) -> None:
    """The transform of a clip that is to be reframed, where Apple's document leaves no doubt.

    It counts in percent of the frame's height, to the right and up, counter-clockwise. A flop is no
    part of it, and whose height counts where film and project differ in size it does not say.
    """
    moved = piece.match.reframing
    if moved is None or moved.side != piece.which or moved.flop or piece.side.size != screen:
        return
    width, height = screen
    # The reframing counts in widths of the 16:9 screen around the picture.
    percent = 100 * max(Fraction(width, height), Fraction(16, 9))
    add(
        clip,
        "adjust-transform",
        position=f"{_number(moved.right * percent)} {_number(-moved.down * percent)}",
        scale=f"{_number(moved.scale)} {_number(moved.scale)}",
        rotation=_number(-moved.rotation),
    )


def _number(value: float) -> str:
    return f"{round(value, 4) + 0.0:g}"


def plain(text: str) -> str:
    """A text on one line, `?` in place of what XML cannot hold."""
    return clean(one_line(text))


def time_said(seconds: Fraction) -> str:
    """As Final Cut writes it: `1001/24000s`, `5s`."""
    if seconds.denominator > _FINEST:
        seconds = Fraction(round(seconds * 720_000), 720_000)
    return f"{seconds}s"
