"""Matches as a table for spreadsheet programs: CSV in UTF-8, a header, one match a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from otio_matchcut.matches import Match, MatchSide
from otio_matchcut.urls import target_of
from otio_matchcut.writing import write_text

_SIDE = (
    "source",
    "shot",
    "start_frame",
    "end_frame",
    "cut_frame",
    "timecode",
    "handle_before",
    "handle_after",
)
COLUMNS = (
    "rank",
    "score",
    "flavor",
    "exact",
    *(f"outgoing_{column}" for column in _SIDE),
    *(f"incoming_{column}" for column in _SIDE),
    "parts",
    "at_cut",
    "refined",
    "reframing",
)
"""Frames count from 0 in the media file; `end_frame` is the first after the shot; handles are its
clean frames before and after `cut_frame`. `parts` holds what the flavors of a blend say, as
`frame 0.83; camera 0.61`, `reframing` what to do to which side, as `B: flop, scale 1.12`."""


def write_csv(matches: Sequence[Match], path: Path) -> None:
    """Writes the table, atomically. Answers are `true` or `false`; scores are in full precision.

    Raises:
        TimelineError: TIMELINE_UNWRITABLE or DISK_FULL, as for timelines.
    """
    write_text(text_of(matches), path)


def text_of(matches: Sequence[Match]) -> str:
    """The table as text, its lines ended as spreadsheet programs want them."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for match in matches:
        rows.writerow(
            [
                match.rank,
                repr(match.score),
                match.flavor,
                _answer(match.exact),
                *_cells(match.outgoing),
                *_cells(match.incoming),
                "; ".join(f"{part.flavor} {part.score!r}" for part in match.parts),
                repr(match.at_cut),
                _answer(match.refined),
                match.reframing.said if match.reframing else "",
            ]
        )
    return text.getvalue()


def _cells(side: MatchSide) -> list[str | int]:
    return [
        target_of(side.path),
        side.shot,
        side.start_frame,
        side.end_frame,
        side.cut_frame,
        side.timecode,
        side.handle_before,
        side.handle_after,
    ]


def _answer(yes: bool) -> str:
    return "true" if yes else "false"
