"""Silhouettes by LR-ASPP on MobileNet V3: people and 19 other classes, quick on a processor.

The network says of each pixel which kind of thing it shows, not which one: things of one class that
touch are one instance, so that two people who embrace are one person here.

Source: Howard et al. 2019, "Searching for MobileNetV3", arXiv:1905.02244.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchcut.models import model
from matchcut.models.running import Running, channels_first
from matchcut.silhouettes.canvas import on_canvas
from matchcut.silhouettes.labels import numbers
from matchcut.silhouettes.pretrained._still import DIGITS, Still
from matchcut.silhouettes.rows import Instance
from matchcut.types import Picture

SIDE = 520
"""Pixels to which the short side of a picture is enlarged, as the weights were trained. At 360 the
network takes a third of the time, but nobody has measured what it then sees."""
SMALLEST = 0.005
"""Share of the picture from which a connected region is an instance. Below it, which is 11 cells of
the canvas, lie the specks that the network leaves at edges."""


def seen(network: Running, picture: Picture) -> list[Instance]:
    """The connected regions of each class that the network sees in a picture.

    Cost: about 0.15 s on two cores.
    """
    from torch.nn.functional import interpolate
    from torchvision.models.segmentation import LRASPP_MobileNet_V3_Large_Weights as Weights

    published = Weights.COCO_WITH_VOC_LABELS_V1
    prepared = published.transforms(resize_size=SIDE)(channels_first(picture))
    scores = network(prepared[None].to(network.device))["out"]
    size = picture.shape[:2]
    of_pixels = interpolate(scores, size, mode="bilinear", align_corners=False)
    likely = of_pixels.softmax(dim=1)[0].cpu().numpy()
    return regions(likely, numbers(published.meta["categories"]))


def regions(likely: NDArray[np.float32], labels: tuple[int | None, ...]) -> list[Instance]:
    """The connected regions of each class, by class, those that cover no cell left out.

    Args:
        likely: (C, H, W) probability of each class at each pixel of the picture.
        labels: For each of the C classes its number in `labels.LABELS`; None for the background.

    Returns:
        Instances whose confidence is the mean probability of their class inside of them. Pixels
        that touch at a corner are connected.
    """
    import cv2

    winner = likely.argmax(axis=0)
    height, width = winner.shape
    instances = []
    for place, label in enumerate(labels):
        if label is None:
            continue
        here = (winner == place).astype(np.uint8)
        count, region, figures, _ = cv2.connectedComponentsWithStats(here, connectivity=8)
        for number in range(1, count):
            if figures[number, cv2.CC_STAT_AREA] < SMALLEST * height * width:
                continue
            mask = region == number
            confidence = round(float(likely[place][mask].mean()), DIGITS)
            instances.append(Instance(label, confidence, on_canvas(mask, height, width)))
    return [one for one in instances if one.area]


PRETRAINED = Still(
    model=model("lraspp"),
    label="people and 19 other kinds of things, touching ones as one; quick on a processor",
    suits="cpu",
    parameters=(("side", str(SIDE)), ("smallest", str(SMALLEST))),
    seen=seen,
)
