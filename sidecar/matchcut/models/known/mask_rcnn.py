"""Mask R-CNN as torchvision trains it in its second version: each thing outlined by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchcut.models.entry import Model, Published

if TYPE_CHECKING:
    from torch import nn


def _build() -> nn.Module:
    from torchvision.models.detection import maskrcnn_resnet50_fpn_v2

    network: nn.Module = maskrcnn_resnet50_fpn_v2(weights=None, weights_backbone=None)
    return network


MODEL = Model(
    name="mask-rcnn",
    label="silhouettes: outlines each person, animal and object by itself; wants a GPU",
    architecture="Mask R-CNN v2 on ResNet-50 with a feature pyramid",
    build=_build,
    published=Published(
        weights="MaskRCNN_ResNet50_FPN_V2_Weights.COCO_V1",
        url="https://download.pytorch.org/models/maskrcnn_resnet50_fpn_v2_coco-73cbd019.pth",
        size=185_828_065,
        mebibytes=177.219,
        sha256="73cbd0190fcbe3ba339921fbce2c3a0b6bb9126c9a133c85e43a2a8e060a109e",
        licence="BSD-3-Clause (torchvision)",
        trained_on="COCO train2017: photographs from Flickr, each under terms of its own",
        paper="He et al. 2017, arXiv:1703.06870; trained as Li et al. 2021, arXiv:2111.11429",
    ),
    preprocessing=(
        "RGB from 0 to 1; the network itself subtracts ImageNet's mean, divides by its deviation "
        "and brings the short side to 800 pixels, the long one to 1333 at most"
    ),
    produces=(
        "up to 100 instances a picture: class (one of 91 COCO numbers), score from 0 to 1, box "
        "(x0, y0, x1, y1) in pixels, mask (1, H, W) of probabilities"
    ),
)
