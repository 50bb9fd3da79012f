"""Learned flavors: one for each projection that `matchcut train metric` made and the user keeps.

What is stored of a shot is the embedding that the projection was trained on, so a library that
holds it can be asked at once: vectors are projected as they are compared, or once for an index.

Source: Chen et al. 2022, arXiv:2210.05766 (metric learning).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.embeddings.appearance import APPEARANCE
from matchcut.embeddings.pretrained import Embedding, pretrained
from matchcut.embeddings.projection import Projection, StoredProjection, read_projection
from matchcut.errors import MatchcutError, TrainedMissing, TrainedRefused
from matchcut.moments import middle
from matchcut.similarity.vectors import VectorTable, cosines
from matchcut.types import (
    Evidence,
    Flavor,
    Picture,
    RepresentationSpec,
    Rows,
    Span,
    Window,
    WindowRequest,
)


def learned(folder: Path) -> dict[str, Flavor | MatchcutError]:
    """For each folder in this one that holds a projection, by name, its flavor, or why it is none.

    One that is damaged must not take the others with it: who asks for it by its name is told.
    """
    found: dict[str, Flavor | MatchcutError] = {}
    for one in sorted(one.parent for one in folder.glob("[!.]*/model.json")):
        try:
            found[one.name] = flavor_of(one, read_projection(one))
        except (TrainedMissing, TrainedRefused) as error:
            found[one.name] = error
    return found


def flavor_of(folder: Path, stored: StoredProjection) -> Flavor:
    """The flavor that compares by a projection.

    Raises:
        TrainedRefused: it was trained on vectors that nothing here makes.
    """
    base = _base(stored.identities)
    if base is None and stored.identities != (APPEARANCE.spec.identity,):
        joined = " + ".join(stored.identities)
        raise TrainedRefused(folder, f"nothing here makes the vectors that it wants: {joined}")
    return Flavor(
        name=stored.name,
        label=f"Learned from judged pairs ({stored.task})",
        representation=APPEARANCE if base is None else _Nothing(base),
        similarity=ProjectedCosine(f"projected-{stored.digest}", stored.projection),
        marker_color="PURPLE",
        source="Chen et al. 2022, arXiv:2210.05766; trained here, see its card",
        draw_reason=_draw_reason,
        pretrained=() if base is None else (base,),
        needs_pretrained=base is not None,
    )


def _base(identities: tuple[str, ...]) -> Embedding | None:
    """The network whose vectors a projection wants."""
    for one in pretrained():
        if identities == (one.representation(Path(), "cpu").spec.identity,):
            return one
    return None


@dataclass(frozen=True, slots=True)
class ProjectedCosine:
    """Shots are alike as far as their projected vectors point the same way."""

    name: str
    projection: Projection
    symmetric: bool = True
    lowest: float = -1.0
    highest: float = 1.0
    fluke: float = 0.05

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """(N, M) the cosines; 0 where a vector is all zero.

        Cost: one product with the layers a row, then one with each other row.
        """
        return cosines(self.projection(a), self.projection(b))

    def prepared(self, parts: Iterable[Rows], /) -> VectorTable:
        """All rows of some arrays, projected once. Memory: 12 bytes a number."""
        return VectorTable.joined(self.projection(rows) for rows in parts)


@dataclass(frozen=True, slots=True)
class _Nothing:
    """What stands for the vectors of a network where it is not here: they match nothing."""

    network: Embedding

    @property
    def spec(self) -> RepresentationSpec:
        """Of the shape of the network's."""
        theirs = self.network.representation(Path(), "cpu").spec
        return RepresentationSpec(f"{theirs.name}-absent", 1, theirs.dtype, theirs.shape)

    def moments(self, span: Span) -> Sequence[int]:
        return middle(span)

    def window(self, span: Span, moment: int) -> WindowRequest:
        return WindowRequest(moment, (moment,))

    def compute(self, windows: Sequence[Window], /) -> Rows:
        return np.zeros((len(windows), *self.spec.shape), self.spec.dtype)


def _draw_reason(outgoing: Evidence, incoming: Evidence, /) -> Picture:
    """Both pictures, one through the other: what a network finds alike has no outline to draw."""
    import cv2

    height, width = outgoing.picture.shape[:2]
    other = cv2.resize(incoming.picture, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.addWeighted(outgoing.picture, 0.5, other, 0.5, 0), np.uint8)
