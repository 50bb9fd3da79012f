"""Everything matchcut can do with one library, on plain types: no threads, no gRPC.

`Engine` implements `types.Matching`; the sidecar serves one, and the CLI uses one directly where
no sidecar is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from matchcut import flavors, index, models, pipeline, shots
from matchcut.engine import exporting, indexes, profiles, scanning, suggesting
from matchcut.engine.answers import Shown, match_set
from matchcut.engine.blend import Blend, blend
from matchcut.engine.comparison import PREPARED, Comparison, moments_lead
from matchcut.engine.cutlists import given_cuts
from matchcut.engine.indexes import Reindexed
from matchcut.engine.learned import Learned, learn, lesson
from matchcut.engine.memory import Memory
from matchcut.engine.moments import moments_of
from matchcut.engine.nearest import Search
from matchcut.engine.neighbours import cut_rows
from matchcut.engine.ordering import Order, short
from matchcut.engine.places import holds
from matchcut.engine.query import locate, number_at
from matchcut.engine.refining import Refiner, refine_all
from matchcut.engine.snapshot import TICKS, Snapshot, identities
from matchcut.engine.thumbnails import SIDE, thumbnail
from matchcut.engine.vectors import indexable
from matchcut.engine.verdicts import counting, record_now, verdict_on
from matchcut.errors import (
    EngineMissing,
    IndexMissing,
    IndexStale,
    MatchcutError,
    MediaChanged,
    SourceNotIndexed,
    UsageError,
)
from matchcut.learn import rerankers, reranking
from matchcut.learn.keeping import kept_scorer
from matchcut.library import Library, StoredSource
from matchcut.library.verdicts import recorded
from matchcut.media.decode import frame_at
from matchcut.media.state import is_online
from matchcut.ranking import Pair, Ranked, Rules, best_brought, best_for, best_found
from matchcut.reframing import moved
from matchcut.types import (
    Candidate,
    CutList,
    Evidence,
    Exported,
    ExportedFile,
    FlavorCard,
    IndexReport,
    Judgement,
    MatchSet,
    Monitor,
    Picture,
    Query,
    Reasons,
    Refined,
    Side,
    SourceCard,
    Thumbnail,
    TimelineQuery,
    Verdict,
)

MIN_HANDLE = 8
"""Frames that a shot must be on screen before it is left, and after it is entered, unless said."""
SUGGESTED_GAP = Fraction(2)
"""Seconds that two shots of one film lie apart which an editor is asked about."""


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
    memory: Memory = field(default_factory=Memory, repr=False, compare=False)
    """What was made ready for earlier questions."""
    workers: pipeline.OpenWorkers = pipeline.here
    """Who does long work: this process, or a cluster, which wants absolute paths."""

    def index(
        self,
        paths: Sequence[Path],
        /,
        *,
        detector: str | None = None,
        cut_lists: Sequence[CutList] = (),
        profile: str = profiles.DEFAULT,
        proxies: bool = True,
        monitor: Monitor,
    ) -> IndexReport:
        """Analyses what is not yet stored, for every flavor. See `pipeline.index_files`.

        `profile` says which way each is computed: see `profiles.Chooser`.
        """
        chosen = shots.detector(detector or shots.DEFAULT)
        given = {one.media: given_cuts(one) for one in cut_lists}
        with self.workers() as workers:
            chooser = profiles.Chooser(profile, models.shelves(self.models), workers.device)
            ways = profiles.ways(chooser, monitor)
            library = Library.create(self.folder)
            report = pipeline.index_files(
                library,
                paths,
                chosen,
                [way.representation for way in ways],
                monitor,
                workers=workers,
                cut_lists=given,
                keep_given=not detector,
                proxies=proxies,
            )
        notes = [*(way.sentence for way in ways if way.sentence), *report.notes]
        notes += _left_behind(library, ways)
        return replace(report, notes=tuple(notes))

    def find(
        self,
        query: Query,
        /,
        *,
        flavor: str,
        top: int,
        min_gap: Fraction,
        min_handle: int = MIN_HANDLE,
        reframe: bool = True,
        exact: bool = False,
        rejected: bool = False,
        scorer: str | Path | None = None,
    ) -> MatchSet:
        """The best `top` shots to cut to from the shot that the query names.

        A large library is searched by its index, if it has one; `exact` compares everything. What
        the editor rejected is passed over, unless `rejected`. `scorer` orders the best ones, see
        `trained_order`: the folder of a model, or its name on the shelf.
        """
        _check_counts(top=top, per_shot=None, min_gap=min_gap, min_handle=min_handle)
        wanted = blend(flavor)
        library = self.memory.library(self.folder)
        place = locate(query, self.memory.files(library))
        snapshot = self.memory.snapshot(library, wanted, place.stored.source.digest)
        number = number_at(place, snapshot, wanted.name)
        rules = Rules(across=False, min_gap=_ticks(min_gap), per_shot=None)
        said = self.memory.said(snapshot, symmetric=wanted.symmetric)
        without = [] if rejected else said.rejected_with(number, rules)
        anew = self._anew(snapshot, wanted, scorer, reframe=reframe)
        shown = Shown(top, said, anew, without, place.notes)
        top = short(anew, top)
        search = None if exact else self._search(snapshot, wanted)
        if isinstance(search, Search):
            comparison = self.memory.comparison(
                snapshot, wanted, min_handle=min_handle, reframe=reframe, room=0
            )
            with self.memory.turn:
                found = search.nearest(
                    comparison, rules, query=number, top=top, without=without, stop=self.stop
                )
                if found is not None:
                    return match_set(comparison, found, replace(shown, exact=False))
        comparison = self.memory.comparison(
            snapshot, wanted, min_handle=min_handle, reframe=reframe
        )
        if isinstance(search, MatchcutError) and len(comparison.at.frame) > index.EXACT_UP_TO:
            shown = replace(shown, notes=(*shown.notes, indexes.without(wanted.name, search)))
        with self.memory.turn:
            ranked = _everything(
                comparison, rules, query=number, top=top, without=without, stop=self.stop
            )
            return match_set(comparison, ranked, shown)

    def _search(self, snapshot: Snapshot, wanted: Blend) -> Search | MatchcutError | None:
        """What searches a large library, or why it does not; None where nothing is to do so."""
        [flavor, *others] = wanted.flavors
        if others or not indexable(flavor):
            return None
        try:
            found = self.memory.search(snapshot, flavor)
        except (IndexMissing, IndexStale, EngineMissing) as error:
            return error
        return found if len(found.index) > index.EXACT_UP_TO else None

    def reindex(self, *, by: str | None = None, monitor: Monitor) -> tuple[Reindexed, ...]:
        """Brings the search indexes of the library up to date. See `indexes.reindex`.

        `by` names the search engine; None: the one that searches them, or the default.

        Raises:
            EngineUnknown: there is none of this name.
        """
        engine = None if by is None else index.engine(by)
        with self.workers() as workers:
            return indexes.reindex(Library.open(self.folder), engine, workers, monitor)

    def scan(
        self,
        *,
        flavor: str,
        top: int,
        per_shot: int | None,
        across: bool,
        min_gap: Fraction,
        min_handle: int = MIN_HANDLE,
        reframe: bool = True,
        rejected: bool = False,
        scorer: str | Path | None = None,
    ) -> MatchSet:
        """The best `top` pairs of the library. See `ranking.best_brought`.

        Of two shots that match either way, the better direction is taken. What the editor rejected
        is passed over, unless `rejected`. `scorer` is as for `find`.
        """
        _check_counts(top=top, per_shot=per_shot, min_gap=min_gap, min_handle=min_handle)
        wanted = blend(flavor)
        snapshot = self.memory.snapshot(self.memory.library(self.folder), wanted)
        comparison = self.memory.comparison(
            snapshot, wanted, min_handle=min_handle, reframe=reframe
        )
        rules = Rules(across=across, min_gap=_ticks(min_gap), per_shot=per_shot)
        said = self.memory.said(snapshot, symmetric=wanted.symmetric)
        without = [] if rejected else said.rejected(rules)
        anew = self._anew(snapshot, wanted, scorer, reframe=reframe)
        ranked = self._pairs(comparison, rules, short(anew, top), without, reframe=reframe)
        return match_set(comparison, ranked, Shown(top, said, anew, without))

    def _anew(
        self, snapshot: Snapshot, wanted: Blend, scorer: str | Path | None, *, reframe: bool
    ) -> Order:
        """What orders the best pairs: the model asked for, else what was learned from verdicts."""
        if not scorer:
            return self.memory.learned(snapshot, wanted, reframe=reframe)
        folder = scorer if isinstance(scorer, Path) else kept_scorer(scorer)
        return self.memory.trained(snapshot, folder)

    def _pairs(
        self,
        comparison: Comparison,
        rules: Rules,
        top: int,
        without: Sequence[Pair],
        *,
        reframe: bool,
    ) -> Ranked:
        """The best pairs of a library but for some, each in its better direction."""
        snapshot, wanted = comparison.snapshot, comparison.wanted
        min_handle = comparison.handles.least
        asked = scanning.Scan(self.folder, wanted.name, min_handle, reframe, rules)
        with self.workers() as workers:
            bring = scanning.here(comparison, rules, stop=self.stop)
            if workers.calls > 1:
                bring = scanning.elsewhere(workers, asked, snapshot, self.stop)
            ranked = best_brought(
                bring,
                snapshot.table,
                rules,
                top=top,
                symmetric=wanted.symmetric,
                without=without,
            )
        return _directed(ranked, comparison) if wanted.symmetric else ranked

    def refine(
        self,
        candidates: Sequence[Candidate],
        /,
        *,
        min_handle: int = MIN_HANDLE,
        reframe: bool = True,
    ) -> Iterator[Refined]:
        """Each candidate with its best cut near the one it has. See `engine.refining`.

        Raises:
            FlavorUnknown, BlendWrong: a candidate's flavor is none.
            UsageError: a candidate is none of this library's.
            RepresentationMissing: the library was not analysed for its flavor.
        """
        _check_counts(top=1, per_shot=None, min_gap=Fraction(0), min_handle=min_handle)
        refiners = self._refiners(candidates, min_handle=min_handle, reframe=reframe)
        for refined in refine_all([refiners[one.flavor] for one in candidates], candidates):
            self.stop()
            yield refined

    def _refiners(
        self, candidates: Sequence[Candidate], *, min_handle: int, reframe: bool
    ) -> dict[str, Refiner]:
        """By flavor, what refines its candidates."""
        library = self.memory.library(self.folder)
        digests: dict[str, set[str]] = {}
        for one in candidates:
            sides = digests.setdefault(one.flavor, set())
            sides |= {one.outgoing.digest, one.incoming.digest}
        found: dict[str, Refiner] = {}
        for flavor, sources in digests.items():
            wanted = blend(flavor)
            known = [digest for digest in sorted(sources) if library.find_digest(digest)]
            snapshot = self.memory.snapshot(library, wanted, *known)
            room = 0 if isinstance(self._search(snapshot, wanted), Search) else PREPARED
            comparison = self.memory.comparison(
                snapshot, wanted, min_handle=min_handle, reframe=reframe, room=room
            )
            found[flavor] = Refiner(comparison, reframe=reframe)
        return found

    def record_verdict(
        self, candidate: Candidate, judgement: Judgement, /, *, why: str = ""
    ) -> Verdict:
        """Keeps what the editor says of a candidate. Raises as `verdicts.verdict_on`.

        Cost: two small transactions, each of which reaches the disk: a few milliseconds.
        """
        library = Library.open(self.folder)
        [recorded] = record_now(library, [verdict_on(candidate, judgement, why, library)])
        return recorded

    def verdicts(self, *, history: bool = False) -> tuple[Verdict, ...]:
        """Those that count, see `verdicts.counting`; with `history`, all that were recorded."""
        library = Library.open(self.folder)
        return recorded(library) if history else counting(library)

    def learn_from_verdicts(self, flavor: str) -> reranking.Judgement:
        """Learns an order of a flavor's best pairs from the verdicts on them. See `engine.learned`.

        From then on find and scan use it, if it is shown to be better than the flavor's own; else
        what was learned before is forgotten.

        Raises:
            FlavorUnknown, BlendWrong: there is no such flavor.
            LibraryMissing, RepresentationMissing: as for find.
            OutputUnwritable: it cannot be kept.
        """
        wanted, library = blend(flavor), self.memory.library(self.folder)
        snapshot = self.memory.snapshot(library, wanted)
        comparison = self.memory.comparison(snapshot, wanted, min_handle=MIN_HANDLE, reframe=True)
        of = lesson(comparison, [one for one in counting(library) if one.flavor == wanted.name])
        found, told = learn(of, wanted.name, reframe=True)
        if found is None:
            rerankers.forget(library.folder, wanted.name)
        else:
            rerankers.save(found, library.folder)
        return told

    def suggest(self, *, flavor: str, top: int) -> MatchSet:
        """Which pairs to judge next: those of which a verdict would tell most. See `suggesting`."""
        _check_counts(top=top, per_shot=None, min_gap=SUGGESTED_GAP, min_handle=MIN_HANDLE)
        wanted, library = blend(flavor), self.memory.library(self.folder)
        snapshot = self.memory.snapshot(library, wanted)
        comparison = self.memory.comparison(snapshot, wanted, min_handle=MIN_HANDLE, reframe=True)
        rules = Rules(across=False, min_gap=_ticks(SUGGESTED_GAP), per_shot=None)
        said = self.memory.said(snapshot, symmetric=wanted.symmetric)
        known = said.judged(rules)
        ranked = self._pairs(comparison, rules, suggesting.pool(top), known, reframe=True)
        of = lesson(comparison, [one for one in counting(library) if one.flavor == wanted.name])
        shown = Shown(top, said, Learned(None), ())
        return suggesting.suggested(comparison, ranked, shown, of)

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

    def export(
        self, found: MatchSet, /, *, host: str, name: str, timeline: TimelineQuery | None = None
    ) -> Exported:
        """What was found as files for an editing application. See `exporting`.

        Raises:
            HostUnknown: there is no such application.
        """
        color = blend(found.flavor).lead.marker_color
        delivery = exporting.delivery_of(found, color, name, timeline)
        files, notes = exporting.files_of(delivery, host)
        return Exported(
            tuple(
                ExportedFile(file.name, file.content, file.carrier, file.label, file.how)
                for file in files
            ),
            notes,
            exporting.marks_of(delivery),
        )

    def thumbnail(self, digest: str, frame: int, /, *, max_side: int = SIDE) -> Thumbnail:
        """The frame `frame` of a source, small. See `thumbnails.thumbnail`."""
        return thumbnail(self.memory.library(self.folder), digest, frame, max_side)

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
        """The pictures at a candidate's cut, and the rows of both frames.

        Where the candidate is reframed, the picture and the rows of that side are moved.

        Returns:
            For each flavor of the blend: that of the outgoing side, and that of the incoming one.

        Raises:
            MediaMissing: a file is offline.
            MediaChanged: a file has other content than when it was indexed.
            FrameMissing: a frame cannot be decoded any more.
            SourceNotIndexed: the library holds one of them no more.
            RepresentationMissing: the rows that were compared are gone.
            UsageError: it is none of this library's.
        """
        library = self.memory.library(self.folder)
        sides = candidate.outgoing, candidate.incoming
        pictures = [_picture(library, side) for side in sides]
        wanted = blend(candidate.flavor)
        snapshot = self.memory.snapshot(library, wanted, *(side.digest for side in sides))
        at = moments_of(snapshot, snapshot.identities[moments_lead(wanted)])
        rows = [cut_rows(snapshot, wanted.flavors, at, side) for side in sides]
        if candidate.reframing is not None:
            side = 0 if candidate.reframing.side == "outgoing" else 1
            height, width = pictures[side].shape[:2]
            pictures[side] = moved(pictures[side], candidate.reframing)
            rows[side] = [
                flavor.reframe.move(row, width / height, candidate.reframing)
                if flavor.reframe
                else row
                for flavor, row in zip(wanted.flavors, rows[side], strict=True)
            ]
        return [
            (Evidence(pictures[0], leaving), Evidence(pictures[1], entering))
            for leaving, entering in zip(*rows, strict=True)
        ]

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


def _picture(library: Library, side: Side) -> Picture:
    stored = library.find_digest(side.digest)
    if stored is None:
        raise SourceNotIndexed(side.source, library.folder)
    if is_online(side.source) and not holds(library.seen(), side.source, side.digest):
        raise MediaChanged(side.source)
    return frame_at(side.source, stored.source, side.cut_time.pts, index=side.cut_frame)


def _everything(
    comparison: Comparison,
    rules: Rules,
    *,
    query: int,
    top: int,
    without: Sequence[Pair],
    stop: Callable[[], None],
) -> Ranked:
    """The best shots to cut to from one, of all there are."""
    table = comparison.snapshot.table
    if comparison.sifting is not None:
        find = comparison.sifting.shots
        return best_found(find, table, rules, query=query, top=top, without=without, stop=stop)
    block = comparison.scores.block
    return best_for(block, table, rules, query=query, top=top, without=without, stop=stop)


def _directed(ranked: Ranked, comparison: Comparison) -> Ranked:
    """The same pairs, each in the direction that scores better; as they are where both do."""
    turned = [
        bool(
            comparison.scores.block((there, there + 1), (here, here + 1))[0, 0]
            > comparison.scores.block((here, here + 1), (there, there + 1))[0, 0]
        )
        for here, there in zip(ranked.outgoing.tolist(), ranked.incoming.tolist(), strict=True)
    ]
    return replace(
        ranked,
        outgoing=np.where(turned, ranked.incoming, ranked.outgoing),
        incoming=np.where(turned, ranked.outgoing, ranked.incoming),
    )


def _check_counts(*, top: int, per_shot: int | None, min_gap: Fraction, min_handle: int) -> None:
    """Refuses counts that no search can mean; the command line does so before it asks."""
    if min_handle < 1:
        raise UsageError(
            f"A handle of {min_handle} frames is none.",
            "Ask for at least one frame: the one at the cut.",
        )
    if top < 1 or (per_shot is not None and per_shot < 1) or min_gap < 0:
        raise UsageError(
            f"A search for {top} candidates, {per_shot} a shot, {min_gap} s apart is none.",
            "Ask for at least one candidate, at least one a shot, and no negative distance.",
        )


def _ticks(seconds: Fraction) -> int:
    return int(seconds * TICKS)


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
