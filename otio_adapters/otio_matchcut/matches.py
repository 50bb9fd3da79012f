"""What the adapters are given of a match: two sides and how they compare. Plain values only."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from otio_matchcut.clock import is_drop_frame


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
    clean_start_frame: int
    """First frame that shows the shot alone: after the transition into it."""
    clean_end_frame: int
    """First frame that shows it alone no more: half-open."""
    cut_frame: int
    """The last frame shown of the outgoing shot, the first frame shown of the incoming one."""
    timecode: str
    """Timecode of `cut_frame` in the source."""
    shot: int
    """Index of the shot in its source."""
    repeats: tuple[str, ...] = ()
    """Other shots of the same duplicate group, for people."""
    size: tuple[int, int] | None = None
    """Width and height of the picture as hosts show it: turned upright, in square pixels, bars and
    all. None where it is not known; hosts then get no reframing in their own keys."""
    digest: str = ""
    """Identity of the media file by its content; empty where it is not known."""

    def __post_init__(self) -> None:
        if not 0 <= self.start_frame <= self.cut_frame < self.end_frame <= self.source_frames:
            raise ValueError(
                f"the cut frame {self.cut_frame} must lie in the shot "
                f"[{self.start_frame}, {self.end_frame}), and the shot in the "
                f"{self.source_frames} frames of {self.name}"
            )
        start, end = self.clean_start_frame, self.clean_end_frame
        if not self.start_frame <= start <= self.cut_frame < end <= self.end_frame:
            raise ValueError(
                f"the cut frame {self.cut_frame} must lie in the clean frames [{start}, {end}), "
                f"and these in the shot [{self.start_frame}, {self.end_frame})"
            )

    @property
    def drop_frame(self) -> bool:
        """Whether the media counts its timecode in drop-frame."""
        return is_drop_frame(self.timecode)

    @property
    def handle_before(self) -> int:
        """Clean frames of the shot before the cut frame."""
        return self.cut_frame - self.clean_start_frame

    @property
    def handle_after(self) -> int:
        """Clean frames of the shot after the cut frame."""
        return self.clean_end_frame - 1 - self.cut_frame


@dataclass(frozen=True, slots=True)
class MatchPart:
    """What one flavor of a blend says of a match."""

    flavor: str
    weight: float
    score: float
    rarity: float
    """How rare such a score is: 3 where one of 1,000 random pairs has it."""


@dataclass(frozen=True, slots=True)
class MatchReframing:
    """How the picture of one side is moved on a 16:9 screen that it is fitted into, centred.

    In this order: it is flopped, scaled and rotated about its own middle, then shifted.
    """

    side: Literal["outgoing", "incoming"]
    scale: float
    """1 is as it was."""
    rotation: float
    """Degrees clockwise."""
    right: float
    """Shift to the right, in widths of the screen."""
    down: float
    """Shift downwards, in widths of the screen."""
    flop: bool
    """Whether left and right are swapped."""
    before: float
    """Score of the two frames at the cut as they are."""
    after: float
    """Score of the same once the picture is moved."""

    @property
    def said(self) -> str:
        """What to do, in its order: `B: flop, scale 1.12, rotate 2.0 degrees clockwise`.

        What is too little to be seen is left out; `B: none` where nothing is left.
        """
        scale = f"{self.scale:.3f}".rstrip("0").rstrip(".")
        turned = f"{abs(self.rotation):.1f}"
        steps = [
            *(["flop"] if self.flop else []),
            *([f"scale {scale}"] if scale != "1" else []),
            *([f"rotate {turned} degrees {self._way}"] if turned != "0.0" else []),
        ]
        shifts = [
            *_shift(self.right, "right", "left"),
            *_shift(self.down, "down", "up"),
        ]
        if shifts:
            steps.append(f"move {' and '.join(shifts)} of the screen's width")
        return f"{'A' if self.side == 'outgoing' else 'B'}: {', '.join(steps) or 'none'}"

    @property
    def _way(self) -> str:
        return "clockwise" if self.rotation > 0 else "counter-clockwise"


def _shift(share: float, forth: str, back: str) -> list[str]:
    percent = f"{abs(share):.1%}".replace("%", " %")
    return [] if percent == "0.0 %" else [f"{percent} {forth if share > 0 else back}"]


@dataclass(frozen=True, slots=True)
class Match:
    """A pair of shots worth cutting together."""

    rank: int
    """1 for the best."""
    score: float
    """What it is ranked by: higher is better."""
    flavor: str
    at_cut: float
    """The score of the two frames at the cut alone, reframed where it says so."""
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
    refined: bool = False
    """Whether the frames around the cut were searched for the best one."""
    reframing: MatchReframing | None = None
    """How to move the picture of one side for a better match."""

    @property
    def label(self) -> str:
        """Rank, score and flavor, as a marker is named: `#1 0.873 frame`."""
        return f"#{self.rank} {self.score:.3f} {self.flavor}"

    @property
    def said(self) -> str:
        """What a marker's comment says besides where the cut is: sentences, each after a space.

        The reframing, the handles, and the parts of a blend.
        """
        text = f" Reframe {self.reframing.said}." if self.reframing else ""
        text += (
            " Handles before and after the cut frame: "
            f"A {self.outgoing.handle_before} + {self.outgoing.handle_after}, "
            f"B {self.incoming.handle_before} + {self.incoming.handle_after} frames."
        )
        if self.parts:
            text += (
                f" Parts: {', '.join(f'{part.flavor} {part.score:.3f}' for part in self.parts)}."
            )
        return text
