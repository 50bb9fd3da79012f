"""All maps of a moment to the probability that a cell belongs to its main subject."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.cues import colours, features, network


@dataclass(frozen=True, slots=True)
class Fused:
    """What the trained parts say, each (36, 64) float32, 0 to 1, over the picture."""

    first: NDArray[np.float32]
    """The regression alone."""
    second: NDArray[np.float32]
    """The mean of the networks, which have seen the first guess and its colours."""

    @property
    def likely(self) -> NDArray[np.float32]:
        """Both together: the answer."""
        share = np.float32(network.SHARE)
        return share * self.second + (1 - share) * self.first


def fused(trained: network.Numbers, seen: NDArray[np.float32], picture: NDArray[np.uint8]) -> Fused:
    """What the trained parts say of a frame.

    Args:
        trained: As `network.numbers`.
        seen: (COUNT, 36, 64) float32, the features of the frame.
        picture: (h, w, 3) uint8 RGB, the picture of its maps.

    Cost: about 25 ms on one core.
    """
    first = network.regressed(trained, seen[: features.SIMPLE])
    both = np.concatenate([seen, colours.second_look(picture, first)])
    answers = [network.convolved(trained, one, both) for one in network.networks(trained)]
    return Fused(first, np.mean(answers, axis=0, dtype=np.float32))
