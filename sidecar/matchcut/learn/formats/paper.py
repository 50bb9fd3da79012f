"""The labelled pairs of the match-cutting paper, as its authors publish them.

A folder with `dataset-TASK.json` files: a list of pairs with title, two shot numbers with their
seconds, the majority's label, and what proposed the pair with which score. `heuristicN-scores.csv`
holds scores of all pairs of the task in which they are found. Pairs that nobody judged
(`dataset-random-negatives.json`) are passed over, as the paper's own training does.

Source: Chen et al. 2022, arXiv:2210.05766; github.com/Netflix/matchcut at 4b486c8.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from matchcut.errors import LabelsRefused
from matchcut.learn.formats._division import first_twice, number, readable, split_titles
from matchcut.learn.pairs import Floats, LabelledSet, Pairs, Shot

_TASK = re.compile(r"dataset-(.+)\.json")
_SCORES = re.compile(r"heuristic(\d+)-scores\.csv")


class _Paper:
    name = "paper"
    label = "a folder with dataset-TASK.json, as the match-cutting paper's"

    def recognises(self, path: Path, /) -> bool:
        return path.is_dir() and any(path.glob("dataset-*.json"))

    def read(self, path: Path, /) -> LabelledSet:
        scores = {
            f"heuristic {found[1]}": _scores(file)
            for file in sorted(path.iterdir())
            if (found := _SCORES.fullmatch(file.name))
        }
        tasks: dict[str, Pairs] = {}
        seconds: dict[Shot, tuple[float, float]] = {}
        for file in sorted(path.glob("dataset-*.json")):
            found = _TASK.fullmatch(file.name)
            listed = _listed(file)
            if found is None or not all("majority_label" in one for one in listed):
                continue
            tasks[found[1]] = _pairs(file, listed, scores, seconds)
        if not tasks:
            raise LabelsRefused(path, "none of its pairs has a majority_label")
        return LabelledSet(path.absolute().name, tasks, split_titles(path, tasks), seconds)


def _listed(file: Path) -> list[dict[str, Any]]:
    with readable(file):
        text = file.read_text(encoding="utf-8")
    try:
        listed = json.loads(text)
    except json.JSONDecodeError as error:
        raise LabelsRefused(file, f"it is no JSON ({error.msg}, line {error.lineno})") from error
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise LabelsRefused(file, "it is no list of pairs")
    return listed


def _pairs(
    file: Path,
    listed: list[dict[str, Any]],
    scores: dict[str, dict[tuple[Shot, Shot], float]],
    seconds: dict[Shot, tuple[float, float]],
) -> Pairs:
    """The pairs of one file; when their shots begin and end is added to `seconds`."""
    outgoing: list[Shot] = []
    incoming: list[Shot] = []
    match: list[bool] = []
    proposals: list[dict[str, float]] = []
    for at, one in enumerate(listed):
        try:
            for side, shots in ((1, outgoing), (2, incoming)):
                shot = (str(one["imdb_id"]), int(one[f"clip{side}_index"]))
                shots.append(shot)
                if f"clip{side}_start" in one:
                    start, end = number(one[f"clip{side}_start"]), number(one[f"clip{side}_end"])
                    seconds[shot] = start, end
            if not isinstance(one["majority_label"], bool):
                raise ValueError("majority_label is neither true nor false")
            match.append(one["majority_label"])
            proposals.append(
                {str(by["source_name"]): number(by["score"]) for by in one.get("source_info", ())}
            )
        except (KeyError, TypeError, ValueError) as error:
            what = f"lacks {error}" if isinstance(error, KeyError) else f"is wrong: {error}"
            raise LabelsRefused(file, f"pair {at} {what}") from error
    keys = list(zip(outgoing, incoming, strict=True))
    if (twice := first_twice(keys)) is not None:
        raise LabelsRefused(file, f"the pair {twice} is in it twice")
    proposed: dict[str, Floats] = {
        name: np.array([by.get(name, np.nan) for by in proposals], np.float64)
        for name in sorted({name for by in proposals for name in by})
    }
    for name, of in scores.items():
        found = np.array([of.get(key, np.nan) for key in keys], np.float64)
        if not np.isnan(found).any():
            proposed[name] = found
    return Pairs(tuple(outgoing), tuple(incoming), np.array(match, np.bool_), proposed)


def _scores(file: Path) -> dict[tuple[Shot, Shot], float]:
    """The score of every pair in a CSV of `imdb_id,shot1_idx,shot2_idx` and a score."""
    found: dict[tuple[Shot, Shot], float] = {}
    with readable(file), file.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        head = next(reader, [])
        if head[:3] != ["imdb_id", "shot1_idx", "shot2_idx"] or len(head) != 4:
            raise LabelsRefused(file, "its columns are not imdb_id, shot1_idx, shot2_idx, a score")
        for row in reader:
            try:
                title, one, other, score = row
                found[(title, int(one)), (title, int(other))] = number(score)
            except ValueError as error:
                raise LabelsRefused(file, f"line {reader.line_num} is wrong: {error}") from error
    return found


FORMAT = _Paper()
