"""Why a candidate matches: the pictures at its cut, their rows, and what flavors draw of them."""

from __future__ import annotations

from pathlib import Path

from matchcut.engine.blend import blend
from matchcut.engine.comparison import moments_lead
from matchcut.engine.memory import Memory
from matchcut.engine.moments import moments_of
from matchcut.engine.neighbours import cut_rows
from matchcut.engine.places import holds
from matchcut.errors import MediaChanged, SourceNotIndexed
from matchcut.library import Library
from matchcut.media.decode import frame_at
from matchcut.media.state import is_online
from matchcut.reframing import moved
from matchcut.types import Candidate, Evidence, Picture, Reasons, Side


def evidence(memory: Memory, folder: Path, candidate: Candidate) -> list[tuple[Evidence, Evidence]]:
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
    library = memory.library(folder)
    sides = candidate.outgoing, candidate.incoming
    pictures = [_picture(library, side) for side in sides]
    wanted = blend(candidate.flavor)
    snapshot = memory.snapshot(library, wanted, *(side.digest for side in sides))
    at = moments_of(snapshot, snapshot.identities[moments_lead(wanted)])
    rows = [cut_rows(snapshot, wanted.flavors, at, side) for side in sides]
    if candidate.reframing is not None:
        side = 0 if candidate.reframing.side == "outgoing" else 1
        height, width = pictures[side].shape[:2]
        pictures[side] = moved(pictures[side], candidate.reframing)
        rows[side] = [
            flavor.reframe.move(row, width / height, candidate.reframing) if flavor.reframe else row
            for flavor, row in zip(wanted.flavors, rows[side], strict=True)
        ]
    return [
        (Evidence(pictures[0], leaving), Evidence(pictures[1], entering))
        for leaving, entering in zip(*rows, strict=True)
    ]


def reasons(memory: Memory, folder: Path, candidate: Candidate) -> Reasons:
    """The pictures at a candidate's cut, and for each flavor one of why they match.

    Raises as `evidence`.
    """
    found = evidence(memory, folder, candidate)
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
