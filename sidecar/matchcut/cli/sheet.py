"""The contact sheet: one self-contained page that a person can judge at a glance."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from matchcut.errors import Cancelled, MediaError, NotFoundError, OutputUnwritable
from matchcut.types import Candidate, MatchSet, Monitor, Picture, Progress

if TYPE_CHECKING:
    from matchcut.engine import Engine

JPEG_QUALITY = 82


@dataclass(frozen=True, slots=True)
class _Clip:
    """The cut as it plays; a clip that cannot be had is a sentence instead."""

    film: str = ""
    """Data URL of an MP4, or empty."""
    poster: str = ""
    """Data URL of its picture of A's last frame, or empty."""
    lasts: str = ""
    """How much of both it plays."""
    missing: str = ""
    """Why there is no clip, or empty."""


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
    clip: _Clip | None
    """None where none is wanted."""


def write_sheet(
    found: MatchSet, library: Path, output: Path, monitor: Monitor, *, preview: bool = False
) -> None:
    """Writes the page, complete or not at all; media that is offline leaves a sentence.

    Args:
        found: What the page shows.
        library: Folder of the library that it was found in.
        output: The page.
        monitor: Told of every pair; may stop the work between two.
        preview: Whether the page also plays every cut. Adds 0.1 to 0.5 MB a pair.

    Cost: one seek and a few decoded frames a side; with `preview`, a second of film more a side.

    Raises:
        OutputUnwritable: the page cannot be written, or no clip on the way there.
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
        pairs.append(_pair(candidate, engine, _clip(candidate, library) if preview else None))
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    template = environment.from_string(
        files("matchcut.cli").joinpath("sheet.html.j2").read_text(encoding="utf-8")
    )
    page = template.render(
        title=output.stem,
        found=found,
        pairs=pairs,
        best=max((one.score for one in found.candidates), default=0.0),
        said=_said,
        library=library.name,
        preview=preview,
    )
    with timeline_errors():
        write_text(page, output)


def _pair(candidate: Candidate, engine: Engine, clip: _Clip | None) -> _Pair:
    try:
        reasons = engine.reasons(candidate)
    except (MediaError, NotFoundError) as error:
        return _Pair(candidate, "", "", (), error.sentence, clip)
    drawn = tuple((flavor, _still(picture)) for flavor, picture in reasons.drawn)
    return _Pair(candidate, _still(reasons.outgoing), _still(reasons.incoming), drawn, "", clip)


def _clip(candidate: Candidate, library: Path) -> _Clip:
    from matchcut.engine.preview import preview
    from matchcut.library import Library
    from matchcut.media.clip import clip_bytes

    try:
        shown = preview(Library.open(library), candidate)
    except (MediaError, NotFoundError) as error:
        return _Clip(missing=error.sentence)
    try:
        film = clip_bytes(shown.pictures, shown.rate)
    except OSError as error:
        raise OutputUnwritable(
            f"No clip can be written to {gettempdir()}: {error.strerror}.",
            "Make room there, or name another folder for temporary files with TMPDIR.",
        ) from error
    lengths = float(shown.cut / shown.rate), float(len(shown.pictures) / shown.rate)
    lasts = f"{lengths[0]:.1f} s of A, {lengths[1] - lengths[0]:.1f} s of B"
    return _Clip(_url("video/mp4", film), _still(shown.pictures[shown.cut - 1]), lasts)


def _still(picture: Picture) -> str:
    import cv2

    _, jpeg = cv2.imencode(
        ".jpg",
        cv2.cvtColor(picture, cv2.COLOR_RGB2BGR),
        [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY],
    )
    return _url("image/jpeg", jpeg.tobytes())


def _url(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _said(candidate: Candidate) -> str:
    """What to do to which picture, as markers in a timeline say it, and what is gained."""
    from matchcut.engine.blend import blend
    from otio_matchcut.matches import MatchReframing

    reframing = candidate.reframing
    assert reframing is not None
    judged = next(one.name for one in blend(candidate.flavor).flavors if one.reframe)
    return (
        f"Reframe {MatchReframing(**asdict(reframing)).said}; "
        f"{judged} {reframing.before:.2f} becomes {reframing.after:.2f}."
    )
