"""What is stored: a folder with a SQLite catalogue and memory-mapped arrays.

    LIBRARY/
        catalogue.sqlite        sources, paths, shots, which representations are stored, groups,
                                and what editors said of pairs
        arrays/SOURCE/          frames.npy (pts), a proxy, and, per detector and representation, one
                                .npy of rows and one .moments.npy of what they stand for
        staging/                arrays being written; nothing in it is ever read
        scorers/                orders learned from verdicts, a file a flavor and a card
        index.lock              held by the one program that is writing

A source becomes visible in one transaction after its arrays have reached the disk, so a killed
program leaves whole sources or nothing. The library is the truth; search indexes are built from it.
"""

from __future__ import annotations

from matchcut.library.store import Library, SeenFiles, StoredSource

__all__ = ["Library", "SeenFiles", "StoredSource"]
