"""Everything matchcut can do with one library, on plain types: no threads, no gRPC.

`Engine` implements `types.Matching`; the sidecar serves one, and the CLI uses one directly where
no sidecar is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

from matchcut import flavors, pipeline, shots
from matchcut.engine.cutlists import given_cuts
from matchcut.engine.places import best_place, holds, is_unchanged
from matchcut.engine.query import locate
from matchcut.engine.snapshot import TICKS, Snapshot, read_snapshot
from matchcut.errors import MediaChanged, SourceNotIndexed, UsageError
from matchcut.library import Library
from matchcut.media.decode import frame_at
from matchcut.media.state import is_online
from matchcut.ranking import Ranked, Rules, best_for, best_pairs
from matchcut.scoring import PairScores, row_table
from matchcut.types import (
    Candidate,
    CutList,
    Evidence,
    Flavor,
    FlavorCard,
    IndexReport,
    MatchSet,
    Monitor,
    Query,
    Rows,
    Side,
    SourceCard,
)

SCORE_DIGITS = 6
"""Decimals of a score that are shown; scores are computed in single precision."""


def _go_on() -> None:
    """Never stops the work."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One library, in this process."""

    folder: Path
    """The library's folder; made by `index` where it is missing."""
    stop: Callable[[], None] = _go_on
    """Called now and then during find and scan; may raise to end them."""

    def index(
        self,
        paths: Sequence[Path],
        /,
        *,
        detector: str | None = None,
        cut_lists: Sequence[CutList] = (),
        monitor: Monitor,
    ) -> IndexReport:
        """Analyses what is not yet stored, for every flavor. See `pipeline.index_files`."""
        chosen = shots.detector(detector or shots.DEFAULT)
        representations = [one.representation for one in flavors.flavors().values()]
        library = Library.create(self.folder)
        return pipeline.index_files(
            library,
            paths,
            chosen,
            representations,
            monitor,
            cut_lists={one.media: given_cuts(one) for one in cut_lists},
            keep_given=not detector,
        )

    def find(self, query: Query, /, *, flavor: str, top: int, min_gap: Fraction) -> MatchSet:
        """The best `top` shots to cut to from the shot that the query names."""
        _check_counts(top=top, per_shot=None, min_gap=min_gap)
        chosen = flavors.flavor(flavor)
        library = Library.open(self.folder)
        snapshot = read_snapshot(library, chosen)
        number, notes = locate(query, library, snapshot, chosen)
        ranked = best_for(
            _scores(snapshot, chosen).block,
            snapshot.table,
            Rules(across=False, min_gap=_ticks(min_gap), per_shot=None),
            query=number,
            top=top,
            stop=self.stop,
        )
        return _match_set(snapshot, chosen, ranked, notes)

    def scan(
        self,
        *,
        flavor: str,
        top: int,
        per_shot: int | None,
        across: bool,
        min_gap: Fraction,
    ) -> MatchSet:
        """The best `top` pairs of the library. See `ranking.best_pairs`."""
        _check_counts(top=top, per_shot=per_shot, min_gap=min_gap)
        chosen = flavors.flavor(flavor)
        snapshot = read_snapshot(Library.open(self.folder), chosen)
        ranked = best_pairs(
            _scores(snapshot, chosen).block,
            snapshot.table,
            Rules(across=across, min_gap=_ticks(min_gap), per_shot=per_shot),
            top=top,
            symmetric=chosen.similarity.symmetric,
            stop=self.stop,
        )
        return _match_set(snapshot, chosen, ranked, ())

    def flavors(self) -> tuple[FlavorCard, ...]:
        """Every flavor there is, for menus."""
        return tuple(
            FlavorCard(
                name=one.name,
                label=one.label,
                directed=not one.similarity.symmetric,
                lowest=one.similarity.lowest,
                highest=one.similarity.highest,
                marker_color=one.marker_color,
                source=one.source,
            )
            for one in flavors.flavors().values()
        )

    def sources(self) -> tuple[SourceCard, ...]:
        """What the library holds, in its order."""
        library = Library.open(self.folder)
        return tuple(
            SourceCard(
                stored.source,
                stored.paths,
                stored.frames,
                len(library.shots(stored.source.digest, stored.detector)),
            )
            for stored in library.sources()
        )

    def evidence(self, side: Side, flavor: str) -> Evidence:
        """The picture at a candidate's cut and the row that was compared, to draw the reason from.

        Raises:
            MediaMissing: the file is offline.
            MediaChanged: the file has other content than when it was indexed.
            FrameMissing: the frame cannot be decoded any more.
            SourceNotIndexed: the library holds it no more.
        """
        library = Library.open(self.folder)
        stored = library.find_digest(side.digest)
        if stored is None:
            raise SourceNotIndexed(side.source, self.folder)
        if is_online(side.source) and not holds(library, side.source, side.digest):
            raise MediaChanged(side.source)
        picture = frame_at(side.source, stored.source, side.cut_time.pts, index=side.cut_frame)
        rows = _rows(library, side.digest, stored.detector, flavors.flavor(flavor))
        return Evidence(picture, rows[side.shot : side.shot + 1])


