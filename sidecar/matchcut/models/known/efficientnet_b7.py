"""EfficientNet-B7: what is in a still picture, as one vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchcut.models.entry import Model, Published

if TYPE_CHECKING:
    from torch import nn


def _build() -> nn.Module:
    from torchvision.models import efficientnet_b7

    network: nn.Module = efficientnet_b7(weights=None)
    return network


MODEL = Model(
    name="efficientnet-b7",
    label="embedding of a still picture: finds repeats and pictures of like content",
    architecture="EfficientNet-B7",
    build=_build,
    published=Published(
        weights="EfficientNet_B7_Weights.IMAGENET1K_V1",
        url="https://download.pytorch.org/models/efficientnet_b7_lukemelas-c5b4e57e.pth",
        size=None,
        mebibytes=254.675,
        # In full in the report of what torchvision's files hash to: pytorch/vision issue 7744.
        sha256="c5b4e57e0da1a10bb4f8a5b410dd3b7b6e7461f9b757209be29409707c3d87dd",
        licence="BSD-3-Clause (torchvision), ported from EfficientNet-PyTorch (Apache-2.0)",
        trained_on=(
            "ImageNet-1K (ILSVRC 2012): photographs from the web under terms of their own, given "
            "out for research and teaching that is not commercial"
        ),
        paper="Tan and Le 2019, arXiv:1905.11946",
    ),
    preprocessing=(
        "RGB from 0 to 1, short side 600 pixels (bicubic), middle 600x600, minus mean "
        "(0.485, 0.456, 0.406), divided by deviation (0.229, 0.224, 0.225)"
    ),
    produces="(N, 2560) numbers before the classifier, (N, 1000) scores of classes after it",
)
