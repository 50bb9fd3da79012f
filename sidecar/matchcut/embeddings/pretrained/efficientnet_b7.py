"""What a shot shows, by EfficientNet-B7: the vector from which it would name the picture's class.

Source: Tan and Le 2019, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks",
arXiv:1905.11946, trained on ImageNet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchcut.embeddings.pretrained._frozen import Frozen
from matchcut.models import model
from matchcut.models.running import channels_first
from matchcut.types import Span, Window, WindowRequest

if TYPE_CHECKING:
    from torch import Tensor

SIDE = 600
"""Pixels of the square in the middle of the picture that the network sees, as it was trained: of a
wide picture the sides are cut off."""
REPEATS = 0.95
"""Not measured, for want of a film with known repeats and these weights in one place. Set high: a
repeat that is missed shows once more in a list, but shots that are wrongly joined, and chains join
many, hide a match. No number of a vector is far below 0, so unlike pictures are well above it."""


def one_frame(_: Span, moment: int) -> WindowRequest:
    """The frame at the moment."""
    return WindowRequest(moment, (moment,))


def given(window: Window) -> Tensor:
    """(3, 600, 600) float32: the centre frame as the network was trained to see it."""
    from torchvision.models import EfficientNet_B7_Weights as Weights

    prepare = Weights.IMAGENET1K_V1.transforms(resize_size=SIDE, crop_size=SIDE)
    prepared: Tensor = prepare(channels_first(window.pictures[window.centre]))
    return prepared


PRETRAINED = Frozen(
    model=model("efficientnet-b7"),
    label="what the picture shows: finds repeats that look unlike at first sight",
    suits="gpu",
    repeats=REPEATS,
    represents="appearance",
    length=2560,
    head="classifier",
    parameters=(("side", str(SIDE)),),
    window=one_frame,
    given=given,
)
