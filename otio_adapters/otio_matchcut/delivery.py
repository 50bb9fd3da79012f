"""What is carried to an editing application, and the card of what carries it.

A carrier writes one file of one format. It is one module in `carriers/` with a constant `CARRIER`;
which hosts it serves, and what they keep of it, its card says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from opentimelineio.schema import Timeline

from otio_matchcut import clock
from otio_matchcut.entries import match_id
from otio_matchcut.layout import Layout, laid_out
from otio_matchcut.matches import Match


@dataclass(frozen=True, slots=True)
class Mark:
    """The marker of a match as the editor's timeline shows it: in record time."""

    match: Match
    comment: str
    """Where the cut leads, as sentences."""
    frame: int
    """Frame number in the timeline's timecode: its start is counted in."""
    track: int
    """Of the marked clip's outermost track among those of pictures: 1 for the lowest."""

    @property
    def name(self) -> str:
        """As the match is labelled: `#1 0.873 frame`."""
        return self.match.label


@dataclass(frozen=True, slots=True)
class Edited:
    """The editor's own timeline with our markers on it."""

    timeline: Timeline
    marks: tuple[Mark, ...]
    """Of every match that can be seen on it, in the order of record time, best first."""
    rate: Fraction
    first_frame: int
    """Frame number of its first frame in its timecode."""
    drop_frame: bool
    """Whether it counts in drop-frame."""

    def timecode(self, frame: int) -> str:
        """The record timecode of a frame number."""
        return clock.timecode_of_frame(frame, self.rate, drop_frame=self.drop_frame)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was found, for a carrier to write."""

    name: str
    """What to call it in the application: without a suffix."""
    matches: tuple[Match, ...]
    """Best first."""
    edited: Edited | None = None
    """Where a timeline was asked about."""

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The markers of these matches on the editor's timeline: not those of earlier searches."""
        ours = {match_id(match) for match in self.matches}
        marks = () if self.edited is None else self.edited.marks
        return tuple(mark for mark in marks if match_id(mark.match) in ours)

    @property
    def layout(self) -> Layout:
        """The matches one after another, as a sequence to play."""
        return laid_out(self.matches)


@dataclass(frozen=True, slots=True)
class Carrier:
    """A way to bring matches into editing applications: one file of one format."""

    name: str
    """Of the carrier: `avid-markers`."""
    suffix: str
    """What the file's name ends with: `.markers.txt`."""
    label: str
    """What it is for, in one line."""
    hosts: Mapping[str, str]
    """The hosts that it serves; for each, in a sentence, how to bring the file in."""
    carries: str
    """What arrives, for the table in the documents."""
    loses: str
    """What does not."""
    write: Callable[[Delivery], bytes]
    """The file. Raises TimelineError where the format cannot say it."""
    needs_timeline: bool = False
    """Whether it says something about the editor's timeline: `Delivery.edited` is there then."""
