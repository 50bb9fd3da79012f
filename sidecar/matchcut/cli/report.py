"""Writes what was measured: a page, a picture of precision against recall, or a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from matchcut.cli.evaluating import fields, shown
from matchcut.learn.evaluation import Evaluated
from matchcut.learn.placing import placed


def write(path: Path, name: str, found: Sequence[Evaluated], at: list[int]) -> None:
    """Writes one file by its ending, complete or not at all.

    Args:
        path: `.html`, `.png` or `.csv`.
        name: Of the labelled set.
        found: What was measured.
        at: The Ks of precision and recall at K.

    Raises:
        OutputUnwritable: it cannot be written.
        LearningMissing: it has curves, and what draws them is not installed.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        content = _csv(found, at).encode()
    elif ending == ".png":
        from matchcut.cli.curves import drawn

        content = drawn(found, name, "png")
    else:
        content = _page(found, name, at).encode()
    with placed(path) as aside:
        aside.write_bytes(content)


def _csv(found: Sequence[Evaluated], at: list[int]) -> str:
    """A line a row, those of titles included; what cannot be told is empty."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    rows = [row for one in found for row in (one.row, *one.by_title)]
    plain = [name for name in fields(rows[0], at) if name not in ("precision", "recall")]
    table.writerow([*plain, *(f"precision_at_{k}" for k in at), *(f"recall_at_{k}" for k in at)])
    for row in rows:
        told = fields(row, at)
        by_k = ["" if one != one else round(one, 6) for one in (*row.precision, *row.recall)]
        table.writerow([*(told[name] for name in plain), *by_k])
    return text.getvalue()


def _page(found: Sequence[Evaluated], name: str, at: list[int]) -> str:
    from jinja2 import Environment, StrictUndefined

    from matchcut.cli.curves import drawn

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["shown"] = shown
    page = files("matchcut.cli") / "report.html.j2"
    picture = drawn(found, name, "svg").decode()
    return environment.from_string(page.read_text(encoding="utf-8")).render(
        name=name, found=found, at=at, picture=picture[picture.index("<svg") :]
    )
