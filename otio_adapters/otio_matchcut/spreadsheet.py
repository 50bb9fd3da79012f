"""Matches as a table for spreadsheet programs: CSV in UTF-8, a header, one match a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from otio_matchcut.matches import Match, MatchSide
from otio_matchcut.writing import write_text

_SIDE = ("source", "shot", "start_frame", "end_frame", "cut_frame", "timecode")
COLUMNS = (
    "rank",
    "score",
    "flavor",
    "exact",
    *(f"outgoing_{column}" for column in _SIDE),
    *(f"incoming_{column}" for column in _SIDE),
    "parts",
)
"""Frames count from 0 in the media file; `end_frame` is the first after the shot. `parts` holds
what the flavors of a blend say, as `frame 0.83; camera 0.61`."""


def write_csv(matches: Sequence[Match], path: Path) -> None:
    """Writes the table, atomically. `exact` is `true` or `false`; scores are in full precision.

    Raises:
        TimelineError: TIMELINE_UNWRITABLE or DISK_FULL, as for timelines.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for match in matches:
        rows.writerow(
            [
                match.rank,
                repr(match.score),
                match.flavor,
                "true" if match.exact else "false",
                *_cells(match.outgoing),
                *_cells(match.incoming),
                "; ".join(f"{part.flavor} {part.score!r}" for part in match.parts),
            ]
        )
    write_text(text.getvalue(), path)


def _cells(side: MatchSide) -> list[str | int]:
    return [
        str(side.path),
        side.shot,
        side.start_frame,
        side.end_frame,
        side.cut_frame,
        side.timecode,
    ]
