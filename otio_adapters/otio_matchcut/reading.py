"""Reads timelines of every format that is known (see `readers`), and refuses others in a sentence.

Objects of an unknown schema are kept (see `kept`); `writing.write` puts them back.
"""

from __future__ import annotations

from pathlib import Path

from opentimelineio.schema import Timeline

from otio_matchcut.parsing import parse
from otio_matchcut.readers import AS_IT_SAYS, Wanted, reader_of

__all__ = ["AS_IT_SAYS", "Wanted", "parse", "read"]


def read(path: Path, wanted: Wanted = AS_IT_SAYS) -> Timeline:
    """The timeline in a file, whichever application wrote it.

    Args:
        path: The file; a folder where the format is one (`.otiod`).
        wanted: What the file itself may leave open.

    Raises:
        TimelineError: TIMELINE_MISSING, TIMELINE_UNREADABLE, TIMELINE_NEWER, or QUERY_INVALID where
            the file leaves something open that `wanted` does not settle.
    """
    return reader_of(path).read(path, wanted)
