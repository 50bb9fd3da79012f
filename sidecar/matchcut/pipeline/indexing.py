"""Brings files into a library: skips what is stored, refuses what is broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from matchcut.embeddings.appearance import APPEARANCE
from matchcut.errors import (
    Cancelled,
    CutListRefused,
    MediaError,
    NotFoundError,
    UsageError,
)
from matchcut.flavors._visible import VISIBLE
from matchcut.library import Library, StoredSource
from matchcut.media.files import media_files, resolved
from matchcut.media.probe import probe
from matchcut.media.proxy import PROXY, proxy_writer
from matchcut.media.state import file_state, is_online
from matchcut.pipeline.analysis import analyse, unkept
from matchcut.pipeline.given import GivenCuts, given_shots, is_given, kept_shots, timed_frames
from matchcut.pipeline.grouping import group_repeats
from matchcut.types import (
    Detector,
    IndexReport,
    Monitor,
    Progress,
    Refusal,
    Representation,
    Source,
)


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
    added: list[Path] = field(default_factory=list)
    known: list[Path] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    replaced: list[tuple[str, str]] = field(default_factory=list)
    """Of each film whose shots are found otherwise now: what found them before, and now."""
    given: list[str] = field(default_factory=list)
    """For each film whose shots a cut list gave in this run: the list's name."""
    kept: int = 0
    """Films that keep the shots which a cut list gave before."""
    damaged: list[tuple[str, int]] = field(default_factory=list)
    """Name of each film that could not be read everywhere, and in how many places."""
    unheard: list[tuple[str, str]] = field(default_factory=list)
    """Name of each film whose sound could not be read, or not everywhere, and why."""


