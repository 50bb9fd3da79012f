"""What is asked to match, as the user writes it: one flavor, or several with weights.

`frame` is one flavor, `frame,camera:0.5` a blend in which camera counts half as much as frame.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from matchcut import flavors
from matchcut.errors import BlendWrong
from matchcut.types import Flavor


@dataclass(frozen=True, slots=True)
class Blend:
    """One flavor or several, in the order written; the first says where to cut."""

    flavors: tuple[Flavor, ...]
    weights: tuple[float, ...]
    """One a flavor, above 0."""

    @property
    def name(self) -> str:
        """As the user could have written it: weights of 1 are left out."""
        return ",".join(
            flavor.name if weight == 1 else f"{flavor.name}:{weight:g}"
            for flavor, weight in zip(self.flavors, self.weights, strict=True)
        )

    @property
    def lead(self) -> Flavor:
        """The flavor that says where to cut."""
        return self.flavors[0]

    @property
    def symmetric(self) -> bool:
        """Whether A to B always scores as B to A."""
        return all(flavor.similarity.symmetric for flavor in self.flavors)


def blend(text: str) -> Blend:
    """The flavor or the blend that a text names.

    Raises:
        FlavorUnknown: a name is none of a flavor.
        BlendWrong: a weight is no number above 0, or a flavor is named twice.
    """
    names: list[str] = []
    weights: list[float] = []
    for part in text.split(","):
        name, colon, weight = part.strip().partition(":")
        names.append(name.strip())
        weights.append(_weight(text, weight) if colon else 1.0)
    if len(set(names)) < len(names):
        raise BlendWrong(text, "it names a flavor twice")
    if len(names) == 1:
        weights = [1.0]  # Alone, a flavor has its own scores, whatever it would weigh.
    return Blend(tuple(flavors.flavor(name) for name in names), tuple(weights))


def lead_flavor(text: str) -> str:
    """The name of the flavor whose colour the markers have: the first named, without its variant.

    Args:
        text: A `Blend.name`.
    """
    first = text.partition(",")[0].partition(":")[0]
    return first.partition("/")[0]


def _weight(text: str, weight: str) -> float:
    try:
        value = float(weight)
    except ValueError as error:
        raise BlendWrong(text, f"'{weight}' is no number") from error
    if not (math.isfinite(value) and value > 0):
        raise BlendWrong(text, f"a weight of {weight} is not above 0")
    return value
