"""LR-ASPP on MobileNet V3: which kind of thing each pixel belongs to, quick enough for a CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchcut.models.entry import Model, Published

if TYPE_CHECKING:
    from torch import nn


def _build() -> nn.Module:
    from torchvision.models.segmentation import lraspp_mobilenet_v3_large

    network: nn.Module = lraspp_mobilenet_v3_large(weights=None, weights_backbone=None)
    return network


MODEL = Model(
    name="lraspp",
    label="silhouettes: where people and 19 other kinds of things are; small, for CPUs",
    architecture="LR-ASPP on MobileNet V3 (large)",
    build=_build,
    published=Published(
        weights="LRASPP_MobileNet_V3_Large_Weights.COCO_WITH_VOC_LABELS_V1",
        url="https://download.pytorch.org/models/lraspp_mobilenet_v3_large-d234d4ea.pth",
        size=13_097_061,
        mebibytes=12.490,
        sha256="d234d4eae9d55d5f76de18b77cf0dc62c66fe5c5482758209d00f950c92bb280",
        licence="BSD-3-Clause (torchvision)",
        trained_on=(
            "COCO train2017, the 20 categories of Pascal VOC: photographs from Flickr, each under "
            "terms of its own"
        ),
        paper="Howard et al. 2019, arXiv:1905.02244",
    ),
    preprocessing=(
        "RGB from 0 to 1, short side 520 pixels (bilinear), minus mean (0.485, 0.456, 0.406), "
        "divided by deviation (0.229, 0.224, 0.225)"
    ),
    produces="(N, 21, H, W) scores before softmax: background and the 20 Pascal VOC classes",
)
