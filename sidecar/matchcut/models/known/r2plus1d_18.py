"""R(2+1)D-18: what happens in a short clip, as one vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchcut.models.entry import Model, Published

if TYPE_CHECKING:
    from torch import nn


def _build() -> nn.Module:
    from torchvision.models.video import r2plus1d_18

    network: nn.Module = r2plus1d_18(weights=None)
    return network


MODEL = Model(
    name="r2plus1d-18",
    label="embedding of a moving picture: finds like actions",
    architecture="R(2+1)D with 18 layers",
    build=_build,
    published=Published(
        weights="R2Plus1D_18_Weights.KINETICS400_V1",
        url="https://download.pytorch.org/models/r2plus1d_18-91a641e6.pth",
        size=126_162_996,
        mebibytes=120.318,
        sha256="91a641e6c2ab531d1aca5f4321b4d802ec5c3babc15df855cdb6e39c6a1107c8",
        licence="BSD-3-Clause (torchvision)",
        trained_on="Kinetics-400: clips from YouTube, each under terms of its own",
        paper="Tran et al. 2018, arXiv:1711.11248",
    ),
    preprocessing=(
        "16 frames at 15 a second, RGB from 0 to 1, 128x171 pixels (bilinear), middle 112x112, "
        "minus mean (0.43216, 0.394666, 0.37645), divided by deviation (0.22803, 0.22145, "
        "0.216989)"
    ),
    produces="(N, 512) numbers before the classifier, (N, 400) scores of classes after it",
)