def _check_counts(*, top: int, per_shot: int | None, min_gap: Fraction) -> None:
    """Refuses counts that no search can mean; the command line does so before it asks."""
    if top < 1 or (per_shot is not None and per_shot < 1) or min_gap < 0:
        raise UsageError(
            f"A search for {top} candidates, {per_shot} a shot, {min_gap} s apart is none.",
            "Ask for at least one candidate, at least one a shot, and no negative distance.",
        )


def _ticks(seconds: Fraction) -> int:
    return int(seconds * TICKS)


def _rows(library: Library, digest: str, detector: str, flavor: Flavor) -> Rows:
    return library.rows(digest, detector, flavor.representation.spec.identity)


def _scores(snapshot: Snapshot, flavor: Flavor) -> PairScores:
    counts = Counter(shot.source for shot in snapshot.shots)
    parts = [
        (
            counts[stored.source.digest],
            partial(_rows, snapshot.library, stored.source.digest, stored.detector, flavor),
        )
        for stored in snapshot.sources
    ]
    return PairScores(row_table(parts), flavor.similarity)


def _match_set(
    snapshot: Snapshot, flavor: Flavor, ranked: Ranked, notes: tuple[str, ...]
) -> MatchSet:
    candidates: list[Candidate] = []
    pairs = zip(
        ranked.outgoing.tolist(), ranked.incoming.tolist(), ranked.scores.tolist(), strict=True
    )
    for rank, (outgoing, incoming, score) in enumerate(pairs, start=1):
        leave, enter = snapshot.cut_frames(flavor, outgoing, incoming)
        candidates.append(
            Candidate(
                rank=rank,
                score=round(score, SCORE_DIGITS),
                flavor=flavor.name,
                exact=True,
                outgoing=snapshot.side(outgoing, leave),
                incoming=snapshot.side(incoming, enter),
            )
        )
    notes += _notes(snapshot, flavor)
    return MatchSet(tuple(candidates), flavor.name, ranked.compared, notes)


def _notes(snapshot: Snapshot, flavor: Flavor) -> tuple[str, ...]:
    notes: list[str] = []
    if snapshot.left_out:
        notes.append(
            f"{snapshot.left_out} source(s) were not analysed for '{flavor.name}' and are left "
            "out; index them again to include them."
        )
    offline: list[str] = []
    changed: list[str] = []
    for stored in snapshot.sources:
        place = best_place(snapshot.library, stored)
        if not is_online(place):
            offline.append(place.name)
        elif not is_unchanged(snapshot.library, place, stored.source.digest):
            changed.append(place.name)
    if offline:
        notes.append(f"Offline, matched from what is stored: {', '.join(offline)}.")
    if changed:
        notes.append(
            f"Modified since indexed, matched from what is stored: {', '.join(changed)}. Index "
            "again to see the present content."
        )
    return tuple(notes)
