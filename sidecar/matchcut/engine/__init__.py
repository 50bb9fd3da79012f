"""Everything matchcut can do with one library, on plain types: no threads, no gRPC.

`Engine` implements `types.Matching`; the sidecar serves one, and the CLI uses one directly where
no sidecar is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from matchcut import flavors, models, pipeline, shots
from matchcut.engine import profiles
from matchcut.engine.blend import Blend, blend
from matchcut.engine.comparison import SCORE_DIGITS, Comparison, compared
from matchcut.engine.cutlists import given_cuts
from matchcut.engine.places import best_place, holds, is_unchanged
from matchcut.engine.query import locate, number_at
from matchcut.engine.snapshot import TICKS, Snapshot, identities, read_snapshot
from matchcut.errors import MediaChanged, SourceNotIndexed, UsageError
from matchcut.library import Library, StoredSource
from matchcut.media.decode import frame_at
from matchcut.media.state import is_online
from matchcut.models import devices
from matchcut.ranking import Ranked, Rules, best_for, best_pairs
from matchcut.types import (
    Candidate,
    CutList,
    Evidence,
    FlavorCard,
    IndexReport,
    MatchSet,
    Monitor,
    Query,
    Reasons,
    Side,
    SourceCard,
)


def _go_on() -> None:
    """Never stops the work."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One library, in this process."""

    folder: Path
    """The library's folder; made by `index` where it is missing."""
    stop: Callable[[], None] = _go_on
    """Called now and then during find and scan; may raise to end them."""
    models: Path | None = None
    """Folder of pretrained weights; None: MATCHCUT_MODELS, or the user's own."""

    def index(
        self,
        paths: Sequence[Path],
        /,
        *,
        detector: str | None = None,
        cut_lists: Sequence[CutList] = (),
        profile: str = profiles.DEFAULT,
        monitor: Monitor,
    ) -> IndexReport:
        """Analyses what is not yet stored, for every flavor. See `pipeline.index_files`.

        `profile` says which way each is computed: see `profiles.Chooser`.
        """
        chosen = shots.detector(detector or shots.DEFAULT)
        given = {one.media: given_cuts(one) for one in cut_lists}
        chooser = profiles.Chooser(profile, models.shelves(self.models), devices.device())
        ways = profiles.ways(chooser, monitor)
        library = Library.create(self.folder)
        report = pipeline.index_files(
            library,
            paths,
            chosen,
            [way.representation for way in ways],
            monitor,
            cut_lists=given,
            keep_given=not detector,
        )
        notes = [*(way.sentence for way in ways if way.sentence), *report.notes]
        notes += _left_behind(library, ways)
        return replace(report, notes=tuple(notes))

    def find(self, query: Query, /, *, flavor: str, top: int, min_gap: Fraction) -> MatchSet:
        """The best `top` shots to cut to from the shot that the query names."""
        _check_counts(top=top, per_shot=None, min_gap=min_gap)
        wanted = blend(flavor)
        library = Library.open(self.folder)
        place = locate(query, library)
        snapshot = read_snapshot(library, wanted.flavors, place.stored.source.digest)
        number = number_at(place, snapshot, wanted.name)
        comparison = compared(snapshot, wanted)
        ranked = best_for(
            comparison.block,
            snapshot.table,
            Rules(across=False, min_gap=_ticks(min_gap), per_shot=None),
            query=number,
            top=top,
            stop=self.stop,
        )
        return _match_set(comparison, ranked, place.notes)

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
        wanted = blend(flavor)
        snapshot = read_snapshot(Library.open(self.folder), wanted.flavors)
        comparison = compared(snapshot, wanted)
        ranked = best_pairs(
            comparison.block,
            snapshot.table,
            Rules(across=across, min_gap=_ticks(min_gap), per_shot=per_shot),
            top=top,
            symmetric=wanted.symmetric,
            stop=self.stop,
        )
        return _match_set(comparison, ranked, ())

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
                variants=tuple(variant.name for variant in one.variants),
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

    def providers(self) -> list[str]:
        """For each flavor and provider, how many sources it analysed, as sentences for people."""
        library = Library.open(self.folder)
        named = library.providers()
        counts: Counter[tuple[str, str]] = Counter()
        for stored in _placed(library):
            have = library.representations(stored.source.digest, stored.detector)
            for flavor in flavors.flavors().values():
                for identity in have.intersection(identities(flavor)):
                    counts[flavor.name, named.get(identity, "weight-free")] += 1
        return [
            f"{flavor}: {sources} source(s) by {provider}"
            for (flavor, provider), sources in sorted(counts.items())
        ]

    def evidence(self, candidate: Candidate) -> list[tuple[Evidence, Evidence]]:
        """The pictures at a candidate's cut, and the rows that were compared.

        Returns:
            For each flavor of the blend: that of the outgoing side, and that of the incoming one.

        Raises:
            MediaMissing: a file is offline.
            MediaChanged: a file has other content than when it was indexed.
            FrameMissing: a frame cannot be decoded any more.
            SourceNotIndexed: the library holds one of them no more.
            RepresentationMissing: the rows that were compared are gone.
        """
        library = Library.open(self.folder)
        sides = candidate.outgoing, candidate.incoming
        wanted = blend(candidate.flavor).flavors
        snapshot = read_snapshot(library, wanted, *(side.digest for side in sides))
        outgoing, incoming = (_evidence(library, side, snapshot.identities) for side in sides)
        return list(zip(outgoing, incoming, strict=True))

    def reasons(self, candidate: Candidate) -> Reasons:
        """The pictures at a candidate's cut, and for each flavor one of why they match.

        Raises as `evidence`.
        """
        found = self.evidence(candidate)
        drawn = [
            (flavor.name, flavor.draw_reason(*both))
            for flavor, both in zip(blend(candidate.flavor).flavors, found, strict=True)
        ]
        outgoing, incoming = found[0]
        return Reasons(outgoing.picture, incoming.picture, tuple(drawn))


