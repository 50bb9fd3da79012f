"""Files as sources of pieces: as pictures, as stills, as sound."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from xml.etree.ElementTree import Element

from otio_matchcut.readers._fcpxml.document import Document
from otio_matchcut.readers._fcpxml.pieces import Media, Nothing, Piece, Timeline

_RATE = re.compile("[1-9][0-9]{3,6}")
_ZERO = Fraction(0)


def filmed(
    document: Document, frame: Fraction, asset: Element, piece: Piece, *, sound: bool
) -> Piece:
    """The piece as it shows a file, or its sound where that is asked for or all that it has.

    Args:
        document: Which holds both.
        frame: Seconds a frame of the timeline, for a still, which has none.
        asset: The file.
        piece: Without a source yet.
        sound: Whether it is heard only.
    """
    if sound or (asset.get("hasVideo") != "1" and asset.get("hasAudio") == "1"):
        return replace(piece, source=Media(asset, _sound_rate(asset), sound=True))
    own = document.frame(asset.get("format"))
    if own is None or document.time(asset, "duration") == 0:
        # A still has one frame, at no time of its own.
        still = Media(asset, 1 / frame, sound=False, still=True)
        marks = tuple(mark.moved(-piece.at) for mark in piece.marks)
        return replace(piece, source=still, at=_ZERO, speed=_ZERO, unknown="", marks=marks)
    return replace(piece, source=Media(asset, 1 / own, sound=False))


def _sound_rate(asset: Element) -> Fraction:
    written = asset.get("audioRate", "")
    known = _RATE.fullmatch(written)
    return Fraction(written) if known else Fraction(48000)


def as_pictures(timeline: Timeline) -> Timeline:
    """What is seen of a timeline: without the storylines that are heard only."""
    runs = (run for run in timeline.runs if not all(piece.sound for piece in run.pieces))
    return replace(timeline, runs=tuple(runs))


def as_sound(timeline: Timeline) -> Timeline:
    """What is heard of a timeline: media as their sound, gaps in place of what has none."""
    return replace(
        timeline,
        runs=tuple(
            replace(run, pieces=tuple(_heard(piece) for piece in run.pieces))
            for run in timeline.runs
        ),
    )


def _heard(piece: Piece) -> Piece:
    source = piece.source
    if isinstance(source, Timeline):
        return replace(piece, source=as_sound(source))
    if isinstance(source, Media) and source.asset.get("hasAudio") == "1":
        sound = Media(source.asset, _sound_rate(source.asset), sound=True)
        return replace(piece, source=sound)
    return replace(piece, source=Nothing())
