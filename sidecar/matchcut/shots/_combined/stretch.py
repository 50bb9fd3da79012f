"""What is known of frames that follow each other: the network's answer and the signals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchcut.shots._combined.network import Chances
from matchcut.shots._combined.signals import Floats, Signals


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames `[first, first + T)` of a film."""

    first: int
    middle: Floats
    """(T,) the network's belief, 0 to 1, that a transition has its middle at the frame: at a cut,
    the last frame of the old shot."""
    part: Floats
    """(T,) its belief that the frame is part of a transition."""
    signals: Signals

    def __len__(self) -> int:
        return len(self.middle)

    @property
    def end(self) -> int:
        """The first frame after it."""
        return self.first + len(self)


@dataclass(frozen=True, slots=True)
class Run:
    """Frames of which the network believes that a transition has its middle there."""

    first: int
    middle: int
    """Where it believes so most."""
    last: int


def stretch_of(first: int, chances: Chances, signals: Signals) -> Stretch:
    """The frames from `first` on, of which the network gave (T, 2) chances."""
    return Stretch(first, chances[:, 0], chances[:, 1], signals)


def joined(one: Stretch, next_one: Stretch) -> Stretch:
    """Two stretches that follow each other as one."""
    return Stretch(
        one.first,
        np.concatenate([one.middle, next_one.middle]),
        np.concatenate([one.part, next_one.part]),
        Signals(
            np.concatenate([one.signals.change, next_one.signals.change]),
            np.concatenate([one.signals.swept, next_one.signals.swept]),
            np.concatenate([one.signals.colours, next_one.signals.colours]),
        ),
    )


def since(stretch: Stretch, frame: int) -> Stretch:
    """The frames of a stretch from `frame` on."""
    at = max(0, frame - stretch.first)
    signals = stretch.signals
    return Stretch(
        stretch.first + at,
        stretch.middle[at:],
        stretch.part[at:],
        Signals(signals.change[at:], signals.swept[at:], signals.colours[at:]),
    )
