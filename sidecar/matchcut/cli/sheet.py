"""The contact sheet: one self-contained page that a person can judge at a glance."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from matchcut.errors import MediaError, NotFoundError
from matchcut.types import Candidate, MatchSet, Picture, Side

JPEG_QUALITY = 82


@dataclass(frozen=True, slots=True)
class _Pair:
    """A candidate as the page shows it; a picture that cannot be had is a sentence instead."""

    candidate: Candidate
    outgoing: str
    """Data URL of the last frame of A, or empty."""
    incoming: str
    """Data URL of the first frame of B, or empty."""
    reason: str
    """Data URL of the picture that says why, or empty."""
    missing: str
    """Why there are no pictures, or empty."""


def write_sheet(found: MatchSet, library: Path, output: Path) -> None:
    """Writes the page, complete or not at all; media that is offline leaves a sentence.

    Cost: one seek and a few decoded frames a side.

    Raises:
        TimelineRefused: the file cannot be written.
        DiskFull: there is no room for it.
    """
    from jinja2 import Environment, StrictUndefined

    from matchcut.engine.timelines import timeline_errors
    from otio_matchcut.writing import write_text

    pairs = [_pair(candidate, library) for candidate in found.candidates]
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    template = environment.from_string(
        files("matchcut.cli").joinpath("sheet.html.j2").read_text(encoding="utf-8")
    )
    page = template.render(
        title=output.stem, found=found, pairs=pairs, handles=_handles, library=library.name
    )
    with timeline_errors():
        write_text(page, output)


def _pair(candidate: Candidate, library: Path) -> _Pair:
    from matchcut.engine import Engine
    from matchcut.flavors import flavor

    engine = Engine(library)
    try:
        outgoing = engine.evidence(candidate.outgoing, candidate.flavor)
        incoming = engine.evidence(candidate.incoming, candidate.flavor)
    except (MediaError, NotFoundError) as error:
        return _Pair(candidate, "", "", "", error.sentence)
    reason = flavor(candidate.flavor).draw_reason(outgoing, incoming)
    return _Pair(candidate, _url(outgoing.picture), _url(incoming.picture), _url(reason), "")


def _url(picture: Picture) -> str:
    import cv2

    _, jpeg = cv2.imencode(
        ".jpg",
        cv2.cvtColor(picture, cv2.COLOR_RGB2BGR),
        [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY],
    )
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode("ascii")


def _handles(side: Side) -> str:
    """How much of the shot lies before and after the cut frame, in frames."""
    before = side.cut_frame - side.start_frame
    after = side.end_frame - 1 - side.cut_frame
    return f"{before} before, {after} after"
