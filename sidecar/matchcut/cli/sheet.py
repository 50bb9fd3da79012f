"""The contact sheet: one self-contained page that a person can judge at a glance."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from matchcut.errors import Cancelled, MediaError, NotFoundError
from matchcut.types import Candidate, MatchSet, Monitor, Picture, Progress, Side

if TYPE_CHECKING:
    from matchcut.engine import Engine

JPEG_QUALITY = 82


@dataclass(frozen=True, slots=True)
class _Pair:
    """A candidate as the page shows it; a picture that cannot be had is a sentence instead."""

    candidate: Candidate
    outgoing: str
    """Data URL of the last frame of A, or empty."""
    incoming: str
    """Data URL of the first frame of B, or empty."""
    reasons: tuple[tuple[str, str], ...]
    """By flavor, the data URL of the picture that says why; empty where there is none."""
    missing: str
    """Why there are no pictures, or empty."""


def write_sheet(found: MatchSet, library: Path, output: Path, monitor: Monitor) -> None:
    """Writes the page, complete or not at all; media that is offline leaves a sentence.

    Cost: one seek and a few decoded frames a side.

    Raises:
        OutputUnwritable: the file cannot be written.
        Cancelled: the monitor asked to stop; nothing is written.
        DiskFull: there is no room for it.
    """
    from jinja2 import Environment, StrictUndefined

    from matchcut.engine import Engine
    from matchcut.engine.timelines import timeline_errors
    from otio_matchcut.writing import write_text

    engine = Engine(library)
    pairs: list[_Pair] = []
    for done, candidate in enumerate(found.candidates):
        if monitor.cancelled():
            raise Cancelled
        monitor.report(Progress("drawing", output.name, done, len(found.candidates), "pairs"))
        pairs.append(_pair(candidate, engine))
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    template = environment.from_string(
        files("matchcut.cli").joinpath("sheet.html.j2").read_text(encoding="utf-8")
    )
    page = template.render(
        title=output.stem,
        found=found,
        pairs=pairs,
        best=max((one.score for one in found.candidates), default=0.0),
        handles=_handles,
        library=library.name,
    )
    with timeline_errors():
        write_text(page, output)


def _pair(candidate: Candidate, engine: Engine) -> _Pair:
    try:
        reasons = engine.reasons(candidate)
    except (MediaError, NotFoundError) as error:
        return _Pair(candidate, "", "", (), error.sentence)
    drawn = tuple((flavor, _url(picture)) for flavor, picture in reasons.drawn)
    return _Pair(candidate, _url(reasons.outgoing), _url(reasons.incoming), drawn, "")


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
