"""Lance: lists of near rows, as in the FAISS engine, in the files of a columnar table.

Source: Pace et al. 2025, "Lance: Efficient Random Access in Columnar Storage through Adaptive
Structural Encodings", arXiv:2504.15247; the index is its IVF_SQ, a byte a number. The
table holds floats: of halves, Lance 14 learns and fills lists ten times as slowly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.errors import Cancelled
from matchcut.index._engines import loaded
from matchcut.index._words import Rows, Stop, more

TABLE = "rows.lance"
SAMPLE, ROUNDS = 64, 8
"""As for FAISS."""
PROBES = 96
"""As for FAISS."""
WRITTEN = 1 << 13
"""Rows written at a time."""


@dataclass(frozen=True)
class Lance:
    name: str = "lance"

    def build(self, folder: Path, rows: Rows, stop: Stop, /) -> None:
        """As many lists as rows a list. A million rows: 16 s of one core; 5 bytes a number."""
        lance, arrow = loaded("lance", "lance"), loaded("pyarrow", "lance")
        count, dimensions = rows.vectors.shape
        vector = arrow.list_(arrow.float32(), dimensions)
        schema = arrow.schema([("source", arrow.int32()), ("vector", vector)])
        source = np.repeat(np.arange(len(rows.sources), dtype=np.int32), np.diff(rows.starts))

        def batches() -> Iterator[Any]:
            for start in range(0, count, WRITTEN):
                if stop():
                    return  # Lance would make an error of its own of one that is raised here.
                some = slice(start, start + WRITTEN)
                flat = arrow.array(rows.vectors[some].astype(np.float32).ravel())
                columns = [
                    arrow.array(source[some]),
                    arrow.FixedSizeListArray.from_arrays(flat, dimensions),
                ]
                yield arrow.record_batch(columns, schema=schema)

        reader = arrow.RecordBatchReader.from_batches(schema, batches())
        # One file, so that a row's address is its number.
        table = lance.write_dataset(reader, str(folder / TABLE), max_rows_per_file=count)
        if table.count_rows() < count:
            raise Cancelled
        lists = isqrt(count)
        learned = (
            loaded("lance.indices", "lance")
            .IndicesBuilder(table, "vector")
            .train_ivf(
                lists,
                distance_type="cosine",
                sample_rate=min(SAMPLE, count // lists),
                max_iters=ROUNDS,
            )
        )
        table.create_index(
            "vector",
            "IVF_SQ",
            metric="cosine",
            num_partitions=lists,
            ivf_centroids=learned.centroids,
        )
        # Without it every filtered search would read the sources of all rows.
        table.create_scalar_index("source", "BITMAP")

    def open(self, folder: Path, rows: Rows, /) -> Table:
        lance = loaded("lance", "lance")
        try:
            table = lance.dataset(str(folder / TABLE))
        except (OSError, ValueError) as error:
            raise FileNotFoundError(folder / TABLE) from error
        return Table(table, rows, isqrt(len(rows.ids)))


@dataclass(frozen=True, slots=True)
class Table:
    """An opened table."""

    table: Any
    rows: Rows
    lists: int

    def near(
        self, queries: NDArray[np.float32], count: int, allowed: NDArray[np.bool_] | None, /
    ) -> NDArray[np.int64]:
        found = np.full((len(queries), count), -1, np.int64)
        probes, condition = PROBES, None
        if allowed is not None:
            left = int(np.diff(self.rows.starts)[allowed].sum())
            probes = more(PROBES, left / len(self.rows.ids))
            condition = _condition(allowed)
        for query, numbers in zip(queries, found, strict=True):
            nearest = {
                "column": "vector",
                "q": query,
                "k": count,
                "nprobes": min(probes, self.lists),
            }
            answer = self.table.to_table(
                columns=["_distance"],
                with_row_id=True,
                nearest=nearest,
                filter=condition,
                prefilter=True,
            )
            some = answer["_rowid"].to_numpy()
            numbers[: len(some)] = some
        return found


def _condition(allowed: NDArray[np.bool_]) -> str:
    """Which sources pass, by the shorter of the two lists."""
    inside, outside = np.flatnonzero(allowed), np.flatnonzero(~allowed)
    if len(inside) <= len(outside):
        return f"source IN ({', '.join(map(str, inside))})"
    return f"source NOT IN ({', '.join(map(str, outside))})"


ENGINE = Lance()
