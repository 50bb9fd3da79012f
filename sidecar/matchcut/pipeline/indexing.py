"""Brings files into a library: skips what is stored, refuses what is broken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matchcut.dedup import APPEARANCE
from matchcut.errors import Cancelled, MediaError, NotFoundError
from matchcut.flavors._visible import VISIBLE
from matchcut.library import Library, StoredSource
from matchcut.media.files import media_files
from matchcut.media.probe import probe
from matchcut.media.state import file_state
from matchcut.pipeline.analysis import analyse
from matchcut.pipeline.grouping import group_repeats
from matchcut.types import (
    Detector,
    IndexReport,
    Monitor,
    Progress,
    Refusal,
    Representation,
)


def index_files(
    library: Library,
    paths: Sequence[Path],
    detector: Detector,
    representations: Sequence[Representation],
    monitor: Monitor,
) -> IndexReport:
    """Analyses all files that are not stored yet, then groups the repeats.

    Each file is committed as it is finished: whatever ends the run, what was finished is kept.

    Args:
        library: Where to.
        paths: Files, and folders that are searched for media.
        detector: Finds the shots.
        representations: What to store of each shot, besides what repeats and cut points need.
        monitor: Is told about progress, and may stop the work.

    Raises:
        LibraryBusy: another program is indexing into it.
        DiskFull: there is no room left.
        Cancelled: the monitor asked to stop.
    """
    everything: list[Representation] = [APPEARANCE, VISIBLE, *representations]
    wanted = {one.spec.identity: one for one in everything}
    added: list[Path] = []
    known: list[Path] = []
    refused: list[Refusal] = []
    replaced: list[str] = []
    with library.writing():
        files = _files(paths, refused)
        for number, file in enumerate(files):
            if monitor.cancelled():
                raise Cancelled
            monitor.report(Progress("indexing", file.name, number, len(files), "files"))
            try:
                fresh = _index_file(library, file, detector, wanted, replaced, monitor)
            except (MediaError, NotFoundError) as error:
                refused.append(Refusal(file, error.reason, error.sentence, error.next_step))
            else:
                (added if fresh else known).append(file)
        monitor.report(Progress("grouping repeats", "", len(files), len(files), "files"))
        firsts = group_repeats(library)
    repeated = {first for shot, first in firsts.items() if shot != first}
    return IndexReport(
        added=tuple(added),
        known=tuple(known),
        refused=tuple(refused),
        shots=len(firsts),
        groups=len(repeated),
        notes=_notes(detector, replaced),
    )


def _notes(detector: Detector, replaced: Sequence[str]) -> tuple[str, ...]:
    """What the user should know of films whose shots another detector had found."""
    if not replaced:
        return ()
    before = ", ".join(sorted(set(replaced)))
    return (
        f"The shots of {detector.identity} replace those of {before} in {len(replaced)} film(s).",
    )


def _files(paths: Sequence[Path], refused: list[Refusal]) -> list[Path]:
    """All media files, each once; a path that gives none is refused, and the others go on."""
    files: dict[Path, None] = {}
    for path in paths:
        try:
            files.update(dict.fromkeys(media_files([path])))
        except (MediaError, NotFoundError) as error:
            refused.append(Refusal(path, error.reason, error.sentence, error.next_step))
    return list(files)


def _index_file(
    library: Library,
    file: Path,
    detector: Detector,
    wanted: dict[str, Representation],
    replaced: list[str],
    monitor: Monitor,
) -> bool:
    """Stores what is missing of one file; says whether anything was."""
    state = file_state(file)
    digest = library.find_path(file, state.size, state.mtime_ns)
    stored = None if digest is None else library.find_digest(digest)
    if stored is None:
        source = probe(file)
        stored = library.find_digest(source.digest)
    else:
        source = stored.source
    missing = _missing(library, stored, detector, wanted)
    if stored is not None and stored.detector != detector.identity:
        replaced.append(stored.detector)
    if stored is not None and not missing:
        library.remember_path(file, source.digest, state.size, state.mtime_ns)
        if stored.detector != detector.identity:
            library.use_detector(source.digest, detector.identity)
        return False
    analysis = analyse(
        file,
        source,
        detector,
        library.shots(source.digest, detector.identity),
        [wanted[identity] for identity in missing],
        monitor,
    )
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
