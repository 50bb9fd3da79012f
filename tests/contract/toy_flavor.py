"""A flavor as another distribution would bring it: one module and an entry point."""

from __future__ import annotations

from pathlib import Path

TOY = """
import numpy as np
from matchcut.types import Flavor, RepresentationSpec, WindowRequest


class Brightness:
    spec = RepresentationSpec("brightness", 1, np.dtype(np.float32), (1,))

    def moments(self, span):
        return [span.start, span.end - 1][: span.end - span.start]

    def window(self, span, moment):
        return WindowRequest(moment, (moment,))

    def compute(self, windows, /):
        rows = [[one.pictures.mean()] for one in windows]
        return np.array(rows, np.float32).reshape(-1, 1)


class Closeness:
    name, symmetric, lowest, highest, fluke = "closeness", True, 0.0, 1.0, 0.05

    def pairwise(self, a, b, /):
        return (1 - np.abs(a - b.T) / 255).astype(np.float32)


FLAVOR = Flavor(
    name={name!r},
    label="Same brightness",
    representation=Brightness(),
    similarity=Closeness(),
    marker_color="PINK",
    source="a test",
    draw_reason=lambda outgoing, incoming: outgoing.picture,
)
"""


def install_toy(folder: Path, name: str) -> None:
    """Leaves in `folder` what installing a distribution with one flavor would."""
    (folder / "a_toy_flavor.py").write_text(TOY.format(name=name))
    installed = folder / "toy_flavors-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-flavors\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(
        f"[matchcut.flavors]\n{name} = a_toy_flavor:FLAVOR\n"
    )
