"""TransNet V2 in a fast form, and rules for what it is known to miss or to mistake. The default.

While one window is computed, the next is being decoded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matchcut.types import Boundaries, Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from matchcut.shots._combined.network import Network, Pending
    from matchcut.shots._combined.signals import Signals
    from matchcut.shots._combined.stretch import Stretch


@dataclass(frozen=True, slots=True)
class _Window:
    """Frames that are being read."""

    pending: Pending
    signals: Signals
    """Of the frames whose answer will be used."""


class _CombinedReading:
    """One film being read; holds two windows of small frames and some signals before them."""

    def __init__(self) -> None:
        self._network: Network | None = None
        self._frames: list[NDArray[np.uint8]] = []
        """Frames of the next window, the padding at the film's start included."""
        self._pushed = 0
        self._sent = 0
        """Frames whose window is being read or was."""
        self._window: _Window | None = None
        self._stretch: Stretch | None = None
        """What is known of the latest frames, some of which are decided."""
        self._decided = 0

    def push(self, picture: Picture, /) -> Boundaries:
        import cv2

        from matchcut.shots._combined import graph, network

        small = cv2.resize(picture, (graph.WIDTH, graph.HEIGHT), interpolation=cv2.INTER_AREA)
        if not self._frames:
            self._frames = [np.asarray(small, np.uint8)] * network.PAD
        self._frames.append(np.asarray(small, np.uint8))
        self._pushed += 1
        if len(self._frames) < network.WINDOWS[-1]:
            return Boundaries(self._decided, ())
        self._collect()
        self._send(network.WINDOWS[-1], network.WINDOWS[-1] - 2 * network.PAD)
        return self._decide(ended=False)

    def finish(self) -> Boundaries:
        from matchcut.shots._combined import network

        while self._sent < self._pushed:
            left = self._pushed - self._sent
            size = next(
                (size for size in network.WINDOWS if left + 2 * network.PAD <= size),
                network.WINDOWS[-1],
            )
            self._frames += [self._frames[-1]] * (size - len(self._frames))
            self._collect()
            self._send(size, min(left, size - 2 * network.PAD))
        self._collect()
        return self._decide(ended=True)

    def _send(self, size: int, kept: int) -> None:
        """Starts to read a window, of which the answer for `kept` frames will be used."""
        from matchcut.shots._combined import network, signals

        if self._network is None:
            self._network = network.network()
        window = np.stack(self._frames[:size])
        bright = signals.brightened(window, signals.gain_of(window))
        pending = self._network.begin(bright)
        # While that is under way.
        before = min(signals.STRIDE, self._sent)
        used = bright[network.PAD - before : network.PAD + kept]
        self._window = _Window(pending, signals.signals_of(used, before))
        del self._frames[: size - 2 * network.PAD]
        self._sent += kept

    def _collect(self) -> None:
        """Waits for the window that is being read, if there is one."""
        from matchcut.shots._combined import network, stretch

        if self._window is None:
            return
        window, self._window = self._window, None
        chances = window.pending()[network.PAD :][: len(window.signals)]
        if self._stretch is None:
            self._stretch = stretch.stretch_of(0, chances, window.signals)
        else:
            latest = stretch.stretch_of(self._stretch.end, chances, window.signals)
            self._stretch = stretch.joined(self._stretch, latest)

    def _decide(self, *, ended: bool) -> Boundaries:
        from matchcut.shots._combined import rules, stretch

        if self._stretch is None:
            return Boundaries(self._decided, ())
        decided, found = rules.decided(self._stretch, self._decided, ended=ended)
        self._decided = decided
        self._stretch = stretch.since(self._stretch, decided - rules.REACH)
        return Boundaries(decided, found)


@dataclass(frozen=True, slots=True)
class _Combined:
    name: str = "combined"
    label: str = "TransNet V2 in a fast form, and rules for what it misses or mistakes"
    identity: str = "combined-v1"

    def begin(self) -> _CombinedReading:
        return _CombinedReading()


DETECTOR = _Combined()
