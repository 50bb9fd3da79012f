"""The library's shots as one numbered list, as find and scan look at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matchcut import pipeline
from matchcut.embeddings.appearance import APPEARANCE
from matchcut.engine.places import Place, Places
from matchcut.errors import RepresentationMissing
from matchcut.flavors._visible import VISIBLE
from matchcut.library import Library, SeenFiles, StoredSource
from matchcut.ranking import ShotTable
from matchcut.timecode import frame_to_timecode, timecode_to_frame
from matchcut.types import Flavor, MediaTime, Rows, Shot, Side, Source, Span

TICKS = 705_600_000
"""Ticks a second of the clock on which shots of different sources are compared: a whole number of
them lasts a frame at every film and television rate (Facebook's "flick")."""

REMEMBERED = 10_000
"""Sides of candidates that are remembered, a kilobyte each."""
OPENED = 128
"""Sources whose frame times or rows are held open: of as many files as a program may, a part."""

SourceFrames: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The shots of all sources whose place is known, in the library's order, at one moment."""

    library: Library
    sources: tuple[StoredSource, ...]
    shots: tuple[Shot, ...]
    source_numbers: NDArray[np.int32]
    """(shots,) index into `sources`."""
    firsts: NDArray[np.int32]
    """(shots,) number of the earliest shot of the same duplicate group."""
    identities: tuple[str, ...]
    """Of the representation that is compared for each flavor: one alone, whatever else the library
    holds."""
    left_out: int
    """Sources that were not analysed for all flavors asked for."""
    analysed_otherwise: int
    """Those of them that were, but by another provider."""
    _frame_pts: dict[str, SourceFrames] = field(default_factory=dict)
    _opened: dict[tuple[int, str], Rows] = field(default_factory=dict)
    """Of some sources, rows of which each shot has one: opening them is slower than using them."""
    _sides: dict[tuple[int, int], Side] = field(default_factory=dict)
    _seen_frames: dict[int, tuple[int, int]] = field(default_factory=dict)
    _shown: dict[int, tuple[int, tuple[int, int], Span]] = field(default_factory=dict)
    """Of each source that was shown: the frame its timecode begins with, its size, its span."""

    @cached_property
    def table(self) -> ShotTable:
        """What the rules of ranking need."""
        # Whole numbers alone: fractions of all shots would take longer than comparing them.
        bases = [one.source.time_base * TICKS for one in self.sources]
        spans = list(zip(self.shots, self.source_numbers.tolist(), strict=True))
        starts, ends = (
            [
                int(getattr(shot.span, side) * bases[at].numerator // bases[at].denominator)
                for shot, at in spans
            ]
            for side in ("start", "end")
        )
        return ShotTable(
            source=self.source_numbers,
            start=np.array(starts, np.int64),
            end=np.array(ends, np.int64),
            group=self.firsts,
            earliest=self.firsts == np.arange(len(self.shots)),
        )

    @cached_property
    def seen(self) -> SeenFiles:
        """Where files were seen when the library was read."""
        return self.library.seen()

    @cached_property
    def _places(self) -> Places:
        return Places(self.seen)

    def place(self, source: int) -> Place:
        """Where the media of one of the sources lies now, or lay a second ago."""
        return self._places.of(self.sources[source])

    @cached_property
    def first_numbers(self) -> dict[str, int]:
        """By source digest, the number of its first shot."""
        numbers: dict[str, int] = {}
        for number, shot in enumerate(self.shots):
            numbers.setdefault(shot.source, number)
        return numbers

    @cached_property
    def repeats(self) -> dict[int, list[int]]:
        """By the number of a group's earliest shot, the numbers of its other shots."""
        members: dict[int, list[int]] = {}
        for number, first in enumerate(self.firsts.tolist()):
            if number != first:
                members.setdefault(first, []).append(number)
        return members

    def frame_pts(self, number: int) -> SourceFrames:
        """(frames + 1,) as `Library.frame_pts`, of the source of a shot; those of some are kept."""
        digest = self.shots[number].source
        found = self._frame_pts.get(digest)
        if found is None:
            while len(self._frame_pts) >= OPENED:
                self._frame_pts.popitem()
            # A plain array of the mapped file: each look at it is a fifth as long.
            found = self._frame_pts[digest] = np.asarray(self.library.frame_pts(digest))
        return found

    def side(self, number: int, cut_frame: int) -> Side:
        """One side of a candidate: shot `number`, met at `cut_frame` of its source."""
        path = self.place(int(self.source_numbers[number])).path
        known = self._sides.get((number, cut_frame))
        if known is None or known.source is not path:
            if len(self._sides) >= REMEMBERED:
                self._sides.clear()
            known = self._sides[number, cut_frame] = self._side(number, cut_frame, path)
        return known

    def _side(self, number: int, cut_frame: int, path: Path) -> Side:
        shot = self.shots[number]
        at = int(self.source_numbers[number])
        stored, pts = self.sources[at], self.frame_pts(number)
        source = stored.source
        if at not in self._shown:
            whole = Span(int(pts[0]), int(pts[-1]), source.time_base)
            self._shown[at] = start_timecode_frame(source), shown_size(source), whole
        start, size, source_span = self._shown[at]
        first = int(self.firsts[number])
        others = [one for one in [first, *self.repeats.get(first, [])] if one != number]
        return Side(
            source=path,
            digest=shot.source,
            shot=shot.index,
            start_frame=shot.start_frame,
            end_frame=shot.end_frame,
            cut_frame=cut_frame,
            cut_time=MediaTime(int(pts[cut_frame]), source.time_base),
            timecode=_timecode(source, pts, cut_frame, start),
            rate=source.rate,
            start_timecode_frame=start,
            source_frames=stored.frames,
            clean_start_frame=shot.clean_start_frame,
            clean_end_frame=shot.clean_end_frame,
            size=size,
            span=shot.span,
            clean=shot.clean,
            source_span=source_span,
            repeats=tuple(self._name(one) for one in others),
        )

    def seen_frames(self, number: int) -> tuple[int, int]:
        """The first and the last frame of a shot on which there is something to see."""
        known = self._seen_frames.get(number)
        if known is None:
            if len(self._seen_frames) >= REMEMBERED:
                self._seen_frames.clear()
            row = self.visible[number]
            ends = int(row["enter"]), int(row["leave"])
            first, last = np.searchsorted(self.frame_pts(number), ends).tolist()
            known = self._seen_frames[number] = first, last
        return known

    def _name(self, number: int) -> str:
        stored = self.sources[int(self.source_numbers[number])]
        return f"{stored.paths[0].name} #{self.shots[number].index}"

    @cached_property
    def shot_counts(self) -> tuple[int, ...]:
        """(sources,) how many shots each has."""
        return tuple(np.bincount(self.source_numbers, minlength=len(self.sources)).tolist())

    @cached_property
    def visible(self) -> Rows:
        """(shots,) where there is something to see of each."""
        rows = [
            np.array(self.rows(number, VISIBLE.spec.identity))
            for number in range(len(self.sources))
        ]
        return np.concatenate(rows) if rows else np.zeros(0, VISIBLE.spec.dtype)

    def rows(self, source: int, identity: str) -> Rows:
        """(R, ...) the stored rows of one of the sources, memory-mapped."""
        stored = self.sources[source]
        return self.library.rows(stored.source.digest, stored.detector, identity)

    def row(self, number: int, identity: str) -> Rows:
        """(1, ...) the stored row of a shot, of a representation that has one a shot."""
        index, source = self.shots[number].index, int(self.source_numbers[number])
        rows = self._opened.get((source, identity))
        if rows is None:
            while len(self._opened) >= OPENED:
                self._opened.popitem()
            rows = self._opened[source, identity] = self.rows(source, identity)
        return rows[index : index + 1]

    def nearest_frame(self, number: int, pts: int) -> int:
        """The clean frame of a shot nearest to a time, the earlier of two equally near."""
        shot = self.shots[number]
        frame_pts = self.frame_pts(number)
        clean = frame_pts[shot.clean_start_frame : shot.clean_end_frame]
        return shot.clean_start_frame + int(np.argmin(np.abs(clean - pts)))


def identities(flavor: Flavor) -> tuple[str, ...]:
    """The identities under which the rows of a flavor may be stored, the best way's first."""
    # Weights are read when something is computed: an identity needs none.
    ways = [one.representation(Path(), "cpu") for one in flavor.pretrained]
    return tuple(one.spec.identity for one in (*ways, flavor.representation))


def read_snapshot(library: Library, wanted: Sequence[Flavor], *digests: str) -> Snapshot:
    """The library as it is now, as far as it was analysed for all of some flavors.

    Rows of different providers are never compared: for each flavor those are taken that most
    sources have, of two equal ones the better. Groups of repeats are brought up to date first.

    Args:
        library: Where to look.
        wanted: What is to be compared, at least one.
        digests: Sources that must be in it, where they were analysed for the flavors at all.

    Raises:
        RepresentationMissing: no source was analysed for the flavors, or those that must be in it
            by different providers.
    """
    groups = pipeline.group_repeats(library)
    needed = {VISIBLE.spec.identity, APPEARANCE.spec.identity}
    placed = [stored for stored in library.sources() if stored.paths]
    sources = [
        (stored, have)
        for stored in placed
        if needed <= (have := library.representations(stored.source.digest, stored.detector))
    ]
    analysed = [all(have & set(identities(flavor)) for flavor in wanted) for _, have in sources]
    chosen: list[str] = []
    for flavor in wanted:
        known = identities(flavor)
        sources = [(stored, have) for stored, have in sources if have.intersection(known)]
        if placed and not sources:
            raise RepresentationMissing(flavor.name, len(placed), library.folder)
        queried = [have for stored, have in sources if stored.source.digest in digests]
        allowed = [one for one in known if all(one in have for have in queried)]
        if not allowed:
            raise RepresentationMissing(flavor.name, 1, library.folder)
        best = max(allowed, key=lambda one: sum(one in have for _, have in sources))
        sources = [(stored, have) for stored, have in sources if best in have]
        chosen.append(best)
    shots: list[Shot] = []
    source_numbers: list[int] = []
    for number, (stored, _) in enumerate(sources):
        found = library.shots(stored.source.digest, stored.detector)
        shots.extend(found)
        source_numbers.extend([number] * len(found))
    # The remembered first of a group may belong to a source that is left out: the earliest shot
    # that is here then stands for the group.
    leaders: dict[tuple[str, int], int] = {}
    firsts = [
        leaders.setdefault(groups.get(key, key), number)
        for number, key in enumerate((shot.source, shot.index) for shot in shots)
    ]
    return Snapshot(
        library,
        tuple(stored for stored, _ in sources),
        tuple(shots),
        np.array(source_numbers, np.int32),
        np.array(firsts, np.int32),
        identities=tuple(chosen),
        left_out=len(placed) - len(sources),
        analysed_otherwise=sum(analysed) - len(sources),
    )


def shown_size(source: Source) -> tuple[int, int]:
    """Width and height of a source's picture as it is shown: upright, with square pixels."""
    width, height = round(source.width * source.pixel_aspect), source.height
    return (height, width) if source.rotation in (90, 270) else (width, height)


def drops_frames(source: Source) -> bool:
    """Whether the source's own timecode is drop-frame."""
    return source.start_timecode is not None and ";" in source.start_timecode


def start_timecode_frame(source: Source) -> int:
    """Frame number of the source's first frame in its own timecode; 0 where it has none."""
    if source.start_timecode is None:
        return 0
    return timecode_to_frame(source.start_timecode, source.rate)


def timecode_of(source: Source, frame_pts: SourceFrames, frame: int) -> str:
    """Source timecode at which a frame is shown; at a constant rate, its number counted on.

    `frame` may be the number of frames: the end of the source.
    """
    return _timecode(source, frame_pts, frame, start_timecode_frame(source))


def _timecode(source: Source, frame_pts: SourceFrames, frame: int, start: int) -> str:
    """As `timecode_of`, given the source's `start_timecode_frame`."""
    passed = int(frame_pts[frame]) - int(frame_pts[0])
    base, rate = source.time_base, source.rate
    # Rounded to the nearest, half to even, as a fraction is; ten times as fast as one.
    whole, rest = divmod(
        passed * base.numerator * rate.numerator, unit := base.denominator * rate.denominator
    )
    shown = whole + (2 * rest > unit or (2 * rest == unit and whole % 2))
    return frame_to_timecode(start + shown, rate, drop_frame=drops_frames(source))


def frame_shown_at(source: Source, frame_pts: SourceFrames, nominal: int) -> int | None:
    """The frame on screen at the `nominal`-th frame of timecode, counted from the source's first.

    At a constant rate that frame itself; None outside of the source.
    """
    half = Fraction(1, 2)
    pts = int(frame_pts[0]) + int((nominal + half) / source.rate / source.time_base)
    if nominal < 0 or pts >= int(frame_pts[-1]):
        return None
    return int(np.searchsorted(frame_pts[:-1], pts, side="right")) - 1
