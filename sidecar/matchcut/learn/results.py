"""The table of all runs, in the columns of the paper's own."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from matchcut.learn.card import spread
from matchcut.learn.placing import placed
from matchcut.learn.runs import Finished

COLUMNS = ("task", "encoder", "model", "agg", "train-AP", "validation-AP", "test-AP")


def write_table(found: Sequence[Finished], folder: Path) -> Path:
    """Writes `results.csv` of some runs and says where it is.

    Encoders are joined by a dash, as the paper writes them: tables can be laid side by side.

    Raises:
        OutputUnwritable: it cannot be written.
    """
    place = folder / "results.csv"
    with placed(place) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for one in found:
            recipe = one.recipe
            table.writerow(
                [
                    recipe["task"],
                    recipe["encoders"].replace("+", "-"),
                    recipe.get("head", ""),
                    recipe.get("aggregation", ""),
                    *(spread(one.measured[split]) for split in ("train", "validation", "test")),
                ]
            )
    return place
