"""Which timeline of a file is meant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from opentimelineio.schema import Timeline

from otio_matchcut.errors import TimelineError
from otio_matchcut.parsing import unreadable
from otio_matchcut.readers import Wanted


def the_one(timelines: Sequence[Timeline], wanted: Wanted, path: Path) -> Timeline:
    """The timeline that is meant of those that a file holds: the only one, or the one named.

    Raises:
        TimelineError: QUERY_INVALID, there are several and none is named, or none of that name;
            TIMELINE_UNREADABLE, there is none at all.
    """
    if not timelines:
        raise unreadable(str(path), "it holds no timeline")
    named = [one for one in timelines if wanted.sequence in (None, one.name)]
    if len(named) == 1:
        return named[0]
    names = ", ".join(f"'{one.name}'" for one in timelines)
    if not named:
        sentence = f"{path.name} holds no timeline named '{wanted.sequence}'."
        step = f"Those that it holds: {names}."
    elif wanted.sequence is None:
        sentence = f"{path.name} holds {len(timelines)} timelines: {names}."
        step = "Name the one that is meant (--sequence NAME), or export it alone."
    else:
        sentence = f"{path.name} holds {len(named)} timelines named '{wanted.sequence}'."
        step = "Rename them in the editing application, or export the one that is meant alone."
    raise TimelineError("QUERY_INVALID", sentence, step, timeline=path, timelines=names)
