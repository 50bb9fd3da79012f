"""How an archive is searched: the nearest rows among millions, in a disposable structure on disk.

A library is the truth; a `ShotIndex` is built from it, can be deleted at any time, and refuses to
open once it no longer is what the library holds. Rows are kept as halves, source by source. Every
answer's scores are exact cosines of the rows as kept, whatever found them; which rows are found is
exact when asked for, when there are few rows, and when a filter leaves few.

An engine is one file here with a constant `ENGINE`; other distributions add theirs through the
entry-point group `matchcut.engines`. What an engine does is small: from the rows of one segment it
builds what finds near ones quickly.
"""

from __future__ import annotations

from matchcut.index._engines import engine, engines, loaded
from matchcut.index._segments import MANIFEST, Segment
from matchcut.index._shot_index import ShotIndex
from matchcut.index._words import (
    DEFAULT,
    EXACT_UP_TO,
    Engine,
    Found,
    Near,
    Rows,
    SourceRows,
    Stop,
    more,
    never,
)

__all__ = [
    "DEFAULT",
    "EXACT_UP_TO",
    "MANIFEST",
    "Engine",
    "Found",
    "Near",
    "Rows",
    "Segment",
    "ShotIndex",
    "SourceRows",
    "Stop",
    "engine",
    "engines",
    "loaded",
    "more",
    "never",
]
