"""The classes of things that silhouettes are told apart by: those of COCO, under its names.

Source: Lin et al. 2014, "Microsoft COCO: Common Objects in Context", arXiv:1405.0312. Networks that
know the classes of Pascal VOC name some of them otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

LABELS = (
    "unknown",
    "person",
    "bicycle",
    "car",
    "motorcycle",
    "airplane",
    "bus",
    "train",
    "truck",
    "boat",
    "traffic light",
    "fire hydrant",
    "stop sign",
    "parking meter",
    "bench",
    "bird",
    "cat",
    "dog",
    "horse",
    "sheep",
    "cow",
    "elephant",
    "bear",
    "zebra",
    "giraffe",
    "backpack",
    "umbrella",
    "handbag",
    "tie",
    "suitcase",
    "frisbee",
    "skis",
    "snowboard",
    "sports ball",
    "kite",
    "baseball bat",
    "baseball glove",
    "skateboard",
    "surfboard",
    "tennis racket",
    "bottle",
    "wine glass",
    "cup",
    "fork",
    "knife",
    "spoon",
    "bowl",
    "banana",
    "apple",
    "sandwich",
    "orange",
    "broccoli",
    "carrot",
    "hot dog",
    "pizza",
    "donut",
    "cake",
    "chair",
    "couch",
    "potted plant",
    "bed",
    "dining table",
    "toilet",
    "tv",
    "laptop",
    "mouse",
    "remote",
    "keyboard",
    "cell phone",
    "microwave",
    "oven",
    "toaster",
    "sink",
    "refrigerator",
    "book",
    "clock",
    "vase",
    "scissors",
    "teddy bear",
    "hair drier",
    "toothbrush",
)
"""By the number that stands in a row; 0 where nobody knows what a thing is. Stored: append only."""
PERSON = LABELS.index("person")

_OF_VOC = {
    "aeroplane": "airplane",
    "diningtable": "dining table",
    "motorbike": "motorcycle",
    "pottedplant": "potted plant",
    "sofa": "couch",
    "tvmonitor": "tv",
}


def numbers(categories: Sequence[str]) -> tuple[int | None, ...]:
    """For each category of a network, its number in `LABELS`; None where it is no thing.

    Categories are named as torchvision's weights enumerations do (COCO's or Pascal VOC's names;
    `__background__` and `N/A` are no things).
    """
    named = (_OF_VOC.get(name, name) for name in categories)
    return tuple(LABELS.index(name) if name in LABELS[1:] else None for name in named)
