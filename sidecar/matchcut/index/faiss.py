"""FAISS: rows are put into lists by the centre they are nearest to, and a few lists are read.

Source: Douze et al. 2024, "The Faiss library", arXiv:2401.08281 (IndexIVFScalarQuantizer). The
lists hold the rows as halves, without loss, in a file that is memory-mapped.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.errors import Cancelled
from matchcut.index._engines import loaded
from matchcut.index._words import Rows, Stop, more

FILE = "lists.faiss"
SAMPLE, ROUNDS = 64, 8
"""Rows a list from which its centre is learned, and how often all centres are moved."""
PROBES = 96
"""Lists read for a query: of rows in no clusters at all, 24 find 71 % and 96 find 94 % of the ten
nearest in a million; of clustered ones, all."""
ADDED = 1 << 16
"""Rows added at a time."""


@dataclass(frozen=True)
class Faiss:
    name: str = "faiss"

    def build(self, folder: Path, rows: Rows, stop: Stop, /) -> None:
        """As many lists as rows a list. A million rows: 10 s of one core, 0.7 GB of memory."""
        faiss = loaded("faiss", "faiss")

        count, dimensions = rows.vectors.shape
        lists = isqrt(count)
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dimensions),
            dimensions,
            lists,
            faiss.ScalarQuantizer.QT_fp16,
            faiss.METRIC_INNER_PRODUCT,
            False,
        )
        index.cp.niter, index.cp.max_points_per_centroid = ROUNDS, SAMPLE
        index.cp.spherical = True
        some = np.random.default_rng(0).choice(count, min(SAMPLE * lists, count), replace=False)
        index.train(rows.vectors[np.sort(some)].astype(np.float32))
        for start in range(0, count, ADDED):
            if stop():
                raise Cancelled
            index.add(rows.vectors[start : start + ADDED].astype(np.float32))
        faiss.write_index(index, str(folder / FILE))

    def open(self, folder: Path, rows: Rows, /) -> Lists:
        faiss = loaded("faiss", "faiss")

        mapped = faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY
        try:
            index = faiss.read_index(str(folder / FILE), mapped)
        except RuntimeError as error:
            raise FileNotFoundError(folder / FILE) from error
        # It would start 32 threads a query to read ahead of what is in memory anyway.
        faiss.downcast_InvertedLists(index.invlists).prefetch_nthread = 0
        return Lists(index, rows)


@dataclass(frozen=True, slots=True)
class Lists:
    """An opened file of lists."""

    index: Any
    rows: Rows

    def near(
        self, queries: NDArray[np.float32], count: int, allowed: NDArray[np.bool_] | None, /
    ) -> NDArray[np.int64]:
        faiss = loaded("faiss", "faiss")

        if allowed is None:
            wanted = faiss.SearchParametersIVF(nprobe=min(PROBES, self.index.nlist))
        else:
            each = np.repeat(allowed, np.diff(self.rows.starts))
            bits = np.packbits(each, bitorder="little")
            probes = more(PROBES, int(np.count_nonzero(each)) / len(each))
            wanted = faiss.SearchParametersIVF(
                nprobe=min(probes, self.index.nlist), sel=faiss.IDSelectorBitmap(bits)
            )
        return np.asarray(self.index.search(queries, count, params=wanted)[1], np.int64)


ENGINE = Faiss()
