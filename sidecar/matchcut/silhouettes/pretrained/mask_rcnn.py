"""Silhouettes by Mask R-CNN: each person, animal and object by itself, in 80 classes.

Source: He et al. 2017, "Mask R-CNN", arXiv:1703.06870, as torchvision trains its second version.
Chen et al. 2022, arXiv:2210.05766, find frame matches by such masks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from matchcut.models import model
from matchcut.models.running import Running, channels_first
from matchcut.silhouettes.canvas import on_canvas
from matchcut.silhouettes.labels import numbers
from matchcut.silhouettes.pretrained._still import DIGITS, Still
from matchcut.silhouettes.rows import Instance
from matchcut.types import Picture

if TYPE_CHECKING:
    from torch import Tensor

# The network lists what it sees down to a score of 0.05, many times over, for measures that weigh
# precision against recall. A silhouette is used or not: from here on it rather is there than not,
# and similarity trusts a mask fully from the same value on.
THRESHOLD = 0.5
"""Smallest score of an instance that is kept."""
MASK = 0.5
"""Probability above which a pixel belongs to an instance, as torchvision evaluates masks."""


def seen(network: Running, picture: Picture) -> list[Instance]:
    """The instances that the network sees in a picture, the most certain first.

    The network enlarges the picture by itself: the short side to 800 pixels, the long one to 1333
    at most.

    Cost: about 10 s and 2 GB on two cores, hence `suits`.
    """
    from torchvision.models.detection import MaskRCNN_ResNet50_FPN_V2_Weights as Weights

    prepare = Weights.COCO_V1.transforms()
    answer = network([prepare(channels_first(picture)).to(network.device)])[0]
    return kept(answer, numbers(Weights.COCO_V1.meta["categories"]))


def kept(answer: Mapping[str, Tensor], labels: tuple[int | None, ...]) -> list[Instance]:
    """The instances in one answer of the network that are certain enough and cover a cell.

    Args:
        answer: `scores` (K,) 0 to 1, `labels` (K,) index into the network's categories, `masks`
            (K, 1, H, W) probabilities over the picture.
        labels: For each category its number in `labels.LABELS`; None for what is no thing.
    """
    certain = answer["scores"] >= THRESHOLD
    masks = (answer["masks"][certain, 0] > MASK).cpu().numpy()
    height, width = masks.shape[1:]
    instances = [
        Instance(label, round(score, DIGITS), on_canvas(mask, height, width))
        for category, score, mask in zip(
            answer["labels"][certain].tolist(),
            answer["scores"][certain].tolist(),
            masks,
            strict=True,
        )
        if (label := labels[category]) is not None
    ]
    return [one for one in instances if one.area]


PRETRAINED = Still(
    model=model("mask-rcnn"),
    label="each person, animal and object by itself; the best silhouettes, on a GPU",
    suits="gpu",
    parameters=(("threshold", str(THRESHOLD)), ("mask", str(MASK))),
    seen=seen,
)
