"""What the adapters are given of a match: two sides and how they compare. Plain values only."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MatchSide:
    """One shot of a match, in frames of its media file counted from 0."""

    path: Path
    """Where the media lies on the machine that will read the timeline."""
    name: str
    """What to call the media: its file name."""
    rate: Fraction
    """Frames a second, exact."""
    start_timecode_frame: int
    """Frame number of the file's first frame in its own timecode; 0 where it has none."""
    source_frames: int
    """How many frames the file has."""
    start_frame: int
    """First frame of the shot."""
    end_frame: int
    """First frame after the shot: half-open."""
    cut_frame: int
    """The last frame shown of the outgoing shot, the first frame shown of the incoming one."""
    timecode: str
    """Timecode of `cut_frame` in the source."""
    shot: int
    """Index of the shot in its source."""
    repeats: tuple[str, ...] = ()
    """Other shots of the same duplicate group, for people."""

    def __post_init__(self) -> None:
        if not 0 <= self.start_frame <= self.cut_frame < self.end_frame <= self.source_frames:
            raise ValueError(
                f"the cut frame {self.cut_frame} must lie in the shot "
                f"[{self.start_frame}, {self.end_frame}), and the shot in the "
                f"{self.source_frames} frames of {self.name}"
            )


@dataclass(frozen=True, slots=True)
class MatchPart:
    """What one flavor of a blend says of a match."""

    flavor: str
    weight: float
    score: float
    rarity: float
    """How rare such a score is: 3 where one of 1,000 random pairs has it."""


@dataclass(frozen=True, slots=True)
class Match:
    """A pair of shots worth cutting together."""

    rank: int
    """1 for the best."""
    score: float
    """Higher is better."""
    flavor: str
    exact: bool
    """Whether every allowed pair was compared."""
    outgoing: MatchSide
    incoming: MatchSide
    marker_color: str
    """Name of an OTIO marker colour: `GREEN`."""
    pairs_compared: int = 0
    """How many pairs the search compared; 0 where it does not say."""
    parts: tuple[MatchPart, ...] = ()
    """Of a blend, in its order; empty for a flavor alone."""

    @property
    def label(self) -> str:
        """Rank, score and flavor, as a marker is named: `#1 0.873 frame`."""
        return f"#{self.rank} {self.score:.3f} {self.flavor}"

    @property
    def parts_said(self) -> str:
        """The parts of a blend as a sentence with a space before it; empty for a flavor alone."""
        if not self.parts:
            return ""
        return f" Parts: {', '.join(f'{part.flavor} {part.score:.3f}' for part in self.parts)}."
