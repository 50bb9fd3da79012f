"""Precision against recall, a panel a task and split, a curve a scorer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from matchcut.learn.evaluation import Evaluated
from matchcut.learn.libraries import needed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 5.2, 4.2
"""Inches of a panel."""


def drawn(found: Sequence[Evaluated], name: str, kind: Literal["png", "svg"]) -> bytes:
    """The picture. The same rows give the same bytes.

    Raises:
        LearningMissing: matplotlib is not installed.
    """
    matplotlib = needed("matplotlib")
    figures = needed("matplotlib.figure")
    tasks = list(dict.fromkeys(one.row.task for one in found))
    splits = list(dict.fromkeys(one.row.split for one in found))
    scorers = list(dict.fromkeys(one.row.scorer for one in found))
    with matplotlib.rc_context({"svg.hashsalt": "matchcut", "svg.fonttype": "none"}):
        figure = figures.Figure(
            figsize=(WIDTH * len(splits), HEIGHT * len(tasks) + 0.4), layout="constrained"
        )
        panels = figure.subplots(len(tasks), len(splits), squeeze=False)
        for row, task in enumerate(tasks):
            for column, split in enumerate(splits):
                panel = panels[row, column]
                some = [one for one in found if (one.row.task, one.row.split) == (task, split)]
                for one in some:
                    color = f"C{scorers.index(one.row.scorer) % 10}"
                    _curve(panel, one, color)
                panel.set_title(f"{task}, {split}", fontsize=11)
                panel.set_xlim(0, 1)
                panel.set_ylim(0, 1)
                panel.set_xlabel("recall")
                panel.set_ylabel("precision")
                panel.grid(alpha=0.25)
                panel.legend(fontsize=8, loc="upper right", title="average precision (chance)",
                             title_fontsize=8)  # fmt: skip
        figure.suptitle(name, fontsize=12)
        written = io.BytesIO()
        metadata = {"Date": None} if kind == "svg" else {"Software": None}
        figure.savefig(written, format=kind, dpi=110, metadata=metadata)
    return written.getvalue()


def _curve(panel: Axes, one: Evaluated, color: str) -> None:
    """Steps, as average precision adds them up, and what chance would give as a dotted line."""
    row = one.row
    if one.curve is None:
        return
    recall = np.concatenate([[0.0], one.curve.recall])
    precision = np.concatenate([one.curve.precision[:1], one.curve.precision])
    label = f"{row.scorer}: {row.average_precision:.3f} ({row.chance:.3f})"
    panel.step(recall, precision, where="pre", color=color, linewidth=1.2, label=label)
    panel.axhline(row.positives / row.pairs, color=color, linewidth=0.8, linestyle=":")
