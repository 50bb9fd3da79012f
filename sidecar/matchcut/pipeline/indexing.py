"""Brings files into a library: skips what is stored, refuses what is broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from matchcut.embeddings.appearance import APPEARANCE
from matchcut.errors import (
    Cancelled,
    CutListRefused,
    MediaError,
    NotFoundError,
    UsageError,
    WorkerLost,
)
from matchcut.flavors._visible import VISIBLE
from matchcut.library import Library, StoredSource
from matchcut.media.files import media_files, resolved
from matchcut.media.state import file_state
from matchcut.models import devices
from matchcut.pipeline.findings import Findings
from matchcut.pipeline.given import GivenCuts, given_shots, is_given, kept_shots
from matchcut.pipeline.grouping import group_repeats
from matchcut.pipeline.one_film import Analysed, Analysing, Film, has_proxy
from matchcut.pipeline.workers import Workers
from matchcut.types import (
    WEIGHT_FREE,
    Detector,
    IndexReport,
    Monitor,
    Progress,
    Representation,
    Source,
)

_OF_ONE_FILE = (MediaError, NotFoundError, CutListRefused, WorkerLost)
"""What passes over a file; the others go on. Anything else ends the run."""


@dataclass(slots=True)
class _Run:
    """What one run of indexing goes by, and what it has found so far."""

    library: Library
    detector: Detector
    wanted: dict[str, Representation]
    cut_lists: Mapping[Path, GivenCuts]
    """By resolved path of the film."""
    keep_given: bool
    proxies: bool
    monitor: Monitor
    findings: Findings = field(default_factory=Findings)
    stored: set[str] = field(default_factory=set)
    """Digests of the sources in the catalogue."""
    total: int = 0
    """Files to look at."""


def index_files(
    library: Library,
    paths: Sequence[Path],
    detector: Detector,
    representations: Sequence[Representation],
    monitor: Monitor,
    *,
    workers: Workers,
    cut_lists: Mapping[Path, GivenCuts],
    keep_given: bool,
    proxies: bool,
) -> IndexReport:
    """Analyses all files that are not stored yet, then groups the repeats.

    Workers read the films and place what they find in the library's folder; only this process reads
    and writes the catalogue, where each film appears as a whole as it is finished: whatever ends
    the run, what was finished is kept.

    Args:
        library: Where to.
        paths: Files, and folders that are searched for media.
        detector: Finds the shots of films that no cut list speaks of.
        representations: What to store of each shot, besides what repeats and cut points need.
        monitor: Is told about progress, and may stop the work.
        workers: Who reads the films. The library does not depend on it.
        cut_lists: Where films cut, by their path. A list that does not fit its film refuses the
            film, and the others go on.
        keep_given: Whether films whose shots an earlier run was given keep them.
        proxies: Whether a small copy of each film is kept, see `media.proxy`; one that is missing
            is made, for which its film is decoded again.

    Raises:
        UsageError: a cut list speaks of a film that is not among the files.
        LibraryBusy: another program is indexing into it.
        DiskFull: there is no room left.
        LibraryNotShared, ClusterUnfit: other machines cannot do it for this one.
        Cancelled: the monitor asked to stop.

    Cost: one decode a film that is not stored, two where a cut list speaks of it: the first counts
    its frames.
    """
    everything: list[Representation] = [APPEARANCE, VISIBLE, *representations]
    run = _Run(
        library,
        detector,
        {one.spec.identity: one for one in everything},
        {resolved(film): given for film, given in cut_lists.items()},
        keep_given,
        proxies,
        monitor,
    )
    with library.writing():
        library.remember_providers([one.spec for one in everything])
        files = _files(paths, run.findings)
        _check_lists(cut_lists, files)
        run.total = len(files) + len(run.findings.refused)
        run.stored.update(library.digests())
        waiting: dict[Path, Source | None] = dict.fromkeys(files)
        while waiting:
            waiting = _analyse(run, waiting, workers)
        monitor.report(Progress("grouping repeats", "", len(files), len(files), "files"))
        firsts = group_repeats(library)
    repeated = {first for shot, first in firsts.items() if shot != first}
    return run.findings.report(files, detector.identity, len(firsts), len(repeated))


def _files(paths: Sequence[Path], findings: Findings) -> list[Path]:
    """All media files, each once; a path that gives none is refused, and the others go on."""
    files: dict[Path, None] = {}
    for path in paths:
        try:
            files.update(dict.fromkeys(media_files([path])))
        except (MediaError, NotFoundError) as error:
            findings.refuse(path, error)
    return list(files)


def _check_lists(cut_lists: Mapping[Path, GivenCuts], files: Sequence[Path]) -> None:
    there = {resolved(file) for file in files}
    for film, given in cut_lists.items():
        if resolved(film) not in there:
            raise UsageError(
                f"{given.name} speaks of {film}, which is not among the films to index.",
                "Name that film as well, or leave the list out.",
                list=given.name,
                media=film,
            )


def _analyse(
    run: _Run, waiting: Mapping[Path, Source | None], workers: Workers
) -> dict[Path, Source | None]:
    """Brings files into the library.

    Returns:
        Those whose content turned out to be in it already, under another path: what is missing of
        them can be told only now.
    """
    again: dict[Path, Source | None] = {}
    analysing = Analysing(run.library, run.wanted, run.proxies, workers.threads, run.stored)
    learned = any(one.spec.provider != WEIGHT_FREE for one in run.wanted.values())
    gpu = learned and devices.kind(workers.device) == "gpu"
    films = _films(run, waiting)
    with closing(workers.run(analysing, films, run.monitor, gpu=gpu)) as results:
        for film, result in results:
            try:
                found = result()
            except _OF_ONE_FILE as error:
                run.findings.refuse(film.file, error)
                continue
            if isinstance(found, Source):
                again[film.file] = found
            elif film.source is None and found.source.digest in run.stored:
                again[film.file] = found.source  # Two files of one content, read at once.
            else:
                _register(run, film, found)
    return again


def _films(run: _Run, waiting: Mapping[Path, Source | None]) -> Iterator[Film]:
    """The films of which something is missing; those of which nothing is are noted as known."""
    for file, source in waiting.items():
        if run.monitor.cancelled():
            raise Cancelled
        run.monitor.report(Progress("indexing", file.name, run.findings.done, run.total, "files"))
        try:
            film = _film(run, file, source)
        except _OF_ONE_FILE as error:
            run.findings.refuse(file, error)
        else:
            if film is None:
                run.findings.known.append(file)
            else:
                yield film


def _film(run: _Run, file: Path, source: Source | None) -> Film | None:
    """What is to be done to a file; None where nothing is.

    `source` is what the file holds, where that is known from reading it.
    """
    library = run.library
    state = file_state(file)
    digest = source.digest if source else library.find_path(file, state.size, state.mtime_ns)
    stored = None if digest is None else library.find_digest(digest)
    cuts = _cuts(run, file, stored)
    if stored is None:
        return Film(file, state, None, cuts, (), tuple(run.wanted))
    if isinstance(cuts, GivenCuts):  # The frames are stored no more, and neither is the rest.
        return Film(file, state, stored.source, cuts, (), tuple(run.wanted))
    found = stored.source.digest, cuts.identity
    have = library.representations(*found)
    missing = tuple(identity for identity in run.wanted if identity not in have)
    if missing or (run.proxies and not has_proxy(library, stored.source)):
        return Film(file, state, stored.source, cuts, library.shots(*found), missing)
    run.findings.note_cuts(stored.detector, cuts.identity, _list_of(run, file))
    library.remember_path(file, digest=found[0], size=state.size, mtime_ns=state.mtime_ns)
    if stored.detector != cuts.identity:
        library.use_detector(*found)
    return None


def _cuts(run: _Run, file: Path, stored: StoredSource | None) -> Detector | GivenCuts:
    """What says where this film cuts: a list, the list of an earlier run, or the detector."""
    given = run.cut_lists.get(resolved(file))
    if given is not None:
        if stored and run.library.representations(stored.source.digest, stored.detector):
            pts = run.library.frame_pts(stored.source.digest)
            return given_shots(given.resolve(stored.source, pts))
        return given
    if run.keep_given and stored is not None and is_given(stored.detector):
        return kept_shots(run.library.shots(stored.source.digest, stored.detector))
    return run.detector


def _list_of(run: _Run, file: Path) -> str | None:
    """Name of the cut list that speaks of a film."""
    given = run.cut_lists.get(resolved(file))
    return None if given is None else given.name


def _register(run: _Run, film: Film, found: Analysed) -> None:
    """Makes a film that was analysed a part of the library."""
    stored = run.library.find_digest(found.source.digest)
    before = None if stored is None else stored.detector
    run.findings.note_cuts(before, found.detector, _list_of(run, film.file))
    run.findings.note_damage(film.file, found)
    run.library.register(
        found.source,
        found.shots,
        found.detector,
        found.frames,
        film.missing,
        film.file,
        film.state.size,
        film.state.mtime_ns,
    )
    run.stored.add(found.source.digest)
    run.findings.added.append(film.file)