def _evidence(library: Library, side: Side, identities: Sequence[str]) -> list[Evidence]:
    stored = library.find_digest(side.digest)
    if stored is None:
        raise SourceNotIndexed(side.source, library.folder)
    if is_online(side.source) and not holds(library, side.source, side.digest):
        raise MediaChanged(side.source)
    picture = frame_at(side.source, stored.source, side.cut_time.pts, index=side.cut_frame)
    tables = [library.rows(side.digest, stored.detector, identity) for identity in identities]
    return [Evidence(picture, rows[side.shot : side.shot + 1]) for rows in tables]


def _check_counts(*, top: int, per_shot: int | None, min_gap: Fraction) -> None:
    """Refuses counts that no search can mean; the command line does so before it asks."""
    if top < 1 or (per_shot is not None and per_shot < 1) or min_gap < 0:
        raise UsageError(
            f"A search for {top} candidates, {per_shot} a shot, {min_gap} s apart is none.",
            "Ask for at least one candidate, at least one a shot, and no negative distance.",
        )


def _ticks(seconds: Fraction) -> int:
    return int(seconds * TICKS)


def _match_set(comparison: Comparison, ranked: Ranked, notes: tuple[str, ...]) -> MatchSet:
    snapshot, wanted = comparison.snapshot, comparison.wanted
    candidates: list[Candidate] = []
    pairs = zip(
        ranked.outgoing.tolist(), ranked.incoming.tolist(), ranked.scores.tolist(), strict=True
    )
    for rank, (outgoing, incoming, score) in enumerate(pairs, start=1):
        leave, enter = snapshot.cut_frames(wanted.lead, snapshot.identities[0], outgoing, incoming)
        candidates.append(
            Candidate(
                rank=rank,
                score=round(score, SCORE_DIGITS),
                flavor=wanted.name,
                exact=True,
                outgoing=snapshot.side(outgoing, leave),
                incoming=snapshot.side(incoming, enter),
                parts=comparison.parts(outgoing, incoming),
            )
        )
    notes += _notes(snapshot, wanted)
    return MatchSet(tuple(candidates), wanted.name, ranked.compared, notes)


def _notes(snapshot: Snapshot, wanted: Blend) -> tuple[str, ...]:
    notes = [
        f"'{flavor.name}' needs silhouettes by a pretrained model, and these were computed "
        "without: `matchcut models fetch`, then index again."
        for flavor, identity in zip(wanted.flavors, snapshot.identities, strict=True)
        if flavor.needs_pretrained and identity == flavor.representation.spec.identity
    ]
    missing = snapshot.left_out - snapshot.analysed_otherwise
    if missing:
        notes.append(
            f"{missing} source(s) were not analysed for '{wanted.name}' and are left out; index "
            "them again to include them."
        )
    if snapshot.analysed_otherwise:
        named = snapshot.library.providers()
        here = {named.get(identity, "weight-free") for identity in snapshot.identities}
        notes.append(
            f"{snapshot.analysed_otherwise} source(s) were analysed for '{wanted.name}' by "
            f"another provider than {' and '.join(sorted(here))} and are left out; index them "
            "again with the same --profile to compare them."
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


def _placed(library: Library) -> list[StoredSource]:
    """The sources whose place is known: those that find and scan look at."""
    return [stored for stored in library.sources() if stored.paths]


def _left_behind(library: Library, ways: Sequence[profiles.Choice]) -> tuple[str, ...]:
    """Tells how many sources another provider analysed than the one that was chosen now."""
    chosen = {way.representation.spec.identity for way in ways}
    notes: list[str] = []
    for flavor in flavors.flavors().values():
        others = frozenset(identities(flavor)) - chosen
        behind = 0
        for stored in _placed(library):
            have = library.representations(stored.source.digest, stored.detector)
            behind += bool(have & others) and not have & chosen.intersection(identities(flavor))
        if behind:
            notes.append(
                f"{behind} source(s) of the library were analysed for '{flavor.name}' by another "
                "provider and cannot be compared with these: index them again as well, or index "
                "these again with the --profile used before."
            )
    return tuple(notes)
