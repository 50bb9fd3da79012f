"""Labelled pairs in our own form: JSON, an object a line, named as the columns of `table`."""

from __future__ import annotations

import json
from pathlib import Path

from matchcut.errors import LabelsRefused
from matchcut.learn.formats._division import readable
from matchcut.learn.formats._rows import labelled
from matchcut.learn.pairs import LabelledSet


class _Lines:
    name = "lines"
    label = "a .jsonl of objects with title, shot1, shot2, match"

    def recognises(self, path: Path, /) -> bool:
        return path.is_file() and path.suffix.lower() in {".jsonl", ".ndjson"}

    def read(self, path: Path, /) -> LabelledSet:
        rows = []
        with readable(path):
            text = path.read_text(encoding="utf-8")
        for place, line in enumerate(text.splitlines(), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise LabelsRefused(path, f"line {place} is no JSON ({error.msg})") from error
            if not isinstance(row, dict):
                raise LabelsRefused(path, f"line {place} is no object")
            rows.append((place, row))
        return labelled(path, rows)


FORMAT = _Lines()
