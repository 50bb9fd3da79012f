"""Computes with a model, whose network is read when it is first needed, and once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matchcut.models.entry import Model
from matchcut.models.loading import load

if TYPE_CHECKING:
    import torch
    from torch import nn


def _whole(network: nn.Module) -> nn.Module:
    return network


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """A network that is read from its file when it is first run, and then kept.

    Threads may share it and take turns: two batches at once would want the memory of both, on
    cores that one of them keeps busy.

    It computes in float32. Neither half precision nor TF32, which PyTorch would use for
    convolutions on a GPU, has been measured to leave ranks as they are, so both are off.
    """

    model: Model
    weights: Path
    """The file; nothing looks at it before the first run."""
    device: str
    """As PyTorch names it."""
    part: Callable[[nn.Module], nn.Module] = _whole
    """What of the network is wanted; is called once, when it has been read."""
    _read: list[nn.Module] = field(default_factory=list, init=False, repr=False)
    _turn: Lock = field(default_factory=Lock, init=False, repr=False)

    def __reduce__(self) -> tuple[object, ...]:
        # Elsewhere it is read anew, from the same path.
        return Running, (self.model, self.weights, self.device, self.part)

    def __call__(self, pictures: torch.Tensor | list[torch.Tensor], /) -> Any:
        """What the network says of pictures that lie on its device, without gradients.

        Raises:
            ModelMissing, ModelDamaged, ModelUnfit: as `models.load`; only when first run.
        """
        import torch

        with self._turn, torch.inference_mode(), _exact(self.device):
            if not self._read:
                self._read.append(self.part(load(self.model, self.weights, self.device)))
            return self._read[0](pictures)


def channels_first(pictures: NDArray[np.uint8]) -> torch.Tensor:
    """(..., H, W, 3) pictures as a (..., 3, H, W) uint8 tensor on the CPU, copied."""
    import torch

    return torch.from_numpy(np.array(pictures)).movedim(-1, -3).contiguous()


def _exact(device: str) -> AbstractContextManager[None]:
    """Lets convolutions on CUDA give the same values each time, and those of the CPU nearly."""
    import torch

    if not device.startswith("cuda"):
        return nullcontext()
    exact: AbstractContextManager[None] = torch.backends.cudnn.flags(
        enabled=True, deterministic=True, allow_tf32=False
    )
    return exact
