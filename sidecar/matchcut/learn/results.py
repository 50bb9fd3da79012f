"""The table of all runs, in the columns of the paper's own."""

from __future__ import annotations

import csv
from pathlib import Path

from matchcut.learn.card import spread
from matchcut.learn.placing import placed
from matchcut.learn.trained import facts_in, measured

COLUMNS = ("task", "encoder", "model", "agg", "train-AP", "validation-AP", "test-AP")


def write_table(folder: Path) -> Path:
    """Writes `results.csv` of all models in a folder, by name, and says where it is.

    Encoders are joined by a dash, as the paper writes them: tables can be laid side by side.

    Raises:
        TrainedRefused: one of them cannot be read.
        OutputUnwritable: it cannot be written.
    """
    place = folder / "results.csv"
    with placed(place) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for model in sorted(one.parent for one in folder.glob("[!.]*/model.json")):
            facts = facts_in(model)
            recipe, precision = facts["recipe"], measured(facts)
            table.writerow(
                [
                    recipe["task"],
                    recipe["encoders"].replace("+", "-"),
                    recipe.get("learner", ""),
                    recipe.get("aggregation", ""),
                    *(spread(precision[split]) for split in ("train", "validation", "test")),
                ]
            )
    return place
