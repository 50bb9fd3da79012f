"""Labelled pairs as a table: a CSV of a pair a line, as a spreadsheet writes it.

Columns, in any order: `title`, `shot1`, `shot2`, `match` (true, false, 1, 0, yes, no, keep,
reject), and where wanted `title2` (of the incoming shot, where it is another film), `task` (else
the file's name), `start1`, `end1`, `start2`, `end2` (seconds). Any other column holds scores of
what its head names. Titles are divided by train.txt, validation.txt and test.txt beside the file,
where they are there.
"""

from __future__ import annotations

import csv
from pathlib import Path

from matchcut.errors import LabelsRefused
from matchcut.learn.formats._division import readable
from matchcut.learn.formats._rows import labelled
from matchcut.learn.pairs import LabelledSet


class _Table:
    name = "table"
    label = "a .csv with the columns title, shot1, shot2, match"

    def recognises(self, path: Path, /) -> bool:
        return path.is_file() and path.suffix.lower() == ".csv"

    def read(self, path: Path, /) -> LabelledSet:
        with readable(path), path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = []
            for row in reader:
                if None in row or None in row.values():
                    raise LabelsRefused(path, f"line {reader.line_num} has not a value a column")
                rows.append((reader.line_num, row))
        return labelled(path, rows)


FORMAT = _Table()
