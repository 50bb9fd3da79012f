"""All that is done to one film: it needs the film and the library's folder, but no catalogue.

So it can be done anywhere that sees both, several films at once, and again where it was cut short:
what it stores is seen by nobody until `indexing` registers it.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from matchcut.library import Library
from matchcut.media.probe import probe
from matchcut.media.proxy import PROXY, proxy_writer
from matchcut.media.state import FileState, is_online
from matchcut.pipeline.analysis import analyse, unkept
from matchcut.pipeline.given import GivenCuts, given_shots, timed_frames
from matchcut.types import Detector, Monitor, Representation, Shot, Source


@dataclass(frozen=True, slots=True)
class Film:
    """A film to analyse, and what is known of it."""

    file: Path
    state: FileState
    """Of the file, before it was read."""
    source: Source | None
    """None where the library does not know this file."""
    cuts: Detector | GivenCuts
    """What says where it cuts. Cuts that were given want all frames counted first."""
    shots: tuple[Shot, ...]
    """Those that this detector has found before, if it has."""
    missing: tuple[str, ...]
    """Identities of the representations to compute."""

    def __str__(self) -> str:
        return str(self.file)


@dataclass(frozen=True, slots=True)
class Analysed:
    """What was found in a film whose arrays have been placed in the library."""

    source: Source
    shots: tuple[Shot, ...]
    detector: str
    """Identity of what found them."""
    frames: int
    damaged_places: int
    damaged_sounds: int
    soundless: str | None
    """As in `analysis.Analysis`."""


@dataclass(frozen=True, slots=True)
class Analysing:
    """Analyses films for one library."""

    library: Library
    wanted: Mapping[str, Representation]
    """By identity."""
    proxies: bool
    """Whether small copies of the films are kept."""
    threads: int | None
    stored: Set[str]
    """Digests of the sources in the catalogue, as they are known where this runs."""

    def __call__(self, film: Film, monitor: Monitor, /) -> Analysed | Source:
        """Reads a film, computes what is missing, and places it in the library's folder.

        Returns:
            What was found; or the source alone, where the file is new to the library but its
            content is not: then whoever reads the catalogue can tell what is missing.

        Raises:
            MediaMissing, MediaUnreadable, NoPicture: it cannot be read as a film.
            CutListRefused: the cuts that were given do not fit it.
            DiskFull, LibraryDamaged: the arrays cannot be written.
            Cancelled: the monitor asked to stop.

        Cost: one decode, two where cuts are given: the first counts the frames.
        """
        source = film.source or probe(film.file)
        if film.source is None and source.digest in self.stored:
            return source
        detector = film.cuts
        if isinstance(detector, GivenCuts):
            pts = timed_frames(film.file, source, monitor)
            detector = given_shots(detector.resolve(source, pts))
        with ExitStack() as during:
            keep = unkept
            if self.proxies and not has_proxy(self.library, source):
                placed = self.library.placing(self.library.proxy(source.digest, PROXY))
                keep = during.enter_context(proxy_writer(during.enter_context(placed))).add
            analysis = analyse(
                film.file,
                source,
                detector,
                film.shots,
                [self.wanted[identity] for identity in film.missing],
                keep,
                monitor,
                self.threads,
            )
        self.library.place(source.digest, detector.identity, analysis.frame_pts, analysis.rows)
        return Analysed(
            source,
            analysis.shots,
            detector.identity,
            len(analysis.frame_pts) - 1,
            analysis.damaged_places,
            analysis.damaged_sounds,
            analysis.soundless,
        )


def has_proxy(library: Library, source: Source) -> bool:
    """Whether a small copy of this film is stored."""
    return is_online(library.proxy(source.digest, PROXY))