def index_files(
    library: Library,
    paths: Sequence[Path],
    detector: Detector,
    representations: Sequence[Representation],
    monitor: Monitor,
    *,
    cut_lists: Mapping[Path, GivenCuts],
    keep_given: bool,
    proxies: bool,
) -> IndexReport:
    """Analyses all files that are not stored yet, then groups the repeats.

    Each file is committed as it is finished: whatever ends the run, what was finished is kept.

    Args:
        library: Where to.
        paths: Files, and folders that are searched for media.
        detector: Finds the shots of films that no cut list speaks of.
        representations: What to store of each shot, besides what repeats and cut points need.
        monitor: Is told about progress, and may stop the work.
        cut_lists: Where films cut, by their path. A list that does not fit its film refuses the
            film, and the others go on.
        keep_given: Whether films whose shots an earlier run was given keep them.
        proxies: Whether a small copy of each film is kept, see `media.proxy`; one that is missing
            is made, for which its film is decoded again.

    Raises:
        UsageError: a cut list speaks of a film that is not among the files.
        LibraryBusy: another program is indexing into it.
        DiskFull: there is no room left.
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
        files = _files(paths, run.refused)
        _check_lists(cut_lists, files)
        for number, file in enumerate(files):
            if monitor.cancelled():
                raise Cancelled
            monitor.report(Progress("indexing", file.name, number, len(files), "files"))
            try:
                fresh = _index_file(run, file)
            except (MediaError, NotFoundError, CutListRefused) as error:
                run.refused.append(Refusal(file, error.reason, error.sentence, error.next_step))
            else:
                (run.added if fresh else run.known).append(file)
        monitor.report(Progress("grouping repeats", "", len(files), len(files), "files"))
        firsts = group_repeats(library)
    repeated = {first for shot, first in firsts.items() if shot != first}
    return IndexReport(
        added=tuple(run.added),
        known=tuple(run.known),
        refused=tuple(run.refused),
        shots=len(firsts),
        groups=len(repeated),
        notes=_notes(run),
    )


def _notes(run: _Run) -> tuple[str, ...]:
    """What the user should know of where the shots come from."""
    notes: list[str] = []
    if run.given:
        lists = ", ".join(sorted(set(run.given)))
        notes.append(f"The shots of {len(run.given)} film(s) are those of {lists}.")
    if run.kept:
        notes.append(
            f"{run.kept} film(s) keep the shots that a list gave; --detector finds them anew."
        )
    found = [one for one in run.replaced if not is_given(one[1])]
    if found:
        before = ", ".join(sorted({old for old, _ in found}))
        notes.append(
            f"The shots of {run.detector.identity} replace those of {before} in {len(found)} "
            "film(s)."
        )
    if run.damaged:
        films = ", ".join(f"{name} ({places})" for name, places in run.damaged)
        notes.append(
            f"Damaged, with the places that could not be read: {films}. The rest of them is "
            "indexed; copy them again if the picture matters there."
        )
    notes += [f"The sound of {name} is not all there: {why}." for name, why in run.unheard]
    return tuple(notes)


def _files(paths: Sequence[Path], refused: list[Refusal]) -> list[Path]:
    """All media files, each once; a path that gives none is refused, and the others go on."""
    files: dict[Path, None] = {}
    for path in paths:
        try:
            files.update(dict.fromkeys(media_files([path])))
        except (MediaError, NotFoundError) as error:
            refused.append(Refusal(path, error.reason, error.sentence, error.next_step))
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


def _index_file(run: _Run, file: Path) -> bool:
    """Stores what is missing of one file; says whether anything was."""
    library = run.library
    state = file_state(file)
    digest = library.find_path(file, state.size, state.mtime_ns)
    stored = None if digest is None else library.find_digest(digest)
    if stored is None:
        source = probe(file)
        stored = library.find_digest(source.digest)
    else:
        source = stored.source
    detector = _detector(run, file, source, stored)
    missing = _missing(library, stored, detector, run.wanted)
    proxy = library.proxy(source.digest, PROXY)
    unseen = run.proxies and not is_online(proxy)
    if stored is not None and stored.detector != detector.identity:
        run.replaced.append((stored.detector, detector.identity))
    if stored is not None and not missing and not unseen:
        library.remember_path(file, source.digest, state.size, state.mtime_ns)
        if stored.detector != detector.identity:
            library.use_detector(source.digest, detector.identity)
        return False
    with ExitStack() as during:
        keep = unkept
        if unseen:
            keep = during.enter_context(
                proxy_writer(during.enter_context(library.placing(proxy)))
            ).add
        analysis = analyse(
            file,
            source,
            detector,
            library.shots(source.digest, detector.identity),
            [run.wanted[identity] for identity in missing],
            keep,
            run.monitor,
        )
    if analysis.damaged_places:
        run.damaged.append((file.name, analysis.damaged_places))
    if analysis.soundless:
        run.unheard.append((file.name, analysis.soundless))
    elif analysis.damaged_sounds:
        run.unheard.append((file.name, f"{analysis.damaged_sounds} place(s) of it are damaged"))
    library.commit(
        source,
        analysis.shots,
        detector.identity,
        analysis.frame_pts,
        analysis.rows,
        file,
        state.size,
        state.mtime_ns,
    )
    return True


def _detector(run: _Run, file: Path, source: Source, stored: StoredSource | None) -> Detector:
    """What says where this film cuts: a list, the list of an earlier run, or the detector."""
    given = run.cut_lists.get(resolved(file))
    if given is not None:
        known = stored is not None and run.library.representations(source.digest, stored.detector)
        pts = (
            run.library.frame_pts(source.digest)
            if known
            else timed_frames(file, source, run.monitor)
        )
        shots = given_shots(given.resolve(source, pts))
        run.given.append(given.name)
        return shots
    if run.keep_given and stored is not None and is_given(stored.detector):
        run.kept += 1
        return kept_shots(run.library.shots(source.digest, stored.detector))
    return run.detector


def _missing(
    library: Library,
    stored: StoredSource | None,
    detector: Detector,
    wanted: dict[str, Representation],
) -> list[str]:
    if stored is None:
        return list(wanted)
    have = library.representations(stored.source.digest, detector.identity)
    return [identity for identity in wanted if identity not in have]
