"""Verdicts in files: whole, to be taken into another library, or as labelled pairs to learn from.

Whole ones are JSON, an object a line, or a table (CSV); both hold the same, and tell by an id
whether they were changed since. Labelled pairs name films by title and shots by their place, as
`matchcut evaluate` and the match-cutting paper do.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from matchcut.engine.snapshot import timecode_of
from matchcut.engine.verdicts import Pairs
from matchcut.errors import UsageError
from matchcut.library import StoredSource
from matchcut.library.description import verdict_fields, verdict_of
from matchcut.types import JudgedShot, Shot, Verdict

SIDE = ("digest", "start_pts", "end_pts", "time_base", "cut_frame", "cut_pts")
COLUMNS = (
    *("id", "judgement", "when", "why", "flavor", "score", "at_cut", "scorer", "reframing"),
    *(f"outgoing_{name}" for name in SIDE),
    *(f"incoming_{name}" for name in SIDE),
    *("outgoing_source", "outgoing_timecode", "incoming_source", "incoming_timecode"),
)
"""Of a table; the last four are for people, and passed over when it is read. Reframings are JSON.
"""
LABELS = ("title", "shot1", "shot2", "match", "title2", "task", "start1", "end1", "start2", "end2")
"""Columns of labelled pairs: shots by their place in the film, seconds of the film's own clock."""
SUFFIXES = (".jsonl", ".csv")


def fields_of(verdict: Verdict, pairs: Pairs) -> dict[str, Any]:
    """A verdict as JSON values, and for people where each film lies and its timecode at the cut.

    `source` and `timecode` are null where the library does not hold the film.
    """
    fields = verdict_fields(verdict)
    for name, side in zip(("outgoing", "incoming"), verdict.sides, strict=True):
        stored = pairs.stored.get(side.digest)
        fields[name] |= {
            "source": str(stored.paths[0]) if stored and stored.paths else None,
            "timecode": _timecode(side, stored, pairs) if stored else None,
        }
    return fields


def _timecode(side: JudgedShot, stored: StoredSource, pairs: Pairs) -> str:
    return timecode_of(stored.source, pairs.library.frame_pts(side.digest), side.cut_frame)


def as_lines(verdicts: Iterable[Verdict], pairs: Pairs) -> str:
    """Whole verdicts, an object a line."""
    return "".join(json.dumps(fields_of(one, pairs)) + "\n" for one in verdicts)


def as_table(verdicts: Iterable[Verdict], pairs: Pairs) -> str:
    """Whole verdicts as CSV."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for one in verdicts:
        fields = fields_of(one, pairs)
        rows.writerow([_cell(fields, column) for column in COLUMNS])
    return text.getvalue()


def _cell(fields: Mapping[str, Any], column: str) -> str:
    side, _, name = column.partition("_")
    value = fields[side][name] if side in ("outgoing", "incoming") else fields[column]
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value) if isinstance(value, dict) else str(value)


def read(path: Path) -> list[Verdict]:
    """The whole verdicts in a file, told apart by its ending.

    Raises:
        UsageError: it cannot be read, is neither, or a line of it is no verdict or was changed.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"'{path}' has no ending that says how to read it.",
            "Give a .jsonl or .csv that `matchcut verdicts export` wrote.",
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read ({error}).", "Check the path.") from error
    table = path.suffix.lower() == ".csv"
    found: list[Verdict] = []
    for number, row in _rows_of(text) if table else _objects_in(text):
        try:
            found.append(verdict_of(_fields_of_row(row) if table else json.loads(row)))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"Line {number} of {path} is no verdict: {error}.",
                "Export it again; nothing was taken from the file.",
                line=number,
            ) from error
    return found


def _objects_in(text: str) -> Iterable[tuple[int, Any]]:
    lines = enumerate(text.splitlines(), start=1)
    return [(number, line) for number, line in lines if line.strip()]


def _rows_of(text: str) -> Iterable[tuple[int, Any]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    return [(reader.line_num, row) for row in reader]


def _fields_of_row(row: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        name: row[name] for name in ("id", "judgement", "when", "why", "flavor", "scorer")
    }
    fields |= {name: row[name] or None for name in ("score", "at_cut")}
    fields["reframing"] = json.loads(row["reframing"]) if row["reframing"] else None
    for side in ("outgoing", "incoming"):
        fields[side] = {name: row[f"{side}_{name}"] for name in SIDE}
    return fields


def labelled(verdicts: Sequence[Verdict], pairs: Pairs) -> list[dict[str, object]]:
    """The verdicts as labelled pairs, by `LABELS` and `score`, but for those on films not held.

    A film's title is its file's name without the ending; a part of its digest follows where two
    have the same.
    """
    titles = _titles(pairs.stored.values())
    rows: list[dict[str, object]] = []
    for one in verdicts:
        shots = [pairs.shot(side) for side in one.sides]
        if any(shot is None or shot.source not in titles for shot in shots):
            continue
        outgoing, incoming = (shot for shot in shots if shot is not None)
        (start1, end1), (start2, end2) = (_seconds(shot, pairs) for shot in (outgoing, incoming))
        rows.append(
            {
                "title": titles[outgoing.source],
                "shot1": outgoing.index,
                "shot2": incoming.index,
                "match": one.judgement == "keep",
                "title2": titles[incoming.source],
                "task": one.flavor,
                "start1": start1,
                "end1": end1,
                "start2": start2,
                "end2": end2,
                "score": one.score,
            }
        )
    return rows


def as_labels(rows: Iterable[Mapping[str, object]]) -> str:
    """Labelled pairs as CSV, as `matchcut evaluate` reads it."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, (*LABELS, "score"))
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "match": "true" if row["match"] else "false"})
    return text.getvalue()


def as_paper(rows: Iterable[Mapping[str, object]]) -> str:
    """Labelled pairs of one film each as the paper's `dataset-TASK.json`."""
    return (
        json.dumps(
            [
                {
                    "imdb_id": row["title"],
                    "clip1_index": row["shot1"],
                    "clip1_start": row["start1"],
                    "clip1_end": row["end1"],
                    "clip2_index": row["shot2"],
                    "clip2_start": row["start2"],
                    "clip2_end": row["end2"],
                    "majority_label": row["match"],
                    "annotator_labels": {"1": row["match"]},
                    "source_info": [
                        {"source_name": row["task"], "rank": None, "score": row["score"]}
                    ],
                }
                for row in rows
            ],
            indent=1,
        )
        + "\n"
    )


def _titles(sources: Iterable[StoredSource]) -> dict[str, str]:
    """By digest; as `learn` names the films of a library."""
    named = [one for one in sources if one.paths]
    often = Counter(one.paths[0].stem for one in named)
    return {
        one.source.digest: one.paths[0].stem
        + (f"~{one.source.digest[:8]}" if often[one.paths[0].stem] > 1 else "")
        for one in named
    }


def _seconds(shot: Shot, pairs: Pairs) -> tuple[float, float]:
    """From the film's first frame on."""
    first = int(pairs.library.frame_pts(shot.source)[0])
    base = shot.span.time_base
    return float((shot.span.start - first) * base), float((shot.span.end - first) * base)
