"""Candidates as the plug-in keeps them: plain values, frames counted as Blender counts them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matchcut_api.v1 import match_pb2, media_pb2


@dataclass(frozen=True, slots=True)
class Side:
    """One shot of a match. Frames count from 0 in the file at its nominal rate, as Blender does.

    Where the frames of a file come at a constant rate these are its decoded frames.
    """

    path: Path
    digest: str
    """Of the file's bytes, as thumbnails are asked for."""
    shot: int
    rate: Fraction
    """Nominal frames a second."""
    frames: int
    """How many the file has."""
    start: int
    """First frame that shows the shot alone."""
    end: int
    """First frame that shows it alone no more: half-open."""
    cut: int
    """The last frame shown of the outgoing shot, the first frame shown of the incoming one."""
    decoded_cut: int
    """The same, counted in decoded frames, as the sidecar does."""
    timecode: str
    """Of the cut frame in the file."""
    size: tuple[int, int]
    """Width and height of the picture as it is shown: upright, in square pixels."""

    @property
    def handles(self) -> tuple[int, int]:
        """Frames of the shot before and after the cut frame."""
        return self.cut - self.start, self.end - 1 - self.cut


@dataclass(frozen=True, slots=True)
class Reframing:
    """How the picture of one side is moved on a 16:9 screen that it is fitted into, centred.

    In this order: it is flopped, scaled and rotated about its own middle, then shifted.
    """

    outgoing: bool
    """Whether the outgoing side is moved, else the incoming one."""
    scale: float
    rotation: float
    """Degrees clockwise."""
    right: float
    """Widths of the screen."""
    down: float
    """Widths of the screen."""
    flop: bool
    before: float
    """Score of the two frames at the cut as they are."""
    after: float
    """Score of the same once the picture is moved."""

    @property
    def said(self) -> str:
        """What to do, for people: `B: flop, scale 1.12, rotate 2.0 degrees clockwise`."""
        way = "clockwise" if self.rotation > 0 else "counter-clockwise"
        steps = [
            "flop" if self.flop else "",
            f"scale {self.scale:.3f}".rstrip("0").rstrip(".") if self.scale != 1 else "",
            f"rotate {abs(self.rotation):.1f} degrees {way}" if abs(self.rotation) >= 0.05 else "",
            _shift(self.right, "right", "left"),
            _shift(self.down, "down", "up"),
        ]
        return f"{'A' if self.outgoing else 'B'}: {', '.join(filter(None, steps)) or 'none'}"


@dataclass(frozen=True, slots=True)
class Match:
    """A pair of shots worth cutting together."""

    rank: int
    score: float
    flavor: str
    at_cut: float
    """The score of the two frames at the cut alone."""
    exact: bool
    """Whether every allowed pair was compared."""
    refined: bool
    """Whether the frames around the cut were searched for the best one."""
    outgoing: Side
    incoming: Side
    reframing: Reframing | None = None

    @property
    def label(self) -> str:
        """As a marker is named: `#1 0.873 frame`."""
        return f"#{self.rank} {self.score:.3f} {self.flavor}"


def match_of(candidate: match_pb2.Candidate) -> Match:
    """A candidate of the sidecar as the plug-in keeps it."""
    moved = candidate.reframing if candidate.HasField("reframing") else None
    return Match(
        rank=candidate.rank,
        score=candidate.score,
        flavor=candidate.flavor,
        at_cut=candidate.at_cut_score,
        exact=candidate.exact,
        refined=candidate.refined,
        outgoing=_side(candidate.outgoing),
        incoming=_side(candidate.incoming),
        reframing=None if moved is None else _reframing(moved),
    )


def _side(side: match_pb2.Side) -> Side:
    # Only where somebody asks, so that what needs no sidecar needs no protobuf either.
    from matchcut_client.messages import fraction, text_path

    rate, first = fraction(side.rate_fps), side.source_span.start_pts
    unit = fraction(side.source_span.time_base_seconds)

    def counted(pts: int, time_base: media_pb2.Rational) -> int:
        return round((pts * fraction(time_base) - first * unit) * rate)

    clean = side.clean_span
    return Side(
        path=text_path(side.source_path),
        digest=side.source_digest,
        shot=side.shot_index,
        rate=rate,
        frames=counted(side.source_span.end_pts, side.source_span.time_base_seconds),
        start=counted(clean.start_pts, clean.time_base_seconds),
        end=counted(clean.end_pts, clean.time_base_seconds),
        cut=counted(side.cut_time.pts, side.cut_time.time_base_seconds),
        decoded_cut=side.cut_frame,
        timecode=side.timecode,
        size=(side.shown_width_pixels, side.shown_height_pixels),
    )


def _reframing(told: match_pb2.Reframing) -> Reframing:
    from matchcut_api.v1 import match_pb2

    return Reframing(
        outgoing=told.side == match_pb2.CANDIDATE_SIDE_OUTGOING,
        scale=told.scale,
        rotation=told.rotation_degrees,
        right=told.right_widths,
        down=told.down_widths,
        flop=told.flop,
        before=told.before_score,
        after=told.after_score,
    )


def _shift(share: float, forth: str, back: str) -> str:
    percent = f"{abs(share):.1%}".replace("%", " %")
    return "" if percent == "0.0 %" else f"move {percent} {forth if share > 0 else back}"
