"""Media that a timeline names and that is not there: looked for by its name, told apart by more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from matchcut.engine.snapshot import start_timecode_frame
from matchcut.errors import MatchcutError
from matchcut.library import StoredSource
from matchcut.media.digest import content_digest
from matchcut.media.files import media_files
from matchcut.media.probe import clock_of
from matchcut.media.state import is_online
from matchcut.timecode import timecode_to_frame

if TYPE_CHECKING:
    from otio_matchcut.relinking import MediaFile
    from otio_matchcut.shot import ShotInTimeline


def known_files(shot: ShotInTimeline, stored: Iterable[StoredSource]) -> list[MediaFile]:
    """The sources of a library that bear the name of a shot's media, or have its content."""
    from otio_matchcut.relinking import MediaFile

    found = []
    for one in stored:
        paths = list(one.paths)
        if one.source.digest != shot.media_digest:
            paths = [path for path in paths if _same_name(path, shot.media)]
        if paths:
            path = next(filter(is_online, paths), paths[0])
            found.append(
                MediaFile(
                    path=path,
                    rate=one.source.rate,
                    start_timecode_frame=start_timecode_frame(one.source),
                    frames=one.frames,
                    digest=partial(str, one.source.digest),
                )
            )
    return found


class Folders:
    """The films in some folders, by name. Looks into the folders once, when first asked."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._by_name: dict[str, list[Path]] | None = None

    def files(self, shot: ShotInTimeline) -> list[MediaFile]:
        """The films that bear the name of a shot's media; those that cannot be opened are none.

        Raises:
            NoMediaFound: there is no film in any of the folders.
        """
        from otio_matchcut.relinking import MediaFile

        if self._by_name is None:
            self._by_name = defaultdict(list)
            for path in media_files(self._folders) if self._folders else []:
                self._by_name[path.name.casefold()].append(path)
        found = []
        for path in self._by_name.get(shot.media.name.casefold(), []):
            try:
                clock = clock_of(path)
            except MatchcutError:
                continue  # It is no film, whatever its name.
            start = clock.start_timecode
            found.append(
                MediaFile(
                    path=path,
                    rate=clock.rate,
                    start_timecode_frame=timecode_to_frame(start, clock.rate) if start else 0,
                    frames=clock.frames,
                    digest=partial(content_digest, path),
                )
            )
        return found


def choices(found: Sequence[MediaFile]) -> str:
    """Files that may all be the one that is meant, as a list for people."""
    return ", ".join(sorted(str(file.path) for file in found))


def _same_name(path: Path, other: Path) -> bool:
    return path.name.casefold() == other.name.casefold()
