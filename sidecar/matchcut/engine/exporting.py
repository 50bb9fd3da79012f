"""What was found as files for an editing application: from a search, or from what one has written.

The files are the carriers' of `otio_matchcut`; here they get our words, and their places on disk.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from matchcut.engine.timelines import matches_of, shot_in_timeline, timeline_errors
from matchcut.errors import OutputUnwritable
from matchcut.types import MatchSet, TimelineMark, TimelineQuery

if TYPE_CHECKING:
    from otio_matchcut.delivering import Delivered
    from otio_matchcut.delivery import Delivery, Edited

LEDGER = ".matchcut.json"
"""In a folder of exports: the name and digest of each file as it was written, by which an export
knows its own files again."""


def hosts() -> tuple[str, ...]:
    """The applications that files are made for."""
    from otio_matchcut import carriers

    return carriers.hosts()


def deliver(
    found: MatchSet, color: str, host: str, name: str, query: TimelineQuery | None
) -> tuple[tuple[Delivered, ...], tuple[str, ...]]:
    """The files for an application, and sentences on what was left out.

    Args:
        found: From a search.
        color: The OTIO marker colour of its flavor.
        host: One of `hosts()`.
        name: What to call the result in the application: without a suffix.
        query: The timeline that was asked about, where one was.

    Raises:
        TimelineQueryWrong: there is no such application.
        TimelineRefused: the timeline cannot be used, or a format cannot say what was found.
    """
    return files_of(delivery_of(found, color, name, query), host)


def delivery_of(found: MatchSet, color: str, name: str, query: TimelineQuery | None) -> Delivery:
    """What a search has found, for a carrier to write. Raises as `deliver`."""
    from otio_matchcut import marking, marks, reading
    from otio_matchcut.clock import is_drop_frame
    from otio_matchcut.delivery import Delivery

    matches = matches_of(found, color)
    edited: Edited | None = None
    with timeline_errors():
        if query is not None:
            shot = shot_in_timeline(query)
            timeline = marking.mark(reading.parse(query.timeline, query.name), shot, matches)
            drops = True if query.at and is_drop_frame(query.at) else None
            edited = marks.edited(timeline, drop_frame=drops)
    return Delivery(name, tuple(matches), edited)


def marks_of(delivery: Delivery) -> tuple[TimelineMark, ...]:
    """Where the editor's timeline shows the cuts of a delivery, in its order."""
    from otio_matchcut.entries import match_id

    if delivery.edited is None:
        return ()
    edited = delivery.edited
    delivered = {match_id(match) for match in delivery.matches}
    return tuple(
        TimelineMark(
            id=match_id(mark.match),
            rank=mark.match.rank,
            frame=mark.frame - edited.first_frame,
            timecode=edited.timecode(mark.frame),
            name=mark.name,
            comment=mark.comment,
            color=mark.match.marker_color,
        )
        for mark in edited.marks
        if match_id(mark.match) in delivered
    )


def delivery_in(path: Path, timeline: Path | None, name: str) -> Delivery:
    """What an earlier search has written: a timeline of candidates, or a marked one.

    Args:
        path: An `.otio` file of ours; an editor's timeline with our markers is the timeline that
            was asked about.
        timeline: The editor's timeline, where `path` is one of candidates. It gets a marker where
            it shows the cut frame of an outgoing side.
        name: What to call the result in the application.

    Raises:
        TimelineRefused: one of them cannot be read, or holds no candidate of ours.
    """
    from otio_matchcut import marks, placed, reading
    from otio_matchcut.delivery import Delivery

    with timeline_errors():
        read = reading.read(path)
        matches = marks.matches_in(read)
        if not matches:
            raise placed.no_candidates(str(path))
        edited: Edited | None = None
        if timeline is not None:
            marked = placed.marked_where_shown(
                reading.read(timeline), matches, base=timeline.absolute().parent
            )
            edited = marks.edited(marked)
        elif marks.is_editors(read):
            edited = marks.edited(read)
    return Delivery(name, matches, edited)


def files_of(delivery: Delivery, host: str) -> tuple[tuple[Delivered, ...], tuple[str, ...]]:
    """The files of a delivery for an application, and what was left out. Raises as `deliver`."""
    from otio_matchcut import delivering

    with timeline_errors():
        return delivering.deliver(delivery, host)


def write_files(files: Sequence[Delivered], folder: Path) -> list[Path]:
    """Writes them into a folder, which is made where it is missing; each is complete or absent.

    Running again replaces what an export has written there and nobody has changed since.

    Raises:
        OutputUnwritable: a file of that name is somebody's, or the system refuses. Nothing is
            written then.
        DiskFull: there is no room.
    """
    from otio_matchcut.writing import write_bytes

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputUnwritable(
            f"The folder {folder} cannot be made: {(error.strerror or 'refused').lower()}.",
            "Name another folder with -o.",
            path=str(folder),
        ) from error
    ours = _ledger(folder)
    for file in files:
        path = folder / file.name
        if path.exists() and ours.get(file.name) != _digest(path.read_bytes()):
            raise OutputUnwritable(
                f"{path} was not written by an export, or has been changed since.",
                "Move it away, or name another folder with -o.",
                path=str(path),
            )
    with timeline_errors():
        for file in files:
            write_bytes(file.content, folder / file.name)
        known = ours | {file.name: _digest(file.content) for file in files}
        write_bytes((json.dumps(known, indent=1) + "\n").encode(), folder / LEDGER)
    return [folder / file.name for file in files]


def _ledger(folder: Path) -> dict[str, str]:
    try:
        known = json.loads((folder / LEDGER).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
        # Without one that can be read, no file there is known as ours, and none is replaced.
        return {}
    return known if isinstance(known, dict) else {}


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
