"""Labelled pairs from rows of named values, whatever file they stood in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matchcut.errors import LabelsRefused
from matchcut.learn.formats._division import first_twice, judged, number, split_titles
from matchcut.learn.pairs import LabelledSet, Pairs, Shot

NEEDED = ("title", "shot1", "shot2", "match")
KNOWN = frozenset((*NEEDED, "title2", "task", "start1", "end1", "start2", "end2"))
"""All other names are those of what scored pairs."""


def labelled(path: Path, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> LabelledSet:
    """The set that rows with their line numbers make up; each pair once a task.

    Raises:
        LabelsRefused: a row lacks a value or has a wrong one, or there is none.
    """
    if not rows:
        raise LabelsRefused(path, "there is no pair in it")
    seconds: dict[Shot, tuple[float, float]] = {}
    of_task: dict[str, list[tuple[Shot, Shot, bool, dict[str, float]]]] = {}
    for line, row in rows:
        if missing := [name for name in NEEDED if row.get(name) in (None, "")]:
            raise LabelsRefused(path, f"line {line} has no {missing[0]}")
        try:
            out = (str(row["title"]), int(row["shot1"]))
            into = (str(row.get("title2") or row["title"]), int(row["shot2"]))
            for shot, side in ((out, 1), (into, 2)):
                start, end = number(row.get(f"start{side}")), number(row.get(f"end{side}"))
                if start < end:
                    seconds[shot] = start, end
            scores = {name: number(row[name]) for name in row if name not in KNOWN}
            pair = out, into, judged(row["match"]), scores
        except (TypeError, ValueError) as error:
            raise LabelsRefused(path, f"line {line} is wrong: {error}") from error
        of_task.setdefault(str(row.get("task") or path.stem), []).append(pair)
    tasks = {task: _pairs(path, task, some) for task, some in of_task.items()}
    return LabelledSet(path.name, tasks, split_titles(path.parent, tasks), seconds)


def _pairs(
    path: Path, task: str, listed: Sequence[tuple[Shot, Shot, bool, dict[str, float]]]
) -> Pairs:
    if (twice := first_twice(one[:2] for one in listed)) is not None:
        raise LabelsRefused(path, f"the pair {twice} is in it twice for '{task}'")
    names = sorted({name for *_, scores in listed for name in scores})
    return Pairs(
        tuple(out for out, *_ in listed),
        tuple(into for _, into, *_ in listed),
        np.array([match for _, _, match, _ in listed], np.bool_),
        {
            name: np.array([scores.get(name, np.nan) for *_, scores in listed], np.float64)
            for name in names
        },
    )
