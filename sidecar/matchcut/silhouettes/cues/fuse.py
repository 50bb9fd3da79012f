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
    networks: NDArray[np.float32]
    """(N, 36, 64) each network, which has seen the first guess and its colours."""

    @property
    def second(self) -> NDArray[np.float32]:
        """The mean of the networks."""
        return np.asarray(self.networks.mean(axis=0), np.float32)

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

    Cost: about 50 ms on one core.
    """
    first = network.regressed(trained, seen[: features.SIMPLE])
    both = np.concatenate([seen, colours.second_look(picture, first)])
    mirrored = np.ascontiguousarray(both[:, :, ::-1])
    # A subject is one in the mirror too: what a network says of both pictures errs less than what
    # it says of one.
    answers = [
        (network.convolved(trained, one, both) + network.convolved(trained, one, mirrored)[:, ::-1])
        / 2
        for one in network.networks(trained)
    ]
    return Fused(first, np.stack(answers))
