"""Everything matchcut can do with one library, on plain types: no threads, no gRPC.

`Engine` implements `types.Matching`; the sidecar serves one, and the CLI uses one directly where
no sidecar is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from matchcut import index, models, pipeline, shots
from matchcut.engine import cards, exporting, indexes, profiles, reasoning, scanning, suggesting
from matchcut.engine.answers import Shown, match_set
from matchcut.engine.blend import Blend, blend
from matchcut.engine.comparison import PREPARED, Comparison
from matchcut.engine.cutlists import given_cuts
from matchcut.engine.indexes import Reindexed
from matchcut.engine.learned import Learned, learn, lesson
from matchcut.engine.memory import Memory
from matchcut.engine.nearest import Search
from matchcut.engine.ordering import Order, short
from matchcut.engine.query import locate, number_at
from matchcut.engine.refining import Refiner, refine_all
from matchcut.engine.searching import best_from, check_counts, ticks, turned
from matchcut.engine.snapshot import Snapshot
from matchcut.engine.thumbnails import SIDE, thumbnail
from matchcut.engine.vectors import indexable
from matchcut.engine.verdicts import counting, record_now, verdict_on
from matchcut.errors import (
    EngineMissing,
    IndexMissing,
    IndexStale,
    MatchcutError,
)
from matchcut.learn import rerankers, reranking
from matchcut.learn.keeping import kept_scorer
from matchcut.library import Library
from matchcut.library.verdicts import recorded
from matchcut.ranking import Pair, Ranked, Rules, best_brought
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
    Query,
    Reasons,
    Refined,
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
            representations = [way.representation for way in ways]
            library = Library.create(self.folder)
            report = pipeline.index_files(
                library,
                paths,
                chosen,
                representations,
                monitor,
                workers=workers,
                cut_lists=given,
                keep_given=not detector,
                proxies=proxies,
            )
        notes = [*(way.sentence for way in ways if way.sentence), *report.notes]
        notes += cards.left_behind(library, representations)
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
        check_counts(top=top, per_shot=None, min_gap=min_gap, min_handle=min_handle)
        wanted = blend(flavor)
        library = self.memory.library(self.folder)
        place = locate(query, self.memory.files(library))
        snapshot = self.memory.snapshot(library, wanted, place.stored.source.digest)
        number = number_at(place, snapshot, wanted.name)
        rules = Rules(across=False, min_gap=ticks(min_gap), per_shot=None)
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
            ranked = best_from(
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
        check_counts(top=top, per_shot=per_shot, min_gap=min_gap, min_handle=min_handle)
        wanted = blend(flavor)
        snapshot = self.memory.snapshot(self.memory.library(self.folder), wanted)
        comparison = self.memory.comparison(
            snapshot, wanted, min_handle=min_handle, reframe=reframe
        )
        rules = Rules(across=across, min_gap=ticks(min_gap), per_shot=per_shot)
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
        return turned(ranked, comparison) if wanted.symmetric else ranked

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
        check_counts(top=1, per_shot=None, min_gap=Fraction(0), min_handle=min_handle)
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
        check_counts(top=top, per_shot=None, min_gap=SUGGESTED_GAP, min_handle=MIN_HANDLE)
        wanted, library = blend(flavor), self.memory.library(self.folder)
        snapshot = self.memory.snapshot(library, wanted)
        comparison = self.memory.comparison(snapshot, wanted, min_handle=MIN_HANDLE, reframe=True)
        rules = Rules(across=False, min_gap=ticks(SUGGESTED_GAP), per_shot=None)
        said = self.memory.said(snapshot, symmetric=wanted.symmetric)
        known = said.judged(rules)
        ranked = self._pairs(comparison, rules, suggesting.pool(top), known, reframe=True)
        of = lesson(comparison, [one for one in counting(library) if one.flavor == wanted.name])
        shown = Shown(top, said, Learned(None), ())
        return suggesting.suggested(comparison, ranked, shown, of)

    def flavors(self) -> tuple[FlavorCard, ...]:
        """Every flavor there is, for menus."""
        return cards.flavor_cards()

    def sources(self) -> tuple[SourceCard, ...]:
        """What the library holds, in its order."""
        return cards.source_cards(Library.open(self.folder))

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
        return cards.provided(Library.open(self.folder))

    def evidence(self, candidate: Candidate) -> list[tuple[Evidence, Evidence]]:
        """The pictures at a candidate's cut, and the rows of both frames. See `reasoning`.

        Raises as it does.
        """
        return reasoning.evidence(self.memory, self.folder, candidate)

    def reasons(self, candidate: Candidate) -> Reasons:
        """The pictures at a candidate's cut, and for each flavor one of why they match.

        Raises as `evidence`.
        """
        return reasoning.reasons(self.memory, self.folder, candidate)
