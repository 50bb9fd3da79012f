"""A bin of clips for Avid Media Composer: the Avid Log Exchange.

Two clips a match, one a side, in the media's own timecode, with columns of ours beside Avid's. The
adapter of OpenTimelineIO writes one rate for all, drop-frame wherever the rate has it, and no tape;
see decision 27. Avid counts a bin's clips at the rate of its project: `FPS` of the heading, which
is the first match's.
"""

from __future__ import annotations

from otio_matchcut.carriers._text import one_line
from otio_matchcut.clock import rate_text, timecode_of_frame
from otio_matchcut.delivery import Carrier, Delivery
from otio_matchcut.layout import Piece
from otio_matchcut.matches import MatchSide

_FORMATS = {1080: "1080", 720: "720", 576: "PAL", 486: "NTSC"}
COLUMNS = (
    "Name",
    "Tracks",
    "Start",
    "End",
    "Tape",
    "FPS",
    "Source File",
    "Rank",
    "Score",
    "Flavor",
    "Cut",
    "Comments",
)
"""`Cut` is the timecode of the cut frame."""


def write(delivery: Delivery) -> bytes:
    """The bin; tabs and line ends in names become spaces."""
    layout = delivery.layout
    size = delivery.matches[0].outgoing.size if delivery.matches else None
    heading = (
        ("FIELD_DELIM", "TABS"),
        ("VIDEO_FORMAT", _FORMATS.get(size[1], "CUSTOM") if size else "1080"),
        ("AUDIO_FORMAT", "48khz"),
        ("FPS", rate_text(layout.rate)),
    )
    lines = [
        "Heading",
        *("\t".join(entry) for entry in heading),
        "",
        "Column",
        "\t".join(COLUMNS),
        "",
        "Data",
        *("\t".join(one_line(cell) for cell in _row(piece)) for piece in layout.pieces),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _row(piece: Piece) -> tuple[str, ...]:
    side, match = piece.side, piece.match
    return (
        f"{piece.name} {side.name} shot {side.shot}",
        "V",
        _timecode(side, piece.start),
        _timecode(side, piece.end),
        side.path.stem,
        rate_text(side.rate),
        str(side.path),
        str(match.rank),
        f"{match.score:.3f}",
        match.flavor,
        side.timecode,
        match.said.strip(),
    )


def _timecode(side: MatchSide, frame: int) -> str:
    return timecode_of_frame(
        side.start_timecode_frame + frame, side.rate, drop_frame=side.drop_frame
    )


CARRIER = Carrier(
    name="avid-ale",
    suffix=".ale",
    label="a bin of clips, two a match",
    hosts={
        "avid": "Open a bin and import it there as a Shot Log (File > Input); then relink by "
        "source file, or by tape and timecode."
    },
    carries="names, source timecode (drop-frame where the media counts so), tape, rank, score",
    loses="markers, reframing; clips of another rate than the project's need their own project",
    write=write,
)
