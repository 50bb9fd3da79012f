"""What happens in a shot, by R(2+1)D-18: the vector from which it would name the action.

Source: Tran et al. 2018, "A Closer Look at Spatiotemporal Convolutions for Action Recognition",
arXiv:1711.11248, trained on Kinetics-400.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from matchcut.embeddings.pretrained._frozen import Frozen
from matchcut.models import model
from matchcut.models.running import channels_first
from matchcut.types import Span, Window, WindowRequest

if TYPE_CHECKING:
    from torch import Tensor

FRAMES = 16
"""Frames of a clip, as the network was trained."""
RATE = 15
"""Frames of a clip a second, as the network was trained."""
RESIZED = (128, 171)
"""Height and width to which pictures are squeezed, whatever their shape."""
CROP = (112, 112)
"""Height and width of what the network sees: the middle of that."""
OFFSETS = tuple(Fraction(number - FRAMES // 2, RATE) for number in range(FRAMES))
"""Seconds from the moment to each frame of the clip: about a second, the moment included."""


def second(span: Span, moment: int) -> WindowRequest:
    """The frames of the second around the moment, as far as the shot is that long."""
    wanted = {span.clamp(moment + span.offset(offset)) for offset in OFFSETS}
    return WindowRequest(moment, tuple(sorted(wanted)))


def given(window: Window) -> Tensor:
    """(3, 16, 112, 112) float32: the clip as the network was trained to see it.

    For each instant the nearest frame of the window: a shot of fewer frames repeats them.
    """
    from torchvision.models.video import R2Plus1D_18_Weights as Weights

    away = np.abs(window.seconds - np.array(OFFSETS, np.float64)[:, None])
    clip = window.pictures[away.argmin(axis=1)]
    prepare = Weights.KINETICS400_V1.transforms(resize_size=RESIZED, crop_size=CROP)
    prepared: Tensor = prepare(channels_first(clip))
    return prepared


PRETRAINED = Frozen(
    model=model("r2plus1d-18"),
    label="what happens in a shot: finds like actions",
    suits="gpu",
    # Like actions are seen from many set-ups: no cosine of theirs makes two shots repeats.
    repeats=None,
    represents="action",
    length=512,
    head="fc",
    parameters=(
        ("frames", f"{FRAMES} at {RATE}"),
        ("resized", f"{RESIZED[0]}x{RESIZED[1]}"),
        ("crop", f"{CROP[0]}x{CROP[1]}"),
    ),
    window=second,
    given=given,
)
